"""unit_reach() of the read model against the cases of the rules' reach_of().
The first limits lists, the second limits single objects (B8-B10, O4).
"""
import pytest

PRIMARY, KINDERGARTEN, UNIVERSITY, CENTRE, PLATFORM = 1, 5, 6, 9, 10
NONE, OWN, AREA, ALL = 0, 1, 2, 3

# unit's code, kind, centre, parent; officer's unit, kind; reach
CASES = [
    ("100301", PRIMARY, "C1", "", "100301", PRIMARY, OWN),
    ("100302", PRIMARY, "C1", "", "100301", PRIMARY, NONE),
    ("100302", PRIMARY, "C1", "100301", "100301", PRIMARY, NONE),
    ("014X-02", KINDERGARTEN, "C1", "014X", "014X", KINDERGARTEN, OWN),
    ("014X", KINDERGARTEN, "C1", "", "014X-02", KINDERGARTEN, NONE),
    ("014Y", PRIMARY, "C1", "014X", "014X", KINDERGARTEN, NONE),
    ("100301", PRIMARY, "C1", "", "C1", CENTRE, AREA),
    ("100301", PRIMARY, "C2", "", "C1", CENTRE, NONE),
    ("C1", CENTRE, "", "", "C1", CENTRE, OWN),
    ("100301", PRIMARY, "C1", "", "C1", UNIVERSITY, NONE),
    ("U1", UNIVERSITY, "", "", "P1", PLATFORM, ALL),
    ("P1", PLATFORM, "", "", "P1", PLATFORM, OWN),
    ("100301", PRIMARY, "C1", "", "", 0, NONE),
]


@pytest.mark.parametrize("case", CASES)
def test_reach(runtime, case):
    connection = runtime("gateway")
    found = connection.execute(
        "SELECT unit_reach(%s, %s::smallint, %s, %s, %s, %s::smallint)",
        case[:6]).fetchone()[0]
    assert found == case[6]
