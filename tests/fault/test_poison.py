"""Unwanted messages on the topics: poison, repetitions, messages that kill the
process; and the ways in which an operator frees parked keys."""
import random
import struct
import uuid

import pytest

from checker.reading import Topics
from conftest import SEED
from fleet import pause_until
from harness import LANES, lane_of
from work import command_headers, now

TOPIC = "inservice.%s.command.v1"
KINDS = ("random", "empty", "tombstone", "truncated", "nested", "wrong_type",
         "fact_as_command", "unknown_type", "newer_field", "unknown_enum",
         "no_order", "other_id", "bad_id", "huge_key", "binary_key", "no_key",
         "no_headers", "bad_utf8_header", "nul_header", "huge_header",
         "odd_numbers", "bad_utf8_field", "nul_field", "huge_value",
         "huge_field", "wrong_lane", "late", "many_headers")


class Poison:
    """One message of a kind: (lane, key, value, headers)."""

    def __init__(self, town, seed):
        self.town, self.seed = town, seed

    def order(self, **more):
        return {"command_id": str(uuid.uuid4()), "at": now(),
                "actor": self.town.administrator, **more}

    def sound(self, order=None):
        """A command that would be done."""
        order = order or self.order()
        code = self.town.new_code()
        fields = {"code": code, "name": "單位", "kind": 7}
        message = self.town.contracts.make(
            "inservice.account.v1.AddOrganization", **fields)
        message.order.CopyFrom(self.town.contracts.make(
            "inservice.common.v1.Order", **order))
        head = command_headers("inservice.account.v1.AddOrganization",
                               order["command_id"], code,
                               ce_source="/tests/poison")
        return code, message.SerializeToString(), head

    def make(self, kind):
        key, value, head = self.sound()
        lane = lane_of(key)
        bent = getattr(self, kind)(key, value, dict(head))
        if bent is None:
            return lane, key, value, head
        key, value, head = bent
        head = list(head.items()) if isinstance(head, dict) else head
        return lane, key, value, head

    def random(self, key, value, head):
        return key, self.seed.randbytes(self.seed.randrange(1, 400)), head

    def empty(self, key, value, head):
        return key, b"", head

    def tombstone(self, key, value, head):
        return key, None, head

    def truncated(self, key, value, head):
        return key, value[:-self.seed.randrange(1, len(value))], head

    def nested(self, key, value, head):
        deep = b""
        for _ in range(4000):
            deep = b"\x0a" + varint(len(deep)) + deep
        return key, deep, head

    def wrong_type(self, key, value, head):
        return key, value, {**head, "ce_type":
                            b"inservice.account.v1.SuspendLeaver"}

    def fact_as_command(self, key, value, head):
        return key, value, {**head, "ce_type":
                            b"inservice.account.v1.OrganizationAdded"}

    def unknown_type(self, key, value, head):
        return key, value, {**head, "ce_type": b"inservice.account.v9.Never"}

    def newer_field(self, key, value, head):
        return key, value + varint(777 << 3 | 2) + b"\x03new", head

    def unknown_enum(self, key, value, head):
        return key, value + b"\x20\x63", head  # kind = 99

    def no_order(self, key, value, head):
        return key, b"\x12\x03abc", head

    def other_id(self, key, value, head):
        return key, value, {**head, "ce_id": str(uuid.uuid4()).encode()}

    def bad_id(self, key, value, head):
        key, value, head = self.sound(order=self.order(command_id="x' OR 1"))
        return key, value, dict(head)

    def huge_key(self, key, value, head):
        return "k" * 100_000, value, {**head, "ce_type": b"inservice.x.v1.Y"}

    def binary_key(self, key, value, head):
        return b"\xff\x00\xfe" + self.seed.randbytes(9), value, {
            **head, "ce_type": b"inservice.x.v1.Y"}

    def no_key(self, key, value, head):
        return None, self.seed.randbytes(20), head

    def no_headers(self, key, value, head):
        return key, value, []

    def bad_utf8_header(self, key, value, head):
        return key, value, {**head, "ce_type": b"\xff\xfe\xc0\xaf",
                            "traceparent": b"\xed\xa0\x80"}

    def nul_header(self, key, value, head):
        return key, value, {**head, "ce_type": b"a\x00b", "ce_id": b"\x00"}

    def huge_header(self, key, value, head):
        return key, value, {**head, "ce_type": b"t" * 50_000,
                            "ce_source": b"s" * 50_000}

    def odd_numbers(self, key, value, head):
        return key, self.seed.randbytes(30), {
            **head, "ce_sequence": b"99999999999999999999999",
            "ce_incarnation": b"-1", "ce_entityversion": b"nan",
            "ce_time": b"9999-99-99T99:99:99.999999Z"}

    def bad_utf8_field(self, key, value, head):
        return key, value + b"\x1a\x02\xff\xfe", head

    def nul_field(self, key, value, head):
        return key, value + b"\x1a\x03a\x00b", head

    def huge_value(self, key, value, head):
        return key, self.seed.randbytes(300_000), head

    def huge_field(self, key, value, head):
        return key, value + b"\x1a" + varint(200_000) + b"x" * 200_000, head

    def wrong_lane(self, key, value, head):
        return None

    def late(self, key, value, head):
        key, value, head = self.sound(order=self.order(not_after=1))
        return key, value, dict(head)

    def many_headers(self, key, value, head):
        return key, b"\xff", list(head.items()) + [
            (f"x{i}", b"y") for i in range(500)]


