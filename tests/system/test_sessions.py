"""Signing in: tries, locks, idle sessions, step-up, tickets, passwords."""
import concurrent.futures
import hashlib
import uuid

import pytest
from play.client import Client
from play.system import wait_until
from play.town import expect


def test_five_failures_lock_for_fifteen_minutes(town, school, db):
    code, chief = school
    wrong = [town.try_sign_in(chief.login, f"wrong-{n}-password")
             for n in range(5)]
    assert {(a.status, a.code) for a in wrong} == {(401, "SIGN_IN_FAILED")}
    locked = town.try_sign_in(chief.login, chief.password)
    assert (locked.status, locked.code) == (401, "SIGN_IN_FAILED")
    # The two refusals do not differ, and existing sessions stay valid.
    assert sorted(locked.json) == sorted(wrong[0].json)
    assert chief.client.get("/v1/me").status == 200
    assert db.change("UPDATE gateway.budget SET ends_at = ends_at - interval "
            "'15 minutes 1 second' WHERE name LIKE %s",
            f"sign_in/{chief.account}/%") > 0
    town.sign_in(chief)


def test_a_hundred_tries_at_once_get_five(town, school, db, system):
    """The attempt is counted before hashing, so at most five passwords are
    compared."""
    code, chief = school
    before = db.one("SELECT count(*) FROM gateway.session WHERE account_id ="
                    " %s", chief.account)

    def attempt(n):
        client = Client(system.url)
        while True:
            answer = client.post(
                "/v1/sessions", {"login": chief.login,
                                 "password": f"guess-{n}-guess-{n}"}, key=None)
            if answer.status != 503:
                return answer.status
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(attempt, range(100)))
    assert set(statuses) == {401}
    assert db.one("SELECT tries FROM gateway.credential WHERE account_id = %s",
                  chief.account) == 5
    assert town.try_sign_in(chief.login, chief.password).status == 401
    assert before == db.one("SELECT count(*) FROM gateway.session WHERE "
                            "account_id = %s", chief.account)


def test_unknown_login_and_wrong_password_are_one_answer(town, land):
    answers = [town.try_sign_in("nobody-at-all", "some-password-or-other"),
               town.try_sign_in(land.centre.login + "x", "x" * 40)]
    texts = [{k: v for k, v in a.json.items() if k != "traceId"}
             for a in answers]
    assert texts[0] == texts[1] and answers[0].status == 401


def test_login_folds(town, school):
    code, chief = school
    assert town.try_sign_in(chief.login.upper(), chief.password).status == 201


def test_signing_out_ends_it(town, school):
    code, chief = school
    assert chief.client.delete(f"/v1/sessions/{chief.session}").status == 204
    assert chief.client.get("/v1/me").status == 401


def test_nobody_ends_a_strangers_session(town, land, school):
    code, chief = school
    answer = land.centre.client.delete(f"/v1/sessions/{chief.session}")
    assert (answer.status, answer.code) == (404, "NOT_FOUND"), answer
    assert chief.client.get("/v1/me").status == 200


def test_token_is_stored_as_a_digest_only(town, school, db):
    code, chief = school
    rows = db.rows("SELECT encode(token_hash, 'hex') FROM gateway.session "
                   "WHERE account_id = %s", chief.account)
    assert (chief.session,) in rows
    assert all(chief.client.token not in row[0] for row in rows)


def test_step_up(town, school, other_gateway, db):
    """★ needs a sign-in within the last 15 minutes; reading does not."""
    code, chief = school
    person = town.person()
    town.apply(person, code)
    assert db.change("UPDATE gateway.session SET auth_time = auth_time - interval "
            "'15 minutes 1 second' WHERE account_id = %s", chief.account) > 0
    assert chief.client.get("/v1/me").status == 200
    answer = town.try_enable(chief, person, "OPERATOR")
    assert (answer.status, answer.code) == (403, "STEP_UP_REQUIRED")
    # A caller without the right is refused and not asked for a password.
    answer = town.try_enable(chief, chief, "OPERATOR")
    assert answer.code in ("SELF_ACTION", "NOT_FOUND", "NOT_PENDING",
                           "NOT_PERMITTED"), answer
    town.sign_in(chief)
    expect(town.try_enable(chief, person, "OPERATOR"), 200)


