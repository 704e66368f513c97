"""Rules that few stories show: actors who may not order, applications that
need not wait, plans and the timer, branches, and settings that end a start."""
import json
import shutil
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from play.system import Service, wait_until
from play.town import Person, expect

from harness import Gateway, checked, lane_of


# --- a command on the topic ---------------------------------------------------------------
def ordered(kafka, contracts, service, lane_key, name, actor=None, /,
            **fields):
    """The code of the refusal of a command sent from outside."""
    message = contracts.make(f"inservice.{service}.v1.{name}", **fields)
    message.order.command_id = str(uuid.uuid4())
    message.order.at = time.time_ns() // 1000
    if actor is not None:
        message.order.actor.CopyFrom(
            contracts.make("inservice.common.v1.Actor", **actor))
    kafka.send(f"inservice.{service}.command.v1", lane_of(lane_key), lane_key,
               message.SerializeToString(), f"inservice.{service}.v1.{name}",
               message.order.command_id)

    def look():
        for record in kafka.read(f"inservice.{service}.outcome.v1"):
            if record.key == message.order.command_id:
                return record.message
        return None
    return wait_until(look, 20, f"the outcome of {name}").refused.code


@pytest.fixture(scope="module")
def staff(town, land):
    """A school with an OPERATOR, an application and a teacher."""
    code, chief = land.school()
    operator = town.officer(chief, code, "OPERATOR")
    waiting = town.person()
    town.apply(waiting, code)
    teacher = town.person()
    expect(town.register(chief, teacher), 201)
    return code, chief, operator, waiting, teacher


def test_nobody_orders_what_people_order(staff, town, kafka, contracts, db):
    code, _, operator, waiting, teacher = staff
    person = str(db.one("SELECT person_id FROM account.business_account "
                        "WHERE account_id = %s", operator.account))
    new = {"account_id": str(uuid.uuid4()), "person_id": str(uuid.uuid4()),
           "organization": code, "name": "某人", "email": "a@example.tw"}
    at = {"organization": code}
    account = {**at, "account_id": operator.account}
    record = {"person_id": teacher.teacher}
    commands = [
        ("account", code + "x", "AddOrganization",
         {"code": code + "x", "name": "單位", "kind": 7}),
        ("account", code, "ApplyForBusinessAccount",
         {**new, "login": "nobody1", "wanted_role": 3}),
        ("account", new["person_id"], "ApplyForTeacherAccount",
         {**new, "login": "nobody2"}),
        ("account", code, "CloseApplication",
         {**at, "account_kind": 1, "account_id": waiting.account, "cause": 2}),
        ("account", code, "EnableBusinessAccount",
         {**at, "account_id": waiting.account, "role": 3}),
        ("account", code, "DisableBusinessAccount", {**account, "cause": 1}),
        ("account", code, "DeleteBusinessAccount",
         {**account, "person_id": person, "login": operator.login}),
        ("account", teacher.teacher, "EnableTeacherAccount",
         {**record, "account_id": str(uuid.uuid4()), "login": "nobody3",
          "source": 2, "teacher_version": 1, "teacher_incarnation": 1,
          "teacher_organizations": [code]}),
        ("teacher", new["person_id"], "RegisterTeacher",
         {"person_id": new["person_id"], **at, "name": "某人", "post": 1,
          "number_sealed": b"x", "number_kind": 1}),
        ("teacher", teacher.teacher, "UpdateTeacher", {**record, "name": "x"}),
        ("teacher", teacher.teacher, "LeaveSchool",
         {**record, **at, "reason": 1}),
        ("teacher", teacher.teacher, "UndoMove",
         {**record, "move_id": str(uuid.uuid4())}),
    ]
    said = {name: ordered(kafka, contracts, service, key, name, **fields)
            for service, key, name, fields in commands}
    assert said == {name: "UNKNOWN_ACTOR" for _, _, name, _ in commands}


