"""A stack of its own, migrated by the services' own programs.

Only PostgreSQL is needed. Needs BIN (folder of the programs) and SQL_DIR
(where the stack may be); both come from mk/sql.mk.
"""
import os
import signal
import shlex
import subprocess
import sys
import tempfile
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("account", "teacher", "gateway")
sys.path.insert(0, str(ROOT / "tools"))

from play.system import Service, wait_until  # noqa: E402

loader = SourceFileLoader("sql_names", str(ROOT / "tools/sql-names"))
sql_names = module_from_spec(spec_from_loader("sql_names", loader))
loader.exec_module(sql_names)


@cache
def names(owner):
    return sql_names.names(owner)


def statement(path):
    """The text of a query as the programs have it: names are numbers."""
    owner = path.relative_to(ROOT).parts[1]
    return sql_names.numbered(sql_names.whole(path), names(owner))


def read_env(path):
    return dict(word.split("=", 1) for word in
                shlex.split(Path(path).read_text(encoding="utf-8")))


def run(*words, **env):
    return subprocess.run([str(w) for w in words], cwd=ROOT, text=True,
                          env={**os.environ, **env}, check=False,
                          capture_output=True, timeout=300)


@pytest.fixture(scope="session")
def stack():
    folder = os.environ["SQL_DIR"] + "/stack"
    tool = ROOT / "tools" / "stack"
    made = run(tool, "up", STACK_DIR=folder)
    assert made.returncode == 0, made.stderr
    try:
        yield read_env(folder + "/env")
    finally:
        run(tool, "destroy", STACK_DIR=folder)


def program(service):
    return Path(os.environ["BIN"]) / service


def settings(service, stack):
    upper = service.upper()
    named = {"DATABASE_URL": stack[f"{upper}_DATABASE_URL"],
             "OWNER_DATABASE_URL": stack[f"{upper}_OWNER_DATABASE_URL"],
             "KAFKA_BOOTSTRAP": stack["KAFKA_BOOTSTRAP"],
             "LISTEN_PORT": "0", "LANES": stack["INSERVICE_LANES"]}
    if service == "gateway":
        named["KEY_DIR"] = stack["KEY_DIR"]
    return {f"INSERVICE_{name}": value for name, value in named.items()}


def call(service, stack, *words, **env):
    return run(program(service), *words, **{**settings(service, stack), **env})


class Waiting(Service):
    """A service that runs beside a test, in a folder of its own."""

    def __init__(self, service, stack):
        self.place = tempfile.TemporaryDirectory()
        super().__init__(
            service, program(service),
            {**settings(service, stack),
             "INSERVICE_FAILPOINT": "service_started:kill"}, self.place.name)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.kill()
        self.place.cleanup()

    def wait_for(self, event, deadline=30):
        """The first of the events with this name."""
        return wait_until(lambda: next(
            (row for row in self.log() if row.get("event") == event), None),
            deadline, f"{self.name} to log {event}")

    def finds_its_schema(self):
        """The failpoint after the check of the schema ends the process."""
        wait_until(lambda: not self.alive, 30, f"{self.name} to go on")
        assert self.process.returncode == -signal.SIGKILL, self.tail()


def begin(service, stack, *words):
    """As call(), but returns while it runs."""
    return subprocess.Popen(
        [program(service), *words], cwd=ROOT, text=True,
        env={**os.environ, **settings(service, stack)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def migrate(service, stack, **env):
    return call(service, stack, "migrate", **env)


def start(service, stack, **env):
    """Runs a service until it ends by itself."""
    return call(service, stack, **env)


@pytest.fixture(scope="session")
def schemas(stack):
    for service in SERVICES:
        done = migrate(service, stack)
        assert done.returncode == 0, done.stdout + done.stderr
    return stack


@pytest.fixture
def runtime(schemas):
    """Opens a connection as a service's run-time role."""
    opened = []

    def open_as(service):
        connection = psycopg.connect(schemas[f"{service.upper()}_DATABASE_URL"],
                                     autocommit=True)
        opened.append(connection)
        return connection

    yield open_as
    for connection in opened:
        connection.close()
