"""The servers under the system fail: the broker is killed and away; PostgreSQL
is stopped at COMMIT, killed, or loses a backend; one is missing when a service
starts."""
import random
import time

import psycopg
import pytest

from conftest import LONG, SEED
from fleet import pause_until
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
