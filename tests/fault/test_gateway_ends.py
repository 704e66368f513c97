"""An operation ends in the transaction of the views. It ends once, and stays
what its owner decided, when that transaction is lost with the database, when
the state that answers it is no longer on the topic, and when its owner comes
back from a backup before the views have seen the state.
"""
import random

import pytest

from harness import lane_of

from conftest import LONG, SEED
from fleet import pause_until
from office import LATER, Crowd
from test_servers import reconnect

STATES = "inservice.teacher.state.v1"
ACCEPTED, DONE = 0, 1
STATE = 3  # kind of a journal row
LOSSES = ("crash-postgres", "kill-postgres")


def database_back(stack, town):
    stack.verb("start-postgres")
    town.db.line = reconnect(stack)


def state_of(db, request):
    return db.one("SELECT state FROM gateway.operation "
                  "WHERE operation_id = %s", request.operation)


# --- the views commit without waiting for the disk ------------------------------
@pytest.fixture
def late_disk(db):
    """The server writes to disk only when a COMMIT waits for it."""
    def set_to(value):
        db.change(f"ALTER SYSTEM SET wal_writer_delay = '{value}'")
        db.rows("SELECT pg_reload_conf()")
    set_to("10s")
    yield
    set_to("200ms")


def frozen_when_answered(three, ask):
    """After the answer no process writes to the database."""
    ask()
    for process in three.values():
        process.freeze()


@pytest.mark.parametrize("verb", LOSSES)
def test_what_the_views_wrote_is_lost(verb, office, town, three, stack, db,
                                      late_disk, judge):
    """An answer rests on the owner's journal. The server loses the transaction
    that ended the operation and moved the position, so the views apply the
    state again, and it ends again."""
    lost = 0
    for _ in range(10):
        request = office.to_register()
        try:
            frozen_when_answered(three, request.ask)
            assert request.answer is not None
            stack.verb(verb)
            database_back(stack, town)
            lost += state_of(db, request) == ACCEPTED
        finally:
            for process in three.values():
                process.thaw()
        assert pause_until(30, lambda: state_of(db, request) == DONE)
        office.held_to([request])
        for process in three.values():
            assert process.alive
        if lost and not LONG:
            break
    assert lost, "the server lost nothing: the test has shown nothing"
    judge(settle=60)


@pytest.mark.parametrize("verb", LOSSES if LONG else
                         random.Random(SEED).sample(LOSSES, 1))
def test_database_gone_while_people_work(verb, office, town, three, stack,
                                         late_disk, judge, long):
    """Under load: what was acknowledged is found, and the read model catches
    up."""
    for _ in range(10 if long else 1):
        crowd = Crowd(office, office.some_requests(100))
        assert pause_until(60, lambda: crowd.answered() >= 30)
        stack.verb(verb)
        database_back(stack, town)
        office.held_to(crowd.end())
        for process in three.values():
            assert process.alive
        judge(settle=60)


# --- the state is not there any more ----------------------------------------------
def states_said(db, person):
    return db.rows("SELECT seq, completes IS NOT NULL FROM teacher.journal "
                   "WHERE key = %s AND kind = %s ORDER BY seq", person, STATE)


def published(db, lane, seq):
    return db.one("SELECT published_seq FROM teacher.lane WHERE lane = %s",
                  lane) >= seq


def decided_unseen(office, three, fleet, db):
    """A request whose state the views have not seen; (request, person)."""
    request = office.to_register()
    three["teacher"].freeze()
    try:
        request.ask(LATER)
        fleet.drain(three["gateway"])
    finally:
        three["teacher"].thaw()
    person = db.one("SELECT subject FROM gateway.operation "
                    "WHERE operation_id = %s", request.operation)
    assert pause_until(30, lambda: states_said(db, person))
    return request, person


def said_again(teacher, db, person):
    """The owner says the state once more. Compaction keeps this row, which
    answers nothing (rule 5)."""
    lane = lane_of(person)
    status, _, err = teacher.host(
        "republish", "inservice.teacher.v1.TeacherState", person, str(lane))
    assert status == 0, err
    assert pause_until(30, lambda: len(states_said(db, person)) == 2)
    (first, marked), (last, again) = states_said(db, person)
    assert (marked, again) == (True, False)
    assert pause_until(30, lambda: published(db, lane, last))
    return lane, first, last


def compacted(db, lane, first):
    """The views begin after the first state, as if it were gone."""
    assert db.one("SELECT count(*) FROM teacher.journal WHERE lane = %s AND "
                  "kind = %s AND seq < %s AND seq > (SELECT last_seq FROM "
                  "gateway.lane_input WHERE topic = %s AND lane = %s)",
                  lane, STATE, first, STATES, lane) == 0
    assert db.change("UPDATE gateway.lane_input SET next_offset = "
                     "next_offset + 1 WHERE topic = %s AND lane = %s",
                     STATES, lane) == 1


def restored(teacher, fleet):
    fleet.drain(teacher)
    status, out, err = teacher.host("restored")
    assert status == 0, out + err
    return fleet.start("teacher")


@pytest.mark.parametrize("backup", [False, True], ids=["", "restored"])
def test_a_state_compacted_away(backup, office, three, fleet, db, judge):
    """The views find it only as it was said again, perhaps in the next
    incarnation. That shows the teacher and ends nothing. The sweeper sends the
    command again, and its stored outcome ends the operation."""
    request, person = decided_unseen(office, three, fleet, db)
    teacher = restored(three["teacher"], fleet) if backup else three["teacher"]
    lane, first, last = said_again(teacher, db, person)
    compacted(db, lane, first)
    gateway = fleet.start("gateway", INSERVICE_RESEND_AFTER="600s")
    assert pause_until(30, lambda: db.one(
        "SELECT last_seq FROM gateway.lane_input WHERE topic = %s AND "
        "lane = %s", STATES, lane) >= last)
    assert office.client().get(f"/v1/teachers/{person}").status == 200
    assert state_of(db, request) == ACCEPTED
    fleet.drain(gateway)
    fleet.start("gateway").wait_for("operations_resent")
    office.held_to([request])
    assert db.one("SELECT outcome_seq FROM gateway.operation WHERE "
                  "operation_id = %s", request.operation) == first
    judge()


def test_incarnation_raised_before_the_views_saw_it(office, three, fleet, db,
                                                    judge):
    """The state of the former incarnation still ends the operation, and the
    one said in the next does not end it again."""
    request, person = decided_unseen(office, three, fleet, db)
    teacher = restored(three["teacher"], fleet)
    lane, _, last = said_again(teacher, db, person)
    fleet.start("gateway", INSERVICE_RESEND_AFTER="600s")
    office.held_to([request])
    assert pause_until(30, lambda: db.one(
        "SELECT (last_seq, last_incarnation) >= (%s, 2) FROM "
        "gateway.lane_input WHERE topic = %s AND lane = %s", last, STATES,
        lane))
    assert db.rows("SELECT state, outcome_seq FROM gateway.operation WHERE "
                   "operation_id = %s", request.operation) == [(DONE, 0)]
    judge()
