"""R10: the rows that the lists of one unit read, at national size. Every
statement runs as in the gateway, often enough that PostgreSQL has chosen its
lasting plan. Then the rows it touches are counted: they must be the unit's,
not the country's.
"""
import json
import uuid

import psycopg
import pytest
from conftest import ROOT
from test_queries import OWN, prepare

SCHOOL, CENTRE, PLATFORM = ("N00021", 2), ("NC3", 9), ("NP", 10)
# (own unit, kind), kinds of unit * 4 + reach, the same for accounts.
UNITS_APPROVED = {
    SCHOOL: [9], CENTRE: [4 * k + 2 for k in range(1, 6)] + [37],
    PLATFORM: [4 * k + 3 for k in (6, 7, 8, 9)] + [41]}


def accounts_approved(officer):
    def codes(kind, roles, reach):
        return [((kind * 4 + a) * 4 + b) * 4 + reach for a, b in roles]
    chief = [(0, 1), (1, 0), (1, 1), (1, 2), (1, 3), (2, 1), (3, 1)]
    other = [(a, b) for a in (0, 2, 3) for b in (0, 2, 3)]
    if officer == SCHOOL:
        return codes(2, other, 1)
    if officer == CENTRE:
        return sum((codes(k, chief, 2) for k in range(1, 6)), []) + \
            codes(9, other, 1)
    return sum((codes(k, other, 3) for k in (6, 7, 8)), []) + \
        codes(9, chief, 3) + codes(10, chief + other, 1)


@pytest.fixture(scope="module")
def country(schemas):
    with psycopg.connect(schemas["ADMIN_DATABASE_URL"], autocommit=True) as db:
        db.execute((ROOT / "tests/sql/national.sql").read_text(encoding="utf-8"))
    yield
    with psycopg.connect(schemas["ADMIN_DATABASE_URL"], autocommit=True) as db:
        db.execute("TRUNCATE gateway.v_organization, gateway.v_business_account,"
                   "gateway.v_teacher, gateway.v_post, gateway.v_teacher_account,"
                   "gateway.v_code_table,"
                   "gateway.credential, gateway.v_move, gateway.operation")


def nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


class Run:
    """One statement with the plan that PostgreSQL has chosen for good, or with the
    lasting one, as page_answer() asks for it."""

    def __init__(self, connection, name, arguments, lasting=False):
        file = next(f for f in OWN["gateway"] if f.stem == name)
        connection.execute("SET jit = off")
        connection.execute("SET plan_cache_mode = " + (
            "force_generic_plan" if lasting else "auto"))
        if not connection.execute("SELECT FROM pg_prepared_statements "
                                  "WHERE name = %s", [name]).fetchall():
            prepare(connection, file)
        self.cursor = psycopg.ClientCursor(connection)
        self.text = f"EXECUTE {name}({', '.join(['%s'] * len(arguments))})"
        self.arguments = arguments
        for _ in range(7):
            self.rows = self.cursor.execute(self.text, arguments).fetchall()
        explained = self.cursor.execute(
            "EXPLAIN (ANALYZE, TIMING OFF, BUFFERS, FORMAT JSON) " + self.text,
            arguments).fetchone()[0]
        if isinstance(explained, str):
            explained = json.loads(explained)
        self.plan = explained[0]["Plan"]
        self.milliseconds = explained[0]["Execution Time"]

    def read(self):
        """Rows that scans of tables read, kept or not."""
        total = 0
        for node in nodes(self.plan):
            if "Relation Name" in node:
                rows = node["Actual Rows"] + \
                    node.get("Rows Removed by Filter", 0) + \
                    node.get("Rows Removed by Index Recheck", 0)
                total += rows * node["Actual Loops"]
        return total

    def walks(self):
        """Tables that are read from end to end. A plan for all parameters also has
        parts that these parameters do not use."""
        return {node["Relation Name"] for node in nodes(self.plan)
                if node["Node Type"] == "Seq Scan" and node["Actual Loops"]}

    def __repr__(self):
        return (f"{self.text}: {self.read()} rows read, "
                f"{self.milliseconds} ms\n{json.dumps(self.plan, indent=1)}")


FIRST_ID = str(uuid.UUID(int=0))
LAST_TIME = "9999-12-31"


def tasks(officer, kinds=None):
    return [*officer, accounts_approved(officer), True, True, "2000-01-01", kinds,
            "", "", "", 11, [1, 2, 3, 4, 5, 9, 10]]


