#!/usr/bin/env python3
"""The checker: are the invariants kept, on what databases and topics say now?

    check.py --env build/stack/env [--settle 10] [--may-park]

Waits for rest (at most --settle seconds), reads every topic from its beginning
and every table it needs, prints a line for each invariant, and ends with 1 when
one is violated. The services should run, or have been drained. Numbers are
those of the list in README.md; it shares no code with what it looks at.
"""
import argparse
import sys
import time

from checker import lanes, rules, views
from checker.reading import World, read_env

SHOWN = 20
TITLES = {
    "I1": "what was answered is there",
    "I2": "one effect a command, topics equal the journal",
    "I3": "schools keep a CHIEF, counts are right",
    "I4": "one live account a person, logins are held once",
    "I5": "none deleted with an open course",
    "I6": "teachers stand where they were said to",
    "I7": "copies and views equal their owners",
    "I8": "replaying the journal gives the tables",
    "I9": "versions and sequences have no gap",
    "I11": "one audit row a command, chains verify",
    "I12": "no stuck work",
}

DOMAIN = {"I3": rules.i3, "I4": rules.i4, "I5": rules.i5, "I6": rules.i6,
          "I7": views.i7, "I8": rules.i8}


def drain(generator):
    """(violations, what was looked at)."""
    violations = []
    while True:
        try:
            violations.append(next(generator))
        except StopIteration as end:
            return violations, end.value or ""


def check(env, descriptor_set=None, settle=10, may_park=False,
          acknowledged=(), absent=()):
    """{invariant: (violations, what was looked at)}; `absent`: services that
    do not run, so that nothing is expected of them."""
    world = World(env, descriptor_set, absent)
    lanes.settle(world, settle)
    rest = drain(lanes.i12(world, may_park))
    world.read()
    results = {
        "I1": drain(rules.i1(world, acknowledged)),
        "I2": drain(lanes.i2(world)),
        **{name: drain(judge(world)) for name, judge in DOMAIN.items()},
        "I9": drain(lanes.i9(world)),
        "I11": drain(lanes.i11(world)),
        "I12": rest,
    }
    world.line.close()
    world.topics.consumer.close()
    return results


def show(results):
    for name, (violations, looked) in results.items():
        word = "ok  " if not violations else "FAIL"
        print(f"{name:<4} {word} {TITLES[name]} ({looked})")
        for violation in violations[:SHOWN]:
            print(f"       {violation}")
        if len(violations) > SHOWN:
            print(f"       … and {len(violations) - SHOWN} more")


def main():
    arguments = argparse.ArgumentParser(
        description="Checks the invariants on databases and topics.")
    arguments.add_argument("--env", default="build/stack/env",
                           help="env file of tools/stack")
    arguments.add_argument("--descriptors", help="descriptor set of proto/; "
                           "made by protoc when not given")
    arguments.add_argument("--settle", type=float, default=10,
                           help="seconds to wait for rest")
    arguments.add_argument("--may-park", action="store_true",
                           help="parked messages are expected")
    given = arguments.parse_args()
    began = time.monotonic()
    results = check(read_env(given.env), given.descriptors, given.settle,
                    given.may_park)
    show(results)
    bad = sum(len(violations) for violations, _ in results.values())
    print(f"{bad} violations, {time.monotonic() - began:.1f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