def varint(number):
    out = b""
    while number > 127:
        out += struct.pack("B", number & 127 | 128)
        number >>= 7
    return out + struct.pack("B", number)


def put(town, kind, poison, topic=TOPIC % "account"):
    lane, key, value, head = poison.make(kind)
    if kind == "wrong_lane":
        lane = (lane + 1) % LANES
    town.put(topic, lane, key, value, head, flush=False)


def discard_all(town, db, process, service):
    """As an operator does after reading the list: one on the command line, the
    others by the same messages as that sends."""
    type = "inservice.common.v1.Discard"
    rows = db.rows(f"SELECT parked_id, topic, key, lane "
                   f"FROM {service}.parked ORDER BY 1")
    for row in rows[:1]:
        status, _, err = process.host("parked", "discard", *map(str, row))
        assert status == 0, err
    for parked_id, topic, key, lane in rows[1:]:
        sent = str(uuid.uuid4())
        message = town.contracts.make(type, parked_id=str(parked_id),
                                      topic=topic, key=key, lane=lane)
        message.order.command_id, message.order.at = sent, now()
        town.put(TOPIC % service, lane, key, message.SerializeToString(),
                 command_headers(type, sent, key), flush=False)
    town.flush()
    assert pause_until(60, lambda: not db.rows(
        f"SELECT 1 FROM {service}.parked")), process.tail(30)


def test_a_thousand_poisonous_messages(town, both, fleet, db, judge, long):
    """Mixed into sound traffic, which is answered completely. The poison goes
    to the dlq or is parked, and can be discarded."""
    fleet.plan("message_broken")
    poison, sent = Poison(town, random.Random(SEED)), []
    for i in range(20_000 if long else 1000):
        put(town, KINDS[i % len(KINDS)], poison)
        sent.append(town.add_unit(town.new_code(), flush=False))
        if i % 100 == 99:
            town.flush()
    town.flush()
    town.done(town.ears.wait(sent, 600 if long else 120))
    assert both["account"].alive
    judge(may_park=True, settle=60)
    reasons = dict(db.rows("SELECT reason, count(*) FROM account.parked "
                           "GROUP BY 1"))
    assert {"unknown_type", "newer_contract"} <= set(reasons), reasons
    status, out, _ = both["account"].host("parked", "list")
    assert status == 0 and "unknown_type" in out
    discard_all(town, db, both["account"], "account")
    judge(settle=60)


@pytest.mark.parametrize("topic,service", [
    ("inservice.teacher.command.v1", "teacher"),
    ("inservice.course.event.v1", "account")])
def test_poison_on_other_topics(topic, service, town, both, fleet, db, judge):
    fleet.plan("message_broken")
    poison = Poison(town, random.Random(SEED))
    for kind in KINDS:
        put(town, kind, poison, topic)
    town.flush()
    works = [town.one_fact(), town.teacher_one_fact()]
    for work in works:
        town.finish(work)
    judge(may_park=True, settle=60)
    discard_all(town, db, both[service], service)
    judge()


