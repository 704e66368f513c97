"""How many lanes a schema has: chosen by the first `migrate`, for good."""
import psycopg
import pytest

from conftest import ROOT, SERVICES, Waiting, call, migrate, start

CHASSIS = ROOT / "lib/chassis/sql/migration"


def administrator(stack):
    return psycopg.connect(stack["ADMIN_DATABASE_URL"], autocommit=True)


def lanes_of(stack, service):
    with administrator(stack) as db:
        return [row[0] for row in db.execute(
            f"SELECT lane FROM {service}.lane ORDER BY lane").fetchall()]


def other(stack):
    return "24" if stack["INSERVICE_LANES"] != "24" else "6"


@pytest.fixture
def empty(schemas):
    """The account's schema as before its first `migrate`; put back after."""
    with administrator(schemas) as db:
        db.execute("ALTER SCHEMA account RENAME TO kept")
        db.execute("CREATE SCHEMA account AUTHORIZATION inservice_account_owner")
        db.execute("GRANT USAGE ON SCHEMA account TO inservice_account")
        db.execute("ALTER DEFAULT PRIVILEGES FOR ROLE inservice_account_owner "
                   "IN SCHEMA account GRANT SELECT, INSERT, UPDATE, DELETE "
                   "ON TABLES TO inservice_account")
        try:
            yield schemas
        finally:
            db.execute("DROP SCHEMA account CASCADE")
            db.execute("ALTER SCHEMA kept RENAME TO account")


@pytest.mark.parametrize("service", SERVICES)
def test_the_number_that_was_set(schemas, service):
    assert lanes_of(schemas, service) == \
        list(range(int(schemas["INSERVICE_LANES"])))


@pytest.mark.parametrize("asked, made", [("", 24), ("1", 1), ("96", 96)])
def test_the_first_migrate_chooses(empty, asked, made):
    done = migrate("account", empty, INSERVICE_LANES=asked)
    assert done.returncode == 0, done.stderr
    assert f"migrate: {made} lanes\n" in done.stdout
    assert lanes_of(empty, "account") == list(range(made))


@pytest.mark.parametrize("service", SERVICES)
def test_a_later_migrate_keeps_the_number(schemas, service):
    before = lanes_of(schemas, service)
    refused = migrate(service, schemas, INSERVICE_LANES=other(schemas))
    unset = migrate(service, schemas, INSERVICE_LANES="")
    assert (refused.returncode, unset.returncode) == (1, 0)
    assert f"the schema {service} has {len(before)} lanes and INSERVICE_LANES " \
        f"is {other(schemas)}: " in refused.stderr
    assert lanes_of(schemas, service) == before


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_starts_with_another_number(schemas, service):
    ended = start(service, schemas, INSERVICE_LANES=other(schemas))
    assert ended.returncode == 1, ended.stderr
    assert "lanes_differ" in ended.stderr
    assert f"has {schemas['INSERVICE_LANES']} lanes and INSERVICE_LANES is " \
        f"{other(schemas)}: the number stays" in ended.stderr


def test_no_command_of_the_host_runs_with_another_number(schemas):
    ended = call("account", schemas, "parked", "list",
                 INSERVICE_LANES=other(schemas))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("account: the schema account has ")


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_starts_without_a_lane_in_between(schemas, service):
    with administrator(schemas) as db:
        row = db.execute(f"DELETE FROM {service}.lane WHERE lane = 2 "
                         "RETURNING seq, published_seq, incarnation, chain"
                         ).fetchone()
        try:
            ended = start(service, schemas, INSERVICE_LANES="")
        finally:
            db.execute(f"INSERT INTO {service}.lane VALUES (2, %s, %s, %s, %s)",
                       row)
    assert ended.returncode == 1, ended.stderr
    assert "lanes_differ" in ended.stderr and "restore the schema" in ended.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_p29_a_service_waits_for_its_lanes(schemas, service):
    """As between the last migration and the filling of the table."""
    with administrator(schemas) as db:
        db.execute(f"CREATE TABLE {service}.kept AS TABLE {service}.lane")
        db.execute(f"DELETE FROM {service}.lane")
        try:
            with Waiting(service, schemas) as process:
                said = process.wait_for("schema_awaited")
                assert "the table lane" in said["reason"]
                assert process.alive
                db.execute(f"INSERT INTO {service}.lane TABLE {service}.kept")
                process.finds_its_schema()
        finally:
            db.execute(f"INSERT INTO {service}.lane TABLE {service}.kept "
                       "ON CONFLICT DO NOTHING")
            db.execute(f"DROP TABLE {service}.kept")


@pytest.mark.parametrize("value", ["0", "97", "-6", "many", "6.5"])
def test_what_no_number_of_lanes_is(schemas, value):
    for words in ((), ("migrate",)):
        ended = call("account", schemas, *words, INSERVICE_LANES=value)
        assert ended.returncode == 2
        assert 'INSERVICE_LANES (environment) ' in ended.stderr
        assert f'"{value}"' in ended.stderr


@pytest.mark.parametrize("worked, left", [(True, 24), (False, 0)])
def test_a_schema_of_before_keeps_its_lanes_if_it_has_worked(
        schemas, worked, left):
    with administrator(schemas) as db:
        db.execute("CREATE SCHEMA before")
        db.execute("SET search_path = before, extensions")
        try:
            for script in sorted(CHASSIS.glob("*.sql")):
                if script.name == "0004_lanes.sql" and worked:
                    db.execute("INSERT INTO lane_input (topic, lane) "
                               "VALUES ('inservice.account.command.v1', 3)")
                db.execute(script.read_text(encoding="utf-8"))
            count = db.execute("SELECT count(*) FROM lane").fetchone()[0]
        finally:
            db.execute("DROP SCHEMA before CASCADE")
    assert count == left
