"""Backups, as docs/operations.md makes and restores them (P6).

The database server is lost. What was answered after the backup is on Kafka, so
it is decided again and no answer is lost. With Kafka lost as well, the answers
from before the backup hold.
"""
import shutil

import psycopg
import pytest

from office import Crowd
from play.system import NAMES, wait_until
from play.town import expect
from runbook import Operator, blocks
from test_gateway_rivals import until
from test_servers import reconnect
from test_topics_lost import (admin, all_topics, courses_said_again, delete,
                              follow_again)

assert admin  # a fixture
BACKUP, RESTORE = "Backup", "The database is lost"
BOTH, KEYS = "The database and Kafka are lost", "The keys are lost"
HOUR = 3600


def roles():
    return [role for name in NAMES
            for role in (f"inservice_{name}", f"inservice_{name}_owner")]


@pytest.fixture
def operator(fleet, stack, town, tmp_path):
    """Their machine: commands run with a folder for the backup."""
    def end():
        for name in reversed(NAMES):
            for process in fleet.of(name):
                process.stop()

    def start():
        for name in NAMES:
            fleet.start(name, **operator.settings)

    def new_server():
        """As good as new: no database, no role of ours."""
        with psycopg.connect(operator.env["POSTGRES_URL"],
                             autocommit=True) as line:
            line.execute("DROP DATABASE inservice WITH (FORCE)")
            for role in roles():
                line.execute(f"DROP ROLE {role}")
    url = stack.env["ADMIN_DATABASE_URL"]
    operator = Operator(fleet, stack, {
        "end every process": end, "start every process": start,
        "set up an empty PostgreSQL server": new_server},
        POSTGRES_URL=url.replace("/inservice", "/postgres"),
        BACKUP=str(tmp_path / "backup"), MAIL_SPOOL=str(fleet.folder / "mail"))
    operator.settings = {}
    return operator


def follow(operator, lines):
    for line in lines:
        status, out, err = operator.run(line)
        assert status == 0, (line, out, err)


def crowd(office, count):
    people = Crowd(office, office.some_requests(count))
    until(people, count * 2 // 3)
    return people.end()


def an_hour_ago(fleet, three):
    """When the services come back, an hour has passed: an officer's command
    not decided in time would be refused."""
    for process in three.values():
        fleet.drain(process)
    for name in NAMES:
        fleet.start(name, INSERVICE_CLOCK_OFFSET=f"{-HOUR}")


class Answered:
    """Everything that was answered after the backup."""

    def __init__(self, office, town, people):
        self.office, self.town, self.people = office, town, people
        self.requests, self.works, self.officers = [], [], []

    def add_some(self):
        self.officers.append(self.people.officer(
            self.office.chief, self.office.school, "OPERATOR"))
        for make in (self.office.course, self.office.organization,
                     self.office.teacher, self.office.code_table):
            self.works.append(make())
            self.town.finish(self.works[-1])

    def check(self):
        """A repetition of a key would be a new request: the gateway's row is
        lost. So the effects are looked for."""
        client = self.office.client()
        for request in self.requests:
            if request.refusal is None and request.answer is not None:
                path = f"/v1/teachers/{request.answer.json['subject']}"
                wait_until(lambda: client.get(path).etag ==
                           request.answer.etag, 60, path)
        for officer in self.officers:
            path = f"/v1/business-accounts/{officer.account}"
            assert expect(client.get(path), 200).json["status"] == "ACTIVE"
        for work in self.works:
            wait_until(work.effect, 60, work.what)


def test_p06_database_lost_kafka_whole(office, three, fleet, stack, town, people,
                                       operator, judge):
    """Twice from the same backup, because a first restore may fail."""
    town.prepare()
    before = crowd(office, 60)
    follow(operator, blocks(BACKUP)[0])
    answered = Answered(office, town, people)
    answered.add_some()
    an_hour_ago(fleet, three)
    answered.requests += crowd(office, 120)
    restore, proof = blocks(RESTORE)
    incarnations = [1]
    for _ in range(2):
        follow(operator, restore)
        town.db.line = reconnect(stack)
        incarnations += [town.db.one("SELECT min(incarnation) FROM teacher.lane")]
        assert incarnations[-1] > incarnations[-2], incarnations
        office.held_to(before)
        answered.check()
        follow(operator, proof)
        judge(settle=60)
        answered.requests += crowd(office, 30)
        answered.add_some()
    answered.check()
    judge(settle=60)


def test_p06_both_lost(office, three, fleet, stack, town, ears, db, admin,
                       operator, judge):
    """What was answered before the backup holds; the rest is lost."""
    town.prepare()
    town.finish(office.course())
    before = crowd(office, 60)
    heard = dict(ears.heard)
    follow(operator, blocks(BACKUP)[0])
    after = [r.answer.json["subject"] for r in crowd(office, 30)
             if r.answer is not None and r.refusal is None]
    fleet.plan("position_lost", "drain_deadline_passed")
    operator.acts["end every process"]()
    delete(admin, all_topics(admin))
    restore, proof = blocks(BOTH)
    follow(operator, restore)
    town.db.line = reconnect(stack)
    ears.heard = heard
    follow_again(stack, town, ears)
    courses_said_again(town, db)
    office.held_to(before)
    for subject in after:
        assert office.client().get(f"/v1/teachers/{subject}").status == 404
    follow(operator, proof)
    judge(settle=60)


def test_p06_keys_lost(office, three, fleet, stack, operator, judge):
    follow(operator, blocks(BACKUP)[0])
    folder = stack.folder / "keys"
    shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    fleet.plan("cannot_start")
    assert three["gateway"].stop() == 0
    for reason in ("holds no key", "are not those of this database"):
        again = fleet.start("gateway", wait=False)
        assert again.wait_end() == 1
        said, = again.events("cannot_start")
        assert reason in said["reason"]
        assert again.host("make-keys")[0] == 0  # others
    operator.acts["start the gateway"] = lambda: fleet.start("gateway")
    follow(operator, blocks(KEYS)[0])
    office.held_to(crowd(office, 12))
    judge()
