"""Bad input at every edge gets a clear error with a stable code. No data is
lost, nothing leaks, and the system goes on."""
import json
import re
import socket
import urllib.parse

import pytest
from play.system import wait_until
from play.town import expect

LEAKS = re.compile(r"SELECT|INSERT|pg_|libpq|/lib/|\.c:|0x[0-9a-f]{6}|"
                   r"inservice\.(account|teacher)|ASAN|Sanitizer")


@pytest.fixture(scope="module")
def office(land):
    return land.school()


@pytest.fixture(autouse=True)
def goes_on(town, office):
    """After the bad input the next request of the same session is served."""
    yield
    assert town.anybody.get("/readyz").status == 200
    assert office[1].client.get("/v1/me").status == 200


def sound(answer, *statuses):
    """A problem document as in RFC 9457 that shows nothing of the inside."""
    assert answer.status in statuses, answer
    assert answer.headers["content-type"].startswith(
        "application/problem+json"), answer
    assert re.fullmatch(r"[A-Z0-9_]+", answer.code), answer
    assert answer.json["status"] == answer.status
    assert answer.json["traceId"]
    assert not LEAKS.search(answer.body.decode()), answer
    assert "server" not in answer.headers
    return answer


def test_p17_the_trace_id_of_a_problem_is_in_the_log(office, system):
    """With route and status, and with nothing about a person."""
    _, chief = office
    asked = "/v1/teachers/0190163d-8694-739b-aea5-966c26f8ad91"
    answer = sound(chief.client.get(asked, query={"name": "王小明"}), 400, 404)
    log = system["gateway"]
    line = wait_until(lambda: next(
        (event for event in log.log() if event.get("event") == "request" and
         event.get("trace_id") == answer.json["traceId"]), None), 10, "the line")
    assert line["status"] == answer.status
    assert (line["method"], line["route"]) == ("GET", "/v1/teachers/{id}")
    assert set(line) == {"at", "level", "service", "event", "trace_id", "method",
                         "route", "status", "duration_us"}


BODIES = {
    "empty": b"", "no json": b"hello", "cut": b'{"login": "a"',
    "array": b"[]", "text": b'"x"', "null": b"null", "number": b"1",
    "twice": b'{"login":"a","login":"b","password":"x"}',
    "types": b'{"login": 1, "password": {}}',
    "deep": b'{"a":' * 600 + b"1" + b"}" * 600,
    "nul": b'{"login":"a\\u0000b","password":"x"}',
    "bad utf-8": b'{"login":"\xff\xfe","password":"x"}',
    "surrogate": b'{"login":"\\ud800","password":"x"}',
    "overlong": b'{"login":"\xc0\xaf","password":"x"}',
    "unknown field": b'{"login":"a","password":"x","admin":true}',
    "infinity": b'{"login":Infinity,"password":"x"}',
    "big number": b'{"login":1e999,"password":"x"}',
    "comment": b'{"login":"a"/**/,"password":"x"}',
    "bom": b'\xef\xbb\xbf{"login":"a","password":"x"}',
    "line break": b'{"login":"a\\nb","password":"x"}',
    "too long": b'{"login":"' + b"a" * 3000 + b'","password":"x"}',
}
JSON_ROUTES = ("/v1/sessions", "/v1/email-verifications",
               "/v1/credential-tickets/redeem", "/v1/applications",
               "/v1/teachers", "/v1/teachers/look-up", "/v1/teacher-accounts")


@pytest.mark.parametrize("path", JSON_ROUTES)
def test_bodies(office, path):
    for name, body in BODIES.items():
        answer = office[1].client.post(
            path, body, headers={"Content-Type": "application/json"})
        sound(answer, 400)
        assert answer.code == "BAD_FORM", (name, answer)


def test_all_faults_at_once(office):
    answer = sound(office[1].client.post(
        "/v1/teachers", {"nmae": "x", "sex": "NEITHER", "subjects": "x"}), 400)
    pointers = {e["pointer"] for e in answer.json["errors"]}
    assert {"/nmae", "/sex", "/name"} <= pointers, answer


@pytest.mark.parametrize("day", [
    "115-08-01", "115/08/01", "2026-02-29", "2026-8-1", "民國115年8月1日",
    "2026-08-01T00:00:00Z"])
def test_another_way_to_write_a_day(town, office, day):
    """The officer reads how to write it, whatever they have written."""
    answer = sound(office[1].client.post("/v1/teachers", {
        **town.teacher_form(town.person()), "effectiveOn": day}), 400)
    assert [(e["pointer"], e["detail"]) for e in answer.json["errors"]] == [
        ("/effectiveOn", "應為確實存在的西元日期，例如 2026-08-01。")]


