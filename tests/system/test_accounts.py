"""Authority and evidence of accounts over HTTP: the enabling that each route
is for, the fields that an approver names, the school that decides a teacher's
application, the accounts that follow the record, and the effects of the course
system's answers."""
import uuid

import pytest
from play.system import wait_until
from play.town import expect

from harness import lane_of
from test_rules import apply, on_file


def enable(officer, path, etag, **body):
    return officer.client.post(f"{path}/enable", body, match=etag)


# --- two enablings (R1) -----------------------------------------------------------------------
def test_r01_route_20_enables_no_application(town, school):
    """A stranger applies with an officer's number. The account's route cannot
    enable that application."""
    code, chief = school
    stranger, victim = town.person(), town.person()
    stranger.number = victim.number
    town.apply(stranger, code)
    answer = enable(chief, f"/v1/business-accounts/{stranger.account}", '"1"',
                    role="OPERATOR")
    assert (answer.status, answer.code) == (409, "NOT_DISABLED")
    # The number's holder is free, and no mail was sent.
    town.officer(chief, code, "OPERATOR", victim)
    assert expect(chief.client.get(
        f"/v1/applications/{stranger.account}"), 200).json["status"] == "PENDING"


def test_r01_route_16_enables_no_account(town, school):
    code, chief = school
    operator = town.officer(chief, code, "OPERATOR")
    expect(town.act(chief, operator.account, "disable"), 200)
    etag = town.account(chief, operator.account).etag
    answer = enable(chief, f"/v1/applications/{operator.account}", etag,
                    role="OPERATOR", number=operator.number)
    assert (answer.status, answer.code) == (409, "NOT_PENDING")
    expect(enable(chief, f"/v1/business-accounts/{operator.account}", etag),
           200)


def test_r01_route_16_enables_no_teachers_account(town, school):
    code, chief, _, same = on_file(town, school)
    answer, now = apply(town, same, code)
    assert now["status"] == "ACTIVE"
    again = enable(chief, answer.headers["location"], '"1"',
                   number=same.number)
    assert (again.status, again.code) == (409, "NOT_PENDING")


# --- the fields that a request names (R5) -------------------------------------------------------
@pytest.mark.parametrize("named, stored", [
    ({}, ["COURSE_ENTRY", "COURSE_MANAGEMENT", "STATISTICS"]),
    ({"permissions": None}, ["COURSE_ENTRY", "COURSE_MANAGEMENT", "STATISTICS"]),
    ({"permissions": []}, []),
    ({"permissions": ["STATISTICS"]}, ["STATISTICS"]),
])
def test_r05_an_empty_list_is_no_default(town, school, named, stored):
    code, chief = school
    person = town.person()
    town.apply(person, code)
    expect(enable(chief, f"/v1/applications/{person.account}", '"1"',
                  role="OPERATOR", number=person.number, **named), 200)
    shown = town.account(chief, person.account)
    assert shown.json["permissions"] == stored

    # Route 20: fields that are not named stay; an empty list takes everything.
    expect(town.act(chief, person.account, "disable"), 200)
    expect(town.act(chief, person.account, "enable"), 200)
    assert town.account(chief, person.account).json["permissions"] == stored
    expect(town.act(chief, person.account, "disable"), 200)
    expect(town.act(chief, person.account, "enable", permissions=[]), 200)
    assert town.account(chief, person.account).json["permissions"] == []


# --- a teacher's application and the present school (F5) ------------------------------------------
def moved_applicant(town, land, school):
    """Applied to A with another address, so the application waits; then moved
    to B."""
    code, chief, person, same = on_file(town, school)
    same.email = f"{same.login}@example.tw"
    answer, now = apply(town, same, code)
    assert now["status"] == "PENDING"
    _, chief_there = land.school()
    seen = town.look_up(chief_there, person)
    expect(town.register(chief_there, person, seen.etag), 200)
    return chief, chief_there, person, answer


