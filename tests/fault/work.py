"""Work for the lanes: writes commands to Kafka as the gateway would, and
follows their outcomes.

Orders come from officers, and from people who are not signed in, in the form
in which a gateway sends them. Units, applications and teachers are prepared in
stock, so that a cell of the matrix only sends its one command. Every class of
work ends in a condition that tells whether its effect is there.
"""
import os
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import confluent_kafka

from harness import LANES, lane_of
from play.system import wait_until

DAY = 86_400_000_000
PRIMARY_SCHOOL, LEGAL_PERSON, CENTRE, PLATFORM = 1, 7, 9, 10
CHIEF, OPERATOR = 1, 3
OWN, AREA, ALL = 1, 2, 3
REACH = {CENTRE: AREA, PLATFORM: ALL}
# account.v1: the kind of enabling, and the evidence of the person.
APPLICATION = 2
NUMBER_CONFIRMED, EMAIL_VERIFIED = 1, 5
UNNAMED = {}  # let in by the gateway because of a proof
TAIWAN = timezone(timedelta(hours=8))


def now():
    return int(time.time() * 1_000_000)


def day(offset):
    return (datetime.now(TAIWAN) + timedelta(days=offset)).date().isoformat()


class Ears:
    """Follows the outcome topics from their beginning."""

    def __init__(self, bootstrap, contracts, db):
        self.contracts, self.db, self.heard = contracts, db, {}
        self.consumer = confluent_kafka.Consumer(
            {"bootstrap.servers": bootstrap, "group.id": "ears",
             "enable.auto.commit": False, "fetch.wait.max.ms": 20,
             "reconnect.backoff.max.ms": 500, "log_level": 2})
        self.consumer.assign([
            confluent_kafka.TopicPartition(f"inservice.{service}.outcome.v1",
                                           lane, confluent_kafka.OFFSET_BEGINNING)
            for service in ("account", "teacher") for lane in range(LANES)])

    def listen(self, seconds=0.0):
        for message in self.consumer.consume(1000, timeout=seconds):
            if message.error() is None:
                outcome = self.contracts.read("inservice.common.v1.Outcome",
                                              message.value())
                service = message.topic().split(".")[1]
                self.heard[outcome.command_id] = service, outcome

    def wait(self, ids, deadline=60):
        """Waits for the outcomes of these commands; returns them in this
        order."""
        end = time.monotonic() + deadline
        while not all(i in self.heard for i in ids):
            missing = [i for i in ids if i not in self.heard]
            assert time.monotonic() < end, \
                f"{len(missing)} of {len(ids)} without outcome: " \
                f"{[(i, self.where(i)) for i in missing[:3]]}"
            self.listen(0.05)
        return [self.heard[i][1] for i in ids]

    def where(self, command_id):
        """The rows about a command, to find out why it has no outcome."""
        return [(service, table, reason) for service in ("account", "teacher")
                for table, reason in self.db.rows(
                    f"SELECT 'parked', reason FROM {service}.parked "
                    f"WHERE id = %s UNION ALL SELECT 'inbox', lane::text "
                    f"FROM {service}.inbox WHERE command_id::text = %s "
                    f"UNION ALL SELECT 'journal', code FROM {service}.journal "
                    f"WHERE causation = %s AND kind = 4",
                    command_id, command_id, command_id)]

    def acknowledged(self):
        self.listen()
        return [(service, i) for i, (service, _) in self.heard.items()]

    def close(self):
        self.consumer.close()


@dataclass
class Work:
    """Commands that were sent and must be answered, and the effect they must
    have."""
    ids: list
    codes: set = field(default_factory=set)  # refusals that may come
    effect: object = None                    # () → true when it is there
    what: str = ""


