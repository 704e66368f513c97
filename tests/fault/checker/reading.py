"""The data of the checker: all topics from their beginning, all tables it
needs.

This module only reads; the others judge. Messages are decoded by the
contracts' descriptor set. Tables are read as the administrator, each once.
Nothing is written.
"""
import shlex
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import confluent_kafka
import psycopg
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = Path(__file__).resolve().parents[3]
COMMAND, OUTCOME, EVENT, STATE, DLQ = range(5)
KINDS = ("command", "outcome", "event", "state", "dlq")
OWNERS = ("account", "teacher")
OUTCOME_TYPE = "inservice.common.v1.Outcome"


def read_env(path):
    return dict(word.split("=", 1)
                for word in shlex.split(Path(path).read_text()))


class Contracts:
    """Every message of proto/, by full name."""

    def __init__(self, descriptor_set=None):
        files = descriptor_pb2.FileDescriptorSet.FromString(
            Path(descriptor_set).read_bytes() if descriptor_set
            else self._compile())
        pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            pool.Add(file)
        make = getattr(message_factory, "GetMessageClass", None) or \
            message_factory.MessageFactory(pool).GetPrototype
        self.types = {
            f"{file.package}.{message.name}": make(pool.FindMessageTypeByName(
                f"{file.package}.{message.name}"))
            for file in files.file for message in file.message_type}

    @staticmethod
    def _compile():
        protos = sorted(str(p.relative_to(ROOT / "proto"))
                        for p in (ROOT / "proto").rglob("*.proto"))
        with tempfile.NamedTemporaryFile() as out:
            subprocess.run(["protoc", f"--proto_path={ROOT / 'proto'}",
                            "--include_imports",
                            f"--descriptor_set_out={out.name}", *protos],
                           check=True)
            return Path(out.name).read_bytes()

    def decode(self, name, value):
        """The message; None if the bytes are no message of this type."""
        kind = self.types.get(name)
        if kind is None or value is None:
            return None
        try:
            return kind.FromString(value)
        except Exception:  # noqa: BLE001  poison is expected here
            return None


@dataclass
class Record:
    """One record of a topic."""
    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: dict

    def text(self, name):
        value = self.headers.get(name)
        return value.decode("utf-8", "replace") if value is not None else ""

    def number(self, name):
        try:
            return int(self.headers.get(name, b""))
        except ValueError:
            return -1

    @property
    def place(self):
        return (self.number("ce_lane"), self.number("ce_incarnation"),
                self.number("ce_sequence"))

    def __str__(self):
        return f"{self.topic}[{self.partition}]@{self.offset}"


@dataclass
class Row:
    """One row of a journal."""
    lane: int
    seq: int
    incarnation: int
    at: int
    kind: int
    partition: int
    type: str
    key: str
    command_id: str
    causation: str
    actor: str
    code: str
    version: int
    value: bytes
    digest: bytes
    chain: bytes
    completes: str
    origin: str
    personal: bool

    @property
    def place(self):
        return self.lane, self.incarnation, self.seq


class Topics:
    def __init__(self, bootstrap):
        self.bootstrap = bootstrap
        self.consumer = confluent_kafka.Consumer(
            {"bootstrap.servers": bootstrap, "group.id": "checker",
             "enable.auto.commit": False, "fetch.wait.max.ms": 20,
             "fetch.error.backoff.ms": 10, "log_level": 3})
        self.low, self.high, self.records = {}, {}, {}

    def read_ends(self):
        found = self.consumer.list_topics(timeout=20).topics
        for name, topic in found.items():
            if not name.startswith("inservice."):
                continue
            for lane in topic.partitions:
                place = confluent_kafka.TopicPartition(name, lane)
                low, high = self._ends(place)
                self.low[name, lane], self.high[name, lane] = low, high
        return self.high

    def _ends(self, place, deadline=60):
        """Offsets of a partition. Tries again, because a broker that has just
        started answers "not leader" for a while."""
        end = time.monotonic() + deadline
        while True:
            try:
                return self.consumer.get_watermark_offsets(place, 20)
            except confluent_kafka.KafkaException:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def read_all(self, deadline=120):
        self.read_ends()
        left = {p: h for p, h in self.high.items() if h > self.low[p]}
        self.records = {topic: {} for topic, _ in self.high}
        places = [confluent_kafka.TopicPartition(t, p, self.low[t, p])
                  for t, p in left]
        self.consumer.assign(places)
        end = time.monotonic() + deadline
        while left:
            if time.monotonic() > end:
                raise TimeoutError(f"topics were not read to the end: {left}")
            for message in self.consumer.consume(5000, timeout=0.05):
                if message.error() is None:
                    self._take(message)
            for place in self.consumer.position(places):
                at = place.topic, place.partition
                if at in left and place.offset >= left[at]:
                    del left[at]
        self.consumer.unassign()

    def _take(self, message):
        headers = dict(message.headers() or [])
        self.records[message.topic()].setdefault(
            message.partition(), []).append(
                Record(message.topic(), message.partition(), message.offset(),
                       message.key() or b"", message.value(), headers))

    def of(self, service, kind):
        """{partition: records in order} of one topic."""
        return self.records.get(f"inservice.{service}.{KINDS[kind]}.v1", {})


