"""Two gateways at once, and gateways that are replaced while people use them.

Each gateway answers for the other, because keys, outcomes and views are in the
tables. A gateway that is stopped in order answers every request it has
accepted. A gateway that is killed may lose its open requests; the same key at
the other gateway gets the answer.
"""
import psycopg
import pytest

from fleet import SESSION_SECONDS, pause_until
from office import Crowd


@pytest.fixture
def two(office, three, fleet):
    """{copy: process}; copy "2" is a separate member of the group."""
    pair = {"1": three["gateway"], "2": fleet.start("gateway", copy="2")}
    yield pair
    for process in fleet.of("gateway"):
        if process.port != fleet.port():
            fleet.drain(process)


class Doors:
    """The address for each person of a crowd: their own gateway, or one that
    is open."""

    def __init__(self, fleet, copies):
        self.fleet, self.open = fleet, list(copies)

    def __call__(self, number):
        copies = list(self.open)
        return self.fleet.url(copies[number % len(copies)])


def until(crowd, answers):
    assert pause_until(60, lambda: crowd.answered() >= answers), \
        (crowd.answered(), crowd.wrong[:3])


def test_one_of_two_is_killed(office, two, fleet, seed, judge, long):
    """The survivor takes over the lanes and gives the answers of the other."""
    for _ in range(10 if long else 1):
        doors = Doors(fleet, two)
        crowd = Crowd(office, office.some_requests(300), where=doors)
        until(crowd, seed.randrange(10, 40))
        victim = seed.choice(sorted(two))
        survivor, = set(two) - {victim}
        doors.open = [survivor]
        two[victim].kill()
        until(crowd, crowd.answered() + 40)
        requests = crowd.end()
        with office.at(fleet.url(survivor)):
            office.held_to(requests)
        judge()
        two[victim] = fleet.start("gateway", copy=victim)
    judge()


def test_same_key_at_both(office, two, fleet, judge):
    """One impatient person sends a request to both at once: one command, one
    answer."""
    requests = [r for r in office.some_requests(24) for _ in range(2)]
    office.held_to(Crowd(office, requests, where=Doors(fleet, two)).all())
    judge()


def test_one_of_two_freezes(office, two, fleet, judge):
    """It is frozen for longer than its session. When it wakes, its lanes are
    gone."""
    doors = Doors(fleet, two)
    crowd = Crowd(office, office.some_requests(400), where=doors)
    until(crowd, 20)
    doors.open = ["2"]
    two["1"].freeze()
    taken = len(two["2"].events("lanes_assigned"))
    assert pause_until(SESSION_SECONDS + 20, lambda: len(
        two["2"].events("lanes_assigned")) > taken), two["2"].tail()
    two["1"].thaw()
    requests = crowd.end()
    office.held_to(requests)
    with office.at(fleet.url("2")):
        office.held_to(requests)
    judge()


def no_one_was_let_down(requests):
    lost = [r.lost for r in requests if r.lost]
    assert not lost, f"{len(lost)} of {len(requests)}: {lost[:5]}"


def test_rolling_restart_of_two(office, two, fleet, judge, long):
    """SIGTERM under load, one after the other: a gateway stops accepting, and
    every accepted request is answered."""
    doors = Doors(fleet, two)
    crowd = Crowd(office, office.some_requests(1500), where=doors)
    until(crowd, 20)
    for copy in ("1", "2") * (10 if long else 1):
        other, = set(two) - {copy}
        answered = crowd.answered()
        two[copy].signal(15)
        doors.open = [other]
        assert two[copy].wait_end() == 0, two[copy].tail(40)
        two[copy] = fleet.start("gateway", copy=copy)
        doors.open = ["1", "2"]
        until(crowd, answered + 60)
    requests = crowd.end()
    no_one_was_let_down(requests)
    assert all(r.operation for r in requests if not r.turned_away)
    office.held_to(requests)
    judge()


def test_restart_of_the_only_one(office, three, fleet, judge, long):
    """At the same address: a client without a connection tries again."""
    process = three["gateway"]
    for _ in range(20 if long else 1):
        crowd = Crowd(office, office.some_requests(200))
        until(crowd, 20)
        assert process.stop() == 0, process.tail(40)
        requests = crowd.end()
        no_one_was_let_down(requests)
        process = fleet.start("gateway")
        office.held_to(requests)
    judge()


def test_its_end_is_nearer_than_what_is_waited_for(office, three, fleet, db,
                                                   judge):
    """The owner is frozen and clients wait for ten seconds. After SIGTERM they
    get 202 and the address of the operation, in time."""
    three["teacher"].freeze()
    crowd = Crowd(office, [office.to_register() for _ in range(4)], many=4)
    try:
        assert pause_until(20, lambda: db.one(
            "SELECT count(*) FROM gateway.operation WHERE state = 0") >= 4)
        assert three["gateway"].stop() == 0, three["gateway"].tail(40)
        requests = crowd.all()
    finally:
        three["teacher"].thaw()
    no_one_was_let_down(requests)
    assert all(r.operation and r.answer is None for r in requests)
    fleet.start("gateway")
    office.held_to(requests)
    judge()


def test_no_answer_while_the_views_stand_still(office, three, stack, db,
                                               judge):
    """A refusal ends its operation in the transaction of the views. Until then
    the request and its repetition are under way; then both get it."""
    request = office.to_be_refused()
    with psycopg.connect(stack.env["ADMIN_DATABASE_URL"]) as line:
        line.execute("SELECT 1 FROM gateway.lane FOR UPDATE")
        crowd = Crowd(office, [request], many=2)
        assert pause_until(20, lambda: db.one(
            "SELECT count(*) FROM gateway.operation WHERE state = 0"))
        assert not pause_until(1, lambda: crowd.wrong), crowd.wrong
        assert db.one("SELECT count(*) FROM gateway.operation WHERE state = 0")
        line.rollback()
    office.held_to(crowd.all())
    judge()
