"""The authority matrix: role × kind of organization × route × where the target
lies. Every cell is asked over HTTP and compared with the rules' own table
(tools/matrix). A caller who has the right is stopped by a later check: the
version does not exist, or the form is incomplete. So nothing changes, and any
answer except the five of authority means "allowed".
"""
import subprocess
from collections import Counter

import pytest
from play import county
from play.town import expect

REFUSALS = {"NOT_SIGNED_IN", "NOT_PERMITTED", "NOT_FOUND", "SELF_ACTION",
            "STEP_UP_REQUIRED", "UNKNOWN_ACTOR"}
ROLES = ("CHIEF", "CONTACT", "OPERATOR")
UNITS = {"PRIMARY_SCHOOL": "M-PS", "JUNIOR_HIGH": "M-JH",
         "SENIOR_HIGH": "M-SH", "SPECIAL_SCHOOL": "M-SP",
         "KINDERGARTEN": "M-KG", "UNIVERSITY": "M-UN", "LEGAL_PERSON": "M-LP",
         "SOCIAL_EDUCATION": "M-SE", "REGIONAL_CENTRE": county.CENTRE,
         "PLATFORM": "P-000000"}
SCHOOLS = ("M-PS", "M-JH", "M-SH", "M-SP", "M-KG", "M-AREA", "M-OTHER")
HIGHER = ("M-UN", "M-LP", "M-SE", "M-U2")
TARGETS = {"area": "M-AREA", "other": "M-OTHER", "higher": "M-U2",
           "centre": "M-C2"}
NO_VERSION = '"999999"'
OWN_THINGS = {58: "sessions: test_sessions", 72: "operations: test_operations"}


class Unit:
    """A unit with the things that the routes need."""

    def __init__(self, code):
        self.code = code
        self.callers, self.others = {}, {}  # role: person
        self.pending = self.pending_teacher = self.teacher = None
        self.teacher_account = None


