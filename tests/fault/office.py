"""Work over HTTP: people of an office send requests to the gateway and compare
its answers.

A Request is one POST under one Idempotency-Key. Its first final answer stays
the answer forever, at every gateway and after every crash. A request without
an answer is sent again under the same key. Some classes of work reach the
gateway only through topics. They come from the Town, and their effect is
looked for in the read model.
"""
import contextlib
import http.client
import threading
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field

from play import county
from play.client import Answer, Client
from play.system import wait_until
from play.town import expect

from work import CHIEF, Work

FINAL = {200, 201, 409, 422}
LATER = "respond-async"
EVENT, MAIL_SENT = 2, 2


@dataclass(eq=False)
class Request:
    """One POST, its key, and the first answer that was final."""
    office: object
    path: str
    body: object
    match: str = None
    refusal: str = None       # the code that must come
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    operation: str = None     # as soon as an answer has named it
    answer: object = None
    lost: list = field(default_factory=list)  # why no answer came
    turned_away: int = 0      # connection refused, or 503

    def ask(self, prefer="wait=10", client=None):
        """Sends it once; True when the answer is final."""
        client, known = client or self.office.client(), self.answer
        try:
            answer = client.post(self.path, self.body, key=self.key,
                                 match=self.match, headers={"Prefer": prefer},
                                 timeout=30)
        except ConnectionRefusedError:
            self.turned_away += 1
            return False
        except (OSError, http.client.HTTPException) as error:
            self.lost.append(repr(error))
            return False
        return self.hear(answer, known)

    def hear(self, answer, known):
        """`known`: the final answer before this one was asked for, or None."""
        if answer.status == 503:  # nothing was promised
            self.turned_away += 1
            return False
        assert answer.status in FINAL | {202}, answer
        operation = answer.json["operation"]
        assert self.operation in (None, operation), (self.operation, answer)
        self.operation = operation
        if answer.status == 202:
            assert known is None, f"{known} was final, {answer}"
            return False
        assert answer.code == self.refusal, answer
        if self.answer is None:
            self.answer = answer
        assert gist(answer) == gist(self.answer), (self.answer, answer)
        return True

    def finish(self, deadline=60):
        """Sends it until it has a final answer, and once more."""
        wait_until(self.ask, deadline, f"an answer to {self.path} {self.key}: "
                   f"{self.operation}")
        assert self.ask(), f"{self.answer} was final and is no more"
        return self.answer


def gist(answer):
    """The parts that are the same each time: all except the trace."""
    return (answer.status, answer.etag, answer.headers.get("location"),
            {k: v for k, v in answer.json.items() if k != "traceId"})


@dataclass
class Commit:
    """An import to be carried out; the commit is sent again until it is
    done."""
    office: object
    place: str
    etag: str
    key: str = field(default_factory=lambda: str(uuid.uuid4()))

    def client(self):
        return self.office.client(self.office.people.platform)

    def ask(self):
        try:
            expect(self.client().post(
                f"{self.place}/commit", key=self.key, match=self.etag,
                headers={"Prefer": LATER}), 200, 202)
        except (OSError, http.client.HTTPException):
            pass  # is_done() finds out whether it was done

    def is_done(self, codes):
        state = self.client().get(self.place).json
        if state["state"] == "READY":
            self.ask()
        if state["state"] != "DONE":
            return False
        assert state["rows"]["DONE"] == len(codes), state
        return all(self.client().get(f"/v1/organizations/{code}").status == 200
                   for code in codes)


