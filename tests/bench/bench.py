#!/usr/bin/env python3
"""bench: measures the whole system against the best its parts could do.

Called by `make bench`; measures each number of lanes in BENCH_LANES. Fills the
tables (fill.sql), runs each side of a ratio in turn, BENCH_ROUNDS times, and
takes medians. C programs and pgbench make the loads; this file only starts them
and divides. Prints a table and writes BENCH_JSON. It measures on its own
servers and never changes their durability.
"""
import base64
import hashlib
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))

from play.system import Failed, Stack, System, wait_until  # noqa: E402

ROUNDS = int(os.environ.get("BENCH_ROUNDS", 3))
SECONDS = float(os.environ.get("BENCH_SECONDS", 6))
TEACHERS = int(os.environ.get("BENCH_TEACHERS", 300000))
ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", 100000))
PARTS = os.environ.get("BENCH_ROWS", "service http latency read").split()
LANES = [int(n) for n in os.environ.get("BENCH_LANES", "6 24").split()]
OF_LANES = ("service", "http")  # what another number of lanes changes
COMMANDS = int(os.environ.get("BENCH_COMMANDS", 100000))
TARGETS = 20000
# A broker that has just started spends half of two cores on compiling itself.
WARM_UP = float(os.environ.get("BENCH_WARM_UP", 20))
OUTCOME, EVENT, STATE = 1, 2, 3  # kinds of journal rows
MEMORY = 64  # MiB that any load may add to a process


def say(text):
    print(text, flush=True)