def test_f05_the_present_school_enables_what_names_a_former_one(
        town, land, school):
    chief, chief_there, person, answer = moved_applicant(town, land, school)
    path, number = answer.headers["location"], person.number
    former = enable(chief, path, answer.etag, number=number)
    assert (former.status, former.code) == (409, "NOT_AT_THIS_SCHOOL")
    # Without the number the caller does not learn that.
    wrong = enable(chief, path, answer.etag, number=town.people.number())
    assert (wrong.status, wrong.code) == (422, "IDENTITY_NOT_CONFIRMED")
    shown = expect(chief_there.client.get(path), 200)
    assert shown.json["masked"] is False
    waiting = expect(chief_there.client.get("/v1/applications?count=true"),
                     200).json
    subject = answer.json["subject"]
    assert waiting["count"] == 1
    assert [a["id"] for a in waiting["items"]] == [subject]
    for officer in (chief, chief_there):
        assert [t["subject"] for t in
                town.tasks(officer, "TEACHER_APPLICATION")] == [subject]
    _, stranger = land.school()
    assert stranger.client.get(path).status == 404
    assert enable(stranger, path, answer.etag, number=number).status == 404
    expect(enable(chief_there, path, shown.etag, number=number), 200)
    assert town.spool.ticket(person.email)


def test_f05_the_present_school_rejects_what_names_a_former_one(
        town, land, school):
    _, chief_there, _, answer = moved_applicant(town, land, school)
    path, reason = answer.headers["location"], {"reason": "非本人申請"}
    _, stranger = land.school()
    assert stranger.client.post(f"{path}/close", reason,
                                match=answer.etag).status == 404
    expect(chief_there.client.post(f"{path}/close", reason,
                                   match=answer.etag), 200)


# --- accounts that follow the record (F12) ----------------------------------------------------------
def patch(officer, person, **fields):
    path = f"/v1/teachers/{person.teacher}"
    etag = expect(officer.client.get(path), 200).etag
    return expect(officer.client.patch(path, fields, match=etag), 200)


def given_account(town, chief, person, login):
    return expect(chief.client.post(
        "/v1/teacher-accounts", {"teacher": person.teacher, "login": login}),
        201).headers["location"]


def test_f12_the_ticket_follows_the_address(town, school):
    _, chief = school
    person = town.person()
    right, person.email = person.email, f"mistyped.{person.email}"
    expect(town.register(chief, person), 201)
    place = given_account(town, chief, person, person.login)
    lost = town.spool.ticket(person.email)
    person.email = right
    patch(chief, person, email=right)
    found = town.spool.ticket(right)
    spent = town.anybody.post(
        "/v1/credential-tickets/redeem",
        {"ticket": lost, "password": person.password}, key=None)
    assert spent.code == "TICKET_SPENT"
    assert expect(chief.client.get(place), 200).json["email"] == right
    town.redeem(person, found)
    town.sign_in(person)

    # Once there is a password, a new address sends no mail.
    patch(chief, person, email=f"other.{right}", name="王改名")

    def follows():
        me = expect(person.client.get("/v1/me"), 200).json["accounts"][0]
        return (me["name"], me["email"]) == ("王改名", f"other.{right}")
    wait_until(follows, 15, "the account to follow the record")
    assert not town.spool.has(f"other.{right}")


# --- another ticket (R14) ----------------------------------------------------------------------------
def ask_ticket(officer, place, purpose="ACTIVATE", **more):
    return officer.client.post(f"{place}/credential-tickets",
                               {"purpose": purpose}, **more)


