"""I10: planted ID numbers, passwords, tokens and codes are found in no log,
topic, error, metric or table where they do not belong."""
import base64

import pytest
from play.town import expect

TOPICS = [f"inservice.{s}.{k}.v1" for s in ("account", "teacher")
          for k in ("command", "outcome", "event", "state", "dlq")]


@pytest.fixture(scope="module")
def planted(town, land):
    """One officer's whole way through the system, with secrets that are easy
    to find."""
    code, chief = land.school()
    person = town.person()
    person.password = "planted-password-Zq7-never-to-be-seen"
    officer = town.officer(chief, code, "OPERATOR", person)
    teacher = town.person()
    expect(town.register(chief, teacher), 201)
    town.look_up(chief, teacher)
    town.look_up(chief, teacher, name="別人")
    town.register(chief, teacher)
    wrong = "planted-wrong-password-Xk9"
    town.try_sign_in(person.login, wrong)
    expect(officer.client.get("/v1/me"), 200)
    return {"password": person.password, "wrong password": wrong,
            "token": officer.client.token, "number": person.number,
            "teacher's number": teacher.number}


def forms(secret):
    """The secret in every encoding in which it may be stored."""
    raw = secret.encode()
    return (raw, base64.b64encode(raw).rstrip(b"="), raw.hex().encode(),
            raw.lower())


def holds(data, secret):
    return any(form in data for form in forms(secret))


def test_logs(planted, watch):
    for service in watch.services:
        data = service.log_file.read_bytes()
        assert data
        for name, secret in planted.items():
            assert not holds(data, secret), (service.name, name)


def test_topics(planted, kafka):
    records = kafka.read(*TOPICS)
    assert len(records) > 100
    for record in records:
        data = (record.raw or b"") + record.key.encode() + \
            repr(record.headers).encode()
        for name, secret in planted.items():
            assert not holds(data, secret), (record, name)


def test_metrics(planted, system):
    for service in system.services.values():
        status, text = service.get("/metrics")
        assert status == 200 and text
        for name, secret in planted.items():
            assert not holds(text.encode(), secret), (service.name, name)


def test_tables(planted, db):
    """Every text and binary column of every schema, in the form in which the
    database prints a row."""
    tables = db.rows("SELECT schemaname, tablename FROM pg_tables WHERE "
                     "schemaname IN ('account', 'teacher', 'gateway')")
    assert len(tables) > 20
    for schema, table in tables:
        for name, secret in planted.items():
            for form in (secret, secret.encode().hex()):
                found = db.one(
                    f'SELECT count(*) FROM "{schema}"."{table}" t '
                    "WHERE strpos(t::text, %s) > 0", form)
                assert found == 0, (schema, table, name)


def test_errors_do_not_repeat_what_was_typed(town, land):
    code, chief = land.school()
    person = town.person()
    answers = [
        town.register(chief, person, sex="NEITHER"),
        town.anybody.post("/v1/sessions", {"login": person.number}, key=None),
        town.anybody.post("/v1/sessions", {
            "login": "x", "password": person.password, "more": 1}, key=None),
        chief.client.get("/v1/teachers", query={"number": person.number})]
    for answer in answers:
        assert answer.status in (400, 401, 422), answer
        assert person.number not in answer.body.decode()
        assert person.password not in answer.body.decode()
