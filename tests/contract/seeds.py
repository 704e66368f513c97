"""Writes the golden messages as seeds of the fuzzer: the first byte is the
message's place in the generated table of descriptors.

    seeds.py <contract_descriptors.h> <corpus directory>
"""
import re
import sys
from pathlib import Path

from contracts import GOLDEN, read_vectors


def c_name(message):
    """inservice.common.v1.OrderX -> inservice__common__v1__order_x"""
    *package, name = message.split(".")
    snake = re.sub(r"(?<=.)([A-Z])", r"_\1", name).lower()
    return "__".join(package + [snake])


def main(table, corpus):
    names = re.findall(r"&(\w+)__descriptor,", Path(table).read_text())
    for path in sorted(GOLDEN.glob("*.txt")):
        for vector in read_vectors(path):
            place = names.index(c_name(vector.message))
            seed = Path(corpus) / f"{vector.message}-{vector.name}"
            seed.write_bytes(bytes([place]) + bytes.fromhex(vector.hex))


if __name__ == "__main__":
    main(*sys.argv[1:3])
