"""Lists of organizations: dry run, cells, commit, and the ministry's own."""
import warnings

import pytest
from play import county
from play.system import wait_until
from play.town import expect

from harness import shared_list



def rows_of(town, checked, **query):
    return expect(town.platform.client.get(
        f"{checked.headers['location']}/rows",
        query={"limit": 200, **query}), 200).json["items"]


def test_wrong_cells_are_named(town, land):
    rows = [("I-0001", "甲國小", "國小", county.COUNTY, "公立", county.CENTRE, ""),
            ("I-0002", "乙國小", "補習班", county.COUNTY, "公立", county.CENTRE, ""),
            ("I-0003", "", "國小", county.COUNTY, "公立", county.CENTRE, ""),
            ("I-0004", "丁國小", "國小", "虛構縣", "公立", county.CENTRE, ""),
            ("I-0005", "戊國小", "國小", county.COUNTY, "公立", "C-none", ""),
            ("I-0001", "己國小", "國小", county.COUNTY, "公立", county.CENTRE, ""),
            ("X" * 17, "庚國小", "國小", county.COUNTY, "公立", county.CENTRE, "")]
    checked = town.import_dry_run(town.platform, county.text(rows))
    assert checked.json["state"] == "FAULTY"
    wrong = {(r["row"], e["column"])
             for r in rows_of(town, checked, state="FAULTY")
             for e in r["errors"]}
    first = min(r["row"] for r in rows_of(town, checked))
    assert {(first + 1, "kind"), (first + 2, "name"), (first + 3, "county"),
            (first + 4, "managingCentre"), (first + 6, "code")} <= wrong
    assert any(column == "code" and row in (first, first + 5)
               for row, column in wrong)
    refused = town.platform.client.post(
        f"{checked.headers['location']}/commit", match=checked.etag)
    assert (refused.status, refused.code) == (409, "NOT_READY")
    assert town.anybody.get("/v1/organizations/I-0001").status == 404


def test_commit_once(town, land):
    rows = [("I-1001", "子國小", "國小", county.COUNTY, "公立", county.CENTRE, ""),
            ("I-1002", "丑幼兒園", "幼兒園", county.COUNTY, "私立", county.CENTRE, ""),
            ("I-1002-1", "丑幼兒園分班", "幼兒園", county.COUNTY, "私立",
             county.CENTRE, "I-1002")]
    checked = town.import_dry_run(town.platform, county.text(rows))
    assert checked.json["state"] == "READY"
    stale = town.platform.client.post(
        f"{checked.headers['location']}/commit", match='"99"')
    assert (stale.status, stale.code) == (412, "CHANGED")
    assert stale.json["current"] == \
        town.platform.client.get(checked.headers["location"]).json
    done = town.import_commit(town.platform, checked).json
    assert (done["state"], done["rows"]["DONE"]) == ("DONE", 3)
    assert town.anybody.get("/v1/organizations/I-1002-1").json["parentCode"] \
        == "I-1002"
    # The same file again: everything is there, just so.
    again = town.import_dry_run(town.platform, county.text(rows)).json
    assert again["rows"]["SAME"] == 3 and again["rows"]["NEW"] == 0


def test_cp950_and_bom(town, land):
    rows = [("I-2001", "寅國小", "國小", county.COUNTY, "公立", county.CENTRE, "")]
    text = county.text(rows)
    for body in (text.encode("cp950"), b"\xef\xbb\xbf" + text.encode()):
        answer = expect(town.platform.client.post(
            "/v1/imports", body, query={"kind": "ORGANIZATIONS"},
            headers={"Content-Type": "text/csv"}), 201)
        assert answer.json["state"] == "READY", answer
        assert rows_of(town, answer)[0]["cells"]["name"] == "寅國小"


def test_import_is_the_platforms(town, land, school):
    for who in (land.centre, school[1]):
        answer = who.client.post(
            "/v1/imports", county.text([]), query={"kind": "ORGANIZATIONS"},
            headers={"Content-Type": "text/csv"})
        assert (answer.status, answer.code) == (403, "NOT_PERMITTED"), answer


def test_the_ministrys_list(town, land, db):
    """All 10,682 schools and kindergartens, each with its county's centre."""
    path = shared_list()
    if path is None:
        message = ("*** THE REAL LIST OF ORGANIZATIONS WAS NOT TESTED: "
                   "set INSERVICE_SHARED to the folder that has "
                   "data/organizations.csv")
        warnings.warn(message)
        pytest.skip(message)
    with open(path, encoding="utf-8-sig") as file:
        lines = file.read().splitlines()
    counties = sorted({line.split(",")[3] for line in lines[1:]})
    centres = [(f"C-{n:06d}", f"{name}教育局（處）", "區管中心", name, "公立", "", "")
               for n, name in enumerate(counties, 1) if name != county.COUNTY]
    town.import_rows(town.platform, centres)
    answer = expect(town.platform.client.post(
        "/v1/imports", "\n".join(lines), query={"kind": "ORGANIZATIONS"},
        headers={"Content-Type": "text/csv; charset=utf-8"}, timeout=120), 201)
    assert answer.json["state"] == "READY", answer
    done = town.import_commit(town.platform, answer, deadline=240).json
    assert done["rows"]["DONE"] + done["rows"]["SAME"] == len(lines) - 1, done
    assert done["rows"]["REFUSED"] == 0
    codes = {line.split(",")[0] for line in lines[1:]}
    for schema, table in (("account", "organization"),
                          ("gateway", "v_organization")):
        stored = {row[0] for row in db.rows(
            f"SELECT code FROM {schema}.{table}")}
        assert codes <= stored, (schema, len(codes - stored))
    wait_until(lambda: codes <= {row[0] for row in db.rows(
        "SELECT code FROM teacher.organization_copy")}, 60,
        "the teacher service's copy")


def faulty(db, import_id):
    """The database accepts no change of this import once it is under way."""
    db.change("CREATE FUNCTION gateway.no_turn() RETURNS trigger LANGUAGE "
              "plpgsql AS $$ BEGIN RAISE EXCEPTION 'no turn'; END $$")
    db.change("CREATE TRIGGER no_turn BEFORE UPDATE ON gateway.import FOR EACH "
              f"ROW WHEN (OLD.state = 3 AND OLD.import_id = '{import_id}') "
              "EXECUTE FUNCTION gateway.no_turn()")


def mended(db):
    db.change("DROP TRIGGER IF EXISTS no_turn ON gateway.import")
    db.change("DROP FUNCTION IF EXISTS gateway.no_turn()")


def test_a_faulty_import_holds_up_no_other(system, town, land, db, errors):
    errors.plan("import_turn_failed")
    bad, good = [town.import_dry_run(town.platform, county.text(
        [(f"I-{n}001", "寅國小", "國小", county.COUNTY, "公立", county.CENTRE,
          "")])) for n in (7, 8)]
    place = bad.headers["location"]
    faulty(db, place.rsplit("/", 1)[-1])
    try:
        expect(town.platform.client.post(f"{place}/commit", match=bad.etag,
                                         headers={"Prefer": "wait=0"}), 202)
        wait_until(lambda: any(e.get("event") == "import_turn_failed"
                               for e in system["gateway"].log()), 20,
                   "the turn to fail")
        done = town.import_commit(town.platform, good, deadline=20)
        assert done.json["state"] == "DONE"
        assert town.platform.client.get(place).json["state"] == "COMMITTING"
    finally:
        mended(db)
    wait_until(lambda: town.platform.client.get(place).json["state"] == "DONE",
               30, "the first import, now that it can be written")
    town.wait_organization("I-7001")
