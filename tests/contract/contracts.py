"""The contracts as Python sees them, and the golden files.

Loads the descriptor set that protoc made of proto/. There is no generated
code, so the version of protoc need not match that of the runtime. Reads and
writes tests/contract/golden/*.txt. Called by golden.py and test_contract.py.
"""
from dataclasses import dataclass
from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor as F

GOLDEN = Path(__file__).parent / "golden"


class Contracts:
    """Every message of every .proto file, by full name."""

    def __init__(self, descriptor_set):
        files = descriptor_pb2.FileDescriptorSet.FromString(
            Path(descriptor_set).read_bytes())
        self.pool = descriptor_pool.DescriptorPool()
        self.messages = {}
        self.file_of = {}
        for file in files.file:  # protoc puts imports first
            self.pool.Add(file)
        factory = message_factory.MessageFactory(self.pool)
        for file in files.file:
            for message in file.message_type:
                name = f"{file.package}.{message.name}"
                self.messages[name] = factory.GetPrototype(
                    self.pool.FindMessageTypeByName(name))
                self.file_of[name] = golden_file_name(file.name)


def golden_file_name(proto):
    """inservice/account/v1/events.proto -> account_v1_events.txt"""
    return "_".join(Path(proto).with_suffix("").parts[1:]) + ".txt"


@dataclass
class Vector:
    """One golden message: bytes that must be read and written forever."""
    message: str
    name: str
    json: str
    hex: str


def read_vectors(path):
    vectors, words = [], {}
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, rest = line.partition(" ")
        if key in ("message", "vector", "json", "hex"):
            words[key] = rest
        if key == "hex":
            vectors.append(Vector(words["message"], words["vector"],
                                  words["json"], words["hex"]))
    return vectors


def format_vector(vector):
    return (f"message {vector.message}\nvector {vector.name}\n"
            f"json {vector.json}\nhex {vector.hex}\n")


def is_repeated(field):
    return field.label == F.LABEL_REPEATED


def is_message(field):
    return field.type == F.TYPE_MESSAGE
