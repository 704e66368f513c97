"""The base of the system tests: real processes, and independent ways to look
at them.

The client is `requests`. The Kafka client is confluent-kafka; it decodes
messages by the contracts' descriptor set. psycopg reads the database as its
administrator. Only the code that starts processes (tools/play) is shared with
the programs under test. All waiting is for a condition.
"""
import json
import os
import time
import uuid

import confluent_kafka
import psycopg
import requests
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

from play.client import Answer, Client
from play.system import Service, wait_until

LANES = int(os.environ.get("INSERVICE_LANES") or 6)  # of the stack
SANITIZERS = {
    "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=0:"
                    "halt_on_error=1:exitcode=99",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1:exitcode=98",
}


# --- HTTP ------------------------------------------------------------------------
class Gateway(Client):
    """play.client's Client on `requests`, with a kept connection. Notes every
    answer that the OpenAPI document does not promise."""

    judge, faults = None, []  # of all clients

    def __init__(self, *words, **more):
        super().__init__(*words, **more)
        self.line = requests.Session()
        self.line.trust_env = False

    def _send(self, method, path, body, head, timeout):
        answer = self.line.request(method, self.url + path, data=body,
                                   headers=head, timeout=timeout,
                                   allow_redirects=False)
        answer = Answer(method, path, answer.status_code,
                        answer.headers.items(), answer.content)
        if Gateway.judge is not None:
            fault = Gateway.judge.fault(answer)
            if fault is not None:
                Gateway.faults.append(f"{fault}\n    {answer!r}")
        return answer

    def stream(self, path, headers=None, timeout=30):
        """An open answer; its lines arrive as they are sent (SSE)."""
        head = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        return self.line.get(self.url + path, headers=head, stream=True,
                             timeout=timeout)


