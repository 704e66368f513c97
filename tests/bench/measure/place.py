"""The place of measurements: a stack filled with teachers, its programs, and
the loads. One Place has one number of lanes and one number of teachers; its
stack is kept and filled once."""
import base64
import hashlib
import json
import os
import subprocess
import time
from pathlib import Path

from play.system import Failed, Stack, System, wait_until

from .process import forget_peak, memory
from .result import say

HERE = Path(__file__).resolve().parents[1]
ROOT = HERE.parents[1]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", 3))
SECONDS = float(os.environ.get("BENCH_SECONDS", 6))
COMMANDS = int(os.environ.get("BENCH_COMMANDS", 100000))
# A broker that has just started spends half of two cores on compiling itself.
WARM_UP = float(os.environ.get("BENCH_WARM_UP", 20))
TARGETS = 20000
SCHOOL = 75  # teachers at one, as fill.sql has it
EVENT = 2  # a kind of journal rows


class Static:
    """libmicrohttpd with a static answer of that many bytes: what the machine
    can do at most."""

    def __init__(self, place, size=300):
        self.process = subprocess.Popen(
            [str(place.programs / "http_raw"), "raw", str(size)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = self.process.stdout.readline().split()[1]

    def __enter__(self):
        return self.port

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


class Place:
    """The stack, its tables and its programs."""

    def __init__(self, lanes, teachers, growth=False):
        self.lanes, self.teachers, self.growth = lanes, teachers, growth
        self.accounts = int(os.environ.get("BENCH_ACCOUNTS", teachers // 3))
        os.environ["INSERVICE_LANES"] = str(lanes)  # of stack and programs
        self.programs = Path(os.environ["BIN"]).resolve()
        self.folder = Path(os.environ["BENCH_DIR"]).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.stack = Stack(f"{os.environ['BENCH_STACK']}-{lanes}-{teachers}")
        self.targets = self.folder / "targets"
        self.system, self.runs = None, False
        self.sizes = {"schools": teachers // SCHOOL}
        self.idle, self.most = {}, {}

    # --- the stack ------------------------------------------------------------
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
        if not self.has("bench.filled"):
            if self.has("bench.school"):  # a filling that was broken off
                self.stack.verb("reset")
                self.system.migrate()
            self.fill()
        self.make_sessions()
        if not self.idle:
            self.measure_idle()

    def down(self):
        if self.system is not None:
            self.system.kill()
        self.stack.verb("down")

    def run_services(self, wanted):
        """Starts or stops all three, as the next part needs it."""
        if wanted and not self.runs:
            self.system.start()
            self.wait_views()
        if not wanted and self.runs:
            self.note_peaks()
            self.system.stop()
        self.runs = wanted

    def measure_idle(self):
        """Memory of each service before it has read anything, in MiB."""
        self.run_services(True)
        self.idle = {name: memory(service)
                     for name, service in self.system.services.items()}
        self.most = dict(self.idle)
        self.run_services(False)

    def note_peaks(self):
        """Keeps the most memory that each service ever took, so that a part
        may measure a peak of its own."""
        for name, service in self.system.services.items():
            self.most[name] = max(self.most[name], memory(service, "VmHWM"))
            forget_peak(service)

    # --- the tables -----------------------------------------------------------
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

    def has(self, table):
        return self.sql(f"SELECT to_regclass('{table}') IS NOT NULL") == "t"

    def rows(self, text):
        """A query's rows as tuples of texts."""
        lines = self.psql("-F", "\t", "-c", text).splitlines()
        return [tuple(line.split("\t")) for line in lines]

    def fill(self):
        say(f"filling: {self.accounts:,} accounts, {self.teachers:,} teachers …")
        # Both sides pay for a checkpoint only as often as in daily work.
        self.sql("ALTER SYSTEM SET max_wal_size = '8GB'")
        self.sql("ALTER SYSTEM SET shared_buffers = '4GB'")  # holds both sides
        self.stack.verb("down")
        self.stack.up()
        self.psql("-v", f"teachers={self.teachers}",
                  "-v", f"accounts={self.accounts}",
                  "-f", str(HERE / "fill.sql"))
        self.sql("""
            CREATE TABLE bench.size AS
            SELECT n.nspname AS schema, c.relname AS name,
                   pg_total_relation_size(c.oid) AS size
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'r'
               AND n.nspname IN ('account', 'teacher', 'gateway')""")
        migrations = self.folder / "migrations.sql"
        migrations.write_text("".join(
            f"\\i {file}\n" for folder in ("lib/chassis", "services/teacher")
            for file in sorted((ROOT / folder / "sql/migration").glob("*.sql"))))
        self.psql("-v", f"migrations={migrations}", "-f", str(HERE / "rival.sql"))
        # Pages of both sides have been written since the last checkpoint.
        self.sql("CHECKPOINT")
        for table in ("teacher.teacher", "bench.teacher", "gateway.v_teacher"):
            self.sql(f"UPDATE {table} SET email = email || '.'")
        for table in ("teacher.post", "bench.post", "gateway.v_post"):
            self.sql(f"UPDATE {table} SET unit_note = '.'")
        self.sql("VACUUM ANALYZE")
        self.sql("CREATE TABLE bench.filled AS SELECT now() AS at")

    def make_sessions(self):
        """A session for every CHIEF and for the platform, as after a
        sign-in."""
        officers = self.sql("""
            SELECT account_id FROM bench.officer WHERE role = 1
             UNION ALL SELECT account_id FROM bench.administrator""").split()
        rows, tokens = [], []
        for account in officers:
            token = token_of(account)
            digest = hashlib.blake2b(token.encode(), digest_size=32).hexdigest()
            rows.append(f"\\\\x{digest}\t{account}\t1\t1\t2\tNOW\tNOW\tLATER")
            tokens.append(f"{account}\t{token}")
        now = time.time()
        text = "\n".join(rows)
        for word, at in {"NOW": now, "LATER": now + 11 * 3600}.items():
            text = text.replace(word, time.strftime(
                "%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)))
        self.psql(text="TRUNCATE gateway.session;\n"
                       "COPY gateway.session FROM STDIN;\n" + text + "\n\\.\n"
                       "DROP TABLE IF EXISTS bench.token;\n"
                       "CREATE TABLE bench.token (account_id uuid, token text);\n"
                       "COPY bench.token FROM STDIN;\n" + "\n".join(tokens) +
                       "\n\\.\nANALYZE gateway.session;\n")

    def refresh_sessions(self):
        """As the sessions of active users are: they signed in and were used
        just now."""
        self.sql("UPDATE gateway.session SET seen_at = now(), auth_time = now(), "
                 "expires_at = now() + interval '11 hours'")

    def platform_token(self):
        return token_of(self.sql("SELECT account_id FROM bench.administrator"))

    def write_targets(self, count=TARGETS):
        """Teachers at random, with their present versions and an officer who
        may edit all of their post."""
        rows = self.psql("-F", "\t", "-c", f"""
            SELECT t.person_id, t.organization, s.kind, o.account_id,
                   o.person_id, v.version, k.token
              FROM bench.person t
              JOIN bench.school s ON s.code = t.organization
              JOIN bench.officer o ON o.organization = t.organization
                                  AND o.role = 1
                                  AND o.person_id <> t.person_id  -- T7
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
        words = ["pgbench", "-n", "-M", "prepared", "-f", str(HERE / script),
                 "-c", str(clients), "-j", "1" if clients == 1 else "2",
                 "-T", f"{max(1, round(seconds))}"]
        for name, value in {"teachers": self.teachers, **self.sizes}.items():
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

    def http(self, connections, method, path, port=None, seconds=SECONDS,
             targets=None):
        self.refresh_sessions()
        return self.run("http_load", port or self.system["gateway"].port,
                        connections, seconds, targets or self.targets, method,
                        path)

    def yardstick(self):
        """How fast the machine is now, whatever is in the tables: static
        answers/s. None if no growth is measured."""
        if not self.growth:
            return None
        self.write_targets()
        with Static(self) as port:
            return self.http(64, "GET", "/v1/teachers/%p", port,
                             2)["per_second"]

    def commands(self, count=COMMANDS):
        """At full speed; the load reads outcomes in large pieces."""
        self.write_targets()
        calm = self.settings_file("calm", "fetch.min.bytes=100000")
        return self.run("lane_load", "teachers", count, 0, self.targets,
                        env={"INSERVICE_KAFKA_SECURITY": calm})

    def settings_file(self, name, *lines):
        """A file of librdkafka's properties."""
        file = self.folder / f"{name}.properties"
        file.write_text("\n".join(lines) + "\n")
        file.chmod(0o600)
        return str(file)

    def changes(self, connections, seconds=SECONDS):
        """PATCH to committed answer; versions are read again before it."""
        self.write_targets()
        return self.http(connections, "PATCH", "/v1/teachers/%p",
                         seconds=seconds)

    def measure_sizes(self):
        """The sizes of the values that the service writes for a command."""
        def average(rows, column="value"):
            return self.sql(f"SELECT coalesce(avg(length({column})), 100)::int "
                            f"FROM teacher.{rows}")
        self.sizes |= {
            "outcome": average("inbox", "outcome"),
            "event": average(f"journal WHERE kind = {EVENT}"),
            "state": average("journal_personal"),
        }

    def wait_views(self):
        """Waits until the read model has reached the teacher service."""
        wait_until(lambda: self.sql("""
            SELECT count(*) FROM teacher.teacher t
              JOIN gateway.v_teacher v USING (person_id)
             WHERE t.version <> v.version""") == "0", 300, "the read model")


def token_of(account):
    return base64.urlsafe_b64encode(
        hashlib.sha256(account.encode()).digest()).decode().rstrip("=")
