"""The life of a unit over HTTP: entered, changed, suspended, closed, merged
(O1, O3, O4), and what becomes of its accounts."""
import uuid

import pytest
from play import county
from play.system import wait_until
from play.town import expect

from test_accounts import course_says
from test_teacher_views import day


def place(code):
    return f"/v1/organizations/{code}"


def etag(town, code):
    return expect(town.anybody.get(place(code)), 200).etag


def change(town, officer, code, **fields):
    return officer.client.patch(place(code), fields, match=etag(town, code))


def close(town, officer, code, **fields):
    return officer.client.post(f"{place(code)}/close", fields,
                               match=etag(town, code))


def shown(town, code):
    return expect(town.anybody.get(place(code)), 200).json


@pytest.fixture
def fresh(town, land):
    """A unit that the platform has entered by route 3."""
    code = f"N{uuid.uuid4().hex[:8].upper()}"
    answer = expect(town.platform.client.post("/v1/organizations", {
        "code": code.lower(), "name": "新設國小", "kind": "PRIMARY_SCHOOL",
        "county": "台北市", "managingCentre": county.CENTRE,
        "website": "ｈｔｔｐｓ://www.example.edu.tw"}), 201)
    assert answer.headers["location"] == place(code)
    return code


def test_o1_a_unit_is_entered_in_its_one_form(town, fresh):
    unit = shown(town, fresh)
    assert (unit["county"], unit["website"], unit["status"]) == \
        ("臺北市", "https://www.example.edu.tw", "ACTIVE")
    again = town.platform.client.post("/v1/organizations", {
        "code": fresh, "name": "又一所", "kind": "PRIMARY_SCHOOL",
        "managingCentre": county.CENTRE})
    assert (again.status, again.code) == (409, "ORGANIZATION_EXISTS")


@pytest.mark.parametrize("fields, code, pointer", [
    ({"county": "火星"}, "BAD_FORM", "/county"),
    ({"website": "javascript:alert(1)"}, "BAD_FORM", "/website"),
    ({"phone": "很多"}, "BAD_FORM", "/phone"),
    ({"kind": "SCHOOL"}, "BAD_FORM", "/kind"),
    ({"code": "N0001/1"}, "BAD_FORM", "/code"),
    ({"name": ""}, "BAD_FORM", "/name"),
    ({"managingCentre": ""}, "CENTRE_UNKNOWN", None),
    ({"managingCentre": "NONE"}, "CENTRE_UNKNOWN", None),
    ({"parentCode": "NONE"}, "ORGANIZATION_UNKNOWN", None),
])
def test_o4_what_is_not_entered(town, land, fields, code, pointer):
    answer = town.platform.client.post("/v1/organizations", {
        "code": f"N{uuid.uuid4().hex[:8]}", "name": "新設國小",
        "kind": "PRIMARY_SCHOOL", "managingCentre": county.CENTRE, **fields})
    assert answer.code == code, answer
    if pointer is not None:
        assert [e["pointer"] for e in answer.json["errors"]] == [pointer]


def test_o4_the_platform_corrects_a_unit(town, land, fresh):
    expect(change(town, town.platform, fresh, name="改名國小",
                  kind="JUNIOR_HIGH", phone="03-9312021"), 200)
    expect(change(town, town.platform, fresh, phone=None), 200)
    unit = shown(town, fresh)
    assert (unit["name"], unit["kind"], unit["phone"]) == \
        ("改名國小", "JUNIOR_HIGH", None)
    answer = change(town, town.platform, fresh, kind="UNIVERSITY")
    assert (answer.status, answer.code) == (409, "KIND_CHANGE_NOT_ALLOWED")
    stale = town.platform.client.patch(place(fresh), {"name": "舊"},
                                       match='"1"')
    assert (stale.status, stale.code) == (412, "CHANGED")


def test_a_chief_keeps_the_contact_data(town, land, school):
    code, chief = school
    expect(change(town, chief, code, phone="03-9312021 分機 12",
                  address="宜蘭市 1 號"), 200)
    assert shown(town, code)["address"] == "宜蘭市 1 號"
    answer = change(town, chief, code, phone="03-9312022", name="自改校名")
    assert (answer.status, answer.code) == (403, "NOT_PERMITTED")
    contact = town.officer(chief, code, "CONTACT")
    other, _ = land.school()
    for officer, unit, status in ((contact, code, 403), (land.centre, code, 403),
                                  (chief, other, 404)):
        assert change(town, officer, unit, phone="03-9312023").status == status


def test_o3_a_suspended_unit_manages_nothing(town, land, school):
    """Sessions of its officers lose the right within a second (T16)."""
    code, chief = school
    expect(change(town, town.platform, code, status="SUSPENDED"), 200)
    refused = town.register(chief, town.person())
    assert refused.status == 403, refused
    assert change(town, chief, code, phone="03-9312021").status == 403
    expect(change(town, town.platform, code, status="ACTIVE"), 200)
    # The teacher service hears of it a moment later than the gateway.
    wait_until(lambda: town.register(chief, town.person()).status == 201, 10,
               "the unit to register teachers again")
    answer = change(town, town.platform, code, status="CLOSED")
    assert (answer.status, answer.code) == (409, "STATE_CHANGE_NOT_ALLOWED")


def test_o3_a_unit_with_teachers_is_not_closed(town, land, school):
    code, chief = school
    expect(town.register(chief, town.person()), 201)
    answer = close(town, town.platform, code, reason="裁撤")
    assert (answer.status, answer.code) == (409, "HAS_TEACHERS")
    answer = close(town, town.platform, county.CENTRE)
    assert (answer.status, answer.code) == (409, "HAS_UNITS")
    answer = close(town, town.platform, code, into=code)
    assert (answer.status, answer.code) == (422, "MERGER_CYCLE")
    assert close(town, land.centre, code).status == 403


