"""Code tables: they can be read without a session, schools enter their codes,
and lists filter by them (T5, T8, T9, T14)."""
import datetime
import time

import pytest
from play.system import wait_until
from play.town import expect

from harness import lane_of

TABLES = {"title_class", "subject_group", "title", "stage", "subject",
          "title_set"}


def codes(client, table, **query):
    answer = expect(client.get(f"/v1/code-tables/{table}", query=query), 200)
    return {row["label"]: row for row in answer.json["codes"]}


def today(shift=0):
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    return (now.date() + datetime.timedelta(days=shift)).isoformat()


@pytest.fixture(scope="module")
def revise(system, contracts, kafka):
    """The system itself sends ReviseCodeTable; returns when the view has
    applied it."""
    def send(table, rows, seen):
        command = contracts.make("inservice.teacher.v1.ReviseCodeTable",
                                 table=table, rows=rows)
        command.order.command_id = f"0190b7e2-4c00-8000-8000-{send.n:012}"
        command.order.at = time.time_ns() // 1000
        send.n += 1
        kafka.send("inservice.teacher.command.v1", lane_of(table), table,
                   command.SerializeToString(),
                   "inservice.teacher.v1.ReviseCodeTable",
                   command.order.command_id)
        wait_until(seen, 20, f"the revised table {table}")
    send.n = 84_000_000
    return send


# --- routes 84 and 85 ---------------------------------------------------------

def test_p11_anybody_reads_the_tables(town):
    answer = expect(town.anybody.get("/v1/code-tables"), 200)
    items = {i["table"]: i for i in answer.json["items"]}
    assert TABLES <= set(items)
    assert items["title"]["label"] == "職稱"
    assert answer.json["on"] == today()
    for table in TABLES:
        read = expect(town.anybody.get(f"/v1/code-tables/{table}"), 200).json
        assert len(read["codes"]) == items[table]["codes"] > 0
        assert (read["table"], read["version"]) == \
            (table, items[table]["version"])


def test_r19_titles_have_class_and_sets(town):
    titles = codes(town.anybody, "title")
    teacher, nurse = titles["合格專任教師"], titles["護理師"]
    assert teacher == {
        "code": "QUALIFIED_TEACHER", "label": "合格專任教師",
        "labelEn": "Qualified full-time teacher", "group": "TEACHER",
        "validFrom": None, "validUntil": None,
        "titleSets": ["JOINT_SUPERVISION"], "members": []}
    assert (nurse["group"], nurse["titleSets"]) == \
        ("ADMINISTRATIVE_STAFF", ["ADMINISTRATIVE_STAFF"])
    sets = codes(town.anybody, "title_set")
    assert teacher["code"] in sets["統合視導"]["members"]
    assert sets["統合視導"]["titleSets"] == []
    classes = {row["code"] for row in codes(town.anybody,
                                            "title_class").values()}
    assert {row["group"] for row in titles.values()} == classes
    groups = {row["code"] for row in codes(town.anybody,
                                           "subject_group").values()}
    assert {row["group"] for row in codes(town.anybody,
                                          "subject").values()} == groups


@pytest.mark.parametrize("table", ["titles", "TITLE", "title%20", "title_set2",
                                   "%E8%81%B7%E7%A8%B1"])
def test_p11_unknown_tables_are_404(town, table):
    answer = town.anybody.get(f"/v1/code-tables/{table}")
    assert (answer.status, answer.code) == (404, "NOT_FOUND"), answer


@pytest.mark.parametrize("path", ["/v1/code-tables", "/v1/code-tables/title"])
@pytest.mark.parametrize("day", ["", "today", "2026-02-30", "114-08-01",
                                 "20260801", "2026-08-01T00:00:00"])
def test_p11_a_day_has_a_form(town, path, day):
    answer = town.anybody.get(path, query={"on": day})
    assert (answer.status, answer.code) == (400, "BAD_FORM"), answer


@pytest.mark.parametrize("path", ["/v1/code-tables", "/v1/code-tables/title",
                                  "/v1/code-tables/stage?on=2030-01-01"])
def test_p11_known_tables_are_304(town, path):
    first = expect(town.anybody.get(path), 200)
    for tag in (first.etag, f"W/{first.etag}", f'"x", {first.etag}', "*"):
        again = town.anybody.get(path, headers={"If-None-Match": tag})
        assert (again.status, again.body, again.etag) == \
            (304, b"", first.etag), tag
    other = town.anybody.get(path, headers={"If-None-Match": '"1"'})
    assert (other.status, other.body) == (200, first.body)


def test_p11_codes_are_valid_from_until(town, revise):
    """A code is shown on the days on which a school may enter it."""
    path = "/v1/code-tables/stage"
    before = expect(town.anybody.get(path), 200)
    rows = [{"code": "T84", "label": "明日起", "position": 91,
             "valid_from": today(1), "valid_until": today(3)},
            {"code": "T85", "label": "至昨日", "position": 90,
             "valid_until": today()}]
    revise("stage", rows, lambda: "明日起" in codes(town.anybody, "stage",
                                                  on=today(1)))
    shown = {shift: {label for label in codes(town.anybody, "stage",
                                              on=today(shift))
                     if label in ("明日起", "至昨日")}
             for shift in (-1, 0, 1, 2, 3)}
    assert shown == {-1: {"至昨日"}, 0: set(), 1: {"明日起"}, 2: {"明日起"},
                     3: set()}
    row = codes(town.anybody, "stage", on=today(1))["明日起"]
    assert (row["validFrom"], row["validUntil"]) == (today(1), today(3))
    # Another version has another tag, although today shows the same codes.
    now = expect(town.anybody.get(path), 200)
    assert now.json["codes"] == before.json["codes"]
    assert now.etag != before.etag
    # The order is that of the table, not of the codes.
    revise("stage", [{"code": "ZZZ", "label": "在前", "position": 0}],
           lambda: "在前" in codes(town.anybody, "stage"))
    assert list(codes(town.anybody, "stage"))[0] == "在前"


