"""Does an answer tell whether a person or thing exists? For each question that
can be asked twice, the answers about a known and an unknown one are the same:
status, body, headers and, within noise, time (B25).

One table: a row gives two requests that differ only in whether their subject
exists. Rows of routes without a session are asked without one. Route 59 joins
when it is built.
"""
import itertools
import re
import statistics
import time
import uuid

import pytest
from play import county
from play.system import wait_until
from play.town import expect

from harness import Gateway, Service, checked
from test_authority import lines_of

# Parts that differ between any two answers and tell nothing.
VOLATILE = {"traceId", "operation", "subject", "receipt", "id", "instance"}
HEADERS = {"date", "etag-of-trace", "location", "traceparent", "x-trace-id",
           "content-length"}


def shape(answer):
    """Everything a client sees, without ids."""
    body = answer.json
    if isinstance(body, dict):
        body = {k: "…" if k in VOLATILE else v for k, v in body.items()}
    return (answer.status, body,
            {k: v for k, v in answer.headers.items() if k not in HEADERS},
            sorted(answer.headers))


def compare(known, unknown, rounds, factor=3.0, slack=0.030):
    """Asks both in turns. The medians may differ only by noise."""
    times = {known: [], unknown: []}
    shapes = []
    for _ in range(rounds):
        for ask in (known, unknown):
            begun = time.monotonic()
            answer = ask()
            times[ask].append(time.monotonic() - begun)
            shapes.append(shape(answer))
    assert all(one == shapes[0] for one in shapes), shapes[:2]
    one, other = sorted(statistics.median(t) for t in times.values())
    assert other <= factor * one + slack, times
    return shapes[0]


@pytest.fixture(scope="module")
def wide(town, system, folder, watch):
    """A gateway with budgets that these tests cannot use up."""
    first = system["gateway"]
    service = Service("gateway", first.binary, {
        **first.env, **checked(), "INSERVICE_LISTEN_PORT": "0",
        **{f"INSERVICE_{name}": "100000" for name in (
            "LOOK_UPS_PER_OFFICER", "LOOK_UPS_PER_UNIT",
            "LOOK_UP_MISSES_PER_NAME", "WRONG_NUMBERS_PER_OFFICER",
            "WRONG_NUMBERS_PER_UNIT", "WRONG_NUMBERS_PER_APPLICATION")}},
        folder / "run" / "oracles")
    watch.add(service)
    service.start()
    service.wait_ready()
    yield f"http://127.0.0.1:{service.port}"
    assert service.stop() == 0, service.tail(40)


@pytest.fixture(scope="module")
def world(town, land):
    """A school with one of everything, and an officer of another school."""
    class World:
        pass
    w = World()
    w.code, w.chief = land.school()
    w.there, w.stranger = land.school()
    w.teacher = town.person("王小美")
    w.made = expect(town.register(w.chief, w.teacher), 201)
    w.waiting = town.person()
    town.apply(w.waiting, w.code)
    w.asked = w.waiting.receipt
    w.account = town.officer(w.chief, w.code, "OPERATOR")
    w.spent = town.person()
    town.apply(w.spent, w.code)
    town.enable(w.chief, w.spent, "OPERATOR")
    w.ticket = town.spool.ticket(w.spent.email)
    town.redeem(w.spent, w.ticket)
    login = town.person().login
    done = expect(w.chief.client.post("/v1/teacher-accounts", {
        "teacher": w.teacher.teacher, "login": login}), 201)
    w.teacher_account = done.json["subject"]
    w.operation = w.made.json["operation"]
    w.imported = town.import_dry_run(
        town.platform, county.text(county.small())).json["id"]
    return w


def applying(town, code, number, kind, token):
    person = town.person()
    form = {"kind": kind, "organization": code, "name": "王小明",
            "number": number, "login": person.login, "phone": person.phone}
    if kind == "BUSINESS":
        form["wantedRole"] = "OPERATOR"
    return town.anybody.post("/v1/applications", form, headers={
        "Verification-Token": token, "Prefer": "wait=20"})


# --- 12: an application ----------------------------------------------------------
@pytest.mark.parametrize("kind", ["BUSINESS", "TEACHER"])
def test_12_whether_a_person_is_known(town, world, kind):
    """The number of a person with an account and a record, against an unused
    number."""
    known_number = world.account.number if kind == "BUSINESS" \
        else world.teacher.number
    tokens = itertools.cycle([town.verify(town.person()) for _ in range(4)])

    def known():
        return applying(town, world.code, known_number, kind, next(tokens))

    def unknown():
        return applying(town, world.code, town.person().number, kind,
                        next(tokens))
    assert compare(known, unknown, 6)[0] == 201


