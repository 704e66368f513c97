"""T8, T9: a post holds its row of the list of teachers and the person's login,
kept by the statements that save teachers and logins.
"""
import json
import uuid

import psycopg
import pytest
from conftest import names
from test_queries import OWN, prepare

NOT_APPLIED, PENDING, ACTIVE, DISABLED, CLOSED = 1, 2, 3, 4, 5
TEACHER = {"number_kind": 1, "sex": 1, "incarnation": 0, "merged_into": None,
           "email": "", "head": "{", "masked_head": "{", "record": "x",
           "moves": None, "confirmed_semester": None}
LOGIN = {"version": 1, "incarnation": 0, "cause": 0, "closed_cause": 0,
         "login": "", "organization": "L1", "name": "", "phone": "",
         "email": "", "source": 1, "identity_proven": True, "applied_at": None,
         "lapses_at": None, "enabled_at": None, "disabled_at": None,
         "session_floor": 0}
COLUMNS = {
    "v_teacher_save": "person_id version incarnation name folded masked_name "
                      "email sex number_kind merged_into head masked_head "
                      "record posts moves confirmed_semester".split(),
    "v_teacher_account_save": "account_id version incarnation person_id status "
                              "cause closed_cause login organization name phone "
                              "email source identity_proven applied_at "
                              "lapses_at enabled_at disabled_at "
                              "session_floor".split()}


class Views:
    """The read model as the lane of views keeps it; nothing is committed."""

    def __init__(self, connection):
        self.connection = connection
        self.person = str(uuid.uuid4())
        for name in (*COLUMNS, "v_teacher_account_sweep"):
            prepare(connection, next(f for f in OWN["gateway"] if f.stem == name))

    def save(self, statement, *rows):
        columns = [[row[c] for row in rows] for c in COLUMNS[statement]]
        types = self.connection.execute(
            "SELECT parameter_types::text[] FROM pg_prepared_statements "
            "WHERE name = %s", [statement]).fetchone()[0]
        marks = ", ".join(f"%s::{t}" for t in types)
        psycopg.ClientCursor(self.connection).execute(
            f"EXECUTE {statement}({marks})", columns)

    def teacher(self, version=1, name="謝小威", masked="謝O威", posts=("L1",)):
        rows = None if posts is None else json.dumps([
            {"organization": unit, "kind": 1, "title": "T", "stage": "",
             "note": "a \"note\"", "subjects": ["A", "B"],
             "since": "2025-08-01", "source": 1} for unit in posts])
        self.save("v_teacher_save", {
            **TEACHER, "person_id": self.person, "version": version,
            "name": name, "folded": name, "masked_name": masked, "posts": rows})

    def logins(self, *rows):
        self.save("v_teacher_account_save", *(
            {**LOGIN, "account_id": account, "status": status,
             "person_id": person} for account, status, person in rows))

    def posts(self, columns):
        return self.connection.execute(
            f"SELECT {columns} FROM v_post WHERE person_id = %s "
            "ORDER BY organization", [self.person]).fetchall()

    def login(self):
        (status, account), = self.posts("account_status, account_id::text")
        return status, account


@pytest.fixture
def views(runtime):
    connection = runtime("gateway")
    with connection.transaction(force_rollback=True):
        yield Views(connection)


@pytest.fixture
def account():
    return str(uuid.uuid4())


def test_a_row_is_written_in_full_and_masked(views):
    views.teacher(posts=("L1", "L2"))
    shown = {"id": views.person, "name": "謝小威", "masked": False,
             "organization": "L2", "post": "PRIMARY", "title": "T",
             "stage": None, "unitNote": "a \"note\"", "subjects": ["A", "B"]}
    _, (item, masked) = views.posts("item, masked_item")
    assert json.loads(item + "}") == shown
    assert json.loads(masked + "}") == {**shown, "name": "謝O威",
                                        "masked": True, "unitNote": None}


def test_words_are_those_of_the_rules(runtime):
    kinds = {name: min(numbers) for name, numbers in names("gateway").items()
             if name in ("POST_PRIMARY", "POST_SECONDARY")}
    assert len(kinds) == 2
    for name, number in kinds.items():
        item, = runtime("gateway").execute(
            "SELECT post_item(%s, '', true, '1', %s::smallint, '', '', '', '{}')",
            [str(uuid.uuid4()), number]).fetchone()
        assert json.loads(item + "}")["post"] == name.removeprefix("POST_")


def test_a_version_alone_reaches_the_posts(views):
    views.teacher(1)
    before = views.posts("item, masked_item")
    views.teacher(2, posts=None)
    assert views.posts("version") == [(2,)]
    assert views.posts("item, masked_item") == before


@pytest.mark.parametrize("status", [ACTIVE, DISABLED])
def test_a_login_reaches_the_posts_before_and_after_them(views, account, status):
    views.teacher(1)
    assert views.login() == (NOT_APPLIED, None)
    views.logins((account, status, views.person))
    assert views.login() == (status, account)
    views.teacher(2, posts=("L2",))
    assert views.login() == (status, account)


def test_an_application_is_no_login(views, account):
    views.teacher()
    views.logins((account, PENDING, views.person))
    assert views.login() == (NOT_APPLIED, None)


@pytest.mark.parametrize("keeps_person", [True, False])
def test_a_closed_login_leaves_the_posts(views, account, keeps_person):
    views.teacher()
    views.logins((account, ACTIVE, views.person))
    views.logins((account, CLOSED, views.person if keeps_person else None))
    assert views.login() == (NOT_APPLIED, None)


def test_another_login_that_is_closed_changes_no_post(views, account):
    views.teacher()
    views.logins((account, ACTIVE, views.person))
    views.logins((str(uuid.uuid4()), CLOSED, views.person))
    assert views.login() == (ACTIVE, account)


def test_one_login_closes_and_another_opens_at_once(views, account):
    views.teacher()
    views.logins((account, ACTIVE, views.person))
    new = str(uuid.uuid4())
    views.logins((account, CLOSED, None), (new, ACTIVE, views.person))
    assert views.login() == (ACTIVE, new)


def test_a_login_that_closes_before_another_applies(views, account):
    views.teacher()
    views.logins((account, ACTIVE, views.person))
    views.logins((account, CLOSED, views.person),
                 (str(uuid.UUID(int=2**128 - 1)), PENDING, views.person))
    assert views.login() == (NOT_APPLIED, None)


def test_a_login_moves_with_a_merged_person(views, account):
    views.teacher()
    views.logins((account, ACTIVE, views.person))
    views.logins((account, ACTIVE, str(uuid.uuid4())))
    assert views.login() == (NOT_APPLIED, None)


def test_a_swept_login_leaves_the_posts(views, account):
    views.teacher()
    views.logins((account, ACTIVE, views.person))
    views.connection.execute("UPDATE v_teacher_account SET incarnation = -1 "
                             "WHERE account_id = %s", [account])
    views.connection.execute("EXECUTE v_teacher_account_sweep")
    assert views.login() == (NOT_APPLIED, None)
