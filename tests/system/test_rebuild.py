"""`rebuild-views` beside the running services: the same content again,
requests are answered meanwhile, and no mail is sent."""
import threading
import uuid

import pytest
from play.system import wait_until
from play.town import expect

from harness import lane_of

COPIES = [f"gateway.{t}" for t in
          ("v_organization", "v_business_account", "v_teacher", "v_post",
           "v_move", "v_teacher_account", "v_course", "v_code_table")]
COPIES += ["teacher.organization_copy", "teacher.officer_copy"]
DONE = 1  # state of an operation
BEHIND = """
    SELECT (SELECT count(*) FROM teacher.teacher o
              LEFT JOIN gateway.v_teacher v USING (person_id)
             WHERE v.version IS DISTINCT FROM o.version)
         + (SELECT count(*) FROM account.business_account o
              LEFT JOIN gateway.v_business_account v USING (account_id)
              LEFT JOIN teacher.officer_copy c USING (account_id)
             WHERE (v.version, c.version)
                   IS DISTINCT FROM (o.version, o.version))"""


def dump(db):
    return {t: db.rows(f"SELECT row_to_json(t)::text FROM {t} t ORDER BY 1")
            for t in COPIES}


def settled(db):
    """Waits until the views have applied everything that was published
    (I7)."""
    wait_until(lambda: db.one(BEHIND) == 0, 15, "the views to follow")


def rebuild(service, *words, status=0):
    done = service.host("rebuild-views", *words)
    assert done[0] == status, done
    return done[1] + done[2]


@pytest.fixture(scope="module")
def life(town, land, kafka, contracts):
    """A teacher came, changed and left; an officer was locked out; a course
    runs."""
    code, chief = land.school()
    people = [town.person() for _ in range(4)]
    for person in people:
        expect(town.register(chief, person), 201)
    path = f"/v1/teachers/{people[0].teacher}"
    expect(chief.client.patch(path, {"email": "new@example.tw"},
                              match='"1"'), 200)
    expect(chief.client.post(f"/v1/teachers/{people[1].teacher}/leave",
                             {"reason": "RETIRED"}, match='"1"'), 200)
    helper = town.officer(chief, code, "OPERATOR")
    where = f"/v1/business-accounts/{helper.account}"
    version = expect(chief.client.get(where), 200).etag
    gone = expect(chief.client.post(f"{where}/disable", {}, match=version), 200)
    expect(chief.client.post(f"{where}/enable", {}, match=gone.etag), 200)
    course = contracts.make(
        "inservice.course.v1.CourseStateChanged", course_id="rebuilt-1",
        owner_account_id=chief.account, organization=code, title="研習",
        state=3, course_version=1)
    kafka.send("inservice.course.event.v1", lane_of(code), "rebuilt-1",
               course.SerializeToString(),
               "inservice.course.v1.CourseStateChanged")
    wait_until(lambda: expect(chief.client.get(
        f"/v1/business-accounts/{chief.account}/open-courses"),
        200).json["items"], 10, "the course")
    return code, chief, people


class Reader(threading.Thread):
    """Reads until it is stopped; keeps every answer except 200."""

    def __init__(self, client, *paths):
        super().__init__()
        self.client, self.paths = client, paths
        self.over, self.count, self.odd = threading.Event(), 0, []

    def run(self):
        while not self.over.is_set():
            for path in self.paths:
                answer = self.client.get(path)
                self.count += 1
                if answer.status != 200:
                    self.odd.append(repr(answer))

    def __enter__(self):
        self.start()
        wait_until(lambda: self.count > 0, 10, "the first answer")
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


def damage(db, code, person):
    db.change("UPDATE gateway.v_teacher SET name = '?', head = '{' "
              "WHERE person_id = %s", person.teacher)
    db.change("DELETE FROM gateway.v_post WHERE person_id = %s", person.teacher)
    db.change("INSERT INTO gateway.v_post SELECT gen_random_uuid(), 'ZZ', kind, "
              "title, stage, unit_note, subjects, since, source, name, folded "
              "FROM gateway.v_post LIMIT 1")
    db.change("UPDATE gateway.v_post SET item = '{', account_status = 3, "
              "account_id = gen_random_uuid() WHERE organization = %s", code)
    db.change("UPDATE gateway.v_course SET title = '?', version = 99")
    db.change("DELETE FROM gateway.v_code_table WHERE name = 'title'")
    db.change("INSERT INTO teacher.organization_copy (code, kind, status, "
              "managing_centre, parent_code, version) "
              "VALUES ('ZZ', 1, 1, '', '', 7)")
    db.change("UPDATE teacher.officer_copy SET role = 3, version = 99 "
              "WHERE organization = %s", code)