def applications(officer, units, statuses, count=False):
    return [*officer, UNITS_APPROVED[officer], True, units, statuses, None,
            False, "1970-01-01", FIRST_ID, count, 11]


def accounts(officer, units):
    return [*officer, units, None, None, None, "", FIRST_ID, False, 11]


FIRST_ROW = ("", FIRST_ID, "")


def teachers(officer, units=None, name=None, sets=None, count=False,
             after=FIRST_ROW, statuses=None, subjects=None):
    return [*officer, units, name, statuses, sets, subjects, None, *after, count,
            11]


OWN_UNIT = [SCHOOL[0]]
# Statement, arguments, number of rows that may be read.
OF_ONE_SCHOOL = {
    "tasks": ("task_list", tasks(SCHOOL), 300),
    "tasks-of-a-kind": ("task_list", tasks(SCHOOL, ["MOVED_AWAY"]), 300),
    "applications": ("application_list",
                     applications(SCHOOL, OWN_UNIT, [2]), 100),
    "applications-counted": ("application_list",
                             applications(SCHOOL, OWN_UNIT, [2], True), 200),
    "applications-of-all-states": (
        "application_list", applications(SCHOOL, OWN_UNIT, [2, 3, 4, 5, 6]), 200),
    "accounts": ("business_account_list", accounts(SCHOOL, OWN_UNIT), 100),
    "moves": ("move_list", [*SCHOOL, None, None, OWN_UNIT, LAST_TIME,
                            str(uuid.UUID(int=2**128 - 1)), 11], 300),
    "directory": ("directory_list", [OWN_UNIT, None, None, "", "", FIRST_ID, 11],
                  100),
}
OF_MANY = {
    "centre-tasks": ("task_list", tasks(CENTRE), 30000),
    "centre-applications": ("application_list",
                            applications(CENTRE, None, [2]), 20000),
    "platform-accounts": ("business_account_list",
                          accounts(PLATFORM, None), 100),
    "platform-tasks": ("task_list", tasks(PLATFORM), 30000),
    "platform-applications": ("application_list",
                              applications(PLATFORM, None, [2]), 20000),
}
# An area has 500 units and 14,000 teachers. Names of the country are read from where
# a mask begins, titles no further than the page needs (T9).
OF_TEACHERS = {
    "school": ("teacher_list", teachers(SCHOOL, OWN_UNIT, "%李%"), 200),
    "school-set": ("teacher_list", teachers(SCHOOL, OWN_UNIT, None, ["TEACHING"]),
                   200),
    "area": ("teacher_list_all", teachers(CENTRE), 2000),
    "area-name": ("teacher_list", teachers(CENTRE, None, "李_%"), 20000),
    "area-set": ("teacher_list", teachers(CENTRE, None, None, ["TEACHING"]), 20000),
    "area-counted": ("teacher_list", teachers(CENTRE, count=True), 20000),
    "country": ("teacher_list_all", teachers(PLATFORM), 100),
    "country-name": ("teacher_list_named", teachers(PLATFORM, None, "李_%"), 20000),
    "country-set": ("teacher_list_titled",
                    teachers(PLATFORM, None, None, ["TEACHING"]), 200),
    "country-rare": ("teacher_list_titled",
                     teachers(PLATFORM, None, None, ["RARE"]), 200),
    "school-day": ("teacher_list_on",
                   [*teachers(SCHOOL, OWN_UNIT), "2022-01-01"], 300),
    "area-status": ("teacher_list_all", teachers(CENTRE, statuses=[3]), 3000),
    "area-day": ("teacher_list_on_all", [*teachers(CENTRE), "2022-01-01"], 3000),
    "area-day-counted": ("teacher_list_on",
                         [*teachers(CENTRE, count=True), "2022-01-01"], 40000),
    "country-day": ("teacher_list_on_all", [*teachers(PLATFORM), "2022-01-01"],
                    300),
    "country-day-name": ("teacher_list_on_all",
                         [*teachers(PLATFORM, None, "李_%"), "2022-01-01"],
                         100000),  # of the index alone, up to this surname
    "area-day-name": ("teacher_list_on",
                      [*teachers(CENTRE, None, "李_%"), "2022-01-01"], 30000),
    "area-day-long-ago": ("teacher_list_on",
                          [*teachers(CENTRE), "2016-06-01"], 30000),
}
WALKED = {"v_organization"}  # 11,000 rows, if units of the country count


