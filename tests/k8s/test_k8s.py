"""deploy/k8s: what is printed from tables is up to date, and every object is
one that Kubernetes takes and that fits the programs."""
import json
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
K8S = ROOT / "deploy/k8s"
BIN = Path(os.environ["BIN"])
OVERLAYS = sorted(p.name for p in (K8S / "overlays").iterdir())
VERSIONS = ("1.30", "1.34")
# Checked by their operators; here only their names and settings are.
OPERATORS = re.compile(r"(strimzi|cnpg|coreos|gateway\.networking|external-secrets|keda)\b")
PROGRAMS = ("account", "teacher", "gateway")


def say(*words):
    return subprocess.run([str(w) for w in words], capture_output=True,
                          text=True, check=True).stdout


def test_printed_parts_are_as_the_programs_print_them(tmp_path):
    say(ROOT / "tools/print-k8s", BIN, BIN / "topics", tmp_path)
    printed = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(printed) == 4
    for path in printed:
        there = ROOT / path.relative_to(tmp_path)
        assert path.read_text() == there.read_text(), \
            f"{there} is old: make k8s"


@cache
def settings(program):
    """{name: whether it must be given} of a program."""
    rows = re.findall(r"^\| `(INSERVICE_\w+)` \|[^|]*\| ([^|]*) \|",
                      say(BIN / program, "settings"), re.M)
    return {name: default == "required" for name, default in rows}


