"""When an operation has ended for a client: a state that answers its command
ends it where it is applied; an outcome that names a state does not end it before
the read model has that state."""
import datetime
import uuid

import pytest
from test_budgets import ask

NOW = datetime.datetime(2026, 8, 1, tzinfo=datetime.timezone.utc)
TOPIC = "inservice.teacher.state.v1"
ACCEPTED, DONE, REFUSED = range(3)
LANE = 3


@pytest.fixture
def line(runtime):
    connection = runtime("gateway")
    connection.execute("BEGIN")
    connection.execute("DELETE FROM lane_input WHERE topic = %s AND lane = %s",
                       [TOPIC, LANE])
    yield connection
    connection.execute("ROLLBACK")


def add(line):
    """An operation under way."""
    operation, command = str(uuid.uuid4()), str(uuid.uuid4())
    assert ask(line, "operation_insert", *([value] for value in (
        operation, f"test/{operation}", None, b"hash", command, 1, LANE, "T",
        "key", b"command", None, "subject", None, 200, False, NOW, NOW)))
    return operation, command


def end(line, operation, state, version, seq=0, code=None, outcome=None,
        incarnation=1):
    assert ask(line, "operation_outcome_save", [operation], [state], [code],
               [version], [seq], [outcome], [NOW], [incarnation]) == 1


def apply(line, seq, incarnation=1):
    """The read model has applied the lane's states up to here."""
    line.execute("INSERT INTO lane_input (topic, lane, next_offset, last_seq, "
                 "last_incarnation) VALUES (%s, %s, 0, %s, %s) "
                 "ON CONFLICT (topic, lane) DO UPDATE SET last_seq = "
                 "excluded.last_seq, last_incarnation = "
                 "excluded.last_incarnation", [TOPIC, LANE, seq, incarnation])


def ended(line, operation):
    return ask(line, "operation_ended", [operation])


def test_a_state_that_answers_ends_it_at_once(line):
    operation, command = add(line)
    assert ended(line, operation) == []
    end(line, operation, DONE, 7)
    assert [(str(row[0]), *row[1:]) for row in ended(line, operation)] == \
        [(command, DONE, None, 7, None)]


@pytest.mark.parametrize("before", [None, 39])
def test_an_outcome_waits_for_the_state_it_names(line, before):
    operation, _ = add(line)
    end(line, operation, DONE, 7, seq=40)
    if before is not None:
        apply(line, before)
        assert ended(line, operation) == []
        assert ask(line, "operation_read", operation)[0][12] is False
    apply(line, 40)
    assert len(ended(line, operation)) == 1
    assert ask(line, "operation_read", operation)[0][12] is True


def test_a_later_incarnation_is_after_every_state_of_an_earlier(line):
    """The owner went back to a backup: its sequence is lower now."""
    operation, _ = add(line)
    end(line, operation, DONE, 7, seq=40)
    apply(line, 39)
    assert ended(line, operation) == []
    apply(line, 12, incarnation=2)
    assert len(ended(line, operation)) == 1
    assert ask(line, "operation_read", operation)[0][12] is True


def test_a_state_of_the_former_incarnation_is_still_waited_for(line):
    """The restored owner repeats an outcome; the state it names is older."""
    operation, _ = add(line)
    end(line, operation, DONE, 7, seq=40, incarnation=2)
    apply(line, 39)
    assert ended(line, operation) == []
    apply(line, 40)
    assert len(ended(line, operation)) == 1


def test_a_refusal_ends_it_and_stays(line):
    operation, _ = add(line)
    end(line, operation, REFUSED, 4, code="LAST_CHIEF", outcome=b"details")
    assert ended(line, operation)[0][1:] == (REFUSED, "LAST_CHIEF", 4, b"details")
    assert ask(line, "operation_outcome_save", [operation], [DONE], [None], [9],
               [0], [None], [NOW], [1]) == 0