class Office:
    """The platform's CHIEF, a centre's CHIEF, and the CHIEF of a school, who
    sends most requests."""

    def __init__(self, fleet, town, people, ears, db):
        self.fleet, self.town, self.ears, self.db = fleet, town, ears, db
        self.url, self.signed_in_at = people.url, 0
        self.people = people
        self.here, self.codes = [], 0

    def found(self):
        rows = [row for row in county.small() if row[5] == county.CENTRE][:3]
        people = self.people
        # The gateway may first have to apply all facts of the tests before.
        wait_until(lambda: self.db.rows(
            "SELECT 1 FROM gateway.v_business_account WHERE account_id = %s",
            people.platform.account), 120, "the read model")
        people.redeem(people.platform)
        people.sign_in(people.platform)
        people.import_rows(people.platform, [county.centre(), *rows])
        self.centre = people.officer(people.platform, county.CENTRE, "CHIEF")
        self.chief = people.officer(self.centre, rows[0][0], "CHIEF")
        self.school, self.signed_in_at = rows[0][0], time.monotonic()
        self.here = [self.registered() for _ in range(4)]

    def fresh(self):
        """Signs in again, because a long run outlives a session and the time
        for step-up."""
        if time.monotonic() - self.signed_in_at > 600:
            for person in (self.people.platform, self.centre, self.chief):
                self.people.sign_in(person)
            self.signed_in_at = time.monotonic()

    def registered(self):
        person = self.people.person()
        expect(self.people.register(self.chief, person), 201)
        return person

    def client(self, person=None, url=None):
        """A client of the person (default: the school's CHIEF) at the office's
        present gateway."""
        person = person or self.chief
        return Client(url or self.url, person.client.token)

    @contextlib.contextmanager
    def at(self, url):
        """For a while requests go to another address."""
        before, self.url = self.url, url
        try:
            yield
        finally:
            self.url = before

    # --- requests -------------------------------------------------------------
    def to_register(self):
        form = self.people.teacher_form(self.people.person())
        return Request(self, "/v1/teachers", form)

    def to_be_refused(self):
        form = self.people.teacher_form(self.here[0])
        return Request(self, "/v1/teachers", form, refusal="ALREADY_HERE")

    def to_be_unknown(self):
        form = self.people.teacher_form(self.people.person(), title="NOBODY")
        return Request(self, "/v1/teachers", form, refusal="CODE_UNKNOWN")

    def some_requests(self, count):
        """Requests of every kind, in turn; some are sent by two people at
        once."""
        kinds = (self.to_register, self.to_be_refused, self.to_register,
                 self.to_be_unknown, self.to_register)
        requests = [kinds[n % len(kinds)]() for n in range(count)]
        return [r for n, r in enumerate(requests)
                for _ in range(2 if n % 6 == 0 else 1)]

    def held_to(self, requests):
        """Every answer still holds, can be read, and had its effect once."""
        requests = list(dict.fromkeys(requests))
        for request in requests:
            answer = request.finish()
            if request.refusal is not None:
                continue
            shown = self.client().get(
                f"/v1/teachers/{answer.json['subject']}")
            assert shown.etag == answer.etag, (answer, shown)
        subjects = [r.answer.json["subject"] for r in requests
                    if r.refusal is None]
        assert len(set(subjects)) == len(subjects)
        for key, count in self.db.rows(
                "SELECT key, count(*) FROM teacher.journal WHERE kind = %s "
                "AND key = ANY(%s) GROUP BY 1", EVENT, subjects):
            assert count == 1, f"{key} was entered {count} times"
        self.other_body_is_refused(requests[0])

    def other_body_is_refused(self, request):
        form = self.people.teacher_form(self.people.person())
        answer = self.client().post(request.path, form, key=request.key)
        assert (answer.status, answer.code) == (422, "IDEMPOTENCY_KEY_REUSED")

    # --- classes of work over HTTP ----------------------------------------------
    def command_done(self):
        return self.asked([self.to_register(), self.to_register()])

    def command_refused(self):
        return self.asked([self.to_be_refused()])

    def key_repeated(self):
        """Sent three times before an owner has decided."""
        request = self.to_register()
        return self.asked([request, request, request])

    def asked(self, requests):
        """Work of requests that were accepted (202) and not answered yet."""
        for request in requests:
            request.ask(LATER)
            assert request.operation is not None, request
        def effect():
            self.held_to(requests)
            return True
        return Work([], effect=effect, what=[r.key for r in requests])

    def import_row(self):
        """Three units in a file; each row is a command."""
        self.codes += 1
        codes = [f"I-{self.codes:04d}-{n}" for n in range(3)]
        rows = [(code, f"{code}國小", "國小", county.COUNTY, "公立",
                 county.CENTRE, "") for code in codes]
        checked = self.people.import_dry_run(self.people.platform,
                                             county.text(rows))
        commit = Commit(self, checked.headers["location"], checked.etag)
        commit.ask()
        return Work([], effect=lambda: commit.is_done(codes),
                    what=commit.place)

    # --- classes that reach the gateway through topics ----------------------------
    def shown(self, work, table, column, value):
        """The work; it is done when the read model shows it."""
        before = work.effect

        def effect():
            return (before is None or before()) and self.db.rows(
                f"SELECT 1 FROM gateway.{table} WHERE {column} = %s", value)
        work.effect = effect
        return work

    def organization(self):
        work = self.town.one_fact()
        return self.shown(work, "v_organization", "code", work.what)

    def business_account(self):
        work = self.town.claim()
        return self.shown(work, "v_business_account", "login", work.what)

    def teacher(self):
        work = self.town.teacher_one_fact()
        return self.shown(work, "v_teacher", "person_id", work.what)

    def teacher_account(self):
        work = self.town.timer()
        return self.shown(work, "v_teacher_account", "account_id", work.what)

    def code_table(self):
        code = "X" + uuid.uuid4().hex[:12].upper()
        row = self.town.contracts.make("inservice.teacher.v1.CodeRow",
                                       code=code, label="外加", position=99)
        sent = self.town.command("teacher", "subject", "ReviseCodeTable",
                                 {"actor": self.town.administrator},
                                 table="subject",
                                 rows=[row])

        def effect():
            return self.db.rows("SELECT 1 FROM gateway.v_code_table WHERE name "
                                "= 'subject' AND strpos(rows, %s) > 0", code)
        return Work([sent], effect=effect, what=code)

    def course(self):
        """Opened, and confirmed: two changes of one row."""
        course, owner = uuid.uuid4().hex, str(uuid.uuid4())
        self.town.say_course(course, owner, 1)
        self.town.say_course(course, owner, 2, state=8)

        def effect():
            return self.db.rows("SELECT 1 FROM gateway.v_course WHERE "
                                "course_id = %s AND state = 8", course)
        return Work([], effect=effect, what=course)

    def mail(self):
        """An account is enabled: its holder gets a ticket that works."""
        application = self.town.need(self.town.applied)
        sent = self.town.enable(application, CHIEF, self.town.officer)
        return self.mailed(sent, application[1], application[3])

    def hurry_mails(self):
        """A gateway that dies while it sends a mail holds the mail for half a
        minute."""
        self.db.change("UPDATE gateway.mail SET due_at = now() "
                       "WHERE state = 1")

    def mailed(self, sent, account, login):
        def effect():
            self.hurry_mails()
            return self.db.rows("SELECT 1 FROM gateway.mail WHERE account_id "
                                "= %s AND state = %s", account, MAIL_SENT) \
                and self.people.spool.has(f"{login}@b.tw")
        return Work([sent], effect=effect, what=account)


