"""The views show the owner's present state of teachers: moves, tags of
documents, counts, filters."""
import http.client
import json
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from play.system import wait_until
from play.town import expect


def day(offset):
    now = datetime.now(timezone(timedelta(hours=8)))
    return (now + timedelta(days=offset)).date().isoformat()


def record(person):
    return f"/v1/teachers/{person.teacher}"


def pull(town, officer, person, **more):
    seen = expect(town.look_up(officer, person), 200)
    return expect(town.register(officer, person, seen.etag, **more), 200)


def comes_due(db, move_id):
    assert db.change("UPDATE teacher.timer SET due_at = now() WHERE name = %s",
                     "move/" + move_id) == 1


def items(officer, path, **query):
    return expect(officer.client.get(path, query=query), 200).json["items"]


# --- R3: a move is shown as it was carried out ---------------------------------------
def test_r03_a_plan_after_a_leave_enters_from_nowhere(town, land, school, db):
    code, chief = school
    there, puller = land.school()
    person = town.person()
    expect(town.register(chief, person), 201)
    title = expect(town.anybody.get("/v1/code-tables/title"),
                   200).json["codes"][0]["code"]
    pull(town, puller, person, effectiveOn=day(20), title=title)
    plan = items(puller, "/v1/moves", state="planned")[0]
    assert (plan["from"], plan["to"]) == (code, there)
    expect(town.leave(chief, person), 200)
    # The effect of the plan is shown before its day.
    shown = expect(puller.client.get(record(person)), 200).json
    planned, = [m["plannedPost"] for m in shown["moves"] if m["plannedPost"]]
    assert (planned["organization"], planned["title"]) == (there, title)
    # The former school has no part in the plan any more.
    assert items(chief, "/v1/moves", state="planned") == []
    assert [m["from"] for m in items(puller, "/v1/moves",
                                     state="planned")] == [None]
    comes_due(db, plan["id"])
    wait_until(lambda: [p for p in expect(puller.client.get(record(person)),
                                          200).json["posts"]
                        if p["organization"] == there], 20, "the planned move")
    done = next(m for m in items(puller, "/v1/moves") if m["id"] == plan["id"])
    assert (done["from"], done["to"]) == (None, there)
    assert done["doneAt"] is not None
    assert [(m["from"], m["to"]) for m in items(chief, "/v1/moves",
                                                direction="out")] == \
        [(code, None)]
    assert town.tasks(chief, "MOVED_AWAY") == []
    said = db.rows("SELECT from_organization, to_organization FROM "
                   "teacher.move WHERE move_id = %s", plan["id"])
    assert said == [("", there)]


# --- R9: a tag covers everything in its document -------------------------------------
def unchanged(officer, path, tag):
    """Whether the caller's tag is current (304), and the tag of the document
    now."""
    answer = officer.client.get(path, headers={"If-None-Match": tag})
    assert answer.status in (200, 304), answer
    return answer.status == 304, answer.etag


def test_r09_a_login_changes_the_tag_of_its_record(town, school):
    _, chief = school
    person = town.person()
    registered = expect(town.register(chief, person), 201)
    tag = expect(chief.client.get(record(person)), 200).etag
    assert tag == registered.etag
    assert unchanged(chief, record(person), tag) == (True, tag)
    expect(chief.client.post("/v1/teacher-accounts", {
        "teacher": person.teacher, "login": person.login}), 201)
    same, new = unchanged(chief, record(person), tag)
    assert not same and new != tag
    assert unchanged(chief, record(person), new) == (True, new)
    # A write compares the record's version, in any of its tags.
    for n, old in enumerate((tag, new, '"1"')):
        changed = chief.client.patch(record(person), {"unitNote": f"{n}"},
                                     match=old)
        assert changed.status == (412 if n else 200), changed
    now = chief.client.get(record(person)).etag
    assert now not in (tag, new)
    expect(chief.client.patch(record(person), {"unitNote": "乙"}, match=now),
           200)


def test_r09_masked_and_full_are_two_documents(town, land, school):
    _, chief = school
    person = town.person()
    expect(town.register(chief, person), 201)
    full = chief.client.get(record(person)).etag
    masked = land.centre.client.get(record(person)).etag
    assert full != masked
    assert unchanged(land.centre, record(person), full)[0] is False
    assert unchanged(land.centre, record(person), masked)[0] is True


