"""The gateway dies, fails or freezes at its failpoints, and at random moments.

As in test_kill.py, a cell is a failpoint × a class of work. It fails when the
failpoint is not hit, and some cells are drawn by the printed seed
(FAULT_LONG=1: all). The work waits when the armed gateway starts: another
gateway accepted the commands while their owner was stopped, and then ended. If
a failpoint is on the way of a request, the armed gateway runs when the request
comes.
"""
import os
import random
import uuid
from collections import Counter

import pytest

from play.town import expect

from conftest import LONG, SEED
from fleet import pause_until
from office import Crowd
from harness import lane_of

TOPIC = "inservice.course.event.v1"
# Class of work → (type that narrows the failpoint, owner of its commands).
CLASSES = {
    "command_done": ("TeacherState", "teacher"),
    "command_refused": ("Outcome", "teacher"),
    "key_repeated": ("TeacherState", "teacher"),
    "import_row": ("OrganizationState", "account"),
    "organization": ("OrganizationState", None),
    "business_account": ("BusinessAccountState", None),
    "teacher": ("TeacherState", None),
    "teacher_account": ("TeacherAccountState", None),
    "code_table": ("CodeTableState", None),
    "course": ("CourseStateChanged", None),
    "mail": ("BusinessAccountEnabled", None),
}
# Failpoints of a batch of the lane of views.
NARROWED = {
    "lane_batch_begin", "lane_first_trip_sent", "lane_rows_read",
    "lane_decided", "lane_before_commit", "lane_commit_sent",
    "lane_commit_unheard", "lane_committed",
}
ON_THE_WAY = {
    "service_started", "lane_joined", "lane_take_begin", "lane_take_read",
    "lane_take_parked", "lane_take_published", "lane_take_assigned",
    "lane_messages_taken",
}
AT_THE_END = {"lane_draining", "lane_settled"}
OF_REBALANCES = {"lane_revoked", "lane_let_go"}
OF_PARKING = {"lane_before_park", "lane_before_operate", "lane_operated",
              "lane_tried"}
# The gateway's own failpoints → classes of work that reach them.
OWN = {
    "import_row_sent": ("import_row",),
    "mail_before_send": ("mail",),
    "mail_after_send": ("mail",),
}
OF_REQUESTS = {"operation_written"}
OF_THE_SWEEPER = {"operation_resent"}
# A lane of views publishes nothing and has no timers.
NEVER = {
    "lane_before_publish", "lane_half_published", "lane_after_publish",
    "lane_leftover_sent", "lane_producer_gone", "publish_acknowledged",
    "lane_positions_written", "lane_drained", "timer_read",
    "timer_before_commit", "timer_commit_sent", "timer_committed",
    "timer_published",
}
HIT = (NARROWED | ON_THE_WAY | AT_THE_END | OF_REBALANCES | OF_PARKING |
       set(OWN) | OF_REQUESTS | OF_THE_SWEEPER)


def cells():
    """(failpoint, class) of the whole matrix."""
    return [(failpoint, work)
            for failpoint in sorted(NARROWED | ON_THE_WAY | AT_THE_END)
            for work in CLASSES] + [
        (failpoint, work) for failpoint, works in OWN.items()
        for work in works]


def drawn(everything, count, salt):
    """Cells by the seed: each failpoint once, and each class, as far as
    possible."""
    if LONG:
        return everything
    everything = list(everything)
    random.Random(SEED + salt).shuffle(everything)
    chosen, turn = [], Counter()
    while len(chosen) < min(count, len(everything)):
        left = [cell for cell in everything if cell not in chosen]
        chosen.append(min(left, key=lambda c: (turn[c[0]], turn[c[1]])))
        turn.update(chosen[-1])
    return chosen


def spec(failpoint, action, name):
    return f"{failpoint}@{CLASSES[name][0]}:{action}" \
        if failpoint in NARROWED else f"{failpoint}:{action}"


