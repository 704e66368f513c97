"""Lists: pages, counts, search, filters; and what lists never show."""
import contextlib
import datetime

import pytest
from play.town import expect


def days_ago(count):
    """The day in Taiwan that many days ago."""
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    return (now.date() - datetime.timedelta(days=count)).isoformat()


def all_pages(client, path, **query):
    """Every item, page by page, and the sizes of the pages."""
    items, sizes = [], []
    while True:
        page = expect(client.get(path, query=query), 200).json
        items += page["items"]
        sizes.append(len(page["items"]))
        if page["next"] is None:
            return items, sizes
        query["cursor"] = page["next"]


def test_pages_give_every_organization_once(town, land):
    items, sizes = all_pages(town.anybody, "/v1/organizations", limit=7)
    codes = [i["code"] for i in items]
    assert len(codes) == len(set(codes))
    assert set(land.names) <= set(codes)
    assert set(sizes[:-1]) == {7}


def test_page_is_ten_by_default_and_links_the_next(town):
    answer = expect(town.anybody.get("/v1/organizations"), 200)
    assert len(answer.json["items"]) == 10
    link = answer.headers["link"]
    assert 'rel="next"' in link
    following = link[link.index("<") + 1:link.index(">")]
    assert expect(town.anybody.get(following), 200).json["items"]


@pytest.mark.parametrize("name", ["臺光國民", "台光國民", " 縣立台光國民小學"])
def test_search_folds(town, name):
    found = expect(town.anybody.get(
        "/v1/organizations", query={"name": name, "count": "true"}), 200).json
    assert [i["name"] for i in found["items"]] == ["縣立臺光國民小學"]
    assert found["count"] == 1


@pytest.mark.parametrize("county", ["宜蘭縣", "ILA", "ila", " 宜蘭 縣"])
def test_county_by_name_or_code(town, county):
    found = expect(town.anybody.get(
        "/v1/organizations", query={"county": county}), 200).json
    assert {i["county"] for i in found["items"]} == {"宜蘭縣"}


def test_names_repeat(town):
    found = expect(town.anybody.get(
        "/v1/organizations", query={"name": "青嵐國民小學"}), 200).json
    assert {i["code"] for i in found["items"]} == {"994601", "994640"}


@pytest.mark.parametrize("name", ["%", "_", "\\", "%青%", "'", "100%"])
def test_search_means_what_was_typed(town, name):
    found = expect(town.anybody.get(
        "/v1/organizations", query={"name": name}), 200).json
    assert found["items"] == []


def test_repeated_filters_are_or_different_ones_and(town):
    query = [("kind", "UNIVERSITY"), ("kind", "LEGAL_PERSON")]
    found = expect(town.anybody.get("/v1/organizations", query=query), 200)
    assert {i["code"] for i in found.json["items"]} == {"0099", "A00099"}
    query += [("name", "大學")]
    found = expect(town.anybody.get("/v1/organizations", query=query), 200)
    assert {i["code"] for i in found.json["items"]} == {"0099"}