def test_r09_an_account_shows_the_name_of_its_unit(town, school, db):
    code, chief = school
    path = f"/v1/business-accounts/{chief.account}"
    tag = chief.client.get(path).etag
    assert unchanged(chief, path, tag)[0]
    name = db.one("SELECT name FROM gateway.v_organization WHERE code = %s",
                  code)
    db.change("UPDATE gateway.v_organization SET name = '改名國小' "
              "WHERE code = %s", code)
    try:
        assert not unchanged(chief, path, tag)[0]
    finally:
        db.change("UPDATE gateway.v_organization SET name = %s WHERE code = %s",
                  name, code)
    assert unchanged(chief, path, tag)[0]


def test_r09_a_unit_shows_the_phone_of_its_approver(town, land, school, db):
    path = f"/v1/organizations/{school[0]}"
    tag = school[1].client.get(path).etag
    assert unchanged(school[1], path, tag)[0]
    phone = "UPDATE gateway.v_organization SET phone = phone || %s " \
            "WHERE code = (SELECT managing_centre FROM " \
            "gateway.v_organization WHERE code = %s)"
    db.change(phone, "9", school[0])
    assert not unchanged(school[1], path, tag)[0]
    db.change("UPDATE gateway.v_organization SET phone = left(phone, -1) "
              "WHERE code = (SELECT managing_centre FROM "
              "gateway.v_organization WHERE code = %s)", school[0])
    assert unchanged(school[1], path, tag)[0]


# --- F13: persons are counted ----------------------------------------------------------
def test_f13_a_person_with_two_posts_is_counted_once(town, land, school):
    code, chief = school
    there, other = land.school()
    both, one, late = town.person(), town.person(), town.person()
    for person in (both, one):
        expect(town.register(chief, person), 201)
    pull(town, other, both, post="SECONDARY")
    expect(town.register(other, late, post="SECONDARY"), 201)
    expect(chief.client.post("/v1/teacher-accounts", {
        "teacher": both.teacher, "login": both.login}), 201)
    persons = {"total": 3, "applied": 1, "notApplied": 2, "teachers": 1,
               "administrativeStaff": 0}
    for on in ({}, {"on": day(0)}):
        answer = expect(land.centre.client.get("/v1/teachers", query={
            "organization": [code, there], "count": "true", **on}), 200).json
        assert (answer["counts"], answer["posts"]) == (persons, 4), on
        answer = expect(land.centre.client.get("/v1/teachers", query={
            "organization": [code, there], "count": "true",
            "status": "ACTIVE", **on}), 200).json
        assert answer["counts"]["total"] == answer["counts"]["applied"] == 1
        assert answer["posts"] == 2
        answer = expect(other.client.get("/v1/teachers", query={
            "count": "true", **on}), 200).json
        assert (answer["counts"]["total"], answer["posts"]) == (2, 2)
    empty = expect(chief.client.get("/v1/teachers", query={
        "count": "true", "name": "查無此人"}), 200).json
    assert (empty["counts"]["total"], empty["posts"]) == (0, 0)


# --- R17: a status that no login can have is no value -------------------------------------
@pytest.mark.parametrize("status", ["PENDING", "DELETED", "CLOSED", "active",
                                    "UNKNOWN"])
@pytest.mark.parametrize("on", [{}, {"on": day(0)}])
def test_r17_pending_is_no_status_of_a_teacher(school, status, on):
    answer = school[1].client.get("/v1/teachers", query={
        "status": ["ACTIVE", status], **on})
    assert (answer.status, answer.code) == (400, "BAD_FORM")
    assert answer.json["errors"][0]["pointer"] == "?status"


# --- F4: a new teacher, entered for a later day ---------------------------------------------
def undo(officer, person, move_id, match="*", **body):
    return officer.client.post(f"{record(person)}/moves/{move_id}/undo", body,
                               match=match)


