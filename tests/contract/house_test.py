"""The house is complete: everything that a table names is in its place, and
nothing exists that no table names. Each failure names the thing that was
forgotten.

Reads the sources as text, and the programs' own tables as the programs print
them. BIN names the folder of programs; `make test-house` sets it.
"""
import ast
import os
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ["BIN"])
SERVICES = ["account", "teacher", "gateway"]
DOCUMENTS = ["settings.md", "metrics.md", "events.md", "messages.md", "routes.md",
             "account-states.md", "authority.md"]

# Reactors that share a file: one table of wishes, one file of outcomes.
SHARED_FILES = {
    "on_business_account_enabled": "mail_wish.c",
    "on_teacher_account_enabled": "mail_wish.c",
    "on_teacher_account_changed": "mail_wish.c",
    "view_course_owner": "view_course.c",
    "on_outcome": "store_operation.c",
    "http_get_api_catalog": "http_get_openapi.c",
}

# Routes that are not built yet although their commands are: revising a table
# of codes.
LATER_ROUTES = {"86"}

# Refusals that the interface promises for routes that are not built yet. A row
# leaves this list with the first code that uses it.
LATER = set("""
    BRAKE CODE_IN_USE CORRECTION_TOO_LATE
    DUPLICATE_HOLDS_ACCOUNT FLOW_UNKNOWN HOLDS_LIVE_ACCOUNT
    IDENTITY_IN_USE LAST_WAY_IN PROVIDER_DOWN
    SUBJECT_BOUND
    SURVIVOR_UNKNOWN TOTP_REQUIRED""".split())

# Enums of the contracts that are not shown to users yet.
NO_WORDS = {"ClaimIgnoredCause"}

# Names in the environment that are no settings of a service.
NO_SETTINGS = {"SHARED", "DEPS", "SETTINGS", "FAILPOINT", "FAILPOINTS", "CLOCK_OFFSET"}


@cache
def text_of(path):
    return path.read_text(encoding="utf-8")


def sources(*folders, endings=(".c", ".h")):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*"))
            if path.suffix in endings and "__pycache__" not in path.parts]


@cache
def say(service, *words):
    names = ("DATABASE_URL", "OWNER_DATABASE_URL", "KAFKA_BOOTSTRAP", "KEY_DIR")
    env = {**os.environ, **{"INSERVICE_" + name: "none" for name in names}}
    run = subprocess.run([BIN / service, *words], env=env, check=True, text=True,
                         stdout=subprocess.PIPE, timeout=30)
    return run.stdout


def forgotten(things, why):
    assert not things, f"{why}: {', '.join(sorted(things))}"


def snake(name):
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


# --- handlers ------------------------------------------------------------------

@cache
def handlers_in_table(service):
    """Function names in the rows of messages.def; the gateway's are in
    inbox.c."""
    folder = ROOT / "services" / service
    rows = folder / "messages.def"
    table = re.sub(r"#define.*?(?<!\\)\n", "",
                   text_of(rows if rows.exists() else folder / "inbox.c"), flags=re.S)
    place = {"DO": 1, "ON": 3 if rows.exists() else 2, "VIEW": 4 if rows.exists() else 2}
    return [f"{kind.lower()}_{re.split(r'[,()]', words)[place[kind]].strip()}"
            for kind, words in re.findall(r"\b(DO|ON|VIEW)\(([^;{}]*?\))", table)]


@cache
def handlers_in_files(service):
    """Function name -> file, of all functions that decide about a message."""
    head = re.compile(r"^((?:do|on|view)_\w+)\(struct decision \*decision, const void \*message\)",
                      re.M)
    return {name: path for path in sources(f"services/{service}", endings=(".c",))
            for name in head.findall(text_of(path))}


@pytest.mark.parametrize("service", SERVICES)
def test_handlers_stand_in_the_table_and_in_their_files(service):
    table, files = set(handlers_in_table(service)), handlers_in_files(service)
    forgotten(table - files.keys(), "rows without a function")
    forgotten(files.keys() - table, "functions without a row in messages.def")
    forgotten({f"{name} in {path.name}" for name, path in files.items()
               if path.name != SHARED_FILES.get(name, name + ".c")}, "in a file of another name")
    forgotten({path.name for path in sources(f"services/{service}", endings=(".c",))
               if re.match(r"(do|on|view)_", path.name) and path.stem not in table},
              "files without their row in messages.def")
    forgotten({name for name, path in files.items()
               if not re.search(rf"\b{name.split('_', 1)[1]}_keys\(|\b{name}_keys\(",
                                text_of(path))}, "without keys")


