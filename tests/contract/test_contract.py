"""Reads the golden bytes, and the bytes that C wrote, in Python.

Run by `make test-contract` after contract_test has written its file; the paths
come in DESCRIPTOR_SET and FROM_C.
"""
import json
import os
import sys
from pathlib import Path

import pytest
from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor as F

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests/system")]

from harness import lane_of  # noqa: E402

from contracts import GOLDEN, Contracts, is_message, is_repeated, read_vectors
from golden import set_fields

CONTRACTS = Contracts(os.environ["DESCRIPTOR_SET"])
VECTORS = [v for path in sorted(GOLDEN.glob("*.txt"))
           for v in read_vectors(path)]


def written_by_c():
    """(message name, bytes) of each message that contract_test packed."""
    for line in Path(os.environ["FROM_C"]).read_text().splitlines():
        name, text = line.split(" ")
        yield name, bytes.fromhex(text)


def expected_number(field):
    """The number rules of contract_test.c, fill_value()."""
    if field.type == F.TYPE_ENUM:
        return field.enum_type.values[-1].number
    if field.type == F.TYPE_BOOL:
        return True
    return field.number * 1_000_003 if field.type == F.TYPE_INT64 else (
        field.number * 1003)


def expected_value(field):
    """The value that contract_test.c puts into a field that is no message."""
    if field.type == F.TYPE_STRING:
        return f"值 {field.number}"
    if field.type == F.TYPE_BYTES:
        return bytes([0, 255, field.number])
    return expected_number(field)


def last_of_oneof(field):
    oneof = field.containing_oneof
    return oneof is None or oneof.fields[-1] is field


def differences(message, path=""):
    """Fields of a message from C that differ from the expected values."""
    for field in message.DESCRIPTOR.fields:
        where = f"{path}/{field.name}"
        value = getattr(message, field.name)
        values = list(value) if is_repeated(field) else [value]
        if not last_of_oneof(field):
            continue
        if is_repeated(field) and len(values) != 2:
            yield where
        elif is_message(field):
            for each in values:
                yield from differences(each, where)
        elif any(each != expected_value(field) for each in values):
            yield where


@pytest.mark.parametrize("vector", VECTORS,
                         ids=lambda v: f"{v.message}-{v.name}")
def test_golden_bytes_mean_what_they_say(vector):
    cls = CONTRACTS.messages[vector.message]
    message = cls.FromString(bytes.fromhex(vector.hex))
    said = json_format.ParseDict(json.loads(vector.json), cls())
    assert message == said
    assert message.SerializeToString(deterministic=True).hex() == vector.hex


def test_every_field_of_every_message_is_golden():
    lacking = []
    for name, cls in CONTRACTS.messages.items():
        mine = [v for v in VECTORS if v.message == name]
        every = {field.name for field in cls.DESCRIPTOR.fields}
        lacking += [f"{name}.{f}" for f in every - set_fields(cls, mine)]
    assert not lacking, "run: make golden"


def test_python_reads_what_c_writes():
    names = set()
    for name, data in written_by_c():
        message = CONTRACTS.messages[name].FromString(data)
        assert list(differences(message)) == [], name
        assert message.SerializeToString(deterministic=True) == data, name
        names.add(name)
    assert names == set(CONTRACTS.messages)


def test_commands_begin_with_an_order_and_facts_with_a_fact():
    heads = {"commands": "inservice.common.v1.Order",
             "events": "inservice.common.v1.Fact"}
    for name, cls in CONTRACTS.messages.items():
        file = cls.DESCRIPTOR.file.name.rsplit("/", 1)[1].removesuffix(".proto")
        if name.endswith("State"):
            file = "events"
        if file in heads:
            head = cls.DESCRIPTOR.fields_by_number[1]
            assert head.message_type.full_name == heads[file], name


def test_no_message_contains_itself_and_none_is_deeper_than_the_check():
    def depth(descriptor, above):
        assert descriptor.full_name not in above, descriptor.full_name
        inner = [depth(f.message_type, above | {descriptor.full_name})
                 for f in descriptor.fields if is_message(f)]
        return 1 + max(inner, default=0)

    assert max(depth(cls.DESCRIPTOR, frozenset())
               for cls in CONTRACTS.messages.values()) <= 8


def test_known_keys_have_their_lanes():
    """As the other systems' Python has it, and as the system tests do."""
    lines = Path(__file__).with_name("lanes.txt").read_text().splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    assert len(rows) > 10
    for key, of_6, of_24 in rows:
        assert (key, lane_of(key, 6), lane_of(key, 24)) == \
            (key, int(of_6), int(of_24))
