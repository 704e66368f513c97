"""Starts the servers under the system and the three services, and ends them.

A Service is one real process with its own environment and log file. This
module does not depend on the purpose of the system.
"""
import http.client
import json
import os
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("account", "teacher", "gateway")


class Failed(Exception):
    """A condition was not reached; the text names it, for people."""


def wait_until(condition, deadline, what="a condition"):
    """The first true value of condition(); Failed after `deadline` seconds."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f"waited {deadline:g} s in vain for {what}")
        time.sleep(0.02)


class Stack:
    """PostgreSQL and Kafka by tools/stack, in a folder of their own."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()

    def verb(self, *words, quiet=True):
        out = subprocess.PIPE if quiet else None
        done = subprocess.run(
            [str(ROOT / "tools/stack"), *words], stdout=subprocess.PIPE,
            stderr=out, text=True, stdin=subprocess.DEVNULL,
            env={**os.environ, "STACK_DIR": str(self.folder)})
        if done.returncode != 0:
            raise Failed(f"tools/stack {' '.join(words)} failed:\n"
                         f"{done.stderr or ''}")
        return done.stdout

    def up(self, quiet=True):
        self.verb("up", quiet=quiet)

    def __enter__(self):
        """A new one with nothing in it."""
        self.verb("destroy")
        self.up()
        return self

    def __exit__(self, *_):
        if "KEEP_STACK" not in os.environ:
            self.verb("destroy")

    @property
    def env(self):
        words = shlex.split((self.folder / "env").read_text())
        return dict(word.split("=", 1) for word in words)


class Service:
    """One process of one service."""

    def __init__(self, name, binary, env, folder):
        self.name, self.binary, self.folder = name, str(binary), Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port_file = self.folder / f"{name}.port"
        self.log_file = self.folder / f"{name}.log"
        self.env = {**env, "INSERVICE_PORT_FILE": str(self.port_file)}
        self.process = None

    def _environment(self):
        kept = {k: v for k, v in os.environ.items()
                if not k.startswith("INSERVICE_")}
        return {**kept, **self.env}

    def host(self, *words, timeout=120, said="", **env):
        """Runs a command of the service's command line; (status, out, err).
        `said` is its standard input."""
        done = subprocess.run(
            [self.binary, *words], env={**self._environment(), **env},
            input=said, capture_output=True, text=True, timeout=timeout)
        return done.returncode, done.stdout, done.stderr

    def start(self):
        self.port_file.unlink(missing_ok=True)
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [self.binary], env=self._environment(), stderr=log, stdout=log,
                stdin=subprocess.DEVNULL, start_new_session=True)
        return self

    @property
    def alive(self):
        return self.process is not None and self.process.poll() is None

    @property
    def port(self):
        """Valid only once the port file is there."""
        return int(self.port_file.read_text())

    def get(self, path, timeout=5):
        """(status, body) of a GET; None if there is no answer."""
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port,
                                              timeout=timeout)
            line.request("GET", path)
            answer = line.getresponse()
            body = answer.read().decode()
            line.close()
            return answer.status, body
        except (OSError, ValueError, http.client.HTTPException):
            return None

    def is_ready(self):
        if not self.alive:
            raise Failed(f"{self.name} has ended by itself:\n{self.tail()}")
        answer = self.get("/readyz")
        return answer is not None and answer[0] == 200

    def wait_ready(self, deadline=60):
        try:
            wait_until(self.is_ready, deadline, f"{self.name} to be ready")
        except Failed as failed:
            raise Failed(f"{failed}\n{self.tail()}") from None

    def signal(self, number):
        if self.alive:
            os.kill(self.process.pid, number)

    def stop(self, deadline=30):
        """SIGTERM; returns the exit status."""
        if self.process is None:
            return None
        self.signal(signal.SIGTERM)
        try:
            return self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failed(f"{self.name} did not end within {deadline} s of "
                         f"SIGTERM:\n{self.tail()}") from None

    def kill(self):
        self.signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait(30)

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def tail(self, lines=15):
        try:
            text = self.log_file.read_text(errors="replace")
        except OSError:
            return "(no log)"
        return "\n".join(text.splitlines()[-lines:])

    def log(self):
        """All events of the log so far. A line that is no JSON (from a
        sanitizer or the C library) is an event `not_json`."""
        events = []
        if not self.log_file.exists():
            return events
        for line in self.log_file.read_text(errors="replace").splitlines():
            try:
                events.append(json.loads(line))
            except ValueError:
                events.append({"level": "error", "event": "not_json",
                               "text": line})
        return events


