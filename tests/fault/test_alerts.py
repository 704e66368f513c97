"""Each alert of deploy/k8s/components/monitoring is made true by a fault, and
what its page says makes it false again. Those of a broker that is away
(InserviceBrokerAway, InserviceRowsUnpublished, InserviceCommandsLate) are in
test_servers.py, p03.
"""
import re
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg

from harness import LANES, lane_of
from play.system import wait_until
from test_servers import gauge
from work import command_headers

TOPIC = "inservice.account.command.v1"


def counted(process, name, part=""):
    """The sum of the counter's series whose labels contain `part`."""
    return sum(int(line.split()[-1])
               for line in process.get("/metrics")[1].splitlines()
               if re.match(rf"inservice_{name}[ {{]", line) and part in line)


def owned(fleet):
    return sum(gauge(process, "lane_owned") for process in fleet.of("account"))


def test_a_dead_owner(three, fleet, judge):
    """InserviceDown, InserviceLanesIdle"""
    wait_until(lambda: owned(fleet) == LANES, 30, "every lane to have an owner")
    three["account"].kill()
    assert three["account"].get("/metrics") is None
    assert owned(fleet) < LANES
    fleet.start("account")
    wait_until(lambda: owned(fleet) == LANES, 30, "every lane to have an owner")
    judge()


def test_a_parked_key(three, fleet, town, judge):
    """InserviceKeysParked, InserviceErrorsLogged"""
    fleet.plan("message_broken")
    account, key = three["account"], town.new_code()
    errors = counted(account, "log_errors_total")
    town.put(TOPIC, lane_of(key), key, b"\x08\x01", command_headers(
        "inservice.account.v1.OfALaterBuild", str(uuid.uuid4()), key))
    wait_until(lambda: gauge(account, "lane_parked_keys") == 1, 30, "the gauge")
    assert counted(account, "log_errors_total") > errors
    status, out, err = account.host("parked", "list")
    number, = re.findall(rf"^(\d+)\b.*\b{key}\b", out, re.M)
    status, out, err = account.host("parked", "discard", number, TOPIC, key,
                                    str(lane_of(key)))
    assert status == 0, out + err
    wait_until(lambda: gauge(account, "lane_parked_keys") == 0, 30, "the gauge")
    judge()


def test_no_connection_is_free(office, three, fleet, stack, judge):
    """InservicePoolExhausted, InserviceGatewayFails"""
    fleet.drain(three["gateway"])
    gateway = fleet.start("gateway", INSERVICE_DATABASE_POOL="1")
    client = office.client()

    def look(_):
        return client.get("/v1/code-tables").status

    def exhausted(pool):
        list(pool.map(look, range(8)))
        return counted(gateway, "pool_exhausted_total")
    with ThreadPoolExecutor(8) as pool, \
            psycopg.connect(stack.env["ADMIN_DATABASE_URL"]) as line:
        line.execute("LOCK TABLE gateway.v_code_table IN ACCESS "
                     "EXCLUSIVE MODE")
        wait_until(lambda: exhausted(pool), 60, "a request without connection")
        assert counted(gateway, "http_requests_total", 'status="5') > 0
        line.rollback()
        wait_until(lambda: look(0) == 200, 30, "an answer")
    failed = counted(gateway, "http_requests_total", 'status="5')
    assert look(0) == 200
    assert counted(gateway, "http_requests_total", 'status="5') == failed
    fleet.drain(gateway)
    fleet.start("gateway")
    judge()