def test_somebody_unnamed_is_not_the_system(staff, kafka, contracts):
    """Commands with an actor without a name, as for a caller who is not signed
    in."""
    code, _, operator, waiting, teacher = staff
    commands = [
        ("account", "P-000009", "FoundPlatform",
         {"code": "P-000009", "name": "平臺", "login": "nobody4",
          "account_id": str(uuid.uuid4()), "person_id": str(uuid.uuid4())}),
        ("account", code, "SuspendLeaver",
         {"organization": code, "person_id": str(uuid.uuid4())}),
        ("account", code, "ResumeBusinessAccount",
         {"organization": code, "account_id": operator.account,
          "person_id": str(uuid.uuid4())}),
        ("account", code, "CloseApplication",
         {"organization": code, "account_kind": 1, "cause": 3,
          "account_id": waiting.account, "login": waiting.login}),
        ("teacher", teacher.teacher, "CarryOutMove",
         {"person_id": teacher.teacher, "move_id": str(uuid.uuid4())}),
    ]
    said = {name: ordered(kafka, contracts, service, key, name, {}, **fields)
            for service, key, name, fields in commands}
    assert said == {name: "NOT_PERMITTED" for _, _, name, _ in commands}


# --- a teacher applies (route 12) -----------------------------------------------------------
def teacher_form(person, code, **more):
    return {"kind": "TEACHER", "organization": code, "name": person.name,
            "number": person.number, "login": person.login, **more}


def apply(town, person, code):
    """The answer to the application, and its present state."""
    answer = town.anybody.post(
        "/v1/applications", teacher_form(person, code),
        headers={"Verification-Token": town.verify(person)})
    if answer.status != 201:
        return answer, None
    return answer, expect(town.anybody.get(
        answer.headers["location"],
        headers={"Receipt": answer.json["receipt"]}), 200).json


def on_file(town, school, name="王小美"):
    """A teacher on file at the school, and the same person as applicant."""
    code, chief = school
    person = town.person(name)
    expect(town.register(chief, person), 201)
    login = town.person().login
    return code, chief, person, Person(name, person.number, person.email,
                                       person.phone, login)


def test_application_that_fits_gets_its_ticket_at_once(town, school, db):
    code, chief, _, same = on_file(town, school)
    same.email = same.email.upper()
    answer, now = apply(town, same, code)
    assert answer.json["version"] == 1 and now["status"] == "ACTIVE"
    # The command carries the version of the record that was compared (rule 8).
    assert db.rows("SELECT t.version FROM gateway.v_teacher t "
                   "JOIN account.teacher_account a ON a.person_id = t.person_id"
                   " AND (a.teacher_version, a.teacher_incarnation) = "
                   "(t.version, t.incarnation) WHERE a.account_id = %s",
                   answer.json["subject"]) == [(1,)]
    town.redeem(same)
    town.sign_in(same)
    assert same.client.get("/v1/me").json["accounts"][0]["kind"] == "TEACHER"
    counts = chief.client.get("/v1/teachers?count=true").json["counts"]
    assert counts["applied"] == counts["teachers"] == 1


@pytest.mark.parametrize("other", ["name", "email"])
def test_application_that_does_not_fit_waits(town, school, other):
    code, chief, record, same = on_file(town, school)
    if other == "name":
        same.name = "王小麗"
    else:
        same.email = f"{same.login}@example.tw"
    answer, now = apply(town, same, code)
    assert now["status"] == "PENDING"
    tasks = town.tasks(chief, "TEACHER_APPLICATION")
    assert [t["subject"] for t in tasks] == [answer.json["subject"]]
    done = chief.client.post(answer.headers["location"] + "/enable",
                             {"number": record.number}, match=answer.etag)
    assert done.status == 200, done
    # The school has confirmed the number, so the ticket goes to the address on
    # record.
    assert town.spool.take(record.email, r"/activate#(\S+)")