@pytest.mark.parametrize("case", OF_ONE_SCHOOL)
def test_r10_a_school_reads_its_own_rows(runtime, country, case):
    name, arguments, most = OF_ONE_SCHOOL[case]
    run = Run(runtime("gateway"), name, arguments)
    assert run.rows, run
    assert run.read() <= most, run
    assert not run.walks(), run


@pytest.mark.parametrize("case", OF_MANY)
def test_r10_those_above_read_what_may_concern_them(runtime, country, case):
    name, arguments, most = OF_MANY[case]
    run = Run(runtime("gateway"), name, arguments)
    assert run.rows, run
    assert run.read() <= most, run
    assert run.walks() <= WALKED, run


@pytest.mark.parametrize("case", OF_TEACHERS)
def test_teachers_are_read_by_unit_name_or_title(runtime, country, case):
    name, arguments, most = OF_TEACHERS[case]
    run = Run(runtime("gateway"), name, arguments)
    assert run.rows, run
    assert run.read() <= most, run
    assert run.walks() <= {"v_code_table"}, run


@pytest.mark.parametrize("filters", [
    {"name": "%李%"}, {"statuses": [3]}, {"sets": ["TEACHING"]},
    {"subjects": ["CHINESE"]}, {"sets": ["TEACHING"], "count": True}])
def test_a_school_filters_its_own_rows_by_the_lasting_plan(runtime, country,
                                                           filters):
    run = Run(runtime("gateway"), "teacher_list",
              teachers(SCHOOL, OWN_UNIT, **filters), lasting=True)
    assert run.rows and run.read() <= 200, run
    assert run.walks() <= {"v_code_table"}, run


def test_names_of_the_country_are_read_by_the_lasting_plan(runtime, country):
    run = Run(runtime("gateway"), "teacher_list_named",
              teachers(PLATFORM, None, "李淑_"), lasting=True)
    assert run.rows and run.read() <= 3000, run
    assert run.walks() <= {"v_code_table"}, run


@pytest.mark.parametrize("name,arguments", [
    ("teacher_list_unit", [*SCHOOL, *OWN_UNIT, "", FIRST_ID, False, 51]),
    ("business_account_list_unit",
     [*SCHOOL, *OWN_UNIT, "", FIRST_ID, False, 51])])
def test_a_units_list_is_planned_once(runtime, country, name, arguments):
    connection = runtime("gateway")
    Run(connection, name, arguments)
    custom, generic = connection.execute(
        "SELECT custom_plans, generic_plans FROM pg_prepared_statements "
        "WHERE name = %s", [name]).fetchone()
    assert custom == 5 and generic > 0


@pytest.mark.parametrize("officer,name", [
    (SCHOOL, "teacher_list_unit"), (CENTRE, "teacher_list_all"),
    (PLATFORM, "teacher_list_all"), (PLATFORM, "teacher_list_titled")])
def test_page_1000_reads_what_page_1_reads(runtime, country, officer, name):
    connection = runtime("gateway")
    sets = ["TEACHING"] if name.endswith("titled") else None
    of_unit = name.endswith("unit")
    after = connection.execute(
        "SELECT name, person_id::text, organization FROM v_post WHERE "
        "%s OR organization = %s ORDER BY 1, 2, 3 OFFSET %s LIMIT 1",
        [not of_unit, SCHOOL[0], 10 if of_unit else 100000]).fetchone()
    first, deep = (Run(connection, name, [*officer, OWN_UNIT[0], *row[:2], False, 11]
                       if of_unit else teachers(officer, sets=sets, after=row))
                   for row in (FIRST_ROW, after))
    assert first.rows and deep.rows and first.rows != deep.rows
    assert deep.read() <= 2 * first.read() + 50, deep


@pytest.mark.parametrize("name,arguments", [
    ("teacher_list_all", {}), ("teacher_list_named", {"name": "黃_芬"}),
    ("teacher_list_titled", {"sets": ["RARE", "ADMINISTRATIVE_STAFF"]})])
def test_the_ways_to_the_country_give_the_same(runtime, country, name, arguments):
    connection = runtime("gateway")
    cursor = psycopg.ClientCursor(connection)
    for way in (name, "teacher_list"):
        prepare(connection, next(f for f in OWN["gateway"] if f.stem == way))
    for count, after in ((True, FIRST_ROW), (False, ("林雅芬", FIRST_ID, ""))):
        given = teachers(PLATFORM, count=count, after=after, **arguments)
        marks = ", ".join(["%s"] * len(given))
        shorter, long = (cursor.execute(f"EXECUTE {way}({marks})", given).fetchall()
                         for way in (name, "teacher_list"))
        assert shorter == long and shorter


