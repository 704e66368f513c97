"""Another number of lanes than the installation has: nothing starts, and the
reason says what is where."""
import os
import subprocess

import pytest
from play.system import NAMES, ROOT, Failed, Service, wait_until

from harness import LANES, checked

OTHER = 24 if LANES != 24 else 6


def run(stack, program, *words, lanes, stdin=None):
    """A program of the stack's own."""
    path = next((stack.folder / "bin").glob(f"{program}*"))
    done = subprocess.run(
        [str(path), *words], input=stdin, capture_output=True, text=True,
        env={**os.environ, "INSERVICE_LANES": str(lanes)}, timeout=60)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def broker(stack, tmp_path):
    """Address of a broker whose topics have another number of partitions."""
    address = tmp_path / "address"
    program = next((stack.folder / "bin").glob("mockbroker*"))
    process = subprocess.Popen([str(program), str(address), str(OTHER)],
                               stdin=subprocess.PIPE, text=True)
    listed = run(stack, "topics", "--list", lanes=OTHER)[1]
    for line in listed.splitlines():
        process.stdin.write(line.split()[0] + "\n")
    process.stdin.close()
    yield wait_until(lambda: address.exists() and address.read_text().strip(),
                     20, "the broker's address")
    process.terminate()
    process.wait(20)


def one_more(system, folder, name, **more):
    """Another process of a service, which is to end by itself."""
    first = system[name]
    service = Service(name, first.binary,
                      {**first.env, **checked(), "INSERVICE_LISTEN_PORT": "0",
                       **more}, folder / "run" / f"lanes-{name}")
    service.log_file.unlink(missing_ok=True)
    return service.start()


def why_it_ended(service):
    """(exit status, reason of the event `lanes_differ`)."""
    wait_until(lambda: not service.alive, 60, f"the end of {service.name}")
    reasons = [event["reason"] for event in service.log()
               if event.get("event") == "lanes_differ"]
    return service.process.returncode, reasons


@pytest.mark.parametrize("name", NAMES)
def test_another_number_is_set(town, system, folder, name):
    service = one_more(system, folder, name, INSERVICE_LANES=str(OTHER))
    status, reasons = why_it_ended(service)
    assert (status, len(reasons)) == (1, 1), service.tail()
    assert reasons[0].startswith(
        f"the schema {name} has {LANES} lanes and INSERVICE_LANES is {OTHER}: ")


@pytest.mark.parametrize("name", NAMES)
def test_topics_with_another_number_of_partitions(town, system, folder, broker,
                                                  name):
    service = one_more(system, folder, name, INSERVICE_KAFKA_BOOTSTRAP=broker)
    status, reasons = why_it_ended(service)
    assert (status, len(reasons)) == (1, 1), service.tail()
    assert reasons[0].startswith("topic inservice.")
    assert f"has {OTHER} partitions and the schema has {LANES} lanes: " \
        in reasons[0]


def test_the_number_of_the_schema_is_enough(town, system, folder):
    service = one_more(system, folder, "account", INSERVICE_LANES="")
    service.wait_ready()
    assert service.stop() == 0


def test_topics_are_checked_and_left_alone(stack):
    address = stack.env["KAFKA_BOOTSTRAP"]
    assert run(stack, "topics", "--check", address, lanes=LANES)[0] == 0
    for verb in ("--check", "--create"):
        status, _, said = run(stack, "topics", verb, address, lanes=OTHER)
        assert status == 3, said
        assert f"has {LANES} partitions and must have {OTHER} " in said
    assert run(stack, "topics", "--check", address, lanes=LANES)[0] == 0


@pytest.mark.parametrize("lanes", ["0", "97", "many"])
def test_what_no_number_of_lanes_is(stack, lanes):
    status, _, said = run(stack, "topics", "--check", "127.0.0.1:1", lanes=lanes)
    assert (status, f'INSERVICE_LANES is "{lanes}"' in said) == (2, True), said


def test_a_stack_keeps_its_number(stack, monkeypatch):
    monkeypatch.setenv("INSERVICE_LANES", str(OTHER))
    with pytest.raises(Failed, match=f"has {LANES} lanes and INSERVICE_LANES "
                                     f"is {OTHER}"):
        stack.up()
    monkeypatch.delenv("INSERVICE_LANES")
    stack.up()
    assert stack.env["INSERVICE_LANES"] == str(LANES)


@pytest.mark.parametrize("lanes", ["0", "97", "many"])
def test_no_stack_is_made_with_a_wrong_number(tmp_path, lanes):
    done = subprocess.run(
        [str(ROOT / "tools/stack"), "up"], capture_output=True, text=True,
        stdin=subprocess.DEVNULL, timeout=60,
        env={**os.environ, "STACK_DIR": str(tmp_path / "stack"),
             "STACK_KAFKA": "embedded", "INSERVICE_LANES": lanes})
    assert done.returncode == 1
    assert f"INSERVICE_LANES is {lanes}; it must be a number" in done.stderr
