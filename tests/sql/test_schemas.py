"""The tables that a service may see and own, and the way a schema is made."""
import re
from contextlib import contextmanager

import psycopg
import pytest

from conftest import ROOT, SERVICES, Waiting, begin, migrate, run, start

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
            at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (part, name),
            older_builds_fit boolean NOT NULL DEFAULT false)""")
        for part in (ROOT / "lib/chassis", ROOT / "services" / service):
            for script in sorted((part / "sql/migration").glob("*.sql")):
                db.execute(script.read_text(encoding="utf-8"))
        stepwise = dump(schemas["ADMIN_DATABASE_URL"], "stepwise")
        db.execute("DROP SCHEMA stepwise CASCADE")
    assert sorted(line.replace("stepwise", service) for line in stepwise) == \
        sorted(fresh)


@pytest.mark.parametrize("service", SERVICES)
def test_p10_migrate_waits_for_a_dump_and_lets_others_go_on(schemas, service):
    """A dump holds every table to its end. Who waits for an exclusive lock has
    all others wait, so `migrate` tries, gives way and tries again."""
    table = f"{service}.schema_migration"
    with psycopg.connect(schemas["ADMIN_DATABASE_URL"]) as db, \
            psycopg.connect(schemas["ADMIN_DATABASE_URL"],
                            autocommit=True) as other:
        db.execute(f"LOCK TABLE {table} IN ACCESS SHARE MODE")
        process = begin(service, schemas, "migrate")
        assert "waits until another session" in process.stderr.readline()
        other.execute("SET lock_timeout = '1500ms'")
        for _ in range(3):
            other.execute(f"SELECT count(*) FROM {table}")
        assert process.poll() is None
        db.rollback()
        _, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (0, "")


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


@contextmanager
def records(schemas, service, change):
    """The list of scripts that have run, changed for a while."""
    table = f"{service}.schema_migration"
    with psycopg.connect(schemas["ADMIN_DATABASE_URL"], autocommit=True) as db:
        db.execute(f"ALTER TABLE {table} RENAME TO kept")
        db.execute(f"CREATE TABLE {table} (LIKE {service}.kept INCLUDING ALL)")
        db.execute(f"INSERT INTO {table} SELECT * FROM {service}.kept")
        db.execute(f"GRANT SELECT ON {table} TO PUBLIC")
        db.execute(change.format(service, service))
        back = [f"DROP TABLE IF EXISTS {table}",
                f"ALTER TABLE {service}.kept RENAME TO schema_migration"]

        def restore():
            while back:
                db.execute(back.pop(0))
        try:
            yield restore
        finally:
            restore()


NEWER = ("INSERT INTO {}.schema_migration (part, name, checksum, "
         "older_builds_fit) VALUES ('{}', '9999_x', 'x', %s)")
WRONG = {
    "changed": ("UPDATE {}.schema_migration SET checksum = 'x' "
                "WHERE part = 'chassis' AND name = '0001_lane'",
                "0001_lane has run with other content"),
    "newer": (NEWER % "false", "is of a newer build"),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("service", SERVICES)
def test_no_service_starts_on_a_wrong_schema(schemas, service, kind):
    change, reason = WRONG[kind]
    with records(schemas, service, change):
        ended = start(service, schemas)
    assert ended.returncode == 1, ended.stderr
    assert "schema_unknown" in ended.stderr and reason in ended.stderr


OLD = {
    "missing": ("DELETE FROM {}.schema_migration "
                "WHERE part = 'chassis' AND name = '0001_lane'",
                "0001_lane has not run"),
    "none": ("DROP TABLE {}.schema_migration", "has not been made"),
    "before": ("ALTER TABLE {}.schema_migration DROP older_builds_fit",
               "has not been made"),
}


@pytest.mark.parametrize("kind", OLD)
@pytest.mark.parametrize("service", SERVICES)
def test_p29_a_service_waits_for_its_schema(schemas, service, kind):
    change, reason = OLD[kind]
    with records(schemas, service, change) as restore, \
            Waiting(service, schemas) as process:
        said = process.wait_for("schema_awaited")
        assert reason in said["reason"]
        assert process.alive
        restore()
        process.finds_its_schema()


@pytest.mark.parametrize("service", SERVICES)
def test_p10_a_build_runs_on_a_schema_that_was_only_expanded(schemas, service):
    with records(schemas, service, NEWER % "true"), \
            Waiting(service, schemas) as process:
        process.finds_its_schema()


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("wrong, reason", [
    (r"://[^:]*:[^@]*@", "password authentication failed"),
    (r"/inservice(\?|$)", "does not exist")])
def test_p19_what_waiting_does_not_heal_ends_the_start(
        schemas, service, wrong, reason):
    name = f"{service.upper()}_DATABASE_URL"
    url = re.sub(wrong, lambda found: found[0].replace(":", ":x").replace(
        ":x//", "://").replace("/inservice", "/no_such"), schemas[name])
    assert url != schemas[name]
    ended = start(service, schemas, INSERVICE_DATABASE_URL=url)
    assert ended.returncode == 1, ended.stderr
    assert "database_denied" in ended.stderr and reason in ended.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_p06_nothing_rests_on_settings_of_a_role(schemas, service):
    """A dump does not carry them."""
    roles = (f"inservice_{service}", f"inservice_{service}_owner")
    with psycopg.connect(schemas["ADMIN_DATABASE_URL"], autocommit=True) as db:
        base = db.execute("SELECT current_database()").fetchone()[0]
        for role in roles:
            db.execute(f"ALTER ROLE {role} IN DATABASE {base} RESET search_path")
        try:
            assert migrate(service, schemas).returncode == 0
            with Waiting(service, schemas) as process:
                process.finds_its_schema()
        finally:
            for role in roles:
                db.execute(f"ALTER ROLE {role} IN DATABASE {base} "
                           f"SET search_path = {service}, extensions")


def test_p07_another_checkout_does_not_change_passwords(schemas, tmp_path):
    done = run(ROOT / "tools/stack", "up", STACK_DIR=str(tmp_path / "stack"),
               DATABASE_URL=schemas["ADMIN_DATABASE_URL"],
               KAFKA_BOOTSTRAP=schemas["KAFKA_BOOTSTRAP"])
    assert done.returncode == 1, done.stdout
    assert "roles of another installation" in done.stderr
    psycopg.connect(schemas["ACCOUNT_DATABASE_URL"]).close()


WRITTEN_ONCE = [(service, table) for service in SERVICES
                for table in ("journal", "schema_migration")] + [
                    ("gateway", "audit")]


@pytest.mark.parametrize("service, table", WRITTEN_ONCE)
def test_s09_what_is_written_once_stays(runtime, service, table):
    connection = runtime(service)
    tables = [row[0] for row in connection.execute(
        "SELECT relid::regclass::text FROM pg_partition_tree(%s::regclass) "
        "UNION SELECT %s", (table, table))]
    assert (len(tables) > 20) == (table == "journal")
    words = ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET at = now()"]
    if table == "schema_migration":
        words.append("INSERT INTO {} (part, name, checksum) "
                     "VALUES ('x', 'x', 'x')")
    for name in tables:
        for statement in words:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.format(name))


def test_p10_every_migration_says_whether_older_builds_fit():
    """Those before the rule end a build that does not know them."""
    before = {"lib/chassis": 5, "services/gateway": 21, "services/account": 5,
              "services/teacher": 8}
    for part, last in before.items():
        for script in sorted((ROOT / part / "sql/migration").glob("*.sql")):
            if int(script.name[:4]) > last:
                first = script.read_text(encoding="utf-8").splitlines()[0]
                assert re.match(r"-- (expands|breaks): \w", first), script


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
