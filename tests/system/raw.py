"""Commands as raw messages, past the gateway: a sound one of every type, and
the office that they are about."""
import time
import uuid

from harness import lane_of
from play.town import expect

SYSTEM = object()  # no actor at all: a timer, the owner itself
CHIEF, CONTACT, OPERATOR = 1, 2, 3
KINDS = {"PRIMARY_SCHOOL": 1, "JUNIOR_HIGH": 2, "REGIONAL_CENTRE": 9,
         "PLATFORM": 10}
ALL_PERMISSIONS = 63
# The only codes that an owner answers to an actor without the right.
NOT_YOURS = {"UNKNOWN_ACTOR", "ACTOR_NOT_KNOWN_YET", "NOT_PERMITTED",
             "NOT_FOUND", "SELF_ACTION", "FIELD_NOT_YOURS",
             "NOT_AT_THIS_SCHOOL"}
NOT_KNOWN = {"TEACHER_NOT_KNOWN_YET"}
HOUR = 3_600_000_000


def now():
    return int(time.time() * 1e6)


def new_id():
    return str(uuid.uuid4())


def new_login():
    return f"rm.{new_id()[:8]}"


class Office:
    """A school with every actor and subject that the commands need."""

    def __init__(self, town, land, db):
        self.town, self.db = town, db
        self.code, self.chief = land.school()
        self.other_code, self.other_chief = land.school()
        self.to_merge = land.free.pop()
        self.centre, self.platform = land.centre, town.platform
        self.contact = self.officer("CONTACT")
        self.operator = self.officer("OPERATOR")
        self.to_disable = self.enabled()
        self.to_change = self.enabled()
        self.disabled = self.enabled()
        self.was = self.actor(self.disabled)  # while it was ACTIVE
        expect(town.act(self.chief, self.disabled.account, "disable"), 200)
        self.waits, self.to_close = town.person(), town.person()
        self.to_reject, self.to_succeed = town.person(), town.person()
        self.to_release = town.officer(self.centre, self.code, "CHIEF")
        for person in (self.waits, self.to_close, self.to_reject,
                       self.to_succeed):
            town.apply(person, self.code)
        self.teacher, self.holder = self.registered(), self.registered()
        self.mover, self.follower = self.registered(), self.registered()
        seen = expect(town.look_up(self.other_chief, self.mover), 200)
        expect(town.register(self.other_chief, self.mover, etag=seen.etag), 200)
        self.move = self.db.rows(
            "SELECT move_id::text FROM teacher.move WHERE person_id = %s "
            "AND to_organization = %s", self.mover.teacher, self.other_code)[0][0]
        self.confirmer = self.registered()
        for person in (self.holder, self.confirmer):
            person.account = expect(self.chief.client.post(
                "/v1/teacher-accounts", {"teacher": person.teacher,
                                         "login": person.login}),
                201).json["subject"]

    def officer(self, role):
        return self.town.officer(self.chief, self.code, role)

    def enabled(self):
        person = self.town.person()
        self.town.apply(person, self.code)
        self.town.enable(self.chief, person, "OPERATOR")
        return person

    def registered(self):
        person = self.town.person()
        expect(self.town.register(self.chief, person), 201)
        return person

    def semester(self):
        """The present one, as the gateway shows it."""
        return expect(self.chief.client.get(
            f"/v1/organizations/{self.code}/reviews"), 200).json["semester"]

    def row(self, person):
        return self.db.rows(
            "SELECT version, person_id::text, organization, role, permissions, "
            "login FROM account.business_account WHERE account_id = %s",
            person.account)[0]

    def actor(self, person, **more):
        """The officer as the gateway would name them."""
        version, person_id, unit, role, permissions, _ = self.row(person)
        kind = self.db.one("SELECT kind FROM account.organization WHERE code = %s",
                           unit)
        return {"account_id": person.account, "account_version": version,
                "organization": unit, "role": role, "permissions": permissions,
                "kind": kind, "reach": {9: 2, 10: 3}.get(kind, 1),
                "person_id": person_id, **more}

    def claims(self, unit, kind, **more):
        """Every right at this unit."""
        return {"organization": unit, "role": CHIEF, "kind": kind,
                "permissions": ALL_PERMISSIONS,
                "reach": {9: 2, 10: 3}.get(kind, 1), **more}


class Command:
    """A sound command: its fields, the actor who may give it, and its
    result."""

    def __init__(self, service, name, lane, fields, right, *, control="done",
                 expected=None, missing=None, strangers=(), wrong=NOT_YOURS,
                 anybody=False):
        self.service, self.name, self.lane = service, name, lane
        self.type = f"inservice.{service}.v1.{name}"
        self.fields, self.right, self.control = fields, right, control
        self.expected = expected    # version of the subject
        self.missing = missing or {}  # evidence: fields without it, codes
        self.strangers = set(strangers)  # kinds that are right for it
        self.wrong, self.anybody = wrong, anybody


