"""Starts services with or without an armed failpoint, in as many copies as
wanted, and observes how each one ends.

Built on tools/play (one Service is one real process). A process with a static
name takes its lanes back at once after kill -9. The others wait until the
session ends. Every ERROR event that was not planned fails the test.
"""
import signal
import socket
import time
from pathlib import Path

from harness import checked
from play.system import Service, wait_until

SESSION_SECONDS = 3  # the shortest that is allowed


class Process(Service):
    """One service from its start to its end."""

    def __init__(self, name, binary, env, folder):
        super().__init__(name, binary, env, folder)
        self.mark = len(self.log())

    def events(self, name=None):
        """The events that this process has logged."""
        events = self.log()[self.mark:]
        return events if name is None else [
            e for e in events if e.get("event") == name]

    def hit(self, failpoint):
        return any(e.get("name") == failpoint
                   for e in self.events("failpoint_hit"))

    @property
    def frozen(self):
        try:
            text = Path(f"/proc/{self.process.pid}/stat").read_text()
        except OSError:
            return False
        return text.rsplit(")", 1)[1].split()[0] == "T"

    def wait_end(self, deadline=30):
        wait_until(lambda: not self.alive, deadline,
                   f"{self.name} to end\n{self.tail()}")
        return self.process.returncode

    def wait_for(self, event, deadline=30):
        return wait_until(lambda: self.events(event), deadline,
                          f"{self.name} to say {event}\n{self.tail()}")


class Fleet:
    def __init__(self, stack, binaries, folder, db):
        self.stack, self.db = stack, db
        self.binaries, self.folder = Path(binaries).resolve(), Path(folder)
        self.running, self.planned, self.all = [], set(), []
        self.ports = {}

    def port(self, copy="1"):
        """The port of a copy of the gateway; it stays the same over
        restarts."""
        if copy not in self.ports:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.ports[copy] = free.getsockname()[1]
        return self.ports[copy]

    def url(self, copy="1"):
        return f"http://127.0.0.1:{self.port(copy)}"

    def _env(self, name, failpoint, member, copy, more):
        stack = self.stack.env
        env = {
            "INSERVICE_DATABASE_URL": stack[f"{name.upper()}_DATABASE_URL"],
            "INSERVICE_OWNER_DATABASE_URL":
                stack[f"{name.upper()}_OWNER_DATABASE_URL"],
            "INSERVICE_KAFKA_BOOTSTRAP": stack["KAFKA_BOOTSTRAP"],
            "INSERVICE_LANES": stack["INSERVICE_LANES"],
            "INSERVICE_SESSION_TIMEOUT": f"{SESSION_SECONDS}s",
            "INSERVICE_STATEMENT_TIMEOUT": "2s",
            "INSERVICE_INSTANCE_ID": member,
        }
        if name == "gateway":
            env |= {"INSERVICE_KEY_DIR": str(self.stack.folder / "keys"),
                    "INSERVICE_MAIL_SPOOL": str(self.folder / "mail"),
                    "INSERVICE_LISTEN_PORT": str(self.port(copy)),
                    "INSERVICE_RESEND_AFTER": "500ms",
                    # The tests repeat one officer's entries many times.
                    "INSERVICE_LOOK_UPS_PER_OFFICER": "100000",
                    "INSERVICE_LOOK_UPS_PER_UNIT": "100000"}
        if failpoint:
            env["INSERVICE_FAILPOINT"] = failpoint
        return checked({**env, **more})

    def process(self, name, failpoint=None, member=None, copy="1",
                binaries=None, **more):
        """`member`: static name in the group; "" joins as a new one."""
        member = f"{name}-{copy}" if member is None else member
        return Process(name, (binaries or self.binaries) / name,
                       self._env(name, failpoint, member, copy, more),
                       self.folder / copy)

    def start(self, name, failpoint=None, wait=True, **more):
        process = self.process(name, failpoint, **more).start()
        self.running = [p for p in self.running if p.alive] + [process]
        self.all.append(process)
        if wait:
            process.wait_ready(60)
        return process

    def of(self, name):
        return [p for p in self.running if p.name == name and p.alive]

    def drain(self, process, deadline=30):
        """SIGTERM; the process stores its published position before it
        ends."""
        status = process.stop(deadline)
        assert status == 0, f"{process.name}: {status}\n{process.tail(40)}"
        if not self.of(process.name):
            left = self.db.rows(f"SELECT lane, seq, published_seq FROM "
                                f"{process.name}.lane WHERE seq<>published_seq")
            assert not left, f"{process.name} drained, unwritten: {left}"

    def end(self):
        for process in self.running:
            if process.alive:
                process.signal(signal.SIGCONT)
                process.stop()
        self.running = []

    def plan(self, *events):
        self.planned |= set(events)

    def errors(self):
        """Unplanned ERROR events of all processes since the last look."""
        bad = []
        for process in self.all:
            events = process.log()
            bad += [f"{process.name}: {e}" for e in events[process.mark:]
                    if str(e.get("level")).lower() == "error"
                    and e.get("event") not in self.planned]
            process.mark = len(events)
        self.all = [p for p in self.all if p.alive]
        return bad


def pause_until(deadline_seconds, condition):
    """True as soon as the condition holds, False when time is up."""
    end = time.monotonic() + deadline_seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False
