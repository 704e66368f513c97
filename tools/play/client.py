"""A client of the gateway: JSON in, JSON out, keys and versions where the
route asks for them. It sends everything; the caller judges the answer."""
import http.client
import json
import urllib.parse
import uuid


class Answer:
    """Status, headers and document of one answer."""

    def __init__(self, method, path, status, headers, body):
        self.method, self.path, self.status = method, path, status
        self.headers = {k.lower(): v for k, v in headers}
        self.body = body
        try:
            self.json = json.loads(body) if body else None
        except ValueError:
            self.json = None

    @property
    def etag(self):
        return self.headers.get("etag")

    @property
    def code(self):
        """The stable code of a problem, or None."""
        return self.json.get("code") if isinstance(self.json, dict) else None

    def __repr__(self):
        return (f"{self.method} {self.path} -> {self.status} "
                f"{self.body.decode(errors='replace')[:600]}")


class Client:
    """One address, with the token of one person or without."""

    teller = None  # called with (client, answer), for a program that tells a story

    def __init__(self, url, token=None, language="zh-TW", who="somebody"):
        self.url, self.token, self.language = url, token, language
        self.who = who

    def signed_in(self, token, who=None):
        return type(self)(self.url, token, self.language, who or self.who)

    def request(self, method, path, body=None, *, key=None, match=None,
                headers=None, query=None, timeout=60):
        head = {"Accept-Language": self.language, **(headers or {})}
        if query:
            path += "?" + urllib.parse.urlencode(query, doseq=True)
        if self.token:
            head["Authorization"] = f"Bearer {self.token}"
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body, ensure_ascii=False)
            head.setdefault("Content-Type", "application/json")
        if isinstance(body, str):
            body = body.encode()
        if key is not None:
            head["Idempotency-Key"] = key
        if match is not None:
            head["If-Match"] = match
        answer = self._send(method, path, body, head, timeout)
        if Client.teller is not None:
            Client.teller(self, answer)
        return answer

    def _send(self, method, path, body, head, timeout):
        line = http.client.HTTPConnection(
            urllib.parse.urlsplit(self.url).netloc, timeout=timeout)
        try:
            line.request(method, path, body, head)
            answer = line.getresponse()
            return Answer(method, path, answer.status, answer.getheaders(),
                          answer.read())
        finally:
            line.close()

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body=None, *, key="new", **more):
        """Every POST has its own key unless one is given; None: without a
        key."""
        key = str(uuid.uuid4()) if key == "new" else key
        return self.request("POST", path, body, key=key, **more)

    def patch(self, path, body, *, match, **more):
        more.setdefault("headers", {})["Content-Type"] = \
            "application/merge-patch+json"
        return self.request("PATCH", path, json.dumps(body), match=match,
                            **more)

    def delete(self, path, **more):
        return self.request("DELETE", path, **more)