class Place:
    """The stack, its tables and its programs."""

    def __init__(self, lanes):
        self.lanes = lanes
        os.environ["INSERVICE_LANES"] = str(lanes)  # of stack and programs
        self.programs = Path(os.environ["BIN"]).resolve()
        self.folder = Path(os.environ["BENCH_DIR"]).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.stack = Stack(f"{os.environ['BENCH_STACK']}-{lanes}")
        self.targets = self.folder / "targets"
        self.system = None
        self.sizes = {}

    def up(self):
        self.stack.up()
        # A gateway limits connections by address, and all of these come from
        # one. Two workers for each service, as an operator sets it on two
        # cores.
        self.system = System(self.programs, self.stack, self.folder, env={
            "INSERVICE_CONNECTION_PER_IP_MAX": "1024",
            "INSERVICE_WORKERS": "2",
            "INSERVICE_LOG_LEVEL": "warning"})
        self.system.migrate()
        if self.sql("SELECT count(*) FROM pg_namespace "
                    "WHERE nspname = 'bench'") == "0":
            self.fill()

    def psql(self, *words, text=None):
        done = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *words,
             self.stack.env["ADMIN_DATABASE_URL"]],
            input=text, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"psql: {done.stderr}")
        return done.stdout.strip()

    def sql(self, text):
        return self.psql("-c", text)

    def fill(self):
        say(f"filling: {ACCOUNTS} accounts, {TEACHERS} teachers …")
        # Both sides pay for a checkpoint only as often as in daily work.
        self.sql("ALTER SYSTEM SET max_wal_size = '8GB'")
        self.sql("ALTER SYSTEM SET shared_buffers = '4GB'")  # holds both sides
        self.stack.verb("down")
        self.stack.up()
        self.psql("-v", f"teachers={TEACHERS}", "-v", f"accounts={ACCOUNTS}",
                  "-f", str(HERE / "fill.sql"))
        root = HERE.parents[1]
        migrations = self.folder / "migrations.sql"
        migrations.write_text("".join(
            f"\\i {file}\n" for folder in ("lib/chassis", "services/teacher")
            for file in sorted((root / folder / "sql/migration").glob("*.sql"))))
        self.psql("-v", f"migrations={migrations}", "-f", str(HERE / "rival.sql"))
        # Pages of both sides have been written since the last checkpoint.
        self.sql("CHECKPOINT")
        for table in ("teacher.teacher", "bench.teacher", "gateway.v_teacher"):
            self.sql(f"UPDATE {table} SET email = email || '.'")
        for table in ("teacher.post", "bench.post", "gateway.v_post"):
            self.sql(f"UPDATE {table} SET unit_note = '.'")
        self.sql("VACUUM ANALYZE")

    def make_sessions(self):
        """A session for every CHIEF, as after a sign-in."""
        officers = self.sql("SELECT account_id FROM bench.officer "
                            "WHERE role = 1 ORDER BY i").split()
        rows, tokens = [], []
        for account in officers:
            token = base64.urlsafe_b64encode(
                hashlib.sha256(account.encode()).digest()).decode().rstrip("=")
            digest = hashlib.blake2b(token.encode(), digest_size=32).hexdigest()
            rows.append(f"\\\\x{digest}\t{account}\t1\t1\t2\tNOW\tNOW\tLATER")
            tokens.append(f"{account}\t{token}")
        now = time.time()
        stamp = {"NOW": now, "LATER": now + 11 * 3600}
        text = "\n".join(rows)
        for word, at in stamp.items():
            text = text.replace(word, time.strftime(
                "%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)))
        self.psql(text="TRUNCATE gateway.session;\n"
                       "COPY gateway.session FROM STDIN;\n" + text + "\n\\.\n"
                       "DROP TABLE IF EXISTS bench.token;\n"
                       "CREATE TABLE bench.token (account_id uuid, token text);\n"
                       "COPY bench.token FROM STDIN;\n" + "\n".join(tokens) +
                       "\n\\.\nANALYZE gateway.session;\n")

    def refresh_sessions(self):
        """As the sessions of active users are: their last use was noted just
        now."""
        self.sql("UPDATE gateway.session SET seen_at = now()")

    def write_targets(self, count=TARGETS):
        """Teachers at random, with their present versions."""
        rows = self.psql("-F", "\t", "-c", f"""
            SELECT t.person_id, t.organization, s.kind, o.account_id,
                   o.person_id, v.version, k.token
              FROM bench.person t
              JOIN bench.school s ON s.code = t.organization
              JOIN bench.officer o ON o.organization = t.organization
                                  AND o.role = 1
              JOIN bench.token k ON k.account_id = o.account_id
              JOIN teacher.teacher v ON v.person_id = t.person_id
             ORDER BY random() LIMIT {count}""")
        self.targets.write_text(rows + "\n")

    # --- programs --------------------------------------------------------------
    def run(self, *words, env=None):
        """Runs a load program; returns its output, parsed as JSON."""
        done = subprocess.run(
            [str(self.programs / words[0]), *map(str, words[1:])],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env={**os.environ, "INSERVICE_KAFKA_BOOTSTRAP":
                 self.stack.env["KAFKA_BOOTSTRAP"], **(env or {})})
        if done.returncode != 0:
            raise Failed(f"{' '.join(map(str, words))}: {done.stdout}"
                         f"{done.stderr}")
        return json.loads(done.stdout)

    def pgbench(self, script, clients, seconds=SECONDS):
        """Transactions/s, and latencies with one client."""
        log = self.folder / "pgbench"
        for old in self.folder.glob("pgbench.*"):
            old.unlink()
        define = {"teachers": TEACHERS, **self.sizes}
        words = ["pgbench", "-n", "-M", "prepared", "-f", str(HERE / script),
                 "-c", str(clients), "-j", "1" if clients == 1 else "2",
                 "-T", f"{max(1, round(seconds))}"]
        for name, value in define.items():
            words += ["-D", f"{name}={value}"]
        if clients == 1:
            words += ["-l", f"--log-prefix={log}"]
        done = subprocess.run(
            words + [self.stack.env["ADMIN_DATABASE_URL"]],
            capture_output=True, text=True)
        if done.returncode != 0 or "tps = " not in done.stdout:
            raise Failed(f"pgbench {script}: {done.stdout}{done.stderr}")
        rate = float(done.stdout.split("tps = ")[1].split()[0])
        took = sorted(int(line.split()[2]) / 1000
                      for file in self.folder.glob("pgbench.*")
                      for line in file.read_text().splitlines())
        if not took:
            return {"per_second": rate}
        return {"per_second": rate, "p50_ms": took[len(took) // 2],
                "p99_ms": took[len(took) * 99 // 100]}

    def http(self, connections, method, path, port=None, seconds=SECONDS):
        self.refresh_sessions()
        return self.run("http_load", port or self.system["gateway"].port,
                        connections, seconds, self.targets, method, path)

    def commands(self, count=COMMANDS):
        """At full speed; the load reads outcomes in large pieces."""
        self.write_targets()
        calm = self.folder / "calm.properties"
        calm.write_text("fetch.min.bytes=100000\n")
        calm.chmod(0o600)
        return self.run("lane_load", "teachers", count, 0, self.targets,
                        env={"INSERVICE_KAFKA_SECURITY": str(calm)})

    def changes(self, connections, seconds=SECONDS):
        """PATCH to committed answer; versions are read again before it."""
        self.write_targets()
        return self.http(connections, "PATCH", "/v1/teachers/%p",
                         seconds=seconds)

    def measure_sizes(self):
        """The sizes of the values that the service writes for a command."""
        def average(what):
            return self.sql(f"SELECT coalesce(avg(length(value)), 100)::int "
                            f"FROM teacher.{what}")
        self.sizes = {
            "outcome": average(f"journal WHERE kind = {OUTCOME}"),
            "event": average(f"journal WHERE kind = {EVENT}"),
            "state": average("journal_personal"),
        }

    def wait_views(self):
        """Waits until the read model has reached the teacher service."""
        wait_until(lambda: self.sql("""
            SELECT count(*) FROM teacher.teacher t
              JOIN gateway.v_teacher v USING (person_id)
             WHERE t.version <> v.version""") == "0", 300, "the read model")


# --- results ----------------------------------------------------------------------
class Row:
    """One line of the table: medians of both sides, and their ratio. The goal
    is for the ratio; without another side it is for the value."""

    def __init__(self, name, unit, against, goal, least=True):
        self.name, self.unit, self.against = name, unit, against
        self.goal, self.least = goal, least
        self.lanes = None
        self.values, self.against_values = [], []

    def add(self, value, against_value=None):
        self.values.append(value)
        if against_value is not None:
            self.against_values.append(against_value)

    def json(self):
        value = statistics.median(self.values)
        out = {"lanes": self.lanes, "name": self.name, "value": round(value, 3), "unit": self.unit,
               "against": self.against, "against_value": None, "ratio": None,
               "goal": self.goal, "met": None}
        judged = value
        if self.against_values:
            against = statistics.median(self.against_values)
            judged = value / against
            out["against_value"] = round(against, 3)
            out["ratio"] = round(judged, 3)
        if self.goal is not None:
            out["met"] = (judged >= self.goal if self.least
                          else judged <= self.goal)
        return out


def show(rows):
    say(f"\n{f'{rows[0].lanes} lanes':<44}{'value':>12} {'unit':<11}{'against':>12}"
        f"{'ratio':>8}{'goal':>8}")
    for row in rows:
        one = row.json()
        sign = "≥" if row.least else "≤"
        goal = "" if one["goal"] is None else f"{sign} {one['goal']:g}"
        mark = {True: "  met", False: "  MISSED", None: ""}[one["met"]]
        against = "" if one["ratio"] is None else f"{one['against_value']:,.2f}"
        ratio = "" if one["ratio"] is None else f"{one['ratio']:.2f}"
        say(f"{one['name']:<44}{one['value']:>12,.2f} {one['unit']:<11}"
            f"{against:>12}{ratio:>8}{goal:>8}{mark}")


# --- memory and start ----------------------------------------------------------------
def resident(service, field="VmRSS"):
    for line in Path(f"/proc/{service.process.pid}/status").read_text() \
            .splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise Failed(f"{service.name} has no memory: it has ended")


def processor_seconds(service):
    fields = Path(f"/proc/{service.process.pid}/stat").read_text() \
        .rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def start(service):
    """Seconds from exec to a ready answer."""
    began = time.monotonic()
    service.start()
    end = began + 60
    while not (service.port_file.exists() and service.is_ready()):
        if time.monotonic() > end or not service.alive:
            raise Failed(f"{service.name} does not get ready:\n"
                         f"{service.tail()}")
        time.sleep(0.002)
    return time.monotonic() - began


# --- the parts -------------------------------------------------------------------------
def measure_service(place):
    """Kafka in, transaction, Kafka out: only the teacher service runs."""
    row = Row("commands through the teacher service", "commands/s",
              "pgbench, one command a transaction, 8 clients", 8)
    each = Row("processor time of the service per command", "µs", "", None)
    teacher = place.system["teacher"]
    teacher.start().wait_ready()
    place.commands(COMMANDS // 4)
    place.measure_sizes()
    place.pgbench("one_command.sql", 8, 3)
    for _ in range(ROUNDS):
        rival = place.pgbench("one_command.sql", 8)
        before = processor_seconds(teacher)
        ours = place.commands()
        each.add((processor_seconds(teacher) - before) * 1e6 / ours["count"])
        row.add(ours["per_second"], rival["per_second"])
        say(f"  {ours['per_second']:,.0f}/s against {rival['per_second']:,.0f}/s")
    teacher.stop()
    return [row, each]


def measure_http(place):
    row = Row("HTTP commands, PATCH to committed answer, 256", "commands/s",
              "pgbench, one command a transaction, 32 clients",
              2.5 if place.lanes <= 6 else 2)
    slow = Row("  the same, p99", "ms", "", None)
    place.changes(256, WARM_UP)
    place.measure_sizes()
    place.pgbench("one_command.sql", 32, 2)
    for _ in range(ROUNDS):
        rival = place.pgbench("one_command.sql", 32)
        ours = place.changes(256)
        row.add(ours["per_second"], rival["per_second"])
        slow.add(ours["p99_ms"])
        say(f"  {ours['per_second']:,.0f}/s against {rival['per_second']:,.0f}/s"
            f"  (p99 {ours['p99_ms']:.0f} ms)")
    return [row, slow]


def measure_latency(place):
    rows = [Row(f"one HTTP command, idle system, {p}", "ms",
                "one hop over Kafka + one commit", 3, least=False)
            for p in ("p50", "p99")]
    place.changes(1, 1)
    for _ in range(ROUNDS):
        hop = place.run("hop", 1000)
        commit = place.pgbench("one_commit.sql", 1, 3)
        ours = place.changes(1, 4)
        for row, key in zip(rows, ("p50_ms", "p99_ms")):
            row.add(ours[key], hop[key] + commit[key])
        say(f"  p50 {ours['p50_ms']:.2f} ms against hop {hop['p50_ms']:.2f} + "
            f"commit {commit['p50_ms']:.2f};  p99 {ours['p99_ms']:.2f} against "
            f"{hop['p99_ms']:.2f} + {commit['p99_ms']:.2f}")
    return rows


def measure_read(place):
    raw = Row("GET /v1/teachers/{id}, 64 connections", "requests/s",
              "libmicrohttpd with a static answer", 0.40)
    both = Row("  the same", "requests/s",
               "1/(1/static answer + 1/select by id)", 0.85)
    page = Row("GET a school's list, 50 rows, 64 connections", "requests/s",
               "by-id reads", 0.3)
    counted = Row("  with the letter's counts", "requests/s", "by-id reads", 0.2)
    path = "/v1/teachers/%p"
    place.write_targets(TEACHERS)
    static = subprocess.Popen([str(place.programs / "http_raw"), "raw"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True)
    try:
        port = static.stdout.readline().split()[1]
        place.http(64, "GET", path, seconds=2)
        for _ in range(ROUNDS):
            best = place.http(64, "GET", path, port)["per_second"]
            ours = place.http(64, "GET", path)["per_second"]
            select = place.pgbench("one_read.sql", 16)["per_second"]
            listed, letter = (
                place.http(64, "GET", "/v1/teachers?organization=%o&limit=50"
                           + more)["per_second"] for more in ("", "&count=true"))
            raw.add(ours, best)
            both.add(ours, 1 / (1 / best + 1 / select))
            page.add(listed, ours)
            counted.add(letter, ours)
            say(f"  {ours:,.0f}/s against {best:,.0f}/s static, "
                f"{select:,.0f}/s selects; lists {listed:,.0f}/s, "
                f"counted {letter:,.0f}/s")
    finally:
        static.stdin.close()
        static.wait(10)
    return [raw, both, page, counted]


def measure_idle(place):
    """Memory of each service before it has read anything, in MiB."""
    place.system.start()
    idle = {name: resident(service)
            for name, service in place.system.services.items()}
    place.system.stop()
    return idle


def memory_rows(place, idle):
    """What is left after the load, and the most there was at any time."""
    rows = []
    for name, service in place.system.services.items():
        for what, field in (("after load", "VmRSS"), ("at most", "VmHWM")):
            rows.append(Row(f"memory of {name}, above idle, {what}", "MiB", "",
                            MEMORY, least=False))
            rows[-1].add(resident(service, field) - idle[name])
    return rows


def measure_services(place, parts, idle):
    """Start, memory, and the parts that need all three services."""
    started, out = [], []
    for name, service in place.system.services.items():
        row = Row(f"start of {name}, exec to ready", "ms", "", None)
        for _ in range(ROUNDS):
            service.stop()
            row.add(start(service) * 1000)
        started.append(row)
        started.append(Row(f"memory of {name}, idle", "MiB", "", None))
        started[-1].add(idle[name])
    place.wait_views()
    for part in parts:
        say(f"{part}:")
        out += PARTS_OF_ALL[part](place)
    memory = memory_rows(place, idle)
    place.system.stop()
    return out + started + memory


PARTS_OF_ALL = {"http": measure_http, "latency": measure_latency,
                "read": measure_read}


def measure(place, parts):
    rows = []
    place.make_sessions()
    idle = measure_idle(place)
    if "service" in parts:
        say("service:")
        rows += measure_service(place)
    wanted = [part for part in parts if part in PARTS_OF_ALL]
    if wanted:
        rows += measure_services(place, wanted, idle)
    for row in rows:
        row.lanes = place.lanes
    return rows


def measure_lanes(lanes, parts):
    """The rows of one number of lanes, on a stack of its own."""
    place = Place(lanes)
    try:
        place.up()
        return measure(place, parts)
    finally:
        if place.system is not None:
            place.system.kill()
        place.stack.verb("down")


def main():
    rows, parts = [], PARTS
    try:
        for lanes in LANES:
            if parts:
                say(f"{lanes} lanes:")
                rows.append(measure_lanes(lanes, parts))
            parts = [part for part in PARTS if part in OF_LANES]
    except Failed as failed:
        say(f"bench: {failed}")
        return 1
    for some in rows:
        show(some)
    Path(os.environ["BENCH_JSON"]).write_text(
        json.dumps([row.json() for some in rows for row in some], indent=1,
                   ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
