"""The database knows the installation's keys: the first fingerprint of a
purpose and key id stays, and a gateway with another key finds that out (P1)."""
import concurrent.futures

import pytest
from test_budgets import ask

ONE, TWO = b"\1" * 32, b"\2" * 32


@pytest.fixture
def empty(runtime):
    line = runtime("gateway")
    line.execute("DELETE FROM key")
    yield line
    line.execute("DELETE FROM key")


def compare(line, *keys):
    """As a gateway does at its start: what differs, or None."""
    rows = [list(column) for column in zip(*keys)]
    ask(line, "key_save", *rows)
    other = ask(line, "key_other", *rows)
    return tuple(other[0]) if other else None


@pytest.mark.parametrize("keys, found", [
    ([("identity", 1, ONE), ("token", 1, TWO)], None),
    ([("identity", 1, TWO), ("token", 1, TWO)], ("identity", 1)),
    ([("identity", 1, ONE), ("token", 1, ONE)], ("token", 1)),
    ([("identity", 1, ONE)], ("token", 1)),              # one is missing
    ([("identity", 1, ONE), ("identity", 2, TWO), ("token", 1, TWO)], None),
])
def test_p01_a_key_that_differs_or_is_missing(empty, keys, found):
    assert compare(empty, ("identity", 1, ONE), ("token", 1, TWO)) is None
    assert compare(empty, *keys) == found


def test_p01_a_rotated_key_must_be_on_every_machine(empty):
    first = [("identity", 1, ONE), ("token", 1, TWO)]
    assert compare(empty, *first) is None
    assert compare(empty, *first, ("identity", 2, TWO)) is None
    assert compare(empty, *first) == ("identity", 2)


def test_p01_of_ten_fresh_gateways_with_keys_of_their_own_one_stays(
        empty, runtime):
    lines = [runtime("gateway") for _ in range(10)]
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        found = list(pool.map(
            lambda n: compare(lines[n], ("identity", 1, bytes([n]) * 32),
                              ("token", 1, bytes([n]) * 32)), range(10)))
    assert found.count(None) == 1, found
