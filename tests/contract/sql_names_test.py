"""tools/sql-names: a name in a query becomes the number of its enumerator.
Other words stay, and a name without one number is an error."""
import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest
from house_test import ROOT, SERVICES, forgotten, text_of

loader = SourceFileLoader("sql_names", str(ROOT / "tools/sql-names"))
sql_names = module_from_spec(spec_from_loader("sql_names", loader))
loader.exec_module(sql_names)

HEADER = """
enum colour { /* first, second */
    RED = 1,
    GREEN, // third
    BLUE = 0x10,
};
struct thing { enum { NEW, OLD } age; };
enum { LATER = SECONDS(3), AFTER };
"""
KNOWN = {name: {number} for name, number in sql_names.enumerators(HEADER).items()}


def test_numbers_are_those_of_c():
    assert KNOWN == {"RED": {1}, "GREEN": {2}, "BLUE": {16}, "NEW": {0}, "OLD": {1},
                     "LATER": {None}, "AFTER": {None}}


@pytest.mark.parametrize("text,number", [
    ("a = :RED", "a = 1"), ("a IN (:RED, :GREEN)", "a IN (1, 2)"), ("(:BLUE)::smallint", "(16)::smallint"),
    ("x::TEXT, $1::int", "x::TEXT, $1::int"), ("'it''s :RED'", "'it''s :RED'"),
    ("-- :RED stays\n:RED", "-- :RED stays\n1"), ("a[1:2]", "a[1:2]"), ("'a'||:RED||'b'", "'a'||1||'b'"),
])
def test_names_are_replaced(text, number):
    assert sql_names.numbered(text, KNOWN) == number


@pytest.mark.parametrize("name", ["PURPLE", "LATER", "RED_", "TWICE"])
def test_a_name_without_one_number_is_an_error(name):
    with pytest.raises(KeyError):
        sql_names.numbered(f"a = :{name}", {**KNOWN, "TWICE": {1, 2}})


def test_the_build_ends_with_an_unknown_name(tmp_path):
    (tmp_path / "bad.sql").write_text("SELECT :NO_SUCH_NAME")
    assert sql_names.main("gateway", tmp_path, tmp_path / "out") == 1


def test_a_part_stands_where_it_is_named(tmp_path):
    query = tmp_path / "query"
    query.mkdir()
    (tmp_path / "part.sql").write_text(" WHERE status = :ACCOUNT_ACTIVE\n")
    (query / "good.sql").write_text("SELECT *\n\\ir ../part.sql\nORDER BY 1\n")
    assert sql_names.main("gateway", query, tmp_path / "out") == 0
    assert (tmp_path / "out/good.sql").read_text() == "SELECT *\n WHERE status = 3\nORDER BY 1\n"
    (query / "bad.sql").write_text("SELECT *\n\\ir ../no_such_part.sql\n")
    assert sql_names.main("gateway", query, tmp_path / "out") == 1


def test_parts_are_shared():
    """A part that only one query or part reads belongs in it."""
    read = [(path.parent / line).resolve() for folder in ("query", "part")
            for path in ROOT.glob(f"*/*/sql/{folder}/*.sql")
            for line in sql_names.PART.findall(text_of(path))]
    forgotten({path.stem for path in ROOT.glob("*/*/sql/part/*.sql") if read.count(path) < 2},
              "parts of SQL that fewer than two files read")


# A column of an enum beside a bare number.
BARE = re.compile(r"\b(status|state|kind|account_kind|role|cause|reach)\s*"
                  r"(=|<>|<|(NOT )?IN \()\s*\d")

def test_queries_name_the_members_of_enums():
    queries = [path for folder in ("query", "part") for path in sorted(ROOT.glob(f"*/*/sql/{folder}/*.sql"))
               if BARE.search(re.sub(r"--[^\n]*", "", text_of(path)))]
    forgotten({path.stem for path in queries},
              "queries with the number of an enum's member instead of :ITS_NAME")


@pytest.mark.parametrize("service", SERVICES)
def test_names_of_the_rules_are_known(service):
    known = sql_names.names(service)
    assert known["ACCOUNT_ACTIVE"] == {3} and known["ROLE_CHIEF"] == {1}
    assert known["KIND_REGIONAL_CENTRE"] == {9} and known["MOVE_CLAIM"] == {2}
    assert known["COURSE_STATE_CANCELLED"] == {9}