class Sender:
    """Keeps a batch below the topics' limit of 512 KiB, as the services do:
    the broker refuses a larger one with all the small messages in it."""

    def __init__(self, bootstrap, contracts):
        self.contracts, self.failed = contracts, []
        self.producer = confluent_kafka.Producer(
            {"bootstrap.servers": bootstrap, "linger.ms": 0,
             "batch.size": 400_000, "message.max.bytes": 4_000_000,
             "log_level": 2})

    def put(self, topic, lane, key, value, headers, flush=True):
        while True:
            try:
                self.producer.produce(
                    topic, value=value, key=key, partition=lane,
                    headers=headers,
                    on_delivery=lambda e, _: e and self.failed.append(e))
                break
            except BufferError:
                self.producer.poll(0.1)
        if flush:
            self.flush()

    def flush(self):
        """Waits until every message is on its topic."""
        left, failed = self.producer.flush(60), self.failed
        self.failed = []
        assert left == 0 and not failed, (left, failed[:3])

    def command(self, service, lane_key, name, /, order=None, flush=True,
                **fields):
        """Sends one command; returns its id."""
        type = f"inservice.{service}.v1.{name}"
        order = {"command_id": str(uuid.uuid4()), "at": now(), **(order or {})}
        message = self.contracts.make(type, **fields)
        message.order.CopyFrom(self.contracts.make(
            "inservice.common.v1.Order",
            **{k: v for k, v in order.items() if k != "actor"}))
        if order.get("actor") is not None:
            message.order.actor.CopyFrom(self.contracts.make(
                "inservice.common.v1.Actor", **order["actor"]))
        self.put(f"inservice.{service}.command.v1", lane_of(lane_key),
                 lane_key, message.SerializeToString(),
                 command_headers(type, order["command_id"], lane_key),
                 flush)
        return order["command_id"]


def command_headers(type, command_id, lane_key, **more):
    at = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    head = {"ce_specversion": "1.0", "ce_id": command_id, "ce_type": type,
            "ce_source": "/tests/fault", "ce_subject": lane_key,
            "ce_time": at, "content-type": "application/protobuf", **more}
    return [(k, v if isinstance(v, bytes) else v.encode())
            for k, v in head.items()]