class World:
    """All data, read once. `settle` waits until all is at rest. Nothing is
    expected of services that are `absent`, because they do not run."""

    def __init__(self, env, descriptor_set=None, absent=()):
        self.env, self.absent = env, absent
        self.contracts = Contracts(descriptor_set)
        self.line = psycopg.connect(env["ADMIN_DATABASE_URL"], autocommit=True)
        self.topics = Topics(env["KAFKA_BOOTSTRAP"])
        self.journal, self.inbox = {}, {}
        self.commands = {}  # service → {command id: (Record, message)}
        self.operations = []
        self.restarts = {}  # service → {(lane, incarnation): first sequence}

    def rows(self, query, *values):
        with self.line.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()

    def dicts(self, query, *values):
        with self.line.cursor(row_factory=psycopg.rows.dict_row) as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()

    def exists(self, table):
        return self.rows("SELECT to_regclass(%s) IS NOT NULL", table)[0][0]

    def services(self):
        return [s for s in (*OWNERS, "gateway")
                if s not in self.absent and self.exists(f"{s}.lane")]

    def owners(self):
        return [s for s in OWNERS if self.exists(f"{s}.journal")]

    def read(self):
        self.topics.read_all()
        self.read_tables()

    def read_tables(self):
        for service in self.owners():
            self.journal[service] = [Row(*r) for r in self.rows(f"""
                SELECT j.lane, j.seq, j.incarnation,
                       (extract(epoch FROM j.at) * 1000000)::bigint, j.kind,
                       j.partition, j.type, j.key, j.command_id::text,
                       j.causation, j.actor::text, j.code, j.version,
                       coalesce(j.value, p.value), j.digest, j.chain, j.completes,
                       j.origin,
                       p.value IS NOT NULL OR j.digest IS NOT NULL
                FROM {service}.journal j
                LEFT JOIN {service}.journal_personal p USING (lane, seq)
                ORDER BY j.lane, j.seq""")]
            self.inbox[service] = dict(self.rows(
                f"SELECT command_id::text, outcome FROM {service}.inbox"))
            self._read_commands(service)
        if self.exists("gateway.operation"):
            self.operations = self.dicts(
                "SELECT operation_id::text, scope, command_id::text, service, "
                "lane, command, state, code, version, outcome_seq "
                "FROM gateway.operation")

    def _read_commands(self, service):
        """Sound commands by id: the type is known, there is an order, and the
        id fits."""
        found = {}
        for records in self.topics.of(service, COMMAND).values():
            for record in records:
                message = self.contracts.decode(record.text("ce_type"),
                                                record.value)
                order = getattr(message, "order", None)
                if order is not None and order.command_id and \
                        order.command_id == record.text("ce_id"):
                    found.setdefault(order.command_id, (record, message))
        self.commands[service] = found

    def taken_back(self, service, place):
        """Was said after the backup from which the database comes: the lane
        went on from an earlier sequence, in a higher incarnation."""
        if service not in self.restarts:
            self.restarts[service] = starts = {}
            for row in self.journal[service]:
                starts.setdefault((row.lane, row.incarnation), row.seq)
            for lane, incarnation, seq in self.rows(
                    f"SELECT lane, incarnation, seq FROM {service}.lane"):
                starts.setdefault((lane, incarnation), seq + 1)
        lane, incarnation, seq = place
        return any(of == lane and later > incarnation and seq >= first
                   for (of, later), first in self.restarts[service].items())

    def outcome(self, service, command_id):
        value = self.inbox[service].get(command_id)
        return self.contracts.decode(OUTCOME_TYPE, value)
