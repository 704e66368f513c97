"""The life of a business account over HTTP: another role, narrower
permissions, succession, the holder's own wish to be deleted, its history."""
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from play.system import wait_until
from play.town import expect

from test_accounts import course_says, kindergarten


def change(town, officer, person, etag=None, **body):
    path = f"/v1/business-accounts/{person.account}"
    etag = etag or officer.client.get(path).etag
    return officer.client.patch(path, body, match=etag)


def ask(person, verb, account=None):
    """The holder asks to be deleted, or takes it back."""
    path = f"/v1/business-accounts/{account or person.account}"
    return person.client.post(f"{path}/{verb}", {},
                              match=person.client.get(path).etag)


def history(officer, account):
    answer = expect(officer.client.get(
        f"/v1/business-accounts/{account}/history", query={"limit": 200}), 200)
    return answer.json["items"]


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


# --- the holder asks to be deleted (B13, B15), and what is traced (B17) ------------------------------
def test_b13_b15_b17_a_blocked_deletion_finishes_by_itself(
        town, land, school, kafka, contracts):
    code, chief = school
    operator = town.officer(chief, code, "OPERATOR")
    course = f"b13-{code}"

    def say(state, version):
        course_says(kafka, contracts, code, course, "CourseStateChanged",
                    course_id=course, owner_account_id=operator.account,
                    title="研習", state=state, course_version=version)

    def tasks():
        return [task["subject"] for task in
                town.tasks(chief, "DELETION_REQUESTED")]
    say(3, 1)
    path = f"/v1/business-accounts/{operator.account}"
    wait_until(lambda: operator.client.get(f"{path}/open-courses").json["items"],
               15, "the course to be shown")
    asked = expect(ask(operator, "request-deletion"), 200)
    assert [c["id"] for c in asked.json["openCourses"]] == [course]
    assert tasks() == [operator.account]
    expect(ask(operator, "withdraw-deletion"), 200)
    assert tasks() == []
    expect(ask(operator, "request-deletion"), 200)
    expect(town.act(chief, operator.account, "disable"), 200)
    assert tasks() == [operator.account]
    shown = expect(town.account(chief, operator.account), 200).json
    course_says(kafka, contracts, code, operator.account, "CourseOwnerSettled",
                account_id=operator.account,
                account_version=shown["version"], open_course_ids=[course])
    wait_until(lambda: town.account(chief, operator.account)
               .json["openCourses"] == 1, 15, "the settling")
    assert town.delete(chief, operator.account).code == "COURSES_OPEN"
    say(8, 2)  # the roster is confirmed
    wait_until(lambda: town.account(chief, operator.account)
               .json["status"] == "DELETED", 15, "the deletion by itself")
    assert tasks() == []
    assert [(item["event"], (item["actor"] or {}).get("id"))
            for item in history(chief, operator.account)] == [
        ("APPLIED", None), ("ENABLED", chief.account),
        ("DELETION_REQUESTED", operator.account),
        ("DELETION_WITHDRAWN", operator.account),
        ("DELETION_REQUESTED", operator.account),
        ("DISABLED", chief.account), ("DELETED", None)]
    # The person is free, and so is the login name (B13, B14).
    there, chief_there = land.school()
    town.officer(chief_there, there, "OPERATOR", operator)


def test_b13_only_the_holder_asks(town, land, school):
    code, chief = school
    operator = town.officer(chief, code, "OPERATOR")
    for officer in (chief, land.centre, town.platform):
        for verb in ("request-deletion", "withdraw-deletion"):
            path = f"/v1/business-accounts/{operator.account}"
            assert officer.client.post(
                f"{path}/{verb}", {}, match='"2"').code == "NOT_PERMITTED"
    # A last CHIEF who asks is still the last one (B22).
    expect(ask(chief, "request-deletion"), 200)
    assert town.act(land.centre, chief.account, "disable").code == "LAST_CHIEF"


