"""Masking: centre and platform see teachers masked, only the platform sees a
teacher without a unit, and a target out of reach is answered as if it did not
exist."""
import pytest
from play.town import expect

from test_rules import day
from test_teacher_views import items


@pytest.fixture
def outsiders(town, land):
    return [land.centre.client, town.platform.client]


def is_masked(shown, person):
    assert shown["masked"] is True
    assert person.name not in str(shown) and person.login not in str(shown)
    assert person.email not in str(shown)
    return "O" in shown["name"]


def teacher_application(town, code):
    person = town.person("歐陽小美")
    answer = expect(town.anybody.post(
        "/v1/applications",
        {"kind": "TEACHER", "organization": code, "name": person.name,
         "number": person.number, "login": person.login},
        headers={"Verification-Token": town.verify(person)}), 201)
    return person, answer


def test_application_of_a_teacher(town, school, outsiders):
    code, chief = school
    person, answer = teacher_application(town, code)
    path = answer.headers["location"]
    own = town.anybody.get(path, headers={"Receipt": answer.json["receipt"]})
    for shown in (own.json, chief.client.get(path).json):
        assert shown["masked"] is False
        assert (shown["name"], shown["email"]) == (person.name, person.email)
    for client in outsiders:
        assert is_masked(expect(client.get(path), 200).json, person)


def test_list_of_applications(town, school, outsiders):
    code, chief = school
    teacher, _ = teacher_application(town, code)
    officer = town.person()
    town.apply(officer, code, "CHIEF")
    path = f"/v1/applications?organization={code}"
    names = [row["name"] for row in chief.client.get(path).json["items"]]
    assert sorted(names) == sorted([teacher.name, officer.name])
    for client in outsiders:
        rows = {row["kind"]: row for row in client.get(path).json["items"]}
        assert is_masked(rows["TEACHER"], teacher)
    # The approver of a CHIEF must see the CHIEF's name.
    rows = {row["kind"]: row for row in outsiders[0].get(path).json["items"]}
    assert rows["BUSINESS"]["name"] == officer.name


def test_account_of_a_teacher(town, school, outsiders):
    _, chief = school
    person = town.person("歐陽小美")
    expect(town.register(chief, person), 201)
    made = expect(chief.client.post("/v1/teacher-accounts",
                                    {"teacher": person.teacher,
                                     "login": person.login}), 201)
    path = made.headers["location"]
    town.redeem(person)
    town.sign_in(person)
    for client in (chief.client, person.client):
        shown = expect(client.get(path), 200).json
        assert shown["masked"] is False and shown["login"] == person.login
    for client in outsiders:
        assert is_masked(expect(client.get(path), 200).json, person)


def notes(record):
    posts = record["posts"] + [m["plannedPost"] for m in record["moves"]
                               if m["plannedPost"] is not None]
    return {p["organization"]: p["unitNote"] for p in posts}


def test_the_note_of_another_school(town, school, land):
    """T7: a school reads its own note about the teacher, and no note of another
    school, neither of a post nor of a plan. Officers who see the teacher masked
    read none."""
    code, chief = school
    person = town.person()
    expect(town.register(chief, person, unitNote="育嬰留職停薪"), 201)
    there, puller = land.school()
    seen = expect(town.look_up(puller, person), 200)
    expect(town.register(puller, person, seen.etag, post="SECONDARY",
                         unitNote="每週二巡迴"), 200)
    third, planner = land.school()
    seen = expect(town.look_up(planner, person), 200)
    expect(town.register(planner, person, seen.etag, unitNote="接任導師",
                         effectiveOn=day(30)), 200)
    own = {code: "育嬰留職停薪", there: "每週二巡迴", third: "接任導師"}
    path = f"/v1/teachers/{person.teacher}"
    for officer, place in ((chief, code), (puller, there), (planner, third)):
        mine = {**dict.fromkeys(own), place: own[place]}
        found = expect(town.look_up(officer, person), 200).json
        assert notes(found) == mine
        if officer is not planner:
            assert notes(expect(officer.client.get(path), 200).json) == mine
    for client in (land.centre.client, town.platform.client):
        shown = expect(client.get(path), 200).json
        assert shown["masked"] and notes(shown) == dict.fromkeys(own)
    for officer in (chief, land.centre):
        noted = [row["unitNote"] for row in items(officer, "/v1/teachers",
                                                  organization=code)
                 if row["id"] == person.teacher]
        assert noted == ["育嬰留職停薪" if officer is chief else None]