@pytest.mark.parametrize("post", ["PRIMARY", "SECONDARY"])
def test_f04_the_planning_school_keeps_a_new_record(town, land, school, db,
                                                    post):
    code, chief = school
    contact = town.officer(chief, code, "CONTACT")
    other = land.school()[1]
    person = town.person()
    made = expect(town.register(chief, person, effectiveOn=day(30), post=post),
                  201)
    for officer in (chief, contact):
        shown = expect(officer.client.get(made.headers["location"]), 200)
        assert (shown.json["name"], shown.json["posts"]) == (person.name, [])
    assert other.client.get(record(person)).status == 404
    assert expect(land.centre.client.get(record(person)), 200).json["masked"]
    changed = expect(contact.client.patch(
        record(person), {"email": "right@example.tw", "unitNote": "甲"},
        match=shown.etag), 200)
    assert other.client.patch(record(person), {"unitNote": "乙"},
                              match=changed.etag).status == 404
    shown = expect(chief.client.get(record(person)), 200)
    assert shown.json["email"] == "right@example.tw"
    move = shown.json["moves"][0]["id"]
    assert items(chief, "/v1/moves", state="planned")[0]["teacherVersion"] == 2
    expect(chief.client.post("/v1/teacher-accounts", {
        "teacher": person.teacher, "login": person.login}), 201)
    comes_due(db, move)
    wait_until(lambda: expect(chief.client.get(record(person)), 200)
               .json["posts"], 20, "the entry")
    assert expect(chief.client.get(record(person)), 200) \
        .json["posts"][0]["unitNote"] == "甲"


def test_f04_the_planning_school_drops_its_plan(town, land, school, db):
    code, chief = school
    other = land.school()[1]
    person = town.person()
    expect(town.register(chief, person, effectiveOn=day(30)), 201)
    shown = expect(chief.client.get(record(person)), 200)
    move = shown.json["moves"][0]["id"]
    assert undo(other, person, move, shown.etag).status == 404
    assert undo(chief, person, move, '"7"').code == "CHANGED"
    bare = chief.client.post(f"{record(person)}/moves/{move}/undo", {})
    assert (bare.status, bare.code) == (428, "PRECONDITION_REQUIRED")
    expect(undo(chief, person, move, shown.etag, reason="誤植"), 200)
    assert db.rows("SELECT FROM teacher.timer WHERE name = %s",
                   "move/" + move) == []
    assert chief.client.get(record(person)).status == 404
    assert items(chief, "/v1/moves")[0]["undoneAt"] is not None
    # The record stays. It is entered by a look-up like any other.
    assert town.register(chief, person).code == "TEACHER_ON_FILE"
    pull(town, other, person)


def test_f04_a_plan_gives_no_look_at_somebody_elses_teacher(town, land, school):
    code, chief = school
    there, planner = land.school()
    person = town.person()
    expect(town.register(chief, person), 201)
    pull(town, planner, person, effectiveOn=day(20))
    assert planner.client.get(record(person)).status == 404
    assert planner.client.patch(record(person), {"unitNote": "x"},
                                match='"2"').status == 404
    plan = items(planner, "/v1/moves", state="planned")[0]
    assert plan["teacherVersion"] is None
    expect(undo(planner, person, plan["id"]), 200)
    assert items(chief, "/v1/moves", state="planned") == []


# --- route 39 ---------------------------------------------------------------------------------
def test_39_either_school_undoes_a_pull(town, land, school):
    code, chief = school
    there, puller = land.school()
    _, third = land.school()
    person = town.person()
    expect(town.register(chief, person), 201)
    pull(town, puller, person)
    move = items(chief, "/v1/moves")[0]["id"]
    assert undo(third, person, move).code == "NOT_FOUND"
    operator = town.officer(chief, code, "OPERATOR")
    assert undo(operator, person, move).code == "NOT_PERMITTED"
    # The former school reads no version, and needs none.
    expect(undo(chief, person, move), 200)
    assert chief.client.get(record(person)).status == 200
    again = undo(puller, person, move)
    assert (again.status, again.code) == (409, "NOT_LATEST_MOVE")
    pull(town, puller, person)
    move = items(puller, "/v1/moves")[0]["id"]
    shown = expect(puller.client.get(record(person)), 200)
    assert undo(puller, person, move, '"1"').code == "CHANGED"
    expect(undo(puller, person, move, shown.etag), 200)


def undo_with_lines(officer, person, move_id, *lines):
    """(status, code) with If-Match in these header lines."""
    line = http.client.HTTPConnection(officer.client.url.split("//")[1],
                                      timeout=30)
    line.putrequest("POST", f"{record(person)}/moves/{move_id}/undo")
    for name, value in [("Authorization", f"Bearer {officer.client.token}"),
                        ("Content-Type", "application/json"),
                        ("Content-Length", "2"),
                        ("Idempotency-Key", str(uuid.uuid4()))] + \
            [("If-Match", value) for value in lines]:
        line.putheader(name, value)
    line.endheaders(b"{}")
    answer = line.getresponse()
    said = json.loads(answer.read())
    line.close()
    return answer.status, said.get("code")


