"""A pull follows an audited look-up (T1). No route is an oracle for numbers
and names, none gives the version that a pull needs, and each try is
audited."""
import time
import uuid
from statistics import median

import pytest
from play.system import wait_until
from play.town import expect

from harness import Gateway, lane_of


@pytest.fixture(scope="module")
def known(town, land):
    """A teacher of one school, and the CHIEF of another who has not looked."""
    chief = land.school()[1]
    person = town.person()
    expect(town.register(chief, person), 201)
    return person, chief, land.school()[1]


def plain(answer):
    """The answer without the parts that belong to this one request."""
    body = {k: v for k, v in answer.json.items()
            if k not in ("traceId", "operation")}
    heads = {k.lower(): v for k, v in answer.headers.items()
             if k.lower() not in ("date", "traceparent", "content-length")}
    return answer.status, body, heads, sorted(answer.json)


def tries(db, officer):
    return db.rows("SELECT subject, result FROM gateway.audit WHERE actor = %s "
                   "AND what = 'TEACHER_ENTRY' ORDER BY audit_id",
                   officer.account)


# For each guess: If-Match, and whether the name fits.
GUESSES = [(None, True), (None, False), ('"1"', True), ('"1"', False),
           ('"999"', True), ('"999"', False), ('"0"', True),
           ('"1-0123456789abcdef"', True)]


def test_r02_every_guess_has_one_answer(town, known, db):
    person, _, guesser = known
    before, answers = len(tries(db, guesser)), []
    for match, fits in GUESSES:
        answers.append(town.register(
            guesser, person, match,
            **({} if fits else {"name": "別人"})))
    for stranger in (town.person(), town.person(name=person.name)):
        for match in ('"1"', '"999"'):
            answers.append(town.register(guesser, stranger, match))
    told = [plain(answer)[:3] for answer in answers]
    assert told == [told[0]] * len(told), told
    status, body, heads = told[0]
    assert (status, body["code"]) == (409, "TEACHER_ON_FILE")
    assert "currentVersion" not in body and "etag" not in heads
    made = tries(db, guesser)[before:]
    assert len(made) == len(answers)  # each is audited
    assert {subject for subject, _ in made[:2]} == {person.teacher}


def test_r02_tries_count_as_look_ups(town, land, known, db):
    person, guesser = known[0], land.school()[1]
    for match in (None, '"1"'):
        assert town.register(guesser, person, match).code == "TEACHER_ON_FILE"
    budget = "look_up/officer/" + guesser.account
    assert db.one("SELECT taken FROM gateway.budget WHERE name = %s",
                  budget) == 2
    db.change("UPDATE gateway.budget SET taken = 1000000 WHERE name = %s",
              budget)
    for who, match in ((person, None), (town.person(), None), (person, '"1"'),
                       (town.person(), '"1"')):
        answer = town.register(guesser, who, match)
        assert (answer.status, answer.code) == (429, "TOO_MANY_REQUESTS")
        assert int(answer.headers["retry-after"]) > 0
    assert [result for _, result in tries(db, guesser)] == \
        ["ON_FILE", "NOT_LOOKED_UP"] + ["TOO_MANY"] * 4


# For each: the fault beside the number.
SPOILED = [{"title": "NOPE"}, {"stage": "NOPE"}, {"subjects": ["NOPE"]},
           {"effectiveOn": "2019-01-01"}, {"title": "NOPE", "name": "別人"}, {}]


@pytest.mark.parametrize("of", ["OFFICER", "UNIT"])
def test_r02_a_spent_budget_is_no_oracle(town, land, known, db, other_gateway,
                                         of):
    """Nor does a refusal by the owner for another reason tell about the
    number."""
    person, guesser = known[0], land.school()[1]
    door = Gateway(other_gateway(**{f"LOOK_UPS_PER_{of}": 3}).url,
                   guesser.client.token)

    def enter(who, key=None, **more):
        return door.post("/v1/teachers", town.teacher_form(who, **more),
                         **({"key": key} if key else {}))

    key, new, stranger = str(uuid.uuid4()), town.person(), town.person()
    first = expect(enter(new, key), 201)
    assert enter(stranger, title="NOPE").code == "CODE_UNKNOWN"
    assert enter(person, title="NOPE").code == "CODE_UNKNOWN"
    # Each try was audited, and the budget is spent.
    assert [result for _, result in tries(db, guesser)] == \
        ["NEW", "NEW", "ON_FILE"]
    proposed = db.one("SELECT count(*) FROM gateway.identity")
    told = []
    for spoiled in SPOILED:
        for who in (person, town.person()):
            answer = enter(who, **spoiled)
            assert 3000 < int(answer.headers["retry-after"]) <= 3600
            status, body, heads, members = plain(answer)
            heads.pop("retry-after")
            told.append((status, body, heads, members))
    assert told == [told[0]] * len(told), told
    assert (told[0][0], told[0][1]["code"]) == (429, "TOO_MANY_REQUESTS")
    assert tries(db, guesser)[3:] == [("", "TOO_MANY")] * len(told)
    assert db.one("SELECT count(*) FROM gateway.identity") == proposed
    # A repetition gets its answer again and costs nothing.
    again = enter(new, key)
    assert (again.status, again.body) == (201, first.body)
    assert len(tries(db, guesser)) == 3 + len(told)


def test_r02_known_and_unknown_take_as_long(town, land, known):
    """With If-Match: a number on file, under two names, and an unknown
    number."""
    person, guesser = known[0], land.school()[1]
    stranger = town.person()
    asked = {"fits": (person, {}), "name": (person, {"name": "別人"}),
             "unknown": (stranger, {})}
    times = {what: [] for what in asked}
    for _ in range(25):
        for what, (who, more) in asked.items():
            start = time.monotonic()
            town.register(guesser, who, '"7"', **more)
            times[what].append(time.monotonic() - start)
    middle = {what: median(taken) for what, taken in times.items()}
    assert max(middle.values()) < 1.5 * min(middle.values()), middle