def test_b13_t15_a_suspended_leaver_asks_as_a_teacher(town, school, kafka,
                                                      contracts):
    """The business account is locked; the teacher account is the same
    person's."""
    code, chief = school
    teacher = town.person()
    expect(town.register(chief, teacher), 201)
    officer = replace(teacher, login=f"o{teacher.login}", client=None,
                      marks={})
    town.own_login(chief, teacher)
    town.officer(chief, code, "OPERATOR", officer)
    expect(town.leave(chief, teacher), 200)
    path = f"/v1/business-accounts/{officer.account}"
    wait_until(lambda: chief.client.get(path).json["status"] == "DISABLED", 15,
               "the suspension")
    course_says(kafka, contracts, code, officer.account, "CourseOwnerSettled",
                account_id=officer.account,
                account_version=chief.client.get(path).json["version"])
    wait_until(lambda: chief.client.get(path).json["coursesSettled"], 15,
               "the settling")
    asked = ask(teacher, "request-deletion", officer.account)
    assert (asked.status, asked.json["openCourses"]) == (200, [])
    wait_until(lambda: chief.client.get(path).json["status"] == "DELETED", 15,
               "the deletion by itself")


def test_b17_the_history_and_its_readers(town, land, school):
    code, chief = school
    contact = town.officer(chief, code, "CONTACT")
    expect(change(town, chief, contact, permissions=["STATISTICS"]), 200)
    items = history(land.centre, contact.account)
    assert history(contact, contact.account) == items
    changed = items[-1]
    assert (changed["event"], changed["role"], changed["permissions"]) == \
        ("CHANGED", "CONTACT", ["STATISTICS"])
    assert changed["actor"] == {"id": chief.account, "name": chief.name,
                                "organization": code}
    assert [item["version"] for item in items] == [1, 2, 3]
    path = f"/v1/business-accounts/{contact.account}/history"
    first = expect(chief.client.get(path, query={"limit": 1}), 200).json
    second = expect(chief.client.get(
        path, query={"limit": 1, "cursor": first["next"]}), 200).json
    assert first["items"] + second["items"] == items[:2]
    operator = town.officer(chief, code, "OPERATOR")
    assert operator.client.get(path).code == "NOT_PERMITTED"
    _, chief_there = land.school()
    assert chief_there.client.get(path).status == 404


# --- a new CHIEF takes over (B2, B20-B22) -------------------------------------------------------------
def succeed(officer, code, successor, predecessor, etag='"1"', **body):
    return officer.client.post(
        f"/v1/organizations/{code}/succeed-chief",
        {"successor": successor.account, "predecessor": predecessor.account,
         "fate": "DISABLE", "number": successor.number, **body}, match=etag)


def applicant(town, code, chief):
    person = town.person()
    town.apply(person, code, "CHIEF", succeeds=chief.account)
    return person


def test_b2_b22_the_last_chief_is_succeeded(town, land, school):
    code, chief = school
    new = applicant(town, code, chief)
    other = town.officer(chief, code, "OPERATOR")
    assert succeed(land.centre, code, new, other).code == "NOT_A_CHIEF"
    assert succeed(chief, code, new, chief).code == "NOT_PERMITTED"
    assert succeed(town.platform, code, new, chief).code == "NOT_PERMITTED"
    assert succeed(land.centre, code, new, chief,
                   number=town.people.number()).code == "IDENTITY_NOT_CONFIRMED"
    assert succeed(land.centre, code, new, chief, number=None).code == \
        "IDENTITY_NOT_CONFIRMED"
    assert succeed(land.centre, code, new, chief, '"7"').code == "CHANGED"
    done = expect(succeed(land.centre, code, new, chief, reason="交接"), 200)
    assert done.json["subject"] == new.account
    wait_until(lambda: chief.client.get("/v1/me").status == 401, 1,
               "the old CHIEF's session to die")
    town.redeem(new)
    town.sign_in(new)
    assert town.account(new, chief.account).json["status"] == "DISABLED"
    assert code not in [task["organization"] for task in
                        town.tasks(land.centre, "SCHOOL_WITHOUT_CHIEF")]
    assert [item["event"] for item in history(new, new.account)] == \
        ["APPLIED", "ENABLED"]


