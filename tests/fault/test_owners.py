"""The owner of a lane in doubt: rivals, a frozen owner, groups that change."""
import time

from fleet import SESSION_SECONDS, pause_until
from harness import LANES, lane_of
from work import command_headers


class Load:
    """Units and teachers, written while owners are started and stopped."""

    def __init__(self, town):
        self.town, self.sent, self.codes = town, [], []

    def send(self, count):
        for _ in range(count):
            code = self.town.new_code()
            self.sent.append(self.town.add_unit(code, flush=False))
            self.sent.append(self.town.apply(self.town.centre, flush=False)[0])
        self.town.flush()

    def while_(self, condition, deadline=60, step=5):
        """Writes until the condition holds."""
        end = time.monotonic() + deadline
        while not condition():
            assert time.monotonic() < end, "the condition never held"
            self.send(step)
            self.town.ears.listen(0.02)

    def finish(self):
        for outcome in self.town.ears.wait(self.sent, 90):
            if outcome.WhichOneof("result") != "done":
                assert outcome.refused.code == "APPLICATIONS_FULL", outcome


def took(process, times=1):
    return lambda: len(process.events("lanes_assigned")) >= times


def test_rivals_come_and_go(town, both, fleet, judge, long):
    """1 → 2 → 1 → … under load; lanes change hands without loss."""
    load = Load(town)
    fleet.drain(both["account"])
    first = fleet.start("account", member="")
    for turn in range(20 if long else 3):
        second = fleet.start("account", member="", copy=str(2 + turn % 2),
                             wait=False)
        load.while_(took(second))
        load.while_(took(first, 2))
        load.send(20)
        if turn % 2:
            first.kill()
        else:
            fleet.drain(first)
        mark = len(second.events("lanes_assigned"))
        load.while_(took(second, mark + 1))
        load.send(20)
        first = second
    load.finish()
    judge()
    fleet.drain(first)


def test_frozen_owner_wakes(town, both, fleet, judge, long):
    """SIGSTOP in the middle of work, for longer than the session. The
    successor has published when the old owner wakes and goes on with its
    batch."""
    fleet.drain(both["account"])
    for _ in range(20 if long else 2):
        load = Load(town)
        frozen = fleet.start("account", member="")
        load.send(150)
        town.ears.listen(0.02)
        frozen.freeze()
        load.send(20)
        successor = fleet.start("account", member="", copy="2", wait=False)
        load.while_(took(successor), SESSION_SECONDS + 30, 1)
        load.finish()
        frozen.thaw()
        load.while_(lambda: frozen.events("lanes_revoked") or
                    frozen.events("lanes_assigned")[1:])
        load.send(50)
        load.finish()
        judge()
        fleet.drain(frozen)
        fleet.drain(successor)


def test_frozen_within_a_round_trip(town, both, fleet, judge):
    """Stopped when half of a large round trip is on the wire. The server waits
    for the rest, and none of its timeouts counts meanwhile: the successor ends
    that session."""
    load = Load(town)
    fleet.drain(both["account"])
    load.send(200)  # large batches wait
    frozen = fleet.start("account", "lane_before_commit@AddOrganization:stop",
                         member="", wait=False)
    assert pause_until(30, lambda: frozen.frozen), frozen.tail(40)
    successor = fleet.start("account", member="", copy="2", wait=False)
    load.while_(took(successor), SESSION_SECONDS + 30, 1)
    load.finish()
    frozen.thaw()
    load.send(50)
    load.finish()
    judge()
    fleet.drain(frozen)
    fleet.drain(successor)


def test_two_processes_frozen_in_turn(town, both, fleet, judge):
    """The successor of a frozen process is frozen, too."""
    load = Load(town)
    fleet.drain(both["account"])
    one = fleet.start("account", member="")
    load.send(60)
    one.freeze()
    two = fleet.start("account", member="", copy="2", wait=False)
    load.while_(took(two), 40, 1)
    load.send(60)
    two.freeze()
    one.thaw()
    load.while_(took(one, 2), 40, 1)
    two.thaw()
    load.send(60)
    load.finish()
    judge()
    fleet.drain(two)
    fleet.drain(one)


