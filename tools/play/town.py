"""The steps that people do with the system, one by one, as a client sees them.

A Town is one installation: its address, its mails, its people. Each step sends
an HTTP request. It raises Failed, with request and answer, if the answer is
not the one that the step needs. Used by tools/run, tools/demo and
tests/system. It decides nothing that a rule decides.
"""
from dataclasses import dataclass, field

from play import county
from play.client import Client
from play.mail import Spool
from play.people import People
from play.system import Failed, wait_until

PASSWORD = "lanyang-egret-river-2026"


def expect(answer, *statuses):
    """The answer, if its status is one of these."""
    if answer.status not in statuses:
        raise Failed(f"{answer!r}\n(expected {' or '.join(map(str, statuses))})")
    return answer


@dataclass
class Person:
    """A person with a number, a mailbox and perhaps an account."""
    name: str
    number: str
    email: str
    phone: str
    login: str
    password: str = PASSWORD
    account: str = None       # id
    organization: str = None  # code
    role: str = None
    receipt: str = None
    client: Client = None     # signed in
    session: str = None
    teacher: str = None       # person id of the teacher record
    marks: dict = field(default_factory=dict)


class Town:
    """One running installation and the people in it."""

    def __init__(self, url, spool, seed=1, client=Client):
        self.anybody = client(url)
        self.url, self.spool = url, Spool(spool)
        self.people = People(seed)
        self.platform = None
        self.logins = 0

    # --- people ---------------------------------------------------------------
    def person(self, name=None, login=None, foreign=False):
        self.logins += 1
        login = login or f"user{self.logins:04d}"
        return Person(name or self.people.name(), self.people.number(foreign),
                      f"{login}@example.tw", self.people.phone(), login)

    # --- the beginning ----------------------------------------------------------
    def found(self, gateway, person=None, code="P-000000",
              name="全國教師在職進修資訊網"):
        """Runs the host's command; the first CHIEF sets a password with the
        ticket that the host has printed."""
        person = person or self.person(login="platform")
        status, out, err = gateway.host(
            "found-platform", "--code", code, "--name", name,
            "--holder", person.name, "--email", person.email,
            "--login", person.login, "--phone", person.phone,
            said=f"{person.number}\n")
        if status != 0:
            raise Failed(f"gateway found-platform: exit {status}\n{out}{err}")
        person.organization, person.role = code, "CHIEF"
        words = dict(line.split(" ", 1) for line in out.splitlines())
        person.account, person.marks["ticket"] = words["account"], words["ticket"]
        self.platform = person
        return person

    def redeem(self, person, ticket=None):
        ticket = ticket or person.marks.pop("ticket", None) or \
            self.spool.ticket(person.email)
        answer = expect(self.anybody.post(
            "/v1/credential-tickets/redeem",
            {"ticket": ticket, "password": person.password}, key=None), 200)
        person.account = answer.json["accountId"]
        return answer

    def try_sign_in(self, login, password):
        return self.anybody.post(
            "/v1/sessions", {"login": login, "password": password}, key=None)

    def sign_in(self, person):
        answer = expect(self.try_sign_in(person.login, person.password), 201)
        person.client = self.anybody.signed_in(answer.json["token"],
                                               person.name)
        person.session = answer.json["id"]
        return answer

    # --- organizations ----------------------------------------------------------
    def import_dry_run(self, person, text, kind="ORGANIZATIONS"):
        """The file is checked, nothing is changed: 201, READY or FAULTY."""
        return expect(person.client.post(
            "/v1/imports", text, query={"kind": kind},
            headers={"Content-Type": "text/csv; charset=utf-8"},
            timeout=120), 201)

    def import_commit(self, person, checked, deadline=600, accept=False):
        """Carries it out; returns the document when every row has its outcome.
        `accept`: with the rows that may have lost a character."""
        place = checked.headers["location"]
        expect(person.client.post(
            f"{place}/commit", {"acceptWarnings": True} if accept else None,
            match=checked.etag), 200, 202)

        def ended():
            answer = expect(person.client.get(place), 200)
            return answer if answer.json["state"] in ("DONE", "LAPSED") else None
        return wait_until(ended, deadline, "the import to be carried out")

    def import_rows(self, person, rows, accept=False):
        checked = self.import_dry_run(person, county.text(rows))
        if checked.json["state"] != "READY":
            raise Failed(f"the dry run says: {checked!r}")
        done = self.import_commit(person, checked, accept=accept)
        if done.json["state"] != "DONE" or done.json["rows"]["REFUSED"]:
            raise Failed(f"the import ended so: {done!r}")
        self.wait_organization(rows[-1][0])
        return done

    def wait_organization(self, code, deadline=30):
        return wait_until(
            lambda: self._present(f"/v1/organizations/{code}"), deadline,
            f"organization {code} to be readable")

    def _present(self, path):
        answer = self.anybody.get(path)
        return answer if answer.status == 200 else None

    # --- business accounts --------------------------------------------------------
    def verify(self, person):
        """The token that proves the address."""
        answer = expect(self.anybody.post(
            "/v1/email-verifications", {"email": person.email}, key=None), 202)
        code = self.spool.code(person.email)
        return expect(self.anybody.post(
            f"/v1/email-verifications/{answer.json['id']}/confirm",
            {"code": code}, key=None), 200).json["token"]

    def application(self, person, organization, role, **more):
        return {"kind": "BUSINESS", "organization": organization,
                "wantedRole": role, "name": person.name,
                "number": person.number, "phone": person.phone,
                "login": person.login, **more}

    def apply(self, person, organization, role="OPERATOR", **more):
        token = self.verify(person)
        answer = expect(self.anybody.post(
            "/v1/applications",
            self.application(person, organization, role, **more),
            headers={"Verification-Token": token}), 201)
        person.account, person.receipt = (answer.json["subject"],
                                          answer.json.get("receipt"))
        person.organization = organization
        return answer

    def try_enable(self, officer, person, role, number=None, etag=None):
        """As the approver: the chosen role, and the number from the personnel
        file."""
        path = f"/v1/applications/{person.account}"
        etag = etag or officer.client.get(path).etag or '"1"'
        return officer.client.post(
            f"{path}/enable",
            {"role": role, "number": number or person.number}, match=etag)

    def enable(self, officer, person, role):
        answer = expect(self.try_enable(officer, person, role), 200)
        person.role = role
        return answer

    def officer(self, approver, organization, role, person=None):
        """From the application to the first sign-in."""
        person = person or self.person()
        self.apply(person, organization, role)
        self.enable(approver, person, role)
        self.redeem(person)
        self.sign_in(person)
        return person

    def account(self, officer, account):
        return officer.client.get(f"/v1/business-accounts/{account}")

    def act(self, officer, account, verb, etag=None, **body):
        """enable or disable a business account."""
        etag = etag or self.account(officer, account).etag
        return officer.client.post(
            f"/v1/business-accounts/{account}/{verb}", body, match=etag)

    def delete(self, officer, account, etag=None):
        etag = etag or self.account(officer, account).etag
        return officer.client.delete(f"/v1/business-accounts/{account}",
                                     match=etag)

    # --- teachers -------------------------------------------------------------------
    def look_up(self, officer, person, name=None):
        return officer.client.post(
            "/v1/teachers/look-up",
            {"number": person.number, "name": name or person.name,
             "purpose": "辦理教師資料登錄"}, key=None)

    def teacher_form(self, person, **more):
        return {"number": person.number, "name": person.name,
                "email": person.email, **more}

    def register(self, officer, person, etag=None, **more):
        answer = officer.client.post(
            "/v1/teachers", self.teacher_form(person, **more), match=etag)
        if answer.status in (200, 201):
            person.teacher = answer.json["subject"]
        return answer

    def own_login(self, officer, person):
        """The teacher gets an account of their own and signs in."""
        expect(officer.client.post("/v1/teacher-accounts", {
            "teacher": person.teacher, "login": person.login}), 201)
        self.redeem(person)
        self.sign_in(person)

    def leave(self, officer, person, reason="RESIGNED", etag=None, **more):
        path = f"/v1/teachers/{person.teacher}"
        etag = etag or officer.client.get(path).etag
        return officer.client.post(f"{path}/leave", {"reason": reason, **more},
                                   match=etag)

    def tasks(self, officer, kind=None):
        """All tasks of the officer, page by page."""
        query, items = {"limit": 200, **({"kind": kind} if kind else {})}, []
        while True:
            page = expect(officer.client.get("/v1/tasks", query=query),
                          200).json
            items += page["items"]
            if page["next"] is None:
                return items
            query["cursor"] = page["next"]
