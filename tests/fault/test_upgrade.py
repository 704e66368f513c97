"""An upgrade and its way back, one process at a time, while people work (P10).

Two gateways and two processes of each owner run. The schema is brought up to
date first; then processes of both builds serve side by side. People go where a
load balancer would send them: to the gateways that say that they are ready. No
request fails, all work is done once, and the read model is right in between.
"""
import contextlib
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

import builds
from fleet import pause_until
from office import Crowd, Kept
from play.system import NAMES, settings_of
from runbook import blocks

TITLE = "Upgrade, and back"  # of docs/operations.md
COPIES = ("1", "2")
DRAINING = {"INSERVICE_DRAIN_DELAY": "1s", "INSERVICE_DRAIN_DEADLINE": "20s"}


@pytest.fixture(scope="session")
def other_builds(folder):
    """{name: folder of its programs}"""
    following = builds.next_build(folder / "next")
    assert "99.0.0" in subprocess.check_output([following / "gateway",
                                                "--version"], text=True)
    return {"previous": builds.previous_build(folder / "previous"),
            "this": builds.BIN, "next": following}


@pytest.fixture(scope="session")
def binaries(other_builds):
    """The installation begins with the previous build, if this file runs
    alone (as it does in `make test-fault`)."""
    return other_builds["previous"] or other_builds["this"]


class Balancer:
    """Knows which gateways are ready; asks all the time."""

    def __init__(self, fleet):
        self.fleet, self.open, self.end = fleet, (), threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self):
        self.thread.start()
        assert pause_until(30, lambda: len(self.open) == len(COPIES))
        return self

    def __exit__(self, *_):
        self.end.set()
        self.thread.join(30)

    def _run(self):
        while not self.end.wait(0.05):
            self.open = tuple(p.env["INSERVICE_LISTEN_PORT"]
                              for p in self.fleet.of("gateway")
                              if (p.get("/readyz") or (0,))[0] == 200)

    def __call__(self, number):
        ports = self.open
        assert ports, "no gateway is ready"
        return f"http://127.0.0.1:{ports[number % len(ports)]}"


class Reading:
    """A page that is looked at."""
    lost, turned_away = (), 0

    def __init__(self, path):
        self.path, self.answer = path, None

    def ask(self, client):
        self.answer = client.get(self.path)
        assert self.answer.status == 200, self.answer
        return True


class Endless:
    """Requests for a crowd, at the speed of people."""

    def __init__(self, office):
        self.office, self.count = office, 0
        self.pause, self.lock = threading.Event(), threading.Lock()

    def pop(self):
        self.pause.wait(0.08)
        with self.lock:
            self.count += 1
            match self.count % 6:
                case 0: return self.office.to_be_refused()
                case 1: return Reading("/v1/me")
                case 2: return self.office.to_be_unknown()
                case 3: return Reading("/v1/teachers")
                case _: return self.office.to_register()


class Installation:
    """Which build each process is of, and work that goes on meanwhile."""

    def __init__(self, fleet, office, town, other_builds):
        self.fleet, self.office, self.town = fleet, office, town
        self.builds, self.here = other_builds, {}
        self.kinds = [office.organization, office.business_account,
                      office.teacher, office.teacher_account, office.code_table,
                      office.course, office.command_done, office.import_row,
                      office.command_refused, office.key_repeated, office.mail]
        self.turn, self.balancer, self.brought = 0, None, 0

    def start(self, name, copy, build):
        folder = self.builds[build]
        known = settings_of(folder / name)
        more = {k: v for k, v in DRAINING.items() if k in known}
        self.here[name, copy] = self.fleet.start(
            name, copy=copy, binaries=folder, **more)

    def all(self, build):
        for process in [p for name in NAMES for p in self.fleet.of(name)]:
            self.fleet.drain(process)
        for copy in COPIES:
            for name in NAMES:
                self.start(name, copy, build)

    def migrate(self, build):
        """As the page says; the processes are replaced later."""
        lines, = blocks(TITLE)
        assert lines[-1] == "# replace each process by the new build"
        for line in lines[:-1]:
            name, verb = line.split()
            process = self.fleet.process(name, binaries=self.builds[build])
            status, out, err = process.host(verb)
            assert status == 0, out + err
            self.brought += out.count("migrate: ")

    def replace(self, name, copy, build):
        status = self.here[name, copy].stop()
        assert status == 0, self.here[name, copy].tail(40)
        self.start(name, copy, build)

    def some_work(self, count=2):
        """Of each kind in turn, to its end."""
        for _ in range(count):
            self.turn += 1
            with self.office.at(self.balancer(self.turn)):
                self.town.finish(self.kinds[self.turn % len(self.kinds)]())


@pytest.fixture
def installation(fleet, office, town, other_builds):
    office.fresh()
    yield Installation(fleet, office, town, other_builds)
    for name in NAMES:
        for process in fleet.of(name):
            fleet.drain(process)


def none_failed(asked):
    failed = [(r.path, r.lost or r.turned_away) for r in asked
              if r.lost or r.turned_away]
    assert not failed, f"{len(failed)} of {len(asked)}: {failed[:5]}"
    silent = [r.path for r in asked if not r.answer and not r.operation]
    assert not silent, silent


def replaced(installation, crowd, build, seed):
    """Every process, in any order; two pieces of work between."""
    processes = list(installation.here)
    seed.shuffle(processes)
    for name, copy in processes:
        answered = crowd.answered()
        installation.replace(name, copy, build)
        installation.some_work()
        assert pause_until(60, lambda: crowd.answered() >= answered + 20)


@contextlib.contextmanager
def dumped(stack):
    """Every table is locked as pg_dump locks it, to the end."""
    with psycopg.connect(stack.env["ADMIN_DATABASE_URL"]) as line:
        tables = [row[0] for row in line.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND "
            "relnamespace::regnamespace::text = ANY(%s)", (list(NAMES),))]
        line.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS SHARE MODE")
        yield


def migrated(installation, build):
    """A dump has begun before; both let people work."""
    with ThreadPoolExecutor() as pool:
        with dumped(installation.fleet.stack):
            done = pool.submit(installation.migrate, build)
            installation.some_work(4)
            assert not done.done(), "migrate has changed tables beside a dump"
        done.result(60)


def there_and_back(installation, office, before, after, seed, judge, turns):
    installation.migrate(before)
    installation.brought = 0
    installation.all(before)
    with Balancer(installation.fleet) as balancer:
        installation.balancer = balancer
        crowd = Crowd(office, Endless(office), many=4, where=balancer)
        try:
            migrated(installation, after)
            for _ in range(turns):
                replaced(installation, crowd, after, seed)
                installation.some_work(len(installation.kinds))
                replaced(installation, crowd, before, seed)
            installation.some_work(len(installation.kinds))
        finally:
            asked = crowd.end()
    none_failed(asked)
    assert len(asked) >= 200, len(asked)
    for copy in COPIES:
        with office.at(installation.fleet.url(copy)):
            office.held_to([r for r in asked if not isinstance(r, Reading)])
    judge(settle=60)


@pytest.mark.parametrize("before,after", [("previous", "this"),
                                          ("this", "next")])
def test_p10_upgrade_and_back(before, after, installation, fleet, office, seed,
                              judge, long):
    """The second build brings a migration to every schema."""
    if installation.builds[before] is None:
        pytest.skip("SKIPPED: no earlier build, because the history has no "
                    "commit on whose schema this build only expands")
    there_and_back(installation, office, before, after, seed, judge,
                   10 if long else 1)
    if before == "this" or fleet.binaries == installation.builds[before]:
        assert installation.brought
