"""Commands on their way: keys, versions, waiting, operations and streams."""
import concurrent.futures
import json
import uuid

import pytest
from play.system import wait_until
from play.town import expect


@pytest.fixture(scope="module")
def office(land):
    """One school for tests that leave it unchanged."""
    return land.school()


def form(town, person):
    return town.teacher_form(person)


# --- Idempotency-Key ------------------------------------------------------------------
def test_key_is_demanded(town, office):
    answer = office[1].client.post("/v1/teachers", form(town, town.person()),
                                   key=None)
    assert (answer.status, answer.code) == (400, "IDEMPOTENCY_KEY_MISSING")


def test_same_key_same_answer(town, office, db):
    key, body = str(uuid.uuid4()), form(town, town.person())
    answers = [office[1].client.post("/v1/teachers", body, key=key)
               for _ in range(3)]
    assert {a.status for a in answers} == {201}
    assert len({a.body for a in answers}) == 1
    assert len({a.etag for a in answers}) == 1
    assert db.one("SELECT count(*) FROM teacher.teacher WHERE person_id = %s",
                  answers[0].json["subject"]) == 1


def test_same_key_when_its_effect_took_the_teacher_away(town, office):
    """The second time the teacher is out of reach. The answer is still the
    first one's."""
    _, chief = office
    person = town.person()
    assert town.register(chief, person).status == 201
    path, key = f"/v1/teachers/{person.teacher}", str(uuid.uuid4())
    leave = {"reason": "RESIGNED"}
    first, again = [chief.client.post(f"{path}/leave", leave, match='"1"',
                                      key=key) for _ in range(2)]
    assert first.status == 200, first
    assert (again.status, again.body, again.etag) == (200, first.body,
                                                      first.etag)
    assert chief.client.post(f"{path}/leave", {"reason": "RETIRED"},
                             match='"1"', key=key).code == "NOT_AT_THIS_SCHOOL"


def test_a_second_leave_says_that_the_teacher_is_gone(town, land, office):
    """With a new key the school and its centre learn it, other units do
    not."""
    code, chief = office
    person = town.person()
    expect(town.register(chief, person), 201)
    expect(town.leave(chief, person), 200)
    path, leave = f"/v1/teachers/{person.teacher}/leave", {"reason": "RESIGNED"}
    for client, body in ((chief.client, leave),
                         (chief.client, {**leave, "organization": code}),
                         (land.centre.client, leave)):
        answer = client.post(path, body, match='"2"')
        assert (answer.status, answer.code) == (409, "NOT_AT_THIS_SCHOOL")
    other, stranger = land.school()
    for client, body in ((stranger.client, leave),
                         (stranger.client, {**leave, "organization": code}),
                         (land.centre.client, {**leave, "organization": other})):
        answer = client.post(path, body, match='"2"')
        assert (answer.status, answer.code) == (404, "NOT_FOUND")


def test_same_key_same_refusal(town, office):
    person = town.person()
    key = str(uuid.uuid4())
    expect(town.register(office[1], person), 201)
    answers = [office[1].client.post("/v1/teachers", form(town, person),
                                     key=key) for _ in range(2)]
    assert {(a.status, a.code) for a in answers} == {(409, "ALREADY_HERE")}
    bodies = [{k: v for k, v in a.json.items() if k != "traceId"}
              for a in answers]
    assert bodies[0] == bodies[1]


def test_same_refusal_for_who_does_not_wait(town, office):
    """The row is written a moment after the answer. A repetition waits for it,
    whatever its Prefer header asks for."""
    person = town.person()
    expect(town.register(office[1], person), 201)
    for _ in range(20):
        key, body = str(uuid.uuid4()), form(town, person)
        first, again = (
            office[1].client.post("/v1/teachers", body, key=key,
                                  headers={"Prefer": prefer})
            for prefer in ("wait=5", "respond-async"))
        assert first.status == again.status == 409, (first, again)
        assert first.code == again.code


def test_same_key_other_body(town, office):
    key = str(uuid.uuid4())
    expect(office[1].client.post("/v1/teachers", form(town, town.person()),
                                 key=key), 201)
    answer = office[1].client.post("/v1/teachers", form(town, town.person()),
                                   key=key)
    assert (answer.status, answer.code) == (422, "IDEMPOTENCY_KEY_REUSED")


def test_key_belongs_to_who_sent_it(town, land, office):
    code, other = land.school()
    key = str(uuid.uuid4())
    for officer in (office[1], other):
        expect(officer.client.post("/v1/teachers", form(town, town.person()),
                                   key=key), 201)


def test_one_key_at_once_is_one_command(town, office, db):
    key, body = str(uuid.uuid4()), form(town, town.person())
    client = office[1].client
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: type(client)(
            client.url, client.token).post("/v1/teachers", body, key=key),
            range(8)))
    assert {a.status for a in answers} <= {201, 202}
    assert len({a.json["operation"] for a in answers}) == 1
    # A 202 tells no subject: a number's person is not known until DONE.
    assert len({a.json["subject"] for a in answers if a.status == 201}) <= 1


