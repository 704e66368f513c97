"""kill -9 at every failpoint × class of work; `stop` and `fail` there, too.

A cell: the service is down and the work is sent. The armed process starts and
dies at its failpoint. Another process takes over, every command is answered
and has its effect. A cell whose failpoint is not hit fails, because it proves
nothing. `make test` draws some cells by the printed seed, each failpoint at
least in turn; FAULT_LONG=1 runs them all.
"""
import os
import random
import uuid
from collections import Counter

import pytest

from conftest import LONG, SEED
from fleet import pause_until
from harness import lane_of

# Class of work → (how it is made, type that narrows the failpoint).
CLASSES = {
    "account": {
        "one_fact": ("one_fact", "AddOrganization"),
        "many_facts": ("many_facts", "EnableBusinessAccount"),
        "claim": ("claim", "ApplyForBusinessAccount"),
        "self_command": ("self_command", "TeacherLeft"),
        "self_command_heard": ("self_command", "SuspendLeaver"),
        "refusal": ("refusal", "AddOrganization"),
        "timer": ("timer", "CloseApplication"),
    },
    "teacher": {
        "one_fact": ("teacher_one_fact", "RegisterTeacher"),
        "many_facts": ("teacher_many_facts", "RegisterTeacher"),
        "copy": ("teacher_copy", "OrganizationState"),
        "refusal": ("teacher_refusal", "RegisterTeacher"),
        "timer": ("teacher_timer", "CarryOutMove"),
    },
}
# Failpoints of a batch are narrowed to the class. The others are hit on the
# way to it, or need their own preparation.
NARROWED = {
    "lane_batch_begin", "lane_first_trip_sent", "lane_rows_read",
    "lane_decided", "lane_before_commit", "lane_commit_sent",
    "lane_commit_unheard", "lane_committed", "lane_before_publish",
    "lane_half_published", "lane_after_publish",
}
ON_THE_WAY = {
    "service_started", "lane_joined", "lane_take_begin", "lane_take_read",
    "lane_take_parked", "lane_take_published", "lane_take_assigned",
    "lane_producer_gone", "lane_messages_taken", "publish_acknowledged",
    "lane_positions_written",
}
AT_THE_END = {"lane_draining", "lane_drained", "lane_settled"}
OF_TIMERS = {"timer_read", "timer_before_commit", "timer_commit_sent",
             "timer_committed", "timer_published"}
OF_REBALANCES = {"lane_revoked", "lane_let_go"}
OF_PARKING = {"lane_before_park", "lane_before_operate", "lane_operated",
              "lane_tried"}
LEFTOVERS = {"lane_leftover_sent"}
EVERY = (NARROWED | ON_THE_WAY | AT_THE_END | OF_TIMERS | OF_REBALANCES |
         OF_PARKING | LEFTOVERS)
# A view publishes nothing.
NOT_OF_A_COPY = {"publish_acknowledged", "lane_positions_written",
                 "lane_half_published"}


def cells():
    """(service, failpoint, class) of the whole matrix."""
    return [(service, failpoint, work)
            for service, classes in sorted(CLASSES.items())
            for failpoint in sorted(NARROWED | ON_THE_WAY | AT_THE_END |
                                    OF_TIMERS | LEFTOVERS)
            for work in classes
            if (failpoint not in OF_TIMERS or work == "timer")
            and (work != "copy" or failpoint not in
                 NOT_OF_A_COPY | LEFTOVERS)]


def drawn(count):
    """Cells by the seed, every failpoint of both services first."""
    everything = cells()
    if LONG:
        return everything
    random.Random(SEED).shuffle(everything)
    turn = Counter()
    order = {}
    for cell in everything:
        turn[cell[:2]] += 1
        order[cell] = turn[cell[:2]]
    return sorted(everything, key=order.get)[:count]


def spec(failpoint, action, narrow):
    return f"{failpoint}@{narrow}:{action}" if failpoint in NARROWED \
        else f"{failpoint}:{action}"


def send_to_stopped(town, fleet, service, make):
    for process in fleet.of(service):
        fleet.drain(process)
    other = "teacher" if service == "account" else "account"
    if not fleet.of(other):
        fleet.start(other)
    return getattr(town, make)()


def with_leftovers(town, fleet, service, make):
    """Messages between COMMIT and publishing, left by a process that died
    there."""
    work = send_to_stopped(town, fleet, service, make)
    narrow = dict(CLASSES[service].values())[make]
    fleet.start(service, f"lane_before_publish@{narrow}:kill",
                wait=False).wait_end()
    return work


def ids(cell):
    return "-".join(cell)


@pytest.mark.parametrize("cell", drawn(int(os.environ.get("FAULT_CELLS", 40))),
                         ids=ids)
def test_killed(cell, town, both, fleet, judge):
    service, failpoint, name = cell
    make, narrow = CLASSES[service][name]
    town.prepare()
    begin = with_leftovers if failpoint in LEFTOVERS else send_to_stopped
    work = begin(town, fleet, service, make)
    process = fleet.start(service, spec(failpoint, "kill", narrow), wait=False)
    if failpoint in AT_THE_END:
        town.finish(work)
        process.signal(15)
    assert process.wait_end() == -9, process.tail(40)
    assert process.hit(failpoint), process.tail(40)
    fleet.start(service)
    town.finish(work)
    judge()


