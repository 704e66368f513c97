"""Unwanted messages from Kafka: rubbish becomes a dead letter, a message of a
newer build waits with its key, and everything else goes on."""
import re
import uuid

import pytest
from play.system import wait_until
from play.town import expect

from harness import LANES, lane_of

COMMANDS = "inservice.account.command.v1"
ADD = "inservice.account.v1.AddOrganization"
PLATFORM = {}  # the actor of the commands


@pytest.fixture(scope="module", autouse=True)
def platform(town):
    PLATFORM.update(account_id=town.platform.account,
                    organization=town.platform.organization)


def add(contracts, code, **more):
    """A command of the platform's CHIEF that enters a unit."""
    message = contracts.make(ADD, code=code, name="測試單位", kind=7, **more)
    message.order.command_id = str(uuid.uuid4())
    message.order.at = 1
    message.order.actor.CopyFrom(contracts.make(
        "inservice.common.v1.Actor", **PLATFORM))
    return message


def send(kafka, code, value, type=ADD, command_id=None, topic=COMMANDS):
    command_id = command_id or str(uuid.uuid4())
    kafka.send(topic, lane_of(code), code, value, type, command_id)
    return command_id


def outcome(kafka, command_id, deadline=20):
    def look():
        for record in kafka.read("inservice.account.outcome.v1"):
            if record.key == command_id:
                return record.message
        return None
    return wait_until(look, deadline, f"the outcome of {command_id}")


def dead_letter(kafka, command_id):
    def look():
        for record in kafka.read("inservice.account.dlq.v1"):
            if record.headers.get("ce_causationid") == command_id:
                return record
        return None
    return wait_until(look, 20, f"the dead letter of {command_id}")


def parked(db, key):
    return db.rows("SELECT parked_id, lane, type FROM account.parked WHERE "
                   "key = %s ORDER BY parked_id", key)


def present(db, code):
    return db.rows("SELECT 1 FROM account.organization WHERE code = %s",
                   code) != []


def fresh():
    return f"T-{uuid.uuid4().hex[:10].upper()}"


RUBBISH = {
    "no protobuf": b"\xff\xff\xff\xff",
    "cut": b"\x12\x20abc",
    "bad utf-8": b"\x12\x02\xff\xfe",
    "nul in text": b"\x12\x03a\x00b",
    "group": b"\x0b",
    "deep": b"\x0a\x40" + b"\x12\x3e" + b"\x12\x3c" * 20,
}


@pytest.mark.parametrize("name", RUBBISH)
def test_rubbish_is_a_dead_letter(system, kafka, contracts, db, errors, name):
    errors.plan("message_broken")
    code = fresh()
    sent = send(kafka, code, RUBBISH[name])
    good = add(contracts, code)
    send(kafka, code, good.SerializeToString(),
         command_id=good.order.command_id)
    assert outcome(kafka, good.order.command_id).WhichOneof("result") == "done"
    letter = dead_letter(kafka, sent)
    assert letter.raw == RUBBISH[name]
    assert letter.headers["ce_reason"]
    assert origin(kafka, letter).headers["ce_id"] == sent
    assert parked(db, code) == []


def origin(kafka, letter):
    """The record that a dead letter names."""
    topic, partition, offset = letter.headers["ce_origin"].split("/")
    return next(r for r in kafka.read(topic)
                if (r.partition, r.offset) == (int(partition), int(offset)))


def parked_keys(service):
    return sum(int(line.split()[-1])
               for line in service.get("/metrics")[1].splitlines()
               if line.startswith("inservice_lane_parked_keys{"))


def test_p05_a_parked_key_is_shown_and_dealt_with(system, kafka, contracts, db,
                                                  errors):
    """The gauge follows at every tick. The commands of the operator say what
    became of each message, and what to do next."""
    errors.plan("message_broken")
    account, code = system["account"], fresh()
    before = parked_keys(account)
    strange = send(kafka, code, b"\x0a\x00",
                   type="inservice.account.v1.FromTheFuture")
    behind = add(contracts, code)
    send(kafka, code, behind.SerializeToString(),
         command_id=behind.order.command_id)
    wait_until(lambda: len(parked(db, code)) == 2, 20, "both to be parked")
    wait_until(lambda: parked_keys(account) == before + 1, 10, "the gauge")
    letter = dead_letter(kafka, strange)
    assert letter.headers["ce_reason"] == "unknown_type"
    assert origin(kafka, letter).headers["ce_id"] == strange
    (first, lane, _), (second, _, _) = parked(db, code)
    place = COMMANDS, code, str(lane)

    listed = account.host("parked", "list")[1].splitlines()
    assert listed[0].endswith("\tsince")
    row = next(line for line in listed if line.startswith(f"{first}\t"))
    assert re.search(r"\tunknown_type\t20\d\d-\d\d-\d\dT[\d:]{8}Z$", row), row
    status, out, err = account.host("parked", "release", *place)
    assert status == 0, err
    assert f"{first} inservice.account.v1.FromTheFuture {strange}: waits " \
        "(unknown_type)" in out, out
    assert f"`account parked discard {first} {COMMANDS} {code} {lane}`" in out
    status, out, err = account.host("parked", "discard", str(first), *place)
    assert status == 0, err
    assert re.search(r"^DONE at 20\S+Z, after \d+\.\d s$", out, re.M), out
    assert f"{strange}: REFUSED DISCARDED" in out
    assert f"1 of this key wait: `account parked release {COMMANDS} {code} " \
        f"{lane}` handles them" in out, out
    status, out, err = account.host("parked", "release", *place)
    assert status == 0, err
    assert f"{second} inservice.account.v1.AddOrganization " \
        f"{behind.order.command_id}: DONE" in out, out
    assert "nothing of this key waits" in out and present(db, code)
    wait_until(lambda: parked_keys(account) == before, 10, "the gauge")
    out = account.host("parked", "release", *place)[1]
    assert "nothing of this key is parked" in out