class Town(Sender):
    """A centre, its schools and their people; stock for every class of
    work."""

    def __init__(self, bootstrap, contracts, ears, db):
        super().__init__(bootstrap, contracts)
        self.ears, self.db = ears, db
        self.centre = "C" + os.urandom(4).hex().upper()
        self.administrator = self.officer = None  # actors: founded later
        self.chiefs = {}  # of schools, by code
        self.applied, self.leavers, self.planned, self.taken = [], [], [], []

    # --- single commands ------------------------------------------------------
    def add_unit(self, code, kind=LEGAL_PERSON, flush=True, **fields):
        centre = {"managing_centre": self.centre} if kind != CENTRE else {}
        return self.command("account", code, "AddOrganization",
                            {"actor": self.administrator}, flush, code=code,
                            name=f"單位{code}", kind=kind,
                            county="宜蘭縣", establishment="公立",
                            **centre, **fields)

    def apply(self, code, login=None, flush=True, role=OPERATOR):
        account, person = str(uuid.uuid4()), str(uuid.uuid4())
        login = login or "l" + account.replace("-", "")[:20]
        sent = self.command(
            "account", code, "ApplyForBusinessAccount", {"actor": UNNAMED},
            flush, account_id=account, organization=code, person_id=person,
            name="王小明", phone="02-12345678", email=f"{login}@b.tw",
            login=login, wanted_role=role, evidence=EMAIL_VERIFIED)
        return sent, (code, account, person, login)

    def enable(self, application, role, officer, version=0, flush=True):
        code, account, person, login = application
        return self.command(
            "account", code, "EnableBusinessAccount", {"actor": officer},
            flush, account_id=account, organization=code, person_id=person,
            login=login, role=role, permissions=0, enabling=APPLICATION,
            evidence=NUMBER_CONFIRMED, teacher_version=version,
            teacher_incarnation=1 if version else 0,
            teacher_organizations=[code] if version else [])

    def register(self, person, code, flush=True, at=None, **fields):
        order = {"actor": self.chiefs[code]}
        if at is not None:
            order["at"] = at
        if "expected_version" in fields:
            # With a record that the officer has looked up.
            order["expected_version"] = fields.pop("expected_version")
            fields["look_up"] = {"audit_id": str(uuid.uuid4()),
                                 "organization": code, "at": at or now()}
        return self.command(
            "teacher", person, "RegisterTeacher", order, flush,
            person_id=person, number_sealed=(b"sealed-" + person.encode()).ljust(51),
            number_kind=1, name="李大同", sex=1, email="t@b.tw",
            organization=code, unit_kind=PRIMARY_SCHOOL, unit_status=1,
            unit_version=1, post=1, unit_note="", **fields)

    def leave(self, person, code, flush=True):
        return self.command(
            "teacher", person, "LeaveSchool",
            {"actor": self.chiefs[code]}, flush,
            person_id=person, organization=code, reason=1)

    def say_course(self, course, owner, version, state=3, newer=b""):
        """Sends a message of the course system; `newer`: fields that no build
        knows yet."""
        type = "inservice.course.v1.CourseStateChanged"
        changed = self.contracts.make(
            type, course_id=course, owner_account_id=owner,
            organization=self.centre, title="研習", state=state,
            course_version=version)
        self.put("inservice.course.event.v1", lane_of(self.centre), course,
                 changed.SerializeToString() + newer,
                 command_headers(type, str(uuid.uuid4()), course,
                                 ce_source="/course"))

    # --- stock -----------------------------------------------------------------
    def found(self, founder):
        """Adds the centre and its CHIEF, by the platform's founder."""
        self.administrator = self.actor(founder)
        self.done(self.ears.wait([self.add_unit(self.centre, CENTRE)]))
        self.officer = self.staff([self.centre], self.administrator)[0]

    def actor(self, account):
        """The officer in the form in which a gateway names them."""
        row = self.db.rows(
            "SELECT a.version, a.organization, a.role, a.permissions, "
            "a.person_id::text, o.kind FROM account.business_account a "
            "JOIN account.organization o ON o.code = a.organization "
            "WHERE a.account_id = %s", account)[0]
        return {"account_id": account, "reach": REACH.get(row[5], OWN), **dict(zip(
            ("account_version", "organization", "role", "permissions",
             "person_id", "kind"), row))}

    def staff(self, codes, approver):
        """A CHIEF for each unit; returns when both owners have the account."""
        applied = [self.apply(code, flush=False, role=CHIEF) for code in codes]
        self.flush()
        self.done(self.ears.wait([sent for sent, _ in applied]))
        enabled = [self.enable(application, CHIEF, approver, flush=False)
                   for _, application in applied]
        self.flush()
        self.done(self.ears.wait(enabled))
        accounts = [application[1] for _, application in applied]
        wait_until(lambda: self.db.one(
            "SELECT count(*) FROM teacher.officer_copy WHERE status = 3 AND "
            "account_id = ANY(%s::uuid[])", accounts) == len(accounts), 60,
            "the officers' copies")
        return [self.actor(account) for account in accounts]

    @staticmethod
    def done(outcomes):
        for outcome in outcomes:
            assert outcome.WhichOneof("result") == "done", outcome
        return outcomes

    def new_code(self):
        return "S" + os.urandom(5).hex().upper()

    def schools(self, count):
        codes = [self.new_code() for _ in range(count)]
        sent = [self.add_unit(c, PRIMARY_SCHOOL, False) for c in codes]
        self.flush()
        self.done(self.ears.wait(sent))
        self.chiefs.update(zip(codes, self.staff(codes, self.officer)))
        return codes

    def stock(self, count):
        """Applications to be enabled, officers to leave, teachers to move."""
        codes = self.schools(4 * count)
        self.taken += codes[count:]
        codes = codes[:count]
        pairs = [self.apply(c, flush=False, role=CHIEF) for c in codes]
        leaving = [self.apply(c, flush=False) for c in codes]
        people = [str(uuid.uuid4()) for _ in range(count)]
        registered = [self.register(p[1][2], p[1][0], False) for p in leaving]
        planned = [self.register(p, c, False) for p, c in zip(people, codes)]
        self.flush()
        self.done(self.ears.wait([p[0] for p in pairs + leaving] + registered +
                                 planned))
        self.await_teachers([p[1][2] for p in leaving])
        enabled = [self.enable(p[1], OPERATOR,
                               self.chiefs[p[1][0]], 1, False)
                   for p in leaving]
        self.flush()
        self.done(self.ears.wait(enabled))
        self.applied += [p[1] for p in pairs]
        self.leavers += [p[1] for p in leaving]
        self.planned += list(zip(people, codes))

    def await_teachers(self, people):
        """The account service refuses to enable a teacher it does not know."""
        wait_until(lambda: self.db.one(
            "SELECT count(*) FROM account.affiliation WHERE "
            "person_id = ANY(%s::uuid[])", people) == len(people), 60,
            "the teachers' copies")

    def prepare(self):
        """Enough of everything for a few pieces of work."""
        if min(map(len, (self.applied, self.leavers, self.planned))) < 4 or \
                len(self.taken) < 12:
            self.stock(16)

    def need(self, stock):
        if not stock:
            self.prepare()
        return stock.pop()

    # --- classes of work ---------------------------------------------------------
    def one_fact(self):
        code = self.new_code()
        return Work([self.add_unit(code)], what=code)

    def many_facts(self):
        """Account, unit and their states: the CHIEF's enabling."""
        application = self.need(self.applied)
        return Work([self.enable(application, CHIEF, self.officer)],
                    what=application[1])

    def claim(self):
        """Two units' applicants want one login name: one gets it."""
        one, two = self.need(self.taken), self.need(self.taken)
        login = "claim" + os.urandom(6).hex()
        ids = [self.apply(code, login, False)[0] for code in (one, two)]
        self.flush()

        def effect():
            ends = [self.ears.heard[i][1].WhichOneof("result") for i in ids]
            return sorted(ends) == ["done", "refused"]
        return Work(ids, {"LOGIN_TAKEN"}, effect, login)

    def self_command(self):
        """A teacher leaves; their account is suspended in its unit's lane."""
        code, account, person, _ = self.need(self.leavers)
        sent = self.leave(person, code)

        def effect():
            return self.db.one(
                "SELECT status FROM account.business_account "
                "WHERE account_id = %s", account) == 4
        return Work([sent], effect=effect, what=account)

    def refusal(self):
        return Work([self.add_unit(self.centre, CENTRE)],
                    {"ORGANIZATION_EXISTS"}, what=self.centre)

    def timer(self):
        """An application whose thirty days are over."""
        account, person = str(uuid.uuid4()), str(uuid.uuid4())
        sent = self.command(
            "account", person, "ApplyForTeacherAccount",
            {"at": now() - 31 * DAY, "actor": UNNAMED}, account_id=account,
            person_id=person, organization=self.need(self.taken), name="張三", email="z@b.tw",
            login="t" + account.replace("-", "")[:20],
            evidence=EMAIL_VERIFIED)

        def effect():
            return self.db.rows(
                "SELECT 1 FROM account.teacher_account WHERE account_id = %s "
                "AND status = 6", account)
        return Work([sent], effect=effect, what=account)

    def teacher_one_fact(self):
        person = str(uuid.uuid4())
        return Work([self.register(person, self.need(self.taken))],
                    what=person)

    def teacher_many_facts(self):
        """A pull that replaces a plan: MoveUndone, TeacherTransferred, state."""
        person, _ = self.need(self.planned)
        plan = self.register(person, self.need(self.taken),
                             expected_version=1, effective_on=day(20))
        pull = self.register(person, self.need(self.taken),
                             expected_version=2)
        return Work([plan, pull], what=person)

    def teacher_copy(self):
        """A unit appears: its copy follows the owner's state."""
        code = self.new_code()

        def effect():
            return self.db.rows("SELECT 1 FROM teacher.organization_copy "
                                "WHERE code = %s", code)
        return Work([self.add_unit(code)], effect=effect, what=code)

    def teacher_refusal(self):
        person, code = self.need(self.planned)
        return Work([self.register(person, code)], {"ALREADY_HERE"},
                    what=person)

    def teacher_timer(self):
        """Planned the day before yesterday for yesterday: due at once."""
        person, _ = self.need(self.planned)
        code = self.need(self.taken)
        sent = self.register(person, code, at=now() - 2 * DAY,
                             expected_version=1, effective_on=day(-1))

        def effect():
            return self.db.rows(
                "SELECT 1 FROM teacher.post WHERE person_id = %s AND state = 1 "
                "AND organization = %s", person, code)
        return Work([sent], effect=effect, what=person)

    def finish(self, work, deadline=60):
        """Waits until every command has an allowed answer and the effect is
        there."""
        for outcome in self.ears.wait(work.ids, deadline):
            if outcome.WhichOneof("result") == "refused":
                assert outcome.refused.code in work.codes, (work.what, outcome)
        if work.effect is not None:
            wait_until(work.effect, deadline, f"the effect on {work.what}")
