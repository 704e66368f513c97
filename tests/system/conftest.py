"""One stack and one installation for all system tests. Each test that changes
something takes its own school from the small county."""
import os
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
sys.path.insert(0, str(Path(__file__).parent))

from play import county  # noqa: E402
from play.system import Service, Stack, System  # noqa: E402
from play.town import Town, expect  # noqa: E402

from document import Document  # noqa: E402
from harness import (LANES, Contracts, Db, Gateway, Kafka,  # noqa: E402
                     Watch, checked, security_of)
from raw import Office, account_commands, teacher_commands  # noqa: E402


SECURE = os.environ.get("STACK_SECURE") == "1"
# They need a secure stack: `make test-secure`.
collect_ignore = [] if SECURE else ["test_secure.py"]


@pytest.fixture(scope="session")
def folder():
    path = Path(os.environ["SYSTEM_DIR"]).resolve()
    shutil.rmtree(path / "run", ignore_errors=True)
    (path / "run").mkdir(parents=True)
    return path


@pytest.fixture(scope="session")
def stack(folder):
    with Stack(folder / "stack") as stack:
        assert stack.env["INSERVICE_LANES"] == str(LANES)
        yield stack


@pytest.fixture(scope="session")
def watch():
    return Watch()


@pytest.fixture(autouse=True)
def errors(request):
    """After every test, checks the log of every service that the test used."""
    if "system" not in request.fixturenames:
        yield
        return
    watch = request.getfixturevalue("watch")
    watch.begin()
    yield watch
    watch.end()


@pytest.fixture(autouse=True)
def documented():
    """Every answer of every test must be one that the OpenAPI document
    promises."""
    Gateway.faults.clear()
    yield
    assert not Gateway.faults, "\n".join(Gateway.faults[:20])


@pytest.fixture(scope="session")
def system(stack, folder, watch):
    system = System(os.environ["BIN"], stack, folder / "run",
                    checked({"INSERVICE_LOG_LEVEL": "info",
                             # One officer enters more than a person could
                             # type.
                             "INSERVICE_LOOK_UPS_PER_OFFICER": "100000",
                             **({"INSERVICE_RESEND_AFTER": "5s"} if SECURE
                                else {}),
                             "INSERVICE_LOOK_UPS_PER_UNIT": "100000",
                             # All tests come from one address.
                             "INSERVICE_SIGN_IN_FAILURES": "100000",
                             "INSERVICE_VERIFICATIONS_PER_CLIENT": "100000",
                             "INSERVICE_VERIFICATIONS_PER_NETWORK": "100000",
                             "INSERVICE_APPLICATIONS_PER_CLIENT": "100000",
                             "INSERVICE_APPLICATIONS_PER_NETWORK": "100000"}))
    for service in system.services.values():
        watch.add(service)
    system.migrate()
    system.start()
    yield system
    system.stop()
    for service in system.services.values():
        assert service.process.returncode == 0, service.tail(60)


@pytest.fixture(scope="session")
def contracts():
    return Contracts(os.environ["DESCRIPTOR_SET"])


@pytest.fixture(scope="session")
def kafka(stack, contracts):
    """As the broker's administrator."""
    security = security_of(stack, "ADMIN")
    if security:
        security["sasl.mechanism"] = "SCRAM-SHA-256"
    return Kafka(stack.env["KAFKA_BOOTSTRAP"], contracts, security)


@pytest.fixture(scope="session")
def db(stack):
    return Db(stack.env["ADMIN_DATABASE_URL"])


# The small county, and as many schools as tests take.
ROWS = county.small() + county.make_large(450, 7)[1:]


class County:
    """The founded town with its small county, and unused schools for the
    tests."""

    def __init__(self, town):
        self.town = town
        self.rows = ROWS
        self.names = {row[0]: row[1] for row in self.rows}
        self.free = [row[0] for row in self.rows if len(row[0]) > 6
                     and row[2] in ("國民小學", "國民中學")]
        self.centre = None

    def school(self):
        """(code, CHIEF signed in) of a school that no test has used."""
        code = self.free.pop()
        return code, self.town.officer(self.centre, code, "CHIEF")


@pytest.fixture(scope="session")
def town(system):
    """Founded, with the small county imported and its centre's CHIEF signed
    in."""
    town = Town(system.url, system.spool, client=Gateway)
    town.found(system["gateway"])
    town.redeem(town.platform)
    town.sign_in(town.platform)
    town.import_rows(town.platform, ROWS)
    Gateway.judge = Document(town.anybody.get("/openapi.json").json)
    return town


@pytest.fixture(scope="session")
def land(town):
    land = County(town)
    land.centre = town.officer(town.platform, county.CENTRE, "CHIEF")
    return land


@pytest.fixture
def school(land):
    return land.school()


@pytest.fixture(scope="module")
def raw_office(town, land, db):
    return Office(town, land, db)


@pytest.fixture(scope="module")
def raw_commands(raw_office):
    return [*account_commands(raw_office), *teacher_commands(raw_office)]


@pytest.fixture
def other_gateway(system, folder, watch):
    """Starts another gateway beside the first, with its own settings."""
    started = []

    def start(**settings):
        first = system["gateway"]
        service = Service("gateway", first.binary, {
            **first.env, **checked(),
            "INSERVICE_LISTEN_PORT": "0",
            **{f"INSERVICE_{k}": str(v) for k, v in settings.items()}},
            folder / "run" / f"other-{len(started)}")
        watch.add(service)
        started.append(service)
        service.start()
        service.wait_ready()
        return Gateway(f"http://127.0.0.1:{service.port}")

    yield start
    for service in started:
        assert service.stop() == 0, service.tail(40)


@pytest.fixture
def anybody(system):
    return Gateway(system.url)


@pytest.fixture(scope="session")
def programs():
    """The folder of the programs of tools/, built like the services."""
    return Path(os.environ["BIN"])


__all__ = ["expect"]
