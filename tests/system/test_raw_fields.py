"""Commands as raw messages with every field bent, one at a time. Whatever a
field holds, its owner answers: no key waits for an operator, and no process
ends. A time and a number that cannot be believed are refused with a stable
code.

The fields come from the contracts: a new one is tried without a change here.
"""
from google.protobuf.descriptor import FieldDescriptor as Field
from play.system import wait_until

from harness import lane_of
from raw import HOUR, SYSTEM, Raw, new_id, now

DAY = 24 * HOUR
LEAST, MOST = -1 << 63, (1 << 63) - 1
NUMBERS = {Field.CPPTYPE_INT64: (LEAST, -1, 0, MOST),
           Field.CPPTYPE_UINT32: (0, 64, (1 << 32) - 1),
           Field.CPPTYPE_BOOL: (True,)}
TEXTS = ("", "x", "\u0130\u212a\ufb01", "?", "x" * 129, "\u5b57" * 9000,
         "00000000-0000-0000-0000-00000000000G", "1900-01-01", "2999-12-31",
         "2026-02-30", "0000-00-00", "99999-99-99")
BYTES = (b"", b"\0", b"\xff" * 128, b"x" * 129, b"\0" * 9000)
FUTURE = 99  # an enum number of no build yet
# What makes something: the fields that must be new, and of these its lane.
NEW = {"AddOrganization": ("code", ("code",)),
       "ApplyForBusinessAccount": (None, ("account_id", "person_id")),
       "ApplyForTeacherAccount": ("person_id", ("account_id", "person_id")),
       "RegisterTeacher": ("person_id", ("person_id",))}
FREE_LOGIN = {"ApplyForBusinessAccount", "ApplyForTeacherAccount",
              "EnableTeacherAccount"}


def values_of(field, present):
    """Odd values for a field that has `present`."""
    if field.cpp_type == Field.CPPTYPE_STRING:
        texts = BYTES if field.type == Field.TYPE_BYTES else TEXTS
        upper = present.upper() if isinstance(present, str) else present
        return (*texts, upper) if upper != present else texts
    return NUMBERS.get(field.cpp_type, ())


def places(message):
    """(message, field) of every field in it and in what it holds."""
    for field in message.DESCRIPTOR.fields:
        if field.cpp_type != Field.CPPTYPE_MESSAGE:
            yield message, field
        elif field.label == Field.LABEL_REPEATED:
            if not getattr(message, field.name):
                getattr(message, field.name).add()
            yield from places(getattr(message, field.name)[0])
        else:
            yield from places(getattr(message, field.name))


def put(message, field, value):
    if field.label == Field.LABEL_REPEATED:
        del getattr(message, field.name)[:]
        getattr(message, field.name).append(value)
    else:
        setattr(message, field.name, value)


def bent(raw, command):
    """(what, key, message) for every odd value of every field."""
    for number in range(len(list(places(raw.make(command, command.right))))):
        _, field = list(places(raw.make(command, command.right)))[number]
        holder = list(places(raw.make(command, command.right)))[number][0]
        for value in values_of(field, getattr(holder, field.name)):
            key, more = command.lane, {}
            lane_field, fresh = NEW.get(command.name, (None, ()))
            if command.name in FREE_LOGIN:
                more["login"] = f"rf.{new_id()[:8]}"
            for name in fresh:
                more[name] = new_id()[:16].upper() if name == "code" \
                    else new_id()
                key = more[name] if name == lane_field else key
            message = raw.make(command, command.right, fields=more)
            holder, field = list(places(message))[number]
            if field.name == "command_id":
                continue
            was = getattr(holder, field.name)
            put(holder, field, value)
            if holder is message and was == key and len(str(value)) < 100:
                key = value
            yield f"{holder.DESCRIPTOR.name}.{field.name} = {value!r:.60}", \
                key, message


def parked(db):
    return [row for service in ("account", "teacher", "gateway")
            for row in db.rows(f"SELECT topic, key, type, reason, id FROM "
                               f"{service}.parked")]


def undecided(db, raw):
    known = {row[0] for service in ("account", "teacher") for row in db.rows(
        f"SELECT command_id::text FROM {service}.inbox "
        "WHERE command_id = ANY(%s::uuid[])", list(raw.cells))}
    return [cell for command_id, (cell, _) in raw.cells.items()
            if command_id not in known]


def test_f06_no_field_parks_its_key(raw_commands, kafka, contracts, db,
                                    errors):
    errors.plan("wrong_lane", "message_refused")
    raw, before = Raw(kafka, contracts), parked(db)
    for command in raw_commands:
        for what, key, message in bent(raw, command):
            raw.put(command, what, message, set(), key=key,
                    lane=lane_of(key or command.lane))
        kafka.producer.flush(20)
    wait_until(lambda: parked(db) != before or not undecided(db, raw), 120,
               "the owners to decide")
    wrong = [(raw.cells.get(row[-1]), *row) for row in parked(db)
             if row not in before and row[3] != "key_parked"]
    assert not wrong, undecided(db, raw)[:5]
    print(f"{len(raw.cells)} bent commands")
    assert len(raw.cells) > 1000


def test_f06_a_time_that_cannot_be_is_refused(raw_commands, kafka, contracts,
                                              errors):
    """A command that was on its way for long is still decided: the last cell
    of each fails for another reason."""
    errors.plan("message_refused")
    raw = Raw(kafka, contracts)
    for command in raw_commands:
        ahead = (401 if command.right is SYSTEM else 1) * DAY + HOUR
        for at in (LEAST, -1, 0, now() + ahead, now() + 4000 * DAY, MOST):
            raw.send(command, f"the right actor, at {at}", command.right,
                     {"BAD_FORM"}, at=at)
        raw.send(command, "the right actor, long ago but too late",
                 command.right, {"EXPIRED_COMMAND"}, at=1, not_after=1)
    assert not list(raw.wrong())


def test_f06_an_unknown_number_is_refused(raw_office, raw_commands, kafka,
                                          contracts, errors):
    """Of a client's command, for the client reads the answer. A command of the
    system waits for the build that knows the number: tests/unit."""
    errors.plan("message_refused")
    raw = Raw(kafka, contracts)
    actor = raw_office.actor(raw_office.chief)
    for command in raw_commands:
        right = actor if command.right is SYSTEM else command.right
        for number, (_, field) in enumerate(places(raw.make(command, right))):
            if field.cpp_type == Field.CPPTYPE_ENUM:
                message = raw.make(command, right)
                put(*list(places(message))[number], FUTURE)
                raw.put(command, f"{field.name} = {FUTURE}", message,
                        {"BAD_FORM"})
    assert not list(raw.wrong())
    assert len(raw.cells) > 40