@pytest.mark.parametrize("service", SERVICES)
def test_handlers_are_printed(service):
    rows = re.findall(r"^(do|on|view) +(\S+)$", say(service, "messages"), re.M)
    assert len(rows) == len(handlers_in_table(service))
    forgotten({message for kind, message in rows
               if kind == "do" and "do_" + snake(message.split(".")[-1])
               not in handlers_in_table(service)}, "printed, without a do_ function")


def test_b13_only_the_table_of_states_changes_a_status():
    """account_pass() of states.c; a unit's own status is another thing."""
    changed = {f"{path.name}: {line.strip()}"
               for path in sources("services/account", endings=(".c",))
               if path.name != "states.c"
               for line in text_of(path).splitlines()
               if re.search(r"(->|\.)status = |\bstatus = &", line)
               and "organization" not in line.lower()}
    copied = r"^actor\.c: \.status = own->|^store_\w+\.c: state->status = \(unsigned\)"
    forgotten({line for line in changed if not re.match(copied, line)},
              "a status is changed without account_pass()")


def test_structs_of_copies_begin_like_struct_copy():
    for service in SERVICES:
        text = "".join(text_of(path) for path in sources(f"services/{service}"))
        followed = set(re.findall(r"\bcopy_(?:follow|of_state)\(\s*decision,\s*&(\w+)", text))
        asserted = re.findall(r"^BEGINS_LIKE_COPY\(struct (\w+),", text, re.M)
        assert len(asserted) == len(followed), \
            f"{service}: followed: {sorted(followed)}, BEGINS_LIKE_COPY of {asserted}"


def test_every_enum_of_the_contracts_is_compared():
    """Tables of words have their own numbers and names; tests compare them."""
    compared = "".join(text_of(path) for path in sources("tests/unit")
                       if "assert_words_agree(" in text_of(path))
    enums = {name for path in sorted((ROOT / "proto").rglob("*.proto"))
             for name in re.findall(r"^enum (\w+)", text_of(path), re.M)}
    forgotten({name for name in enums - NO_WORDS
               if not re.search(rf"__{snake(name)}__descriptor", compared)},
              "enums of proto/ that no test compares by assert_words_agree()")


# --- routes --------------------------------------------------------------------

@cache
def served_routes():
    """(method, path) -> number, of the gateway."""
    rows = [line.split("\t") for line in say("gateway", "routes").splitlines()]
    return {(method, path): int(number) for number, method, path, *_ in rows}


@cache
def known_routes():
    """The same, from the rules."""
    rows = re.findall(r'^\s*\{(\d+), "([A-Z]+)", "([^"]+)"',
                      text_of(ROOT / "lib/rules/route.c"), re.M)
    return {(method, path): int(number) for number, method, path in rows}


def test_routes_have_their_row_in_the_rules():
    forgotten({f"{number} {method} {path}" for (method, path), number in served_routes().items()
               if number > 0 and known_routes().get((method, path)) != number},
              "routes the rules do not know")


def test_routes_have_their_file():
    table = "".join(text_of(ROOT / f"services/gateway/routes.{end}") for end in ("def", "c"))
    handlers = set(re.findall(r"\bhttp_\w+_\w+\b", table))
    files = {path.stem: path for path in sources("services/gateway", endings=(".c",))
             if path.name.startswith("http_")}
    forgotten({name for name in handlers - files.keys() - SHARED_FILES.keys()
               if any(re.search(rf"^{name}\(", text_of(path), re.M)
                      for path in sources("services/gateway", endings=(".c",)))},
              "handlers in a file of another name")
    forgotten(files.keys() - handlers, "http_ files without a route")
    forgotten({name for name, path in files.items()
               if not re.search(rf"^{name}\(", text_of(path), re.M)}, "http_ files without handler")


