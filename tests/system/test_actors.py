"""An owner whose copy of the caller's account or of the teacher's record is late:
the command is neither believed nor lost (T15, T16)."""
import uuid

import pytest
from play.system import wait_until
from play.town import expect

EARLY = "ACTOR_NOT_KNOWN_YET"
LATE = "UPDATE teacher.officer_copy SET version = 0 WHERE account_id = %s"
IN_TIME = """UPDATE teacher.officer_copy AS c SET version = a.version
    FROM account.business_account AS a
    WHERE a.account_id = c.account_id AND c.version = 0"""


@pytest.fixture
def school(land, db):
    yield land.school()
    db.change(IN_TIME)


@pytest.fixture
def chief(school):
    return school[1]


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
    town.own_login(chief, teacher)
    path = f"/v1/teachers/{teacher.teacher}"
    expect(teacher.client.patch(path, {"email": "me@example.tw"}, match='"1"'),
           200)


def put_copy(db, teacher, incarnation, organizations):
    assert db.change("UPDATE account.affiliation SET incarnation = %s, "
                     "organizations = %s WHERE person_id = %s", incarnation,
                     organizations, teacher.teacher) == 1


def test_t15_a_late_record_is_asked_for_again(town, db, school):
    code, chief = school
    teacher, key = town.person(), str(uuid.uuid4())
    expect(town.register(chief, teacher), 201)
    form = {"teacher": teacher.teacher, "login": teacher.login}
    wait_until(lambda: db.rows("SELECT 1 FROM account.affiliation WHERE "
                               "person_id = %s AND version = 1",
                               teacher.teacher), 20, "the copy of the record")
    put_copy(db, teacher, 0, None)
    for _ in range(2):
        answer = chief.client.post("/v1/teacher-accounts", form, key=key)
        assert (answer.status, answer.code) == (503, "TEACHER_NOT_KNOWN_YET")
    assert db.one("SELECT count(*) FROM account.teacher_account WHERE person_id "
                  "= %s", teacher.teacher) == 0
    assert db.one("SELECT count(*) FROM account.journal WHERE actor = %s AND "
                  "code = 'TEACHER_NOT_KNOWN_YET'", chief.account) == 8
    put_copy(db, teacher, 1, code)
    done = expect(chief.client.post("/v1/teacher-accounts", form, key=key), 201)
    account = done.json["subject"]
    assert db.one("SELECT teacher_version FROM account.teacher_account WHERE "
                  "account_id = %s", account) == 1
