"""The read model's row of a move follows its owner. The owner keeps the result
of carrying it out, and timers of one moment have an order."""
import json
import uuid
from datetime import datetime, timezone

import psycopg
import pytest
from test_queries import CHASSIS, OWN, prepare

VIEW = next(f for f in OWN["gateway"] if f.stem == "v_teacher_save")
SAVE = next(f for f in OWN["teacher"] if f.stem == "move_save")
DUE = next(f for f in CHASSIS if f.stem == "timer_due")

COLUMNS = ("from_organization", "to_organization", "cause", "post", "reason",
           "effective_on::text", "done_at IS NOT NULL", "undone_at IS NOT NULL")
PLANNED = dict(out="A", into="C", cause=1, post=1, reason=0,
               on="2026-08-08", done=None, undone=None)


def execute(connection, path, values):
    prepare(connection, path)
    marks = ", ".join(["%s"] * len(values))
    try:
        return psycopg.ClientCursor(connection).execute(
            f"EXECUTE {path.stem}({marks})", values)
    finally:
        connection.execute(f"DEALLOCATE {path.stem}")


def say(connection, person, version, moves):
    """The view's state of one teacher with these moves."""
    execute(connection, VIEW, [[value] for value in (
        person, version, 1, "某人", "某人", "某O", "", 0, 0, None, "{", "{", "",
        None, json.dumps(moves), None)])


def shown(connection, move_id):
    return connection.execute(
        f"SELECT {', '.join(COLUMNS)} FROM v_move WHERE move_id = %s",
        [move_id]).fetchone()


# Each was planned as A → C with a primary post; these are the results.
@pytest.mark.parametrize("change, expected", [
    ({"out": "", "done": "2026-08-08T00:00:00Z"},
     ("", "C", 1, 1, 0, "2026-08-08", True, False)),
    ({"out": "B", "done": "2026-08-08T00:00:00Z"},
     ("B", "C", 1, 1, 0, "2026-08-08", True, False)),
    ({"out": ""}, ("", "C", 1, 1, 0, "2026-08-08", False, False)),
    ({"post": 2, "done": "2026-08-08T00:00:00Z"},
     ("A", "C", 1, 2, 0, "2026-08-08", True, False)),
    ({"into": "D", "cause": 3, "done": "2026-08-08T00:00:00Z"},
     ("A", "D", 3, 1, 0, "2026-08-08", True, False)),
    ({"into": "", "cause": 4, "reason": 2, "undone": "2026-08-02T00:00:00Z"},
     ("A", "", 4, 1, 2, "2026-08-08", False, True)),
], ids=["from nowhere", "from another school", "still planned",
        "by another post", "of a merger", "undone"])
def test_r03_the_view_follows_a_move(runtime, change, expected):
    gateway, person, move = runtime("gateway"), uuid.uuid4(), str(uuid.uuid4())
    row = {**PLANNED, "id": move, "ordered": "2026-08-01T00:00:00Z"}
    say(gateway, person, 1, [row])
    assert shown(gateway, move) == ("A", "C", 1, 1, 0, "2026-08-08", False,
                                    False)
    say(gateway, person, 2, [{**row, **change}])
    assert shown(gateway, move) == expected


def test_r03_the_owner_keeps_the_kind_a_move_had(runtime):
    teacher, person, move = runtime("teacher"), uuid.uuid4(), uuid.uuid4()
    now = datetime.now(timezone.utc)
    teacher.execute("INSERT INTO teacher VALUES (%s, 'x', 1, '某人', 0, '', 1)",
                    [person])
    for kind, done, version in ((1, None, 0), (2, now, 2)):
        execute(teacher, SAVE, [[value] for value in (
            move, person, "A", "", 4, kind, 1, "2026-08-08", now, done, None,
            version, True)])
        assert teacher.execute("SELECT kind FROM move WHERE move_id = %s",
                               [move]).fetchone() == (kind,)


def test_r03_timers_of_one_moment_have_an_order(runtime):
    """Ordered by time, then by name; the order of writing does not matter."""
    teacher = runtime("teacher")
    moments = [datetime(2026, 8, day, tzinfo=timezone.utc) for day in (1, 2)]
    names = [f"move/{n:08d}-0000-7000-8000-000000000000" for n in range(6)]
    for n in (4, 1, 5, 0, 3, 2):
        teacher.execute(
            "INSERT INTO timer (lane, name, due_at, partition, type, lane_key,"
            " value, command_id) VALUES (7, %s, %s, 7, 't', 'k', '', %s)",
            [names[n], moments[n < 2], uuid.uuid4()])
    try:
        due = execute(teacher, DUE, [[7], moments[1]]).fetchall()
        assert [row[1] for row in due] == names[2:] + names[:2]
    finally:
        teacher.execute("DELETE FROM timer WHERE lane = 7")
