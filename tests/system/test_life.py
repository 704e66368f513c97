"""The life of a business account over HTTP: another role, narrower
permissions, succession, the holder's own wish to be deleted, its history."""
from concurrent.futures import ThreadPoolExecutor

from play.system import wait_until
from play.town import expect

from test_accounts import kindergarten


def change(town, officer, person, etag=None, **body):
    path = f"/v1/business-accounts/{person.account}"
    etag = etag or officer.client.get(path).etag
    return officer.client.patch(path, body, match=etag)


def warnings(answer):
    return [warning["code"] for warning in answer.json.get("warnings", [])]


# --- another role, fewer permissions (B8, B9, B16, B21, B24) --------------------------------------
def test_b16_b24_t16_narrowing_is_felt_within_a_second(town, school):
    """The session lives on, with the rights that are left."""
    code, chief = school
    contact = town.officer(chief, code, "CONTACT")
    assert contact.client.get("/v1/teachers").status == 200
    expect(change(town, chief, contact,
                  permissions=["COURSE_ENTRY", "STATISTICS"]), 200)
    wait_until(lambda: contact.client.get("/v1/teachers").code ==
               "NOT_PERMITTED", 1, "the right to be gone")
    me = expect(contact.client.get("/v1/me"), 200).json
    assert me["permissions"] == ["COURSE_ENTRY", "STATISTICS"]
    shown = expect(town.account(chief, contact.account), 200).json
    assert (shown["role"], shown["permissions"]) == \
        ("CONTACT", ["COURSE_ENTRY", "STATISTICS"])
    wide = change(town, chief, contact,
                  permissions=["BUSINESS_ACCOUNT_MANAGEMENT"])
    assert (wide.status, wide.code) == (422, "WIDER_THAN_ROLE")
    assert wide.json["errors"][0]["pointer"] == "/permissions"


def test_b9_b20_b21_the_officers_who_may(town, land, school):
    code, chief = school
    contact = town.officer(chief, code, "CONTACT")
    assert change(town, chief, contact, role="CHIEF").code == "NOT_PERMITTED"
    assert change(town, chief, chief, role="CONTACT").code == "SELF_ACTION"
    assert change(town, land.centre, contact, role="OPERATOR").code == \
        "NOT_PERMITTED"
    expect(change(town, chief, contact, role="OPERATOR"), 200)
    expect(change(town, land.centre, contact, role="CHIEF"), 200)
    # The promotion gives the new CHIEF every right of the role.
    expect(contact.client.get("/v1/business-accounts"), 200)
    assert change(town, chief, contact, role="CONTACT").code == "NOT_PERMITTED"
    answer = change(town, land.centre, contact, role="CONTACT")
    assert (answer.status, warnings(answer)) == (200, [])


def test_b10_a_university_has_no_other_role(town, land):
    code = next(row[0] for row in land.rows if row[2] == "大專校院")
    operator = town.officer(town.platform, code, "OPERATOR")
    answer = change(town, town.platform, operator, role="CONTACT")
    assert (answer.status, answer.code) == (422, "ROLE_NOT_FOR_KIND")


def test_b16_a_change_names_something_and_a_version(town, school):
    code, chief = school
    operator = town.officer(chief, code, "OPERATOR")
    bare = change(town, chief, operator)
    assert (bare.code, bare.json["errors"][0]["pointer"]) == ("BAD_FORM",
                                                              "/role")
    assert change(town, chief, operator, '"7"', role="CONTACT").code == \
        "CHANGED"
    expect(town.act(chief, operator.account, "disable"), 200)
    assert change(town, chief, operator, role="CONTACT").code == "NOT_ACTIVE"


# --- always a CHIEF (B2, B22) ----------------------------------------------------------------------
def test_b22_the_last_chief_is_demoted_by_force_only(town, land, school):
    code, chief = school
    for body in ({"role": "CONTACT"},
                 {"permissions": ["TEACHER_ACCOUNT_MANAGEMENT"]}):
        answer = change(town, land.centre, chief, **body)
        assert (answer.status, answer.code) == (409, "LAST_CHIEF")
    answer = change(town, land.centre, chief, role="CONTACT", force=True,
                    reason="調離職務")
    assert (answer.status, warnings(answer)) == (200, ["UNIT_WITHOUT_CHIEF"])
    assert code in [task["organization"] for task in
                    town.tasks(land.centre, "SCHOOL_WITHOUT_CHIEF")]


def test_b22_a_kindergartens_last_chief_is_demoted_with_a_warning(town, land):
    code = kindergarten(land)
    chief = town.officer(land.centre, code, "CHIEF")
    answer = change(town, land.centre, chief, role="CONTACT")
    assert (answer.status, warnings(answer)) == (200, ["UNIT_WITHOUT_CHIEF"])
    assert code in [task["organization"] for task in
                    town.tasks(land.centre, "SCHOOL_WITHOUT_CHIEF")]


def test_b22_two_last_chiefs_demoted_at_once(town, land, school):
    code, chief = school
    both = [chief, town.officer(land.centre, code, "CHIEF")]
    tags = [town.account(land.centre, one.account).etag for one in both]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(
            lambda pair: change(town, land.centre, pair[0], pair[1],
                                role="OPERATOR"), zip(both, tags)))
    assert sorted(a.status for a in answers) == [200, 409]
    assert {a.code for a in answers} == {None, "LAST_CHIEF"}