# --- 14, 15, 72: by id, without a session, with a wrong receipt ---------------------
@pytest.mark.parametrize("receipt", [None, "f" * 64])
@pytest.mark.parametrize("method, path, body", [
    ("GET", "/v1/applications/{}", None),
    ("POST", "/v1/applications/{}/close", {}),
])
def test_14_15_whether_an_application_is_known(town, world, method, path, body,
                                               receipt):
    def ask(id):
        return town.anybody.request(
            method, path.format(id), body, match='"1"', key=str(uuid.uuid4()),
            headers={"Receipt": receipt} if receipt else None)
    for id in (world.waiting.account, world.account.account,
               world.teacher_account):
        status = compare(lambda: ask(id), lambda: ask(uuid.uuid4()), 8)[0]
        assert status == 401


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
@pytest.mark.parametrize("receipt", [None, "f" * 64])
def test_r16_whether_an_operation_is_known(town, world, receipt, accept):
    def ask(id):
        return town.anybody.get(f"/v1/operations/{id}", headers={
            "Accept": accept, **({"Receipt": receipt} if receipt else {})})
    assert compare(lambda: ask(world.operation), lambda: ask(uuid.uuid4()),
                   8)[0] == 401


# --- the number from the personnel file ----------------------------------------------
def test_16_whose_number_it_is(town, world, wide):
    """A wrong number for a known person, and an unused number."""
    officer = Gateway(wide, world.chief.client.token)

    def ask(number):
        return officer.post(
            f"/v1/applications/{world.waiting.account}/enable",
            {"role": "OPERATOR", "number": number}, match='"1"')
    status, body, *_ = compare(lambda: ask(world.teacher.number),
                               lambda: ask(town.person().number), 10)
    assert (status, body["code"]) == (422, "IDENTITY_NOT_CONFIRMED")


def test_16_whether_an_applicant_is_on_file(town, world, wide):
    """A teacher's application whose number the officer has confirmed: of a
    teacher of another school, and of a person not on file. Neither is enabled, so
    the answers may be asked for again."""
    officer = Gateway(wide, world.stranger.client.token)
    tokens = itertools.cycle([town.verify(town.person()) for _ in range(2)])

    def waiting(number):
        made = expect(applying(town, world.there, number, "TEACHER",
                               next(tokens)), 201)
        return made.json["subject"], number

    def ask(application):
        id, number = application
        return officer.post(f"/v1/applications/{id}/enable",
                            {"number": number}, match='"1"')
    known = waiting(world.teacher.number)
    unknown = waiting(town.person().number)
    status, body, *_ = compare(lambda: ask(known), lambda: ask(unknown), 6)
    assert (status, body["code"]) == (409, "NOT_AT_THIS_SCHOOL")


# --- 27: an account for a teacher ----------------------------------------------------
def test_27_whether_a_person_is_on_file(town, world, wide):
    officer = Gateway(wide, world.stranger.client.token)

    def ask(person):
        return officer.post("/v1/teacher-accounts", {"teacher": str(person)})
    status, body, *_ = compare(lambda: ask(world.teacher.teacher),
                               lambda: ask(uuid.uuid4()), 10)
    assert (status, body["code"]) == (404, "NOT_FOUND")


# --- 34: the entry of a teacher ------------------------------------------------------
@pytest.mark.parametrize("wait", ["respond-async", "wait=20"])
@pytest.mark.parametrize("known", [True, False])
def test_34_a_refused_try_names_nobody(town, world, wide, known, wait):
    """A number gives a person's id. A try that is refused tells it nowhere:
    with the id, other routes could be asked about the person."""
    officer = Gateway(wide, world.stranger.client.token)
    number = world.teacher.number if known else town.person().number
    key = str(uuid.uuid4())

    def enter():
        return officer.post(
            "/v1/teachers", {"number": number, "name": "陳大文",
                             "title": "NO_SUCH_TITLE"},
            key=key, headers={"Prefer": wait})
    answers = [enter(), enter()]
    path = f"/v1/operations/{answers[0].json['operation']}"
    wait_until(lambda: officer.get(path).json["state"] == "REFUSED", 20, path)
    read = officer.get(path).json
    assert read["refusal"]["code"] == "CODE_UNKNOWN"
    listed = [one for one in officer.get("/v1/operations").json["items"]
              if one["id"] == read["id"]]
    stream = officer.get(path, headers={"Accept": "text/event-stream"}).body
    for shown in (*[a.json for a in answers], enter().json, read, *listed):
        assert shown.get("subject") is shown.get("location") is None, shown
    assert listed and b"/v1/teachers/" not in stream


# --- 33: the look-up -----------------------------------------------------------------
@pytest.mark.parametrize("where", ["own", "elsewhere"])
def test_33_whether_a_number_is_on_file(town, world, wide, where):
    officer = world.chief if where == "own" else world.stranger
    client = Gateway(wide, officer.client.token)

    def ask(number):
        return client.post("/v1/teachers/look-up", {
            "number": number, "name": "陳大文", "purpose": "辦理登錄"}, key=None)
    status, body, *_ = compare(lambda: ask(world.teacher.number),
                               lambda: ask(town.person().number), 10)
    assert (status, body["code"]) == (404, "NO_MATCH")