def roll(town, fleet, members, new_members, load):
    """Each old process stops when its successor runs. Returns the new ones."""
    old = [fleet.start("account", member=m, copy=f"old{i}")
           for i, m in enumerate(members)]
    load.send(40)
    new = []
    for i, (process, member) in enumerate(zip(old, new_members)):
        if member:  # only one process at a time may have a static name
            fleet.drain(process)
        new.append(fleet.start("account", member=member, copy=f"new{i}",
                               wait=False))
        load.while_(took(new[-1]), 40, 2)
        if not member:
            fleet.drain(process)
        load.send(20)
    return new


def test_rolling_restart_with_static_names(town, both, fleet, judge):
    load = Load(town)
    fleet.drain(both["account"])
    new = roll(town, fleet, ["static-0", "static-1"], ["static-0", "static-1"],
               load)
    load.finish()
    judge()
    for process in new:
        fleet.drain(process)


def test_rolling_restart_without_names(town, both, fleet, judge):
    load = Load(town)
    fleet.drain(both["account"])
    new = roll(town, fleet, ["", ""], ["", ""], load)
    load.finish()
    judge()
    for process in new:
        fleet.drain(process)


def test_two_processes_of_one_name(town, both, fleet, judge):
    """A static name is taken over: the older process ends, and no effect is
    doubled."""
    fleet.plan("instance_replaced", "position_lost")
    load = Load(town)
    fleet.drain(both["account"])
    old = fleet.start("account", member="twin")
    load.send(40)
    new = fleet.start("account", member="twin", copy="2", wait=False)
    load.while_(took(new), 40, 2)
    assert pause_until(30, lambda: not old.alive), old.tail()
    load.finish()
    judge()
    fleet.drain(new)


def owned(process):
    """Lanes of each worker, from the process itself."""
    status, text = process.get("/metrics")
    assert status == 200
    return {line.split('"')[1]: int(line.split()[-1])
            for line in text.splitlines() if line.startswith("inservice_lane_owned{")}


def test_workers_of_one_process(town, both, fleet, judge, long):
    """Three workers share the lanes. The process dies under load, and the
    workers of its successor go on, with a static name each or none."""
    fleet.drain(both["account"])
    for member in ("account-many", ""):
        for _ in range(10 if long else 1):
            load = Load(town)
            process = fleet.start("account", member=member,
                                  INSERVICE_WORKERS="3")
            assert pause_until(30, lambda: sorted(
                owned(process).values()) == [LANES // 3] * 3), owned(process)
            load.send(150)
            town.ears.listen(0.02)
            process.kill()
            process = fleet.start("account", member=member, copy="2",
                                  INSERVICE_WORKERS="3")
            load.send(20)
            load.finish()
            judge()
            fleet.drain(process)
    fleet.start("account")


def test_unheard_facts_cost_no_transaction(town, both, fleet, db, judge):
    """A fact without a handler here moves the position within a second, in one
    transaction for many facts. After a kill -9 it is passed over again."""
    topic, key = "inservice.course.event.v1", town.new_code()
    fact = command_headers("inservice.course.v1.OfNoConcern",
                           "00000000-0000-7000-8000-000000000001", key)
    lane = lane_of(key)
    position = ("SELECT next_offset FROM account.lane_input WHERE topic = "
                f"'{topic}' AND lane = {lane}")
    process = both["account"]
    for killed in (False, True):
        before = db.one(position)
        for _ in range(500):
            town.put(topic, lane, key, b"\x08\x01", fact, flush=False)
        town.flush()
        if killed:
            process.kill()
            process = fleet.start("account")
        assert pause_until(10, lambda: db.one(position) == before + 500), \
            process.tail()
    town.finish(town.self_command())
    judge()