class Crowd:
    """People who send requests at the same time, each the next one after the
    answer, all on kept connections. `requests` is used up; `where`: number of
    the person → address."""

    def __init__(self, office, requests, many=8, where=None):
        self.office, self.waiting = office, requests
        self.where = where or (lambda _: office.url)
        self.asked, self.wrong = [], []
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self._run, args=(n,))
                        for n in range(many)]
        for thread in self.threads:
            thread.start()

    def _run(self, number):
        client = Kept(self.office.url, self.office.chief.client.token)
        while not self.stopped.is_set() and self.waiting:
            try:
                request = self.waiting.pop()
            except IndexError:
                return
            self.asked.append(request)
            client.url = self.where(number)
            try:
                request.ask(client=client)
            except AssertionError as wrong:
                self.wrong.append(wrong)

    def answered(self):
        return sum(r.answer is not None for r in self.asked)

    def end(self, deadline=60):
        """Waits for the requests that were sent; the waiting ones are not
        sent."""
        self.stopped.set()
        return self.all(deadline)

    def all(self, deadline=60):
        """Waits until every request was sent."""
        for thread in self.threads:
            thread.join(deadline)
            assert not thread.is_alive()
        assert not self.wrong, self.wrong[:3]
        return self.asked


class Kept(Client):
    """A client that keeps its connection for as long as the server allows."""
    line, open_to = None, None

    def _send(self, method, path, body, head, timeout):
        if self.open_to != self.url:
            self.close()
            self.line = http.client.HTTPConnection(
                urllib.parse.urlsplit(self.url).netloc, timeout=timeout)
            self.open_to = self.url
        try:
            self.line.request(method, path, body, head)
            answer = self.line.getresponse()
            return Answer(method, path, answer.status, answer.getheaders(),
                          answer.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self):
        if self.line is not None:
            self.line.close()
        self.open_to = None