class World:
    """Every kind of unit, with every role twice: one person sends requests,
    the other is their target."""

    def __init__(self, town, land):
        self.town, self.land = town, land
        self.units = {}
        self.list_units()
        self.other_centre = town.officer(town.platform, "M-C2", "CHIEF")
        for code in (*UNITS.values(), *TARGETS.values()):
            self.units[code] = self.fill(Unit(code))
        self.callers = {("-", "NOBODY"): town.anybody}
        for kind, code in UNITS.items():
            for role, person in self.units[code].callers.items():
                self.callers[kind, role] = person.client
        self.callers["-", "TEACHER"] = self.teacher_caller()
        checked = town.import_dry_run(town.platform, county.text(county.small()))
        self.imported = checked.headers["location"]

    def list_units(self):
        near, far = county.COUNTY, "花蓮縣"
        rows = [("M-C2", "花蓮縣教育處", "REGIONAL_CENTRE", far, "公立", "", "")]
        rows += [(code, f"矩陣{code}", kind, near, "公立",
                  "" if code in HIGHER else county.CENTRE, "")
                 for kind, code in UNITS.items() if code.startswith("M-")]
        rows += [("M-AREA", "同區國小", "PRIMARY_SCHOOL", near, "公立",
                  county.CENTRE, ""),
                 ("M-OTHER", "他區國小", "PRIMARY_SCHOOL", far, "公立", "M-C2", ""),
                 ("M-U2", "他區大學", "UNIVERSITY", far, "公立", "", "")]
        self.town.import_rows(self.town.platform, rows)

    def approver(self, code, role):
        if code in HIGHER or code in ("P-000000", county.CENTRE, "M-C2"):
            return self.town.platform
        return self.other_centre if code == "M-OTHER" else self.land.centre

    def enabled(self, code, role):
        person = self.town.person()
        self.town.apply(person, code, role)
        unit = self.units.get(code)
        approver = self.approver(code, role)
        if role != "CHIEF" and code not in HIGHER:
            approver = self.chief_of[code]
        self.town.enable(approver, person, role)
        return person

    chief_of = {}

    def fill(self, unit):
        code = unit.code
        self.chief_of.setdefault("P-000000", self.town.platform)
        self.chief_of.setdefault(county.CENTRE, self.land.centre)
        roles = ("OPERATOR",) if code in HIGHER else ROLES
        for role in roles:
            person = self.enabled(code, role)
            self.town.redeem(person)
            self.town.sign_in(person)
            unit.callers[role] = person
            if role == "CHIEF":
                self.chief_of.setdefault(code, person)
        for role in roles:
            unit.others[role] = self.enabled(code, role)
        unit.pending = self.town.person()
        self.town.apply(unit.pending, code, "OPERATOR")
        if code in SCHOOLS:
            self.fill_teachers(unit)
        return unit

    def move_of(self, person):
        """The last move of a teacher."""
        if "move" not in person.marks:
            person.marks["move"] = expect(self.town.platform.client.get(
                f"/v1/teachers/{person.teacher}"), 200).json["moves"][0]["id"]
        return person.marks["move"]

    def fill_teachers(self, unit):
        chief = unit.callers["CHIEF"]
        unit.teacher, holder = self.town.person(), self.town.person()
        for person in (unit.teacher, holder, *unit.others.values()):
            expect(self.town.register(chief, person), 201)
        holder.marks["answer"] = expect(chief.client.post(
            "/v1/teacher-accounts",
            {"teacher": holder.teacher, "login": holder.login}), 201)
        unit.teacher_account = holder
        unit.pending_teacher = self.town.person()
        applied = expect(self.town.anybody.post(
            "/v1/applications",
            {"kind": "TEACHER", "organization": unit.code,
             "name": unit.pending_teacher.name,
             "number": unit.pending_teacher.number,
             "login": unit.pending_teacher.login},
            headers={"Verification-Token":
                     self.town.verify(unit.pending_teacher)}), 201)
        unit.pending_teacher.account = applied.json["subject"]

    def teacher_caller(self):
        holder = self.units["M-PS"].teacher_account
        self.town.redeem(holder)
        self.town.sign_in(holder)
        return holder.client

    def unit(self, kind, relation):
        if relation == "own":
            return self.units[UNITS.get(kind, "M-PS")]
        return self.units[TARGETS[relation]]


# --- one request for each route --------------------------------------------------------
def post(path, body, match=None, **more):
    return lambda client: client.post(path, body, match=match, **more)


def get(path):
    return lambda client: client.get(path)


def without_target(cell, world):
    """Routes that are about no unit, or whose rows the view limits."""
    if cell.relation != "none" or cell.subject != "any" or cell.role != "-":
        return None
    if cell.method == "GET":
        return get(cell.path.replace("{table}", "title"))
    return post(cell.path.replace(
        "{id}", "00000000-0000-7000-8000-000000000000"), {})


def on_organization(cell, world):
    if cell.relation == "none" or cell.subject != "any" or cell.role != "-":
        return None
    code = world.unit(cell.kind, cell.relation).code
    return get(f"/v1/organizations/{code}")


def on_unit(cell, world):
    """The form or the version stops a caller who may."""
    if cell.relation == "none" or cell.subject != "organizations" or \
            cell.role != "-":
        return None
    if cell.number == 3:
        if cell.relation != "own" or cell.caller == "TEACHER":
            return None
        return post("/v1/organizations", {})
    path = cell.path.replace("{code}",
                             world.unit(cell.kind, cell.relation).code)
    if cell.method == "GET":
        return get(path)
    if cell.method == "PATCH":
        return lambda client: client.patch(path, {"phone": "03-9312021"},
                                           match=NO_VERSION)
    return post(path, {}, NO_VERSION)


