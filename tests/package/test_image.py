"""The image: its bytes, its contents, and a start of each program as in a pod:
not root, and nothing can be written to the root."""
import gzip
import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import tarfile
from pathlib import Path

import pytest

from conftest import ROOT, is_ready, run
from play.system import Stack, wait_until

SERVICES = ("account", "teacher", "gateway")
FOLDER = Path(os.environ["PACKAGE_DIR"]) / "image"


@pytest.fixture(scope="module")
def made():
    """The digest."""
    FOLDER.mkdir(exist_ok=True)
    return run(ROOT / "tools/make-image", os.environ["DEB"], FOLDER).split()[1]


@pytest.fixture(scope="module")
def blobs(made):
    with tarfile.open(FOLDER / "inservice.tar") as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}


@pytest.fixture(scope="module")
def manifest(made, blobs):
    index = json.loads(blobs["index.json"])
    assert index["manifests"][0]["digest"] == made
    return json.loads(blobs["blobs/" + made.replace(":", "/")])


@pytest.fixture(scope="module")
def root(blobs, manifest):
    folder = FOLDER / "root"
    shutil.rmtree(folder, ignore_errors=True)
    for layer in manifest["layers"]:
        packed = blobs["blobs/" + layer["digest"].replace(":", "/")]
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(packed))) as tar:
            tar.extractall(folder, filter="tar")
    return folder


def test_the_same_packages_give_the_same_bytes(made):
    before = (FOLDER / "inservice.tar").read_bytes()
    assert run(ROOT / "tools/make-image", os.environ["DEB"],
               FOLDER).split()[1] == made
    assert (FOLDER / "inservice.tar").read_bytes() == before


def test_every_digest_is_right(blobs, manifest):
    for one in (manifest["config"], *manifest["layers"]):
        blob = blobs["blobs/" + one["digest"].replace(":", "/")]
        assert "sha256:" + hashlib.sha256(blob).hexdigest() == one["digest"]
        assert len(blob) == one["size"]


def test_who_runs_it(blobs, manifest):
    config = json.loads(
        blobs["blobs/" + manifest["config"]["digest"].replace(":", "/")])
    assert config["config"]["User"] == "65532:65532"
    assert "Entrypoint" not in config["config"]


def test_contents(root):
    files = [path for path in root.rglob("*")
             if path.is_file() and not path.is_symlink()]
    names = {path.name for path in files}
    assert not names & {"sh", "bash", "dash", "apt-get", "dpkg", "perl", "su"}
    assert not [path for path in files
                if path.stat().st_mode & (stat.S_ISUID | stat.S_ISGID)]
    assert sum(path.stat().st_size for path in files) < 60 << 20
    assert (root / "etc/ssl/certs/ca-certificates.crt").stat().st_size > 100_000


def test_the_list_of_contents_has_every_package(made):
    listed = json.loads((FOLDER / "inservice.spdx.json").read_text())["packages"]
    debs = list((FOLDER / "debs").glob("*.deb")) + [Path(os.environ["DEB"])]
    sums = {one["checksums"][0]["checksumValue"] for one in listed}
    assert sums == {hashlib.sha256(deb.read_bytes()).hexdigest() for deb in debs}
    assert {"inservice", "libc6", "librdkafka1"} <= {one["name"] for one in listed}


class Pod:
    """A program in the image's files, which nothing can be written to."""

    def __init__(self, root, program, *words, **env):
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-ec",
             f"mount --bind {root} {root}; mount -o remount,bind,ro {root}; "
             f"exec chroot --userspec=65532:65532 {root} "
             f"/usr/lib/inservice/{program} {' '.join(words)}"],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def end(self):
        said, _ = self.process.communicate(timeout=60)
        return self.process.returncode, said


@pytest.mark.parametrize("program", SERVICES)
def test_each_program_finds_its_libraries(root, program):
    if os.geteuid() != 0:
        pytest.skip("SKIPPED: the image's files are entered as root")
    status, said = Pod(root, program, "--version").end()
    assert (status, said.split()[0]) == (0, program)


def test_a_service_runs_in_it(root):
    if os.geteuid() != 0:
        pytest.skip("SKIPPED: the image's files are entered as root")
    with Stack(FOLDER / "stack") as stack:
        env = {"INSERVICE_DATABASE_URL": stack.env["ACCOUNT_DATABASE_URL"],
               "INSERVICE_OWNER_DATABASE_URL":
                   stack.env["ACCOUNT_OWNER_DATABASE_URL"],
               "INSERVICE_KAFKA_BOOTSTRAP": stack.env["KAFKA_BOOTSTRAP"],
               "INSERVICE_LANES": stack.env["INSERVICE_LANES"]}
        status, said = Pod(root, "account", "migrate", **env).end()
        assert status == 0, said
        pod = Pod(root, "account", **env)
        port = next(json.loads(line)["port"] for line in pod.process.stdout
                    if '"listening"' in line)
        wait_until(lambda: is_ready(port), 60, "the pod to be ready")
        pod.process.terminate()
        status, said = pod.end()
        assert status == 0, said