def business(office, person, **more):
    version, person_id, unit, _, _, login = office.row(person)
    return {"account_id": person.account, "organization": unit,
            "person_id": person_id, "login": login or "", **more}, version


def teacher_version(office, person):
    return office.db.one("SELECT version FROM teacher.teacher WHERE person_id = "
                         "%s", person.teacher)


def account_commands(office):
    chief, centre = office.actor(office.chief), office.actor(office.centre)
    platform = office.actor(office.platform)
    code = office.code
    new_unit = "RM" + new_id()[:8].upper()
    yield Command("account", "FoundPlatform", "P-000001", {
        "code": "P-000001", "name": "平臺", "account_id": new_id(),
        "person_id": new_id(), "holder": "某人", "email": "x@example.tw",
        "login": new_login()}, SYSTEM, control="ALREADY_FOUNDED")
    yield Command("account", "AddOrganization", new_unit, {
        "code": new_unit, "name": "單位", "kind": 7, "county": "宜蘭縣",
        "establishment": "公立"}, platform)
    yield Command("account", "ChangeOrganization", code, {
        "code": code, "name": "改名國民小學"}, platform)
    yield Command("account", "CloseOrganization", office.to_merge, {
        "code": office.to_merge, "into": office.other_code,
        "teacher_count": 0}, platform)
    yield Command("account", "DisableAccounts", office.to_merge, {
        "organization": office.to_merge}, SYSTEM)
    applies = {"organization": code, "account_id": new_id(),
               "person_id": new_id(), "name": "某人", "phone": "0912345678",
               "email": "rm@example.tw", "login": new_login(),
               "wanted_role": OPERATOR, "evidence": 5}
    yield Command("account", "ApplyForBusinessAccount", code, applies,
                  {"account_id": ""}, anybody=True,
                  missing={"the address not proven": ({"evidence": 0}, NOT_YOURS),
                           "evidence of another kind": ({"evidence": 1},
                                                        NOT_YOURS)})
    teaches = {k: v for k, v in applies.items()
               if k not in ("phone", "wanted_role")}
    teaches |= {"account_id": new_id(), "login": new_login(),
                "person_id": new_id()}
    yield Command("account", "ApplyForTeacherAccount", teaches["person_id"],
                  teaches, {"account_id": ""}, anybody=True,
                  missing={"the address not proven": ({"evidence": 0},
                                                      NOT_YOURS)})
    closing, version = business(office, office.to_close)
    yield Command("account", "CloseApplication", code, {
        **closing, "account_kind": 1, "cause": 1}, chief, expected=version)
    yield Command("account", "CloseApplications", code, {
        "organization": code, "applications": [
            {"account_id": office.to_reject.account,
             "login": office.to_reject.login}]}, chief)
    of_a_later_record = {"teacher_version": 1 << 40, "teacher_incarnation": 1,
                         "teacher_organizations": [code, office.other_code]}
    waiting, version = business(office, office.waits)
    yield Command(
        "account", "EnableBusinessAccount", code,
        {**waiting, "role": OPERATOR, "enabling": 2, "evidence": 1}, chief,
        expected=version, missing={
            "the number not confirmed": ({"evidence": 0},
                                         {"IDENTITY_NOT_CONFIRMED"}),
            "another proof than the number": ({"evidence": 5},
                                              {"IDENTITY_NOT_CONFIRMED"}),
            "of another person": ({"person_id": new_id()},
                                  {"IDENTITY_NOT_CONFIRMED"}),
            "of nobody": ({"person_id": ""}, {"IDENTITY_NOT_CONFIRMED"}),
            "as if it were disabled": ({"enabling": 3}, {"NOT_DISABLED"}),
            "which enabling it is": ({"enabling": 0},
                                     {"NOT_DISABLED", "NOT_PENDING",
                                      "BAD_FORM"}),
            "with rights beyond the role": ({"permissions": 63,
                                             "permissions_given": True},
                                            {"WIDER_THAN_ROLE"}),
            "a record that exists": (of_a_later_record, NOT_KNOWN),
            "as the CHIEF": ({"role": CHIEF}, NOT_YOURS)})
    disabling, version = business(office, office.to_disable)
    only = {k: disabling[k] for k in ("account_id", "organization")}
    yield Command("account", "DisableBusinessAccount", code,
                  {**only, "cause": 1}, chief, expected=version,
                  strangers={"the centre's CHIEF", "the platform's CHIEF"})
    successor, version = business(office, office.to_succeed)
    succession = {
        "organization": code, "successor_account_id": successor["account_id"],
        "successor_person_id": successor["person_id"],
        "successor_login": successor["login"], "role_after": CHIEF,
        "predecessor_account_id": office.to_release.account, "fate": 2,
        "enabling": 2, "evidence": 1}
    yield Command("account", "SucceedChief", code, succession, centre,
                  expected=version, missing={
                      "the number not confirmed": (
                          {"evidence": 0}, {"IDENTITY_NOT_CONFIRMED"}),
                      "a CHIEF to be succeeded": (
                          {"predecessor_account_id": office.contact.account},
                          {"NOT_A_CHIEF"}),
                      "what becomes of the old one": ({"fate": 0},
                                                      {"BAD_FORM"}),
                      "as a CONTACT": ({"role_after": CONTACT}, {"BAD_FORM"}),
                      "a record that exists": (of_a_later_record, NOT_KNOWN)})
    holder, version = business(office, office.contact)
    own = {"account_id": holder["account_id"], "organization": code}
    yield Command("account", "RequestDeletion", code, own,
                  office.actor(office.contact), expected=version,
                  strangers={"a CONTACT of the unit"})
    yield Command("account", "WithdrawDeletion", code, own,
                  office.actor(office.contact),
                  strangers={"a CONTACT of the unit"})
    to_change, version = business(office, office.to_change)
    yield Command("account", "ChangeBusinessAccount", code, {
        "account_id": to_change["account_id"], "organization": code,
        "permissions": 1}, chief, expected=version, missing={
            "as the CHIEF": ({"role": CHIEF}, NOT_YOURS),
            "with rights beyond the role": ({"permissions": 63},
                                            {"WIDER_THAN_ROLE"}),
            "without any change": ({"permissions": None}, {"BAD_FORM"})})
    deleting, version = business(office, office.disabled)
    yield Command("account", "DeleteBusinessAccount", code, deleting, chief,
                  expected=version, control="COURSE_STATES_UNKNOWN")
    of_leaver = {"organization": code, "person_id": office.row(
        office.operator)[1], "teacher_version": 1000, "teacher_incarnation": 1,
        "move_id": new_id()}
    yield Command("account", "SuspendLeaver", code, of_leaver, SYSTEM)
    yield Command("account", "ResumeBusinessAccount", code,
                  {**of_leaver, "teacher_version": 1001}, SYSTEM)
    yield Command("account", "RecountCourses", code, only, SYSTEM)
    record = {"person_id": office.teacher.teacher, "teacher_incarnation": 1,
              "teacher_version": teacher_version(office, office.teacher),
              "teacher_organizations": [code]}
    yield Command(
        "account", "EnableTeacherAccount", office.teacher.teacher,
        {**record, "account_id": new_id(), "login": new_login(), "source": 1,
         "enabling": 1, "name": office.teacher.name,
         "email": office.teacher.email}, chief,
        strangers={"a CONTACT of the unit"}, missing={
            "the teacher record": ({"teacher_version": 0, "teacher_incarnation": 0,
                                    "person_id": new_id()},
                                   NOT_YOURS | {"WRONG_LANE"}),
            "a post at the school": ({"teacher_organizations": []}, NOT_YOURS),
            "a school where the teacher is": (
                {"teacher_organizations": [office.other_code]}, NOT_YOURS),
            "a record that exists": (of_a_later_record, NOT_KNOWN)})
    yield Command(
        "account", "DisableTeacherAccount", office.holder.teacher,
        {**record, "person_id": office.holder.teacher,
         "teacher_version": teacher_version(office, office.holder),
         "account_id": office.holder.account, "cause": 1}, chief, expected=1,
        strangers={"a CONTACT of the unit", "the platform's CHIEF"}, missing={
            "a record that exists": (of_a_later_record, NOT_KNOWN)})