def test_f06_one_fault_for_each_field(town, office):
    """Each with its pointer, whether the field is too long, of another type or
    refused by a rule; routes 34, 36 and 12."""
    client, person = office[1].client, town.person()
    register = town.teacher_form(person)
    known = expect(town.register(office[1], person), 201).json["subject"]
    bent = {"subjects": ["MATH"] * 21, "name": 1, "email": 2, "title": [],
            "unitNote": {}, "sex": 3}
    applicant = town.person()
    apply = town.application(applicant, office[0], "OPERATOR")
    for answer, fields in (
            (client.post("/v1/teachers", {**register, **bent, "number": 123}),
             {*bent, "number"}),
            (client.patch(f"/v1/teachers/{known}", bent, match='"1"'), {*bent}),
            (town.anybody.post("/v1/applications", {
                **apply, "number": 123, "name": 1, "email": 2, "phone": 3},
                headers={"Verification-Token": town.verify(applicant)}),
             {"number", "name", "email", "phone"})):
        sound(answer, 400)
        pointers = [e["pointer"] for e in answer.json["errors"]]
        assert sorted(pointers) == sorted({f"/{f}" for f in fields}), answer


@pytest.mark.parametrize("name", ["12345", "李?華", "李\uff1f華", "□明", "---"])
def test_f06_what_is_no_name(town, office, name):
    client = office[1].client
    known = expect(town.register(office[1], town.person()), 201).json["subject"]
    applicant = town.person()
    for answer in (
            client.post("/v1/teachers",
                        {**town.teacher_form(town.person()), "name": name}),
            client.patch(f"/v1/teachers/{known}", {"name": name}, match='"1"'),
            town.anybody.post("/v1/applications", {
                **town.application(applicant, office[0], "OPERATOR"),
                "name": name},
                headers={"Verification-Token": town.verify(applicant)})):
        sound(answer, 400)
        assert [(e["pointer"], e["code"]) for e in answer.json["errors"]
                if e["pointer"] == "/name"] == [("/name", "NAME_BAD")], answer


def test_f06_another_school_is_named_in_the_refusal(town, land, office):
    """Who enters a teacher at a school that is not theirs reads which field is
    wrong, whether the school exists or not."""
    other, _ = land.school()
    for code in (other, "NOSUCH"):
        answer = sound(office[1].client.post("/v1/teachers", {
            **town.teacher_form(town.person()), "organization": code}), 403, 404)
        assert [e["pointer"] for e in answer.json["errors"]] == \
            ["/organization"], answer


def test_f06_metrics_are_for_the_monitoring(other_gateway):
    """By the client's address: a proxy's own does not count, nor does a header
    of somebody who is no proxy."""
    def get(gateway, client=None):
        return gateway.get("/metrics", headers={"X-Forwarded-For": client}
                           if client else {}).status
    behind = other_gateway(TRUSTED_PROXIES="127.0.0.1")
    assert get(behind) == get(behind, "10.1.2.3") == get(behind, "::1") == 200
    assert get(behind, "203.0.113.5") == get(behind, "2001:db8::1") == 404
    alone = other_gateway(METRICS_FROM="192.0.2.7")
    assert get(alone) == get(alone, "192.0.2.7") == 404
    assert alone.get("/livez").status == 200


@pytest.mark.parametrize("kind,status", [
    ("text/plain", 415), ("application/xml", 415), (None, 415),
    ("application/json; charset=big5", 415), ("application/json, text/plain", 415),
    ("application/json; charset=utf-8, text/plain", 415), ("application/json;charset=utf-8",
                                              400)])
def test_content_type(town, kind, status):
    answer = town.anybody.post(
        "/v1/sessions", b"{}", key=None,
        headers={"Content-Type": kind} if kind else {})
    assert answer.status == status, answer
    if status == 415:
        assert answer.headers["accept"] == "application/json"


def test_too_large(town):
    body = b'{"login":"' + b"a" * (80 * 1024) + b'"}'
    answer = town.anybody.post("/v1/sessions", body, key=None,
                               headers={"Content-Type": "application/json"})
    sound(answer, 413)
    assert answer.code == "TOO_LARGE"


def test_uri_too_long(town):
    sound(town.anybody.get("/v1/organizations?name=" + "x" * 20000), 414)


@pytest.mark.parametrize("path", [
    "/v1/organizations/" + urllib.parse.quote("994601' OR '1'='1"),
    "/v1/organizations/%00", "/v1/organizations/%ff", "/v1/organizations/..",
    "/v1/teachers/not-a-uuid", "/v1/teachers/%2e%2e%2f", "/v1/nosuch",
    "/v1/business-accounts/00000000-0000-0000-0000-00000000000G",
    "/v1/applications/00000000-0000-0000-0000-000000000000", "/v2/teachers",
    "//v1/teachers", "/v1/organizations/994601/", "/v1//organizations"])