def test_r14_a_lapsed_ticket_is_followed_by_another(town, land, school, db):
    _, chief = school
    person = town.person()
    expect(town.register(chief, person), 201)
    place = given_account(town, chief, person, person.login)
    lapsed = town.spool.ticket(person.email)
    account = place.rsplit("/", 1)[1]
    assert db.change("UPDATE gateway.ticket SET expires_at = now() - interval "
                     "'1 day' WHERE account_id = %s", account) == 1
    assert town.anybody.post(
        "/v1/credential-tickets/redeem",
        {"ticket": lapsed, "password": person.password},
        key=None).code == "TICKET_SPENT"

    assert account in [t["subject"]
                       for t in town.tasks(chief, "NOT_ACTIVATED")]
    assert ask_ticket(chief, place, "RESET_TOTP").code == "BAD_FORM"
    _, stranger = land.school()
    assert ask_ticket(stranger, place).status == 404
    key = str(uuid.uuid4())
    answers = [ask_ticket(chief, place, key=key) for _ in range(2)]
    assert [a.status for a in answers] == [202, 202]
    assert answers[0].json == answers[1].json
    assert person.email not in answers[0].body.decode()
    ticket = town.spool.ticket(person.email)
    assert not town.spool.has(person.email)
    person.account = account
    town.redeem(person, ticket)
    again = ask_ticket(chief, place)
    assert (again.status, again.code) == (409, "ALREADY_ACTIVATED")
    assert not town.tasks(chief, "NOT_ACTIVATED")
    assert db.one("SELECT count(*) FROM gateway.audit WHERE subject = %s "
                  "AND what = 'CREDENTIAL_TICKET'", account) == 1


def test_r14_a_record_without_an_address(town, school):
    """No ticket was mailed. When the record gets an address, one is mailed."""
    _, chief = school
    person = town.person()
    address, person.email = person.email, ""
    expect(town.register(chief, person), 201)
    place = given_account(town, chief, person, person.login)
    answer = ask_ticket(chief, place)
    assert (answer.status, answer.code) == (409, "EMAIL_MISSING")
    person.email = address
    patch(chief, person, email=address)
    town.redeem(person, town.spool.ticket(address))
    town.sign_in(person)


def test_r14_a_disabled_account_gets_no_ticket(town, school, db):
    _, chief = school
    person = town.person()
    expect(town.register(chief, person), 201)
    place = given_account(town, chief, person, person.login)
    account = place.rsplit("/", 1)[1]
    status = ("UPDATE gateway.v_teacher_account SET status = %s "
              "WHERE account_id = %s")
    db.change(status, 4, account)
    assert ask_ticket(chief, place).code == "NOT_ACTIVE"
    db.change(status, 3, account)


# --- the last CHIEF of a kindergarten (B22) -----------------------------------------------------------
def kindergarten(land):
    """A kindergarten that no test has used."""
    return next(row[0] for row in reversed(land.rows)
                if row[2] == "幼兒園" and len(row[0]) > 6 and not row[6])


def test_b22_a_kindergartens_last_chief_goes_with_a_warning(town, land):
    code = kindergarten(land)
    chief = town.officer(land.centre, code, "CHIEF")
    answer = town.act(land.centre, chief.account, "disable")
    assert answer.status == 200, answer
    assert [w["code"] for w in answer.json["warnings"]] == \
        ["UNIT_WITHOUT_CHIEF"]
    assert code in [t["organization"] for t in
                    town.tasks(land.centre, "SCHOOL_WITHOUT_CHIEF")]


def test_b22_no_warning_where_a_chief_remains(town, land, school):
    code, _ = school
    other = town.officer(land.centre, code, "CHIEF")
    assert "warnings" not in \
        expect(town.act(land.centre, other.account, "disable"), 200).json


# --- left, and employed here (T15a) ----------------------------------------------------------------------
def test_t15a_a_leaver_is_enabled_by_the_unit_that_employs_them(
        town, land, school, kafka):
    _, chief = school
    person = town.person()
    expect(town.register(chief, person), 201)
    expect(town.leave(chief, person), 200)
    there, chief_there = land.school()
    town.apply(person, there)
    path = f"/v1/applications/{person.account}"
    body = {"role": "OPERATOR", "number": person.number}
    refused = enable(chief_there, path, '"1"', **body)
    assert (refused.status, refused.code) == (409, "NOT_AT_THIS_SCHOOL")
    expect(enable(chief_there, path, '"1"', employedHere=True, **body), 200)
    kafka.find("inservice.account.event.v1", "BusinessAccountEnabled",
               account_id=person.account, employed_here=True)