def test_routes_of_handlers_exist():
    numbers = {str(number) for number in known_routes().values()}
    forgotten(LATER_ROUTES & numbers, "built by now, to be taken off LATER_ROUTES")
    for service in SERVICES:
        for line in re.findall(r"^    routes: (.*)$", say(service, "messages"), re.M):
            forgotten(set(line.split()) - numbers - LATER_ROUTES, f"{service} answers unknown routes")


# --- refusals ------------------------------------------------------------------

@cache
def refusals():
    return set(re.findall(r'^    \{"([A-Z0-9_]+)", \d+,',
                          text_of(ROOT / "lib/rules/refusals.c"), re.M))


@cache
def own_codes():
    """The codes that the HTTP server itself answers."""
    return set(re.findall(r'\{\s*"([A-Z0-9_]+)",\s+\d{3},\s*\{',
                          text_of(ROOT / "lib/chassis/http/http_problem.c")))


def test_refusals_are_used():
    used = set()
    for path in sources("services", "lib", endings=(".c", ".h", ".def")):
        if path.name not in ("refusals.c", "messages.def"):
            used |= set(re.findall(r'"([A-Z][A-Z0-9_]+)"', text_of(path)))
    assert len(refusals()) > 50 and len(own_codes()) > 10
    forgotten(refusals() - used - LATER, "refusals without a use")
    forgotten(LATER & used, "given by now, to be taken off LATER")
    forgotten(LATER - refusals(), "no refusals at all")


def test_given_codes_are_refusals():
    known = refusals() | own_codes()
    for path in sources("services"):
        given = set(re.findall(r'\b(?:http_problem|http_problem_with|refuse)\([^;]*?"([A-Z0-9_]+)"',
                               text_of(path)))
        forgotten(given - known, f"{path.name} gives codes without words")


# A number and a unit of time, as settings have them.
PERIOD = re.compile(r"[0-9０-９一二兩三四五六七八九十百]+ ?(?:日內|天|分鐘|小時|個月)")


def test_texts_state_no_period():
    """Periods are settings, and texts do not change with a setting."""
    texts = {(path.name, text) for path in sources("services", "lib", endings=(".c", ".h"))
             for text in re.findall(r'"((?:[^"\\]|\\.)*)"', text_of(path))}
    assert PERIOD.search("今天起 90 天內") and PERIOD.search("登入後十五分鐘內")
    forgotten({f"{name}: {text}" for name, text in texts if PERIOD.search(text)},
              "texts with a period that a setting may change")


# --- metrics -------------------------------------------------------------------

def metrics():
    return dict(re.findall(r"^\| `inservice_(\w+)` \|(?:[^|]*\|){2} (.*) \|$",
                           say("gateway", "metrics"), re.M))


def test_metrics_are_explained():
    assert len(metrics()) > 40
    forgotten({name for name, meaning in metrics().items()
               if len(meaning) < 12 or not meaning.endswith(".")}, "metrics without a sentence")


def test_metrics_are_updated():
    text = "".join(text_of(path) for path in sources("lib", "services"))
    used = set(re.findall(r"\bmetric_\w+\(\s*(\w+),", text))
    forgotten(set(metrics()) - used - {"metrics_dropped_total"}, "metrics that nothing updates")


# --- log events ----------------------------------------------------------------

def events():
    """Name -> (level, meaning, action), as printed."""
    return {name: rest for name, *rest in
            re.findall(r"^\| `(\w+)` \| (\w+) \|[^|]*\| (.*) \| (.*) \|$",
                       say("gateway", "events"), re.M)}


def test_events_are_explained():
    """An error needs an operator, so its row says what to do."""
    assert len(events()) > 50
    forgotten({name for name, (_, meaning, _) in events().items()
               if len(meaning) < 12 or not meaning.endswith(".")}, "events without a sentence")
    forgotten({name for name, (level, _, action) in events().items()
               if level == "error" and not action.endswith(".")}, "errors without an action")


def test_events_are_logged():
    text = "".join(text_of(path) for path in sources("lib", "services", endings=(".c",)))
    forgotten(set(events()) - set(re.findall(r"\blog_event\(\s*(\w+)", text)),
              "events that nothing logs")