def put_waiting(office, fleet, three, name):
    """The work is sent and the gateway is down, so its messages wait."""
    owner = three.get(CLASSES[name][1])
    if owner is None:
        fleet.drain(three["gateway"])
        return getattr(office, name)()
    owner.freeze()
    try:
        work = getattr(office, name)()
        fleet.drain(three["gateway"])
    finally:
        owner.thaw()
    return work


def armed(office, fleet, three, cell, action):
    """(work, process): the work waits for the armed gateway, or is sent to
    it."""
    failpoint, name = cell
    office.town.prepare()
    if failpoint not in OWN:
        work = put_waiting(office, fleet, three, name)
        return work, fleet.start("gateway", spec(failpoint, action, name),
                                 wait=False)
    fleet.drain(three["gateway"])
    # Mails of the prepared work may kill it before it is ready.
    process = fleet.start("gateway", spec(failpoint, action, name),
                          wait=name != "mail")
    return getattr(office, name)(), process


def ids(cell):
    return "-".join(cell)


@pytest.mark.parametrize(
    "cell", drawn(cells(), int(os.environ.get("GATEWAY_CELLS", 12)), 10),
    ids=ids)
def test_killed(cell, office, three, fleet, judge):
    work, process = armed(office, fleet, three, cell, "kill")
    if cell[0] in AT_THE_END:
        process.wait_ready()
        office.town.finish(work)
        process.signal(15)
    assert process.wait_end() == -9, process.tail(40)
    assert process.hit(cell[0]), process.tail(40)
    fleet.start("gateway")
    office.town.finish(work)
    judge()


FAIL_CELLS = [c for c in cells()
              if c[0] not in AT_THE_END | {"service_started"}]


@pytest.mark.parametrize("cell", drawn(FAIL_CELLS, 2, 11), ids=ids)
def test_failed(cell, office, three, fleet, judge):
    """The failpoint reports a failure instead; the same process recovers."""
    work, process = armed(office, fleet, three, cell, "fail")
    process.wait_ready()
    office.town.finish(work)
    assert pause_until(5, lambda: process.hit(cell[0])), process.tail(40)
    judge()
    fleet.drain(process)


STOP_CELLS = [c for c in cells() if c[0] in NARROWED]


@pytest.mark.parametrize("cell", drawn(STOP_CELLS, 1, 12), ids=ids)
def test_frozen_at(cell, office, three, fleet, judge):
    """It freezes at the failpoint, and wakes after a successor has gone on."""
    failpoint, name = cell
    office.town.prepare()
    work = put_waiting(office, fleet, three, name)
    frozen = fleet.start("gateway", spec(failpoint, "stop", name), wait=False,
                         member="")
    assert pause_until(30, lambda: frozen.frozen), frozen.tail(40)
    successor = fleet.start("gateway", member="", copy="2")
    with office.at(fleet.url("2")):
        office.town.finish(work)
        frozen.thaw()
        for _ in range(3):
            office.town.finish(getattr(office, name)())
    judge()
    fleet.drain(frozen)
    judge()
    fleet.drain(successor)


# --- requests under way -------------------------------------------------------
UNDER_WAY = [(failpoint, str(skip)) for skip in (0, 1, 3)
             for failpoint in sorted(NARROWED | OF_REQUESTS |
                                     {"lane_messages_taken"})]


def spec_under_way(failpoint, skip):
    narrow = "@TeacherState" if failpoint in NARROWED else ""
    return f"{failpoint}{narrow}:kill:{skip}"


@pytest.mark.parametrize("cell", drawn(UNDER_WAY, 2, 13), ids=ids)
def test_killed_with_requests_under_way(cell, office, three, fleet, judge):
    """An answer stays valid. A request without an answer is sent again and has
    one effect."""
    fleet.drain(three["gateway"])
    process = fleet.start("gateway", spec_under_way(*cell))
    crowd = Crowd(office, office.some_requests(60))
    assert process.wait_end() == -9, process.tail(40)
    assert process.hit(cell[0])
    requests = crowd.end()
    assert any(r.lost for r in requests)
    fleet.start("gateway")
    office.held_to(requests)
    judge()


