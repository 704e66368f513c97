"""Compares the rules' tables (lib/rules, as tools/matrix and the gateway print
them) with the statement of authority.py, cell by cell. Needs no servers.
"""
import os
import subprocess

import pytest
from authority import (KEY, OWN_THINGS, ROUTES, STEP_UP, VERSION,
                       VERSION_IF_KNOWN, stated)

DEMANDS = {"step-up": STEP_UP, "if-match": VERSION, "idempotency-key": KEY,
           "if-match-if-known": VERSION_IF_KNOWN}


def lines_of(program, *arguments):
    none = {"INSERVICE_" + name: "none" for name in
            ("DATABASE_URL", "OWNER_DATABASE_URL", "KAFKA_BOOTSTRAP", "KEY_DIR")}
    run = subprocess.run([str(program), *arguments], check=True, text=True,
                         env={**os.environ, **none}, stdout=subprocess.PIPE)
    return [line.split("\t") for line in run.stdout.splitlines()]


def test_every_cell(programs):
    compared, differ = 0, []
    for cell in lines_of(programs / "matrix"):
        number, _, _, kind, caller, relation, subject, role, rules = cell
        said = stated(int(number), kind, caller, relation, subject, role)
        compared += said is not None
        if said not in (None, rules):
            differ.append(" ".join(cell) + f", the contracts: {said}")
    if differ:
        pytest.fail(f"{len(differ)} of {compared} cells differ:\n" +
                    "\n".join(differ[:40]), pytrace=False)
    assert compared > 4000


def test_every_route_is_stated(programs):
    numbers = {int(row[0]) for row in lines_of(programs / "matrix")}
    assert numbers == set(ROUTES) | OWN_THINGS


@pytest.mark.parametrize("demand", DEMANDS)
def test_what_a_route_asks_for(programs, demand):
    rows = lines_of(programs / "gateway", "routes")
    asked = {int(row[0]) for row in rows if demand in row[4].split(",")}
    assert asked == DEMANDS[demand]
