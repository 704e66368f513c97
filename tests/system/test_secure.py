"""On servers with TLS, users and rights (make test-secure, as test_story.py):
what each side refuses, and what the log says about it."""
import json
import socket
import ssl
import subprocess
import threading

import confluent_kafka
import psycopg
import pytest
from play.system import NAMES, Service, wait_until
from play.town import expect

from harness import checked, security_of

RIGHTS = "broker_right_missing"


# --- rights -----------------------------------------------------------------
def table(programs, name):
    """{topic: {"read", "write"}} as the program says it, without the group."""
    printed = subprocess.run(
        [str(programs / name), "topics"], capture_output=True, text=True,
        check=True, env={"ASAN_OPTIONS": "detect_leaks=0"}).stdout
    topics = {}
    for verb, topic in map(str.split, printed.splitlines()):
        if verb != "group":
            topics.setdefault(topic, set()).add(verb)
    return topics


def client_of(stack, user):
    """The properties of a client with the user's password."""
    text = (stack.folder / f"secret/kafka-{user}.conf").read_text()
    return {"bootstrap.servers": stack.env["KAFKA_BOOTSTRAP"],
            "broker.address.family": "v4",
            **dict(line.split("=", 1) for line in text.splitlines())}


def refused(client, topic):
    """The error's name of a record that the user writes; None: it is taken."""
    errors = []
    producer = confluent_kafka.Producer(client)
    producer.produce(topic, b"forged", partition=0, on_delivery=lambda e, _:
                     errors.append(e and e.name()))
    assert producer.flush(20) == 0
    return errors[0]


@pytest.mark.parametrize("user", (*NAMES, "course"))
def test_s08_no_service_writes_the_topics_of_another(stack, programs, user):
    """A forged command, fact or state is refused by the broker. Only topics
    that the user may not write are tried."""
    own = table(programs, user) if user in NAMES else \
        {"inservice.course.event.v1": {"write"}}
    others = {topic for name in NAMES for topic in table(programs, name)
              if "write" not in own.get(topic, ())}
    assert len(others) > 4, others
    client = client_of(stack, user)
    got = {topic: refused(client, topic) for topic in sorted(others)}
    assert set(got.values()) == {"TOPIC_AUTHORIZATION_FAILED"}, got


def test_s08_no_right_that_the_table_does_not_name(stack, programs):
    """The teacher service reads its own topics and nothing of the gateway."""
    consumer = confluent_kafka.Consumer({
        **client_of(stack, "teacher"), "group.id": "inservice-teacher"})
    seen = set(consumer.list_topics(timeout=20).topics)
    consumer.close()
    assert seen == set(table(programs, "teacher"))


def test_nothing_is_sent_in_the_clear(stack, system, db):
    plain = stack.env["TEACHER_DATABASE_URL"].split("?")[0]
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        psycopg.connect(plain, sslmode="disable")
    rows = db.rows("SELECT a.usename, s.ssl FROM pg_stat_ssl s JOIN "
                   "pg_stat_activity a USING (pid) "
                   "WHERE a.usename ^@ 'inservice'")
    assert {user for user, _ in rows} >= {f"inservice_{n}" for n in NAMES}
    assert all(encrypted for _, encrypted in rows)
    admin = confluent_kafka.admin.AdminClient(
        {"bootstrap.servers": stack.env["KAFKA_BOOTSTRAP"]})
    with pytest.raises(confluent_kafka.KafkaException):
        admin.list_topics(timeout=2)


