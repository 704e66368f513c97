"""The Debian package, in a copy of this machine that is thrown away: contents,
units, and the life of an installation from set-up to removal."""
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT, is_ready, run
from play import county
from play.system import Stack, wait_until
from play.town import Town

SERVICES = ("account", "teacher", "gateway")
FOLDER = Path(os.environ["PACKAGE_DIR"])
PACKAGE = Path(os.environ["DEB"])


@pytest.fixture(scope="module")
def unpacked():
    folder = FOLDER / "unpacked"
    shutil.rmtree(folder, ignore_errors=True)
    run("dpkg-deb", "-x", PACKAGE, folder)
    return folder


def test_the_same_input_gives_the_same_bytes():
    version = re.search(r"_([\d.]+)_", PACKAGE.name)[1]
    again = run(ROOT / "tools/make-deb", os.environ["BIN"], version,
                FOLDER / "again").strip()
    assert Path(again).read_bytes() == PACKAGE.read_bytes()


def test_contents(unpacked):
    files = {str(path.relative_to(unpacked)) for path in unpacked.rglob("*")
             if path.is_file()}
    assert {f"usr/lib/inservice/{name}"
            for name in (*SERVICES, "topics", "rights")} \
        <= files
    assert {f"usr/lib/systemd/system/inservice-{name}.service"
            for name in SERVICES} <= files
    assert not [name for name in files if not name.startswith("usr/")]
    told = run(unpacked / "usr/lib/inservice/account", "--version")
    assert told.split()[1] == re.search(r"_([\d.]+)_", PACKAGE.name)[1]
    assert run(unpacked / "usr/lib/inservice/account", "failpoints") == ""


@pytest.mark.parametrize("service", SERVICES)
def test_a_unit_gives_as_little_as_it_needs(unpacked, service):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("SKIPPED: no systemd-analyze (package systemd)")
    unit = unpacked / f"usr/lib/systemd/system/inservice-{service}.service"
    said = run("systemd-analyze", "security", "--offline=true", unit)
    score = float(re.search(r"exposure level for \S+: ([\d.]+)", said)[1])
    assert score < 1.5, said


@pytest.mark.parametrize("service", SERVICES)
def test_p16_a_unit_has_a_name_in_its_group(unpacked, service):
    unit = unpacked / f"usr/lib/systemd/system/inservice-{service}.service"
    assert f"Environment=INSERVICE_INSTANCE_ID={service}-%H" in \
        unit.read_text().splitlines()


# --- the life of an installation --------------------------------------------------
class Machine:
    """A copy-on-write copy of this machine, in a name space of its own."""

    def __init__(self, folder):
        self.root = folder / "machine"
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir(parents=True)
        self.holder = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-ec", f"""
            mount -t tmpfs none {self.root}
            mkdir {self.root}/upper {self.root}/work {self.root}/all
            mount -t overlay none -o lowerdir=/,upperdir={self.root}/upper,workdir={self.root}/work {self.root}/all
            for name in proc dev; do mount --rbind /$name {self.root}/all/$name; done
            mount -t tmpfs none {self.root}/all/run
            echo ready
            exec sleep infinity"""], stdout=subprocess.PIPE, text=True)
        assert self.holder.stdout.readline() == "ready\n"
        self.started = []

    def words(self, *words):
        return ["nsenter", "--mount", f"--target={self.holder.pid}",
                "chroot", f"{self.root}/all", *(str(word) for word in words)]

    def do(self, *words, status=0, said="", **env):
        done = subprocess.run(
            self.words(*words), text=True, capture_output=True, timeout=120,
            input=said, env={"PATH": os.environ["PATH"],
                             "DEBIAN_FRONTEND": "noninteractive", **env})
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def start(self):
        """What the units start, as the user that they name."""
        for service in SERVICES:
            self.started.append(subprocess.Popen(
                self.words("runuser", "-u", "inservice", "--",
                           f"/usr/lib/inservice/{service}", "--settings",
                           f"/etc/inservice/{service}.conf"),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def stop(self):
        self.do("pkill", "-TERM", "-u", "inservice")
        for process in self.started:
            process.wait(40)
        self.started.clear()

    def end(self):
        for process in self.started:
            subprocess.run(["pkill", "-KILL", "-P", str(process.pid)])
            process.kill()
        self.holder.kill()
        self.holder.wait()


@pytest.fixture(scope="module")
def machine():
    if os.geteuid() != 0:
        pytest.skip("SKIPPED: a copy of this machine needs root")
    machine = Machine(FOLDER)
    yield machine
    machine.end()


@pytest.fixture(scope="module")
def servers():
    """PostgreSQL and Kafka, without anything of ours in PostgreSQL."""
    with Stack(FOLDER / "stack") as stack:
        admin = re.sub(r"/\w+(\?|$)", r"\1", stack.env["ADMIN_DATABASE_URL"])
        psql = ("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", admin, "-c")
        there = {**os.environ, "PGDATABASE": "postgres"}
        run(*psql, "DROP DATABASE inservice WITH (FORCE)", env=there)
        for service in SERVICES:
            run(*psql, f"DROP ROLE inservice_{service}", env=there)
            run(*psql, f"DROP ROLE inservice_{service}_owner", env=there)
        port = re.search(r":(\d+)$", admin)[1]
        yield {"ADMIN_DATABASE_URL": admin, "PGPORT": port,
               "KAFKA_BOOTSTRAP": stack.env["KAFKA_BOOTSTRAP"]}


class Founder:
    """The gateway's command line, for Town.found()."""

    def __init__(self, machine):
        self.machine = machine

    def host(self, *words, said):
        return 0, self.machine.do("inservicectl", *words, said=said), ""