def on_application(cell, world):
    if cell.relation == "none" or cell.subject not in ("business", "teachers"):
        return None
    unit = world.unit(cell.kind, cell.relation)
    who = unit.pending if cell.subject == "business" else unit.pending_teacher
    if who is None:
        return None
    path = f"/v1/applications/{who.account}"
    if cell.number == 14:
        return get(path) if cell.role == "-" else None
    if cell.number == 15:  # the role in the application
        role = "OPERATOR" if cell.subject == "business" else "-"
        return post(f"{path}/close", {"reason": "某事"}, NO_VERSION) \
            if cell.role == role else None
    if cell.number == 90:
        return post("/v1/applications/close",
                    {"organization": unit.code, "reason": "某事",
                     "applications": [who.account]}) \
            if (cell.subject, cell.role) == ("business", "OPERATOR") else None
    number = world.town.people.number()
    if cell.subject == "teachers":
        return post(f"{path}/enable", {"number": number}, NO_VERSION) \
            if cell.role == "-" else None
    if cell.role == "-":
        return None
    return post(f"{path}/enable", {"number": number, "role": cell.role},
                NO_VERSION)


def on_succession(cell, world):
    if cell.relation == "none" or cell.subject != "business":
        return None
    unit = world.unit(cell.kind, cell.relation)
    chief = unit.others.get("CHIEF")
    if chief is None or cell.role != "CHIEF":
        return None
    return post(f"/v1/organizations/{unit.code}/succeed-chief",
                {"successor": unit.pending.account,
                 "predecessor": chief.account, "fate": "DISABLE"}, NO_VERSION)


def on_account(cell, world):
    if cell.relation == "none" or cell.subject != "business":
        return None
    target = world.unit(cell.kind, cell.relation).others.get(cell.role)
    if target is None:
        return None
    path = cell.path.replace("{id}", target.account)
    if cell.method == "GET":
        return get(path)
    if cell.method == "DELETE":
        return lambda client: client.delete(path, match=NO_VERSION)
    if cell.method == "PATCH":  # stays in the role that it has
        return lambda client: client.patch(path, {"role": cell.role},
                                           match=NO_VERSION)
    # The empty form stops a caller who may make tickets.
    return post(path, {}, NO_VERSION)


def on_teacher(cell, world):
    if cell.relation == "none" or cell.subject != "teachers":
        return None
    unit = world.unit(cell.kind, cell.relation)
    target = unit.teacher if cell.role == "-" else unit.others.get(cell.role)
    if target is None or target.teacher is None:
        return None
    path = cell.path.replace("{id}", target.teacher)
    if cell.method == "GET":
        return get(path)
    if cell.number == 39:
        return post(path.replace("{move}", world.move_of(target)), {},
                    NO_VERSION)
    if cell.method == "PATCH":
        return lambda client: client.patch(path, {"unitNote": "x"},
                                           match=NO_VERSION)
    return post(path, {"reason": "RESIGNED"}, NO_VERSION)


def on_teacher_account(cell, world):
    if cell.relation == "none" or cell.subject != "teachers" or \
            cell.role != "-":
        return None
    holder = world.unit(cell.kind, cell.relation).teacher_account
    if holder is None or (cell.caller == "TEACHER" and cell.relation == "own"):
        return None  # the teacher's own account
    if cell.number == 27:
        return post("/v1/teacher-accounts", {"teacher": holder.teacher})
    account = holder.marks["answer"].json["subject"]
    if cell.number == 31:  # stopped by the empty form
        return post(f"/v1/teacher-accounts/{account}/credential-tickets", {})
    if cell.method == "POST":
        return post(cell.path.replace("{id}", account), {}, NO_VERSION)
    return get(f"/v1/teacher-accounts/{account}")