# --- 55: signing in --------------------------------------------------------------------
def test_55_whether_a_login_is_known(town, world, wide):
    """A wrong password, an unknown login, and a login without a password
    yet."""
    def ask(login):
        return Gateway(wide).post("/v1/sessions", {
            "login": login, "password": "some-wrong-password"}, key=None)
    # Four tries, because the fifth would lock the login.
    for known in (world.account.login, world.waiting.login,
                  world.account.login + "x"):
        status, body, *_ = compare(lambda: ask(known),
                                   lambda: ask(town.person().login), 3)
        assert (status, body["code"]) == (401, "SIGN_IN_FAILED")


# --- 10, 11, 60: mailboxes, codes and tickets ------------------------------------------
def test_10_whether_a_mailbox_is_known(town, world):
    def ask(email):
        return town.anybody.post("/v1/email-verifications", {"email": email},
                                 key=None)
    assert compare(lambda: ask(world.account.email),
                   lambda: ask(town.person().email), 4)[0] == 202


def test_11_whether_a_verification_is_known(town):
    def ask(id):
        return town.anybody.post(f"/v1/email-verifications/{id}/confirm",
                                 {"code": "000000"}, key=None)
    email = town.person().email
    known = expect(town.anybody.post("/v1/email-verifications",
                                     {"email": email}, key=None), 202)
    right = town.spool.code(email)
    if right == "000000":
        pytest.skip("one code of a million")
    status, body, *_ = compare(lambda: ask(known.json["id"]),
                               lambda: ask(uuid.uuid4()), 7)
    assert (status, body["code"]) == (422, "CODE_WRONG")


def test_60_whether_a_ticket_was_one(town, world):
    def ask(ticket):
        return town.anybody.post("/v1/credential-tickets/redeem", {
            "ticket": ticket, "password": "lanyang-egret-river-2027"},
            key=None)
    status, body, *_ = compare(lambda: ask(world.ticket),
                               lambda: ask("A" * 43), 6)
    assert (status, body["code"]) == (409, "TICKET_SPENT")


# --- every route with an id ---------------------------------------------------------
def routes_with_an_id(programs):
    for number, method, path, *_ in lines_of(programs / "gateway", "routes"):
        if "{id}" in path:
            yield int(number), method, path


def known_ids(w):
    """{folder of the path: known ids}, all out of the stranger's reach."""
    return {
        "/v1/applications/": [w.waiting.account],
        "/v1/business-accounts/": [w.account.account, w.chief.account],
        "/v1/teacher-accounts/": [w.teacher_account],
        "/v1/teachers/": [w.teacher.teacher],
        "/v1/operations/": [w.operation],
        "/v1/imports/": [w.imported],
        "/v1/sessions/": [w.chief.session],
    }


BODIES = {15: {"reason": "查無此人"}, 16: {"role": "OPERATOR"},
          20: {"role": "OPERATOR"}, 26: {"purpose": "ACTIVATE"},
          36: {"unitNote": "x"}, 37: {"reason": "RESIGNED"}}


def ask_by_id(client, number, method, path, id):
    body = BODIES.get(number, {} if method in ("POST", "PATCH") else None)
    path = path.replace("{id}", str(id)).replace("{move}", str(uuid.uuid4()))
    return client.request(
        method, path, body, match='"1"',
        key=str(uuid.uuid4()) if method == "POST" else None,
        headers={"Content-Type": "application/merge-patch+json"}
        if method == "PATCH" else None)


def unknown_id(id):
    """An id of the same form that belongs to nothing."""
    if re.fullmatch("[0-9a-f]{64}", id):
        return uuid.uuid4().hex * 2
    return str(uuid.uuid4())


@pytest.mark.parametrize("who", ["nobody", "stranger"])
def test_r16_ids_out_of_reach_are_unknown(town, world, programs, who):
    """401 without a session, 404 for an officer without the right, whether the
    id is known or not."""
    client = town.anybody if who == "nobody" else world.stranger.client
    asked = 0
    for number, method, path in routes_with_an_id(programs):
        if number == 11:  # answers CODE_WRONG, see above
            continue
        folder = path[:path.index("{id}")]
        assert folder in known_ids(world), f"no known id for {path}"
        for id in known_ids(world)[folder]:
            known = shape(ask_by_id(client, number, method, path, id))
            unknown = shape(ask_by_id(client, number, method, path,
                                      unknown_id(id)))
            assert known == unknown, (method, path, known, unknown)
            assert known[0] == (401 if who == "nobody" else 404), (path, known)
            asked += 1
    assert asked >= 15