# --- a service that cannot begin ----------------------------------------------
def other_authority(folder):
    """A certificate of another authority, which is its own authority."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-keyout", folder / "other.key",
         "-subj", "/CN=other", "-out", folder / "other.pem"],
        check=True, capture_output=True)
    return folder / "other.pem", folder / "other.key"


def expired(stack, folder):
    """A certificate of the stack's authority that ended yesterday."""
    tls = stack.env["TLS_DIR"]
    subprocess.run(
        ["openssl", "req", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-keyout", folder / "old.key",
         "-subj", "/CN=server", "-out", folder / "old.csr"],
        check=True, capture_output=True)
    (folder / "old.ext").write_text("subjectAltName=IP:127.0.0.1\n")
    subprocess.run(
        ["openssl", "x509", "-req", "-in", folder / "old.csr", "-days", "-1",
         "-CA", f"{tls}/ca.pem", "-CAkey", f"{tls}/ca.key", "-set_serial", "7",
         "-extfile", folder / "old.ext", "-out", folder / "old.pem"],
        check=True, capture_output=True)
    return folder / "old.pem", folder / "old.key"


class Impostor:
    """A listener with a certificate, that answers nothing after the handshake.
    `postgres`: it first agrees to TLS, as PostgreSQL does."""

    def __init__(self, certificate, postgres=False):
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(*certificate)
        self.postgres, self.tries = postgres, 0
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            try:
                line.settimeout(5)
                if self.postgres and len(line.recv(8)) == 8:
                    line.sendall(b"S")
                self.tls.wrap_socket(line, server_side=True).recv(1)
            except OSError:
                pass
            finally:
                line.close()
                self.tries += 1

    def close(self):
        self.door.close()


@pytest.fixture
def impostor():
    made = []

    def make(*words, **more):
        made.append(Impostor(*words, **more))
        return made[-1]
    yield make
    for one in made:
        one.close()


@pytest.fixture
def lonely(system, tmp_path, watch):
    """Starts one more process of a service with other settings."""
    started = []

    def start(name, **settings):
        first = system[name]
        service = Service(name, first.binary, {
            **first.env, **checked(), "INSERVICE_LISTEN_PORT": "0",
            **{f"INSERVICE_{k}": str(v) for k, v in settings.items()}},
            tmp_path / f"lonely-{len(started)}")
        watch.add(service)
        started.append(service)
        return service.start()
    yield start
    for service in started:
        service.kill()
        service.process = None


def changed(stack, folder, user="account", **properties):
    """A file of the user's properties with other values."""
    kept = {**security_of(stack, user.upper()), **{
        name.replace("_", "."): str(value)
        for name, value in properties.items()}}
    path = folder / "security.conf"
    path.write_text("".join(f"{n}={v}\n" for n, v in kept.items()))
    path.chmod(0o600)
    return path


def reasons(service, event):
    return [e["reason"] for e in service.log() if e["event"] == event]


def ends(service, event):
    """It ends with status 1; the event's reason. One line says why."""
    wait_until(lambda: not service.alive, 60, f"{service.name} to end")
    assert service.process.returncode == 1, service.tail()
    service.process = None
    told = reasons(service, event)
    assert len(told) == 1 and len(service.log()) < 12, service.tail(30)
    return told[0]


def waits(service, event, tries, deadline=40):
    """It is alive and not ready after four tries; the event's reason."""
    wait_until(lambda: tries() >= 4 and reasons(service, event), deadline,
               f"{event} of {service.name}")
    status, body = service.get("/readyz")
    assert status == 503 and not json.loads(body)["commands"], body
    told = reasons(service, event)
    assert len(told) == 1 and len(service.log()) < 12, service.tail(30)
    assert service.stop() == 0
    return told[0]


def test_p19_a_wrong_password(stack, lonely, errors, tmp_path):
    errors.plan("broker_denied")
    told = ends(lonely("account", KAFKA_SECURITY=changed(
        stack, tmp_path, sasl_password="wrong")), "broker_denied")
    assert told.endswith("Invalid username or password"), told


def test_p19_scram_says_which_library_it_needs(stack, lonely, errors, tmp_path):
    """Kafka 4 refuses SCRAM of Debian 12's library, whatever the password.
    With a later library the password is right or wrong."""
    errors.plan("broker_denied")
    told = ends(lonely("account", KAFKA_SECURITY=changed(
        stack, tmp_path, sasl_mechanism="SCRAM-SHA-256",
        sasl_username="admin", sasl_password="wrong")), "broker_denied")
    assert "invalid credentials" in told, told


