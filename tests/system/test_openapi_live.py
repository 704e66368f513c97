"""Sends requests generated from the OpenAPI document to the running system, in
every role: no 5xx, no status and no body that the document does not promise.
schemathesis makes the requests. The time is bounded, the seed is printed.
OPENAPI_SEED=… repeats a run; OPENAPI_SECONDS=… sets its length.
"""
import os
import random
import time
import uuid

import hypothesis
import pytest
import schemathesis
from document import Document
from harness import Gateway
from play.client import Answer
from play.town import expect

SEED = int(os.environ.get("OPENAPI_SEED") or random.randrange(1 << 32))
SECONDS = float(os.environ.get("OPENAPI_SECONDS") or 60)
ROLES = ("platform", "centre", "CHIEF", "CONTACT", "OPERATOR", "teacher",
         "anonymous")
# Left out: they end the session that asks, or never end.
NOT_ASKED = {"endSession"}
EACH = 2  # requests of an operation in each role and round


@pytest.fixture(scope="module")
def roles(town, land):
    code, chief = land.school()
    teacher = town.person()
    expect(town.register(chief, teacher), 201)
    town.own_login(chief, teacher)
    return {"platform": town.officer(town.platform, "P-000000", "CHIEF").client,
            "centre": town.officer(town.platform, land.centre.organization,
                                   "CHIEF").client,
            "CHIEF": town.officer(land.centre, code, "CHIEF").client,
            "CONTACT": town.officer(chief, code, "CONTACT").client,
            "OPERATOR": town.officer(chief, code, "OPERATOR").client,
            "teacher": teacher.client, "anonymous": town.anybody}


@pytest.fixture(scope="module")
def real(town, land):
    """Objects of a school made for this test, which paths and bodies name."""
    code, chief = land.school()
    teacher, waits, other = town.person(), town.person(), town.person()
    expect(town.register(chief, teacher), 201)
    town.apply(waits, code)
    town.apply(other, code)
    town.enable(chief, other, "OPERATOR")
    operations = expect(chief.client.get("/v1/operations"), 200).json["items"]
    ids = [teacher.teacher, waits.account, other.account, chief.account,
           operations[0]["id"]]
    return {"code": [code, "P-000000", land.centre.organization],
            "id": ids, "organization": [code], "teacher": [teacher.teacher],
            "login": [other.login], "number": [teacher.number],
            "name": [teacher.name], "email": [teacher.email]}


class Asker:
    """Sends one generated request; notes each part that the document does not
    promise."""

    def __init__(self, document, real, seed):
        self.judge = Document(document)
        self.real, self.seed = real, seed
        self.faults, self.statuses, self.asked = {}, {}, set()

    def truth(self, name, value):
        """In half of the calls a value that exists."""
        known = self.real.get(name)
        return self.seed.choice(known) if known and self.seed.random() < 0.5 \
            else value

    def ask(self, role, client, operation, case):
        headers = dict(case.headers or {})
        case.path_parameters = {
            name: self.truth(name, value)
            for name, value in (case.path_parameters or {}).items()}
        if isinstance(case.body, dict):
            case.body = {name: self.truth(name, value)
                         for name, value in case.body.items()}
        if "If-Match" in headers and self.seed.random() < 0.5:
            headers["If-Match"] = f'"{self.seed.randrange(4)}"'
        if "Idempotency-Key" in headers and self.seed.random() < 0.5:
            headers["Idempotency-Key"] = str(uuid.uuid4())
        headers.pop("Authorization", None)
        case.headers = headers
        sent = case.as_transport_kwargs(base_url=client.url)
        if client.token:
            sent["headers"]["Authorization"] = f"Bearer {client.token}"
        answer = client.line.request(
            sent["method"], sent["url"], params=sent.get("params"),
            json=sent.get("json"), data=sent.get("data"),
            headers=sent["headers"], timeout=30, allow_redirects=False,
            stream=False)
        self.look(role, operation, case, answer)

    def look(self, role, operation, case, answer):
        name = operation.definition.raw["operationId"]
        path = "/" + answer.url.split("/", 3)[3]
        seen = Answer(case.method.upper(), path, answer.status_code,
                      answer.headers.items(), answer.content)
        self.asked.add((role, name))
        self.statuses[seen.status] = self.statuses.get(seen.status, 0) + 1
        fault = f"{name} answered {seen.status}" if seen.status >= 500 \
            else self.judge.fault(seen)
        if fault is not None:
            self.faults.setdefault(fault, f"as {role}: {seen!r}"[:900])


def generate(asker, role, client, operation, seed):
    @hypothesis.seed(seed)
    @hypothesis.settings(max_examples=EACH, deadline=None, database=None,
                         phases=[hypothesis.Phase.generate],
                         suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(case=operation.as_strategy())
    def run(case):
        asker.ask(role, client, operation, case)
    run()


@pytest.fixture
def judged_here():
    """This test itself reports undocumented answers."""
    judge, Gateway.judge = Gateway.judge, None
    yield
    Gateway.judge = judge


def test_generated_requests(town, roles, real, judged_here):
    document = town.anybody.get("/openapi.json").json
    schema = schemathesis.openapi.from_dict(document)
    operations = [found.ok() for found in schema.get_all_operations()]
    operations = [o for o in operations
                  if o.definition.raw["operationId"] not in NOT_ASKED]
    pairs = [(role, o) for role in ROLES for o in operations]
    seed = random.Random(SEED)
    asker = Asker(document, real, seed)
    end, round_ = time.monotonic() + SECONDS, 0
    while round_ == 0 or time.monotonic() < end:
        seed.shuffle(pairs)
        for role, operation in pairs:
            if round_ > 0 and time.monotonic() > end:
                break
            generate(asker, role, roles[role], operation, seed.getrandbits(32))
        round_ += 1
    total = sum(asker.statuses.values())
    told = f"OPENAPI_SEED={SEED}: {total} requests, {asker.statuses}"
    print(told)
    if asker.faults:
        pytest.fail(told + "\n" + "\n".join(
            f"{fault}\n    {shown}" for fault, shown in asker.faults.items()),
            pytrace=False)
    assert len(asker.asked) == len(pairs), "an operation was never asked"
    assert asker.statuses.get(200, 0) > 20, told