def lane_of(key, lanes=LANES):
    """The lane of a key: Kafka's own murmur2 over its bytes, modulo lanes."""
    data, m, mask = key.encode(), 0x5bd1e995, 0xffffffff
    h = (0x9747b28c ^ len(data)) & mask
    whole = len(data) // 4 * 4
    for i in range(0, whole, 4):
        k = int.from_bytes(data[i:i + 4], "little") * m & mask
        k = (k ^ k >> 24) * m & mask
        h = h * m & mask ^ k
    rest = data[whole:]
    if rest:
        h = (h ^ int.from_bytes(rest, "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return ((h ^ h >> 15) & 0x7fffffff) % lanes


# --- messages ----------------------------------------------------------------------
class Contracts:
    """Every message of the contracts, by full name."""

    def __init__(self, descriptor_set):
        with open(descriptor_set, "rb") as file:
            files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
        pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            pool.Add(file)
        factory = message_factory.MessageFactory(pool)
        self.types = {}
        for file in files.file:
            for message in file.message_type:
                name = f"{file.package}.{message.name}"
                self.types[name] = factory.GetPrototype(
                    pool.FindMessageTypeByName(name))

    def make(self, type, **fields):
        return self.types[type](**fields)

    def read(self, name, value):
        return self.types[name].FromString(value)


class Record:
    """One record that was read from a topic."""

    def __init__(self, message, contracts):
        self.topic, self.partition = message.topic(), message.partition()
        self.offset, self.raw = message.offset(), message.value()
        self.key = (message.key() or b"").decode()
        self.headers = {k: v.decode() for k, v in message.headers() or []}
        self.type = self.headers.get("ce_type", "")
        self.short = self.type.rsplit(".", 1)[-1]
        try:
            self.message = contracts.read(self.type, self.raw)
        except (KeyError, TypeError, DecodeError):
            self.message = None  # unknown type, tombstone, or rubbish

    def __repr__(self):
        return f"{self.topic}[{self.partition}]@{self.offset} {self.short}"


class Kafka:
    """Reads topics from their beginning, without a group; writes records."""

    def __init__(self, bootstrap, contracts, security=None):
        self.contracts = contracts
        self.client = {"bootstrap.servers": bootstrap, **(security or {})}
        self.producer = confluent_kafka.Producer(
            {**self.client, "socket.nagle.disable": True})

    def read(self, *topics):
        """All records that are there now, in the order of each partition."""
        consumer = confluent_kafka.Consumer(
            {**self.client, "group.id": "tests",
             "enable.auto.commit": False, "fetch.wait.max.ms": 50})
        places, left = [], {}
        for topic in topics:
            for lane in range(LANES):
                place = confluent_kafka.TopicPartition(topic, lane)
                low, high = consumer.get_watermark_offsets(place, timeout=10)
                if high > low:
                    place.offset = low
                    places.append(place)
                    left[topic, lane] = high
        records = []
        consumer.assign(places)
        end = time.monotonic() + 60
        while left and time.monotonic() < end:
            for message in consumer.consume(1000, timeout=0.2):
                assert message.error() is None, message.error()
                records.append(Record(message, self.contracts))
                place = message.topic(), message.partition()
                if place in left and message.offset() + 1 >= left[place]:
                    del left[place]
            # Compaction and markers may leave the last offsets empty.
            for place in consumer.position(places):
                if place.offset >= left.get((place.topic, place.partition),
                                            1 << 62):
                    del left[place.topic, place.partition]
        consumer.close()
        assert not left, f"not read to the end: {left}"
        return records

    def find(self, topic, short, deadline=20, **fields):
        """Waits for the first record of this type with these fields."""
        def look():
            for record in self.read(topic):
                if record.short == short and record.message is not None and \
                        all(getattr(record.message, k) == v
                            for k, v in fields.items()):
                    return record
            return None
        return wait_until(look, deadline, f"{short} {fields} on {topic}")

    def send(self, topic, partition, key, value, type, command_id=None,
             wait=True, **headers):
        """Sends one record with the headers of CloudEvents; waits until it is
        stored."""
        head = {"ce_specversion": "1.0",
                "ce_id": command_id or str(uuid.uuid4()), "ce_type": type,
                "ce_source": "/tests", "ce_subject": key,
                "ce_time": "2026-01-01T00:00:00.000000Z",
                "content-type": "application/protobuf", **headers}
        failed = []
        self.producer.produce(
            topic, value=value, key=key, partition=partition,
            headers=[(k, v.encode()) for k, v in head.items()],
            on_delivery=lambda error, _: error and failed.append(error))
        if wait:
            assert self.producer.flush(20) == 0 and not failed, failed


def security_of(stack, user):
    """The client's properties of a user of a secure stack; {} otherwise."""
    file = stack.env.get(f"{user}_KAFKA_SECURITY")
    if file is None:
        return {}
    with open(file) as lines:
        return dict(line.rstrip("\n").split("=", 1) for line in lines)


# --- database ------------------------------------------------------------------------
class Db:
    """Reads and changes all schemas as the administrator."""

    def __init__(self, url):
        self.url = url
        self.again()

    def again(self):
        """Opens a new connection, because the server was restarted."""
        self.line = psycopg.connect(self.url, autocommit=True)

    def rows(self, query, *values):
        with self.line.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall()

    def change(self, query, *values):
        """Changes rows, for states that otherwise only time brings. Returns
        the number of rows."""
        with self.line.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.rowcount

    def one(self, query, *values):
        rows = self.rows(query, *values)
        assert len(rows) == 1, (query, rows)
        return rows[0][0] if len(rows[0]) == 1 else rows[0]


# --- logs --------------------------------------------------------------------------------
class Watch:
    """Fails a test on each ERROR event that it did not plan."""

    def __init__(self):
        self.services, self.seen, self.planned = [], {}, []

    def add(self, service):
        self.services.append(service)
        self.seen.setdefault(service.log_file, 0)

    def begin(self):
        self.planned = []

    def plan(self, *events):
        self.planned += events

    def news(self):
        """(service, event) of each line since the last look."""
        for service in self.services:
            events = service.log()
            for event in events[self.seen[service.log_file]:]:
                yield service, event
            self.seen[service.log_file] = len(events)

    def end(self):
        bad = [f"{service.name}: {json.dumps(event, ensure_ascii=False)}"
               for service, event in self.news()
               if event.get("level") in ("error", "ERROR")
               and event.get("event") not in self.planned]
        for service in self.services:
            if service.process is not None and not service.alive and \
                    service.process.returncode not in (0, -9, -15):
                bad.append(f"{service.name} ended with "
                           f"{service.process.returncode}")
                service.process = None
        assert not bad, "unplanned errors:\n" + "\n".join(bad[:40])


def checked(env=None):
    return {**SANITIZERS, **(env or {})}


def shared_list():
    """The path of the ministry's real list; None if it is not there."""
    folder = os.environ.get("INSERVICE_SHARED", "../shared")
    path = os.path.join(folder, "data", "organizations.csv")
    return path if os.path.exists(path) else None


__all__ = ["Contracts", "Db", "Gateway", "Kafka", "LANES", "Service", "Watch",
           "checked", "lane_of", "security_of",
           "shared_list", "wait_until"]