def set_line(machine, name, value):
    machine.do("sed", "-i", f"/^{name}=/d", "/etc/inservice/gateway.conf")
    machine.do("sh", "-c", f"echo {name}={value} >>/etc/inservice/gateway.conf")


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_from_set_up_to_removal(machine, servers):
    machine.do("sh", "-c", f"cat >/tmp/one.deb <{PACKAGE}")
    machine.do("dpkg", "-i", "/tmp/one.deb")
    assert "inservice" in machine.do("id", "inservice")
    first = machine.do("inservicectl", "setup", **servers)
    for word in ("database", "schemas", "settings", "topics", "keys", "start"):
        assert re.search(rf"^{word} ", first, re.M), first
    # Passwords are not for all users, the owners' not even for the services.
    machine.do("runuser", "-u", "daemon", "--", "cat",
               "/etc/inservice/gateway.conf", status=1)
    machine.do("runuser", "-u", "inservice", "--", "sh", "-c",
               "cat /etc/inservice/owner/*", status=1)

    port = free_port()
    set_line(machine, "INSERVICE_LISTEN_PORT", port)
    machine.start()
    url = f"http://127.0.0.1:{port}"
    town = Town(url, machine.root / "none")
    wait_until(lambda: is_ready(port), 60, "the gateway to be ready")
    town.found(Founder(machine))
    town.redeem(town.platform)
    town.sign_in(town.platform)
    town.import_rows(town.platform, county.small()[:20], accept=True)
    assert names(town)

    # The same again changes nothing; a newer build finds what is there.
    settings = machine.do("sh", "-c", "cat /etc/inservice/*.conf")
    machine.stop()
    newer = run(ROOT / "tools/make-deb", os.environ["BIN"], "9.9.9",
                FOLDER / "newer").strip()
    machine.do("sh", "-c", f"cat >/tmp/two.deb <{newer}")
    machine.do("dpkg", "-i", "/tmp/two.deb")
    again = machine.do("inservicectl", "setup", **servers)
    assert "is written" not in again
    assert "is made" not in again
    assert machine.do("sh", "-c", "cat /etc/inservice/*.conf") == settings
    before = names(town, wait=False)
    machine.start()
    wait_until(lambda: is_ready(port), 60, "the gateway to be ready again")
    town.sign_in(town.platform)
    assert names(town)
    assert before is None
    machine.stop()

    machine.do("dpkg", "-r", "inservice")
    machine.do("test", "-e", "/usr/lib/inservice/gateway", status=1)
    machine.do("test", "-e", "/etc/inservice/gateway.conf")
    machine.do("sh", "-c", "ls /var/lib/inservice/keys/*.key")


def names(town, wait=True):
    """The organizations that an anonymous reader sees; None: no answer."""
    try:
        answer = town.anybody.get("/v1/organizations", query={"limit": "5"})
    except OSError:
        assert not wait
        return None
    return [one["name"] for one in answer.json["items"]]