def test_killed_at_any_moment(office, three, fleet, seed, judge, long):
    """kill -9 from outside, at any moment."""
    process = three["gateway"]
    for _ in range(20 if long else 2):
        crowd, goal = Crowd(office, office.some_requests(200)), \
            seed.randrange(5, 60)
        assert pause_until(60, lambda: crowd.answered() >= goal)
        process.kill()
        requests = crowd.end()
        process = fleet.start("gateway")
        office.held_to(requests)
    judge()


@pytest.mark.parametrize("action", ["fail", "kill"])
def test_written_and_not_sent(action, office, three, fleet, judge):
    """The sweeper sends a command without an outcome again when its time has
    come. If the sweeper dies meanwhile, the next one sends it."""
    fleet.drain(three["gateway"])
    process = fleet.start(
        "gateway", f"operation_written:fail,operation_resent:{action}")
    requests = [office.to_register(), office.to_be_refused()]
    for request in requests[:1 if action == "kill" else 2]:
        assert not request.ask("respond-async") and request.operation
    assert process.hit("operation_written")
    if action == "kill":
        assert process.wait_end() == -9
        process = fleet.start("gateway")
    process.wait_for("operations_resent")
    office.held_to(requests)
    judge()


def test_an_officers_way_with_a_death_at_each_step(office, three, fleet,
                                                   judge):
    """Proof of address, application, enabling, ticket, sign-in: every answer,
    with a key or without, survives a kill -9 the moment after."""
    people, process = office.people, three["gateway"]

    def dies():
        nonlocal process
        process.kill()
        office.hurry_mails()
        process = fleet.start("gateway")

    person = people.person()
    asked = expect(people.anybody.post(
        "/v1/email-verifications", {"email": person.email}, key=None), 202)
    dies()
    token = expect(people.anybody.post(
        f"/v1/email-verifications/{asked.json['id']}/confirm",
        {"code": people.spool.code(person.email)}, key=None), 200).json["token"]
    dies()
    applied = expect(people.anybody.post(
        "/v1/applications",
        people.application(person, office.school, "OPERATOR"),
        headers={"Verification-Token": token}), 201)
    person.account, person.organization = applied.json["subject"], office.school
    dies()
    people.enable(office.chief, person, "OPERATOR")
    dies()
    people.redeem(person)
    dies()
    people.sign_in(person)
    dies()
    me = expect(person.client.get("/v1/me"), 200)
    assert person.account in me.body.decode()
    judge()


# --- rebalances and parking -----------------------------------------------------
@pytest.mark.parametrize("failpoint", sorted(OF_REBALANCES) if LONG else
                         random.Random(SEED).sample(sorted(OF_REBALANCES), 1))
def test_killed_while_lanes_go(failpoint, office, three, fleet, judge):
    """It dies when a second gateway joins and lanes are taken from it."""
    fleet.drain(three["gateway"])
    first = fleet.start("gateway", f"{failpoint}:kill", member="")
    work = [office.command_done(), office.organization()]
    second = fleet.start("gateway", member="", copy="2", wait=False)
    assert first.wait_end() == -9, first.tail(40)
    assert first.hit(failpoint)
    second.wait_ready()
    with office.at(fleet.url("2")):
        for one in work:
            office.town.finish(one)
    judge()
    fleet.drain(second)


def two_changes(town, course):
    """The first is of a newer build, so the second waits for it."""
    for version, newer in ((1, b"\x8a\x30\x03new"), (2, b"")):
        town.say_course(course, str(uuid.uuid4()), version, newer=newer)


