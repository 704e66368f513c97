"""What a teacher takes on the disk, and what a command adds: tables by SQL,
topics by the size of their logs."""
from measure.result import Line, Part, sample, say

SERVICES = ("account", "teacher", "gateway")
COMMANDS = 5000


def table_sizes(place):
    """{(service, table): bytes with indexes}, now."""
    return {(schema, table): int(size) for schema, table, size in place.rows("""
        SELECT n.nspname, c.relname, pg_total_relation_size(c.oid)
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'r' AND n.nspname IN ('account', 'teacher', 'gateway')
        """)}


def log_sizes(place):
    """{topic: bytes of all lanes}."""
    sizes = {}
    for file in (place.stack.folder / "run").resolve().rglob("*.log"):
        topic, _, lane = file.parent.name.rpartition("-")
        if topic.startswith("inservice.") and lane.isdigit():
            sizes[topic] = sizes.get(topic, 0) + file.stat().st_size
    return sizes


def added(before, after):
    return {key: size - before.get(key, 0) for key, size in after.items()
            if size > before.get(key, 0)}


def tell(title, sizes, count):
    """Those with a hundredth of the whole, in bytes for each of `count`."""
    say(f"  {title}")
    for key, size in sorted(sizes.items(), key=lambda one: -one[1]):
        if size >= sum(sizes.values()) / 100:
            name = key if isinstance(key, str) else ".".join(key)
            say(f"    {name:<48}{size / count:>10,.0f}")


def disk_rounds(place):
    filled = {(schema, table): int(size) for schema, table, size in place.rows(
        "SELECT schema, name, size FROM bench.size")}
    tell("bytes for a teacher, by table", filled, place.teachers)
    each = {name: sum(size for (schema, _), size in filled.items()
                      if schema == name) / place.teachers / 1024
            for name in SERVICES}
    yield {f"disk_{name}": sample(kib, mib=kib * 300000 / 1024)
           for name, kib in each.items()}
    tables, logs = table_sizes(place), log_sizes(place)
    done = 0
    while done < COMMANDS:
        done += place.changes(64)["count"]
    place.wait_views()
    tables, logs = added(tables, table_sizes(place)), added(logs, log_sizes(place))
    tell("bytes for a command, by table", tables, done)
    tell("bytes for a command, by topic", logs, done)
    yield {"disk_command": sample(sum(tables.values()) / done / 1024),
           "log_command": sample(sum(logs.values()) / done / 1024)}


DISK = Part(
    "disk", "bytes on the disk: a teacher, a command", [
        *(Line(f"disk_{name}", f"tables of {name}, for each teacher", "KiB",
               words="300,000 teachers take {mib:,.0f} MiB there")
          for name in SERVICES),
        Line("disk_command", "tables, for each command", "KiB",
             words="a change takes this much until its retention ends; the "
                   "journal keeps its part for ever"),
        Line("log_command", "topics, for each command", "KiB",
             words="the broker's disk takes this much for a change until "
                   "retention and compaction"),
    ], disk_rounds, growth=True)
