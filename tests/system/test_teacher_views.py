"""What is shown of teachers is what their owner says now: moves, tags of
documents, counts, filters."""
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
    pull(town, puller, person, effectiveOn=day(20))
    plan = items(puller, "/v1/moves", state="planned")[0]
    assert (plan["from"], plan["to"]) == (code, there)
    expect(town.leave(chief, person), 200)
    # The former school has no part in the plan any more.
    assert items(chief, "/v1/moves", state="planned") == []
    assert [m["from"] for m in items(puller, "/v1/moves",
                                     state="planned")] == [None]
    comes_due(db, plan["id"])
    wait_until(lambda: puller.client.get(record(person)).status == 200, 20,
               "the planned move")
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
    """Whether the caller has it already, and the tag it has now."""
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
    # The record's version is what a write compares, under any of its tags.
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


# --- R17: what a teacher's login cannot be is no value ------------------------------------
@pytest.mark.parametrize("status", ["PENDING", "DELETED", "CLOSED", "active",
                                    "UNKNOWN"])
@pytest.mark.parametrize("on", [{}, {"on": day(0)}])
def test_r17_pending_is_no_status_of_a_teacher(school, status, on):
    answer = school[1].client.get("/v1/teachers", query={
        "status": ["ACTIVE", status], **on})
    assert (answer.status, answer.code) == (400, "BAD_FORM")
    assert answer.json["errors"][0]["pointer"] == "?status"
