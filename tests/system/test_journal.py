"""verify-journal finds what an administrator changed in the journal."""
from contextlib import contextmanager

import pytest
from play.town import expect


def verify(system, name):
    status, out, _ = system[name].host("verify-journal")
    return status, out


@pytest.fixture
def rows(town, land, db):
    """(lane, sequence) of rows in the middle of a lane: one with an open value,
    one with a personal one."""
    _, chief = land.school()
    person = town.person()
    expect(town.register(chief, person), 201)
    for n in range(1, 5):  # rows of one lane: facts are open, states personal
        expect(chief.client.patch(f"/v1/teachers/{person.teacher}",
                                  {"email": f"v{n}@example.tw"},
                                  match=f'"{n}"'), 200)

    def one(condition):
        return db.rows(f"""
            SELECT j.lane, j.seq FROM teacher.journal j
              JOIN teacher.lane l ON l.lane = j.lane AND j.seq < l.seq
             WHERE j.seq > 1 AND {condition} ORDER BY j.at DESC LIMIT 1""")[0]
    return one("j.value IS NOT NULL"), one("j.digest IS NOT NULL")


@pytest.mark.parametrize("name", ["account", "teacher"])
def test_a_journal_is_whole(town, system, name, rows):
    status, out = verify(system, name)
    assert status == 0, out
    assert "rows 1 to " in out
    assert "are whole" in out


@contextmanager
def put_back(db, table, where):
    """The one row is as before when the block ends."""
    db.change(f"CREATE TABLE teacher.kept AS SELECT * FROM {table} {where}")
    try:
        yield
    finally:
        db.change(f"DELETE FROM {table} {where}")
        assert db.change(f"INSERT INTO {table} SELECT * FROM teacher.kept") == 1
        db.change("DROP TABLE teacher.kept")


CHANGES = {
    "value": ("UPDATE teacher.journal SET value = value || 'x'", 0, "its link"),
    "actor": ("UPDATE teacher.journal SET actor = gen_random_uuid()", 0, "its link"),
    "time": ("UPDATE teacher.journal SET at = at - interval '1 us'", 0, "its link"),
    "key": ("UPDATE teacher.journal SET key = 'x'", 0, "its link"),
    "removed": ("DELETE FROM teacher.journal", 0, "a row is missing before it"),
    "personal": ("UPDATE teacher.journal_personal SET value = value || 'x'", 1,
                 "its personal bytes"),
    "digest": ("UPDATE teacher.journal SET digest = sha256('x')", 1,
               "its personal bytes"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_changed_row_is_found(town, system, db, rows, kind):
    change, which, word = CHANGES[kind]
    lane, seq = rows[which]
    table = "teacher.journal_personal" if "personal SET" in change \
        else "teacher.journal"
    where = f"WHERE lane = {lane} AND seq = {seq}"
    with put_back(db, table, where):
        assert db.change(f"{change} {where}") == 1
        status, out = verify(system, "teacher")
    assert status == 1, out
    found = seq + 1 if kind == "removed" else seq
    assert f"lane {lane}, row {found}: {word}" in out
    assert verify(system, "teacher")[0] == 0


def test_bytes_that_were_deleted_leave_a_whole_journal(town, system, db, rows):
    """As when a person's data are erased: the digest stays."""
    lane, seq = rows[1]
    where = f"WHERE lane = {lane} AND seq = {seq}"
    with put_back(db, "teacher.journal_personal", where):
        assert db.change(f"DELETE FROM teacher.journal_personal {where}") == 1
        status, out = verify(system, "teacher")
    assert status == 0, out


def test_the_last_rows_cannot_be_cut_off(town, system, db, rows):
    lane = rows[0][0]
    seq = db.one("SELECT seq FROM teacher.lane WHERE lane = %s", lane)
    where = f"WHERE lane = {lane} AND seq = {seq}"
    with put_back(db, "teacher.journal", where):
        assert db.change(f"DELETE FROM teacher.journal {where}") == 1
        status, out = verify(system, "teacher")
    assert status == 1
    assert f"lane {lane}: its last row is {seq - 1}" in out
