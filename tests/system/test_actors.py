"""An owner whose copy of the caller's account is late neither believes the
command nor loses it (T16)."""
import uuid

import pytest
from play.town import expect

EARLY = "ACTOR_NOT_KNOWN_YET"
LATE = "UPDATE teacher.officer_copy SET version = 0 WHERE account_id = %s"
IN_TIME = """UPDATE teacher.officer_copy AS c SET version = a.version
    FROM account.business_account AS a
    WHERE a.account_id = c.account_id AND c.version = 0"""


@pytest.fixture
def chief(land, db):
    yield land.school()[1]
    db.change(IN_TIME)


@pytest.fixture
def only_once(db):
    """The copies catch up with the first refusal, in the same transaction."""
    db.change(f"""
        CREATE FUNCTION teacher.catch_up() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER AS $$BEGIN {IN_TIME}; RETURN NULL; END$$""")
    db.change(f"""
        CREATE TRIGGER catch_up AFTER INSERT ON teacher.journal FOR EACH ROW
        WHEN (NEW.code = '{EARLY}') EXECUTE FUNCTION teacher.catch_up()""")
    yield
    db.change("DROP FUNCTION teacher.catch_up() CASCADE")


def early_refusals(db, person):
    return db.one("SELECT count(*) FROM teacher.journal WHERE actor = %s "
                  "AND code = %s", person.account, EARLY)


def test_s08_asked_again_under_the_same_key(town, db, chief):
    key, body = str(uuid.uuid4()), town.teacher_form(town.person())
    db.change(LATE, chief.account)
    for _ in range(2):
        answer = chief.client.post("/v1/teachers", body, key=key)
        assert (answer.status, answer.code) == (503, EARLY)
        assert answer.headers["retry-after"] == "1"
    db.change(IN_TIME)
    done = expect(chief.client.post("/v1/teachers", body, key=key), 201)
    again = expect(chief.client.post("/v1/teachers", body, key=key), 201)
    assert again.body == done.body
    assert db.one("SELECT count(*) FROM teacher.teacher WHERE person_id = %s",
                  done.json["subject"]) == 1


def test_s08_the_caller_does_not_see_a_short_delay(town, db, chief, only_once):
    teacher = town.person()
    db.change(LATE, chief.account)
    expect(town.register(chief, teacher), 201)
    assert early_refusals(db, chief) == 1
    db.change(LATE, chief.account)
    expect(chief.client.patch(f"/v1/teachers/{teacher.teacher}",
                              {"unitNote": "晚"}, match='"1"'), 200)
    assert early_refusals(db, chief) == 2


def test_s08_a_teacher_is_known_from_the_first_sign_in(town, chief):
    """The teacher service has a copy of teachers' accounts, too."""
    teacher = town.person()
    expect(town.register(chief, teacher), 201)
    expect(chief.client.post("/v1/teacher-accounts", {
        "teacher": teacher.teacher, "login": teacher.login}), 201)
    town.redeem(teacher)
    town.sign_in(teacher)
    path = f"/v1/teachers/{teacher.teacher}"
    expect(teacher.client.patch(path, {"email": "me@example.tw"}, match='"1"'),
           200)
