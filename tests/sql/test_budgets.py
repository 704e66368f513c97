"""A budget is counted in the statement that takes from it: of any number of
parallel takers, no more than the limit get one."""
import concurrent.futures
import datetime
import uuid

import psycopg
import pytest
from test_queries import OWN, prepare

QUERY = {f.stem: f for f in OWN["gateway"]}
HOUR = 3_600_000_000
NOW = datetime.datetime(2026, 8, 1, tzinfo=datetime.timezone.utc)


def ask(connection, name, *values):
    """The rows of one of the gateway's statements."""
    if not connection.execute("SELECT FROM pg_prepared_statements WHERE name ="
                              " %s", [name]).rowcount:
        prepare(connection, QUERY[name])
    places = ", ".join(["%s"] * len(values))
    cursor = psycopg.ClientCursor(connection).execute(
        f"EXECUTE {name}({places})", values)
    return cursor.fetchall() if cursor.description else cursor.rowcount


def take(connection, names, limits, at=NOW, windows=None):
    """For each budget: whether it had something left."""
    return [row[0] for row in ask(connection, "budget_take", names, limits,
                                  windows or [HOUR] * len(names), at)]


@pytest.fixture
def line(runtime):
    return runtime("gateway")


@pytest.fixture
def name():
    return f"test/{uuid.uuid4()}"