def test_application_says_the_same_to_all(town, school):
    """Fitting, waiting and unknown persons get one form of answer (B25)."""
    code, _, _, same = on_file(town, school)
    answers = [apply(town, person, code)[0]
               for person in (town.person(), same, town.person())]
    assert len({(a.status, a.etag, tuple(a.json)) for a in answers}) == 1


def test_second_application_is_the_schools(town, school):
    code, chief, record, same = on_file(town, school)
    assert apply(town, same, code)[1]["status"] == "ACTIVE"
    same.login += "b"
    answer, now = apply(town, same, code)
    assert now["status"] == "PENDING"
    again = chief.client.post(answer.headers["location"] + "/enable",
                              {"number": record.number}, match=answer.etag)
    assert again.code == "ALREADY_ENABLED"


@pytest.mark.parametrize("code, refusal", [
    ("nowhere", "ORGANIZATION_UNKNOWN"), ("0099", "UNIT_HAS_NO_TEACHERS")])
def test_applications_that_would_wait_for_nobody(town, code, refusal):
    assert apply(town, town.person(), code)[0].code == refusal


def test_officer_signed_in_applies_for_himself(town, school):
    code, chief = school
    expect(town.register(chief, chief), 201)
    answer = chief.client.post("/v1/applications", teacher_form(
        chief, code, login=chief.login + "t", email=chief.email))
    assert answer.status == 201, answer
    assert chief.client.get(answer.headers["location"]).json["status"] == \
        "ACTIVE"


# --- an application blocks no other person (B12) --------------------------------------------
def business_form(town, code, person):
    other = town.person()
    return {"kind": "BUSINESS", "organization": code, "name": other.name,
            "number": other.number, "phone": other.phone, "login": other.login,
            "wantedRole": "OPERATOR", "email": person.email}


def full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def test_full_width_signs_are_typed_everywhere(town, school):
    code, chief = school
    person = town.person()
    form = business_form(town, code, person)
    wide = {name: full_width(form[name])
            for name in ("organization", "phone", "email", "number", "login")}
    answer = expect(town.anybody.post(
        "/v1/applications", {**form, **wide},
        headers={"Verification-Token": town.verify(person)}), 201)
    shown = expect(chief.client.get(answer.headers["location"]), 200).json
    assert [shown[name] for name in ("organization", "phone", "email", "login")] \
        == [code, form["phone"], person.email, form["login"]]


def test_one_address_waits_few_times_at_a_unit(town, school):
    code, _ = school
    person = town.person()
    tokens = [town.verify(person) for _ in range(2)]

    def ask(token, at=code):
        return town.anybody.post(
            "/v1/applications", business_form(town, at, person),
            headers={"Verification-Token": token, "Prefer": "wait=20"})
    assert [ask(tokens[0]).status for _ in range(5)] == [201] * 5
    for token in tokens:
        refused = ask(token)
        assert (refused.status, refused.code) == (429, "TOO_MANY_APPLICATIONS")
        assert refused.headers["retry-after"]
    town.apply(town.person(), code)
    assert ask(tokens[1], "991K01").status == 201


def test_one_proof_is_good_for_few_applications(town, land):
    person = town.person()
    token = town.verify(person)
    codes = [land.school()[0] for _ in range(3)]
    forms = [business_form(town, codes[n % 3], person) for n in range(11)]
    keys = [str(uuid.uuid4()) for _ in forms]
    headers = {"Verification-Token": token, "Prefer": "wait=20"}
    answers = [town.anybody.post("/v1/applications", form, key=key,
                                 headers=headers)
               for form, key in zip(forms, keys)]
    assert [a.status for a in answers] == [201] * 10 + [429]
    # A request that was accepted still gets its answer again.
    again = town.anybody.post("/v1/applications", forms[9], key=keys[9],
                              headers=headers)
    assert again.json == answers[9].json