def test_r02_a_pull_needs_a_look_up_of_ones_own_unit(town, land, known, db):
    person, _, guesser = known
    code, other = land.school()
    colleague = town.officer(other, code, "CONTACT")
    seen = expect(town.look_up(other, person), 200)
    # The look-up must be of the officer's own unit.
    assert town.register(guesser, person, seen.etag).code == "TEACHER_ON_FILE"
    # Refused without the version, under another name, or with an old version.
    assert town.register(other, person).code == "TEACHER_ON_FILE"
    assert town.register(other, person, seen.etag,
                         name="別人").code == "TEACHER_ON_FILE"
    late = town.register(other, person, '"999"')
    assert (late.status, late.code, late.etag) == (412, "TEACHER_CHANGED", None)
    assert "currentVersion" not in late.json
    # A look-up of two days ago is too old.
    old = "UPDATE gateway.audit SET at = at - interval '%s day' WHERE what = " \
          "'TEACHER_LOOK_UP' AND actor = '%s'"
    assert db.change(old % (2, other.account)) == 1
    assert town.register(other, person, seen.etag).code == "TEACHER_ON_FILE"
    assert db.change(old % (-2, other.account)) == 1
    # A colleague may pull a teacher that the unit has looked up.
    expect(town.register(colleague, person, seen.etag, post="SECONDARY"), 200)


def test_r02_a_look_up_that_found_nothing_is_none(town, land, known):
    person, _, _ = known
    other = land.school()[1]
    assert town.look_up(other, person, name="別人").code == "NO_MATCH"
    assert town.register(other, person, '"1"').code == "TEACHER_ON_FILE"


def test_r02_a_pull_repeated_is_answered_as_before(town, land, school, db):
    """The same key again, when the look-up is too old by now."""
    person = town.person()
    expect(town.register(school[1], person), 201)
    puller = land.school()[1]
    seen = expect(town.look_up(puller, person), 200)
    key, form = str(uuid.uuid4()), town.teacher_form(person)
    first = expect(puller.client.post("/v1/teachers", form, key=key,
                                      match=seen.etag), 200)
    db.change("DELETE FROM gateway.audit WHERE actor = %s AND what = "
              "'TEACHER_LOOK_UP'", puller.account)
    again = puller.client.post("/v1/teachers", form, key=key, match=seen.etag)
    assert (again.status, again.body) == (200, first.body)


def test_r02_the_owner_asks_for_the_look_up(town, known, kafka, contracts, db):
    """A raw command of an officer with the right, but without the look-up."""
    person, _, guesser = known
    officer = db.rows(
        "SELECT account_id::text, version, person_id::text, role, permissions,"
        " organization FROM account.business_account WHERE account_id = %s",
        guesser.account)[0]
    actor = {"account_id": officer[0], "account_version": officer[1],
             "person_id": officer[2], "role": officer[3],
             "permissions": officer[4], "organization": officer[5], "kind": 1}
    look_up = {"audit_id": str(uuid.uuid4()), "organization": officer[5],
               "at": time.time_ns() // 1000}

    def sent(version, name, look_up):
        command = contracts.make(
            "inservice.teacher.v1.RegisterTeacher", person_id=person.teacher,
            number_sealed=b"x" * 51, number_kind=1, name=name, post=2,
            organization=officer[5], unit_kind=1, unit_status=1)
        command.order.command_id = str(uuid.uuid4())
        command.order.at = time.time_ns() // 1000
        command.order.expected_version = version
        command.order.actor.CopyFrom(
            contracts.make("inservice.common.v1.Actor", **actor))
        if look_up is not None:
            command.look_up.CopyFrom(
                contracts.make("inservice.teacher.v1.LookUp", **look_up))
        kafka.send("inservice.teacher.command.v1", lane_of(person.teacher),
                   person.teacher, command.SerializeToString(),
                   "inservice.teacher.v1.RegisterTeacher",
                   command.order.command_id)
        return wait_until(lambda: next(
            (r.message for r in kafka.read("inservice.teacher.outcome.v1")
             if r.key == command.order.command_id), None), 20, "the outcome")

    version = db.one("SELECT version FROM teacher.teacher WHERE person_id = %s",
                     person.teacher)
    for spoiled in ((version, person.name, None),
                    (version, "別人", look_up),
                    (version, person.name, {**look_up, "organization": "x"}),
                    (version, person.name, {**look_up, "at": 1}),
                    (version, person.name, {**look_up, "audit_id": ""})):
        refused = sent(*spoiled).refused
        assert (refused.code, refused.current_version) == \
            ("TEACHER_ON_FILE", 0), spoiled


def test_r02_moves_give_a_former_school_no_version(town, land, school):
    code, chief = school
    person = town.person()
    expect(town.register(chief, person), 201)

    def versions(officer):
        items = expect(officer.client.get("/v1/moves"), 200).json["items"]
        return {m["teacherVersion"] for m in items
                if m["personId"] == person.teacher}

    assert versions(chief) == {1}
    there, puller = land.school()
    seen = expect(town.look_up(puller, person), 200)
    expect(town.register(puller, person, seen.etag), 200)
    assert versions(chief) == {None} and versions(puller) == {2}
    assert versions(land.centre) == {2} == versions(town.platform)
    expect(town.leave(puller, person), 200)
    assert versions(puller) == {None} == versions(chief)
