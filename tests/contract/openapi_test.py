"""Compares the OpenAPI document with the gateway's route table, both ways: the
same routes with the same numbers, query parameters and demands, and no
dangling reference.

GATEWAY names the program, OPENAPI the document; `make test-openapi` sets them.
"""
import importlib.machinery
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from play.openapi import resolve  # noqa: E402


def load_reader():
    loader = importlib.machinery.SourceFileLoader(
        "embed_openapi", str(ROOT / "tools/embed-openapi"))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader("embed_openapi", loader))
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def document():
    return load_reader().read(os.environ["OPENAPI"])


@pytest.fixture(scope="module")
def table():
    settings = {"INSERVICE_" + name: "none" for name in
                ("DATABASE_URL", "OWNER_DATABASE_URL", "KAFKA_BOOTSTRAP", "KEY_DIR")}
    run = subprocess.run([os.environ["GATEWAY"], "routes"], check=True, text=True,
                         env={**os.environ, **settings}, stdout=subprocess.PIPE)
    rows = {}
    for line in run.stdout.splitlines():
        number, method, path, query, demands, _ = line.split("\t")
        rows[method, path] = (int(number), set(filter(None, query.split(","))),
                              set(filter(None, demands.split(","))))
    return rows


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def demands_of(document, operation):
    demands = {"step-up"} if operation.get("x-step-up") else set()
    for given in operation.get("parameters", []):
        parameter = resolve(document, given)
        if parameter["name"] == "Idempotency-Key":
            demands.add("idempotency-key")
        if parameter["name"] == "If-Match":
            demands.add("if-match" if parameter.get("required") else "if-match-if-known")
    return demands


def test_same_routes(document, table):
    described = {(method, path): operation["x-number"]
                 for method, path, operation in operations(document)}
    assert described == {route: row[0] for route, row in table.items()}


def test_same_query_parameters(document, table):
    for method, path, operation in operations(document):
        names = {resolve(document, given)["name"]
                 for given in operation.get("parameters", [])
                 if resolve(document, given)["in"] == "query"}
        assert names == table[method, path][1], (method, path)


def test_same_demands(document, table):
    for method, path, operation in operations(document):
        assert demands_of(document, operation) == table[method, path][2], (method, path)


def test_path_parameters_are_described(document):
    for method, path, operation in operations(document):
        names = {resolve(document, given)["name"]
                 for given in operation.get("parameters", [])
                 if resolve(document, given)["in"] == "path"}
        assert names == set(re.findall(r"{(\w+)}", path)), (method, path)


def test_every_reference_leads_somewhere(document):
    for target in set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(document))):
        assert resolve(document, {"$ref": target}), target


def test_operation_ids_are_distinct(document):
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))


def has(operation, name):
    """Whether the operation takes the parameter
    components/parameters/<name>."""
    return {"$ref": f"#/components/parameters/{name}"} in operation.get("parameters", [])


def refusals_of(path, operation):
    """The statuses that follow from the demands of a route. A route may have
    more."""
    statuses = {400, 429, 503}
    if operation["security"] != []:
        statuses |= {401, 403}
    if "{" in path:
        statuses |= {404}
    if "requestBody" in operation:
        statuses |= {413, 415}
    if has(operation, "IdempotencyKey"):
        statuses |= {409, 422}
    if has(operation, "IfMatch"):
        statuses |= {409, 412, 428}
    if has(operation, "IfMatchIfKnown"):
        statuses |= {412}
    return statuses


def test_problems_are_described(document):
    """Every status is described by itself, because a default would promise
    anything."""
    for method, path, operation in operations(document):
        responses = operation["responses"]
        assert "default" not in responses, (method, path)
        if operation["x-number"]:
            missing = refusals_of(path, operation) - set(map(int, responses))
            assert not missing, (method, path, missing)
