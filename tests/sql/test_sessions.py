"""A session begins only under the password that was verified. Statements of
the gateway, two connections, one lock."""
import threading
import time
import uuid

import psycopg
import pytest
from test_queries import OWN, prepare

INSERT = next(f for f in OWN["gateway"] if f.stem == "session_insert")


@pytest.fixture
def account(runtime):
    account = str(uuid.uuid4())
    runtime("gateway").execute(
        "INSERT INTO credential (account_id, hash, changed_at) "
        "VALUES (%s, 'old', now())", [account])
    return account


def begin(connection, account, password):
    """The number of sessions that began."""
    prepare(connection, INSERT)
    return psycopg.ClientCursor(connection).execute(
        'EXECUTE session_insert(%s, %s, 1, 2, now(), now(), %s)',
        [uuid.uuid4().bytes, account, password]).rowcount


def test_session_begins_under_the_password_that_counts(runtime, account):
    assert begin(runtime("gateway"), account, "old") == 1
    assert begin(runtime("gateway"), account, "other") == 0


def test_password_changed_while_it_was_verified(runtime, account):
    changing, late, watching = (runtime("gateway") for _ in range(3))
    began = []
    with changing.transaction():
        changing.execute("UPDATE credential SET hash = 'new' "
                         "WHERE account_id = %s", [account])
        thread = threading.Thread(
            target=lambda: began.append(begin(late, account, "old")))
        thread.start()
        deadline = time.monotonic() + 10
        while not watching.execute(
                "SELECT wait_event_type = 'Lock' FROM pg_stat_activity "
                "WHERE pid = %s", [late.info.backend_pid]).fetchone()[0]:
            assert time.monotonic() < deadline, "it does not wait"
        changing.execute("DELETE FROM session WHERE account_id = %s", [account])
    thread.join(10)
    assert began == [0]