@cache
def rendered(overlay):
    """All objects of an overlay."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("SKIPPED: no kubectl, which renders the overlays")
    done = subprocess.run([kubectl, "kustomize", str(K8S / "overlays" / overlay)],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def names(overlay, kind):
    return {o["metadata"]["name"] for o in rendered(overlay) if o["kind"] == kind}


def pods(overlay):
    """(object, template of its pods)"""
    for one in rendered(overlay):
        if one["kind"] in ("Deployment", "StatefulSet", "Job"):
            yield one, one["spec"]["template"]


def containers(overlay):
    for one, template in pods(overlay):
        for container in template["spec"]["containers"]:
            yield one, template["spec"], container


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_kubernetes_takes_every_object(overlay, version):
    seen = 0
    for one in rendered(overlay):
        if not OPERATORS.search(one["apiVersion"]):
            kubernetes_validate.validate(one, version, strict=True)
            seen += 1
    assert seen > 15


@pytest.mark.parametrize("broken", [
    ("replicas", "two"), ("replica", 2), ("template", [])])
def test_the_schemas_refuse_what_is_wrong(broken):
    one = next(o for o in rendered("trial") if o["kind"] == "Deployment")
    name, value = broken
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(
            {**one, "spec": {**one["spec"], name: value}}, "1.34", strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_pods_are_restricted(overlay):
    """As Pod Security "restricted" demands, and read-only."""
    for _, pod, container in containers(overlay):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault"
        assert pod["automountServiceAccountToken"] is False
        assert pod["enableServiceLinks"] is False
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]}}
        assert "memory" in container["resources"]["limits"]
        for volume in pod.get("volumes", []):
            assert {"projected", "secret", "emptyDir"} & set(volume), volume


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_selectors_find_their_pods(overlay):
    labels = [template["metadata"]["labels"] for _, template in pods(overlay)]

    def found(wanted):
        return [one for one in labels if wanted.items() <= one.items()]
    for one in rendered(overlay):
        spec, kind = one.get("spec", {}), one["kind"]
        if kind in ("Deployment", "StatefulSet", "PodDisruptionBudget"):
            assert len(found(spec["selector"]["matchLabels"])) == 1, one
        elif kind == "Service":
            assert len(found(spec["selector"])) == 1, one
        elif kind in ("NetworkPolicy", "PodMonitor"):
            wanted = spec.get("podSelector", spec.get("selector"))
            assert found(wanted.get("matchLabels", {})), one


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_ports_have_the_names_that_are_used(overlay):
    for one, _, container in containers(overlay):
        ports = {port["name"] for port in container.get("ports", [])}
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            if probe in container:
                assert container[probe]["httpGet"]["port"] in ports
        assert (one["kind"] == "Job") != ("readinessProbe" in container)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_programs_get_settings_that_they_have(overlay):
    """Given by the manifest, or by a Secret that README.md lists."""
    values = {o["metadata"]["name"]: o["data"] for o in rendered(overlay)
              if o["kind"] == "ConfigMap"}
    for one, _, container in containers(overlay):
        program, = container["command"]
        assert program in PROGRAMS
        given = {row["name"] for row in container.get("env", [])}
        for source in container["envFrom"]:
            if "configMapRef" in source:
                given |= set(values[source["configMapRef"]["name"]])
            else:
                given |= secrets()[source["secretRef"]["name"]]
        known = settings(program)
        assert given <= set(known), given - set(known)
        missing = {name for name, needed in known.items() if needed} - given
        assert not missing, (one["metadata"]["name"], missing)


@cache
def secrets():
    """{Secret: its keys}, as README.md lists those that an operator makes."""
    text = (K8S / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(inservice-[\w-]+)` \| ([^|]*) \|", text, re.M)
    return {name: set(re.findall(r"`([^`]+)`", keys)) for name, keys in rows}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_secret_is_told(overlay):
    made = names(overlay, "ConfigMap")
    told = set(secrets())
    for _, pod, container in containers(overlay):
        for source in container["envFrom"]:
            if "secretRef" in source:
                assert source["secretRef"]["name"] in told
            else:
                assert source["configMapRef"]["name"] in made
        for volume in pod.get("volumes", []):
            for source in volume.get("projected", {}).get("sources", []):
                secret = source.get("secret", {"optional": True})
                if not secret.get("optional"):
                    assert secret["name"] in told
            if "secret" in volume:
                assert volume["secret"]["secretName"] in told


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_lanes_and_partitions_agree(overlay):
    lanes = {int(o["data"]["INSERVICE_LANES"]) for o in rendered(overlay)
             if "INSERVICE_LANES" in o.get("data", {})}
    topics = {o["spec"]["partitions"] for o in rendered(overlay)
              if o["kind"] == "KafkaTopic"}
    assert len(lanes) == 1
    assert topics <= lanes


def test_drain_ends_before_the_pod_is_killed():
    def seconds(text):
        return int(re.fullmatch(r"(\d+)s", text)[1])
    for one, pod, container in containers("trial"):
        if one["kind"] == "Job":
            continue
        given = {row["name"]: row.get("value") for row in container["env"]}
        deadline = seconds(given.get("INSERVICE_DRAIN_DEADLINE", "20s"))
        assert pod["terminationGracePeriodSeconds"] > deadline


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_p16_owners_have_a_name_that_lasts(overlay):
    """The pod's name, which only a StatefulSet keeps."""
    named = {one["kind"] for one, _, container in containers(overlay)
             for row in container.get("env", [])
             if row["name"] == "INSERVICE_INSTANCE_ID" and
             row["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name"}
    owners = {one["kind"] for one, _, container in containers(overlay)
              if one["kind"] != "Job" and
              container["command"][0] in ("account", "teacher")}
    assert named == owners == {"StatefulSet"}


# --- watching -------------------------------------------------------------------
def alerts():
    rules, = yaml.safe_load_all((K8S / "components/monitoring/rules.yaml").read_text())
    return {rule["alert"]: rule for group in rules["spec"]["groups"]
            for rule in group["rules"]}


def known_metrics():
    """{name: its labels}; a histogram is read by its buckets."""
    rows = re.findall(r"^\| `(inservice_\w+)` \| (\w+)[^|]*\| ([\w,]*) ?\|",
                      (ROOT / "docs/metrics.md").read_text(), re.M)
    assert len(rows) > 30
    return {name + ("_bucket" if kind == "histogram" else ""): {*labels.split(",")}
            for name, kind, labels in rows}


def queries():
    """{panel: its queries}"""
    board = json.loads((K8S / "components/monitoring/dashboard.json").read_text())
    return {panel["title"]: [target["expr"] for target in panel["targets"]]
            for panel in board["panels"] if panel["type"] != "row"}


# Labels of the scrape (pod-monitor.yaml), and of a histogram.
OF_THE_SCRAPE = {"pod", "app_kubernetes_io_name", "le"}


def test_panels_ask_for_metrics_and_labels_that_there_are():
    known = known_metrics()
    for panel, asked in queries().items():
        for query in asked:
            metrics = set(re.findall(r"\binservice_\w+", query))
            if not query.startswith("up{"):
                assert metrics, panel
            assert metrics <= set(known), (panel, metrics - set(known))
            labels = set(re.findall(r"by \((\w+)\)", query))
            for metric in metrics:
                assert labels <= known[metric] | OF_THE_SCRAPE, (panel, labels)


def test_every_alert_can_be_seen():
    shown = set(re.findall(r"\b(?:inservice_\w+|up)\b", str(queries())))
    for name, rule in alerts().items():
        asked = set(re.findall(r"\b(?:inservice_\w+|up)\b", rule["expr"]))
        assert asked <= shown, (name, asked - shown)


def test_alerts_ask_for_metrics_that_there_are():
    known = set(known_metrics())
    for name, rule in alerts().items():
        asked = set(re.findall(r"\binservice_\w+", rule["expr"]))
        if not rule["expr"].startswith("up{"):
            assert asked, name
        assert asked <= known, (name, asked - known)


def test_scaling_asks_for_a_metric_that_there_is():
    known = (ROOT / "docs/metrics.md").read_text()
    for one in yaml.safe_load_all((K8S / "components/keda/scaling.yaml").read_text()):
        query = one["spec"]["triggers"][0]["metadata"]["query"]
        metric, topic = re.fullmatch(
            r'sum\((\w+)\{topic="([\w.]+)"\}\)', query).groups()
        assert f"| `{metric}` | gauge | worker,topic |" in known
        assert f"`{topic}`" in (ROOT / "docs/kafka-acl.md").read_text()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_one_place_says_how_many_pods_there_are(overlay):
    """An apply would set back what an autoscaler has chosen."""
    scaled = {(one["spec"]["scaleTargetRef"]["kind"],
               one["spec"]["scaleTargetRef"]["name"])
              for one in rendered(overlay)
              if one["kind"] in ("HorizontalPodAutoscaler", "ScaledObject")}
    for one, _ in pods(overlay):
        if (one["kind"], one["metadata"]["name"]) in scaled:
            assert "replicas" not in one["spec"]


def test_every_alert_is_made_to_fire():
    tests = "".join(path.read_text() for path in (ROOT / "tests/fault").glob("test_*.py"))
    assert not [name for name in alerts() if name not in tests]


def test_every_alert_has_its_page():
    pages = {path.stem for path in (ROOT / "docs/runbooks").glob("Inservice*.md")}
    assert pages == set(alerts())
    for name, rule in alerts().items():
        page = rule["annotations"]["runbook_url"]
        text = (ROOT / page).read_text(encoding="utf-8")
        for heading in ("What it means to schools", "Look here", "Do this",
                        "After that"):
            assert f"\n## {heading}\n" in text, (page, heading)