# --- repetitions -----------------------------------------------------------------
def said(stack, types, *topics):
    """All sound records of these topics, in the order of each partition.
    Records that no build knows would only be parked again."""
    read = Topics(stack.env["KAFKA_BOOTSTRAP"])
    read.read_all()
    read.consumer.close()
    return [r for t in topics for part in read.records[t].values()
            for r in part
            if r.text("ce_source").startswith(("/tests/fault", "/inservice/"))
            and r.text("ce_type") in types]


def repeat(town, records, times):
    for _ in range(times):
        for record in records:
            town.put(record.topic, record.partition, record.key, record.value,
                     list(record.headers.items()), False)
    town.flush()


def test_everything_is_said_three_times(town, both, judge, stack, db, long):
    """All topics again from the beginning, as after rewound offsets: no effect
    is doubled, versions stay the same, outcomes are the stored ones."""
    for name in ("one_fact", "many_facts", "claim", "self_command", "timer",
                 "teacher_one_fact", "teacher_many_facts", "teacher_timer"):
        town.finish(getattr(town, name)())
    judge()
    tables = ("account.organization", "account.business_account",
              "teacher.teacher", "teacher.post", "account.affiliation",
              "teacher.officer_copy", "teacher.organization_copy")

    def now_there():
        return {t: sorted(map(str, db.rows(f"SELECT t FROM {t} t")))
                for t in tables}
    before = now_there()
    topics = [f"inservice.{s}.{k}.v1" for s in ("account", "teacher")
              for k in ("command", "event", "state")]
    records = said(stack, town.contracts.types, *topics)
    repeat(town, records[-(20_000 if long else 1500):], 3)
    town.finish(town.one_fact())
    judge(settle=120)
    after = now_there()
    after["account.organization"] = [
        row for row in after["account.organization"]
        if row in before["account.organization"]]
    after["teacher.organization_copy"] = before["teacher.organization_copy"]
    assert after == before


# --- parked keys --------------------------------------------------------------------
def course(town, key, account, version, state=3, sequence=None):
    """A message of the course system; without an account it is invalid."""
    type = "inservice.course.v1.CourseStateChanged"
    message = town.contracts.make(
        type, course_id=key, owner_account_id=account, organization="X",
        title="t", state=state, course_version=version)
    more = {} if sequence is None else {"ce_sequence": str(sequence).encode(),
                                        "ce_incarnation": b"1"}
    town.put("inservice.course.event.v1", lane_of("X"), key,
             message.SerializeToString(),
             command_headers(type, str(uuid.uuid4()), key, **more))


def parked(db, service, key):
    return [i for i, in db.rows(
        f"SELECT parked_id FROM {service}.parked WHERE key = %s "
        "ORDER BY parked_id", key)]


def test_a_parked_key_waits_and_is_released(town, both, fleet, db, judge):
    """A fact that cannot be handled parks its key; other keys flow. After the
    first fact is discarded, the rest is handled in order. A repetition of the
    parked fact is not parked a second time."""
    fleet.plan("message_broken")
    topic, key, other = "inservice.course.event.v1", "c" + uuid.uuid4().hex, \
        "c" + uuid.uuid4().hex
    owner, lane = str(uuid.uuid4()), lane_of("X")
    first = 1 + max([0] + [s for s, in db.rows(
        "SELECT last_seq FROM account.lane_input WHERE topic = %s "
        "AND lane = %s", topic, lane)])
    # A sequence that no number can hold does not hide what comes after it.
    course(town, "c" + uuid.uuid4().hex, owner, 1, sequence=10 ** 23)
    course(town, key, "", 1, sequence=first)
    course(town, key, owner, 2, sequence=first + 1)
    course(town, key, owner, 3, state=8, sequence=first + 2)
    course(town, key, "", 1, sequence=first)
    course(town, other, owner, 1, sequence=first + 3)
    assert pause_until(30, lambda: db.rows(
        "SELECT 1 FROM account.course_guard WHERE course_id = %s", other))
    waiting = parked(db, "account", key)
    assert len(waiting) == 3, waiting
    assert not db.rows("SELECT 1 FROM account.course_guard "
                       "WHERE course_id = %s", key)
    account = both["account"]
    # A release changes nothing, because the first still cannot be handled.
    assert account.host("parked", "release", topic, key, str(lane))[0] == 0
    town.finish(town.one_fact())
    fleet.drain(account)
    account = fleet.start("account")
    assert parked(db, "account", key) == waiting
    assert account.host("parked", "discard", str(waiting[0]), topic, key,
                        str(lane))[0] == 0
    assert pause_until(30, lambda: parked(db, "account", key) == waiting[1:])
    assert account.host("parked", "release", topic, key, str(lane))[0] == 0
    assert pause_until(30, lambda: not parked(db, "account", key))
    assert db.one("SELECT state, course_version FROM account.course_guard "
                  "WHERE course_id = %s", key) == (8, 3)
    judge()


