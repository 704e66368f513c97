"""The servers under the system go: broker killed and away, PostgreSQL stopped
at COMMIT, killed, a backend lost; and not there when a service starts."""
import time

import pytest

from fleet import pause_until
from test_owners import Load
from work import Work


def answered(work, town):
    town.ears.listen(0.05)
    return all(i in town.ears.heard for i in work.ids)


def test_broker_killed_and_away(town, both, fleet, stack, judge, long):
    """Commands that were in go on when it is back; nobody restarts."""
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


def test_broker_stopped_while_draining(town, both, fleet, stack, judge):
    """SIGTERM without a broker ends in time; what it could not publish is
    published by the next one."""
    load = Load(town)
    load.send(300)
    town.ears.listen(0.02)
    stack.verb("kill-kafka")
    try:
        assert both["account"].stop(30) in (0, 1)
    finally:
        stack.verb("start-kafka")
    fleet.plan("drain_deadline_passed")
    fleet.start("account")
    load.finish()
    judge(settle=60)


@pytest.mark.parametrize("verb", ["crash-postgres", "kill-postgres",
                                  "stop-postgres"])
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
    import psycopg
    return psycopg.connect(stack.env["ADMIN_DATABASE_URL"], autocommit=True)


@pytest.mark.parametrize("place", ["lane_commit_sent", "lane_before_commit",
                                   "lane_committed"])
@pytest.mark.parametrize("verb", ["crash-postgres", "kill-postgres"])
def test_database_gone_at_commit(place, verb, town, both, fleet, stack, judge):
    """The process freezes at COMMIT, the server crashes, the process wakes:
    the table says whether it happened."""
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
    """It waits, and serves when the database comes."""
    fleet.drain(both["account"])
    stack.verb("stop-postgres")
    try:
        process = fleet.start("account", wait=False)
        process.wait_for("database_unreachable")
        assert process.get("/readyz") is None or \
            process.get("/readyz")[0] == 503
    finally:
        stack.verb("start-postgres")
        town.db.line = reconnect(stack)
    process.wait_ready(60)
    town.finish(town.one_fact())
    judge(settle=30)


def test_start_without_broker(town, both, fleet, stack, judge):
    fleet.drain(both["account"])
    stack.verb("kill-kafka")
    try:
        process = fleet.start("account", wait=False)
        process.wait_for("consumer_unavailable", 60)
        assert process.get("/livez")[0] == 200
        assert process.get("/readyz")[0] == 503
    finally:
        stack.verb("start-kafka")
    process.wait_ready(90)
    town.finish(town.one_fact())
    judge(settle=30)


def test_stop_while_waiting_for_the_broker(town, both, fleet, stack):
    """SIGTERM is heard also by who has never been ready."""
    fleet.drain(both["account"])
    stack.verb("kill-kafka")
    try:
        process = fleet.start("account", wait=False)
        process.wait_for("consumer_unavailable", 60)
        assert process.stop(20) == 0
    finally:
        stack.verb("start-kafka")
    fleet.start("account")
    town.finish(Work([town.add_unit(town.new_code())]))
