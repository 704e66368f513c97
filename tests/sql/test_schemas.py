"""The tables that a service may see and own, and the way a schema is made."""
import psycopg
import pytest

from conftest import ROOT, SERVICES, migrate, run, start

DUMP = ("pg_dump", "--schema-only", "--no-owner", "--no-privileges",
        "--no-comments")


def dump(url, schema):
    done = run(*DUMP, "--schema", schema, url)
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines()
            if line and not line.startswith(("--", "SET ", "\\"))
            and "set_config" not in line]


@pytest.mark.parametrize("service", SERVICES)
def test_migrating_again_changes_nothing(schemas, service):
    before = dump(schemas["ADMIN_DATABASE_URL"], service)
    assert migrate(service, schemas).returncode == 0
    assert dump(schemas["ADMIN_DATABASE_URL"], service) == before


@pytest.mark.parametrize("service", SERVICES)
def test_step_by_step_ends_where_a_fresh_one_does(schemas, service):
    """A schema upgraded script by script equals one made from scratch."""
    fresh = dump(schemas["ADMIN_DATABASE_URL"], service)
    with psycopg.connect(schemas["ADMIN_DATABASE_URL"], autocommit=True) as db:
        db.execute("DROP SCHEMA IF EXISTS stepwise CASCADE")
        db.execute("CREATE SCHEMA stepwise")
        db.execute("SET search_path = stepwise, extensions")
        db.execute("""CREATE TABLE schema_migration (
            part text NOT NULL, name text NOT NULL, checksum bytea NOT NULL,
            at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (part, name))""")
        for part in (ROOT / "lib/chassis", ROOT / "services" / service):
            for script in sorted((part / "sql/migration").glob("*.sql")):
                db.execute(script.read_text(encoding="utf-8"))
        stepwise = dump(schemas["ADMIN_DATABASE_URL"], "stepwise")
        db.execute("DROP SCHEMA stepwise CASCADE")
    assert sorted(line.replace("stepwise", service) for line in stepwise) == \
        sorted(fresh)


@pytest.mark.parametrize("service", SERVICES)
def test_a_changed_script_is_refused(schemas, service):
    with psycopg.connect(schemas["ADMIN_DATABASE_URL"], autocommit=True) as db:
        where = f"{service}.schema_migration WHERE part = 'chassis' " \
                "AND name = '0001_lane'"
        kept = db.execute(f"SELECT checksum FROM {where}").fetchone()[0]
        db.execute(f"UPDATE {service}.schema_migration SET checksum = 'x' "
                   "WHERE part = 'chassis' AND name = '0001_lane'")
        try:
            done = migrate(service, schemas)
        finally:
            db.execute(f"UPDATE {service}.schema_migration SET checksum = %s "
                       "WHERE part = 'chassis' AND name = '0001_lane'", (kept,))
    assert done.returncode == 1
    assert "0001_lane has run with other content" in done.stderr


WRONG = {
    "changed": ("UPDATE {}.schema_migration SET checksum = 'x' "
                "WHERE part = 'chassis' AND name = '0001_lane'",
                "has not run as it is here"),
    "missing": ("DELETE FROM {}.schema_migration "
                "WHERE part = 'chassis' AND name = '0001_lane'",
                "has not run as it is here"),
    "newer": ("INSERT INTO {}.schema_migration VALUES ('{}', '9999_x', 'x')",
              "it is of a newer build"),
    "none": ("DROP TABLE {}.schema_migration", "schema_migration"),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("service", SERVICES)
def test_no_service_starts_on_a_wrong_schema(schemas, service, kind):
    change, reason = WRONG[kind]
    table = f"{service}.schema_migration"
    with psycopg.connect(schemas["ADMIN_DATABASE_URL"], autocommit=True) as db:
        db.execute(f"ALTER TABLE {table} RENAME TO kept")
        db.execute(f"CREATE TABLE {table} (LIKE {service}.kept INCLUDING ALL)")
        db.execute(f"INSERT INTO {table} SELECT * FROM {service}.kept")
        db.execute(f"GRANT SELECT ON {table} TO PUBLIC")
        db.execute(change.format(service, service))
        try:
            ended = start(service, schemas)
        finally:
            db.execute(f"DROP TABLE IF EXISTS {table}")
            db.execute(f"ALTER TABLE {service}.kept RENAME TO schema_migration")
    assert ended.returncode == 1, ended.stderr
    assert "schema_unknown" in ended.stderr and reason in ended.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_the_run_time_role_owns_nothing(runtime, service):
    connection = runtime(service)
    owned = connection.execute(
        "SELECT count(*) FROM pg_class WHERE relowner = "
        "(SELECT oid FROM pg_roles WHERE rolname = current_user)").fetchone()[0]
    assert owned == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"CREATE TABLE {service}.mine (x int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE public.mine (x int)")


@pytest.mark.parametrize("service", SERVICES)
def test_the_run_time_role_sees_its_schema_only(runtime, service):
    connection = runtime(service)
    for other in SERVICES:
        if other == service:
            continue
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"SELECT * FROM {other}.lane")


@pytest.mark.parametrize("service", SERVICES)
def test_twenty_four_months_of_journal(runtime, service):
    count = runtime(service).execute(
        "SELECT count(*) FROM pg_inherits WHERE inhparent = 'journal'::regclass"
    ).fetchone()[0]
    assert count >= 25  # and the default one