def test_a_message_of_a_newer_build_is_released(town, both, fleet, db, judge):
    """Parked with its key, which waits. A release by the same build has no
    effect. After a discard the sender gets an outcome and the followers are
    done."""
    fleet.plan("message_broken")
    key = town.new_code()
    newer, lane = str(uuid.uuid4()), lane_of(key)
    town.put(TOPIC % "account", lane, key, b"\x08\x01",
             command_headers("inservice.account.v1.NotYet", newer, key))
    follower = town.add_unit(key)
    account = both["account"]
    assert pause_until(30, lambda: len(parked(db, "account", key)) == 2)
    account.host("parked", "release", TOPIC % "account", key, str(lane))
    town.finish(town.one_fact())
    assert len(parked(db, "account", key)) == 2
    account.host("parked", "discard", str(parked(db, "account", key)[0]),
                 TOPIC % "account", key, str(lane))
    outcome, = town.ears.wait([newer])
    assert outcome.refused.code == "DISCARDED"
    account.host("parked", "release", TOPIC % "account", key, str(lane))
    town.done(town.ears.wait([follower]))
    assert pause_until(10, lambda: not parked(db, "account", key))
    judge()


def test_what_cannot_be_written_does_not_stop_a_release(town, both, fleet, db,
                                                        judge):
    """The tables refuse a single message. A release of its key ends and leaves
    the message parked."""
    fleet.plan("message_broken")
    key = town.new_code()
    lane = lane_of(key)
    db.line.execute("ALTER TABLE account.organization ADD CONSTRAINT planted "
                    f"CHECK (code <> '{key}')")
    try:
        others = [town.add_unit(town.new_code(), flush=False)
                  for _ in range(20)]
        culprit = town.add_unit(key)
        again = town.add_unit(key)
        town.done(town.ears.wait(others))
        assert pause_until(60, lambda: len(parked(db, "account", key)) == 2)
        both["account"].host("parked", "release", TOPIC % "account", key,
                             str(lane))
        town.finish(town.one_fact(), 60)
        assert pause_until(30, lambda: db.one(
            "SELECT count(*) FROM account.inbox i JOIN account.journal j "
            "USING (command_id) WHERE j.causation = "
            "'inservice.common.v1.Release' AND j.key = i.command_id::text "
            "AND j.lane = %s", lane) > 0), both["account"].tail(30)
        assert len(parked(db, "account", key)) == 2
    finally:
        db.line.execute("ALTER TABLE account.organization "
                        "DROP CONSTRAINT planted")
    both["account"].host("parked", "release", TOPIC % "account", key,
                         str(lane))
    one, two = town.ears.wait([culprit, again])
    assert one.WhichOneof("result") == "done"
    assert two.refused.code == "ORGANIZATION_EXISTS"
    judge()


# --- killers ----------------------------------------------------------------------------
def start_until_it_lives(fleet, failpoint, most=14, ready=None):
    """A crash loop under a supervisor. Returns the process that lives, and the
    number of crashes."""
    for crashes in range(most):
        process = fleet.start("account", failpoint, wait=False)
        if pause_until(20, lambda: not process.alive or (
                ready() if ready else False)) and not process.alive:
            continue
        return process, crashes
    raise AssertionError(f"it died {most} times")


