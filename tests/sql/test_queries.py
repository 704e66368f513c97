"""Prepares every statement of the programs against the migrated schema, as the
role that will run it, and checks the plans of those that a batch runs."""
import re

import pytest

from conftest import ROOT, SERVICES, statement

CHASSIS = sorted((ROOT / "lib/chassis/sql/query").glob("*.sql"))
OWN = {s: sorted((ROOT / "services" / s / "sql/query").glob("*.sql"))
       for s in SERVICES}
ALL = [(s, f) for s in SERVICES for f in CHASSIS + OWN[s]]


def prepare(connection, path):
    text = statement(path).strip().rstrip(";")
    if text in ("BEGIN", "COMMIT"):
        return 0
    connection.execute(f'PREPARE "{path.stem}" AS {text}')
    row = connection.execute(
        "SELECT cardinality(parameter_types) FROM pg_prepared_statements "
        "WHERE name = %s", (path.stem,)).fetchone()
    return row[0]


@pytest.mark.parametrize("service,path", ALL,
                         ids=[f"{s}-{f.stem}" for s, f in ALL])
def test_statement_fits_the_schema(runtime, service, path):
    prepare(runtime(service), path)


@pytest.mark.parametrize("service", SERVICES)
def test_no_name_twice(service):
    names = [f.stem for f in CHASSIS + OWN[service]]
    assert len(names) == len(set(names))


# Statements of every batch must never walk a table, whatever its statistics.
BATCH = [(s, f) for s in ("account", "teacher") for f in CHASSIS + OWN[s]
         if re.search(r"_(load|load_children|lock|save|insert|expire)$",
                      f.stem)]


# Nor must the statements of everyday requests, nor those of the cleaning jobs.
HOT = [("gateway", f) for f in OWN["gateway"]
       if f.stem in ("session_load", "teacher_read", "teacher_command",
                     "teacher_list_unit",
                     "business_account_list_unit") or f.stem.endswith("_expire")]


# Whatever the statistics say, or if there are none: another way is taken only
# where the index gives none.
@pytest.mark.parametrize("service,path", BATCH + HOT,
                         ids=[f"{s}-{f.stem}" for s, f in BATCH + HOT])
def test_a_hot_statement_walks_no_table(runtime, service, path):
    connection = runtime(service)
    for setting in ("plan_cache_mode=force_generic_plan", "enable_seqscan=off",
                    "enable_hashjoin=off", "enable_mergejoin=off",
                    "enable_bitmapscan=off", "enable_sort=off",
                    "enable_incremental_sort=off", "jit=off"):
        connection.execute("SET " + setting)
    arguments = ", ".join(["NULL"] * prepare(connection, path))
    plan = "\n".join(row[0] for row in connection.execute(
        f'EXPLAIN EXECUTE "{path.stem}"({arguments})' if arguments else
        f'EXPLAIN EXECUTE "{path.stem}"').fetchall())
    assert "Seq Scan" not in plan, plan
    if path.stem.endswith("_list_unit"):
        assert "Sort" not in plan, plan