# --- what each caller learns (B25) --------------------------------------------------------
def test_who_sees_that_an_account_is_held_elsewhere(town, land, school):
    code, chief = school
    holder = town.officer(chief, code, "OPERATOR")
    there, chief_there = land.school()
    again = town.person()
    again.number = holder.number
    town.apply(again, there)
    path = f"/v1/applications/{again.account}"
    assert "heldBy" not in town.anybody.get(
        path, headers={"Receipt": again.receipt}).json
    assert holder.client.get(path).json["heldBy"]["organization"] == code
    # R8: the approver, after the number from the personnel file has matched.
    assert "heldBy" not in expect(chief_there.client.get(path), 200).json
    refused = town.try_enable(chief_there, again, "OPERATOR")
    assert [(e["code"], e["detail"]) for e in refused.json["errors"]] == \
        [("HELD_AT", code)]
    assert chief.client.get(path).status == 404


# --- the last CHIEF (B22) -------------------------------------------------------------------
def test_two_last_chiefs_at_once(town, land, school):
    code, chief = school
    both = [chief, town.officer(land.centre, code, "CHIEF")]
    tags = [town.account(land.centre, one.account).etag for one in both]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(
            lambda pair: town.act(land.centre, pair[0].account, "disable",
                                  pair[1]), zip(both, tags)))
    assert sorted(a.status for a in answers) == [200, 409]
    assert {a.code for a in answers} == {None, "LAST_CHIEF"}


def test_only_the_centre_forces_with_a_reason(town, land, school):
    _, chief = school
    path = f"/v1/business-accounts/{chief.account}/disable"
    tag = town.account(land.centre, chief.account).etag
    reason = {"force": True, "reason": "總負責人已調離"}
    bare = land.centre.client.post(path, {"force": True}, match=tag)
    assert bare.code == "BAD_FORM"
    assert bare.json["errors"][0]["pointer"] == "/reason"
    assert town.platform.client.post(path, reason, match=tag).code == \
        "LAST_CHIEF"
    assert land.centre.client.post(path, reason, match=tag).status == 200


# --- plans (T1) -----------------------------------------------------------------------------
def day(offset):
    return (date.today() + timedelta(days=offset)).isoformat()


def test_planned_move_is_carried_out_by_the_timer(town, land, school, db):
    code, chief = school
    there, chief_there = land.school()
    person = town.person()
    expect(town.register(chief, person), 201)
    seen = town.look_up(chief_there, person)
    for wrong in (day(-3), day(100)):
        answer = town.register(chief_there, person, seen.etag,
                               effectiveOn=wrong)
        assert answer.json["errors"][0]["pointer"] == "/effectiveOn"
    plan = town.register(chief_there, person, seen.etag, effectiveOn=day(20))
    assert plan.status == 200, plan
    path = f"/v1/teachers/{person.teacher}"
    assert chief.client.get(path).status == 200
    assert chief_there.client.get(path).status == 404
    for officer in (chief, chief_there):
        moves = officer.client.get("/v1/moves?state=planned").json["items"]
        assert [(m["from"], m["to"]) for m in moves] == [(code, there)]
    assert db.change("UPDATE teacher.timer SET due_at = now() "
                     "WHERE name = %s", "move/" + moves[0]["id"]) == 1
    wait_until(lambda: chief_there.client.get(path).status == 200, 20,
               "the planned move")
    assert chief.client.get(path).status == 404


def test_plan_that_another_pull_made_pointless(town, land, school):
    """The school with the plan is told that the teacher will not come (T1)."""
    _, chief = school
    there, waiting = land.school()
    _, faster = land.school()
    person = town.person()
    expect(town.register(chief, person), 201)
    seen = town.look_up(waiting, person)
    expect(town.register(waiting, person, seen.etag, effectiveOn=day(20)), 200)
    seen = town.look_up(faster, person)
    expect(town.register(faster, person, seen.etag), 200)
    moves = waiting.client.get("/v1/moves").json["items"]
    assert [(m["to"], m["doneAt"]) for m in moves] == [(there, None)]
    assert moves[0]["undoneAt"] is not None