def test_idle_session_is_over(town, school, db):
    code, chief = school
    assert db.change("UPDATE gateway.session SET seen_at = seen_at - interval "
            "'30 minutes 1 second' WHERE account_id = %s", chief.account) > 0
    assert chief.client.get("/v1/me").status == 401


def test_absolute_end(town, school, db):
    code, chief = school
    assert db.change("UPDATE gateway.session SET expires_at = now() - interval "
            "'1 second' WHERE account_id = %s", chief.account) > 0
    assert chief.client.get("/v1/me").status == 401


def test_session_is_good_at_every_gateway(town, school, other_gateway):
    code, chief = school
    second = other_gateway()
    client = second.signed_in(chief.client.token)
    assert client.get("/v1/me").status == 200
    assert client.delete(f"/v1/sessions/{chief.session}").status == 204
    assert chief.client.get("/v1/me").status == 401


def test_ticket_is_good_once_and_only_the_newest(town, school):
    code, chief = school
    person = town.person()
    town.apply(person, code)
    town.enable(chief, person, "OPERATOR")
    first = town.spool.ticket(person.email)
    expect(chief.client.post(
        f"/v1/business-accounts/{person.account}/credential-tickets",
        {"purpose": "ACTIVATE"}), 202)
    second = town.spool.ticket(person.email)
    weak = town.anybody.post("/v1/credential-tickets/redeem",
                             {"ticket": second, "password": "12345678"},
                             key=None)
    assert (weak.status, weak.code) == (422, "PASSWORD_WEAK")
    town.redeem(person, second)
    for ticket in (first, second, "A" * 43, ""):
        answer = town.anybody.post(
            "/v1/credential-tickets/redeem",
            {"ticket": ticket, "password": person.password}, key=None)
        assert answer.code in ("TICKET_SPENT", "BAD_FORM"), answer
    town.sign_in(person)


def test_ticket_of_an_account_not_yet_known(town, school, db):
    """Like the ticket of the founding, when the read model is late: the answer
    is 503, the ticket is good afterwards, and no answer says that it was
    spent."""
    code, chief = school
    token = "T" * 43
    db.change("INSERT INTO gateway.ticket (token_hash, purpose, account_id, "
              "account_kind, created_at, expires_at) VALUES (%s, 1, %s, 1, "
              "now(), now() + interval '1 hour')",
              hashlib.blake2b(token.encode(), digest_size=32).digest(),
              str(uuid.uuid4()))
    body = {"ticket": token, "password": "correct horse battery"}
    answer = town.anybody.post("/v1/credential-tickets/redeem", body, key=None)
    assert (answer.status, answer.code) == (503, "UNAVAILABLE"), answer
    assert int(answer.headers["retry-after"]) >= 1
    db.change("UPDATE gateway.ticket SET account_id = %s "
              "WHERE expires_at - created_at = interval '1 hour'",
              chief.account)
    expect(town.anybody.post("/v1/credential-tickets/redeem", body, key=None),
           200)


def test_approver_cannot_send_himself_a_ticket(town, school):
    code, chief = school
    answer = chief.client.post(
        f"/v1/business-accounts/{chief.account}/credential-tickets",
        {"purpose": "ACTIVATE"})
    assert (answer.status, answer.code) == (403, "SELF_ACTION")


def test_verification_codes_are_tried_five_times(town):
    person = town.person()
    answer = expect(town.anybody.post(
        "/v1/email-verifications", {"email": person.email}, key=None), 202)
    right = town.spool.code(person.email)
    path = f"/v1/email-verifications/{answer.json['id']}/confirm"
    wrong = f"{(int(right) + 1) % 1000000:06d}"
    for _ in range(5):
        assert town.anybody.post(path, {"code": wrong}, key=None).code == \
            "CODE_WRONG"
    assert town.anybody.post(path, {"code": right}, key=None).code == \
        "CODE_WRONG"


def test_disabled_accounts_session_dies_within_a_second(town, school):
    """T16: nor does it live on at a second gateway."""
    code, chief = school
    person = town.officer(chief, code, "OPERATOR")
    expect(town.act(chief, person.account, "disable"), 200)
    wait_until(lambda: person.client.get("/v1/me").status == 401, 1,
               "the session to die")
