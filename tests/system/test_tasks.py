"""Tasks (route 70): each kind is shown to the officers who must act and to no
others, and ends with its reason (I3)."""
import contextlib
import uuid
from datetime import timedelta

import pytest
from play import county
from play.system import wait_until
from play.town import expect


def shown(town, person, kind, subject):
    return [t for t in town.tasks(person, kind) if t["subject"] == subject]


def until(town, person, kind, subject, wanted, deadline=15):
    """Waits until the officer sees the task (wanted) or no longer sees it."""
    wait_until(lambda: bool(shown(town, person, kind, subject)) == wanted,
               deadline, f"{kind} of {subject} to be {wanted}")


def kinds_of(town, person, subject):
    return {t["kind"] for t in town.tasks(person) if t["subject"] == subject}


@pytest.fixture
def office(town, school):
    """(code, CHIEF, CONTACT, OPERATOR) of a school."""
    code, chief = school
    return (code, chief, town.officer(chief, code, "CONTACT"),
            town.officer(chief, code, "OPERATOR"))


def test_r18_application_waiting(town, land, office):
    """An officer's application is the CHIEF's task, a CHIEF's is the centre's
    (B8, B9)."""
    code, chief, contact, operator = office
    officer, another_chief = town.person(), town.person()
    town.apply(officer, code, "OPERATOR")
    town.apply(another_chief, code, "CHIEF")
    until(town, chief, "APPLICATION_WAITING", officer.account, True)
    until(town, land.centre, "APPLICATION_WAITING", another_chief.account, True)
    task, = shown(town, chief, "APPLICATION_WAITING", officer.account)
    assert (task["organization"], task["organizationName"], task["wantedRole"],
            task["about"]) == (code, land.names[code], "OPERATOR", officer.name)
    assert task["since"]
    assert not shown(town, chief, "APPLICATION_WAITING", another_chief.account)
    assert not shown(town, land.centre, "APPLICATION_WAITING", officer.account)
    for person in (contact, operator, town.platform):
        assert not kinds_of(town, person, officer.account)
        assert not kinds_of(town, person, another_chief.account)
    town.enable(chief, officer, "OPERATOR")
    until(town, chief, "APPLICATION_WAITING", officer.account, False)


def test_r18_leaver_account(town, land, office):
    """T15: suspended with the leave; a task of the officers who finish B15."""
    code, chief, contact, _ = office
    person = town.officer(chief, code, "OPERATOR")
    expect(town.register(chief, person), 201)
    assert not shown(town, chief, "LEAVER_ACCOUNT", person.account)
    expect(town.leave(chief, person, "RETIRED"), 200)
    until(town, chief, "LEAVER_ACCOUNT", person.account, True)
    task, = shown(town, chief, "LEAVER_ACCOUNT", person.account)
    assert (task["organization"], task["role"], task["about"]) == (
        code, "OPERATOR", person.name)
    for other in (contact, land.centre, town.platform):
        assert not kinds_of(town, other, person.account)
    assert "NOT_ACTIVATED" not in kinds_of(town, chief, person.account)


def test_r18_not_activated_officer(town, land, office):
    code, chief, contact, _ = office
    person = town.person()
    town.apply(person, code, "OPERATOR")
    town.enable(chief, person, "OPERATOR")
    until(town, chief, "NOT_ACTIVATED", person.account, True)
    for other in (contact, land.centre, town.platform):
        assert not kinds_of(town, other, person.account)
    town.redeem(person)
    until(town, chief, "NOT_ACTIVATED", person.account, False)


def test_r18_not_activated_teacher(town, land, office):
    """R14: a task of the school's officers who manage teacher accounts."""
    code, chief, contact, operator = office
    person = town.person()
    expect(town.register(chief, person), 201)
    account = expect(chief.client.post(
        "/v1/teacher-accounts", {"teacher": person.teacher,
                                 "login": person.login}), 201).json["subject"]
    for manager in (chief, contact):
        until(town, manager, "NOT_ACTIVATED", account, True)
        task, = shown(town, manager, "NOT_ACTIVATED", account)
        assert (task["organization"], task["about"]) == (code, person.name)
    for other in (operator, land.centre, town.platform):
        assert not kinds_of(town, other, account)
    town.redeem(person)
    until(town, chief, "NOT_ACTIVATED", account, False)


