"""Requests that wait share a round trip to the database. Each still gets its
own answer and never another session or record, also while PostgreSQL
restarts."""
import concurrent.futures
import json
import re
import threading
import uuid

import pytest
from play.client import Client
from play.system import wait_until
from play.town import expect

ASKERS = 32


class Question:
    """One request, and its answer when it is asked alone."""

    def __init__(self, url, token, method, teacher):
        self.url, self.token, self.method = url, token, method
        self.path = f"/v1/teachers/{teacher}"
        self.right = self.ask()

    def ask(self):
        """(status, document, ETag, Retry-After)."""
        client = Client(self.url, self.token)
        answer = client.get(self.path) if self.method == "GET" else \
            client.request("PATCH", self.path, json.dumps({"email": None}),
                           headers={"Content-Type":
                                    "application/merge-patch+json"})
        document = dict(answer.json)
        document.pop("traceId", None)
        return (answer.status, document, answer.etag,
                answer.headers.get("retry-after"))


@pytest.fixture
def questions(system, town, land):
    """Requests of two schools, the platform and unknown callers about every
    teacher."""
    schools = [land.school()[1] for _ in range(2)]
    teachers = []
    for chief in schools:
        for _ in range(3):
            person = town.person()
            expect(town.register(chief, person), 201)
            teachers.append(person.teacher)
    tokens = [chief.client.token for chief in (*schools, town.platform)]
    unknown = [str(uuid.uuid4()), None]
    made = [Question(system.url, token, method, teacher)
            for token in tokens + unknown
            for teacher in [*teachers, str(uuid.uuid4())]
            for method in ("GET", "PATCH")]
    full, masked, other = (made[n].right for n in (0, 2 * 14, 6))
    assert (full[0], full[1]["id"], full[1]["masked"]) == (
        200, teachers[0], False)
    assert (masked[0], masked[1]["id"], masked[1]["masked"]) == (
        200, teachers[0], True)
    assert (other[0], made[1].right[0], made[-1].right[0]) == (404, 428, 401)
    return made


class Askers:
    """Many threads that ask until they are stopped, each in its own order."""

    def __init__(self, questions):
        self.questions, self.stop = questions, threading.Event()
        self.asked = [0] * ASKERS
        self.pool = concurrent.futures.ThreadPoolExecutor(ASKERS)
        self.runs = [self.pool.submit(self.run, n) for n in range(ASKERS)]

    def run(self, number):
        """The answers that differ from the answer of the request alone."""
        wrong, at = [], number * 17
        while not self.stop.is_set():
            question = self.questions[at % len(self.questions)]
            answer = question.ask()
            if answer != question.right:
                wrong.append((question.method, question.path, answer,
                              question.right))
            at += 1 + number % 3
            self.asked[number] += 1
        return wrong

    def wait(self, more):
        """Waits until every thread has asked that many times more."""
        goal = [n + more for n in self.asked]
        wait_until(lambda: all(n >= g for n, g in zip(self.asked, goal)),
                   120, "everybody to ask")

    def end(self):
        self.stop.set()
        self.pool.shutdown()
        return [w for run in self.runs for w in run.result()]


@pytest.fixture
def askers(questions):
    askers = Askers(questions)
    yield askers
    askers.end()


def shared(system):
    """(reads, trips) so far."""
    text = system["gateway"].get("/metrics")[1]
    return [int(float(re.search(rf"^\S*shared_read_size_{end}(?:{{}})? (\S+)$",
                                text, re.M)[1])) for end in ("sum", "count")]


def test_each_gets_his_own(system, askers):
    reads, trips = shared(system)
    askers.wait(40)
    assert askers.end() == []
    reads, trips = (now - then for now, then in zip(shared(system),
                                                    (reads, trips)))
    assert reads >= 40 * ASKERS
    assert trips < reads, "no requests ever shared a trip"


def test_each_gets_his_own_or_none_over_a_restart(system, stack, db, askers):
    askers.wait(5)
    stack.verb("crash-postgres")
    askers.wait(3)
    stack.verb("start-postgres")
    db.again()
    for service in system.services.values():
        service.wait_ready()
    # The pool's connections are lost, too: the first request on each one finds
    # out.
    wait_until(lambda: system["gateway"].get("/v1/organizations?limit=1")[0]
               == 200, 30, "the pool")
    askers.wait(5)
    wrong = askers.end()
    assert wrong, "no request failed without the database"
    for method, path, answer, right in wrong:
        status, document, etag, retry_after = answer
        assert (status, document["code"], etag) == (503, "UNAVAILABLE", None), (
            method, path, answer, right)
        assert int(retry_after) > 0
    assert [q.path for q in askers.questions if q.ask() != q.right] == []
