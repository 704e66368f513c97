"""Invariants of the machinery: I2, I9, I11, I12.

Each check is a generator of violations (texts). It returns a summary of the
things it has checked, for the line that is printed.
"""
import hashlib
import time
from collections import Counter, defaultdict

from . import operations
from .reading import (COMMAND, DLQ, EVENT, KINDS, OUTCOME, OWNERS, STATE)

DLQ_VALUE_MAX = 256 * 1024
OVERDUE_SECONDS = 10


# --- I2 -----------------------------------------------------------------------------
def said_on_topic(world, service, kind):
    """First occurrences per origin lane, in order; yields every record that is
    no proper repetition. Returns {lane: [records]}."""
    said = defaultdict(list)
    for records in world.topics.of(service, kind).values():
        seen, last = {}, {}
        for record in records:
            if record.text("ce_source") != f"/inservice/{service}" or \
                    record.number("ce_sequence") < 0:
                if kind != COMMAND:
                    yield f"{record} was not said by {service}"
                continue
            lane = record.number("ce_lane")
            first = seen.get(record.place)
            if first is not None:
                if (first.value, first.key) != (record.value, record.key):
                    yield f"{record} repeats {first} with other bytes"
                continue
            seen[record.place] = record
            if record.place[1:] <= last.get(lane, (0, 0)):
                yield f"{record} comes late: {record.place} after {last[lane]}"
            last[lane] = record.place[1:]
            said[lane].append(record)
    return said


def compare_with_journal(world, service, kind, said):
    """The first occurrences on the topic are the journal's rows of this
    kind."""
    rows = defaultdict(list)
    for row in world.journal[service]:
        if row.kind == kind:
            rows[row.lane].append(row)
    for lane in set(rows) | set(said):
        there = {r.place: r for r in said.get(lane, [])}
        for row in rows.get(lane, []):
            record = there.pop(row.place, None)
            if record is None:
                if kind != STATE or not swallowed(world, service, row):
                    yield f"{service} {KINDS[kind]} {row.place} {row.type} " \
                          f"is not on the topic"
            elif record.value != row.value and row.value is not None:
                yield f"{record} is not what the journal has at {row.place}"
            elif record.key.decode("utf-8", "replace") != row.key or \
                    record.text("ce_type") != row.type or \
                    record.text("ce_completes") != (row.completes or ""):
                yield f"{record} has another key, type or completed " \
                      f"operation than {row.place}"
        for place in there:
            if not world.taken_back(service, place):
                yield f"{service} {KINDS[kind]} {place} is on the topic, " \
                      "not in the journal"


def swallowed(world, service, row):
    """Compaction removed it: a later state of that key is there."""
    records = world.topics.of(service, STATE).get(row.partition, [])
    return world.topics.low[f"inservice.{service}.state.v1",
                            row.partition] > 0 or any(
        r.key.decode() == row.key and r.place[1:] > row.place[1:]
        for r in records)


def check_outcomes(world, service):
    heard = defaultdict(set)
    for records in world.topics.of(service, OUTCOME).values():
        for record in records:
            heard[record.key.decode("utf-8", "replace")].add(record.value)
    for command_id, values in heard.items():
        stored = world.inbox[service].get(command_id)
        if stored is None:
            yield f"{service}: outcome of {command_id} without inbox row"
        elif values != {stored}:
            yield f"{service}: outcome of {command_id} is not the inbox's"
    by_state = answered_by_state(world, service)
    for command_id in world.inbox[service]:
        if command_id not in heard and command_id not in by_state and \
                untouched(world, service, OUTCOME):
            yield f"{service}: outcome of {command_id} never published"


def answered_by_state(world, service):
    """Commands whose last state answers them: {command id: its row}."""
    return {row.command_id: row for row in world.journal[service]
            if row.completes}


def untouched(world, service, kind):
    """Retention has removed nothing from the topic."""
    topic = f"inservice.{service}.{KINDS[kind]}.v1"
    return all(low == 0 for (t, _), low in world.topics.low.items()
               if t == topic)


def check_commands(world, service):
    """Every record of the command topic had exactly one end."""
    parked = {(lane, position) for lane, position in world.rows(
        f"SELECT lane, position FROM {service}.parked WHERE topic = %s",
        f"inservice.{service}.command.v1")}
    dead = Counter((r.lane, hashlib.sha256(r.value or b"").digest())
                   for r in world.journal[service] if r.kind == DLQ)
    count = 0
    for lane, records in world.topics.of(service, COMMAND).items():
        for record in records:
            count += 1
            if record.text("ce_id") in world.inbox[service] or \
                    (lane, record.offset) in parked:
                continue
            value = (record.value or b"")[:DLQ_VALUE_MAX]
            if dead[lane, hashlib.sha256(value).digest()] < 1:
                yield f"{record} {record.text('ce_type')} " \
                      f"{record.text('ce_id')} came to no end"
    return count


