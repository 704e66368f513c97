"""Checks docs/rules.md: it has every rule, lane rule and route number that is
cited anywhere; every rule is cited by a test or marked as not built yet; and
every file and test that docs/policy.md names exists.

Reads the sources as text. `make test-house` runs it beside house_test.py.
"""
import re
from functools import cache

import pytest
from house_test import LATER_ROUTES, ROOT, forgotten, known_routes, text_of

RULES = ROOT / "docs/rules.md"
POLICY = ROOT / "docs/policy.md"
LANE = ROOT / "docs/lane.md"

# One citation, or a range: B8, T15a, B8-B11, I7–I9. A compiler's -O2, a quoted
# code of test data and a part of a longer word do not match.
CITED = re.compile(r"(?:(?<=\"\"\")|(?<![\w\"'/.+-]))([BTOSCI])([1-9]\d?)(a?)"
                   r"(?:[-–]\1?([1-9]\d?))?(?![\w\"'])")
LANE_CITED = re.compile(r"\brules? (\d+)((?:(?:,? and |, |[-–])\d+)*)\b")
ROUTE_CITED = re.compile(r"\broutes? (\d+)\b(?! ?%)")
# The published values of letters in ID numbers look like citations.
NO_CITATIONS = re.compile(r"A0 B1 C2 D3")


@cache
def sources():
    """Every text that is written by hand and may cite a number."""
    return [path for folder in ("services", "lib", "proto", "tests", "tools")
            for path in sorted((ROOT / folder).rglob("*"))
            if path.is_file() and path.suffix in (".c", ".h", ".py", ".sql", ".proto", ".md", "")
            and not {"__pycache__", "golden", "seeds"} & set(path.parts)]


@cache
def cited(path):
    """Ids of rules that a file cites."""
    ids = set()
    for letter, first, branch, last in CITED.findall(
            NO_CITATIONS.sub("", text_of(path))):
        ids |= {f"{letter}{n}" for n in range(int(first), int(last or first) + 1)} \
            if not branch else {f"{letter}{first}a"}
    return ids


@cache
def rows(path, columns):
    """The rows of all tables of a page with that many columns."""
    found = [[cell.strip() for cell in line.strip("| \n").split("|")]
             for line in re.sub(r"\|[ \t]*\|\n", "| - |\n", text_of(path)).splitlines()
             if line.startswith("| ")]
    return [row for row in found if len(row) == columns]


@cache
def rules():
    """Id -> the part that is not built yet ("-": the rule is complete)."""
    ids = [row for row in rows(RULES, 4) if re.fullmatch(r"[BTOSCI]\d+a?", row[0])]
    assert len(ids) == len({row[0] for row in ids}), "an id stands in docs/rules.md twice"
    return {row[0]: row[3] for row in ids}


def reserved_routes():
    return {row[0] for row in rows(RULES, 3) if row[0].isdigit()}


def place(path):
    return str(path.relative_to(ROOT))


def test_the_book_is_read():
    assert len(rules()) >= 65 and len(reserved_routes()) > 30
    assert all(row[1] in ("L", "P", "D") and row[2].endswith(".")
               for row in rows(RULES, 4) if row[0] in rules())


def test_cited_rules_exist():
    for path in sources():
        forgotten(cited(path) - rules().keys(), f"{place(path)} cites rules that docs/rules.md lacks")


def test_every_rule_is_cited_by_a_test_or_not_built_yet():
    tested = set().union(*(cited(path) for path in sources() if path.is_relative_to(ROOT / "tests")))
    forgotten({rule for rule, later in rules().items() if later == "-"} - tested,
              "rules that no test cites and that docs/rules.md does not mark as not built yet")


def test_cited_rules_of_the_lane_exist():
    known = set(re.findall(r"^(\d+)\. ", text_of(LANE), re.M))
    assert len(known) == 11
    for path in [*sources(), LANE]:
        numbers = {number for match in LANE_CITED.finditer(text_of(path))
                   for number in re.findall(r"\d+", match[0])}
        forgotten(numbers - known, f"{place(path)} cites rules that docs/lane.md lacks")


def test_cited_routes_exist():
    built = {str(number) for number in known_routes().values()}
    forgotten(built & reserved_routes(), "built by now, to be taken off docs/rules.md: routes")
    forgotten(LATER_ROUTES - reserved_routes(), "later routes that docs/rules.md lacks")
    for path in sources():
        forgotten(set(ROUTE_CITED.findall(text_of(path))) - built - reserved_routes() - {"0"},
                  f"{place(path)} cites routes that docs/rules.md and docs/routes.md lack")


def has_test(path, name):
    head = rf"^(?:def )?{re.escape(name)}\("
    return re.search(head, text_of(path), re.M) is not None


@pytest.mark.parametrize("row", rows(POLICY, 5), ids=lambda row: f"{row[0]} {row[2]}")
def test_policy_names_what_exists(row):
    section, sentence, ids, code, test = row
    if section in ("section", "---"):
        return
    forgotten(set(ids.split()) - rules().keys(), "docs/policy.md cites rules that docs/rules.md lacks")
    if code.startswith("not yet: "):
        return
    path, _, name = test.strip("`").partition(": ")
    forgotten({file for file in (code.strip("`"), path) if not (ROOT / file).is_file()},
              "docs/policy.md names files that do not exist")
    forgotten({test} if not has_test(ROOT / path, name) else set(),
              "docs/policy.md names tests that do not exist")


def test_policy_reads_the_whole_letter():
    sections = {row[0] for row in rows(POLICY, 5)}
    assert {"二(一)", "二(二)1(3)", "二(二)2", "二(二)3", "二(三)1", "二(三)2", "小叮嚀 2b"} <= sections
    cited_there = {rule for row in rows(POLICY, 5) for rule in row[2].split()}
    letter = {row[0] for row in rows(RULES, 4) if row[1] == "L" and row[0] in rules()}
    forgotten(letter - cited_there, "rules of the letter that docs/policy.md lacks")
