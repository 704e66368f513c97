"""The overlay `trial` before a real API server without controllers:
every object is admitted, pods under Pod Security "restricted", and a broken
copy of each kind is refused. `make test-k8s-cluster` runs it; the server's
programs come from build-programs.
"""
import copy
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from play.system import wait_until  # noqa: E402

FOLDER = Path(os.environ["K8S_DIR"])
PROGRAMS = Path(os.environ["K8S_PROGRAMS"]) / "bin"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Server:
    """etcd and kube-apiserver on loopback, empty."""

    def __init__(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder, self.port, self.started = folder, free_port(), []
        store, peer = free_port(), free_port()
        for words in (["genrsa", "-out", "sa.key", "2048"],
                      ["rsa", "-in", "sa.key", "-pubout", "-out", "sa.pub"]):
            subprocess.run(["openssl", *words], cwd=folder, check=True,
                           capture_output=True)
        (folder / "tokens.csv").write_text("operator,operator,1,system:masters\n")
        self.start("etcd", "etcd", "--data-dir", folder / "etcd",
                   "--listen-client-urls", f"http://127.0.0.1:{store}",
                   "--advertise-client-urls", f"http://127.0.0.1:{store}",
                   "--listen-peer-urls", f"http://127.0.0.1:{peer}")
        self.start("apiserver", PROGRAMS / "kube-apiserver",
                   "--etcd-servers", f"http://127.0.0.1:{store}",
                   "--cert-dir", folder / "certificates",
                   "--bind-address", "127.0.0.1", "--secure-port", self.port,
                   "--service-cluster-ip-range", "10.0.0.0/24",
                   "--service-account-issuer", "https://inservice.test",
                   "--service-account-key-file", folder / "sa.pub",
                   "--service-account-signing-key-file", folder / "sa.key",
                   "--token-auth-file", folder / "tokens.csv",
                   "--authorization-mode", "RBAC",
                   "--disable-admission-plugins", "ServiceAccount")

    def start(self, name, *words):
        log = open(self.folder / f"{name}.log", "wb")
        self.started.append(subprocess.Popen([str(word) for word in words],
                                             stdout=log, stderr=log))

    @property
    def is_ready(self):
        assert all(one.poll() is None for one in self.started), \
            (self.folder / "apiserver.log").read_text()[-2000:]
        trust = ssl._create_unverified_context()
        try:
            with urllib.request.urlopen(
                    f"https://127.0.0.1:{self.port}/readyz", context=trust,
                    timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def apply(self, *objects):
        """(exit status, what kubectl said)"""
        done = subprocess.run(
            ["kubectl", f"--server=https://127.0.0.1:{self.port}",
             "--insecure-skip-tls-verify", "--token=operator", "apply",
             "--server-side", "--validate=strict", "-f", "-"],
            input=json.dumps({"apiVersion": "v1", "kind": "List",
                              "items": objects}),
            capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def end(self):
        for one in reversed(self.started):
            one.terminate()
            one.wait(30)


@pytest.fixture(scope="module")
def server():
    server = Server(FOLDER / "server")
    try:
        wait_until(lambda: server.is_ready, 90, "the API server")
        yield server
    finally:
        server.end()


@pytest.fixture(scope="module")
def trial():
    text = subprocess.run(
        ["kubectl", "kustomize", str(ROOT / "deploy/k8s/overlays/trial")],
        check=True, capture_output=True, text=True).stdout
    return list(yaml.safe_load_all(text))


@pytest.fixture(scope="module")
def applied(server, trial):
    space = [one for one in trial if one["kind"] == "Namespace"]
    rest = [one for one in trial if one["kind"] != "Namespace"]
    assert server.apply(*space) == (0, "namespace/inservice serverside-applied\n")
    status, said = server.apply(*rest)
    assert status == 0, said
    return said


def test_every_object_is_admitted(applied, trial):
    assert applied.count("serverside-applied") == len(trial) - 1
    assert "Warning" not in applied


def test_the_same_again_is_admitted(server, applied, trial):
    status, said = server.apply(*trial)
    assert status == 0, said


def pods(trial):
    """A pod as each controller would make it."""
    for one in trial:
        if one["kind"] in ("Deployment", "StatefulSet", "Job"):
            template = copy.deepcopy(one["spec"]["template"])
            yield {"apiVersion": "v1", "kind": "Pod", **template,
                   "metadata": {**template["metadata"], "namespace": "inservice",
                                "name": f"pod-{one['metadata']['name']}"}}


def test_its_pods_are_restricted(server, applied, trial):
    made = list(pods(trial))
    assert len(made) == 6
    status, said = server.apply(*made)
    assert status == 0, said


def changed(one, path, value):
    """A copy in which the member at the path is another; None: removed."""
    one = copy.deepcopy(one)
    one["metadata"]["name"] += "-broken"
    place = one
    *way, last = path
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return one


POD = ("spec", "containers", 0)
BROKEN = [
    ("Pod", ("spec", "securityContext", "runAsNonRoot"), False, "restricted"),
    ("Pod", ("spec", "securityContext", "seccompProfile"), None, "restricted"),
    ("Pod", (*POD, "securityContext", "capabilities"), None, "restricted"),
    ("Pod", (*POD, "securityContext", "allowPrivilegeEscalation"), True, "restricted"),
    ("Pod", ("spec", "hostNetwork"), True, "restricted"),
    ("Pod", ("spec", "restart"), "Never", "unknown field"),
    ("Deployment", ("spec", "replicas"), -1, "replicas"),
    ("Deployment", ("spec", "selector", "matchLabels"), {"a": "b"}, "selector"),
    ("StatefulSet", ("spec", "template", "spec", "containers", 0, "image"), "", "image"),
    ("Job", ("spec", "template", "spec", "restartPolicy"), "Always", "restartPolicy"),
    ("Service", ("spec", "ports", 0, "port"), 0, "port"),
    ("HorizontalPodAutoscaler", ("spec", "minReplicas"), 99, "maxReplicas"),
    ("PodDisruptionBudget", ("spec", "minAvailable"), 1, "minAvailable"),
    ("NetworkPolicy", ("spec", "policyTypes"), ["Inward"], "policyTypes"),
]


@pytest.mark.parametrize("kind, path, value, word", BROKEN)
def test_what_is_broken_is_refused(server, applied, trial, kind, path, value, word):
    right = next(one for one in [*pods(trial), *trial] if one["kind"] == kind)
    status, said = server.apply(changed(right, path, value))
    assert status != 0, said
    assert word in said