def i2(world):
    counts = Counter()
    for service in world.owners():
        for kind in (EVENT, STATE, OUTCOME, DLQ, COMMAND):
            said = yield from said_on_topic(world, service, kind)
            yield from compare_with_journal(world, service, kind, said)
            counts[KINDS[kind]] += sum(map(len, said.values()))
        yield from check_outcomes(world, service)
        counts["records of commands"] += yield from check_commands(
            world, service)
    if "gateway" in world.services():
        counts["operations"] = len(world.operations)
        yield from operations.one_effect(world)
    return ", ".join(f"{n} {what}" for what, n in counts.items())


# --- I9 --------------------------------------------------------------------------------
def check_versions(what, versions):
    """Versions are 1…n. A repetition (a republished state) has the same
    version. A restored backup goes back to an earlier one."""
    last, incarnation = 0, 0
    for version, place in versions:
        if place[1] > incarnation > 0:
            last = min(last, version)
        incarnation = max(incarnation, place[1])
        if version not in (last, last + 1) or version == 0:
            yield f"{what}: version {version} after {last}"
        last = max(last, version)


def check_sequences(world, service):
    lanes = {lane: (seq, incarnation) for lane, seq, incarnation in world.rows(
        f"SELECT lane, seq, incarnation FROM {service}.lane")}
    at = dict.fromkeys(lanes, 0)
    for row in world.journal[service]:
        if row.seq != at[row.lane] + 1:
            yield f"{service} journal lane {row.lane}: {row.seq} after " \
                  f"{at[row.lane]}"
        at[row.lane] = row.seq
    for lane, (seq, _) in lanes.items():
        if seq != at[lane]:
            yield f"{service} lane {lane}: seq {seq}, journal ends at " \
                  f"{at[lane]}"


def i9(world):
    aggregates = 0
    for service in world.owners():
        yield from check_sequences(world, service)
        journal, topic, seen = defaultdict(list), defaultdict(list), set()
        for row in world.journal[service]:
            if row.kind == STATE:
                journal[row.type, row.key].append((row.version, row.place))
        for records in world.topics.of(service, STATE).values():
            for record in records:
                if record.place in seen:
                    continue
                seen.add(record.place)
                key = record.text("ce_type"), record.key.decode()
                topic[key].append((record.number("ce_entityversion"),
                                   record.place))
        aggregates += len(journal)
        for key, versions in journal.items():
            yield from check_versions(f"{service} journal {key}", versions)
        if untouched(world, service, STATE):
            for key, versions in topic.items():
                yield from check_versions(f"{service} topic {key}", versions)
        yield from check_facts(world, service)
    return f"{aggregates} aggregates"


def check_facts(world, service):
    """The fact in the message has the same version as the row around it."""
    for row in world.journal[service]:
        if row.kind not in (EVENT, STATE) or row.value is None:
            continue
        message = world.contracts.decode(row.type, row.value)
        if message is None:
            yield f"{service} {row.place}: {row.type} cannot be read"
        elif message.fact.version != row.version:
            yield f"{service} {row.place}: fact has version " \
                  f"{message.fact.version}, row {row.version}"


