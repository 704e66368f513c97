"""One stack for all fault tests; services are started and stopped. After every
test the independent checker must find that all invariants hold."""
import os
import random
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
for folder in ("tools", "tests/system", "tests/fault"):
    sys.path.insert(0, str(ROOT / folder))

from harness import LANES, Contracts, Db  # noqa: E402
from play.system import NAMES, Stack  # noqa: E402
from play.town import Town as People  # noqa: E402

import check as checker  # noqa: E402
from fleet import Fleet  # noqa: E402
from office import Office  # noqa: E402
from work import Ears, Town  # noqa: E402

SEED = int(os.environ.get("SEED", "0") or 0) or random.SystemRandom().randrange(
    1, 1 << 31)
LONG = os.environ.get("FAULT_LONG") == "1"


def pytest_report_header():
    return f"fault seed: {SEED} (repeat with SEED={SEED})" + \
        (", long" if LONG else "")


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"fault seed: {SEED}")


@pytest.fixture(scope="session")
def seed():
    return random.Random(SEED)


@pytest.fixture(scope="session")
def long():
    return LONG


@pytest.fixture(scope="session")
def folder():
    path = Path(os.environ["FAULT_DIR"]).resolve()
    shutil.rmtree(path / "run", ignore_errors=True)
    (path / "run" / "mail").mkdir(parents=True, mode=0o700)
    return path


@pytest.fixture(scope="session")
def stack(folder):
    with Stack(folder / "stack") as stack:
        assert stack.env["INSERVICE_LANES"] == str(LANES)
        assert stack.env["KAFKA_KIND"] == "real", "fault tests need a real Kafka"
        yield stack


@pytest.fixture(scope="session")
def contracts():
    return Contracts(os.environ["DESCRIPTOR_SET"])


@pytest.fixture(scope="session")
def db(stack):
    return Db(stack.env["ADMIN_DATABASE_URL"])


@pytest.fixture(scope="session")
def binaries():
    return os.environ["BIN"]


@pytest.fixture(scope="session")
def fleet(stack, folder, db, binaries):
    fleet = Fleet(stack, binaries, folder / "run", db)
    for name in ("account", "teacher"):
        status, out, err = fleet.process(name).host("migrate")
        assert status == 0, out + err
    yield fleet
    fleet.end()


@pytest.fixture(scope="session")
def ears(stack, fleet, contracts, db):
    ears = Ears(stack.env["KAFKA_BOOTSTRAP"], contracts, db)
    yield ears
    ears.close()


@pytest.fixture(scope="session")
def people(fleet):
    """The people who use the gateway. So far this is only the platform's
    founder, who has no password yet. No gateway runs."""
    for name in ("account", "teacher"):
        if not fleet.of(name):
            fleet.start(name)
    gateway = fleet.process("gateway")
    for command in ("migrate", "make-keys"):
        status, out, err = gateway.host(command)
        assert status == 0, out + err
    people = People(fleet.url(), fleet.folder / "mail", seed=7)
    people.found(gateway)
    return people


@pytest.fixture(scope="session")
def town(stack, people, contracts, ears, db):
    town = Town(stack.env["KAFKA_BOOTSTRAP"], contracts, ears, db)
    town.found(people.platform.account)
    return town


@pytest.fixture
def both(town, fleet):
    """One process of each owner, in whatever state the test before ended."""
    for process in fleet.of("gateway"):
        fleet.drain(process)
    return one_of_each(fleet, ("account", "teacher"))


@pytest.fixture(scope="session")
def office(town, people, fleet, ears, db):
    """An installation in use, with a school's CHIEF."""
    one_of_each(fleet, NAMES)
    office = Office(fleet, town, people, ears, db)
    office.found()
    return office


@pytest.fixture
def three(office, fleet):
    """One process of each service."""
    processes = one_of_each(fleet, NAMES)
    office.fresh()
    return processes


def one_of_each(fleet, names):
    for name in names:
        alive = fleet.of(name)
        for process in alive[1:]:
            fleet.drain(process)
        if not alive:
            fleet.start(name)
    return {name: fleet.of(name)[0] for name in names}


@pytest.fixture
def judge(stack, ears, fleet):
    """judge(): the checker's verdict on the present state. Nothing is expected
    of a gateway that does not run."""
    def judge(may_park=False, settle=20):
        absent = () if fleet.of("gateway") else ("gateway",)
        results = checker.check(
            stack.env, os.environ["DESCRIPTOR_SET"], settle, may_park,
            ears.acknowledged(), absent)
        bad = {k: v for k, (v, _) in results.items() if v}
        if bad:
            checker.show(results)
        assert not bad, bad
        return results
    return judge


@pytest.fixture(autouse=True)
def unplanned(request):
    """Fails on an ERROR event that the test did not plan."""
    if "fleet" not in request.fixturenames:
        yield
        return
    fleet = request.getfixturevalue("fleet")
    fleet.planned = set()
    yield
    bad = fleet.errors()
    assert not bad, "unplanned errors:\n" + "\n".join(bad[:20])
