"""The servers under the system fail: the broker is killed and away; PostgreSQL
is stopped at COMMIT, killed, or loses a backend; one is missing when a service
starts."""
import json
import random
import time

import psycopg
import pytest

from conftest import LONG, SEED
from fleet import pause_until
from harness import LANES
from play.system import wait_until
from test_owners import Load


def test_broker_killed_and_away(town, both, fleet, stack, judge, long):
    """Commands that were sent are decided when the broker is back, without a
    restart of a service."""
    load = Load(town)
    for _ in range(5 if long else 1):
        load.send(300)
        town.ears.listen(0.05)
        stack.verb("kill-kafka")
        time.sleep(60 if long else 20)  # the outage itself, no wait for it
        stack.verb("start-kafka")
        load.send(50)
        load.finish()
        for process in both.values():
            assert process.alive
        judge(settle=60)


def ready(process):
    """(status, document) of /readyz."""
    status, body = process.get("/readyz")
    return status, json.loads(body)


def gauge(process, name):
    """The sum over the workers; None if the process shows no such gauge."""
    values = [int(line.split()[-1])
              for line in process.get("/metrics")[1].splitlines()
              if line.split("{")[0].split(" ")[0] == f"inservice_{name}"]
    return sum(values) if values else None


def test_p03_an_outage_is_seen(office, three, fleet, stack, town, db, judge):
    """Every process says what it can still do, and how long work has waited.
    The gateway still reads. The processes are new, because a repeated warning
    is not written within a minute."""
    for process in three.values():
        fleet.drain(process)
    three = {name: fleet.start(name) for name in three}
    owners, gateway = (three["account"], three["teacher"]), three["gateway"]
    town.need(town.applied)
    for process in three.values():
        assert ready(process)[0] == 200
        wait_until(lambda: gauge(process, "broker_reachable") == 1, 10, "1")
        assert gauge(process, "lane_owned") == LANES
    wait_until(lambda: gauge(gateway, "operation_oldest_seconds") == 0, 30,
               "no command that waits")
    stack.verb("kill-kafka")
    try:
        waiting = office.to_register()
        assert not waiting.ask("respond-async")
        # A timer that is due becomes a journal row that no producer can send.
        assert db.change(
            "UPDATE account.timer SET due_at = now() WHERE (lane, name) IN "
            "(SELECT lane, name FROM account.timer ORDER BY 1, 2 LIMIT 1)") == 1
        for process in owners:
            wait_until(lambda: ready(process)[0] == 503, 20, process.name)
            assert ready(process)[1] == {
                "ready": False, "reads": False, "commands": False,
                "reason": "The broker is away: commands wait."}
        wait_until(lambda: not ready(gateway)[1]["commands"], 20, "gateway")
        status, said = ready(gateway)
        assert status == 200 and said["ready"] and said["reads"], said
        assert "reading goes on" in said["reason"]
        assert office.client().get("/v1/me").status == 200
        for process in three.values():
            assert gauge(process, "broker_reachable") == 0
            assert process.events("broker_away")
        wait_until(lambda: gauge(three["account"],
                                 "lane_oldest_unpublished_seconds") >= 2, 20,
                   "the row's age")
        wait_until(lambda: gauge(gateway, "operation_oldest_seconds") >= 2, 20,
                   "the command's age")
    finally:
        stack.verb("start-kafka")
    for process in three.values():
        wait_until(lambda: ready(process)[0] == 200 and
                   ready(process)[1]["commands"], 60, process.name)
        assert gauge(process, "broker_reachable") == 1
        assert len(process.events("broker_back")) == 1
    waiting.finish()
    wait_until(lambda: gauge(three["account"],
                             "lane_oldest_unpublished_seconds") == 0 and
               gauge(gateway, "operation_oldest_seconds") == 0, 30, "rest")
    judge(settle=60)


def test_no_broker_from_drain_to_start(town, both, fleet, stack, judge):
    """One outage: SIGTERM under load ends in time. A start waits and ends at
    SIGTERM. The next start serves when the broker comes, and publishes the
    rows that the first could not."""
    fleet.plan("drain_deadline_passed")
    load = Load(town)
    load.send(300)
    town.ears.listen(0.02)
    stack.verb("kill-kafka")
    try:
        assert both["account"].stop(30) in (0, 1)
        never_ready = fleet.start("account", wait=False)
        never_ready.wait_for("consumer_unavailable", 60)
        assert never_ready.get("/livez")[0] == 200
        assert never_ready.get("/readyz")[0] == 503
        assert never_ready.stop(20) == 0
        process = fleet.start("account", wait=False)
        process.wait_for("consumer_unavailable", 60)
    finally:
        stack.verb("start-kafka")
    process.wait_ready(90)
    load.finish()
    judge(settle=60)


GONE = ["crash-postgres", "kill-postgres", "stop-postgres"]


@pytest.mark.parametrize("verb", GONE if LONG else
                         random.Random(SEED).sample(GONE, 1))
def test_database_gone_under_load(verb, town, both, stack, judge, long):
    load = Load(town)
    for _ in range(10 if long else 1):
        load.send(200)
        town.ears.listen(0.02)
        stack.verb(verb)
        load.send(20)
        stack.verb("start-postgres")
        town.db.line = reconnect(stack)
        load.finish()
        for process in both.values():
            assert process.alive
        judge(settle=60)


def reconnect(stack):
    return psycopg.connect(stack.env["ADMIN_DATABASE_URL"], autocommit=True)


AT_COMMIT = [(place, verb)
             for place in ("lane_commit_sent", "lane_before_commit",
                           "lane_committed")
             for verb in ("crash-postgres", "kill-postgres")]


@pytest.mark.parametrize("place,verb", AT_COMMIT if LONG else
                         AT_COMMIT[:1] + random.Random(SEED).sample(
                             AT_COMMIT[1:], 1))
def test_database_gone_at_commit(place, verb, town, both, fleet, stack, judge):
    """The process freezes at COMMIT, the server crashes, the process wakes.
    The table shows whether the commit happened."""
    fleet.drain(both["account"])
    works = [town.one_fact(), town.refusal()]
    frozen = fleet.start("account", f"{place}@AddOrganization:stop",
                         wait=False)
    assert pause_until(30, lambda: frozen.frozen), frozen.tail()
    stack.verb(verb)
    frozen.thaw()
    stack.verb("start-postgres")
    town.db.line = reconnect(stack)
    for work in works:
        town.finish(work)
    assert frozen.alive and frozen.hit(place)
    judge(settle=60)


def test_backend_lost(town, both, db, judge, long):
    """pg_terminate_backend in the middle of work."""
    load = Load(town)
    for _ in range(30 if long else 5):
        load.send(40)
        db.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name IN ('account', 'teacher')")
        town.ears.listen(0.02)
    load.finish()
    judge()


def test_start_without_database(town, both, fleet, stack, judge):
    """The service waits, and serves when the database comes."""
    fleet.drain(both["account"])
    stack.verb("stop-postgres")
    try:
        process = fleet.start("account", wait=False)
        process.wait_for("database_unreachable")
        ready = process.get("/readyz")
        if ready is not None:
            assert ready[0] == 503
    finally:
        stack.verb("start-postgres")
        town.db.line = reconnect(stack)
    process.wait_ready(60)
    reasons = [event["reason"] for event in process.events("database_unreachable")]
    assert len(reasons) == len(set(reasons)), "an outage is one line"
    town.finish(town.one_fact())
    judge(settle=30)