def test_o3_teachers_on_their_way_are_not_lost(town, land, school):
    """The successor is closed before they have come."""
    code, chief = school
    into, other = land.school()
    person = town.person()
    expect(town.register(chief, person), 201)
    tag = etag(town, into)
    expect(close(town, town.platform, code, into=into), 200)
    answer = town.platform.client.post(f"{place(into)}/close", {}, match=tag)
    assert (answer.status, answer.code) == (409, "HAS_TEACHERS")


def test_o4_a_closed_centre_manages_nothing(town, land, school):
    """Not a new unit, and not one that opens again."""
    centre, unit = (f"N{uuid.uuid4().hex[:8].upper()}" for _ in range(2))
    enter = {"name": "新設單位", "kind": "PRIMARY_SCHOOL",
             "managingCentre": centre}
    expect(town.platform.client.post("/v1/organizations", {
        "code": centre, "name": "新設中心", "kind": "REGIONAL_CENTRE"}), 201)
    expect(town.platform.client.post("/v1/organizations",
                                     {"code": unit, **enter}), 201)
    for code in (unit, centre):
        expect(close(town, town.platform, code), 200)
    answer = town.platform.client.post("/v1/organizations",
                                       {"code": f"{unit}-1", **enter})
    assert answer.code == "CENTRE_UNKNOWN"
    assert change(town, town.platform, school[0],
                  managingCentre=centre).code == "CENTRE_UNKNOWN"
    assert change(town, town.platform, unit,
                  status="ACTIVE").code == "CENTRE_UNKNOWN"
    expect(change(town, town.platform, unit, status="ACTIVE",
                  managingCentre=county.CENTRE), 200)


def test_o3_accounts_of_a_closed_unit(town, land, school, kafka, contracts):
    """They are disabled, and the centre deletes what no CHIEF is left to
    delete. Their holders are free to apply elsewhere (B13)."""
    code, chief = school
    operator = town.officer(chief, code, "OPERATOR")
    waiting = town.person()
    town.apply(waiting, code)
    expect(close(town, town.platform, code, reason="裁撤"), 200)

    def accounts():
        return [town.account(land.centre, who.account).json
                for who in (chief, operator)]
    wait_until(lambda: {a["status"] for a in accounts()} == {"DISABLED"}, 20,
               "the accounts to be disabled")
    assert {a["cause"] for a in accounts()} == {"UNIT_CLOSED"}
    assert chief.client.get("/v1/me").status == 401
    answer = town.platform.client.post(
        f"/v1/applications/{waiting.account}/enable",
        {"role": "OPERATOR", "number": waiting.number}, match='"1"')
    assert answer.status in (403, 409), answer
    for kind, person in (("LEAVER_ACCOUNT", operator),
                         ("APPLICATION_WAITING", waiting)):
        for officer, told in ((land.centre, True), (town.platform, False)):
            subjects = {t["subject"] for t in town.tasks(officer, kind)}
            assert (person.account in subjects) is told, (kind, officer.name)
    course_says(kafka, contracts, code, operator.account, "CourseOwnerSettled",
                account_id=operator.account,
                account_version=accounts()[1]["version"])
    wait_until(lambda: accounts()[1]["coursesSettled"], 15, "the courses")
    expect(town.delete(land.centre, operator.account), 200)
    # Closed by mistake: it opens, and its accounts stay as they are.
    expect(change(town, town.platform, code, status="ACTIVE"), 200)
    assert town.account(land.centre, chief.account).json["status"] == "DISABLED"


def test_o3_a_merged_units_teachers_follow(town, land, school):
    """Also those who have a secondary post there, and what was planned."""
    code, chief = school
    into, other = land.school()
    third, elsewhere = land.school()
    people = [town.person() for _ in range(5)]
    for person in people:
        expect(town.register(chief, person), 201)
    shared, coming = people[0], town.person()
    expect(town.register(elsewhere, coming), 201)
    seen = expect(town.look_up(other, shared), 200)
    expect(town.register(other, shared, etag=seen.etag, post="SECONDARY"), 200)
    seen = expect(town.look_up(chief, coming), 200)
    expect(town.register(chief, coming, etag=seen.etag,
                         effectiveOn=day(3)), 200)
    expect(close(town, town.platform, code, into=into, reason="整併"), 200)
    unit = shown(town, code)
    assert (unit["status"], unit["mergedInto"]) == ("MERGED_INTO", into)

    def there():
        listed = expect(other.client.get("/v1/teachers", query={
            "limit": 100}), 200).json["items"]
        return {row["id"] for row in listed} >= {p.teacher for p in people}
    wait_until(there, 30, "the teachers to follow")
    record = expect(other.client.get(f"/v1/teachers/{shared.teacher}"), 200).json
    assert [(p["organization"], p["kind"]) for p in record["posts"]
            if p["until"] is None] == [(into, "PRIMARY")]
    assert record["moves"][0]["cause"] == "MERGER"

    def redirected():
        moves = expect(town.platform.client.get("/v1/moves", query={
            "organization": into, "state": "planned"}), 200).json["items"]
        return coming.teacher in {move["personId"] for move in moves}
    wait_until(redirected, 30, "the plan to follow")
    answer = change(town, town.platform, code, status="ACTIVE")
    assert (answer.status, answer.code) == (409, "STATE_CHANGE_NOT_ALLOWED")