def teacher_commands(office):
    chief, platform = office.actor(office.chief), office.actor(office.platform)
    code, teacher = office.code, office.teacher.teacher
    version = teacher_version(office, office.teacher)
    new_person = new_id()
    unit = {"organization": code, "unit_kind": office.actor(office.chief)["kind"],
            "unit_status": 1, "unit_version": 1}
    yield Command(
        "teacher", "RegisterTeacher", new_person,
        {**unit, "person_id": new_person, "number_sealed": b"sealed".ljust(51),
         "number_kind": 1, "name": "某人", "sex": 1, "email": "rm@example.tw",
         "post": 1}, chief, strangers={"a CONTACT of the unit"}, missing={
            "the number": ({"number_sealed": b""}, {"ID_NUMBER_INVALID",
                                                    "BAD_FORM"}),
            "a school of the caller": ({"organization": office.other_code},
                                       NOT_YOURS)})
    yield Command("teacher", "UpdateTeacher", teacher, {
        "person_id": teacher, "organization": code, "unit_note": "注記"}, chief,
        expected=version, strangers={"a CONTACT of the unit"})
    yield Command("teacher", "UndoMove", office.mover.teacher, {
        "person_id": office.mover.teacher, "move_id": office.move}, chief,
        expected=teacher_version(office, office.mover),
        strangers={"a CONTACT of the unit", "the centre's CHIEF",
                   "the platform's CHIEF", "a CHIEF of another unit",
                   "a CHIEF of another unit who claims to be a centre",
                   "a CHIEF of another unit who claims to be the platform"})
    yield Command("teacher", "CarryOutMove", office.mover.teacher, {
        "person_id": office.mover.teacher, "move_id": office.move}, SYSTEM)
    semester = office.semester()
    yield Command("teacher", "ConfirmTeacher", office.confirmer.teacher, {
        "person_id": office.confirmer.teacher, "semester": semester},
        {"account_id": office.confirmer.account, "account_version": 1,
         "person_id": office.confirmer.teacher},
        expected=teacher_version(office, office.confirmer))
    yield Command("teacher", "ReviewSchool", code, {
        "organization": code, "semester": semester, "seen_position": 5,
        "roster_position": 5, "teacher_count": 3}, chief,
        strangers={"a CONTACT of the unit"}, missing={
            "the list as it is": ({"roster_position": 6}, {"ROSTER_CHANGED"})})
    follower = office.follower.teacher
    yield Command("teacher", "FollowMerger", follower, {
        "person_id": follower, "from_organization": code,
        "into": office.other_code}, SYSTEM)
    yield Command("teacher", "SpreadMerger", office.to_merge, {
        "organization": office.to_merge, "into": office.other_code}, SYSTEM)
    yield Command("teacher", "LeaveSchool", teacher, {
        "person_id": teacher, "organization": code, "reason": 1}, chief,
        expected=version + 1, strangers={"a CONTACT of the unit"})
    yield Command("teacher", "ReviseCodeTable", "rm_table", {
        "table": "rm_table", "rows": [{"code": "A", "label": "甲"}]}, platform,
        strangers={"nobody"})  # the founding of the platform


