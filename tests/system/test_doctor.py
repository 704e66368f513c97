"""`doctor`: what it says about a sound installation, and about each planted
fault."""
import re
import subprocess

import pytest
from confluent_kafka.admin import (AdminClient, AlterConfigOpType, ConfigEntry,
                                   ConfigResource, ResourceType)
from play.system import NAMES, Service, wait_until

from harness import LANES, checked

PARTS = {"settings", "database", "schema", "clock", "broker", "topics",
         "rights", "instance"}


def doctor(service, **settings):
    """(exit status, [(word, part, text)]), run with other settings."""
    other = Service(service.name, service.binary, {
        **service.env, **checked(),
        **{f"INSERVICE_{k}": str(v) for k, v in settings.items()}},
        service.folder / "doctor")
    status, out, err = other.host("doctor")
    assert "Sanitizer" not in err, err
    lines = [re.fullmatch(r"(OK|FAULT|NOTE|-) +(\w+) +(.+)", line)
             for line in out.splitlines() if not line.startswith("INSERVICE_")]
    assert all(lines), out
    return status, [line.groups() for line in lines]


def faults(service, **settings):
    """{part: text} of the faults; there are some."""
    status, lines = doctor(service, **settings)
    found = {part: text for word, part, text in lines if word == "FAULT"}
    assert (status, bool(found)) == (1, True), lines
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_sound_installation(town, system, name):
    status, lines = doctor(system[name], INSTANCE_ID="doctor")
    assert status == 0, lines
    assert {word for word, _, _ in lines} <= {"OK", "NOTE"}, lines
    own = {"disk", "keys", "mail"} if name == "gateway" else {"disk"}
    assert {part for _, part, _ in lines} == PARTS | own


def test_it_writes_nothing(town, system, kafka):
    topics = {line.split()[1] for name in NAMES for line in
              system[name].host("topics")[1].splitlines() if "." in line}
    for name in NAMES:
        assert doctor(system[name])[0] == 0
    assert len(topics) == 12
    assert "doctor" not in {r.key for r in kafka.read(*sorted(topics))}


def test_a_name_in_the_group_is_recommended(town, system):
    """P16."""
    _, lines = doctor(system["teacher"])
    assert [text for word, part, text in lines
            if (word, part) == ("NOTE", "instance")] == [
        "no INSERVICE_INSTANCE_ID: after a hard end its lanes stand for 10 s"]


def test_settings(system):
    found = faults(system["account"], BATCH_MAX="many")
    assert "docs/settings.md" in found["settings"]
    found = faults(system["gateway"], TRUSTED_PROXIES="somewhere")
    assert "TRUSTED_PROXIES" in found["settings"]


def test_database(town, system):
    url = system["account"].env["INSERVICE_DATABASE_URL"]
    for wrong, text in (
            (re.sub(r":[^:@]+@", ":wrong@", url), "password"),
            (re.sub(r"@[^/]+/", "@127.0.0.1:1/", url), "refused")):
        found = faults(system["account"], DATABASE_URL=wrong)
        assert set(found) == {"database"} and text in found["database"], found


def test_schema(town, system, db):
    found = faults(system["account"], LANES="7")
    assert "INSERVICE_LANES" in found["schema"]
    rows = db.rows("DELETE FROM account.schema_migration WHERE part = 'account'"
                   " AND name = (SELECT max(name) FROM account.schema_migration"
                   " WHERE part = 'account') RETURNING *")
    try:
        found = faults(system["account"])
        assert set(found) == {"schema"} and "run `migrate`" in found["schema"]
    finally:
        marks = ", ".join(["%s"] * len(rows[0]))
        db.change(f"INSERT INTO account.schema_migration VALUES ({marks})",
                  *rows[0])
    assert doctor(system["account"])[0] == 0


def test_clock(town, system):
    found = faults(system["teacher"], CLOCK_OFFSET="3600")
    assert set(found) == {"clock"} and "+3600.0 s" in found["clock"], found
    assert "chrony" in found["clock"]


def test_broker(town, system):
    found = faults(system["teacher"], KAFKA_BOOTSTRAP="127.0.0.1:1")
    assert set(found) == {"broker"} and "127.0.0.1:1" in found["broker"], found


@pytest.fixture
def setting(stack):
    """Changes a setting of a topic; the old value is back afterwards."""
    admin = AdminClient({"bootstrap.servers": stack.env["KAFKA_BOOTSTRAP"]})
    changed = []

    def change(topic, name, value, keep=True):
        resource = ConfigResource(ResourceType.TOPIC, topic)
        if keep:
            old = admin.describe_configs([resource])[resource].result(20)
            changed.append((topic, name, old[name].value))
        resource.add_incremental_config(ConfigEntry(
            name, value, incremental_operation=AlterConfigOpType.SET))
        admin.incremental_alter_configs([resource])[resource].result(20)
    yield change
    for row in changed:
        change(*row, keep=False)


def test_topics_are_kept_too_short(town, system, setting):
    topic = "inservice.teacher.outcome.v1"
    setting(topic, "retention.ms", "86400000")
    found = faults(system["teacher"])
    assert set(found) == {"topics"}
    assert f"{topic}: retention.ms is 86400000" in found["topics"]


def test_a_longer_time_is_no_fault(town, system, setting):
    setting("inservice.teacher.outcome.v1", "retention.ms", "-1")
    assert doctor(system["teacher"])[0] == 0


@pytest.fixture
def other_broker(programs, tmp_path):
    """The address of a broker that has one of the topics, and no settings."""
    names = tmp_path / "names"
    names.write_text("inservice.teacher.command.v1\n")
    address = tmp_path / "address"
    with open(names) as topics:
        process = subprocess.Popen(
            [str(programs / "mockbroker"), str(address), "3"], stdin=topics,
            stderr=subprocess.DEVNULL, env={"ASAN_OPTIONS": "detect_leaks=0"})
    try:
        yield wait_until(lambda: address.exists() and
                         address.read_text().strip(), 20, "the mock broker")
    finally:
        process.kill()
        process.wait(10)


def test_topics_of_another_installation(town, system, other_broker):
    status, lines = doctor(system["teacher"], KAFKA_BOOTSTRAP=other_broker)
    told = [text for word, part, text in lines
            if (word, part) == ("FAULT", "topics")]
    assert status == 1
    assert f"has 3 partitions; the schema has {LANES} lanes" in told[0], lines
    assert told[1:] and all("is absent" in text for text in told[1:])


def test_keys(town, system, tmp_path):
    gateway = system["gateway"]
    found = faults(gateway, KEY_DIR=tmp_path)
    assert "make-keys" in found["keys"], found
    tmp_path.chmod(0o700)
    status, out, err = gateway.host("make-keys", INSERVICE_KEY_DIR=str(tmp_path))
    assert status == 0, err
    found = faults(gateway, KEY_DIR=tmp_path)
    assert "not those of this database" in found["keys"], found
    for key in tmp_path.iterdir():
        key.chmod(0o644)
    assert "keys" in faults(gateway, KEY_DIR=tmp_path)


def test_disk(town, system, tmp_path):
    found = faults(system["gateway"], MAIL_SPOOL=tmp_path / "absent")
    assert set(found) == {"disk"} and "make the folder" in found["disk"], found
