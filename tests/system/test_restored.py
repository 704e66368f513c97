"""A service goes back to a backup. Its rows count again from an older version,
and every other service must apply its next changes (rule 11)."""
import pytest
from play.system import wait_until
from play.town import expect


@pytest.fixture
def put_back(system, db):
    """Stops the service, puts a row back, runs `restored`, starts it again."""
    def act(service, change, *values):
        assert system[service].stop() == 0
        assert db.change(change, *values) == 1
        status, out, err = system[service].host("restored")
        assert status == 0, out + err
        system[service].start()
        system[service].wait_ready()
    return act


def audited(system, service, key):
    """The periodic job finds the row that the topic has in another version,
    and publishes it again."""
    status, out, err = system[service].host("audit-state")
    assert status == 0, out + err
    assert f"{key}: topic has version" in out
    assert "republished" in out


def etag(client, path, value):
    wait_until(lambda: f'"{client.get(path).json.get("version")}"' == value,
               15, f"{path} at {value}")


def test_a_teacher(system, db, town, land, put_back):
    """The gateway's views, the affiliations of the account service, and the
    accounts that depend on them."""
    code, chief = land.school()
    person = town.officer(chief, code, "OPERATOR")
    expect(town.register(chief, person), 201)
    account = f"/v1/business-accounts/{person.account}"

    def suspended():
        return expect(chief.client.get(account),
                      200).json["status"] == "DISABLED"
    path = f"/v1/teachers/{person.teacher}"
    for n in range(1, 4):
        expect(chief.client.patch(path, {"email": f"v{n}@example.tw"},
                                  match=f'"{n}"'), 200)
    expect(chief.client.post(f"{path}/leave", {"reason": "RETIRED"},
                             match='"4"'), 200)
    wait_until(lambda: db.one(
        "SELECT version FROM account.affiliation WHERE person_id = %s",
        person.teacher) == 5, 10, "the leaving to be heard")
    wait_until(suspended, 10, "the account to be suspended")
    # As in the backup: the teacher is at the school, and the version is the
    # second.
    put_back("teacher", """
        WITH post AS (
            UPDATE teacher.post SET state = 1, until = NULL, closed_by = NULL,
                   reason = 0, closed_version = 0 WHERE person_id = %s),
        move AS (
            DELETE FROM teacher.move WHERE person_id = %s AND reason <> 0)
        UPDATE teacher.teacher SET version = 2, email = 'v1@example.tw'
         WHERE person_id = %s""",
             person.teacher, person.teacher, person.teacher)
    audited(system, "teacher", person.teacher)
    etag(chief.client, path, '"2"')
    assert chief.client.get(path).json["email"] == "v1@example.tw"
    moves = expect(chief.client.get("/v1/moves"), 200).json["items"]
    assert [m["cause"] for m in moves] == ["REGISTERED"], moves
    changed = expect(chief.client.patch(path, {"email": "next@example.tw"},
                                        match='"2"'), 200)
    assert changed.etag == '"3"'
    assert chief.client.get(path).json["email"] == "next@example.tw"
    # The facts from before the backup neither suspend the account nor keep it
    # ACTIVE.
    expect(town.act(chief, person.account, "enable"), 200)
    assert not suspended()
    expect(chief.client.post(f"{path}/leave", {"reason": "RETIRED"},
                             match='"3"'), 200)
    wait_until(lambda: db.one(
        "SELECT version FROM account.affiliation WHERE person_id = %s",
        person.teacher) == 4, 10, "the leaving to be heard again")
    wait_until(suspended, 10, "the account to be suspended again")


def test_an_officer(system, db, town, land, put_back):
    """The copy in the teacher service, and the sessions: the floor from before
    the backup must not lock the officer out forever."""
    code, chief = land.school()
    helper = town.officer(chief, code, "CONTACT")
    where = f"/v1/business-accounts/{helper.account}"
    for verb, version in (("disable", 2), ("enable", 3), ("disable", 4)):
        expect(town.act(chief, helper.account, verb, f'"{version}"'), 200)
    copy = "SELECT version, status FROM teacher.officer_copy " \
           "WHERE account_id = %s"
    wait_until(lambda: db.one(copy, helper.account) == (5, 4), 10, "the copy")
    put_back("account", """
        UPDATE account.business_account SET version = 2, status = 3, cause = 0,
               disabled_at = NULL, disabled_version = 0
         WHERE account_id = %s""", helper.account)
    audited(system, "account", helper.account)
    etag(chief.client, where, '"2"')
    wait_until(lambda: db.one(copy, helper.account) == (2, 3), 10, "the copy")
    town.sign_in(helper)
    assert helper.client.get("/v1/me").status == 200
    done = expect(town.act(chief, helper.account, "disable", '"2"'), 200)
    assert done.etag == '"3"'
    assert helper.client.get("/v1/me").status == 401
    wait_until(lambda: db.one(copy, helper.account) == (3, 4), 10, "the copy")