FAIL_CELLS = [(s, f, n) for s, f, n in cells()
              if f not in AT_THE_END | LEFTOVERS | {
                  "service_started", "publish_acknowledged"}]


@pytest.mark.parametrize(
    "cell", FAIL_CELLS if LONG else
    random.Random(SEED + 1).sample(FAIL_CELLS, 8), ids=ids)
def test_failed(cell, town, both, fleet, judge):
    """The failpoint reports a failure instead; the same process recovers."""
    service, failpoint, name = cell
    make, narrow = CLASSES[service][name]
    town.prepare()
    work = send_to_stopped(town, fleet, service, make)
    process = fleet.start(service, spec(failpoint, "fail", narrow))
    town.finish(work)
    assert pause_until(5, lambda: process.hit(failpoint)), process.tail(40)
    judge()
    fleet.drain(process)
    fleet.start(service)


STOP_CELLS = [(s, f, n) for s, f, n in cells()
              if f in NARROWED | {"timer_commit_sent", "timer_committed"}]


@pytest.mark.parametrize(
    "cell", STOP_CELLS if LONG else
    random.Random(SEED + 2).sample(STOP_CELLS, 2), ids=ids)
def test_frozen_at(cell, town, both, fleet, judge):
    """The owner freezes at the failpoint. It wakes after its successor has
    published."""
    service, failpoint, name = cell
    make, narrow = CLASSES[service][name]
    town.prepare()
    work = send_to_stopped(town, fleet, service, make)
    frozen = fleet.start(service, spec(failpoint, "stop", narrow), wait=False,
                         member="")
    assert pause_until(30, lambda: frozen.frozen), frozen.tail(40)
    successor = fleet.start(service, member="", copy="2")
    town.finish(work)
    frozen.thaw()
    more = [getattr(town, make)() for _ in range(3)]
    for one in more:
        town.finish(one)
    judge()
    fleet.drain(frozen)
    judge()
    fleet.drain(successor)
    fleet.start(service)


@pytest.mark.parametrize("service", ["account", "teacher"])
@pytest.mark.parametrize("failpoint", sorted(OF_REBALANCES))
def test_killed_while_lanes_go(service, failpoint, town, both, fleet, judge):
    """It dies when a second process joins and lanes are taken from it."""
    make = {"account": "one_fact", "teacher": "teacher_one_fact"}[service]
    fleet.drain(both[service])
    first = fleet.start(service, f"{failpoint}:kill", member="")
    work = [getattr(town, make)() for _ in range(3)]
    second = fleet.start(service, member="", copy="2", wait=False)
    assert first.wait_end() == -9, first.tail(40)
    assert first.hit(failpoint)
    second.wait_ready()
    for one in work:
        town.finish(one)
    judge()
    fleet.drain(second)
    fleet.start(service)


def poison(town, service, key):
    """A message of a build that does not exist yet."""
    from work import command_headers
    sent = str(uuid.uuid4())
    town.put(f"inservice.{service}.command.v1", lane_of(key), key, b"\x08\x01",
             command_headers(f"inservice.{service}.v1.NotYetKnown", sent, key))
    return sent


@pytest.mark.parametrize("service", ["account", "teacher"])
@pytest.mark.parametrize("failpoint", sorted(OF_PARKING - {"lane_tried"}))
def test_killed_while_parking(service, failpoint, town, both, fleet, db, judge):
    """It dies while it parks a message and while an operator discards it."""
    fleet.plan("message_broken")
    key = town.new_code()
    parked = "SELECT parked_id FROM %s.parked WHERE key = '%s'" % (service, key)
    fleet.drain(both[service])
    sent = poison(town, service, key)
    process = fleet.start(service, f"{failpoint}:kill", wait=False)
    if failpoint != "lane_before_park":
        assert pause_until(30, lambda: db.rows(parked)), process.tail()
        status, _, err = process.host(
            "parked", "discard", str(db.one(parked)),
            f"inservice.{service}.command.v1", key, str(lane_of(key)))
        assert status == 0, err
    assert process.wait_end() == -9 and process.hit(failpoint)
    process = fleet.start(service)
    if failpoint == "lane_before_park":
        assert pause_until(30, lambda: db.rows(parked)), process.tail()
        process.host("parked", "discard", str(db.one(parked)),
                     f"inservice.{service}.command.v1", key, str(lane_of(key)))
    outcome, = town.ears.wait([sent])
    assert outcome.refused.code == "DISCARDED"
    judge()


@pytest.mark.parametrize("service", ["account", "teacher"])
def test_every_failpoint_has_its_place(service, fleet):
    """A new failpoint must be given a place above; there are at least 25."""
    _, out, _ = fleet.process(service).host("failpoints")
    assert set(out.split()) == EVERY
    assert len(EVERY) >= 25