def test_a_wrong_scram_password_is_refused(stack):
    client = client_of(stack, "admin") | {"sasl.mechanism": "SCRAM-SHA-256"}
    admin = confluent_kafka.admin.AdminClient(client)
    assert admin.list_topics(timeout=20).topics
    told = []
    wrong = confluent_kafka.admin.AdminClient(
        client | {"sasl.password": "wrong",
                  "error_cb": lambda error: told.append(error.name())})
    with pytest.raises(confluent_kafka.KafkaException):
        wrong.list_topics(timeout=3)
    wrong.poll(0)
    assert "_AUTHENTICATION" in told


def test_p19_a_wrong_authority(stack, lonely, errors, tmp_path):
    errors.plan("broker_denied")
    other, _ = other_authority(tmp_path)
    told = ends(lonely("account", KAFKA_SECURITY=changed(
        stack, tmp_path, ssl_ca_location=other)), "broker_denied")
    assert "an authority that ssl.ca.location does not have" in told, told


def test_p19_an_expired_certificate(stack, lonely, impostor, tmp_path):
    """It waits: the broker gets a new one, and the service goes on."""
    broker = impostor(expired(stack, tmp_path))
    service = lonely("account", KAFKA_BOOTSTRAP=f"127.0.0.1:{broker.port}")
    told = waits(service, "broker_refused", lambda: broker.tries)
    assert told.endswith("has expired: it needs a new one"), told


def test_p19_a_certificate_for_another_host(stack, lonely, impostor, errors,
                                            tmp_path):
    errors.plan("broker_denied")
    broker = impostor(other_authority(tmp_path))
    service = lonely("account", KAFKA_BOOTSTRAP=f"127.0.0.1:{broker.port}",
                     KAFKA_SECURITY=changed(stack, tmp_path, ssl_ca_location=
                                            tmp_path / "other.pem"))
    told = ends(service, "broker_denied")
    assert "for another" in told, told


def test_p19_a_client_certificate_of_another_authority(stack, lonely,
                                                       tmp_path):
    """The broker ends the connection and does not say more."""
    other, key = other_authority(tmp_path)
    service = lonely("teacher", KAFKA_SECURITY=changed(
        stack, tmp_path, "teacher", ssl_certificate_location=other,
        ssl_key_location=key))
    told = waits(service, "broker_refused", lambda: 4)
    assert "ssl.certificate.location" in told and "alert" in told, told


def database(service_url, port=None, authority=None):
    """The address with another port or authority."""
    address, query = service_url.split("?")
    if port is not None:
        head, rest = address.rsplit(":", 1)
        address = f"{head}:{port}/{rest.split('/')[1]}"
    if authority is not None:
        query = f"sslmode=verify-full&sslrootcert={authority}"
    return f"{address}?{query}"


def test_p19_the_database_has_another_authority(stack, lonely, tmp_path):
    other, _ = other_authority(tmp_path)
    service = lonely("account", DATABASE_URL=database(
        stack.env["ACCOUNT_DATABASE_URL"], authority=other))
    told = waits(service, "database_unreachable", lambda: 4)
    assert "certificate verify failed" in told and "sslrootcert" in told, told


def test_p19_the_databases_certificate_has_expired(stack, lonely, impostor,
                                                   tmp_path):
    server = impostor(expired(stack, tmp_path), postgres=True)
    service = lonely("account", DATABASE_URL=database(
        stack.env["ACCOUNT_DATABASE_URL"], port=server.port))
    told = waits(service, "database_unreachable", lambda: server.tries)
    assert "certificate verify failed" in told and "expired" in told, told