def test_a_message_that_kills_is_set_aside(town, both, fleet, db, judge):
    """A command that kills the process each time is parked with its key after
    some crashes. The messages that waited with it are done."""
    fleet.plan("message_broken")
    fleet.drain(both["account"])
    key = "K" + uuid.uuid4().hex[:12]
    # Commands of the same lane, before and after it.
    mates = [c for c in (town.new_code() for _ in range(400))
             if lane_of(c) == lane_of(key)][:8]
    before = [town.add_unit(c, flush=False) for c in mates[:4]]
    account = str(uuid.uuid4())
    killer = town.command(
        "account", key, "DisableBusinessAccount", flush=False,
        account_id=account, organization=key, cause=1)
    behind = [town.add_unit(c, flush=False) for c in mates[4:]]
    town.flush()
    process, crashes = start_until_it_lives(
        fleet, "lane_decided@DisableBusinessAccount:kill",
        ready=lambda: parked(db, "account", key))
    assert 3 <= crashes <= 12, crashes
    town.done(town.ears.wait(before + behind))
    assert db.one("SELECT reason FROM account.parked WHERE key = %s",
                  key) == "kills_the_process"
    judge(may_park=True)

    # The operator releases it too early: the release kills like the message.
    topic = TOPIC % "account"
    process.host("parked", "release", topic, key, str(lane_of(key)))
    assert process.wait_end() == -9
    process, crashes = start_until_it_lives(
        fleet, "lane_decided@DisableBusinessAccount:kill",
        ready=lambda: len(parked(db, "account", key)) == 2)
    late = town.add_unit(next(c for c in (town.new_code() for _ in range(999))
                              if lane_of(c) == lane_of(key)))
    town.done(town.ears.wait([late]))

    # A build without the failpoint decides both.
    fleet.drain(process)
    process = fleet.start("account")
    for parked_id in parked(db, "account", key)[1:]:
        process.host("parked", "discard", str(parked_id), topic, key,
                     str(lane_of(key)))
    process.host("parked", "release", topic, key, str(lane_of(key)))
    outcome, = town.ears.wait([killer])
    assert outcome.refused.code == "NOT_FOUND"
    assert pause_until(20, lambda: not parked(db, "account", key))
    judge()


@pytest.mark.parametrize("service,make", [("account", "one_fact"),
                                          ("teacher", "teacher_one_fact")])
def test_killed_at_a_noted_try(service, make, town, both, fleet, db, judge):
    """Messages of a crash loop are decided one by one; each try is noted
    before."""
    town.prepare()
    fleet.drain(both[service])
    works = [getattr(town, make)() for _ in range(5)]
    db.line.execute(f"UPDATE {service}.lane_input SET attempts = 9, "
                    "attempt_offset = next_offset")
    process = fleet.start(service, "lane_tried:kill", wait=False)
    assert process.wait_end() == -9 and process.hit("lane_tried")
    fleet.start(service)
    for work in works:
        town.finish(work)
    judge()


def test_restarts_of_idle_lanes_are_no_crash_loop(town, both, db):
    """A taking without a crash resets the counter, so messages are not taken
    one by one."""
    assert pause_until(30, lambda: not db.rows(
        "SELECT 1 FROM account.lane_input WHERE attempts > 0"))


def test_orderly_restarts_are_no_crash_loop(both, fleet, db):
    """Restarts in quick succession: a drain counts as a taking without a
    crash."""
    process = both["account"]
    for _ in range(5):
        fleet.drain(process)
        process = fleet.start("account")
    assert db.one("SELECT max(attempts) FROM account.lane_input") <= 1


def test_state_is_said_again(town, both, judge, db):
    """republish: a new sequence, the same version (rule 5)."""
    code, = town.schools(1)
    said = "SELECT version FROM account.journal WHERE key = %s AND kind = 3 " \
           "ORDER BY seq"
    before = db.rows(said, code)
    status, _, err = both["account"].host(
        "republish", "inservice.account.v1.OrganizationState", code,
        str(lane_of(code)))
    assert status == 0, err
    assert pause_until(30, lambda: len(db.rows(said, code)) > len(before))
    assert db.rows(said, code) == before + before[-1:]
    judge()