def test_paths(office, path):
    sound(office[1].client.get(path), 404, 400)


@pytest.mark.parametrize("method,path,allow", [
    ("PUT", "/v1/teachers", {"GET", "POST"}),
    ("DELETE", "/v1/organizations", {"GET"}),
    ("POST", "/v1/me", {"GET"}),
    ("PATCH", "/v1/sessions", {"POST"})])
def test_methods(town, method, path, allow):
    answer = town.anybody.request(method, path)
    assert (answer.status, answer.code) == (405, "METHOD_NOT_ALLOWED")
    assert allow <= {m.strip() for m in answer.headers["allow"].split(",")}


def test_head_and_options(town):
    head = town.anybody.request("HEAD", "/v1/organizations")
    assert (head.status, head.body) == (200, b"")
    assert town.anybody.request("OPTIONS", "/v1/organizations").status in \
        (200, 204)


@pytest.mark.parametrize("token", [
    "x", "A" * 43, "A" * 5000, "ÿ", "' OR 1=1", "Bearer", "\t"])
def test_tokens(town, token):
    answer = town.anybody.get("/v1/me", headers={
        "Authorization": f"Bearer {token}".encode("latin-1", "ignore")})
    assert answer.status in (400, 401, 431), answer


@pytest.mark.parametrize("path", ["/v1/teachers", "/v1/applications"])
@pytest.mark.parametrize("number", [
    "A123456788", "A12345678", "", "A1234567890", "a\u0000", "１２３", "A" * 65,
    "A323456789"])
def test_bad_numbers(town, office, path, number):
    person = town.person()
    body = town.teacher_form(person) if path == "/v1/teachers" else \
        town.application(person, office[0], "OPERATOR")
    headers = {} if path == "/v1/teachers" else \
        {"Verification-Token": town.verify(person)}
    client = office[1].client if path == "/v1/teachers" else town.anybody
    answer = sound(client.post(path, {**body, "number": number},
                               headers=headers), 400, 422)
    assert answer.code in ("BAD_FORM", "ID_NUMBER_INVALID")
    if len(number) >= 9:
        assert number not in answer.body.decode()


def test_full_width_and_small_letters_are_read(town, office):
    """NFKC, upper case, then the check: people may type in any form."""
    person = town.person()
    wide = "".join(chr(ord(c) + 0xfee0) for c in person.number.lower())
    answer = office[1].client.post(
        "/v1/teachers", {**town.teacher_form(person), "number": f" {wide} "})
    expect(answer, 201)
    person.teacher = answer.json["subject"]
    assert town.look_up(office[1], person).status == 200


# --- below HTTP's own grammar ------------------------------------------------------------
def raw(system, data):
    """Sends bytes, closes for writing, reads to the end."""
    with socket.create_connection(("127.0.0.1", system["gateway"].port),
                                  10) as line:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while True:
            try:
                part = line.recv(65536)
            except ConnectionResetError:
                break
            if not part:
                break
            answer += part
        return answer


HOST = b"Host: localhost\r\n"
SECOND = b"GET /v1/organizations HTTP/1.1\r\n" + HOST + b"\r\n"
SMUGGLED = {
    "two lengths": b"Content-Length: 0\r\nContent-Length: 70\r\n\r\n",
    "length and chunks": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"
                         b"\r\n0\r\n\r\n",
    "odd encoding": b"Transfer-Encoding: xchunked\r\n\r\n",
    "signed length": b"Content-Length: +5\r\n\r\nhello",
    "folded": b"X-A: b\r\n c\r\n\r\n",
    "bare return": b"X-A: b\rContent-Length: 70\r\n\r\n",
    "nul": b"X-A: b\0c\r\n\r\n",
    "blank in name": b"Content-Length : 5\r\n\r\nhello",
    "two hosts": b"Host: other\r\n\r\n",
}


@pytest.mark.parametrize("line", [
    b"GET", b"GET /v1/me", b"GET /v1/me HTTP/x", b"\x16\x03\x01 x",
    b"GET /v1/me HTTP/1.1 x", b"", b"GET  /v1/me HTTP/1.1"])
def test_s13_first_line(system, line):
    """Every first line of a connection is answered by our own problem
    document."""
    answer = raw(system, line + b"\r\n" + HOST + b"\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 "), answer
    assert b"application/problem+json" in head and b"<html" not in body
    assert json.loads(body)["code"] == "BAD_FRAMING"


@pytest.mark.parametrize("name", [
    "Authorization", "Content-Type", "Cookie", "Idempotency-Key", "Receipt",
    "Verification-Token", "Content-Encoding", "Last-Event-ID"])