def spread(runtime, count, work):
    """The results of ten connections that ask at the same time."""
    def many(n):
        line = runtime("gateway")
        return [work(line) for _ in range(n)]
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        parts = list(pool.map(many, [count // 10] * 10))
    return [answer for part in parts for answer in part]


def test_r11_fifty_at_once_never_pass_five(runtime, name):
    got = spread(runtime, 50, lambda line: take(line, [name], [5]))
    assert sorted(got) == [[False]] * 45 + [[True]] * 5


def test_r11_a_window_ends(line, name):
    later = NOW + datetime.timedelta(hours=1)
    assert [take(line, [name], [2]) for _ in range(3)] == \
        [[True], [True], [False]]
    just_before = later - datetime.timedelta(microseconds=1)
    assert take(line, [name], [2], just_before) == [False]
    assert take(line, [name], [2], later) == [True]
    # The new window begins then.
    assert line.execute("SELECT taken, ends_at FROM budget WHERE name = %s",
                        [name]).fetchone() == (
        1, later + datetime.timedelta(hours=1))


def test_r11_who_is_refused_takes_nothing_from_others(line, name):
    """An officer above their limit does not use up their unit's budget."""
    names = [name + "/officer", name + "/unit"]
    assert [take(line, names, [1, 9]) for _ in range(4)] == \
        [[True, True]] + [[False]] * 3
    assert line.execute("SELECT taken FROM budget WHERE name = %s",
                        [names[1]]).fetchone() == (1,)
    # The other way round: a refusal by a full unit costs the officer nothing.
    other = [name + "/other", names[1]]
    assert take(line, other, [5, 1]) == [True, False]
    assert line.execute("SELECT taken FROM budget WHERE name = %s",
                        [other[0]]).fetchone() == (0,)


def test_r11_all_or_none_at_once(runtime, name):
    names = [name + "/wide", name + "/tight"]
    got = spread(runtime, 50, lambda line: take(line, names, [40, 7]))
    assert sorted(got) == [[True, False]] * 43 + [[True, True]] * 7
    assert runtime("gateway").execute(
        "SELECT taken FROM budget WHERE name = ANY (%s) ORDER BY name",
        [names]).fetchall() == [(7,), (7,)]


def test_r11_the_refused_one_says_when(line, name):
    take(line, [name], [1])
    later = NOW + datetime.timedelta(minutes=20)
    rows = ask(line, "budget_take", [name], [1], [HOUR], later)
    assert rows == [(False, 1, NOW + datetime.timedelta(hours=1))]


def test_given_back(line, name):
    assert take(line, [name], [1]) == [True]
    assert ask(line, "budget_give_back", [name], NOW) == 1
    assert take(line, [name], [1]) == [True]
    assert take(line, [name], [1]) == [False]
    # Never below zero, and never in a window that has ended.
    for _ in range(3):
        ask(line, "budget_give_back", [name], NOW)
    assert line.execute("SELECT taken FROM budget WHERE name = %s",
                        [name]).fetchone() == (0,)


def test_budgets_that_are_over_are_deleted(line, name):
    take(line, [name], [1])
    ask(line, "budget_expire", NOW)
    assert line.execute("SELECT FROM budget WHERE name = %s", [name]).rowcount
    ask(line, "budget_expire", NOW + datetime.timedelta(hours=1, seconds=1))
    assert not line.execute("SELECT FROM budget WHERE name = %s",
                            [name]).rowcount


# --- a login's tries ----------------------------------------------------
@pytest.fixture
def login(line):
    """A login with a password; (name, account)."""
    account, name = str(uuid.uuid4()), "l" + uuid.uuid4().hex[:20]
    line.execute("INSERT INTO credential (account_id, hash, changed_at) "
                 "VALUES (%s, 'hash', now())", [account])
    line.execute(
        "INSERT INTO v_teacher_account (account_id, version, status, cause, "
        "closed_cause, login, organization, name, phone, email, source, "
        "identity_proven, session_floor) VALUES (%s, 1, 3, 0, 0, %s, '', '', "
        "'', '', 1, false, 0)", [account, name])
    return name, account


def attempt(line, login, network="192.0.2.0/24", at=NOW, here=5, everywhere=50):
    return len(ask(line, "credential_try", login, at,
                   at - datetime.timedelta(minutes=15), network, here,
                   everywhere))


def mails(line, account):
    return line.execute("SELECT count(*) FROM mail WHERE account_id = %s "
                        "AND purpose = 4", [account]).fetchone()[0]


def test_s07_a_network_locks_itself_out(line, login):
    assert [attempt(line, login[0]) for _ in range(7)] == [1] * 5 + [0] * 2
    assert attempt(line, login[0], "198.51.100.0/24") == 1
    assert attempt(line, login[0], at=NOW + datetime.timedelta(
        minutes=15)) == 1


def test_s07_all_networks_have_a_higher_bound(line, login):
    got = [attempt(line, login[0], f"10.0.{n // 2}.0/24") for n in range(54)]
    assert got == [1] * 50 + [0] * 4
    later = NOW + datetime.timedelta(minutes=15)
    assert attempt(line, login[0], "10.9.9.0/24", later) == 1


def test_s07_a_hundred_at_once_get_five(runtime, login):
    got = spread(runtime, 100, lambda line: attempt(line, login[0]))
    assert sum(got) == 5


def test_s07_the_holder_is_told_once_a_lock(line, login):
    name, account = login
    for _ in range(4):
        attempt(line, name)
    assert mails(line, account) == 0
    for _ in range(5):
        attempt(line, name)
    assert mails(line, account) == 1
    for n in range(10):  # ten networks, but three mails an hour
        at = NOW + datetime.timedelta(seconds=n + 1)
        for _ in range(5):
            attempt(line, name, f"10.1.{n}.0/24", at)
    assert mails(line, account) == 3


def test_s07_the_right_password_forgets_this_network(line, login):
    name, account = login
    for network in ("192.0.2.0/24", "198.51.100.0/24"):
        for _ in range(5):
            attempt(line, name, network)
    ask(line, "budget_clear", account, "192.0.2.0/24")
    ask(line, "credential_clear", account)
    assert attempt(line, name) == 1
    assert attempt(line, name, "198.51.100.0/24") == 0


def test_s07_an_unknown_login_takes_nothing(line):
    before = line.execute("SELECT count(*) FROM budget").fetchone()
    assert attempt(line, "nobody-" + uuid.uuid4().hex[:8]) == 0
    assert line.execute("SELECT count(*) FROM budget").fetchone() == before


# --- sessions ----------------------------------------------------------
def test_s10_sessions_of_an_account_have_a_bound(line, login):
    _, account = login
    for n in range(30):
        ask(line, "session_trim", account, 20)
        line.execute(
            "INSERT INTO session (token_hash, account_id, account_kind, "
            "account_version, level, auth_time, seen_at, expires_at) VALUES "
            "(%s, %s, 2, 1, 2, %s, %s, %s)",
            [uuid.uuid4().bytes, account, *[NOW + datetime.timedelta(
                minutes=n)] * 3])
    seen = line.execute("SELECT count(*), min(seen_at) FROM session WHERE "
                        "account_id = %s", [account]).fetchone()
    assert seen == (20, NOW + datetime.timedelta(minutes=10))


# --- numbers that were tried -------------------------------------------
def test_r20_typed_numbers_lapse(line):
    def put(state, days, person):
        mac = uuid.uuid4().bytes
        line.execute("INSERT INTO identity (number_mac, person_id, generation, "
                     "sealed, kind, state, proposed_at) VALUES (%s, %s, 1, "
                     "'', 1, %s, %s)",
                     [mac, person, state, NOW - datetime.timedelta(days=days)])
        return mac

    held = str(uuid.uuid4())
    line.execute(
        "INSERT INTO v_business_account SELECT (json_populate_record("
        "NULL::v_business_account, %s::json)).*", [
            '{"account_id": "%s", "version": 1, "organization": "", '
            '"person_id": "%s", "role": 1, "permissions": 0, "status": 3, '
            '"cause": 0, "closed_cause": 0, "login": "%s", "name": "", '
            '"folded": "", "phone": "", "email": "", "wanted_role": 1, '
            '"identity_proven": false, "teacher_version": 0, "settled": false,'
            ' "open_courses": 0, "session_floor": 0, "incarnation": 1}'
            % (uuid.uuid4(), held, uuid.uuid4().hex[:20])])
    kept = [put(1, 29, str(uuid.uuid4())), put(2, 400, str(uuid.uuid4())),
            put(1, 400, held)]
    gone = put(1, 31, str(uuid.uuid4()))
    ask(line, "identity_expire", NOW)
    left = {row[0] for row in line.execute(
        "SELECT number_mac FROM identity WHERE number_mac = ANY(%s)",
        [[*kept, gone]])}
    assert left == set(kept)