def settings_of(binary):
    """The names of a program's settings, and of what its test build reads."""
    printed = subprocess.run([str(binary), "settings"], capture_output=True,
                             text=True, check=True).stdout
    return {*re.findall(r"^\| `(INSERVICE_\w+)`", printed, re.M),
            "INSERVICE_FAILPOINT", "INSERVICE_CLOCK_OFFSET"}


def shared_out(env, binaries):
    """{program: those of the variables that it takes}: a program ends at a
    setting that it does not have."""
    names = {name: settings_of(binaries / name) for name in NAMES}
    lost = [name for name in env if name.startswith("INSERVICE_")
            and not any(name in known for known in names.values())]
    if lost:
        raise Failed(f"no program has the settings {', '.join(lost)}")
    return {program: {name: value for name, value in env.items()
                      if name in known or not name.startswith("INSERVICE_")}
            for program, known in names.items()}


class System:
    """The three services on one stack."""

    def __init__(self, binaries, stack, folder, env=None, port=0,
                 address="127.0.0.1"):
        self.binaries, self.stack = Path(binaries).resolve(), stack
        self.folder = Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.spool = self.folder / "mail"
        self.spool.mkdir(mode=0o700, exist_ok=True)
        own = shared_out(env or {}, self.binaries)
        self.services = {
            name: Service(name, self.binaries / name,
                          {**self.settings(name, port, address), **own[name]},
                          self.folder) for name in NAMES}

    def settings(self, name, port, address):
        stack = self.stack.env
        own = {
            "INSERVICE_DATABASE_URL": stack[f"{name.upper()}_DATABASE_URL"],
            "INSERVICE_OWNER_DATABASE_URL":
                stack[f"{name.upper()}_OWNER_DATABASE_URL"],
            "INSERVICE_KAFKA_BOOTSTRAP": stack.get(
                f"{name.upper()}_KAFKA_BOOTSTRAP", stack["KAFKA_BOOTSTRAP"]),
            "INSERVICE_LANES": stack["INSERVICE_LANES"],
        }
        security = stack.get(f"{name.upper()}_KAFKA_SECURITY")
        if security:
            own["INSERVICE_KAFKA_SECURITY"] = security
        if name == "gateway":
            own |= {"INSERVICE_KEY_DIR": str(self.stack.folder / "keys"),
                    "INSERVICE_MAIL_SPOOL": str(self.spool),
                    "INSERVICE_LISTEN_ADDRESS": address,
                    "INSERVICE_LISTEN_PORT": str(port)}
            if port:
                own["INSERVICE_PUBLIC_URL"] = f"http://{address}:{port}"
        return own

    def __getitem__(self, name):
        return self.services[name]

    def migrate(self):
        """The schemas, and the installation's keys."""
        commands = [(s, "migrate") for s in self.services.values()]
        for service, command in commands + [(self["gateway"], "make-keys")]:
            status, out, err = service.host(command)
            if status != 0:
                raise Failed(f"{service.name} {command}: exit {status}\n"
                             f"{out}{err}")

    def start(self, deadline=60):
        for service in self.services.values():
            service.start()
        for service in self.services.values():
            service.wait_ready(deadline)

    def stop(self):
        """The gateway first, so that no new requests come in."""
        for name in reversed(NAMES):
            self.services[name].stop()

    def kill(self):
        for service in self.services.values():
            service.thaw()
            service.kill()

    @property
    def url(self):
        return f"http://127.0.0.1:{self['gateway'].port}"
