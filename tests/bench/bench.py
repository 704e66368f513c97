#!/usr/bin/env python3
"""bench: measures the whole system against the best its parts could do.

Called by `make bench`. The parts stand in rows/; each runs both sides of a
ratio in turn, BENCH_ROUNDS times, and the table shows medians. C programs and
pgbench make the loads; this file chooses what is measured where. It measures on
its own servers and never changes their durability. The exit status says whether
everything was measured, not whether goals were met.
"""
import json
import os
import signal
import sys
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))

from measure.place import Place  # noqa: E402
from measure.result import (  # noqa: E402
    growth, measure_part, say, show, show_growth)
from play.system import Failed  # noqa: E402
from rows import PARTS  # noqa: E402


def numbers(name, default):
    return [int(word) for word in
            os.environ.get(name, default).replace(",", " ").split()]


def wanted_parts():
    names = os.environ.get("BENCH_ROWS", "").split()
    known = [part.name for part in PARTS]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Failed(f"BENCH_ROWS: no {' '.join(unknown)}; there are "
                     f"{' '.join(known)}")
    return [part for part in PARTS if not names or part.name in names]


def plan(parts):
    """What is measured where: [(lanes, teachers, parts)]. All parts at the
    first number of lanes and the last size; elsewhere what depends on them."""
    lanes = numbers("BENCH_LANES", "6 24")
    sizes = numbers("BENCH_TEACHERS", "300000")
    first = [(lanes[0], size, [part for part in parts if part.growth])
             for size in sizes[:-1]]
    whole = [(lanes[0], sizes[-1], parts)]
    others = [(other, sizes[-1], [part for part in parts if part.of_lanes])
              for other in lanes[1:]]
    return [step for step in first + whole + others if step[2]], len(sizes) > 1


def measure_place(lanes, teachers, parts, grows):
    """The results of one number of lanes and of teachers, on a stack of its
    own. A part that fails is told and does not end the others."""
    say(f"{lanes} lanes, {teachers:,} teachers:")
    place, results, failed = Place(lanes, teachers, grows), [], []
    try:
        place.up()
        for part in parts:
            say(f"{part.name}: {part.what}")
            try:
                place.run_services(part.services)
                results += measure_part(part, place)
            except Exception as failure:  # the other parts are measured
                say(f"bench: {part.name}: {failure}" if isinstance(
                    failure, Failed) else traceback.format_exc())
                failed.append(part.name)
                place.system.kill()
                place.runs = False
    finally:
        place.down()
    return results, failed


def list_parts():
    for part in PARTS:
        print(f"{part.name:<10}{part.what}")


def main():
    if sys.argv[1:] == ["--list"]:
        list_parts()
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # stops the stack
    tables, failed = [], []
    try:
        steps, grows = plan(wanted_parts())
        for lanes, teachers, parts in steps:
            results, wrong = measure_place(lanes, teachers, parts, grows)
            tables += [results] if results else []
            failed += wrong
    except Failed as failure:
        say(f"bench: {failure}")
        failed.append("bench")
    everything = [one for results in tables for one in results]
    # Other numbers of lanes are no growth.
    table = growth([one for one in everything
                    if one.lanes == everything[0].lanes]) if everything else []
    Path(os.environ["BENCH_JSON"]).write_text(json.dumps(
        {"rows": [one.json() for one in everything], "growth": table},
        indent=1, ensure_ascii=False) + "\n")
    for results in tables:
        show(results)
    if table and len(table[0]["values"]) > 1:
        show_growth(table)
    if failed:
        say(f"bench: not measured: {' '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
