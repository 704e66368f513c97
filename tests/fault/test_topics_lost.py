"""Kafka loses topics, PostgreSQL is whole (P2). The operator does what
docs/operations.md says; then every answer still holds, commands that were on
their way are done once, and the read model equals the owners' tables."""
import uuid

import confluent_kafka.admin
import pytest

from fleet import pause_until
from harness import lane_of
from office import LATER, Crowd
from play.system import wait_until
from runbook import Operator, blocks
from test_gateway_rivals import until
from work import Ears, command_headers

TITLE = "Kafka's topics are lost"
SUSPENDED = 4  # DISABLED: its holder left


@pytest.fixture
def admin(stack):
    return confluent_kafka.admin.AdminClient(
        {"bootstrap.servers": stack.env["KAFKA_BOOTSTRAP"], "log_level": 2})


@pytest.fixture
def operator(fleet, stack):
    def end():
        for name in ("gateway", "teacher", "account"):
            for process in fleet.of(name):
                process.stop()

    def start():
        for name in ("account", "teacher", "gateway"):
            fleet.start(name)
    return Operator(fleet, stack, {"end every process": end,
                                   "start every process": start})


def delete(admin, topics):
    for done in admin.delete_topics(topics).values():
        done.result(30)
    wait_until(lambda: not set(topics) & set(
        admin.list_topics(timeout=10).topics), 30, "the topics to be gone")


def all_topics(admin):
    return [t for t in admin.list_topics(timeout=10).topics
            if t.startswith("inservice.")]


class InFlight:
    """A TeacherLeft that the account service has not received, and requests
    that the teacher service has not decided."""

    def __init__(self, office, town, three):
        self.office, self.town, self.three = office, town, three
        self.leaver = town.need(town.leavers)

    def make(self):
        account, teacher = self.three["account"], self.three["teacher"]
        code, _, person, _ = self.leaver
        account.freeze()
        self.town.done(self.town.ears.wait([self.town.leave(person, code)]))
        teacher.freeze()
        self.requests = [self.office.to_register() for _ in range(6)]
        for request in self.requests:
            request.ask(LATER)
            assert request.operation is not None and request.answer is None
        account.kill()
        teacher.kill()

    def status(self):
        return self.town.db.one("SELECT status FROM account.business_account "
                                "WHERE account_id = %s", self.leaver[1])

    def check(self):
        wait_until(lambda: self.status() == SUSPENDED, 60,
                   "the leaver's account to be suspended")
        self.office.held_to(self.requests)


def refused(fleet, what, *words):
    """No process has lost anything by asking too early."""
    status, out, err = fleet.process(what).host(*words)
    assert status == 1, out + err
    assert "docs/operations.md" in err, out + err


def courses_said_again(town, db):
    """As the course system would do it."""
    type = "inservice.course.v1.CourseStateChanged"
    for row in db.rows("SELECT course_id, account_id::text, organization, title,"
                       " state, version FROM gateway.v_course"):
        message = town.contracts.make(type, **dict(zip(
            ("course_id", "owner_account_id", "organization", "title", "state",
             "course_version"), row)))
        town.put("inservice.course.event.v1", lane_of(row[2]), row[0],
                 message.SerializeToString(), command_headers(
                     type, str(uuid.uuid4()), row[0], ce_source="/course"),
                 flush=False)
    town.flush()


def follow_again(stack, town, ears):
    """The tests' own reader of outcomes reads the new topics, too."""
    fresh = Ears(stack.env["KAFKA_BOOTSTRAP"], ears.contracts, ears.db)
    ears.close()
    ears.consumer = fresh.consumer


def test_p02_every_topic_is_lost(office, three, fleet, stack, town, ears, db,
                                 admin, operator, judge):
    town.prepare()
    town.finish(office.course())
    crowd = Crowd(office, office.some_requests(300))
    until(crowd, 40)
    answered = crowd.end()
    in_flight = InFlight(office, town, three)
    in_flight.make()
    stack.verb("empty-kafka")
    assert three["gateway"].get("/livez")[0] == 200
    in_outage = office.to_register()
    assert not in_outage.ask(LATER) and in_outage.operation is not None
    fleet.plan("position_lost", "lanes_differ", "drain_deadline_passed")
    stack.verb("start-kafka")
    delete(admin, all_topics(admin))
    repair, proof = blocks(TITLE)
    refused_early = False
    for line in repair:
        if line == "account topics-lost" and not refused_early:
            refused_early = True
            refused(fleet, "gateway", "rebuild-views")
            refused(fleet, "account", "audit-state")
        status, out, err = operator.run(line)
        assert status == 0, (line, out, err)
    assert refused_early
    follow_again(stack, town, ears)
    courses_said_again(town, db)
    in_flight.check()
    office.held_to([*answered, in_outage])
    for line in proof:
        status, out, err = operator.run(line)
        assert status == 0, (line, out, err)
    judge(settle=60)


# A topic, and the commands that have nothing to begin again.
ONE = [("inservice.teacher.event.v1", {"gateway topics-lost"}),
       ("inservice.account.state.v1", set())]


@pytest.mark.parametrize("topic,spared", ONE)
def test_p02_one_topic_is_lost(topic, spared, office, three, fleet, stack, town, ears,
                               admin, operator, judge):
    """Deleted and made again by somebody, beside running services."""
    town.prepare()
    crowd = Crowd(office, office.some_requests(60))
    until(crowd, 20)
    answered = crowd.end()
    in_flight = InFlight(office, town, three)
    in_flight.make()
    fleet.plan("position_lost", "lanes_differ", "drain_deadline_passed")
    delete(admin, [topic])
    repair, proof = blocks(TITLE)
    for line in repair:
        status, out, err = operator.run(line)
        assert status == (1 if line in spared else 0), (line, out, err)
        assert ("none is lost" in err) == (line in spared), err
    in_flight.check()
    office.held_to(answered)
    for line in proof:
        status, out, err = operator.run(line)
        assert status == 0, (line, out, err)
    judge(settle=60)


def test_p02_a_running_service_is_not_begun_again(three, fleet, judge):
    for name in three:
        status, out, err = fleet.process(name).host("topics-lost")
        assert status == 1 and "end every process" in err, (name, out, err)
    assert pause_until(10, lambda: all(p.alive for p in three.values()))
    judge()