@pytest.mark.parametrize("query", [
    {"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"limit": "-1"},
    {"limit": "99999999999999999999"}, {"cursor": "x"}, {"cursor": "A" * 60},
    {"count": "perhaps"}, {"kind": "SCHOOL"}, {"nosuch": "1"}])
def test_bad_query(town, query):
    answer = town.anybody.get("/v1/organizations", query=query)
    assert answer.status in (400, 414), answer
    assert answer.code in ("BAD_FORM", "URI_TOO_LONG")


def test_cursor_of_another_list_is_no_cursor(town, school):
    code, chief = school
    for _ in range(3):
        expect(town.register(chief, town.person()), 201)
    cursor = expect(chief.client.get("/v1/teachers", query={"limit": 1}),
                    200).json["next"]
    assert town.anybody.get("/v1/organizations",
                            query={"cursor": cursor}).status == 400
    changed = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    assert chief.client.get("/v1/teachers",
                            query={"cursor": changed}).status == 400


def test_teachers_pages_and_count_agree(town, school):
    code, chief = school
    people = [town.person() for _ in range(5)]
    for person in people:
        expect(town.register(chief, person), 201)
    items, _ = all_pages(chief.client, "/v1/teachers", limit=2)
    assert {i["id"] for i in items} == {p.teacher for p in people}
    name = people[0].name
    same = [p for p in people if name in p.name]
    found = expect(chief.client.get(
        "/v1/teachers", query={"name": name, "count": "true"}), 200).json
    assert found["counts"]["total"] == len(same) == len(found["items"])


ALL_STATUSES = ["ACTIVE", "DISABLED", "NOT_APPLIED"]


def test_a_unit_alone_is_listed_as_among_all(town, land, school):
    """The query for one unit and the query for all units give the same
    rows and counts."""
    code, chief = school
    for _ in range(5):
        expect(town.register(chief, town.person()), 201)
    for who in (chief, land.centre, town.platform):
        short, sizes = all_pages(who.client, "/v1/teachers",
                                 organization=code, limit=2)
        long, _ = all_pages(who.client, "/v1/teachers", organization=code,
                            limit=2, status=ALL_STATUSES)
        assert short == long and sizes == [2, 2, 1]
        short, long = (expect(who.client.get("/v1/teachers", query={
            "organization": code, "count": "true", **more}), 200).json["counts"]
            for more in ({}, {"status": ALL_STATUSES}))
        assert short == long and short["total"] == 5


def test_a_units_accounts_are_listed_as_with_filters(town, land, school):
    code, chief = school
    for _ in range(2):
        town.officer(chief, code, "OPERATOR")
    roles = ["CHIEF", "CONTACT", "OPERATOR"]
    for who in (chief, land.centre, town.platform):
        short, sizes = all_pages(who.client, "/v1/business-accounts",
                                 organization=code, limit=2)
        long, _ = all_pages(who.client, "/v1/business-accounts",
                            organization=code, limit=2, role=roles)
        assert short == long and sizes == [2, 1]
        counts = [expect(who.client.get("/v1/business-accounts", query={
            "organization": code, "count": "true", **more}), 200).json["count"]
            for more in ({}, {"role": roles})]
        assert counts == [3, 3]


@pytest.mark.parametrize("query", [
    {}, {"status": "NOT_APPLIED"}, {"titleSet": "ADMINISTRATIVE_STAFF"},
    {"name": "謝無威"}], ids=lambda q: "".join(q) or "all")
def test_the_country_is_listed_as_its_units_are(town, land, school, query):
    """Area, country, name and title set each have a query of their own."""
    code, chief = school
    sets = {row["code"]: row["members"] for row in expect(town.anybody.get(
        "/v1/code-tables/title_set"), 200).json["codes"]}
    for name in ("謝小威", "謝大威"):
        expect(town.register(chief, town.person(name=name),
                             title=sets["ADMINISTRATIVE_STAFF"][0]), 201)
    for who in (land.centre, town.platform):
        everywhere, _ = all_pages(who.client, "/v1/teachers", limit=50, **query)
        here, sizes = all_pages(who.client, "/v1/teachers", limit=1,
                                organization=code, **query)
        assert sizes == [1, 1]
        assert here == [i for i in everywhere if i["organization"] == code]
        page = expect(who.client.get("/v1/teachers", query={
            **query, "count": "true"}), 200).json
        assert page["posts"] == len(everywhere)
        assert page["counts"]["total"] == len({i["id"] for i in everywhere})


def test_lists_never_show_numbers(town, land, school):
    code, chief = school
    person = town.person()
    expect(town.register(chief, person), 201)
    for who in (chief, land.centre, town.platform):
        for path in ("/v1/teachers", "/v1/moves", "/v1/applications",
                     "/v1/business-accounts"):
            answer = expect(who.client.get(path, query={"limit": 200}), 200)
            assert person.number not in answer.body.decode()
            assert chief.number not in answer.body.decode()


def test_names_are_masked_outside_the_unit(town, land, school):
    code, chief = school
    person = town.person(name="謝小威")
    expect(town.register(chief, person), 201)
    shown = expect(land.centre.client.get(
        "/v1/teachers", query={"organization": code}), 200).json["items"]
    assert [(i["name"], i["masked"]) for i in shown] == [("謝O威", True)]
    shown = expect(chief.client.get("/v1/teachers"), 200).json["items"]
    assert [(i["name"], i["masked"]) for i in shown] == [("謝小威", False)]


def test_a_school_lists_its_own_only(town, land, school):
    """The row-level predicate: a school that names another unit sees nothing
    of it."""
    code, chief = school
    other, other_chief = land.school()
    expect(town.register(other_chief, town.person()), 201)
    for path in ("/v1/teachers", "/v1/business-accounts", "/v1/applications",
                 "/v1/moves"):
        items = expect(chief.client.get(
            path, query={"organization": other}), 200).json["items"]
        assert items == [], path


def test_kindergarten_reaches_its_branches(town, land):
    """OWN: the same code, for a kindergarten its branches too."""
    chief = town.officer(land.centre, "991K01", "CHIEF")
    branch = town.officer(land.centre, "991K01-01", "CHIEF")
    expect(town.register(branch, town.person()), 201)
    items = expect(chief.client.get("/v1/teachers"), 200).json["items"]
    assert {i["organization"] for i in items} == {"991K01-01"}


# --- teachers on a day -------------------------------------------------------------
def there(client, day, **query):
    items, _ = all_pages(client, "/v1/teachers", on=day, **query)
    return {i["id"]: i for i in items}


@contextlib.contextmanager
def as_if_come(db, people, code, day):
    """No teacher can be registered for a past day, so this changes the read
    model for a while."""
    def say(day):
        db.change("UPDATE gateway.v_move SET effective_on = %s WHERE "
                  "from_organization = '' AND person_id = ANY (%s::uuid[])",
                  day, people)
        db.change("UPDATE gateway.v_post SET since = %s WHERE organization = "
                  "%s AND person_id = ANY (%s::uuid[])", day, code, people)
    say(day)
    try:
        yield
    finally:
        say(days_ago(0))


def test_teachers_on_a_day(town, land, school, db):
    """A teacher who left is found on the days before, and at the next school
    afterwards."""
    code, chief = school
    other = land.school()[1]
    stays, left, moved = [town.person() for _ in range(3)]
    for person in (stays, left, moved):
        expect(town.register(chief, person), 201)
    expect(town.leave(chief, left, "RETIRED"), 200)
    seen = expect(town.look_up(other, moved), 200).etag
    expect(town.register(other, moved, etag=seen), 200)
    everybody = {p.teacher for p in (stays, left, moved)}
    with as_if_come(db, list(everybody), code, days_ago(20)):
        assert set(there(chief.client, days_ago(21))) == set()
        assert set(there(chief.client, days_ago(20))) == everybody
        assert set(there(chief.client, days_ago(1), limit=1)) == everybody
        assert set(there(chief.client, days_ago(0))) == {stays.teacher}
        assert set(there(other.client, days_ago(1))) == set()
        assert set(there(other.client, days_ago(0))) == {moved.teacher}
        name = there(chief.client, days_ago(1), name=left.name)
        assert name[left.teacher]["name"] == left.name
        counts = expect(chief.client.get("/v1/teachers", query={
            "on": days_ago(1), "count": "true"}), 200).json["counts"]
        assert counts["total"] == 3


@pytest.mark.parametrize("day", ["2026-02-30", "today", "", "20260801"])
def test_a_day_has_a_form(school, day):
    answer = school[1].client.get("/v1/teachers", query={"on": day})
    assert (answer.status, answer.code) == (400, "BAD_FORM")


@pytest.fixture(scope="module")
def staff(town, land):
    """A school with a teacher of each kind: {name of the filter: person}."""
    _, chief = land.school()
    rows = {name: expect(town.anybody.get(f"/v1/code-tables/{name}"),
                         200).json["codes"]
            for name in ("title", "stage", "subject", "title_set")}
    sets = {row["code"]: row["members"] for row in rows["title_set"]}
    office = sets["ADMINISTRATIVE_STAFF"][0]
    taught = next(row["code"] for row in rows["title"] if
                  row["code"] not in sets["ADMINISTRATIVE_STAFF"])
    stages = [row["code"] for row in rows["stage"]][:2]
    subjects = [row["code"] for row in rows["subject"]][:3]
    people = [town.person() for _ in range(3)]
    for person, title, stage, several in (
            (people[0], office, stages[0], subjects[:2]),
            (people[1], taught, stages[1], subjects[1:]),
            (people[2], taught, stages[0], [])):
        expect(town.register(chief, person, title=title, stage=stage,
                             subjects=several), 201)
    return chief, [p.teacher for p in people], stages, subjects


def filtered(staff, **query):
    """The numbers of those of the three that are listed; the count agrees."""
    chief, teachers, *_ = staff
    shown = expect(chief.client.get("/v1/teachers", query={
        **query, "count": "true"}), 200).json
    assert shown["counts"]["total"] == len(shown["items"])
    return sorted(teachers.index(item["id"]) for item in shown["items"])


def test_r18_filter_by_set_of_titles(staff):
    assert filtered(staff, titleSet="ADMINISTRATIVE_STAFF") == [0]
    assert filtered(staff) == [0, 1, 2]


def test_r18_filter_by_subject(staff):
    """One of several subjects is enough. Several values are alternatives."""
    _, _, _, subjects = staff
    assert [filtered(staff, subject=s) for s in subjects] == [[0], [0, 1], [1]]
    assert filtered(staff, subject=[subjects[0], subjects[2]]) == [0, 1]


def test_r18_filter_by_stage(staff):
    _, _, stages, _ = staff
    assert [filtered(staff, stage=s) for s in stages] == [[0, 2], [1]]
    assert filtered(staff, stage=stages) == [0, 1, 2]


def test_r18_filters_together(staff):
    """Different filters narrow each other. The list of a day agrees."""
    _, _, stages, subjects = staff
    assert filtered(staff, stage=stages[0], subject=subjects[1]) == [0]
    assert filtered(staff, stage=stages[1], subject=subjects[0]) == []
    assert filtered(staff, stage=stages[0], subject=subjects[1],
                    on=days_ago(0)) == [0]
    assert filtered(staff, stage=stages[0],
                    titleSet="ADMINISTRATIVE_STAFF") == [0]
