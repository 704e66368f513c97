"""The ministry's list of organizations, from file to visible."""
import csv
import os
import time
from pathlib import Path

from play import county
from play.client import Client
from play.system import Failed, wait_until

from measure.place import ROUNDS
from measure.process import forget_peak, memory
from measure.result import Line, Part, sample

SCHOOLS = 10682
DIGITS = "0123456789ABCDEFGHJKLMNPQRSTUVWX"


def ministrys_rows():
    """The real list if it is there; otherwise schools that do not exist."""
    file = Path(os.environ.get("INSERVICE_SHARED", "")) / "data/organizations.csv"
    if not os.environ.get("INSERVICE_SHARED") or not file.exists():
        return [row[:5] for row in county.make_large(SCHOOLS, 1)[1:]]
    with open(file, encoding="utf-8-sig", newline="") as lines:
        return [tuple(row) for row in csv.reader(lines)][1:]


def stamp():
    """Four characters that no earlier round had."""
    number, text = time.time_ns() // 10**9, ""
    for _ in range(4):
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text


def with_new_codes(rows):
    """Codes that are not in the tables: every round adds all rows."""
    prefix = "Z" + stamp()
    return [(prefix + row[0][:11], *row[1:]) for row in rows]


def bring_in(platform, text):
    """Uploads a file, carries it out and waits for its end; the document."""
    checked = platform.post("/v1/imports", text, query={"kind": "ORGANIZATIONS"},
                            headers={"Content-Type": "text/csv; charset=utf-8"},
                            timeout=300)
    if checked.status != 201 or checked.json["state"] != "READY":
        raise Failed(f"the dry run says: {checked!r}")
    place = checked.headers["location"]
    committed = platform.post(f"{place}/commit", {"acceptWarnings": True},
                              match=checked.etag)
    if committed.status not in (200, 202):
        raise Failed(f"{committed!r}")

    def ended():
        answer = platform.get(place)
        return answer if answer.json["state"] in ("DONE", "LAPSED") else None
    done = wait_until(ended, 600, "the import to be carried out")
    if done.json["rows"]["REFUSED"]:
        raise Failed(f"the import ended so: {done!r}")
    return done.json


def import_rounds(place):
    rows = ministrys_rows()
    place.refresh_sessions()
    platform = Client(place.system.url, place.platform_token())
    gateway = place.system["gateway"]
    whole = [(*row, "", "") for row in rows]
    centres = [row for row in county.with_centres(whole) if row[2] == "區管中心"]
    bring_in(platform, county.text(centres))
    for _ in range(ROUNDS):
        fresh = with_new_codes(rows)
        text = county.text(fresh, county.COLUMNS[:5])
        place.note_peaks()
        forget_peak(gateway)
        before, began = memory(gateway), time.monotonic()
        bring_in(platform, text)
        took = time.monotonic() - began
        found = platform.get(f"/v1/organizations/{fresh[-1][0]}")
        if found.status != 200:
            raise Failed(f"imported and not visible: {found!r}")
        yield {"import": sample(len(rows) / took, seconds=took,
                                rows=len(rows)),
               "import_memory": sample(memory(gateway, "VmHWM") - before)}


IMPORT = Part(
    "import", "the ministry's list of organizations, file to visible", [
        Line("import", "import of 10,682 organizations", "rows/s",
             words="the ministry's whole list of {rows:,.0f} schools is checked, "
                   "carried out and visible {seconds:.1f} s after its upload"),
        Line("import_memory", "  the same, memory of the gateway above before",
             "MiB", goal=64, least=False,
             words="the whole list takes {value:.0f} MiB while it is carried "
                   "out"),
    ], import_rounds)