def give_up_first(process, db, course, town):
    """As an operator does: discards the first and releases the rest."""
    place = TOPIC, course, str(lane_of(town.centre))
    first = db.rows(f"SELECT parked_id FROM {process.name}.parked WHERE key = "
                    "%s AND reason = 'newer_contract'", course)
    for parked_id, in first:
        status, _, err = process.host("parked", "discard", str(parked_id),
                                      *place)
        assert status == 0, err
    status, _, err = process.host("parked", "release", *place)
    assert status == 0, err


def parked(db, name, course):
    return db.one(f"SELECT count(*) FROM {name}.parked WHERE key = %s", course)


@pytest.mark.parametrize("failpoint", sorted(OF_PARKING - {"lane_tried"}))
def test_killed_while_parking(failpoint, office, three, fleet, db, judge):
    """It dies while it parks a change and while an operator discards it. In
    the end the view has the change that came after it."""
    fleet.plan("message_broken")
    course, account = uuid.uuid4().hex, three["account"]
    fleet.drain(three["gateway"])
    two_changes(office.town, course)
    process = fleet.start("gateway", f"{failpoint}:kill", wait=False)
    if failpoint != "lane_before_park":
        assert pause_until(30, lambda: parked(db, "gateway", course) == 2)
        give_up_first(process, db, course, office.town)
    assert process.wait_end() == -9 and process.hit(failpoint), process.tail()
    process = fleet.start("gateway")
    for service in (process, account):
        if failpoint == "lane_before_park" or service is account:
            assert pause_until(30, lambda: parked(db, service.name,
                                                  course) == 2)
            give_up_first(service, db, course, office.town)
        assert pause_until(30, lambda: parked(db, service.name, course) == 0)
    assert db.one("SELECT version FROM gateway.v_course WHERE course_id = %s",
                  course) == 2
    judge()


def test_killed_at_a_noted_try(office, three, fleet, db, judge):
    """Messages of a crash loop are decided one by one; each try is noted
    before."""
    office.town.prepare()
    fleet.drain(three["gateway"])
    works = [office.organization() for _ in range(5)]
    db.change("UPDATE gateway.lane_input SET attempts = 9, "
              "attempt_offset = next_offset")
    process = fleet.start("gateway", "lane_tried:kill", wait=False)
    assert process.wait_end() == -9 and process.hit("lane_tried")
    fleet.start("gateway")
    for work in works:
        office.town.finish(work)
    judge()


# --- every failpoint has its place ------------------------------------------------
def test_every_failpoint_has_its_place(fleet):
    _, out, _ = fleet.process("gateway").host("failpoints")
    assert set(out.split()) == HIT | NEVER
    assert not HIT & NEVER and len(HIT) >= 25


def test_each_place_is_come_by(office, three, fleet, judge):
    """All failpoints that can be hit in one life are hit in it, once each."""
    office.town.prepare()
    for places in (NARROWED | ON_THE_WAY | {"lane_draining"},
                   {"lane_settled"} | set(OWN) | OF_REQUESTS | OF_THE_SWEEPER):
        places = places - {"service_started"}
        for process in fleet.of("gateway"):
            fleet.drain(process)
        process = fleet.start("gateway",
                              ",".join(f"{p}:fail" for p in sorted(places)))
        for work in (office.command_done(), office.import_row(),
                     office.mail()):
            office.town.finish(work)
        judge()
        fleet.drain(process)
        missed = [p for p in places if not process.hit(p)]
        assert not missed, process.tail(40)


def test_no_fault_and_the_places_nobody_comes_by(office, three, fleet, judge):
    """Every class of work without a fault. A lane of views never publishes."""
    office.town.prepare()
    fleet.drain(three["gateway"])
    process = fleet.start("gateway",
                          ",".join(f"{p}:kill" for p in sorted(NEVER)))
    for name in CLASSES:
        office.town.finish(getattr(office, name)())
    judge()
    fleet.drain(process)
    assert not process.events("failpoint_hit")
