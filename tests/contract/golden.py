"""Writes golden vectors for messages that have none yet.

    golden.py <descriptor set>        adds what is missing, changes nothing
    golden.py <descriptor set> --all  writes all files from scratch: before the
                                      first release only; afterwards golden
                                      bytes never change

Three vectors a message: `whole` (every field, first member of each oneof),
`edges` (extremes, zeros that are present, last member of each oneof) and, when
a field was added since, `whole-2`, `whole-3`, …
"""
import json
import sys

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor as F

from contracts import (GOLDEN, Contracts, Vector, format_vector, is_message,
                       is_repeated, read_vectors)


def plain_value(field):
    """An everyday value that differs from field to field."""
    number = field.number
    if field.type == F.TYPE_STRING:
        if field.name.endswith("_id"):
            return f"0190b7e2-4c00-8000-8000-{number:012x}"
        if field.name in ("effective_on", "since", "until"):
            return f"2025-08-{number:02d}"
        return f"{field.name} 臺灣{number}"
    if field.type == F.TYPE_BYTES:
        return bytes([1, 0, 255, number])
    if field.type == F.TYPE_BOOL:
        return True
    if field.type == F.TYPE_ENUM:
        return field.enum_type.values[-1].number
    if field.name.endswith("at") or field.name == "not_after":
        return 1_753_977_600_000_000 + number
    return 1000 + number


EDGES = {
    F.TYPE_STRING: ["", "\U0001F3EB謝\u007f"],
    F.TYPE_BYTES: [b"", bytes(range(256))],
    F.TYPE_BOOL: [False, True],
    F.TYPE_INT64: [-2**63, 2**63 - 1],
    F.TYPE_UINT32: [0, 2**32 - 1],
}


def edge_value(field):
    """The lower or the upper extreme, depending on the field's number; zero if
    present."""
    if field.containing_oneof and field.type == F.TYPE_ENUM:
        return 0
    if field.type == F.TYPE_ENUM:
        return field.enum_type.values[1].number
    if field.containing_oneof and field.type != F.TYPE_STRING:
        return 0
    return EDGES[field.type][field.number % 2]


def chosen(field, member):
    oneof = field.containing_oneof
    return oneof is None or oneof.fields[member] is field


def fill(message, value, member):
    """Sets every field (of a oneof only fields[member]) by value(field)."""
    for field in message.DESCRIPTOR.fields:
        if not chosen(field, member):
            continue
        if is_repeated(field) and is_message(field):
            fill(getattr(message, field.name).add(), value, member)
            getattr(message, field.name).add()
        elif is_repeated(field):
            getattr(message, field.name).extend([value(field)] * 2)
        elif is_message(field):
            getattr(message, field.name).SetInParent()
            fill(getattr(message, field.name), value, member)
        else:
            setattr(message, field.name, value(field))
    return message


def vector_of(name, vector, message):
    text = json_format.MessageToDict(message, preserving_proto_field_name=True)
    return Vector(name, vector, json.dumps(text, ensure_ascii=False,
                                           separators=(",", ":")),
                  message.SerializeToString(deterministic=True).hex())


def set_fields(cls, vectors):
    """Names of the fields that some of these vectors set."""
    names = set()
    for vector in vectors:
        message = cls.FromString(bytes.fromhex(vector.hex))
        names |= {field.name for field, _ in message.ListFields()}
    return names


def missing_vectors(name, cls, present):
    """The vectors that the golden files lack for one message."""
    if not present:
        return [vector_of(name, "whole", fill(cls(), plain_value, 0)),
                vector_of(name, "edges", fill(cls(), edge_value, -1))]
    every = {field.name for field in cls.DESCRIPTOR.fields}
    if every <= set_fields(cls, present):
        return []
    count = sum(v.name.startswith("whole") for v in present) + 1
    return [vector_of(name, f"whole-{count}", fill(cls(), plain_value, -1))]


def main(descriptor_set, all_of_them):
    contracts = Contracts(descriptor_set)
    GOLDEN.mkdir(exist_ok=True)
    if all_of_them:
        for path in GOLDEN.glob("*.txt"):
            path.unlink()
    for name, cls in contracts.messages.items():
        path = GOLDEN / contracts.file_of[name]
        present = read_vectors(path) if path.exists() else []
        mine = [v for v in present if v.message == name]
        with path.open("a", encoding="utf-8") as out:
            for vector in missing_vectors(name, cls, mine):
                out.write(format_vector(vector) + "\n")
                print(f"golden: {name} {vector.name}")


if __name__ == "__main__":
    main(sys.argv[1], "--all" in sys.argv[2:])
