"""Other builds of this system, for tests of an upgrade.

The next one is this tree with one more migration in each part; the previous
one is from the history: the last commit on whose schema this build expands.
"""
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ["BIN"]).resolve()  # B/check/bin
PARTS = {"lib/chassis": "chassis", "services/account": "account",
         "services/teacher": "teacher", "services/gateway": "gateway"}
SOURCES = ("Makefile", "CHANGELOG.md", "lib", "mk", "proto", "services", "tools")
NEXT = """-- expands: each table gets a column that may be empty.
DO $$
DECLARE it record;
BEGIN
    FOR it IN SELECT oid::regclass AS name FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace
          AND relkind IN ('r', 'p') AND NOT relispartition
          AND relname <> 'schema_migration' AND ({tables}) LOOP
        EXECUTE format('ALTER TABLE %s ADD COLUMN {part}_next text', it.name);
    END LOOP;
END $$;
"""
CHASSIS = "relname ~ '^(lane|journal|inbox|parked|timer)'"  # in each schema


def make(folder):
    """The three programs of the tree in `folder`, built as those under test."""
    done = subprocess.run(
        ["make", f"-j{os.cpu_count()}", "V=check", "services"], cwd=folder,
        env={k: v for k, v in os.environ.items()
             if not k.startswith(("MAKE", "MFLAGS"))},
        capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-4000:]
    return folder / "build/check/bin"


def empty(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def number(migrations):
    return max(int(path.name[:4]) for path in migrations.glob("*.sql")) + 1


def next_build(folder):
    """Version 99.0.0; what is already built is not built again."""
    empty(folder)
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    for name in ("gen", "check"):
        shutil.copytree(BIN.parents[1] / name, folder / "build" / name)
    for place, part in PARTS.items():
        scripts = folder / place / "sql/migration"
        (scripts / f"{number(scripts):04d}_next.sql").write_text(
            NEXT.format(part=part, tables=CHASSIS if part == "chassis"
                        else f"NOT {CHASSIS}"))
    changes = folder / "CHANGELOG.md"
    changes.write_text(re.sub(r"^## ", "## 99.0.0\n\n## ", changes.read_text(),
                              count=1, flags=re.M))
    return make(folder)


def git(*words, text=True):
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True,
                          text=text)
    return done.stdout if done.returncode == 0 else ""


def migrations_at(commit):
    """{path: id of its content}"""
    return {line.split()[3]: line.split()[2] for line in git(
        "ls-tree", "-r", commit, *PARTS).splitlines()
        if "/sql/migration/" in line}


def expands(path):
    return (ROOT / path).read_text(encoding="utf-8").startswith("-- expands: ")


def previous_commit():
    """The last one that has a part of this tree's migrations, if all the
    others only expand; None if the history (a shallow clone's) has none."""
    here = migrations_at("HEAD")
    for changed in git("log", "-12", "--format=%H", "--", *(
            f"{place}/sql/migration" for place in PARTS)).split():
        before = migrations_at(f"{changed}^")
        if before and before.items() < here.items():
            fits = all(expands(path) for path in here.keys() - before.keys())
            return f"{changed}^" if fits else None
    return None


def previous_build(folder):
    """None if there is none."""
    commit = previous_commit()
    if commit is None:
        return None
    empty(folder)
    subprocess.run(["tar", "x", "-C", str(folder)], check=True,
                   input=git("archive", commit, text=False))
    return make(folder)