@pytest.mark.parametrize("path", ["/v1/sessions", "/v1/imports", "/nowhere"])
def test_f06_a_header_of_one_value_is_sent_once(system, name, path):
    """A proxy and we might take different ones. The same value twice is no
    better, and case does not matter."""
    for second in (f"{name.lower()}: b", f"{name.upper()}: a"):
        answer = raw(system, f"POST {path} HTTP/1.1\r\nHost: localhost\r\n"
                     f"{name}: a\r\nX-A: b\r\n{second}\r\n"
                     "Content-Length: 0\r\n\r\n".encode() + SECOND)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert answer.count(b"HTTP/1.1 ") == 1
        assert head.startswith(b"HTTP/1.1 400 "), answer
        assert b"Connection: close" in head
        assert json.loads(body)["code"] == "REPEATED_HEADER"


def test_f06_lists_may_have_several_lines(system):
    """If-None-Match, Prefer and Accept are lists; other headers are not read.
    The second line counts like the first."""
    def get(more):
        return raw(system, b"GET /v1/code-tables HTTP/1.1\r\n" + HOST + more +
                   b"Connection: close\r\n\r\n")
    first = get(b"Accept: text/html\r\nAccept: application/json\r\n"
                b"Prefer: x\r\nPrefer: y\r\nX-A: 1\r\nX-A: 2\r\n")
    assert first.startswith(b"HTTP/1.1 200 "), first[:200]
    tag = re.search(rb"(?mi)^etag: (.*)\r$", first).group(1)
    again = get(b'If-None-Match: "other"\r\nIf-None-Match: ' + tag + b"\r\n")
    assert again.startswith(b"HTTP/1.1 304 "), again[:200]


@pytest.mark.parametrize("path", [b"/v1/sessions", b"/v1/imports", b"/nowhere"])
def test_s04_chunks_have_no_length(system, path):
    answer = raw(system, b"POST " + path + b" HTTP/1.1\r\n" + HOST +
                 b"Transfer-Encoding: chunked\r\n\r\n2;\nxx\r\n47\r\n0\r\n\r\n" +
                 SECOND)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b" 411 " in answer.split(b"\r\n")[0], answer[:200]
    assert b"LENGTH_REQUIRED" in answer and b"Connection: close" in answer


def test_s13_long_filters_are_answered(system, town):
    """A Link header that would be too long is left out. The body has the
    cursor."""
    for size in (10, 200, 600, 1200, 2000, 2600):
        text = "/v1/organizations?limit=1&code=994601"
        while len(text) < size:
            text += "&code=994601"
        answer = town.anybody.get(text)
        assert answer.status in (200, 400), (size, answer)


@pytest.mark.parametrize("name", SMUGGLED)
def test_nothing_is_smuggled(system, name):
    """One request gets at most one answer, and that answer is a refusal."""
    answer = raw(system, b"POST /v1/sessions HTTP/1.1\r\n" + HOST +
                 SMUGGLED[name] + SECOND)
    assert answer.count(b"HTTP/1.1 ") <= 1, answer[:400]
    if answer:
        assert b" 400 " in answer.split(b"\r\n")[0], answer[:200]


def test_problem_language(town):
    """zh-TW unless the client asks for English."""
    chinese = sound(town.anybody.get("/v1/me"), 401)
    english = sound(town.anybody.get(
        "/v1/me", headers={"Accept-Language": "en"}), 401)
    assert chinese.json["title"] == "尚未登入"
    assert english.json["title"] == "Not signed in"


def test_import_files(town):
    """A file that is no list changes nothing. A wrong cell is named."""
    client = town.platform.client
    head = {"Content-Type": "text/csv; charset=utf-8"}
    for body in (b"", b"\0\1\2", b"a,b\n1,2\n", b"\xff\xfe\xff", b'"open'):
        answer = client.post("/v1/imports", body, headers=head,
                             query={"kind": "ORGANIZATIONS"})
        sound(answer, 400, 422)
        assert answer.code in ("FILE_UNREADABLE", "COLUMNS_WRONG",
                               "BAD_FORM"), answer
    sound(client.post("/v1/imports", "code\n", headers=head,
                      query={"kind": "PEOPLE"}), 400)


def test_openapi_document(town, system):
    """The document names exactly the routes of the table."""
    document = expect(town.anybody.get("/openapi.json"), 200).json
    assert document["openapi"].startswith("3.1")
    told = {(m.upper(), p) for p, ms in document["paths"].items()
            for m in ms if m in ("get", "post", "patch", "delete", "put")}
    status, out, _ = system["gateway"].host("routes")
    assert status == 0
    rows = {tuple(line.split("\t")[1:3]) for line in out.splitlines()
            if line.split("\t")[0] != "0"}
    assert {r for r in told if r[1].startswith("/v1/")} == rows
    assert json.dumps(document)
