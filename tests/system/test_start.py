"""Starting: the answers of a process while its database is away, and the
output of its command line."""
import fcntl
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import threading

import pytest
from play.mail import Spool
from play.system import NAMES, ROOT, Service, Stack, wait_until

from harness import checked


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    finally:
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Wire:
    """A port without a listener until it is joined to a server."""

    def __init__(self, target):
        self.target, self.ends = target, []
        self.door = socket.socket()
        self.door.bind(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]

    def join(self):
        self.door.listen(64)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                near, _ = self.door.accept()
            except OSError:
                return
            far = socket.create_connection(self.target)
            self.ends += [near, far]
            for pair in ((near, far), (far, near)):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    def cut(self):
        for end in (self.door, *self.ends):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


@pytest.fixture
def wire(stack):
    host, port = re.search(r"@([^:/]+):(\d+)/",
                           stack.env["GATEWAY_DATABASE_URL"]).groups()
    wire = Wire((host, int(port)))
    yield wire
    wire.cut()


@pytest.fixture
def lonely(system, folder, watch, wire, request):
    """One more process of a service, connected to its database through the
    wire."""
    first = system[request.param]
    url = re.sub(r":(\d+)/", f":{wire.port}/",
                 first.env["INSERVICE_DATABASE_URL"], count=1)
    service = Service(first.name, first.binary,
                      {**first.env, **checked(), "INSERVICE_DATABASE_URL": url,
                       "INSERVICE_LISTEN_PORT": "0"},
                      folder / "run" / f"lonely-{first.name}")
    watch.add(service)
    service.start()
    yield service
    service.kill()


@pytest.mark.parametrize("lonely", NAMES, indirect=True)
def test_alive_before_the_database(town, lonely, wire):
    wait_until(lambda: lonely.get("/livez"), 20, "somebody to answer")
    wait_until(lambda: lonely.get("/readyz")[1].find("database") > 0, 20,
               "the reason")
    assert lonely.get("/livez")[0] == 200
    assert lonely.get("/readyz")[0] == 503
    assert lonely.get("/metrics")[0] == 200
    if lonely.name == "gateway":
        status, body = lonely.get("/v1/organizations")
        assert (status, "UNAVAILABLE" in body) == (503, True)
    wire.join()
    lonely.wait_ready()
    if lonely.name == "gateway":
        assert lonely.get("/v1/organizations")[0] == 200
    assert lonely.stop() == 0


@pytest.mark.parametrize("lonely", NAMES, indirect=True)
def test_stops_before_the_database(town, lonely):
    wait_until(lambda: lonely.get("/livez"), 20, "somebody to answer")
    assert lonely.stop() == 0


def test_p15_new_connections_are_served_while_it_leaves(
        town, system, folder, watch):
    """A load balancer goes on sending for some time after SIGTERM."""
    first = system["gateway"]
    service = Service("gateway", first.binary,
                      {**first.env, **checked(), "INSERVICE_LISTEN_PORT": "0",
                       "INSERVICE_DRAIN_DELAY": "2s",
                       "INSERVICE_DRAIN_DEADLINE": "30s"},
                      folder / "run" / "leaving")
    watch.add(service)
    service.start()
    try:
        service.wait_ready()
        service.signal(signal.SIGTERM)
        wait_until(lambda: service.get("/readyz")[0] == 503, 2, "/readyz")
        assert "draining" in service.get("/readyz")[1]
        answers = []
        while answer := answer_of(service.port, "/v1/organizations"):
            answers.append(answer)
        assert len(answers) > 10
        assert set(answers) == {(200, "close")}
        assert service.stop() == 0
    finally:
        service.kill()