def test_events_name_settings_that_exist():
    text = " ".join(word for row in events().values() for word in row)
    forgotten(set(re.findall(r"INSERVICE_\w+", text))
              - {name for service in SERVICES for name in settings(service)} - {"INSERVICE_FAILPOINT"},
              "settings that no service reads")


# --- settings ------------------------------------------------------------------

@cache
def settings(service):
    """Name -> meaning, as the program prints them."""
    rows = re.findall(r"^\| `(\w+)` \|(?:[^|]*\|){2} (.*) \|$", say(service, "settings"), re.M)
    assert len(rows) == len(dict(rows)), f"{service} prints a setting twice"
    return dict(rows)


@pytest.mark.parametrize("service", SERVICES)
def test_settings_are_explained(service):
    assert len(settings(service)) > 5
    forgotten({name for name, meaning in settings(service).items()
               if len(meaning) < 12 or not meaning.endswith(".")}, "settings without a sentence")


def test_settings_that_are_set_exist():
    known = {name for service in SERVICES for name in settings(service)}
    known |= {"INSERVICE_" + name for name in NO_SETTINGS}
    files = [ROOT / "Makefile", ROOT / "README.md", *sorted((ROOT / "mk").glob("*.mk"))]
    files += [path for folder in ("tools", "tests/system", "tests/fault", "tests/bench", "tests/sql")
              for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix
              in ("", ".py", ".c") and "__pycache__" not in path.parts]
    for path in files:
        forgotten(set(re.findall(r"\bINSERVICE_[A-Z][A-Z_]*[A-Z]\b", text_of(path))) - known,
                  f"{path.relative_to(ROOT)} sets what no service reads")


# --- statements ----------------------------------------------------------------

STATEMENTS = {"chassis": ("lib/chassis", "lib/chassis/sql/query"),
              **{service: (f"services/{service}", f"services/{service}/sql/query")
                 for service in SERVICES}}
# A statement that is asked for by name, and one that is in the code.
ASK = re.compile(r'\b(?:db_send|db_query|request_query)\((?:\s*[\w.>-]+,){1,2}\s*"([a-z0-9_]+)"')
INLINE = re.compile(r'\{"([a-z0-9_]+)",\s+"(?:SELECT|INSERT|UPDATE|DELETE|CREATE)\b')
# Endings that are appended to the name of a store.
STORE_ENDS = ("_load", "_load_children", "_save", "_insert", "_age", "_missing",
              "_sweep", "_walk")


@pytest.mark.parametrize("owner", STATEMENTS)
def test_statements_are_used_and_there(owner):
    folder, queries = STATEMENTS[owner]
    files = {path.stem for path in (ROOT / queries).glob("*.sql")}
    shared = {path.stem for path in (ROOT / STATEMENTS["chassis"][1]).glob("*.sql")}
    words, asked = set(), set()
    for path in sources(folder):
        words |= set(re.findall(r'"([a-z][a-z0-9_]*)"', text_of(path)))
        words |= set(re.findall(r"\bRECORD\((\w+),", text_of(path)))
        asked |= set(ASK.findall(text_of(path))) - set(INLINE.findall(text_of(path)))
    forgotten({name for name in files - words
               if not any(name.endswith(end) and name.removesuffix(end) in words
                          for end in STORE_ENDS)}, "statements without a use")
    forgotten(asked - files - shared, "statements without a file")
    if owner not in ("account", "teacher"):
        assert asked


@pytest.fixture(scope="module", name="derived")
def derived_statements(tmp_path_factory):
    """Path below services/ -> text, of each statement made from columns."""
    folder = tmp_path_factory.mktemp("statements")
    subprocess.run([ROOT / "tools/print-statements", BIN, folder], check=True, timeout=60)
    return {f"{path.parent.name}/sql/query/{path.name}": path.read_text()
            for path in folder.rglob("*.sql")}


@pytest.mark.parametrize("service", SERVICES)
def test_stores_of_one_name_have_the_same_statements(service):
    """A hint and the store of its table share the statement that loads them."""
    texts = {}
    for section in say(service, "statements").split("-- file: ")[1:]:
        name, _, text = section.partition("\n")
        assert texts.setdefault(name, text) == text, name


