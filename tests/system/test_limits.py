"""Limits as people meet them: each is counted when it is taken, and it stops
only the person who exceeds it. tests/sql/test_budgets.py tests exact counts
under concurrency."""
import concurrent.futures
import uuid
from datetime import datetime, timedelta, timezone

import pytest
import requests
from play.system import wait_until
from play.town import Person, expect

from harness import Gateway


class From(requests.adapters.HTTPAdapter):
    """Connections that come from another loopback address."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *words, **more):
        super().init_poolmanager(*words, **more,
                                 source_address=(self.address, 0))


def client_at(url, address, token=None):
    """A client with this source address; 127.1.2.x is one network."""
    client = Gateway(url, token)
    client.line.mount("http://", From(address))
    return client


def at_once(count, work):
    with concurrent.futures.ThreadPoolExecutor(min(count, 25)) as pool:
        return list(pool.map(work, range(count)))


def statuses(answers):
    return sorted(answer.status for answer in answers)


def mailbox():
    return f"m{uuid.uuid4().hex[:12]}@example.tw"


def ask_code(client, email):
    return expect(client.post("/v1/email-verifications", {"email": email},
                              key=None), 202)


def codes_sent(db, email):
    return db.one("SELECT count(*) FROM gateway.verification WHERE email = %s",
                  email)


# --- codes by e-mail ------------------------------------------
def test_r11_fifty_codes_at_once_are_five(town, db):
    email = mailbox()
    at_once(50, lambda n: ask_code(client_at(town.url, "127.10.0.1"), email))
    assert codes_sent(db, email) == 5


def test_s10_a_stranger_uses_up_no_mailbox(town, db):
    """Nine strangers ask for codes, and the owner still gets one."""
    email = mailbox()
    for n in range(9):
        for _ in range(6):
            ask_code(client_at(town.url, f"127.11.{n}.1"), email)
    # Nine first codes, and thirty more.
    assert codes_sent(db, email) == 39
    ask_code(client_at(town.url, "127.11.99.1"), email.upper())
    assert codes_sent(db, email.upper()) == 1
    # A second code waits until the hour is over.
    ask_code(client_at(town.url, "127.11.99.1"), email)
    assert codes_sent(db, email) == 39


def test_s10_a_client_has_a_bound_of_its_own(town, other_gateway):
    url = other_gateway(VERIFICATIONS_PER_CLIENT=3).url
    client = client_at(url, "127.12.0.1")
    answers = at_once(9, lambda n: client_at(url, "127.12.0.1").post(
        "/v1/email-verifications", {"email": mailbox()}, key=None))
    assert statuses(answers) == [202] * 3 + [429] * 6
    refused = client.post("/v1/email-verifications", {"email": mailbox()},
                          key=None)
    assert refused.code == "TOO_MANY_FROM_NETWORK"
    assert 3000 < int(refused.headers["retry-after"]) <= 3600
    ask_code(client_at(url, "127.12.0.2"), mailbox())


def test_s10_many_addresses_of_a_network_flood_no_mailbox(town, db):
    """The first three codes are not counted, then the mailbox's thirty are.
    Its holder still gets one from elsewhere."""
    email = mailbox()
    at_once(60, lambda n: ask_code(client_at(town.url, f"127.13.0.{n + 1}"),
                                   email))
    assert codes_sent(db, email) == 33
    ask_code(client_at(town.url, "127.13.0.99"), email)
    assert codes_sent(db, email) == 33
    for n in range(4):  # clients in a network of their own
        ask_code(client_at(town.url, f"127.13.1.{n + 1}"), email)
    assert codes_sent(db, email) == 36
    # Other mailboxes are not affected.
    other = mailbox()
    ask_code(client_at(town.url, "127.13.0.99"), other)
    assert codes_sent(db, other) == 1


def test_s10_codes_have_a_budget_of_the_network(town, other_gateway):
    url = other_gateway(VERIFICATIONS_PER_NETWORK=4).url

    def ask(address):
        return client_at(url, address).post(
            "/v1/email-verifications", {"email": mailbox()}, key=None)
    answers = at_once(9, lambda n: ask(f"127.14.0.{n + 1}"))
    assert statuses(answers) == [202] * 4 + [429] * 5
    refused = ask("127.14.0.99")
    assert (refused.status, refused.code) == (429, "TOO_MANY_FROM_NETWORK")
    assert 3000 < int(refused.headers["retry-after"]) <= 3600
    assert ask("127.14.1.1").status == 202
    metrics = Gateway(url).get("/metrics").body.decode()
    assert 'budget_refused_total{what="code",by="network"} 6' in metrics


def confirm(town, id, code):
    return town.anybody.post(f"/v1/email-verifications/{id}/confirm",
                             {"code": code}, key=None)


def test_f07_a_code_confirmed_twice_is_one_proof(town, school):
    code, _ = school
    person = town.person()
    id = ask_code(town.anybody, person.email).json["id"]
    digits = town.spool.code(person.email)
    spaced = digits[:3] + " " + digits[3:]
    answers = [expect(confirm(town, id, text), 200)
               for text in [digits, spaced, *[digits] * 8]]
    assert len({a.json["token"] for a in answers}) == 1
    assert answers[0].json["expiresInSeconds"] >= \
        answers[-1].json["expiresInSeconds"] > 1790
    # A right code is no try: five wrong ones are still allowed.
    wrong = [confirm(town, id, f"{(int(digits) + n) % 10 ** 6:06}")
             for n in range(1, 6)]
    assert {a.code for a in wrong} == {"CODE_WRONG"}
    assert confirm(town, id, digits).code == "CODE_WRONG"
    # The proof stays valid.
    assert town.anybody.post(
        "/v1/applications", town.application(person, code, "OPERATOR"),
        headers={"Verification-Token": answers[0].json["token"]}).status == 201


def test_f07_twice_at_once(town):
    person = town.person()
    id = ask_code(town.anybody, person.email).json["id"]
    digits = town.spool.code(person.email)
    answers = at_once(12, lambda n: Gateway(town.url).post(
        f"/v1/email-verifications/{id}/confirm", {"code": digits}, key=None))
    assert statuses(answers) == [200] * 12
    assert len({a.json["token"] for a in answers}) == 1


@pytest.mark.parametrize("how", ["unknown", "short", "old", "empty",
                                 "signed in"])
def test_f07_a_dead_proof_has_a_code_of_its_own(town, school, db, how):
    code, chief = school
    person = town.person()
    client, token = town.anybody, uuid.uuid4().hex * 2
    if how == "old":
        token = town.verify(person)
        assert db.change("UPDATE gateway.verification SET token_expires_at = "
                         "now() - interval '1 second' WHERE email = %s",
                         person.email) == 1
    elif how in ("short", "empty"):
        token = "x" if how == "short" else ""
    elif how == "signed in":
        client = chief.client
    answer = client.post("/v1/applications",
                         town.application(person, code, "OPERATOR"),
                         headers={"Verification-Token": token})
    assert (answer.status, answer.code) == (409, "PROOF_EXPIRED")
    none = town.anybody.post("/v1/applications",
                             town.application(person, code, "OPERATOR"))
    assert (none.status, none.code) == (401, "EMAIL_NOT_VERIFIED")


# --- applications ------------------------------------
def asking(town, client, token, person, code, key=None, **more):
    return client.post("/v1/applications",
                       town.application(person, code, "OPERATOR", **more),
                       key=key or str(uuid.uuid4()),
                       headers={"Verification-Token": token,
                                "Prefer": "wait=20"})


def rows_left(db):
    return (db.one("SELECT count(*) FROM gateway.operation"),
            db.one("SELECT count(*) FROM gateway.identity"))


def test_s06_logins_are_told_to_a_proven_mailbox_and_few(town, school, db):
    """LOGIN_TAKEN cannot be asked for again and again. A request refused by a
    limit writes no row."""
    code, chief = school
    person = town.person()
    token = town.verify(person)

    def guess(n):
        return asking(town, Gateway(town.url), token, town.person(), code,
                      login=chief.login)
    answers = [guess(n) for n in range(10)]
    assert {a.code for a in answers} == {"LOGIN_TAKEN"}
    before = rows_left(db)
    refused = at_once(20, guess)
    assert {(a.status, a.code) for a in refused} == \
        {(429, "TOO_MANY_APPLICATIONS")}
    assert all(int(a.headers["retry-after"]) <= 3600 for a in refused)
    assert rows_left(db) == before
    # Another proof of the same mailbox changes nothing.
    again = asking(town, town.anybody, town.verify(person), person, code)
    assert again.code == "TOO_MANY_APPLICATIONS"
    # Without a proof no request learns whether the login is taken.
    blind = asking(town, town.anybody, "", person, code, login=chief.login)
    assert blind.code == "PROOF_EXPIRED"


def test_r11_fifty_applications_at_once(town, school, db):
    code, _ = school
    token = town.verify(town.person())
    people = [town.person() for _ in range(50)]
    answers = at_once(50, lambda n: asking(town, Gateway(town.url), token,
                                           people[n], code))
    assert statuses(answers) == [201] * 5 + [429] * 45
    assert db.one("SELECT count(*) FROM account.business_account WHERE "
                  "organization = %s AND status = 2", code) == 5


def sent_commands(db, person):
    return db.one("SELECT count(*) FROM gateway.operation WHERE scope IN "
                  "(SELECT 'verification/' || verification_id FROM "
                  "gateway.verification WHERE email = %s)", person.email)


def test_s10_a_key_refused_by_the_owner_spends_budgets(town, school, db,
                                                       other_gateway):
    """The same body and key after a refusal by the owner is a new request: the
    owner decides it again."""
    code, _ = school
    url = other_gateway(APPLICATIONS_PER_MAILBOX_AT_UNIT=100,
                        APPLICATIONS_PER_MAILBOX=8).url
    person = town.person()
    token = town.verify(person)

    def ask(key, login):
        return Gateway(url).post(
            "/v1/applications",
            {"kind": "TEACHER", "organization": code, "name": person.name,
             "number": person.number, "login": login}, key=key,
            headers={"Verification-Token": token, "Prefer": "wait=20"})
    logins = [town.person().login for _ in range(6)]
    keys = [str(uuid.uuid4()) for _ in logins]
    answers = [ask(*pair) for pair in zip(keys, logins)]
    assert [a.status for a in answers] == [201] * 5 + [429]
    assert answers[5].code == "TOO_MANY_APPLICATIONS"
    commands = sent_commands(db, person)
    assert commands == 6
    again = at_once(20, lambda n: ask(keys[5], logins[5]))
    assert {a.status for a in again} <= {429, 503}
    assert sent_commands(db, person) <= commands + 2
    for _ in range(10):
        refused = ask(keys[5], logins[5])
        assert (refused.status, refused.code) == \
            (429, "TOO_MANY_APPLICATIONS")
    assert sent_commands(db, person) <= commands + 2
    # A mere repetition spends nothing.
    for key, login, first in zip(keys[:5], logins, answers):
        assert ask(key, login).json == first.json


def test_r04_others_behind_an_address_are_not_the_applicant(
        town, school, other_gateway):
    code, _ = school
    url = other_gateway(APPLICATIONS_PER_CLIENT=3,
                        APPLICATIONS_PER_NETWORK=5).url
    people = [town.person() for _ in range(9)]
    tokens = [town.verify(person) for person in people]

    def ask(n, address):
        return asking(town, client_at(url, address), tokens[n], people[n],
                      code)
    assert statuses(ask(n, "127.20.0.1") for n in range(3)) == [201] * 3
    refused = ask(3, "127.20.0.1")
    assert (refused.status, refused.code) == (429, "TOO_MANY_FROM_NETWORK")
    assert refused.headers["retry-after"]
    assert statuses(ask(n, "127.20.0.2") for n in range(3, 5)) == [201] * 2
    assert ask(5, "127.20.0.2").code == "TOO_MANY_FROM_NETWORK"
    assert ask(5, "127.20.1.1").status == 201


def test_r20_a_strangers_number_leaves_no_row(town, school, db):
    code, chief = school
    person = town.person()
    before = db.one("SELECT count(*) FROM gateway.identity")
    town.apply(person, code)
    assert db.one("SELECT count(*) FROM gateway.identity") == before
    town.enable(chief, person, "OPERATOR")
    assert db.rows("SELECT state FROM gateway.identity i JOIN "
                   "gateway.v_business_account b USING (person_id) "
                   "WHERE b.account_id = %s", person.account) == [(2,)]
    # The same number is the same person, for every applicant and at any time.
    other = town.person()
    other.number = person.number
    town.apply(other, code)
    assert db.one("SELECT count(DISTINCT person_id) FROM account."
                  "business_account WHERE account_id IN (%s, %s)",
                  person.account, other.account) == 1


def test_s10_every_address_is_proven(town, school):
    """Also the address of a caller who is signed in."""
    code, chief = school
    other = town.person()

    def ask(email=None, token=None):
        form = {"kind": "TEACHER", "organization": code, "name": chief.name,
                "login": town.person().login}
        return chief.client.post(
            "/v1/applications", {**form, **({"email": email} if email else {})},
            headers={"Verification-Token": token} if token else None)
    refused = ask(other.email)
    assert refused.status == 400
    assert [(e["pointer"], e["code"]) for e in refused.json["errors"]] == \
        [("/email", "EMAIL_NOT_PROVEN")]
    token = town.verify(other)
    assert ask(chief.email, token).status == 400
    for answer in (ask(chief.email.upper()), ask(), ask(other.email, token)):
        assert answer.status == 201, answer


def test_s10_a_teachers_own_address_is_not_proven(town, school):
    """A teacher who changes the address on the record without a proof has
    proven nothing."""
    code, chief = school
    teacher, victim = town.person(), town.person()
    expect(town.register(chief, teacher), 201)
    town.own_login(chief, teacher)
    path = f"/v1/teachers/{teacher.teacher}"
    mailed = teacher.email

    def ask(email=None, token=None, kind="BUSINESS"):
        form = {"kind": kind, "organization": code, "name": teacher.name,
                "phone": teacher.phone, "login": town.person().login,
                **({"wantedRole": "OPERATOR"} if kind == "BUSINESS" else {}),
                **({"email": email} if email else {})}
        return teacher.client.post(
            "/v1/applications", form,
            headers={"Verification-Token": token} if token else None)

    def refused(answer):
        return answer.status == 400 and \
            [(e["pointer"], e["code"]) for e in answer.json["errors"]] == \
            [("/email", "EMAIL_NOT_PROVEN")]
    assert refused(ask(mailed))
    etag = expect(teacher.client.get(path), 200).etag
    expect(teacher.client.patch(path, {"email": victim.email}, match=etag),
           200)
    for kind in ("BUSINESS", "TEACHER"):
        for email in (victim.email, victim.email.upper(), mailed, None):
            assert refused(ask(email, kind=kind)), (kind, email)
    # A token proves only its own address.
    token = town.verify(town.person())
    assert ask(victim.email, token).status == 400
    assert ask(victim.email, town.verify(victim)).status == 201


def test_s10_a_receipt_ends(town, school, db):
    """A receipt ends thirty days after its application."""
    code, _ = school
    person = town.person()
    town.apply(person, code)
    path, head = f"/v1/applications/{person.account}", {
        "Receipt": person.receipt}

    def read():
        return town.anybody.get(path, headers=head).status
    assert read() == 200
    lapses = db.one("SELECT lapses_at FROM gateway.v_business_account "
                    "WHERE account_id = %s", person.account)

    def put(moment):
        assert db.change("UPDATE gateway.v_business_account SET lapses_at = %s "
                         "WHERE account_id = %s", moment, person.account) == 1
    try:
        for days, status in ((29, 200), (31, 401)):
            put(datetime.now(timezone.utc) - timedelta(days=days))
            assert read() == status
        closed = town.anybody.post(f"{path}/close", {}, match='"1"',
                                   headers=head)
        assert (closed.status, closed.code) == (401, "RECEIPT_WRONG")
    finally:
        put(lapses)


# --- closing an application
def waiting(town, code, role="OPERATOR"):
    person = town.person()
    town.apply(person, code, role)
    return person, f"/v1/applications/{person.account}"


def test_r04_an_approver_rejects(town, school):
    code, chief = school
    person, path = waiting(town, code)
    tasks = [t["subject"] for t in town.tasks(chief, "APPLICATION_WAITING")]
    assert person.account in tasks
    etag = chief.client.get(path).etag
    assert chief.client.post(f"{path}/close", {}, match=etag).status == 400
    assert chief.client.post(f"{path}/close", {"reason": "查無此人"}).code == \
        "PRECONDITION_REQUIRED"
    done = chief.client.post(f"{path}/close", {"reason": "查無此人"}, match=etag)
    assert done.status == 200, done
    shown = chief.client.get(path).json
    assert (shown["status"], shown["closedCause"]) == ("CLOSED", "REJECTED")
    tasks = [t["subject"] for t in town.tasks(chief, "APPLICATION_WAITING")]
    assert person.account not in tasks
    again = chief.client.post(f"{path}/close", {"reason": "查無此人"},
                              match=done.etag)
    assert again.code == "NOT_PENDING"
    # The login is free, and the person may apply again.
    town.apply(person, code)


def test_r04_an_approver_rejects_in_bulk(town, land, school):
    """All or none. The repeated key gets the same answer. Many applications by
    strangers do not hide a proven person."""
    code, chief = school
    people = [waiting(town, code)[0] for _ in range(5)]
    form = {"organization": code, "reason": "查無此人",
            "applications": [p.account for p in people]}

    def reject(officer=chief, key=None, **changed):
        return officer.client.post("/v1/applications/close", form | changed,
                                   key=key)
    bad = reject(applications=[people[0].account] * 2)
    assert (bad.status, bad.json["errors"][0]["pointer"]) == \
        (400, "/applications/1")
    assert reject(applications=[]).status == 400
    assert reject(reason="").status == 400
    assert reject(applications=[people[0].account, str(uuid.uuid4())]).status \
        == 404
    _, stranger = land.school()
    assert (reject(stranger).status, reject(stranger).code) == \
        (404, "NOT_FOUND")
    _, path = waiting(town, code, "CHIEF")
    centres = reject(applications=[people[0].account, path.split("/")[-1]])
    assert (centres.status, centres.code) == (403, "NOT_PERMITTED")
    mixed = reject(applications=[str(uuid.uuid4()), people[0].account])
    assert mixed.json["errors"][0]["pointer"] == "/applications/0"
    capitals = reject(applications=[people[0].account.upper()])
    assert (capitals.status, capitals.json["errors"][0]["code"]) == \
        (400, "FIELD_BAD")
    key = str(uuid.uuid4())
    done = reject(key=key)
    assert done.status == 200, done
    assert reject(key=key).json == done.json
    for person in people:
        shown = chief.client.get(f"/v1/applications/{person.account}").json
        assert (shown["status"], shown["closedCause"]) == \
            ("CLOSED", "REJECTED")
    town.apply(people[0], code)  # the login is free
    assert reject(key=str(uuid.uuid4())).status == 200  # all have ended


def test_r04_proven_persons_come_first(town, db, school):
    code, chief = school
    people = [waiting(town, code)[0] for _ in range(4)]
    proven = people[-1].account

    def put(value):
        assert db.change("UPDATE gateway.v_business_account SET "
                         "identity_proven = %s WHERE account_id = %s",
                         value, proven) == 1
    items, path = [], f"/v1/applications?organization={code}&limit=1"
    cursor = ""
    put(True)
    try:
        while cursor is not None:
            page = expect(chief.client.get(path + cursor), 200).json
            items += [item["id"] for item in page["items"]]
            cursor = page["next"] and "&cursor=" + page["next"]
    finally:
        put(False)
    assert items[0] == proven and len(items) == len(set(items))
    assert [i for i in items if i in {p.account for p in people}][1:] == \
        [p.account for p in people[:3]]


def test_r04_an_applicant_withdraws(town, school):
    code, chief = school
    person, path = waiting(town, code)
    stranger, _ = waiting(town, code)
    etag = chief.client.get(path).etag
    for head in (None, {"Receipt": stranger.receipt}, {"Receipt": "x"}):
        answer = town.anybody.post(f"{path}/close", {}, match=etag,
                                   headers=head)
        assert (answer.status, answer.code) == (
            401, "RECEIPT_WRONG" if head else "NOT_SIGNED_IN")
    key, head = str(uuid.uuid4()), {"Receipt": person.receipt}
    for _ in range(2):
        done = town.anybody.post(f"{path}/close", {}, match=etag, key=key,
                                 headers=head)
        assert done.status == 200, done
    assert town.anybody.get(path, headers=head).json["closedCause"] == \
        "WITHDRAWN"
    asked = town.anybody.get(f"/v1/operations/{done.json['operation']}",
                             headers=head)
    assert asked.json["state"] == "DONE"


def test_r04_a_good_receipt_withdraws(town, land, school):
    """For every account that its holder is signed in with, and without a
    reason."""
    code, chief = school
    _, other = land.school()
    for officer in (chief, other):
        person, path = waiting(town, code)
        head = {"Receipt": person.receipt}
        etag = town.anybody.get(path, headers=head).etag
        bad = other.client.post(f"{path}/close", {}, match=etag,
                                headers={"Receipt": "x"})
        assert bad.status in (403, 404), bad
        done = officer.client.post(f"{path}/close", {}, match=etag,
                                   headers=head)
        assert done.status == 200, done
        shown = town.anybody.get(path, headers=head).json
        assert (shown["status"], shown["closedCause"]) == \
            ("CLOSED", "WITHDRAWN")


def test_r04_only_who_decides_rejects(town, land, school):
    """The centre decides a CHIEF's application. Another school sees
    nothing."""
    code, chief = school
    _, stranger = land.school()
    _, path = waiting(town, code, "CHIEF")

    def close(officer):
        return officer.client.post(f"{path}/close", {"reason": "重複申請"},
                                   match='"1"')
    assert (close(chief).status, close(chief).code) == (403, "NOT_PERMITTED")
    assert (close(stranger).status, close(stranger).code) == (404, "NOT_FOUND")
    assert close(land.centre).status == 200


def test_r04_a_teachers_application_is_closed(town, school):
    code, chief = school
    person = town.person()
    form = {"kind": "TEACHER", "organization": code, "name": person.name,
            "number": person.number, "login": person.login}
    answers = [expect(town.anybody.post(
        "/v1/applications", {**form, "login": town.person().login},
        headers={"Verification-Token": town.verify(person)}), 201)
        for _ in range(2)]
    rejected, withdrawn = (a.headers["location"] for a in answers)
    assert chief.client.post(f"{rejected}/close", {"reason": "非本校教師"},
                             match='"1"').status == 200
    receipt = {"Receipt": answers[1].json["receipt"]}
    assert town.anybody.post(f"{withdrawn}/close", {}, match='"1"',
                             headers=receipt).status == 200


# --- numbers and look-ups -------------------------------------------------
def audited(db, officer, what):
    return dict(db.rows("SELECT result, count(*) FROM gateway.audit WHERE "
                        "actor = %s AND what = %s GROUP BY 1",
                        officer.account, what))


def look_up(client, number, name):
    return client.post("/v1/teachers/look-up", {
        "number": number, "name": name, "purpose": "辦理教師資料登錄"}, key=None)


def test_s05_look_ups_have_a_budget(town, school, db, other_gateway):
    code, chief = school
    contact = town.officer(chief, code, "CONTACT")
    url = other_gateway(LOOK_UPS_PER_OFFICER=5, LOOK_UPS_PER_UNIT=8).url
    numbers = [town.person().number for _ in range(30)]

    def guess(officer):
        return at_once(30, lambda n: look_up(
            client_at(url, "127.0.0.1", officer.client.token), numbers[n],
            f"王小{n}"))
    answers = guess(contact)
    assert statuses(answers) == [404] * 5 + [429] * 25
    refused = next(a for a in answers if a.status == 429)
    assert refused.code == "TOO_MANY_REQUESTS"
    assert 3000 < int(refused.headers["retry-after"]) <= 3600
    assert audited(db, contact, "TEACHER_LOOK_UP") == {
        "NO_MATCH": 5, "TOO_MANY": 25}
    # The tries of a refused officer do not count for their colleagues.
    assert statuses(guess(chief)) == [404] * 3 + [429] * 27
    metrics = Gateway(url).get("/metrics").body.decode()
    assert 'budget_refused_total{what="look_up",by="officer"} 25' in metrics
    assert 'budget_refused_total{what="look_up",by="unit"} 27' in metrics
    assert 'look_ups_total{result="no_match"} 8' in metrics


def test_s05_a_name_is_not_guessed_into_a_number(town, land, school):
    """Ten misses a day, in whatever form the name is written. Hits do not
    count."""
    code, chief = school
    there, _ = school2 = land.school()
    teacher = town.person("林美華")
    expect(town.register(school2[1], teacher), 201)
    for _ in range(12):
        assert look_up(chief.client, teacher.number, "林美華").status == 200
    for n in range(10):
        answer = look_up(chief.client, town.person().number,
                         ["林美華", " 林美華", "林 美華"[:1] + "美華"][n % 3])
        assert answer.status == 404
    answer = look_up(chief.client, teacher.number, "林美華")
    assert (answer.status, answer.code) == (429, "TOO_MANY_REQUESTS")
    assert int(answer.headers["retry-after"]) > 80_000
    # Other names, and the same name at another unit, are not affected.
    assert look_up(chief.client, town.person().number, "林美花").status == 404
    assert look_up(school2[1].client, teacher.number, "林美華").status == 200


def test_s05_numbers_of_applications_have_a_budget(town, school, db):
    code, chief = school
    first, second = (waiting(town, code)[0] for _ in range(2))
    guesses = [town.person().number for _ in range(20)]
    answers = at_once(20, lambda n: town.try_enable(
        Person(**{**vars(chief), "client": Gateway(town.url,
                                                   chief.client.token)}),
        first, "OPERATOR", number=guesses[n], etag='"1"'))
    assert {a.code for a in answers} == {"IDENTITY_NOT_CONFIRMED",
                                         "TOO_MANY_REQUESTS"}
    assert statuses(answers) == [422] * 5 + [429] * 15
    assert audited(db, chief, "APPLICATION_NUMBER") == {
        "NOT_CONFIRMED": 5, "TOO_MANY": 15}
    # The answer no longer differs between a right and a wrong number.
    assert town.try_enable(chief, first, "OPERATOR").status == 429
    # A text that is no number, and the right number, take nothing from the
    # budget.
    for _ in range(8):
        assert town.try_enable(chief, second, "OPERATOR",
                               number="A123456780").status == 422
    assert town.try_enable(chief, second, "OPERATOR").status == 200
    assert db.rows("SELECT taken FROM gateway.budget WHERE name = %s",
                   f"wrong_number/application/{second.account}") == [(0,)]


def test_s05_an_officers_wrong_numbers(town, school, other_gateway):
    code, chief = school
    url = other_gateway(WRONG_NUMBERS_PER_OFFICER=3).url
    people = [waiting(town, code)[0] for _ in range(4)]
    officer = Person(**{**vars(chief), "client": Gateway(
        url, chief.client.token)})
    answers = [town.try_enable(officer, person, "OPERATOR",
                               number=town.person().number)
               for person in people]
    assert [a.status for a in answers] == [422] * 3 + [429]


# --- signing in ------------------------------------------------------
def try_from(url, address, login, password):
    return client_at(url, address).post(
        "/v1/sessions", {"login": login, "password": password}, key=None)


def test_s07_a_stranger_elsewhere_locks_nobody_out(town, school):
    code, chief = school
    for n in range(6):
        assert try_from(town.url, "127.30.0.1", chief.login,
                        f"wrong-{n}-password").status == 401
    assert try_from(town.url, "127.30.0.2", chief.login,
                    chief.password).status == 401  # the same network
    town.sign_in(chief)
    mail, _ = town.spool.take(chief.email, r"(恢復時間)", deadline=30)
    assert "登入提醒" in mail["Subject"]
    assert chief.login in mail.get_content()
    assert not town.spool.has(chief.email)


def test_s07_no_mail_where_the_fifth_try_was_right(town, school, db):
    code, chief = school
    for n in range(4):
        assert try_from(town.url, "127.31.0.1", chief.login,
                        f"wrong-{n}-password").status == 401
    assert try_from(town.url, "127.31.0.1", chief.login,
                    chief.password).status == 201
    assert db.change("UPDATE gateway.mail SET due_at = now() WHERE account_id "
                     "= %s AND purpose = 4", chief.account) == 1
    wait_until(lambda: db.one("SELECT state FROM gateway.mail WHERE "
                              "account_id = %s AND purpose = 4",
                              chief.account) == 3, 20, "the mail is dropped")


def test_s07_spraying_is_braked(town, school, other_gateway):
    """One password tried on many logins; known and unknown logins count
    alike."""
    code, chief = school
    url = other_gateway(SIGN_IN_FAILURES=6, SIGN_IN_FAILURE_PERIOD="1h").url
    logins = [f"sprayed{n}" for n in range(11)] + [chief.login]
    answers = [try_from(url, "127.32.0.1", login, "Taiwan-is-nice-2026")
               for login in logins]
    assert [a.status for a in answers] == [401] * 6 + [429] * 6
    assert all(int(a.headers["retry-after"]) > 0 for a in answers[6:])
    # A braked try does not count: the login is not locked, and works from
    # elsewhere.
    assert try_from(url, "127.33.0.1", chief.login,
                    chief.password).status == 201


def test_s07_spraying_stops_no_neighbour(town, school, other_gateway):
    code, chief = school
    url = other_gateway(SIGN_IN_FAILURES=3, SIGN_IN_FAILURE_PERIOD="1h").url
    for host in range(1, 5):
        address = f"127.34.0.{host}"
        answers = [try_from(url, address, f"sprayed{n}", "Taiwan-is-nice")
                   for n in range(4)]
        assert [a.status for a in answers] == [401] * 3 + [429]
    assert try_from(url, "127.34.0.5", chief.login,
                    chief.password).status == 201


def test_s10_sessions_of_an_account_are_bounded(town, school, db):
    code, chief = school
    first = chief.client
    for _ in range(21):
        town.sign_in(chief)
    assert db.one("SELECT count(*) FROM gateway.session WHERE account_id = %s",
                  chief.account) == 20
    assert first.get("/v1/me").status == 401
    assert chief.client.get("/v1/me").status == 200


# --- tickets -------------------------------------------------------------
def test_r11_tickets_at_once(town, school, db):
    code, chief = school
    officer = town.officer(chief, code, "OPERATOR")
    path = f"/v1/business-accounts/{officer.account}/credential-tickets"
    keys = [str(uuid.uuid4()) for _ in range(40)]
    answers = at_once(40, lambda n: Gateway(
        town.url, chief.client.token).post(path, {"purpose": "ACTIVATE"},
                                           key=keys[n]))
    assert statuses(answers) == [202] * 10 + [429] * 30
    assert all(a.headers["retry-after"] for a in answers if a.status == 429)
    assert db.one("SELECT count(*) FROM gateway.mail WHERE account_id = %s "
                  "AND mail_key LIKE 'TICKET/%%'", officer.account) == 10
    # A key that was accepted gets its answer again; a refused key did nothing.
    for key, answer in zip(keys, answers):
        again = chief.client.post(path, {"purpose": "ACTIVATE"}, key=key)
        assert again.status == answer.status


# --- the brake of pulls ---------------------------------------------
def test_r11_pulls_at_once_stop_at_the_brake(town, land, school, db):
    code, chief = school
    _, other = land.school()
    people = [town.person() for _ in range(6)]
    tags = []
    for person in people:
        expect(town.register(other, person), 201)
        tags.append(expect(town.look_up(chief, person), 200).etag)
    db.change("INSERT INTO gateway.budget VALUES (%s, 38, now() + interval "
              "'1 day')", f"pull/unit/{code}")
    keys = [str(uuid.uuid4()) for _ in people]

    def pull(n):
        return Gateway(town.url, chief.client.token).post(
            "/v1/teachers", town.teacher_form(people[n]), match=tags[n],
            key=keys[n], headers={"Prefer": "wait=20"})
    answers = at_once(6, pull)
    assert statuses(answers) == [200] * 2 + [429] * 4
    late = next(n for n in range(6) if answers[n].status == 429)
    assert answers[late].code == "PULL_BRAKE"
    assert answers[late].headers["retry-after"]
    # The same key is refused while the brake holds, and decided again
    # afterwards.
    assert pull(late).code == "PULL_BRAKE"
    assert db.change("DELETE FROM gateway.budget WHERE name = %s",
                     f"pull/unit/{code}") == 1
    done = pull(late)
    assert done.status == 200, done
    assert pull(late).json == done.json