@pytest.mark.parametrize("key", ["", "x" * 300, "a b", "鍵".encode()])
def test_key_has_a_form(town, office, key):
    answer = office[1].client.post("/v1/teachers", form(town, town.person()),
                                   key=key)
    assert answer.status == 400, answer


# --- waiting ------------------------------------------------------------------------------
def test_respond_async_and_the_operation(town, office):
    answer = office[1].client.post(
        "/v1/teachers", form(town, town.person()),
        headers={"Prefer": "respond-async"})
    assert answer.status == 202
    place = answer.headers["location"]
    assert place == f"/v1/operations/{answer.json['operation']}"
    done = wait_until(
        lambda: (lambda a: a if a.json["state"] == "DONE" else None)(
            expect(office[1].client.get(place), 200)), 10,
        "the operation")
    assert answer.json["subject"] is None  # the number's person, until then
    assert office[1].client.get(
        f"/v1/teachers/{done.json['subject']}").status == 200


def test_answer_is_readable_at_once(town, office):
    """A teacher whose creation was answered 201 is in the read model already
    (I1)."""
    for _ in range(10):
        person = town.person()
        answer = expect(town.register(office[1], person), 201)
        shown = office[1].client.get(f"/v1/teachers/{person.teacher}")
        assert (shown.status, shown.etag) == (200, answer.etag)


def test_in_flight_gets_the_same_202(town, office, system):
    """While the owner is frozen, a repetition gets the same operation. When
    the owner goes on, both get the result."""
    key, body = str(uuid.uuid4()), form(town, town.person())
    system["teacher"].freeze()
    try:
        first, second = (
            office[1].client.post("/v1/teachers", body, key=key,
                                  headers={"Prefer": "wait=1"})
            for _ in range(2))
        assert (first.status, second.status) == (202, 202), (first, second)
        assert first.json["operation"] == second.json["operation"]
        assert first.headers["location"] == second.headers["location"]
        assert int(first.headers["retry-after"]) >= 1
    finally:
        system["teacher"].thaw()
    wait_until(lambda: office[1].client.post(
        "/v1/teachers", body, key=key).status == 201, 30, "the result")


def test_operations_are_ones_own(town, land, office):
    answer = expect(town.register(office[1], town.person()), 201)
    path = f"/v1/operations/{answer.json['operation']}"
    assert office[1].client.get(path).status == 200
    assert land.centre.client.get(path).status == 404
    assert town.anybody.get(path).status == 401
    listed = expect(office[1].client.get("/v1/operations"), 200).json
    assert any(path.endswith(o["id"]) for o in listed["items"]), listed


def test_f06_a_refused_operation_has_no_version(town, office):
    person = town.person()
    expect(town.register(office[1], person), 201)
    assert town.register(office[1], person).status == 409
    listed = expect(office[1].client.get("/v1/operations"), 200).json["items"]
    assert {"DONE", "REFUSED"} <= {o["state"] for o in listed}
    for operation in listed:
        if operation["state"] == "DONE":
            assert operation["version"] > 0, operation
        else:
            assert "version" not in operation, operation


def test_operation_as_a_stream(town, office, system):
    """SSE: past and new states, then the end."""
    system["teacher"].freeze()
    try:
        answer = office[1].client.post(
            "/v1/teachers", form(town, town.person()),
            headers={"Prefer": "respond-async"})
        assert answer.status == 202
        stream = office[1].client.stream(
            answer.headers["location"], {"Accept": "text/event-stream"})
        assert stream.status_code == 200
        assert stream.headers["Content-Type"].startswith("text/event-stream")
    finally:
        system["teacher"].thaw()
    seen = []
    for line in stream.iter_lines(chunk_size=1, decode_unicode=True):
        if line.startswith("data:"):
            seen.append(json.loads(line[5:]))
            if seen[-1]["state"] != "ACCEPTED":
                break
    assert seen[-1]["state"] == "DONE", seen


# --- versions -------------------------------------------------------------------------------
def test_etag_and_if_match(town, office):
    person = town.person()
    registered = expect(town.register(office[1], person), 201)
    client, path = office[1].client, f"/v1/teachers/{person.teacher}"
    shown = expect(client.get(path), 200)
    assert shown.etag == registered.etag
    assert client.get(path, headers={"If-None-Match": shown.etag}).status == \
        304
    missing = client.patch(path, {"unitNote": "x"}, match=None)
    assert (missing.status, missing.code) == (428, "PRECONDITION_REQUIRED")
    changed = expect(client.patch(path, {"unitNote": "甲"},
                                  match=shown.etag), 200)
    assert changed.etag != shown.etag
    late = client.patch(path, {"unitNote": "乙"}, match=shown.etag)
    assert (late.status, late.code) == (412, "CHANGED")
    assert late.json["currentVersion"] == int(changed.etag.strip('"'))
    assert client.get(path).etag == changed.etag
    assert late.etag == changed.etag
    assert late.json["current"] == client.get(path).json
    assert late.json["current"]["posts"][0]["unitNote"] == "甲"