def test_r18_moved_away(town, land, office):
    """A task of the school that lost the teacher, not of the one that pulled
    (T1)."""
    code, chief, contact, operator = office
    person = town.person()
    expect(town.register(chief, person), 201)
    other_code, puller = land.school()
    seen = expect(town.look_up(puller, person), 200)
    assert not town.tasks(chief, "MOVED_AWAY")
    expect(town.register(puller, person, etag=seen.etag), 200)
    for manager in (chief, contact):
        wait_until(lambda m=manager: town.tasks(m, "MOVED_AWAY"), 15, "the task")
        task, = town.tasks(manager, "MOVED_AWAY")
        assert (task["organization"], task["about"]) == (code, person.name)
        uuid.UUID(task["subject"])
        moves = expect(manager.client.get(
            "/v1/moves?direction=out"), 200).json["items"]
        assert task["subject"] in {m["id"] for m in moves}
    for other in (operator, puller, land.centre, town.platform):
        assert not town.tasks(other, "MOVED_AWAY")


@contextlib.contextmanager
def moved_since(db, move, age):
    """The read model has an older move for a while."""
    def put(done_at):
        assert db.change("UPDATE gateway.v_move SET done_at = %s "
                         "WHERE move_id = %s", done_at, move[0]) == 1
    put(move[1] - age)
    try:
        yield
    finally:
        put(move[1])


def test_r18_moved_away_ends_after_thirty_days(town, land, office, db):
    code, chief, *_ = office
    person = town.person()
    expect(town.register(chief, person), 201)
    _, puller = land.school()
    seen = expect(town.look_up(puller, person), 200)
    expect(town.register(puller, person, etag=seen.etag), 200)
    wait_until(lambda: town.tasks(chief, "MOVED_AWAY"), 15, "the task")
    before, = db.rows("SELECT move_id, done_at FROM gateway.v_move "
                      "WHERE from_organization = %s", code)
    with moved_since(db, before, timedelta(days=30, minutes=1)):
        assert not town.tasks(chief, "MOVED_AWAY")
    assert town.tasks(chief, "MOVED_AWAY")


BRANCHES = {  # code, kind, parent: whether the centre has the task
    "R7-KG": ("幼兒園", "", True),
    "R7-KG-01": ("幼兒園", "R7-KG", False),
    "R7-PS": ("國民小學", "", True),
    "R7-PS-01": ("幼兒園", "R7-PS", True),
}


def without_chief(town, person):
    return {t["organization"] for t in town.tasks(person)
            if t["kind"].endswith("_WITHOUT_CHIEF")}


def test_r07_branches_without_a_chief(town, land):
    """The CHIEF of a kindergarten reaches its branches. A school's CHIEF does
    not reach a kindergarten, so its branch needs its own CHIEF."""
    town.import_rows(town.platform, [
        (code, f"測試{code}", kind, county.COUNTY, "公立", county.CENTRE, parent)
        for code, (kind, parent, _) in BRANCHES.items()])
    wanted = {code for code, (_, _, task) in BRANCHES.items() if task}
    wait_until(lambda: without_chief(town, land.centre) & set(BRANCHES) ==
               wanted, 15, "the centre's tasks")
    chief = town.officer(land.centre, "R7-PS", "CHIEF")
    until(town, land.centre, "SCHOOL_WITHOUT_CHIEF", "R7-PS", False)
    assert shown(town, land.centre, "SCHOOL_WITHOUT_CHIEF", "R7-PS-01")
    assert not without_chief(town, chief)
    town.officer(land.centre, "R7-PS-01", "CHIEF")
    until(town, land.centre, "SCHOOL_WITHOUT_CHIEF", "R7-PS-01", False)


def test_r07_centre_without_a_chief(town):
    """The platform enables a centre's CHIEF, so it has the task."""
    town.import_rows(town.platform, [
        ("R7-C", "測試縣教育處", "區管中心", "連江縣", "公立", "", "")])
    until(town, town.platform, "CENTRE_WITHOUT_CHIEF", "R7-C", True)
    assert "0099" not in without_chief(town, town.platform)  # OPERATOR only
    town.officer(town.platform, "R7-C", "CHIEF")
    until(town, town.platform, "CENTRE_WITHOUT_CHIEF", "R7-C", False)


def test_every_documented_kind_is_one_of_the_view(town, db):
    """The filter takes the kinds of the view, and the document names them."""
    document = town.anybody.get("/openapi.json").json
    named = set(document["components"]["schemas"]["TaskKind"]["enum"])
    text = db.one("SELECT pg_get_viewdef('gateway.v_task'::regclass) || "
                  "pg_get_viewdef('gateway.v_task_leave'::regclass)")
    in_view = {kind for kind in named if f"'{kind}'" in text}
    assert in_view == named
    for kind in named:
        expect(town.platform.client.get("/v1/tasks", query={"kind": kind}), 200)