def on_roster(cell, world):
    """POST /teachers with an invalid number, which stops a caller who may
    register."""
    if cell.relation == "none" or cell.subject != "teachers" or \
            cell.role != "-":
        return None
    if cell.caller == "TEACHER" and cell.relation == "own":
        return None  # a teacher has no unit of their own
    code = world.unit(cell.kind, cell.relation).code
    return post("/v1/teachers", {"number": "A123456788", "name": "某人",
                                 "organization": code})


def on_import(cell, world):
    if cell.subject != "organizations" or cell.role != "-":
        return None
    if cell.number == 73:
        if cell.relation != "own" or cell.caller == "TEACHER":
            return None
        return post("/v1/imports?kind=ORGANIZATIONS", "no list",
                    headers={"Content-Type": "text/csv"})
    # The import is the platform's own, and out of reach for all others.
    if cell.relation != ("own" if cell.kind == "PLATFORM" else "other"):
        return None
    path = cell.path.replace("/v1/imports/{id}", world.imported)
    return get(path) if cell.method == "GET" else post(path, None, NO_VERSION)


ASK = {2: on_organization, 3: on_unit, 4: on_unit, 5: on_unit, 8: on_unit,
       9: on_unit, 40: on_teacher, 7: on_succession, 14: on_application, 15: on_application,
       16: on_application, 90: on_application,
       18: on_account, 19: on_account, 20: on_account, 21: on_account, 22: on_account,
       23: on_account, 24: on_account, 25: on_account, 91: on_account, 26: on_account, 27: on_teacher_account,
       28: on_teacher_account, 29: on_teacher_account,
       30: on_teacher_account, 31: on_teacher_account, 34: on_roster,
       35: on_teacher, 36: on_teacher, 37: on_teacher, 39: on_teacher,
       73: on_import, 75: on_import, 76: on_import,
       77: on_import}


class Cell:
    def __init__(self, line):
        (number, self.method, self.path, self.kind, self.caller, self.relation,
         self.subject, self.role, self.expected) = line.split("\t")
        self.number = int(number)

    def __repr__(self):
        return (f"{self.number} {self.method} {self.path}: {self.kind} "
                f"{self.caller}, target {self.relation} {self.subject} "
                f"{self.role}: {self.expected}")

    def agrees(self, answer):
        if answer.status >= 500:
            return False
        if self.expected == "ALLOWED":
            return answer.code not in REFUSALS
        if (self.number, answer.code) == (12, "EMAIL_NOT_VERIFIED"):
            return self.expected == "NOT_SIGNED_IN"  # the form names the proof
        return answer.code == self.expected


@pytest.fixture(scope="module")
def world(town, land):
    return World(town, land)


def test_matrix(world, programs):
    out = subprocess.run([str(programs / "matrix")], capture_output=True,
                         text=True, check=True).stdout
    cells = [Cell(line) for line in out.splitlines()]
    asked, wrong = Counter(), []
    for cell in cells:
        ask = ASK.get(cell.number, without_target)(cell, world)
        if ask is None or cell.number in OWN_THINGS:
            continue
        answer = ask(world.callers[cell.kind, cell.caller])
        asked[cell.number] += 1
        if not cell.agrees(answer):
            wrong.append(f"{cell!r}\n    {answer!r}")
    print(f"{sum(asked.values())} cells asked, {len(wrong)} wrong")
    heading = f"{len(wrong)} of {sum(asked.values())} cells are wrong:\n"
    if wrong:
        pytest.fail(heading + "\n".join(wrong[:40]), pytrace=False)
    assert set(asked) | set(OWN_THINGS) == {cell.number for cell in cells}
    assert sum(asked.values()) > 2500


def test_nothing_has_changed(world):
    """The matrix has enabled, disabled and moved no account or teacher."""
    for unit in world.units.values():
        for role, person in unit.others.items():
            if unit.code in HIGHER or unit.code == "P-000000":
                reader = world.town.platform
            else:
                reader = world.approver(unit.code, role)
            shown = world.town.account(reader, person.account)
            assert shown.json["status"] == "ACTIVE", (unit.code, role)
