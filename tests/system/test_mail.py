"""Mails by SMTP: delivered, refused, and sent while the server is away."""
import email
import email.policy
import re
import socket

import pytest
from aiosmtpd.controller import Controller
from play.system import Service, wait_until
from play.town import expect

from harness import checked


class Box:
    """A mail server that keeps the mails it receives. Some receivers are
    unknown to it. For others it answers "later" a given number of times."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.mails, self.unknown, self.later, self.asked = [], set(), {}, []
        self.controller = None

    def open(self):
        self.controller = Controller(self, hostname="127.0.0.1",
                                     port=self.port)
        self.controller.start()

    def close(self):
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.asked.append(address)
        if address in self.unknown:
            return "550 5.1.1 no such user"
        if self.later.get(address, 0) > 0:
            self.later[address] -= 1
            return "451 4.3.0 busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos),
                           envelope.content))
        return "250 kept"

    def to(self, address):
        """The mails for an address, parsed."""
        return [email.message_from_bytes(content, policy=email.policy.default)
                for _, receivers, content in self.mails
                if receivers == [address]]


@pytest.fixture(scope="module")
def box():
    box = Box()
    box.open()
    yield box
    box.close()


@pytest.fixture(scope="module")
def postal(system, land, folder, watch, box):
    """A gateway that mails by SMTP, started at the port of the usual one."""
    first = system["gateway"]
    port = str(first.port)
    env = {k: v for k, v in first.env.items() if k != "INSERVICE_MAIL_SPOOL"}
    service = Service("gateway", first.binary, {
        **env, **checked(), "INSERVICE_LISTEN_PORT": port,
        "INSERVICE_SMTP_URL": f"smtp://127.0.0.1:{box.port}",
        "INSERVICE_SMTP_TLS": "false",
        "INSERVICE_MAIL_FROM": "inservice@moe.example"},
        folder / "run" / "postal")
    watch.add(service)
    assert first.stop() == 0
    service.start()
    service.wait_ready()
    yield service
    assert service.stop() == 0, service.tail(40)
    first.env["INSERVICE_LISTEN_PORT"] = port
    first.start()
    first.wait_ready()


def ask(town, address):
    """Asks for a code for an address; returns the key of the wish."""
    answer = expect(town.anybody.post(
        "/v1/email-verifications", {"email": address}, key=None), 202)
    return answer.json["id"]


def state(db, wish):
    return db.one("SELECT state FROM gateway.mail WHERE mail_key LIKE %s",
                  f"%{wish}")


WAITING, SENT, FAILED = 1, 2, 4


def events(service, name):
    return [e for e in service.log() if e.get("event") == name]


def test_it_arrives_and_can_be_read(town, postal, box, db):
    wish = ask(town, "yun@example.tw")
    wait_until(lambda: state(db, wish) == SENT, 15, "the mail to be sent")
    mail, = box.to("yun@example.tw")
    sender, _, content = box.mails[-1]
    assert sender == "inservice@moe.example"
    assert re.search("[\u4e00-\u9fff]{4}", mail["Subject"]), mail["Subject"]
    assert content.isascii() and mail["To"] == "yun@example.tw"
    text = mail.get_content()
    assert "您好" in text and "驗證" in text
    code = re.search(r"^\s*(\d{6})\s*$", text, re.MULTILINE).group(1)
    expect(town.anybody.post(f"/v1/email-verifications/{wish}/confirm",
                             {"code": code}, key=None), 200)


def test_a_ticket_arrives(town, land, postal, box):
    """The whole way of a new officer with mails from the server."""
    code = land.free.pop()
    person = town.person(name="謝得威")
    spool, town.spool = town.spool, Letters(box)
    try:
        chief = town.officer(land.centre, code, "CHIEF", person)
    finally:
        town.spool = spool
    assert chief.client.get("/v1/me").status == 200
    ticket = box.to(person.email)[-1].get_content()
    assert "謝得威" in ticket and land.names[code] in ticket
    assert len(box.to(person.email)) == 2  # the code, the ticket


class Letters:
    """Reads mails from the box, as town reads its spool."""

    def __init__(self, box):
        self.box = box

    def _find(self, address, pattern):
        for mail in self.box.to(address):
            found = re.search(pattern, mail.get_content(), re.MULTILINE)
            if found:
                return found.group(1)
        return None

    def code(self, address):
        return wait_until(lambda: self._find(address, r"^\s*(\d{6})\s*$"), 15,
                          f"a code for {address}")

    def ticket(self, address):
        return wait_until(lambda: self._find(address, r"/activate#(\S+)"), 15,
                          f"a ticket for {address}")


def test_the_server_is_away(town, postal, box, db):
    box.close()
    wish = ask(town, "away@example.tw")
    try:
        wait_until(lambda: events(postal, "mail_put_off"), 30, "a first try")
        assert state(db, wish) == WAITING
    finally:
        box.open()
    wait_until(lambda: state(db, wish) == SENT, 40, "the mail to be sent")
    assert len(box.to("away@example.tw")) == 1


def test_the_server_says_later(town, postal, box, db):
    box.later["busy@example.tw"] = 1
    wish = ask(town, "busy@example.tw")
    wait_until(lambda: state(db, wish) == SENT, 40, "the mail to be sent")
    assert len(box.to("busy@example.tw")) == 1
    assert box.asked.count("busy@example.tw") == 2


def test_the_server_says_never(town, postal, box, db):
    """The mail is given up at once, and no other mail waits for it."""
    box.unknown.add("nobody@example.tw")
    wish, other = ask(town, "nobody@example.tw"), ask(town, "next@example.tw")
    wait_until(lambda: state(db, wish) == FAILED, 15, "the mail to be given up")
    wait_until(lambda: state(db, other) == SENT, 15, "the next mail")
    assert box.asked.count("nobody@example.tw") == 1
    refused, = events(postal, "mail_refused")
    assert "nobody" not in str(refused)
    assert db.one("SELECT address FROM gateway.mail WHERE mail_key LIKE %s",
                  f"%{wish}") == ""