def test_b22_the_predecessor_stays_as_a_contact(town, land, school):
    code, chief = school
    new = applicant(town, code, chief)
    expect(succeed(land.centre, code, new, chief, fate="CONTACT"), 200)
    me = expect(chief.client.get("/v1/me"), 200).json
    assert "BUSINESS_ACCOUNT_MANAGEMENT" not in me["permissions"]
    assert me["accounts"][0]["role"] == "CONTACT"
    # Succession against itself: the predecessor is no CHIEF any more.
    again = applicant(town, code, new)
    assert succeed(land.centre, code, again, chief).code == "NOT_A_CHIEF"


def test_b22_a_disarmed_chief_succeeds(town, land, school):
    """With all permissions of a CHIEF, not with those of before."""
    code, chief = school
    second = town.officer(land.centre, code, "CHIEF")
    path = f"/v1/business-accounts/{second.account}"
    expect(land.centre.client.patch(
        path, {"permissions": ["STATISTICS"]},
        match=town.account(land.centre, second.account).etag), 200)
    expect(town.act(land.centre, second.account, "disable"), 200)
    tag = town.account(land.centre, second.account).etag
    expect(succeed(land.centre, code, second, chief, tag, number=None), 200)
    assert code not in [task["organization"] for task in
                        town.tasks(land.centre, "SCHOOL_WITHOUT_CHIEF")]


def test_b22_succession_against_deletion(town, land, school):
    """Both at once: whatever comes first, the school has a CHIEF."""
    code, chief = school
    new = applicant(town, code, chief)
    tag = town.account(land.centre, chief.account).etag
    with ThreadPoolExecutor(2) as pool:
        succeeding = pool.submit(succeed, land.centre, code, new, chief)
        disabling = pool.submit(town.act, land.centre, chief.account,
                                "disable", tag)
    assert succeeding.result().status == 200
    assert disabling.result().code in ("LAST_CHIEF", "CHANGED", "NOT_ACTIVE")
    assert code not in [task["organization"] for task in
                        town.tasks(land.centre, "SCHOOL_WITHOUT_CHIEF")]


# --- a teacher's own account (T8, T10, T16) -----------------------------------------------------------
def act_on_teacher(officer, person, verb, **body):
    path = f"/v1/teacher-accounts/{person.account}"
    return officer.client.post(f"{path}/{verb}", body,
                               match=officer.client.get(path).etag or '"1"')


def test_t8_t10_t16_a_teacher_account_is_disabled_and_enabled(town, land,
                                                              school):
    code, chief = school
    contact = town.officer(chief, code, "CONTACT")
    operator = town.officer(chief, code, "OPERATOR")
    teacher = town.person()
    expect(town.register(chief, teacher), 201)
    town.own_login(chief, teacher)
    for officer in (operator, land.centre):
        for verb in ("disable", "enable"):
            assert act_on_teacher(officer, teacher, verb).code == \
                "NOT_PERMITTED"
    assert act_on_teacher(chief, teacher, "enable").code == "NOT_DISABLED"
    expect(act_on_teacher(contact, teacher, "disable", reason="留職停薪"), 200)
    wait_until(lambda: teacher.client.get("/v1/me").status == 401, 1,
               "the session to die")
    assert town.try_sign_in(teacher.login, teacher.password).code == \
        "SIGN_IN_FAILED"
    assert act_on_teacher(chief, teacher, "disable").code == "NOT_ACTIVE"
    listed = expect(chief.client.get("/v1/teachers", query={
        "status": "DISABLED", "organization": code}), 200).json["items"]
    assert [item["id"] for item in listed] == [teacher.teacher]
    expect(act_on_teacher(contact, teacher, "enable"), 200)
    town.sign_in(teacher)
    # The platform disables, and leaves the enabling to the school.
    expect(act_on_teacher(town.platform, teacher, "disable"), 200)
    assert act_on_teacher(town.platform, teacher, "enable").code == \
        "NOT_PERMITTED"
    assert act_on_teacher(land.school()[1], teacher, "enable").status == 404


def test_b20_no_officer_disables_their_own_teacher_account(town, school):
    code, chief = school
    contact = town.officer(chief, code, "CONTACT")
    expect(town.register(chief, contact), 201)
    made = expect(chief.client.post("/v1/teacher-accounts", {
        "teacher": contact.teacher, "login": f"t{contact.login}"}), 201)
    own = replace(contact, account=made.json["subject"])
    assert act_on_teacher(contact, own, "disable").code == "SELF_ACTION"
