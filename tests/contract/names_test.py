"""Checks the names in pages that are written by hand: every path, function,
setting, target of make and other name in backticks is one of the tree. Files
and functions that comments name exist, too.

Reads the sources as text. `make test-house` runs it beside house_test.py.
"""
import re
from functools import cache
from pathlib import Path

import pytest
from house_test import (NO_SETTINGS, ROOT, SERVICES, forgotten, settings,
                        text_of)

PRINTED = {"settings.md", "metrics.md", "events.md", "messages.md", "routes.md",
           "account-states.md", "authority.md", "kafka-acl.md"}
PAGES = [*(ROOT / f"{name}.md" for name in ("README", "SECURITY", "CONTRIBUTING")),
         ROOT / "deploy/k8s/README.md", ROOT / "deploy/systemd/README.md", *sorted((ROOT / "docs/runbooks").glob("*.md")),
         *sorted((ROOT / "services").glob("*/README.md")),
         *(path for path in sorted((ROOT / "docs").glob("*.md")) if path.name not in PRINTED)]
FOLDERS = ("lib", "services", "proto", "tests", "tools", "mk", "docs", "deploy")
SOURCES = {".c", ".h", ".def", ".sql", ".proto", ".py", ".yaml", ".csv", ".mk", ""}

# Names of other programs, and a folder that is made.
FOREIGN = {"proxy_request_buffering", "max_connections", "build", "pg_stat_activity",
           "POD", "kubernetes.io/basic-auth",
           "journalctl", "inservice_NEW", "BACKUP/roles.sql", "sslmode", "sslrootcert",
           "mechanism", "deploy/inservice-gateway"}

SPAN = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^```.*?^```", re.S | re.M)
FILE = re.compile(r"(?<!…)[\w.*<>{},/-]+\.(?:c|h|def|sql|proto|py|yaml|csv|mk|md)\b(?!\.)")
CALL = re.compile(r"\b([a-z]\w*)\(\)")
TARGET = re.compile(r"\bmake ([a-z][a-z0-9-]+)")
# Strings match, too, so that they are skipped; group 1 is a comment.
COMMENTS = {
    "c": re.compile(r'"(?:\\.|[^"\\\n])*"|(/\*.*?\*/|//[^\n]*)', re.S),
    "sql": re.compile(r"'[^']*'|(--[^\n]*)"),
}
# Parts of names: an ending (`_named`), a family (`known_…`).
NAME = re.compile(r"(?<![\w…])[A-Za-z]\w{2,}(?![\w…])")