def test_39_any_version_stands_alone(town, land, school):
    """`*` beside other lines of If-Match is no list, in either order."""
    chief, puller, person = school[1], land.school()[1], town.person()
    expect(town.register(chief, person), 201)
    pull(town, puller, person)
    move = items(chief, "/v1/moves")[0]["id"]
    for lines in (["*", '"1"'], ['"1"', "*"], ["*", "*"], ["*", "x"]):
        status, code = undo_with_lines(chief, person, move, *lines)
        assert (status, code) == (400, "BAD_FORM"), lines
    assert undo_with_lines(chief, person, move, "*") == (200, None)


@pytest.mark.parametrize("who", ["centre", "platform"])
def test_39_centre_and_platform_undo(town, land, school, who):
    person, officer = town.person(), getattr(
        land if who == "centre" else town, who)
    expect(town.register(school[1], person), 201)
    expect(town.leave(school[1], person), 200)
    move = items(school[1], "/v1/moves", direction="out")[0]["id"]
    expect(undo(officer, person, move), 200)
    assert school[1].client.get(record(person)).status == 200


def test_r12_a_contact_undoes_no_entry_of_a_chief(town, land, school):
    code, chief = school
    contact = town.officer(chief, code, "CONTACT")
    second = town.officer(land.centre, code, "CHIEF")
    expect(town.register(chief, second), 201)
    shown = expect(chief.client.get(record(second)), 200)
    move = shown.json["moves"][0]["id"]
    assert undo(contact, second, move, shown.etag).code == "HOLDS_CHIEF"
    assert undo(second, second, move, shown.etag).code == "SELF_ACTION"
    expect(undo(chief, second, move, shown.etag), 200)


# --- R12: the last CHIEF is checked on the day of the move ------------------------------------
def test_r12_a_planned_leave_of_a_chief_waits_for_the_centre(town, land, school,
                                                             db):
    code, chief = school
    contact = town.officer(chief, code, "CONTACT")
    person = town.person()
    expect(town.register(chief, person), 201)
    expect(town.leave(contact, person, effectiveOn=day(20)), 200)
    move = items(chief, "/v1/moves", state="planned")[0]["id"]
    town.officer(land.centre, code, "CHIEF", person)

    def due():
        return [t["subject"] for t in town.tasks(land.centre, "CHIEF_LEAVE_DUE")]

    assert move not in due()
    wait_until(lambda: db.rows(
        "SELECT FROM teacher.officer_copy WHERE person_id = %s AND role = 1 "
        "AND status = 3", person.teacher), 20, "the copy of the account")
    comes_due(db, move)
    wait_until(lambda: db.rows(
        "SELECT FROM teacher.timer WHERE name = %s AND due_at > now()",
        "move/" + move), 20, "the timer of the next day")
    # As on the day itself.
    db.change("UPDATE gateway.v_move SET effective_on = current_date "
              "WHERE move_id = %s", move)
    assert move in due()
    assert expect(chief.client.get(record(person)), 200).json["posts"]
    expect(land.centre.client.post(
        f"{record(person)}/leave", {"reason": "RESIGNED", "organization": code},
        match=land.centre.client.get(record(person)).etag), 200)
    assert move not in due()
    assert chief.client.get(record(person)).status == 404


# --- a refusal shows no state that is out of reach by now -------------------------
def test_a_stale_undo_after_the_undo(town, school):
    """The second request comes from the school that no longer has the
    record."""
    _, chief = school
    person = town.person()
    expect(town.register(chief, person, effectiveOn=day(10)), 201)
    plan = items(chief, "/v1/moves", state="planned")[0]["id"]
    path = f"{record(person)}/moves/{plan}/undo"
    expect(chief.client.post(path, {}, match='"1"'), 200)
    again = chief.client.post(path, {}, match='"1"')
    assert (again.status, again.code) == (412, "CHANGED")
    assert "current" not in again.json


def test_a_stale_leave_repeated_after_the_leave(town, school):
    _, chief = school
    person = town.person()
    expect(town.register(chief, person), 201)
    path, key = f"{record(person)}/leave", str(uuid.uuid4())
    stale = chief.client.post(path, {"reason": "RESIGNED"}, key=key,
                              match='"9"')
    assert stale.status == 412 and stale.json["current"]
    expect(town.leave(chief, person), 200)
    again = chief.client.post(path, {"reason": "RESIGNED"}, key=key,
                              match='"9"')
    assert (again.status, again.code) == (412, "CHANGED")
    assert "current" not in again.json