def bare(text):
    """A statement without comments and white space."""
    return re.sub(r"--[^\n]*|\s", "", text)


def test_statements_follow_the_columns(derived):
    """Except files that state why they are written by hand."""
    wrong = set()
    for name, text in derived.items():
        path = ROOT / "services" / name
        is_there = text_of(path) if path.exists() else ""
        by_hand = is_there.startswith("-- By hand:") and bare(is_there) != bare(text)
        if is_there != text and not by_hand:
            wrong.add(name)
    assert len(derived) > 60
    forgotten(wrong, "statements that are not those of their columns: make statements")


# The columns of a statement that writes rows: of INSERT, or named by unnest().
WRITTEN = (re.compile(r"INSERT INTO \w+ \(([^)]*)\)\s*SELECT\s+unnest"),
           re.compile(r"unnest\(\$\d+::\w+\[\]\) AS (\w+)"),
           re.compile(r"\bAS x\s?\(([\w, ]+)\)"))
# A table of columns in C; one of its rows; the statement that a table is for.
TABLE = re.compile(r"struct db_column (\w+)\[\] = \{(.*?)\{0\}", re.S)
COLUMN = re.compile(r'\bDB_(?:COLUMN|COLUMN_INSIDE|TEXT_OR_NULL)\(\w+,\s*(\w+)'
                    r'|\bDB_COLUMN_(?:AS|PAIR)\(\s*"(\w+)"')
ROWS_OF = re.compile(r'lane_write_rows\(\s*lane,\s*"(\w+)",\s*(\w+)')


def written(text):
    """The columns, in the order of the parameters."""
    text = re.sub(r"--[^\n]*", "", text)
    found = next(list_ for list_ in (pattern.findall(text) for pattern in WRITTEN) if list_)
    return re.findall(r"\w+", " ".join(found))


def columns_in(path):
    return {table: [plain or named for plain, named in COLUMN.findall(rows)]
            for table, rows in TABLE.findall(text_of(path))}


def test_saves_by_hand_take_the_columns_in_order(derived):
    for name, text in derived.items():
        if name.endswith("_save.sql"):
            assert written(text_of(ROOT / "services" / name)) == written(text), name


@pytest.mark.parametrize("source,query,table", [
    *((path, f"lib/chassis/sql/query/{query}.sql", table)
      for path in sources("lib/chassis/lane", endings=(".c",))
      for query, table in ROWS_OF.findall(text_of(path))),
    (ROOT / "services/gateway/operations/operation_writer.c",
     "services/gateway/sql/query/operation_insert.sql", "columns"),
])
def test_rows_are_written_in_the_order_of_their_statement(source, query, table):
    assert written(text_of(ROOT / query)) == columns_in(source)[table]


def test_only_statements_of_stores_say_that_they_are_by_hand(derived):
    forgotten({path.stem for path in ROOT.glob("services/*/sql/query/*.sql")
               if text_of(path).startswith("-- By hand:")
               and str(path.relative_to(ROOT / "services")) not in derived},
              "statements by hand that no store has")


# --- documents -----------------------------------------------------------------

@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_what_the_programs_print(name, tmp_path):
    subprocess.run([ROOT / "tools/print-docs", BIN, tmp_path], check=True, timeout=60)
    assert (tmp_path / name).read_text() == (ROOT / "docs" / name).read_text(), \
        f"docs/{name} is out of date: make docs"


# --- tests ---------------------------------------------------------------------
def cannot_fail(tree):
    """Lines of assertions that accept either of two results, or that drop a
    failure."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.BoolOp) and \
                isinstance(node.test.op, ast.Or):
            yield node.lineno, "assert … or …"
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for inner in ast.walk(node):
                if isinstance(inner, ast.ExceptHandler) and all(
                        isinstance(line, ast.Pass) for line in inner.body):
                    yield inner.lineno, "except: pass"


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("*.py")),
                         ids=lambda path: str(path.relative_to(ROOT)))
def test_r18_assertions_can_fail(path):
    """An assertion names one right outcome. A special case is an if."""
    found = list(cannot_fail(ast.parse(path.read_text(encoding="utf-8"))))
    assert not found, f"{path}: {found}"