def answer_of(port, path):
    """Status and Connection header over a new connection; None: it is
    refused."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", path)
    except ConnectionRefusedError:
        return None
    try:
        answer = line.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Connection", "").lower()
    finally:
        line.close()


def test_a_manager_that_asks_is_told(tmp_path, town, system, folder, watch):
    """As systemd does with Type=notify: when the port is open, and at the end.
    Until then a start that fails is seen as one."""
    first = system["account"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        service = Service("account", first.binary,
                          {**first.env, **checked(),
                           "NOTIFY_SOCKET": str(tmp_path / "notify")},
                          folder / "run" / "managed")
        watch.add(service)
        service.start()
        try:
            assert manager.recv(100) == b"READY=1"
            assert service.get("/livez")[0] == 200
            assert service.stop() == 0
            assert manager.recv(100) == b"STOPPING=1"
        finally:
            service.kill()


# --- the command line ----------------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("word", ["--help", "help"])
def test_help(system, name, word):
    status, out, err = system[name].host(word, INSERVICE_DATABASE_URL="")
    assert (status, err) == (0, "")
    for command in ("migrate", "parked", "rebuild-views", "restored"):
        assert re.search(rf"^  {command} ", out, re.M), out
    assert ("found-platform" in out) == (name == "gateway")


@pytest.mark.parametrize("name", NAMES)
def test_p10_version(system, name):
    """The newest of the list of changes, without any setting."""
    newest = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.M)[1]
    status, out, err = system[name].host("--version", INSERVICE_DATABASE_URL="")
    assert (status, out, err) == (0, f"{name} {newest}\n", "")
    assert re.fullmatch(r"\d+\.\d+\.\d+", newest)
    metrics = system[name].get("/metrics")[1]
    assert f'inservice_build_info{{version="{newest}"}} 1' in metrics


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("words", [["--nosuch"], ["start"], ["help-me", "--help"],
                                   ["--settings"]])
def test_wrong_words(system, name, words):
    status, out, err = system[name].host(*words)
    assert (status, out) == (2, "")
    assert f"no such command: {words[0]}" in err and "usage:" in err


@pytest.mark.parametrize("words", [["parked"], ["parked", "release", "x"],
                                   ["rebuild-views", "now"], ["republish"]])
def test_wrong_words_of_a_command(system, words):
    status, out, err = system["account"].host(*words)
    assert (status, out) == (2, "")
    assert err.startswith(f"usage: {words[0]} ")


# --- tools: the servers under the system, and make run -----------------------
def test_a_stack_whose_folder_was_removed_begins_from_scratch(
        tmp_path, monkeypatch):
    """As root its data is elsewhere, under passwords that are gone."""
    monkeypatch.setenv("STACK_KAFKA", "embedded")
    stack = Stack(tmp_path / "stack")
    try:
        for _ in range(2):
            stack.up()
            assert stack.verb("status").count(" up ") == 2
            shutil.rmtree(stack.folder)
    finally:
        stack.verb("destroy")


def run_with(port, stack="none"):
    done = subprocess.run(
        [str(ROOT / "tools/run")], capture_output=True, text=True, timeout=30,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PORT": port, "BIN": "none", "STACK_DIR": str(stack)})
    return done.returncode, done.stdout + done.stderr


def test_make_run_leaves_another_run_of_its_folder_alone(tmp_path):
    (tmp_path / "run").mkdir()
    with socket.socket() as free, open(tmp_path / "run/lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
        free.close()
        status, said = run_with(port, tmp_path / "stack")
    assert (status, said.count("\n")) == (1, 1), said
    assert "another `make run`" in said
    assert not (tmp_path / "stack").exists()


def test_p28_a_new_installation_has_no_old_mail(tmp_path):
    """`make run` on an empty installation: the newest code to an address is
    not an earlier installation's."""
    (tmp_path / "1.eml").write_text("To: <chief@example.tw>\n\n  123456\n")
    spool = Spool(tmp_path)
    spool.clear()
    assert not spool.has("chief@example.tw")


def test_make_run_names_a_port_that_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        status, said = run_with(port)
    assert (status, said.count("\n")) == (1, 1), said
    assert f"port {port}" in said and "PORT=18080 make run" in said
    for wrong in ("http", "0", "65536"):
        status, said = run_with(wrong)
        assert (status, said.count("\n")) == (1, 1), said


def test_p16_two_processes_with_one_name(town, system, folder, watch, errors):
    """The one that started first ends and says why."""
    errors.plan("instance_replaced")
    first, twins = system["teacher"], []
    for i in range(2):
        twins.append(Service("teacher", first.binary, {
            **first.env, **checked(), "INSERVICE_INSTANCE_ID": "twin"},
            folder / "run" / f"twin-{i}"))
    try:
        twins[0].start().wait_ready()
        twins[1].start()
        wait_until(lambda: not twins[0].alive, 60, "the first twin to end")
        told = [e for e in twins[0].log() if e["level"] == "error"]
        assert [(e["event"], e["instance"]) for e in told] == \
            [("instance_replaced", "twin")], told
        assert twins[0].process.returncode == 1
        twins[1].wait_ready()
        assert twins[1].stop() == 0
    finally:
        for twin in twins:
            twin.kill()