def test_same_content_while_people_read(system, db, town, land, life):
    code, chief, people = life
    settled(db)
    before, mails = dump(db), db.one("SELECT count(*) FROM gateway.mail")
    damage(db, code, people[2])
    assert dump(db) != before
    with Reader(type(chief.client)(system.url, chief.client.token),
                "/v1/me", f"/v1/teachers/{people[0].teacher}",
                "/v1/organizations?limit=5") as reader:
        said = rebuild(system["gateway"])
        assert " 0 of them unreadable" in said
        said = rebuild(system["teacher"], status=1)
        assert "1 rows of organization_copy are on no topic any more " \
            "(one is ZZ)" in said, said
        rebuild(system["teacher"], "drop-missing")
    assert reader.odd == []
    assert dump(db) == before
    assert db.one("SELECT count(*) FROM gateway.mail") == mails
    expect(chief.client.patch(f"/v1/teachers/{people[0].teacher}",
                              {"email": "after@example.tw"}, match='"2"'), 200)


def test_commands_go_on(system, db, town, life):
    """A command decided during a rebuild is shown afterwards, also after
    several rebuilds, and its operation has ended once with its result."""
    _, chief, _ = life
    answers = []

    def register():
        for _ in range(12):
            answers.append(town.register(chief, town.person()))

    worker = threading.Thread(target=register)
    worker.start()
    for _ in range(3):
        rebuild(system["gateway"])
        rebuild(system["teacher"])
    worker.join()
    assert {a.status for a in answers} <= {201, 202}, answers
    settled(db)
    ended = "SELECT state, version, decided_at FROM gateway.operation " \
            "WHERE operation_id = ANY(%s) ORDER BY operation_id"
    operations = [answer.json["operation"] for answer in answers]
    wait_until(lambda: [row[:2] for row in db.rows(ended, operations)] ==
               [(DONE, 1)] * len(answers), 10, "the ends of the operations")
    for operation in operations:  # a 202 has no subject yet
        done = expect(chief.client.get(f"/v1/operations/{operation}"), 200)
        expect(chief.client.get(f"/v1/teachers/{done.json['subject']}"), 200)
    before = db.rows(ended, operations)
    rebuild(system["gateway"])
    assert db.rows(ended, operations) == before


def test_sessions_outlive_it(system, land, town, life):
    """An officer who was locked out stays out, although only the view stores
    the floor."""
    code, chief, _ = life
    helper = town.officer(chief, code, "OPERATOR")
    where = f"/v1/business-accounts/{helper.account}"
    version = expect(chief.client.get(where), 200).etag
    gone = expect(chief.client.post(f"{where}/disable", {}, match=version), 200)
    expect(chief.client.post(f"{where}/enable", {}, match=gone.etag), 200)
    old = helper.client
    assert old.get("/v1/me").status == 401
    town.sign_in(helper)
    rebuild(system["gateway"])
    assert old.get("/v1/me").status == 401
    assert helper.client.get("/v1/me").status == 200
    assert chief.client.get("/v1/me").status == 200


def test_account_keeps_no_copies(system):
    assert "keeps no copies" in rebuild(system["account"])


def test_what_is_parked_is_passed_over(system, db, kafka, town, life):
    _, chief, people = life
    person = people[3].teacher
    expect(chief.client.patch(f"/v1/teachers/{person}",
                              {"email": "parked@example.tw"}, match='"1"'), 200)
    settled(db)
    last = [r for r in kafka.read("inservice.teacher.state.v1")
            if r.key == person][-1]
    db.change("INSERT INTO gateway.parked (lane, topic, position, key, type, "
              "id, source, sequence, incarnation, entity_version, at, reason) "
              "VALUES (%s, %s, %s, %s, '', '', '', 0, 0, 0, now(), 'test')",
              last.partition, last.topic, last.offset, person)
    view = "SELECT version FROM gateway.v_teacher WHERE person_id = %s"
    rebuild(system["gateway"])
    assert db.one(view, person) == 1
    db.change("DELETE FROM gateway.parked WHERE reason = 'test'")
    rebuild(system["gateway"])
    assert db.one(view, person) == 2


def test_what_no_view_can_apply_stops_it(system, db, kafka, contracts, errors):
    """A state without its fact, which no owner has published. The operator
    discards it, but it stays in the topic."""
    errors.plan("message_broken")
    key = str(uuid.uuid4())
    state = contracts.make("inservice.teacher.v1.TeacherState", person_id=key)
    kafka.send("inservice.teacher.state.v1", lane_of(key), key,
               state.SerializeToString(), "inservice.teacher.v1.TeacherState",
               ce_sequence="1", ce_incarnation="1", ce_entityversion="1")
    parked = "FROM gateway.parked WHERE key = %s"
    wait_until(lambda: db.one(f"SELECT count(*) {parked}", key) == 1, 10,
               "the state to be set aside")
    db.change(f"DELETE {parked}", key)
    before = dump(db)
    said = rebuild(system["gateway"], status=1)
    assert key in said and "nothing was changed" in said
    assert dump(db) == before
    assert "1 of them unreadable" in rebuild(system["gateway"], "skip-broken")
    assert dump(db) == before
