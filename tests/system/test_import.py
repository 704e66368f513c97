"""Lists of organizations: dry run, cells, commit, and the ministry's own."""
import uuid
import warnings

import pytest
from play import county
from play.system import wait_until
from play.town import expect

from harness import lane_of, shared_list


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
    # The version in If-Match belongs to the key, too.
    key, path = str(uuid.uuid4()), checked.headers["location"] + "/commit"
    assert town.platform.client.post(path, key=key, match='"99"').code == \
        "CHANGED"
    # The same file again: all its rows are there and unchanged.
    again = town.import_dry_run(town.platform, county.text(rows)).json
    assert again["rows"]["SAME"] == 3 and again["rows"]["NEW"] == 0


def test_f06_commit_with_another_if_match(town, land):
    """The version in If-Match is part of the request that a key stands for."""
    checked = town.import_dry_run(town.platform, county.text(
        [("I-1501", "辰國小", "國小", county.COUNTY, "公立", county.CENTRE, "")]))
    key, path = str(uuid.uuid4()), checked.headers["location"] + "/commit"
    post = town.platform.client.post
    kept = expect(post(path, key=key, match=checked.etag), 200, 202)
    for other in ('"99"', '"98", "99"'):
        reused = post(path, key=key, match=other)
        assert (reused.status, reused.code) == \
            (422, "IDEMPOTENCY_KEY_REUSED"), reused
    again = post(path, key=key, match=checked.etag)
    assert again.status in (200, 202) and again.json["id"] == kept.json["id"]
    wait_until(lambda: town.platform.client.get(
        checked.headers["location"]).json["state"] == "DONE", 60, "the import")


def test_cp950_and_bom(town, land):
    rows = [("I-2001", "寅國小", "國小", county.COUNTY, "公立", county.CENTRE, "")]
    text = county.text(rows)
    for body, kind in ((text.encode("cp950"), "text/csv"),
                       (text.encode("cp950"), "application/vnd.ms-excel"),
                       (b"\xef\xbb\xbf" + text.encode(), "application/csv")):
        answer = expect(town.platform.client.post(
            "/v1/imports", body, query={"kind": "ORGANIZATIONS"},
            headers={"Content-Type": kind}), 201)
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
    # The list has names in which a character was lost; an officer accepts
    # them.
    lost = sum("?" in line for line in lines)
    assert answer.json["rows"]["warned"] == lost > 0
    done = town.import_commit(town.platform, answer, deadline=240,
                              accept=True).json
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
    """The database refuses every change of this import once it is under
    way."""
    db.change("CREATE FUNCTION gateway.no_turn() RETURNS trigger LANGUAGE "
              "plpgsql AS $$ BEGIN RAISE EXCEPTION 'no turn'; END $$")
    db.change("CREATE TRIGGER no_turn BEFORE UPDATE ON gateway.import FOR EACH "
              f"ROW WHEN (OLD.state = 3 AND OLD.import_id = '{import_id}') "
              "EXECUTE FUNCTION gateway.no_turn()")


def repaired(db):
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
        repaired(db)
    wait_until(lambda: town.platform.client.get(place).json["state"] == "DONE",
               30, "the first import, now that it can be written")
    town.wait_organization("I-7001")


# --- files as spreadsheets write them ------------------------------------------

HEADING = "code,name,kind,county\n"


def dry_run(town, body):
    return town.platform.client.post(
        "/v1/imports", body, query={"kind": "ORGANIZATIONS"},
        headers={"Content-Type": "text/csv"})


def test_f03_lost_characters_must_be_accepted(town, land):
    body = (HEADING + f"I-3001,縣立瓦?國民小學,國小,{county.COUNTY}\n"
            f"I-3002,縣立乙國民小學,國小,{county.COUNTY}\n").encode("cp950")
    checked = expect(dry_run(town, body), 201)
    assert (checked.json["state"], checked.json["rows"]["warned"]) == \
        ("READY", 1)
    assert [(w["column"], w["code"], w["first"], w["count"])
            for w in checked.json["warnings"]] == \
        [("name", "TEXT_PERHAPS_LOST", 2, 1)]
    assert "確認匯入時接受" in checked.json["warnings"][0]["detail"]
    assert [r["cells"]["code"] for r in rows_of(town, checked, warned="true")] \
        == ["I-3001"]
    assert [r["cells"]["code"] for r in rows_of(town, checked, warned="false")] \
        == ["I-3002"]
    commit = f"{checked.headers['location']}/commit"
    for body in (None, {}, {"acceptWarnings": False}):
        refused = town.platform.client.post(commit, body, match=checked.etag)
        assert (refused.status, refused.code) == \
            (409, "WARNINGS_NOT_ACCEPTED"), refused
    for body in ({"acceptWarnings": "yes"}, {"accept": True}, []):
        refused = town.platform.client.post(commit, body, match=checked.etag)
        assert (refused.status, refused.code) == (400, "BAD_FORM"), refused
    assert town.anybody.get("/v1/organizations/I-3002").status == 404
    done = town.import_commit(town.platform, checked, accept=True).json
    assert done["rows"]["DONE"] == 2
    # A name that is stored already needs no acceptance.
    again = expect(dry_run(town, HEADING +
                           f"I-3001,縣立瓦?國民小學,國小,{county.COUNTY}\n"), 201)
    assert (again.json["rows"]["SAME"], again.json["rows"]["warned"]) == (1, 0)