class Raw:
    """Sends commands past the gateway and waits for the owners' outcomes."""

    def __init__(self, kafka, contracts):
        self.kafka, self.contracts, self.cells = kafka, contracts, {}

    def make(self, command, actor, *, fields=None, expected="as it is", **order):
        known = self.contracts.make(command.type).DESCRIPTOR.fields_by_name
        values = {**command.fields, **(fields or {})}
        message = self.contracts.make(command.type, **{
            k: v for k, v in values.items() if k in known})
        head = {"command_id": new_id(), "at": now(), **order}
        expected = command.expected if expected == "as it is" else expected
        if expected is not None:
            head["expected_version"] = expected
        message.order.CopyFrom(self.contracts.make(
            "inservice.common.v1.Order", **head))
        if actor is not SYSTEM:
            message.order.actor.SetInParent()
            message.order.actor.MergeFrom(self.contracts.make(
                "inservice.common.v1.Actor", **actor))
        return message

    def put(self, command, cell, message, codes, *, key=None, lane=None):
        key = command.lane if key is None else key
        command_id = message.order.command_id
        self.kafka.send(f"inservice.{command.service}.command.v1",
                        lane_of(key) if lane is None else lane, key,
                        message.SerializeToString(), command.type,
                        command_id=command_id, wait=False)
        self.cells[command_id] = (f"{command.name} by {cell}", codes)

    def send(self, command, cell, actor, codes, *, lane=None, **more):
        self.put(command, cell, self.make(command, actor, **more), codes,
                 lane=lane)

    def outcomes(self, deadline=60):
        """The results of all cells: {command id: code, or "done"}."""
        assert self.kafka.producer.flush(20) == 0
        found, end = {}, time.monotonic() + deadline
        while len(found) < len(self.cells):
            assert time.monotonic() < end, [
                self.cells[i][0] for i in self.cells if i not in found][:20]
            for record in self.kafka.read("inservice.account.outcome.v1",
                                          "inservice.teacher.outcome.v1"):
                outcome = record.message
                if outcome is not None and outcome.command_id in self.cells:
                    refused = outcome.WhichOneof("result") == "refused"
                    found[outcome.command_id] = \
                        outcome.refused.code if refused else "done"
        return found

    def wrong(self):
        """The cells with an unexpected result."""
        for command_id, code in self.outcomes().items():
            cell, codes = self.cells[command_id]
            if code not in codes:
                yield f"{cell}: {code}, not {' or '.join(sorted(codes))}"
