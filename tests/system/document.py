"""The OpenAPI document as a judge: does it promise this answer?

Every answer of every system test is checked (harness.Gateway notes them,
conftest asks), and so is every answer to a request that test_openapi_live.py
generates.
"""
import re

import jsonschema_rs
from play.openapi import resolve

# Statuses that the server may answer to any request; in the document's head.
OF_ANY_ROUTE = {405, 408, 411, 413, 414, 431, 500, 505}


class Document:
    def __init__(self, document):
        self.document = document
        self.validators = {}
        self.routes = []
        for path, item in document["paths"].items():
            pattern = re.compile(re.sub(r"{\w+}", "[^/]+", path))
            for method, operation in item.items():
                self.routes.append((method.upper(), path, pattern, operation))
        # The path with fewer parameters is the more specific one.
        self.routes.sort(key=lambda route: route[1].count("{"))

    def operation(self, method, path):
        method = "GET" if method == "HEAD" else method
        path = path.split("?", 1)[0]
        for known, _, pattern, operation in self.routes:
            if known == method and pattern.fullmatch(path):
                return operation
        return None

    def validator(self, schema):
        key = id(schema)  # the document keeps it alive
        if key not in self.validators:
            self.validators[key] = jsonschema_rs.validator_for(
                {**schema, "components": self.document["components"]})
        return self.validators[key]

    def fault(self, answer):
        """The part of this answer that the document does not promise, or
        None."""
        operation = self.operation(answer.method, answer.path)
        if operation is None or answer.status in OF_ANY_ROUTE:
            return None
        responses = operation["responses"]
        name = operation["operationId"]
        if str(answer.status) not in responses:
            return (f"{name} answered {answer.status} {answer.code or ''}, "
                    f"documented: {', '.join(responses)}")
        content = resolve(self.document,
                          responses[str(answer.status)]).get("content", {})
        if not content or answer.method == "HEAD" or not answer.body:
            return None
        kind = answer.headers.get("content-type", "").split(";")[0]
        if kind not in content:
            return f"{name} answered {answer.status} with {kind}"
        schema = content[kind].get("schema")
        if schema is None or answer.json is None:
            return None
        errors = list(self.validator(schema).iter_errors(answer.json))
        if errors:
            return (f"{name} {answer.status}: {errors[0].message} at "
                    f"/{'/'.join(map(str, errors[0].instance_path))}")
        return None