def test_f03_replaced_characters_are_faulty(town, land):
    for cell, column in (("縣立瓦\ufffd國小", "name"), ("\ufffd", "name")):
        checked = expect(dry_run(town, HEADING +
                                 f"I-3101,{cell},國小,{county.COUNTY}\n"), 201)
        assert checked.json["state"] == "FAULTY"
        assert [(c["column"], c["code"]) for c in checked.json["causes"]] == \
            [(column, "TEXT_LOST")]


def test_f09_zeros_lost(town, land):
    row = f"014998,縣立零國民小學,國小,{county.COUNTY}\n"
    town.import_commit(town.platform, expect(dry_run(town, HEADING + row), 201))
    town.wait_organization("014998")
    for code, fault in (("14998", "ZEROS_LOST"), ("1.23E+08", "CODE_IS_NUMBER"),
                        ("14998.0", "CODE_IS_NUMBER")):
        checked = expect(dry_run(town, HEADING + row.replace("014998", code)),
                         201)
        assert checked.json["state"] == "FAULTY", code
        assert [(c["column"], c["code"]) for c in checked.json["causes"]] == \
            [("code", fault)]
    checked = expect(dry_run(
        town, HEADING + f"14998,縣立他國民小學,國小,{county.COUNTY}\n"), 201)
    assert checked.json["rows"]["NEW"] == 1


def test_f10_codes_have_one_case(town, land, school, contracts, kafka):
    row = f"F10-a1,縣立甲國民小學,國小,{county.COUNTY}\n"
    checked = expect(dry_run(town, HEADING + row), 201)
    assert rows_of(town, checked)[0]["cells"]["code"] == "F10-A1"
    town.import_commit(town.platform, checked)
    town.wait_organization("F10-A1")
    for typed in ("f10-a1", "F10-a1", "%20f10-A1", "%EF%BC%A610-A1"):
        found = expect(town.anybody.get(f"/v1/organizations/{typed}"), 200)
        assert found.json["code"] == "F10-A1"
    for query in ({"code": "f10-a1"}, {"code": ["F10-a1", "f10-A1"]}):
        found = expect(town.anybody.get("/v1/organizations", query=query), 200)
        assert [i["code"] for i in found.json["items"]] == ["F10-A1"]
    found = expect(town.anybody.get("/v1/organizations", query={
        "centre": county.CENTRE.lower(), "code": "f10-a1"}), 200)
    assert len(found.json["items"]) == 1
    again = expect(dry_run(town, HEADING + row.lower()), 201).json
    assert again["rows"]["SAME"] == 1 and again["rows"]["NEW"] == 0
    twice = expect(dry_run(town, HEADING + row.replace("F10-a1", "F10-B1") +
                           row.replace("F10-a1", "f10-b1")), 201).json
    assert [c["code"] for c in twice["causes"]] == ["CODE_TWICE"]


def test_f10_forms_and_lists_take_any_case(town, land):
    """A kindergarten's code has letters; the officer types them in lower
    case."""
    code = "991K03"
    chief = town.officer(land.centre, code.lower(), "CHIEF")
    accounts = expect(chief.client.get("/v1/me"), 200).json["accounts"]
    assert {a["organization"] for a in accounts} == {code}
    person = town.person()
    expect(town.register(chief, person, organization=code.lower()), 201)
    for path in ("/v1/teachers", "/v1/business-accounts", "/v1/directory",
                 "/v1/moves", "/v1/applications"):
        for typed in (code, code.lower()):
            shown = expect(land.centre.client.get(
                path, query={"organization": typed}), 200).json["items"]
            wanted = expect(land.centre.client.get(
                path, query={"organization": code}), 200).json["items"]
            assert shown == wanted, path
            if path not in ("/v1/moves", "/v1/applications"):
                assert wanted, path
    etag = chief.client.get(f"/v1/teachers/{person.teacher}").etag
    expect(chief.client.patch(f"/v1/teachers/{person.teacher}",
                              {"unitNote": "x", "organization": code.lower()},
                              match=etag), 200)
    expect(town.leave(chief, person, organization=code.lower()), 200)