AFTER = ("林雅芬", FIRST_ID, "")
OF_AREA = [{}, {"after": AFTER}, {"statuses": [3]}, {"name": "黃_芬"}, {"count": True}]


@pytest.mark.parametrize("officer,day,several", [
    (CENTRE, "2022-01-01", OF_AREA), (CENTRE, "2018-06-01", OF_AREA),
    (CENTRE, "1990-01-01", OF_AREA), (PLATFORM, "2022-01-01", [{"after": AFTER}])])
def test_the_ways_to_a_day_give_the_same(runtime, country, officer, day, several):
    connection = runtime("gateway")
    cursor = psycopg.ClientCursor(connection)
    ways = ("teacher_list_on_all", "teacher_list_on")
    for way in ways:
        prepare(connection, next(f for f in OWN["gateway"] if f.stem == way))
    for filters in several:
        given = [*teachers(officer, **filters), day]
        given[12] = 200
        marks = ", ".join(["%s"] * len(given))
        walked, read = (cursor.execute(f"EXECUTE {way}({marks})", given).fetchall()
                        for way in ways)
        assert walked == read and bool(walked) == (day > "2000")


def test_r10_ones_own_operations(runtime, country):
    connection = runtime("gateway")
    scope = connection.execute("SELECT scope FROM operation LIMIT 1").fetchone()[0]
    run = Run(connection, "operation_list", [scope, None, 11])
    assert run.rows and run.read() <= 50 and not run.walks(), run


@pytest.mark.parametrize("own,kind", [SCHOOL, CENTRE, PLATFORM, ("N00044", 5),
                                      ("NU3", 6), ("none", 1)])
def test_r10_units_within_is_unit_reach(runtime, country, own, kind):
    connection = runtime("gateway")
    found = connection.execute(
        "SELECT u FROM units_within(%s, %s::smallint) AS u ORDER BY 1",
        [own, kind]).fetchall()
    reached = connection.execute(
        "SELECT code FROM v_organization WHERE unit_reach(code, kind, "
        "managing_centre, parent_code, %s, %s::smallint) > 0 ORDER BY 1",
        [own, kind]).fetchall()
    assert found == reached
    assert bool(found) == (own != "none")


# Code, kind, status, parent, ACTIVE CHIEFs; the task it is, if any.
UNITS = [
    ("school", 1, 1, "", 0, "SCHOOL_WITHOUT_CHIEF"),
    ("school-with", 1, 1, "", 1, None),
    ("kindergarten", 5, 1, "", 0, "SCHOOL_WITHOUT_CHIEF"),
    ("its-branch", 5, 1, "kindergarten", 0, None),  # the main one is listed
    ("schools-branch", 5, 1, "school", 0, "SCHOOL_WITHOUT_CHIEF"),
    ("schools-branch-2", 5, 1, "school-with", 0, "SCHOOL_WITHOUT_CHIEF"),
    ("schools-section", 2, 1, "school-with", 0, "SCHOOL_WITHOUT_CHIEF"),
    ("branch-with", 5, 1, "school-with", 2, None),
    ("closed", 5, 3, "", 0, None),
    ("branch-of-closed", 5, 1, "closed", 0, "SCHOOL_WITHOUT_CHIEF"),
    ("suspended", 5, 2, "", 1, None),
    ("branch-of-suspended", 5, 1, "suspended", 0, "SCHOOL_WITHOUT_CHIEF"),
    ("orphan", 5, 1, "unheard-of", 0, "SCHOOL_WITHOUT_CHIEF"),
    ("centre", 9, 1, "", 0, "CENTRE_WITHOUT_CHIEF"),
    ("centre-with", 9, 1, "", 1, None),
]


def test_r07_every_unit_without_a_chief_is_a_task(runtime):
    """A branch is a task unless the CHIEF of its main unit reaches it. In that
    case the CHIEF of the main unit itself is missing."""
    connection = runtime("gateway")
    with connection.transaction(force_rollback=True):
        for code, kind, status, parent, chiefs, _ in UNITS:
            connection.execute(
                "INSERT INTO v_organization VALUES ('r7-' || %s, 1, '', '', %s, "
                "'', '', 'r7-centre', %s, '', '', '', '', %s, '', %s)",
                [code, kind, parent and "r7-" + parent, status, chiefs])
        found = dict(connection.execute(
            "SELECT substr(organization, 4), kind FROM v_task "
            "WHERE organization LIKE 'r7-%'").fetchall())
    assert found == {code: task for code, *_, task in UNITS if task}
