"""Teachers confirm their record, then one officer reviews the school (T6)."""
from play.system import wait_until
from play.town import expect


def reviews(officer, code, **query):
    return officer.client.get(f"/v1/organizations/{code}/reviews", query=query)


def with_own_account(town, chief):
    """A teacher of the school who signs in themselves."""
    person = town.person()
    expect(town.register(chief, person), 201)
    town.own_login(chief, person)
    return person


def confirm(person, **fields):
    path = f"/v1/teachers/{person.teacher}"
    etag = expect(person.client.get(path), 200).etag
    return person.client.post(f"{path}/confirm", fields, match=etag)


def review(officer, code, position, **fields):
    return officer.client.post(f"/v1/organizations/{code}/reviews",
                               {"position": position, **fields})


def test_t6_first_teachers_then_an_officer(town, school):
    code, chief = school
    people = [with_own_account(town, chief) for _ in range(2)]
    before = expect(reviews(chief, code), 200).json
    assert before["roster"]["teachers"] == 2
    assert (before["roster"]["confirmed"], before["items"]) == (0, [])

    expect(confirm(people[0]), 200)
    shown = expect(people[0].client.get(
        f"/v1/teachers/{people[0].teacher}"), 200).json
    assert shown["confirmedSemester"] == before["semester"]
    after = expect(reviews(chief, code), 200).json["roster"]
    assert after["confirmed"] == 1
    assert after["position"] != before["roster"]["position"]

    late = review(chief, code, before["roster"]["position"])
    assert (late.status, late.code) == (409, "ROSTER_CHANGED")
    expect(review(chief, code, after["position"]), 201)
    items = wait_until(lambda: expect(reviews(chief, code), 200).json["items"],
                       10, "the review to be shown")
    assert [(i["semester"], i["reviewer"], i["teachers"]) for i in items] == \
        [(before["semester"], chief.name, 2)]


def test_t6_who_may(town, land, school):
    code, chief = school
    person = with_own_account(town, chief)
    contact = town.officer(chief, code, "CONTACT")
    operator = town.officer(chief, code, "OPERATOR")
    _, stranger = land.school()
    position = expect(reviews(contact, code), 200).json["roster"]["position"]
    for officer, reads, writes in ((contact, 200, 201), (operator, 403, 403),
                                   (stranger, 404, 404), (person, 404, 404),
                                   (land.centre, 200, 403),
                                   (town.platform, 200, 403)):
        assert reviews(officer, code).status == reads
        assert review(officer, code, position).status == writes
    etag = expect(chief.client.get(f"/v1/teachers/{person.teacher}"), 200).etag
    answer = chief.client.post(f"/v1/teachers/{person.teacher}/confirm", {},
                               match=etag)
    assert answer.status == 403


def test_t6_semesters_that_are_not_open(town, school):
    code, chief = school
    person = with_own_account(town, chief)
    position = expect(reviews(chief, code), 200).json["roster"]["position"]
    for answer in (confirm(person, semester="100-1"),
                   review(chief, code, position, semester="100-1")):
        assert (answer.status, answer.code) == (409, "SEMESTER_NOT_OPEN")
    assert reviews(chief, code, semester="114-3").status == 400
    expect(reviews(chief, code, semester="100-1"), 200)
    assert review(chief, code, -1).status == 400
    assert chief.client.post(f"/v1/organizations/{code}/reviews",
                             {}).status == 400