def test_f10_the_owner_refuses_another_case(system, contracts, kafka, town,
                                            land):
    """A raw command with the code in another case makes no second unit."""
    number = 10_000_000
    for code in ("f10-raw", "F10 RAW", "F10-RAW-TOO-LONG-1"):
        number += 1
        command = contracts.make(
            "inservice.account.v1.AddOrganization", code=code, name="x", kind=1,
            county=county.COUNTY, managing_centre=county.CENTRE)
        command.order.command_id = f"0190b7e2-4c00-8000-8000-{number:012}"
        command.order.at = 1
        command.order.actor.account_id = town.platform.account
        command.order.actor.organization = town.platform.organization
        kafka.send("inservice.account.command.v1", lane_of(code), code,
                   command.SerializeToString(),
                   "inservice.account.v1.AddOrganization",
                   command.order.command_id)
        outcome = kafka.find("inservice.account.outcome.v1", "Outcome",
                             command_id=command.order.command_id)
        assert outcome.message.refused.code == "BAD_FORM", outcome


def test_f11_what_users_have_drawn(town, land):
    """One private-use character makes neither the file nor the row fail."""
    name = "縣立".encode("cp950") + b"\xfa\x40\x8e\x40\x81\x40\xf9\xd6" + \
        "國小".encode("cp950")
    body = HEADING.encode() + b"I-3201," + name + \
        f",國小,{county.COUNTY}\n".encode("cp950")
    checked = expect(dry_run(town, body), 201)
    assert (checked.json["state"], checked.json["encoding"]) == \
        ("READY", "CP950")
    assert rows_of(town, checked)[0]["cells"]["name"] == \
        "縣立\ue000\ue311\ueeb8碁國小"
    town.import_commit(town.platform, checked)
    town.wait_organization("I-3201")
    broken = body.replace(b"I-3201", b"I-3202").replace(b"\xfa\x40", b"\xff")
    checked = expect(dry_run(town, broken), 201)
    assert [(c["column"], c["code"]) for c in checked.json["causes"]] == \
        [("name", "TEXT_LOST")]


def test_f19_the_ministrys_counties(town, land):
    rows = "".join(f"I-330{n},縣立甲國小,國小,{cell}\n" for n, cell in enumerate(
        (f"[02]{county.COUNTY}", f"［０２］{county.COUNTY}",
         f"[02] {county.COUNTY}")))
    checked = expect(dry_run(town, HEADING + rows), 201)
    assert checked.json["state"] == "READY", checked
    assert {r["cells"]["county"] for r in rows_of(town, checked)} == \
        {county.COUNTY}


def test_f20_files_of_other_programs(town, land):
    row = f"I-3401,縣立甲國小,國小,{county.COUNTY}\r\n"
    tabs = (HEADING + row).replace(",", "\t")
    bodies = [("\ufeff" + tabs).encode("utf-16-le"),
              ("\ufeff" + tabs).encode("utf-16-be"),
              ("sep=;\r\n" + (HEADING + row).replace(",", ";")).encode(),
              (HEADING + row).replace("\r\n", "\r").replace(
                  "\n", "\r").encode("cp950"),
              (HEADING + "代碼,名稱,類別,縣市\n" + row + ",,,\n , ,,\n").encode()]
    for body in bodies:
        checked = expect(dry_run(town, body), 201)
        assert (checked.json["state"], checked.json["rows"]["total"]) == \
            ("READY", 1), body
    for cell in (' "縣立甲國小"', '\u3000"縣立甲國小"', '"縣立甲國小" '):
        answer = dry_run(town, HEADING + row.replace("縣立甲國小", cell))
        assert (answer.status, answer.code) == (422, "FILE_UNREADABLE")
        assert answer.json["errors"][0]["code"] == "QUOTE_MISPLACED"
        assert answer.json["errors"][0]["pointer"] == "/rows/2"


def test_a_wrong_column_is_named_with_those_that_fit(town, land):
    for heading, code, named in (
            ("代碼,名稱,類別,縣市,校長姓名", "COLUMN_UNKNOWN", "校長姓名"),
            ("代碼,名稱,類別,縣市,學校代碼", "COLUMN_TWICE", "學校代碼"),
            ("代碼,名稱,類別", "COLUMN_MISSING", "縣市")):
        answer = dry_run(town, heading + "\r\nI-1,a,b,c,d\r\n")
        assert (answer.status, answer.code) == (422, "COLUMNS_WRONG")
        error, = answer.json["errors"]
        assert (error["code"], error["pointer"]) == (code, "/rows/1")
        assert f"：{named}。" in error["detail"], error
        assert "可用的欄位：代碼、名稱、類別、縣市、公私立、區管中心、本園代碼、" \
            "電話、電子郵件、地址、網址。" in error["detail"], error


def test_r15_what_is_said_of_files(town, land):
    for body, code in ((b"PK\x03\x04 a workbook", "SPREADSHEET_FILE"),
                       (b"a\x00b", "ENCODING_UNKNOWN")):
        answer = dry_run(town, body)
        assert (answer.status, answer.code) == (422, "FILE_UNREADABLE")
        assert answer.json["errors"][0]["code"] == code
        said = answer.json["detail"] + answer.json["errors"][0]["detail"]
        assert "CSV" in said
        assert not any(word in said for word in ("範本", "ODS", "XLSX"))