# --- I11 ----------------------------------------------------------------------------------
def digest(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def link(row, before):
    """The chain's next link: a hash over the link before, the value and the
    row's columns."""
    own = b"/".join([
        b"%d/%d/%d/%d/%d" % (row.lane, row.incarnation, row.seq, row.kind,
                             row.partition),
        row.type.encode(), row.key.encode(),
        (row.command_id or "").encode(), b"%d" % row.version,
        b"%d" % row.at, (row.actor or "").encode(),
        *([row.completes.encode()] if row.completes else []),
        *([row.origin.encode()] if row.origin else [])])
    value = digest(row.value or b"")
    if row.value is None and row.digest is not None:
        value = bytes(row.digest)  # the personal bytes were deleted
    return digest(before + value + own)


def check_chain(world, service):
    chain = defaultdict(lambda: bytes(32))
    for row in world.journal[service]:
        if row.personal and row.value is not None and row.digest is not None \
                and digest(row.value) != bytes(row.digest):
            yield f"{service} {row.place}: personal bytes were altered"
        expected = link(row, chain[row.lane])
        if bytes(row.chain) != expected:
            yield f"{service} {row.place}: the chain breaks here"
        chain[row.lane] = bytes(row.chain)
    for lane, value in world.rows(f"SELECT lane, chain FROM {service}.lane"):
        if bytes(value) != chain[lane]:
            yield f"{service} lane {lane}: the chain's end is another"


def last_of_its_command(world, service, row):
    """Only the last state of a command answers it, and the inbox names it."""
    outcome = world.outcome(service, row.command_id)
    done = outcome.done if outcome is not None else None
    if done is None or done.state_seq != row.seq or done.version != row.version:
        yield f"{service} {row.place}: answers {row.command_id} otherwise " \
              "than the inbox"
    if row.completes not in (outcome.operation_id, outcome.import_id):
        yield f"{service} {row.place}: names another operation than the order"


def check_audit(world, service):
    """One row for each command, with actor, time, command and result, except
    repeats."""
    first = Counter()
    for row in world.journal[service]:
        if row.kind != OUTCOME and not row.completes:
            continue
        stored = world.inbox[service].get(row.command_id)
        if row.code != "REPEATED":
            first[row.command_id] += 1
        if row.kind == OUTCOME and stored is not None and row.value != stored:
            yield f"{service} {row.place}: outcome is not the inbox's"
        if row.completes:
            yield from last_of_its_command(world, service, row)
        known = world.commands[service].get(row.command_id)
        actor = known[1].order.actor.account_id if known else None
        unread = row.code == "DISCARDED" and row.actor is None
        if known and not unread and (row.actor or "") != actor:
            yield f"{service} {row.place}: actor is {row.actor}, not {actor}"
    for command_id in world.inbox[service]:
        if first[command_id] != 1:
            yield f"{service}: {command_id} has {first[command_id]} audit rows"
    for command_id in first:
        if command_id not in world.inbox[service]:
            yield f"{service}: audit row of {command_id} without inbox row"


def i11(world):
    """The audit of every command, in a chain from which no row was removed
    (B17)."""
    rows = 0
    for service in world.owners():
        yield from check_chain(world, service)
        yield from check_audit(world, service)
        rows += len(world.journal[service])
    yield from operations.audited(world)
    return f"{rows} journal rows"


# --- I12 -----------------------------------------------------------------------------------
def unpublished(world, service):
    for lane, seq, published in world.rows(
            f"SELECT lane, seq, published_seq FROM {service}.lane "
            "WHERE published_seq <> seq ORDER BY lane"):
        yield f"{service} lane {lane}: seq {seq}, published {published}"


def unheard(world, service):
    """Records of topics that the service has not received."""
    heard = {(topic, lane): offset for topic, lane, offset in world.rows(
        f"SELECT topic, lane, next_offset FROM {service}.lane_input")}
    for topic in {topic for topic, _ in heard}:
        for (name, lane), high in world.topics.high.items():
            if name == topic and heard.get((name, lane), 0) < high:
                yield f"{service} has not heard {topic}[{lane}]: " \
                      f"{heard.get((name, lane), 0)} of {high}"


def overdue(world, service):
    for lane, name in world.rows(
            f"SELECT lane, name FROM {service}.timer "
            "WHERE due_at < now() - make_interval(secs => %s)",
            OVERDUE_SECONDS):
        yield f"{service} lane {lane}: timer {name} is overdue"


def parked(world, service):
    for lane, topic, key, reason in world.rows(
            f"SELECT lane, topic, key, reason FROM {service}.parked"):
        yield f"{service} lane {lane}: {topic} {key} is parked ({reason})"


def restless(world):
    """Everything that is still under way; empty when all is at rest."""
    world.topics.read_ends()
    for service in world.services():
        if service in OWNERS:
            yield from unpublished(world, service)
        yield from unheard(world, service)
    if "gateway" in world.services():
        yield from operations.unfinished(world)


def settle(world, seconds):
    """Waits until all is at rest, at most that many seconds."""
    end = time.monotonic() + seconds
    while any(True for _ in restless(world)) and time.monotonic() < end:
        time.sleep(0.1)


def i12(world, may_park=False):
    waiting = 0
    yield from restless(world)
    for service in world.owners():
        yield from overdue(world, service)
    if "gateway" in world.services():
        yield from operations.overdue_mails(world)
    for service in world.services():
        found = list(parked(world, service))
        waiting += len(found)
        if not may_park:
            yield from found
    return f"{len(world.services())} services at rest, {waiting} parked"