def test_the_note_stays_at_the_old_school(town, school, land):
    """T7: after a move the new school reads no note of the post that has ended:
    not in the record, nor in the answer to an outdated edit."""
    code, chief = school
    person = town.person()
    expect(town.register(chief, person, unitNote="輔導中"), 201)
    there, puller = land.school()
    seen = expect(town.look_up(puller, person), 200)
    expect(town.register(puller, person, seen.etag, unitNote="導師"), 200)
    path = f"/v1/teachers/{person.teacher}"
    shown = expect(puller.client.get(path), 200).json
    late = puller.client.patch(path, {"unitNote": "x"}, match='"1"')
    assert late.status == 412, late
    for record in (shown, late.json["current"]):
        assert "輔導中" not in str(record)
        assert notes(record) == {code: None, there: "導師"}


def test_a_teacher_neither_reads_nor_writes_the_note(town, school):
    """T7, T10."""
    _, chief = school
    person = town.person()
    expect(town.register(chief, person, unitNote="輔導中"), 201)
    town.own_login(chief, person)
    path = f"/v1/teachers/{person.teacher}"
    shown = expect(person.client.get(path), 200)
    assert not shown.json["masked"]
    assert [p["unitNote"] for p in shown.json["posts"]] == [None]
    for note in ("x", None):
        answer = person.client.patch(path, {"unitNote": note}, match=shown.etag)
        assert (answer.status, answer.code) == (403, "FIELD_NOT_YOURS")
    expect(person.client.patch(path, {"email": None}, match=shown.etag), 200)
    kept = expect(chief.client.get(path), 200).json
    assert [p["unitNote"] for p in kept["posts"]] == ["輔導中"]


def test_teacher_without_a_unit(town, school):
    """No school can see that the teacher is there. The platform can only
    read."""
    _, chief = school
    person = town.person()
    expect(town.register(chief, person), 201)
    expect(town.leave(chief, person), 200)
    path = f"/v1/teachers/{person.teacher}"
    asked = {"read": lambda c: c.get(path),
             "write": lambda c: c.patch(path, {"unitNote": "x"}, match='"2"'),
             "enable": lambda c: c.post("/v1/teacher-accounts",
                                        {"teacher": person.teacher})}
    said = {what: ask(chief.client).code for what, ask in asked.items()}
    assert said == dict.fromkeys(asked, "NOT_FOUND")
    said = {what: ask(town.platform.client) for what, ask in asked.items()}
    assert said["read"].json["masked"] is True
    assert said["write"].code == said["enable"].code == "NOT_PERMITTED"


def test_form_of_an_account_out_of_reach(town, land, school):
    """The form is not read, because its missing fields would tell that the
    account is there."""
    code, chief = school
    _, stranger = land.school()
    waiting, officer = town.person(), town.officer(chief, code, "OPERATOR")
    town.apply(waiting, code)
    paths = [f"/v1/applications/{waiting.account}/enable",
             f"/v1/business-accounts/{officer.account}/enable"]
    for path in paths:
        bad = {"no such field": 1}
        assert chief.client.post(path, bad, match='"1"').code == "BAD_FORM"
        assert stranger.client.post(path, bad, match='"1"').code == "NOT_FOUND"


def test_receipt_opens_the_application_only(town, school):
    """The receipt does not open what an officer has done with the
    application."""
    code, chief = school
    person = town.person()
    applied = town.apply(person, code)
    enabled = town.try_enable(chief, person, "OPERATOR")
    receipt = {"Receipt": person.receipt}
    for operation, status in ((applied.json["operation"], 200),
                              (enabled.json["operation"], 401)):
        answer = town.anybody.get(f"/v1/operations/{operation}",
                                  headers=receipt)
        assert answer.status == status, answer