def test_unknown_type_waits_with_its_key(system, kafka, contracts, db, errors):
    """An operator discards it. The message after it is decided then."""
    errors.plan("message_broken")
    account, code = system["account"], fresh()
    strange = send(kafka, code, b"\x0a\x00",
                   type="inservice.account.v1.FromTheFuture")
    wait_until(lambda: parked(db, code), 20, "the parked message")
    behind = add(contracts, code)
    send(kafka, code, behind.SerializeToString(),
         command_id=behind.order.command_id)
    wait_until(lambda: len(parked(db, code)) == 2, 20, "the one after it")
    assert not present(db, code)
    beside = add(contracts, fresh())
    send(kafka, beside.code, beside.SerializeToString(),
         command_id=beside.order.command_id)
    assert outcome(kafka, beside.order.command_id).WhichOneof("result") == \
        "done"

    status, out, _ = account.host("parked", "list")
    assert status == 0 and code in out and "FromTheFuture" in out
    parked_id, lane, _ = parked(db, code)[0]
    status, out, err = account.host("parked", "discard", str(parked_id),
                                    COMMANDS, code, str(lane))
    assert status == 0, err
    assert outcome(kafka, strange).refused.code == "DISCARDED"
    status, _, err = account.host("parked", "release", COMMANDS, code,
                                  str(lane))
    assert status == 0, err
    wait_until(lambda: present(db, code), 20, "the one after it to be decided")
    wait_until(lambda: parked(db, code) == [], 20, "the key to be free")


def test_newer_version_of_a_message_waits(system, kafka, contracts, db,
                                          errors):
    """A message with fields unknown to this build is set aside, never half
    decoded."""
    errors.plan("message_broken")
    code = fresh()
    newer = add(contracts, code)
    send(kafka, code, newer.SerializeToString() + b"\xba\x3e\x03new",
         command_id=newer.order.command_id)
    rows = wait_until(lambda: parked(db, code), 20, "the parked message")
    assert not present(db, code)
    # The same build reads it again, and it goes on waiting.
    status, _, err = system["account"].host("parked", "release", COMMANDS,
                                            code, str(rows[0][1]))
    assert status == 0, err
    status, _, err = system["account"].host(
        "parked", "discard", str(rows[0][0]), COMMANDS, code, str(rows[0][1]))
    assert status == 0, err
    wait_until(lambda: parked(db, code) == [], 20, "the discarding")
    assert not present(db, code)


def test_unknown_fact_is_passed_over(system, kafka, contracts, db):
    """A fact without a handler here is no fault."""
    code = fresh()
    kafka.send("inservice.course.event.v1", lane_of(code), code, b"\x0a\x00",
               "inservice.course.v1.SomethingNew")
    good = add(contracts, code)
    send(kafka, code, good.SerializeToString(),
         command_id=good.order.command_id)
    assert outcome(kafka, good.order.command_id).WhichOneof("result") == "done"
    assert parked(db, code) == []


def test_wrong_lane(system, kafka, contracts, errors):
    errors.plan("wrong_lane", "message_broken")
    message = add(contracts, fresh())
    kafka.send(COMMANDS, (lane_of(message.code) + 1) % LANES, message.code,
               message.SerializeToString(), ADD, message.order.command_id)
    answer = outcome(kafka, message.order.command_id)
    assert answer.refused.code == "WRONG_LANE"


def test_repeated_command_has_one_effect(system, kafka, contracts, db):
    """I2: the same command five times gives one row, one fact, the same
    outcome."""
    message = add(contracts, fresh())
    for _ in range(5):
        send(kafka, message.code, message.SerializeToString(),
             command_id=message.order.command_id)
    wait_until(lambda: len([r for r in kafka.read(
        "inservice.account.outcome.v1")
        if r.key == message.order.command_id]) == 5, 20, "five outcomes")
    facts = [r for r in kafka.read("inservice.account.event.v1")
             if r.key == message.code]
    assert [r.short for r in facts] == ["OrganizationAdded"]


def test_command_of_somebody_unknown(system, kafka, contracts):
    """The owner looks the actor up itself and does not trust the sender."""
    message = add(contracts, fresh())
    actor = message.order.actor
    actor.account_id = str(uuid.uuid4())
    actor.account_version = 1
    actor.role, actor.permissions, actor.kind, actor.reach = 2, 1, 1, 1
    actor.organization = "994601"
    send(kafka, message.code, message.SerializeToString(),
         command_id=message.order.command_id)
    assert outcome(kafka, message.order.command_id).refused.code == \
        "UNKNOWN_ACTOR"


def test_the_last_state_answers_the_command(town, land, kafka, db):
    """It names the operation, the operation ends with its version, and no
    outcome is said beside it."""
    _, chief = land.school()
    teacher = town.person()
    done = expect(town.register(chief, teacher), 201).json
    command = db.one("SELECT command_id::text FROM gateway.operation WHERE "
                     "operation_id = %s", done["operation"])
    states = [record for record in kafka.read("inservice.teacher.state.v1")
              if record.headers.get("ce_completes") == done["operation"]]
    assert [(r.key, r.headers["ce_causationid"], r.headers["ce_entityversion"])
            for r in states] == [(teacher.teacher, command, str(done["version"]))]
    assert not [r for r in kafka.read("inservice.teacher.outcome.v1")
                if r.key == command]
    assert db.rows("SELECT state, version, outcome_seq FROM gateway.operation "
                   "WHERE operation_id = %s", done["operation"]) == \
        [(1, done["version"], 0)]