# --- schools enter codes ------------------------------------------------------

def test_p11_a_teacher_is_entered_with_codes_of_the_tables(town, school):
    _, chief = school
    title = codes(town.anybody, "title")["合格專任教師"]["code"]
    stage = codes(town.anybody, "stage")["國小"]["code"]
    subjects = [codes(town.anybody, "subject")[label]["code"]
                for label in ("國語文", "數學")]
    person = town.person()
    expect(town.register(chief, person, title=title, stage=stage,
                         subjects=subjects), 201)
    post = expect(chief.client.get(f"/v1/teachers/{person.teacher}"),
                  200).json["posts"][0]
    assert (post["title"], post["stage"], sorted(post["subjects"])) == \
        (title, stage, sorted(subjects))
    for wrong in ({"title": "合格專任教師"}, {"stage": "PRIMARY"},
                  {"title": stage}, {"subjects": [title]}):
        answer = town.register(chief, town.person(), **wrong)
        assert (answer.status, answer.code) == (422, "CODE_UNKNOWN"), answer


def test_r18_lists_filter_by_title_set_subject_and_stage(town, school):
    _, chief = school
    title = {label: row["code"] for label, row in
             codes(town.anybody, "title").items()}
    people = {}
    for label, stage, subjects in (
            ("合格專任教師", "40", ["CHINESE", "MATHEMATICS"]),
            ("代理教師(合格)", "40", ["ENGLISH"]),
            ("鐘點教師", "30", ["MATHEMATICS"]),
            ("護理師", "", [])):
        people[label] = town.person()
        form = {"title": title[label], "subjects": subjects}
        expect(town.register(chief, people[label], **form,
                             **({"stage": stage} if stage else {})), 201)

    def found(**query):
        answer = expect(chief.client.get("/v1/teachers", query={
            "count": "true", **query}), 200).json
        ids = {item["id"] for item in answer["items"]}
        assert answer["counts"]["total"] == len(ids)
        return {label for label, p in people.items() if p.teacher in ids}

    assert found() == set(people)
    assert found(titleSet="JOINT_SUPERVISION") == \
        {"合格專任教師", "代理教師(合格)"}
    assert found(titleSet="ADMINISTRATIVE_STAFF") == {"護理師"}
    assert found(titleSet=["ADMINISTRATIVE_STAFF", "JOINT_SUPERVISION"]) == \
        {"合格專任教師", "代理教師(合格)", "護理師"}
    assert found(subject="MATHEMATICS") == {"合格專任教師", "鐘點教師"}
    assert found(subject=["CHINESE", "ENGLISH"]) == \
        {"合格專任教師", "代理教師(合格)"}
    assert found(stage="40") == {"合格專任教師", "代理教師(合格)"}
    assert found(stage=["30", "40"]) == \
        {"合格專任教師", "代理教師(合格)", "鐘點教師"}
    assert found(titleSet="JOINT_SUPERVISION", subject="MATHEMATICS",
                 stage="40") == {"合格專任教師"}
    assert found(stage="50") == set()
    # The same for one day, by the other query.
    assert found(on=today(), titleSet="JOINT_SUPERVISION") == \
        {"合格專任教師", "代理教師(合格)"}
    assert found(on=today(), subject="ENGLISH") == {"代理教師(合格)"}
    assert found(on=today(), stage="30") == {"鐘點教師"}


def test_t8_staff_are_counted_by_their_set(town, school):
    _, chief = school
    titles = codes(town.anybody, "title")
    for label in ("合格專任教師", "護理師", "行政職員"):
        person = town.person()
        expect(town.register(chief, person, title=titles[label]["code"]), 201)
        expect(chief.client.post("/v1/teacher-accounts",
                                 {"teacher": person.teacher,
                                  "login": person.login}), 200, 201)
    counts = expect(chief.client.get("/v1/teachers", query={
        "count": "true"}), 200).json["counts"]
    assert (counts["total"], counts["teachers"],
            counts["administrativeStaff"]) == (3, 1, 2)


# --- the files ----------------------------------------------------------------

def found_again(town, system, folder):
    chief = town.platform
    return system["gateway"].host(
        "found-platform", "--code", "P-000000", "--name",
        "全國教師在職進修資訊網", "--holder", chief.name, "--email",
        chief.email, "--login", chief.login, "--phone", chief.phone,
        said=f"{chief.number}\n", INSERVICE_CODE_TABLES_DIR=str(folder))


def test_p11_a_clerks_own_files(town, system, tmp_path):
    """A file in the folder replaces the program's own table. A file with a
    fault is named with its row, and nothing is sent."""
    (tmp_path / "stage.csv").write_text(
        "code,label,label_en\n84,補校,Night school\n84,x,x\n",
        encoding="utf-8")
    status, _, err = found_again(town, system, tmp_path)
    assert status == 1 and f"{tmp_path}/stage.csv, row 3: code: comes twice" \
        in err, err
    (tmp_path / "stage.csv").write_bytes(
        "code,label,label_en\r\n84,補校,Night school\r\n".encode("cp950"))
    status, _, err = found_again(town, system, tmp_path)
    assert status == 1 and "the first CHIEF has a password" in err, err
    wait_until(lambda: "補校" in codes(town.anybody, "stage"), 20,
               "the clerk's row")
    assert "國小" in codes(town.anybody, "stage")