def test_a_clash_shows_the_present_state(town, land, office):
    """Shows the state as the actor may see it, also on a verb's path, also for
    a repetition."""
    code, chief = office
    helper = town.officer(chief, code, "OPERATOR")
    path = f"/v1/business-accounts/{helper.account}"
    key = str(uuid.uuid4())
    late, again = [chief.client.post(f"{path}/disable", {}, match='"7"',
                                     key=key) for _ in range(2)]
    assert (late.status, late.code) == (412, "CHANGED")
    assert late.json["current"] == chief.client.get(path).json
    assert again.json["current"] == late.json["current"]
    other = land.school()[1].client.post(f"{path}/disable", {}, match='"7"')
    assert (other.status, "current" in other.json) == (404, False)
    pending = town.person()
    town.apply(pending, code)
    asked = f"/v1/applications/{pending.account}"
    clash = town.try_enable(chief, pending, "OPERATOR", etag='"9"')
    assert clash.status == 412
    assert clash.json["current"] == chief.client.get(asked).json


@pytest.mark.parametrize("match,status", [
    ('"x"', 412), ('W/"1"', 412), ('"01"', 412), ('"-1"', 412),
    ('"99999999999999999999"', 412), ('"101", "7"', 412), ('W/"1", "01"', 412),
    ('"101", "1"', 200), ('"1","101"', 200), ('"7" , "8", "1",', 200),
    ('W/"1", "1"', 200), ("1", 400), ('"1', 400), ('"1" "2"', 400), ("*", 428)])
def test_f14_if_match(town, office, match, status):
    """Any tag that is the present version matches; a weak tag never does."""
    person = town.person()
    expect(town.register(office[1], person), 201)
    answer = office[1].client.patch(f"/v1/teachers/{person.teacher}",
                                    {"unitNote": "x"}, match=match)
    assert answer.status == status, answer


# --- one order: reach, form, right, version -----------------------------------------
@pytest.mark.parametrize("method,path,bad,good", [
    ("PATCH", "/v1/teachers/{0.teacher}", {"unitNote": 1}, {"unitNote": "x"}),
    ("POST", "/v1/teachers/{0.teacher}/leave", {"reason": 1},
     {"reason": "RESIGNED"}),
    ("POST", "/v1/business-accounts/{0.account}/enable", {"role": 1}, {}),
    ("POST", "/v1/business-accounts/{0.account}/disable", {"reason": 1}, {}),
    ("POST", "/v1/applications/{0.account}/enable", {"role": 1}, None),
    ("POST", "/v1/applications/{0.account}/close", {"reason": 1},
     {"reason": "x"})])
def test_checks_have_one_order(town, land, office, method, path, bad, good):
    code, chief = office
    if "applications" in path:
        person = town.person()
        town.apply(person, code)
        good = good or {"role": "OPERATOR", "number": person.number}
    else:
        person = town.officer(chief, code, "OPERATOR")
        expect(town.register(chief, person), 201)

    def ask(client, body, match=None):
        kind = "merge-patch+json" if method == "PATCH" else "json"
        answer = client.request(
            method, path.format(person), body, match=match,
            key=str(uuid.uuid4()),
            headers={"Content-Type": "application/" + kind})
        return answer.status
    stranger = land.school()[1].client
    for body in (bad, "{"):
        assert ask(type(stranger)(stranger.url), body) == 401
        assert ask(stranger, body) == 404
        assert ask(chief.client, body) == 400
    # The right to enable depends on the role in the form.
    if path.endswith("enable"):
        operator = town.officer(chief, code, "OPERATOR").client
        assert ask(operator, bad) == 400
        assert ask(operator, good) == 403
    assert ask(chief.client, good) == 428
    assert ask(chief.client, good, '"97"') in (403, 412)


def test_f06_key_with_another_if_match(town, office):
    """If-Match is part of the request that a key stands for."""
    person = town.person()
    registered = expect(town.register(office[1], person), 201)
    path = f"/v1/teachers/{person.teacher}/leave"
    client, key, body = office[1].client, str(uuid.uuid4()), \
        {"reason": "RESIGNED"}
    stale = client.post(path, body, key=key, match='"77"')
    assert (stale.status, stale.code) == (412, "CHANGED")
    again = client.post(path, body, key=key, match='"77"')
    assert (again.status, again.code) == (412, "CHANGED")
    for other in (registered.etag, f'"77", {registered.etag}', 'W/"77"'):
        reused = client.post(path, body, key=key, match=other)
        assert reused.status in (412, 422), reused
        assert reused.code in ("IDEMPOTENCY_KEY_REUSED", "CHANGED"), reused
    assert client.post(path, body, key=key, match=registered.etag).code == \
        "IDEMPOTENCY_KEY_REUSED"
    expect(client.post(path, body, match=registered.etag), 200)


def test_nothing_changes_by_nothing(town, office):
    """A change without a difference makes no new version and is no error."""
    person = town.person()
    expect(town.register(office[1], person), 201)
    path = f"/v1/teachers/{person.teacher}"
    etag = office[1].client.get(path).etag
    answer = expect(office[1].client.patch(path, {}, match=etag), 200)
    assert answer.etag == etag
    assert office[1].client.get(path).etag == etag