@cache
def paths():
    """Files and folders of the tree; this file has names that do not exist."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")
             if "__pycache__" not in path.parts and path.name != "names_test.py"]
    return found + [path for path in ROOT.iterdir() if path.name != "build"]


@cache
def words():
    found = set()
    for path in paths():
        found.add(path.stem)
        if path.is_file() and path.suffix in SOURCES:
            found |= set(re.findall(r"\w+", path.read_text(encoding="utf-8", errors="ignore")))
    metrics = re.findall(r"^METRIC\(\w+, (\w+),", "".join(
        text_of(path) for path in paths() if path.name == "metrics.def"), re.M)
    return found | {"inservice_" + name for name in metrics}


@cache
def functions():
    heads = re.compile(r"^(?:def |#define |CREATE FUNCTION (?:\w+\.)?)?(\w+)\(", re.M)
    return {name for path in paths() if path.suffix in {".c", ".h", ".sql", ".py"}
            for name in heads.findall(text_of(path))}


@cache
def targets():
    makefiles = [ROOT / "Makefile", *(ROOT / "mk").glob("*.mk")]
    return {name for path in makefiles
            for names in re.findall(r"^([a-z][a-z0-9 -]*):(?!=)", text_of(path), re.M)
            for name in names.split()}


def patterns(name):
    """What a name with <places> and {choices} stands for, for glob()."""
    name = re.sub(r"<[^>]*>", "*", name).rstrip("/")
    head, brace, rest = name.partition("{")
    choices, _, tail = rest.partition("}")
    return [head + choice + tail for choice in choices.split(",")] if brace else [name]


def is_there(pattern):
    """As a whole path, or as its end."""
    return any(path.match(pattern) for path in paths())


def is_path(span):
    return FILE.fullmatch(span) or re.fullmatch(r"\w[\w.*<>-]*(/[\w.*<>{},-]*)+", span)


def known_settings():
    return {name for service in SERVICES for name in settings(service)} \
        | {"INSERVICE_" + name for name in NO_SETTINGS}


def wrong_names(span):
    """The names in one pair of backticks that the tree does not have."""
    if is_path(span):
        return {one for one in patterns(span) if not is_there(one)} - FOREIGN
    if CALL.fullmatch(span):
        return {span} - {name + "()" for name in functions()}
    wrong = set(TARGET.findall(span)) - targets()
    names = set(NAME.findall(span)) - FOREIGN
    of_settings = {name for name in names if name.startswith("INSERVICE_")}
    return wrong | (of_settings - known_settings()) | (names - of_settings - words())


def wrong_in_page(text):
    wrong = set()
    for block in BLOCK.findall(text):
        for name in FILE.findall(block):
            wrong |= wrong_names(name)
        wrong |= set(TARGET.findall(block)) - targets()
    for span in SPAN.findall(BLOCK.sub("", text)):
        wrong |= wrong_names(span)
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_names_of_a_page_exist(page):
    forgotten(wrong_in_page(text_of(page)), f"{page.name} names what does not exist")


def comments(path):
    kind = COMMENTS["sql" if path.suffix == ".sql" else "c"]
    return [re.sub(r"\n[ *]*", " ", text) for text in kind.findall(text_of(path)) if text]


def wrong_in_comment(text):
    files = {name for name in FILE.findall(text) if not name.startswith(".")}
    calls = set(re.findall(r"\b[a-z]\w*_\w+(?=\(\))", text)) - words()
    return set().union(calls, *(wrong_names(name) for name in files))


def test_comments_name_what_exists():
    for path in paths():
        if path.suffix in {".c", ".h", ".def", ".sql", ".proto"} and "migration" not in path.parts:
            forgotten(set().union(*map(wrong_in_comment, comments(path))),
                      f"{path.relative_to(ROOT)} names what does not exist")


@pytest.mark.parametrize("text,wrong", [
    ("`lib/rules/no_such.c`", {"lib/rules/no_such.c"}),
    ("`no_such_<verb>.c` `lib/rules/{route,no_such}.c`", {"no_such_*.c", "lib/rules/no_such.c"}),
    ("`no_such_call()` `say()`", {"no_such_call()"}),
    ("`make no-such` `make lint`", {"no-such"}),
    ("`INSERVICE_NO_SUCH` `INSERVICE_LANES`", {"INSERVICE_NO_SUCH"}),
    ("`NoSuchCommand` `LeaveSchool` `known_…` `_named`", {"NoSuchCommand"}),
    ("```\nmake no-such\nno_such_file.c  what\n```\n", {"no-such", "no_such_file.c"}),
])
def test_a_wrong_name_is_found(text, wrong):
    assert wrong_in_page(text) == wrong


def test_a_wrong_name_in_a_comment_is_found():
    assert wrong_in_comment("/* no_such_file.c calls no_such_call(), as route.c does.") \
        == {"no_such_file.c", "no_such_call"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_explains_its_files(service):
    """Each file and folder at the top of a service stands in its README."""
    folder = ROOT / "services" / service
    spans = " ".join(SPAN.findall(text_of(folder / "README.md"))).split()
    named = {Path(one).parts[0] for span in spans for one in patterns(span.strip(","))}
    named = {re.sub(r"\.def$", ".*", name) for name in named if name != "/"}
    forgotten({path.name for path in folder.iterdir() if path.name != "README.md"
               and not any(path.match(name) or path.match(f"{Path(name).stem}.h") for name in named)},
              f"services/{service}/README.md does not name")