class Rights:
    def __init__(self, stack):
        self.stack, self.taken = stack, []

    def _say(self, verb, user, line):
        subprocess.run(
            [str(self.stack.folder / "bin/rights"), verb, f"User:{user}",
             self.stack.env["KAFKA_BOOTSTRAP"], "30"],
            input=line + "\n", text=True, check=True, env={
                "KAFKA_SECURITY": self.stack.env["ADMIN_KAFKA_SECURITY"]})

    def take(self, user, line, describe=False):
        """`describe`: the topic can still be seen."""
        self._say("--revoke", user, line)
        if describe and not line.startswith("group"):
            self._say("--grant", user, f"describe {line.split()[1]}")
        self.taken.append((user, line))

    def give_back(self):
        while self.taken:
            self._say("--grant", *self.taken.pop())


@pytest.fixture
def rights(stack):
    rights = Rights(stack)
    yield rights
    rights.give_back()


# --- doctor ---------------------------------------------------------------------
def doctor(service, **settings):
    """(exit status, the lines)"""
    status, out, _ = service.host("doctor", **{
        f"INSERVICE_{k}": str(v) for k, v in settings.items()})
    return status, out.splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_doctor_finds_all_rights(system, name):
    status, lines = doctor(system[name])
    assert status == 0, lines
    assert [line for line in lines if line.startswith("OK     rights")], lines


@pytest.mark.parametrize("name, line, told", [
    ("account", "read inservice.teacher.event.v1",
     "inservice.teacher.event.v1 may not be read"),
    ("gateway", "write inservice.gateway.command.v1",
     "inservice.gateway.command.v1 may not be written"),
    ("teacher", "group inservice-teacher",
     "the group inservice-teacher may not be used"),
])
def test_doctor_names_the_missing_right(system, rights, errors, name, line,
                                        told):
    errors.plan(RIGHTS)
    rights.take(name, line, describe=True)
    status, lines = wait_until(
        lambda: (lambda got: got if got[0] else None)(doctor(system[name])),
        20, "the broker to know it")
    found = [text for text in lines if text.startswith("FAULT")]
    assert len(found) == 1 and told in found[0], lines
    assert "docs/kafka-acl.md" in found[0]
    rights.give_back()


def test_doctor_says_what_is_wrong_with_the_broker(stack, system, tmp_path):
    status, lines = doctor(system["account"], KAFKA_SECURITY=changed(
        stack, tmp_path, sasl_password="wrong"))
    found = [text for text in lines if text.startswith("FAULT")]
    assert status == 1 and len(found) == 1 and "username or password" in \
        found[0], lines


# --- a right that is taken from a running system ----------------------------------
@pytest.mark.parametrize("name, line", [
    ("account", "read inservice.account.command.v1"),
    ("account", "write inservice.account.event.v1"),
    ("gateway", "write inservice.account.command.v1"),
    ("gateway", "read inservice.account.outcome.v1"),
])
def test_a_right_is_taken_and_given_back(town, land, system, rights, errors,
                                         name, line):
    """One line names the topic. The command waits, and is carried out without
    a restart when the right is there again."""
    errors.plan(RIGHTS)
    service, topic = system[name], line.split()[1]
    code, chief = land.school()
    person = town.officer(chief, code, "OPERATOR")
    before = len(service.log())
    rights.take(name, line)
    etag = town.account(chief, person.account).etag
    answer = chief.client.post(
        f"/v1/business-accounts/{person.account}/disable", {}, match=etag,
        headers={"Prefer": "respond-async"})
    assert answer.status in (202, 503), answer

    def told():
        return [e for e in service.log()[before:]
                if e["event"] == RIGHTS and e["what"] == topic]
    wait_until(told, 40, f"{RIGHTS} of {name}")
    rights.give_back()
    wait_until(lambda: town.account(chief, person.account).json["status"] ==
               "DISABLED", 60, "the command")
    news = service.log()[before:]
    assert len(told()) == 1 and len(news) < 25, news
    assert all(s.alive for s in system.services.values())
    wait_until(lambda: all(s.is_ready() for s in system.services.values()),
               30, "all to be ready")
    expect(chief.client.get("/v1/me"), 200)
