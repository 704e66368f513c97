"""F15: all routes treat query parameters in one way. The cases come from the
OpenAPI document, so a new parameter is tested without a change here."""
import uuid

import pytest
from play.openapi import resolve

CODES = {"code", "centre", "organization", "titleSet", "subject", "stage"}
SOME_ID = str(uuid.uuid4())


class Parameter:
    """A query parameter of one route, as the document describes it."""

    codes = {}  # one code of each code table

    def __init__(self, document, method, path, given, others):
        self.method = method.upper()
        self.path = path.replace("{id}", SOME_ID)
        self.name = given["name"]
        schema = resolve(document, given["schema"])
        self.many = schema["type"] == "array"
        self.schema = resolve(document, schema["items"]) if self.many else schema
        self.needed = "".join(f"{name}={value}&" for name, value in
                              others.items() if name != self.name)

    def __repr__(self):
        return f"{self.method} {self.path}?{self.name}"

    def ask(self, client, *values):
        query = "&".join(f"{self.name}={value}" for value in values)
        path = f"{self.path}?{self.needed}{query}"
        if self.method == "POST":
            return client.post(path, "code\n",
                               headers={"Content-Type": "text/csv"})
        return client.get(path)

    def value(self):
        """A value that the route takes."""
        if "enum" in self.schema:
            return self.schema["enum"][0]
        if self.schema["type"] == "boolean":
            return "true"
        return {"limit": "10", "on": "2026-08-01", "semester": "114-1",
                "county": "ILA", "cursor": None, **self.codes}.get(
                    self.name, "P-000000" if self.name in CODES else "a")


@pytest.fixture(scope="module")
def parameters(town):
    document = town.anybody.get("/openapi.json").json
    for name, table in (("titleSet", "title_set"), ("subject", "subject"),
                        ("stage", "stage")):
        rows = town.anybody.get(f"/v1/code-tables/{table}").json["codes"]
        Parameter.codes[name] = rows[0]["code"]
    found = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            queries = [resolve(document, p)
                       for p in operation.get("parameters", [])]
            queries = [p for p in queries if p["in"] == "query"]
            needed = {p["name"]: p["schema"]["enum"][0] for p in queries
                      if p.get("required")}
            found += [Parameter(document, method, path, p, needed)
                      for p in queries]
    assert len(found) > 40
    return found


def refused(answer, name, code):
    return answer.status == 400 and answer.code == "BAD_FORM" and [
        (e["pointer"], e["code"]) for e in answer.json["errors"]] == [
            (f"?{name}", code)]


def all_of(cases):
    """Fails with every case that is not as it should be."""
    wrong = [f"{parameter!r}: {answer!r}"
             for parameter, answer, right in cases if not right]
    if wrong:
        pytest.fail("\n".join(wrong[:20]), pytrace=False)


def test_f15_empty_value(parameters, town):
    def cases():
        for parameter in parameters:
            answer = parameter.ask(town.platform.client, "")
            yield parameter, answer, refused(answer, parameter.name,
                                             "EMPTY_PARAMETER")
    all_of(cases())


def test_f15_repeated(parameters, town):
    """A repeated parameter is refused where one value is taken, and accepted
    elsewhere."""
    def cases():
        for parameter in parameters:
            value = parameter.value()
            if value is None:
                continue
            answer = parameter.ask(town.platform.client, value, value)
            if parameter.many:
                yield parameter, answer, answer.status in (200, 404)
            else:
                yield parameter, answer, refused(answer, parameter.name,
                                                 "REPEATED_PARAMETER")
    all_of(cases())


BAD = ("NOT_A_VALUE", "active", "%20", "ACTIVE%20", "%E5%95%9F%E7%94%A8",
       "a" * 65)


def test_f15_unknown_value(parameters, town):
    """Words, codes, days, numbers; only names are free text."""
    def cases():
        for parameter in parameters:
            if parameter.name in ("name", "unitName"):
                answer = parameter.ask(town.platform.client, "%20")
                yield parameter, answer, refused(answer, parameter.name,
                                                 "BAD_PARAMETER")
                continue
            for bad in BAD:
                answer = parameter.ask(town.platform.client, bad)
                if SOME_ID in parameter.path and (
                        parameter.name == "cursor"):
                    continue  # the route looks for the id first
                yield parameter, answer, refused(answer, parameter.name,
                                                 "BAD_PARAMETER")
    all_of(cases())


def test_f15_unknown_beside_a_known_one(parameters, town):
    """A row that matches the known one does not hide the unknown one."""
    def cases():
        for parameter in parameters:
            if not parameter.many:
                continue
            for values in ((parameter.value(), "NO-SUCH"),
                           ("NO-SUCH", parameter.value())):
                answer = parameter.ask(town.platform.client, *values)
                yield parameter, answer, refused(answer, parameter.name,
                                                 "BAD_PARAMETER")
    all_of(cases())


def test_f15_every_documented_word_is_taken(parameters, town):
    def cases():
        for parameter in parameters:
            for word in parameter.schema.get("enum", ()):
                answer = parameter.ask(town.platform.client, word)
                yield parameter, answer, answer.status in (200, 404) or \
                    answer.code in ("FILE_UNREADABLE", "COLUMNS_WRONG")
    all_of(cases())


def test_f15_a_known_code_without_rows_is_an_empty_list(town, land):
    code = land.free[0]
    for path in ("teachers", "business-accounts", "moves", "applications",
                 "directory"):
        answer = town.platform.client.get(f"/v1/{path}?organization={code}")
        assert answer.status == 200 and answer.json["items"] == [], answer


def test_f15_counties_as_people_write_them(town):
    for county in ("ILA", "宜蘭縣", "ila"):
        answer = town.anybody.get("/v1/organizations", query={
            "county": county, "limit": 1})
        assert answer.status == 200 and answer.json["items"], answer


@pytest.mark.parametrize("limit", ["0", "-1", "201", "1.5", "+1", "0x10",
                                   "99999999999999999999", "１０"])
def test_f15_limits(town, limit):
    answer = town.anybody.get("/v1/organizations", query={"limit": limit})
    assert refused(answer, "limit", "BAD_PARAMETER"), answer