# --- the course system (R6, R13) ---------------------------------------------------------------------------
def course_says(kafka, contracts, code, key, name, **fields):
    message = contracts.make(f"inservice.course.v1.{name}", organization=code,
                             **fields)
    kafka.send("inservice.course.event.v1", lane_of(code), key,
               message.SerializeToString(), f"inservice.course.v1.{name}")


def disabled_operator(town, school):
    code, chief = school
    operator = town.officer(chief, code, "OPERATOR")
    expect(town.act(chief, operator.account, "disable"), 200)
    version = town.account(chief, operator.account).json["version"]
    return code, chief, operator, version


def test_r06_open_courses_follow_a_course_handed_on(town, school, kafka,
                                                    contracts):
    code, chief, operator, version = disabled_operator(town, school)
    ids = [f"r06-{code}-{n}" for n in range(2)]
    course_says(kafka, contracts, code, operator.account, "CourseOwnerSettled",
                account_id=operator.account, account_version=version,
                open_course_ids=ids)
    path = f"/v1/business-accounts/{operator.account}"

    def shown():
        listed = expect(chief.client.get(f"{path}/open-courses"), 200).json
        return (chief.client.get(path).json["openCourses"],
                [(c["id"], c["state"]) for c in listed["items"]])
    # Known only from the settling: the state of the courses is unknown, so
    # they count as open.
    wait_until(lambda: shown() == (2, [(i, "UNKNOWN") for i in ids]), 15,
               "two open courses")
    course_says(kafka, contracts, code, ids[0], "CourseStateChanged",
                course_id=ids[0], owner_account_id=chief.account, title="研習",
                state=3, course_version=1)
    wait_until(lambda: shown() == (1, [(ids[1], "UNKNOWN")]), 15,
               "one course handed on")
    course_says(kafka, contracts, code, ids[1], "CourseStateChanged",
                course_id=ids[1], owner_account_id=operator.account,
                title="研習", state=8, course_version=1)
    wait_until(lambda: shown() == (0, []), 15, "none open")
    assert town.delete(chief, operator.account).status == 200


def test_r13_a_settling_ahead_of_the_account_is_set_aside(
        town, system, school, kafka, contracts, errors, db):
    """The operator discards it and releases the messages that wait for it.
    Then the true answer counts."""
    code, chief, operator, version = disabled_operator(town, school)
    errors.plan("message_broken")
    for claimed in (version + 40, version):
        course_says(kafka, contracts, code, operator.account,
                    "CourseOwnerSettled", account_id=operator.account,
                    account_version=claimed)

    def parked():
        return db.rows("SELECT parked_id, topic, key, lane FROM account.parked "
                       "WHERE key = %s ORDER BY parked_id", operator.account)
    wait_until(lambda: len(parked()) == 2, 20, "both answers to wait")
    path = f"/v1/business-accounts/{operator.account}"
    assert not chief.client.get(path).json["coursesSettled"]
    assert town.delete(chief, operator.account).code == "COURSE_STATES_UNKNOWN"

    wrong = [str(cell) for cell in parked()[0]]
    status, listed, _ = system["account"].host("parked", "list")
    assert status == 0 and operator.account in listed
    assert system["account"].host("parked", "discard", *wrong)[0] == 0
    wait_until(lambda: len(parked()) < 2, 20, "the wrong answer to be gone")
    if parked():
        assert system["account"].host("parked", "release", *wrong[1:])[0] == 0
    wait_until(lambda: chief.client.get(path).json["coursesSettled"], 20,
               "the true answer")
    assert town.delete(chief, operator.account).status == 200