def test_kindergarten_manages_its_branches(town, land):
    chief = town.officer(land.centre, "991K01", "CHIEF")
    teacher = town.person()
    expect(town.register(chief, teacher, organization="991K01-01"), 201)
    assert chief.client.get(f"/v1/teachers/{teacher.teacher}").status == 200
    assert town.register(chief, town.person(),
                         organization="991K02-01").status == 404
    contact = town.person()
    town.apply(contact, "991K01-01", "CONTACT")
    assert town.try_enable(chief, contact, "CONTACT").status == 200


# --- starting ---------------------------------------------------------------------------------
def other_keys(gateway, tmp_path, purpose):
    """A folder with the installation's keys but that of `purpose`, which is
    another one; "none": an empty folder."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    if purpose == "none":
        return str(folder)
    status, out, err = gateway.host("make-keys", INSERVICE_KEY_DIR=str(folder))
    assert status == 0, out + err
    for own in Path(gateway.env["INSERVICE_KEY_DIR"]).glob("*.key"):
        if not own.name.startswith(purpose):
            shutil.copy2(own, folder)
    return str(folder)


@pytest.mark.parametrize("wrong, word", [
    ({"FOREIGN_NUMBERS_FROM": "2025-13-01"}, "FOREIGN_NUMBERS_FROM"),
    ({"DRAIN_DELAY": "12s"}, "INSERVICE_DRAIN_DEADLINE must be 10 s longer"),
    ({"MAIL_SPOOL": ""}, "neither MAIL_SPOOL nor SMTP_URL"),
    ({"KEY_DIR": "none"}, "make-keys"),
    ({"KEY_DIR": "identity"}, "not those of this database"),
    ({"KEY_DIR": "token"}, "not those of this database"),
])
def test_start_that_cannot_be_right(town, system, folder, tmp_path, wrong,
                                    word):
    """It ends at once with the reason, and takes over no lane. Keys: none
    there, or one that is not the installation's (P1)."""
    first = system["gateway"]
    if "KEY_DIR" in wrong:
        wrong = {"KEY_DIR": other_keys(first, tmp_path, wrong["KEY_DIR"])}
    status, out, err = first.host(
        timeout=30, **checked(), INSERVICE_LISTEN_PORT="0",
        INSERVICE_PORT_FILE=str(tmp_path / "port"),
        **{f"INSERVICE_{name}": value for name, value in wrong.items()})
    assert status == 1 and word in err, (status, out, err)
    said = {json.loads(line)["event"] for line in err.splitlines()
            if line.startswith("{")}
    assert not said & {"ready", "lanes_assigned"}, said


# --- two of each ------------------------------------------------------------------------------
def test_two_processes_of_each_service(town, system, folder, watch, school):
    """Each gateway answers for changes made through the other."""
    code, chief = school
    second = [Service(name, system[name].binary, {
        **system[name].env, **checked(), "INSERVICE_LISTEN_PORT": "0"},
        folder / "run" / "second") for name in ("account", "teacher",
                                                "gateway")]
    for service in second:
        watch.add(service)
        service.start()
    try:
        for service in second:
            service.wait_ready(60)
        doors = [chief.client,
                 Gateway(f"http://127.0.0.1:{second[-1].port}",
                         chief.client.token)]
        for n in range(20):
            made = expect(doors[n % 2].post(
                "/v1/teachers", town.teacher_form(town.person()),
                headers={"Prefer": "wait=20"}), 201)
            for door in doors:
                expect(door.get(made.headers["location"]), 200)
        form, key = town.teacher_form(town.person()), str(uuid.uuid4())
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda n: doors[n % 2].post(
                "/v1/teachers", form, key=key), range(6)))
        assert len({a.json["operation"] for a in answers}) == 1
    finally:
        for service in second:
            service.stop()
    assert [s.process.returncode for s in second] == [0, 0, 0]
