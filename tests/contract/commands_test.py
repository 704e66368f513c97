"""Checks the commands in pages for operators: every verb, option and object is
one that the programs, `inservicectl` or the cluster's objects have. A block that
a test has to run is run by one.

Reads the pages as text, and the programs' own help. `make test-house` runs it.
"""
import re
import shlex
import subprocess
from functools import cache

import pytest
from house_test import BIN, ROOT, SERVICES, forgotten, text_of

OPERATIONS = ROOT / "docs/operations.md"
PAGES = [OPERATIONS, ROOT / "docs/lane.md", ROOT / "deploy/systemd/README.md",
         ROOT / "deploy/k8s/README.md", *sorted((ROOT / "docs/runbooks").glob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.S | re.M)
SPAN = re.compile(r"`([^`\n]+)`")
VARIABLE = re.compile(r"^(?:sudo |\w+=\S* )+")
KUBECTL = {"apply", "create", "delete", "exec", "get", "logs", "scale", "rollout"}


def commands(text):
    """Lines of blocks, and spans."""
    lines = [line for _, block in BLOCK.findall(text) for line in block.splitlines()]
    lines += SPAN.findall(BLOCK.sub("", text))
    for line in lines:
        line = VARIABLE.sub("", line.strip())
        line = line.split("#")[0].split("|")[0].strip()
        if re.match(r"(account|teacher|gateway|topics|inservicectl|kubectl) [\w-]", line):
            yield line


@cache
def help_of(program):
    """{verb: its line}"""
    told = subprocess.run([BIN / program, "--help"], check=True, text=True,
                          capture_output=True).stdout
    return {line.split()[0]: line for line in told.splitlines()
            if line.startswith("  ")}


@cache
def options(verb):
    """Of a verb whose file has a getopt table."""
    path = {"found-platform": "services/gateway/identity/found_platform.c"}[verb]
    return set(re.findall(r'\{"([a-z-]+)", required_argument', text_of(ROOT / path)))


def wrong_in_program(program, verb="", *words):
    if verb not in help_of(program):
        yield f"{program} {verb}"
        return
    for word in words:
        if word.isupper() or word in {"…", "..."}:
            continue
        told = help_of(program)[verb]
        known = options(verb) if verb == "found-platform" else set(re.findall(r"[\w-]+", told))
        if word.removeprefix("--" if verb == "found-platform" else "") not in known:
            yield f"{program} {verb} {word}"


def wrong_in_inservicectl(verb, *words):
    usage = text_of(ROOT / "deploy/systemd/inservicectl")
    if verb in SERVICES:
        yield from wrong_in_program(verb, *words)
    elif verb == "found-platform":
        yield from wrong_in_program("gateway", verb, *words)
    elif not re.search(rf"^  {verb} ", usage, re.M):
        yield f"inservicectl {verb}"


@cache
def cluster():
    return "\n".join(text_of(path) for path in sorted((ROOT / "deploy/k8s").rglob("*.yaml")))


def wrong_in_kubectl(*words):
    words = list(words)
    if words[:2] == ["-n", "inservice"]:
        words = words[2:]
    elif words[0] not in {"apply", "create"}:
        yield f"kubectl {' '.join(words)}: without the namespace"
    if words[0] not in KUBECTL:
        yield f"kubectl {words[0]}"
    for word in words:
        if word.startswith("deploy/k8s/") and not (ROOT / word).is_dir():
            yield word
        found = re.fullmatch(r"(?:deploy|statefulset|job)/(inservice-)?([\w-]+)", word)
        if found and f"name: {found[2]}" not in cluster().replace("inservice-", ""):
            yield word
        if "=" in word and word.startswith("app.kubernetes.io") and \
                word.replace("=", ": ") not in cluster():
            yield word
    if "--" in words:
        yield from wrong(words[words.index("--") + 1:])


def wrong(words):
    program, *rest = words
    if program in SERVICES:
        return list(wrong_in_program(program, *rest))
    if program == "inservicectl":
        return list(wrong_in_inservicectl(*rest))
    if program == "kubectl":
        return list(wrong_in_kubectl(*rest))
    return [] if "--create" in rest else [f"topics {rest}"]


def test_the_checks_find_mistakes():
    for line in ("account audit-stat", "gateway found-platform --kode X",
                 "inservicectl begin", "kubectl -n inservice get deploy/other",
                 "kubectl get pods", "account parked lst", "topics --remove x",
                 "inservicectl teacher rebuild-view"):
        assert wrong(line.split()), line


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_commands_of_a_page_exist(page):
    found = [mistake for line in commands(text_of(page))
             for mistake in wrong(shlex.split(line))]
    forgotten(set(found), f"{page.name} has commands that do not exist")


def test_there_are_commands():
    assert len(list(commands(text_of(OPERATIONS)))) > 30


def test_every_block_of_the_operations_is_run_by_a_test():
    tests = "".join(text_of(path) for path in (ROOT / "tests/fault").glob("test_*.py"))
    sections = re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", text_of(OPERATIONS), re.M | re.S)
    with_block = {title for title, text in sections if "```sh" in text}
    assert with_block
    forgotten({title for title in with_block if f'"{title}"' not in tests},
              "no fault test runs the block of")
