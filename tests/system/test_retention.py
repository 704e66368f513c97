"""Rows whose time is over are deleted, a minute after the start at the
latest."""
import datetime
import uuid

import pytest
from play.system import Service, wait_until

from harness import checked


def days_ago(days, minutes=0):
    return (datetime.datetime.now(datetime.timezone.utc)
            - datetime.timedelta(days=days, minutes=minutes))


def operation_id(at):
    """A UUID of version 7 made at that time."""
    return str(uuid.UUID(int=int(at.timestamp() * 1000) << 80
                         | 7 << 76 | 2 << 62 | uuid.uuid4().int >> 66))


def put_session(db, expires):
    token = uuid.uuid4().bytes
    db.change("INSERT INTO gateway.session (token_hash, account_id, "
              "account_kind, account_version, level, auth_time, seen_at, "
              "expires_at) VALUES (%s, %s, 2, 1, 2, %s, %s, %s)",
              token, str(uuid.uuid4()), expires, expires, expires)
    return token


def put_import(db, created):
    name = str(uuid.uuid4())
    db.change("INSERT INTO gateway.import (import_id, scope, idempotency_key, "
              "request_hash, kind, organization, state, report, created_at) "
              "VALUES (%s, %s, 'k', '', 1, 'X', 4, '', %s)",
              name, name, created)
    return name


def put_operation(db, at):
    name = operation_id(at)
    db.change("INSERT INTO gateway.operation (operation_id, scope, "
              "request_hash, command_id, service, lane, type, lane_key, "
              "command, subject, done_status, receipt, accepted_at, sent_at, "
              "state) VALUES (%s, %s, '', %s, 0, 0, 'X', 'x', 'bytes', '', "
              "200, false, %s, %s, 1)",
              name, name, str(uuid.uuid4()), at, at)
    return name


@pytest.fixture
def another(system, folder, watch):
    """A second gateway, not started yet. It deletes when it starts."""
    first = system["gateway"]
    service = Service("gateway", first.binary, {
        **first.env, **checked(), "INSERVICE_LISTEN_PORT": "0"},
        folder / "run" / "keeper")
    watch.add(service)
    yield service
    assert service.stop() == 0, service.tail(40)


def test_old_rows_go(db, another):
    over, good = put_session(db, days_ago(1)), put_session(db, days_ago(-1))
    old, young = put_import(db, days_ago(31)), put_import(db, days_ago(29))
    gone = put_operation(db, days_ago(31))
    emptied = put_operation(db, days_ago(30, -5))
    kept = put_operation(db, days_ago(6))
    another.start()
    another.wait_ready()

    def count(table, column, value):
        return db.one(f"SELECT count(*) FROM gateway.{table} "
                      f"WHERE {column} = %s", value)

    def bytes_of(name):
        return db.one("SELECT command FROM gateway.operation "
                      "WHERE operation_id = %s", name)

    for what, value in (("session.token_hash", over), ("import.import_id", old),
                        ("operation.operation_id", gone)):
        wait_until(lambda: count(*what.split("."), value) == 0, 20, what)
    wait_until(lambda: bytes_of(emptied) is None, 20, "the bytes to go")
    assert count("session", "token_hash", good) == 1
    assert count("import", "import_id", young) == 1
    assert bytes(bytes_of(kept)) == b"bytes"
    db.change("DELETE FROM gateway.session WHERE token_hash = %s", good)
    db.change("DELETE FROM gateway.import WHERE import_id = %s", young)
    for name in (emptied, kept):
        db.change("DELETE FROM gateway.operation WHERE operation_id = %s", name)
