"""How many requests to the broker one command costs, as librdkafka counts
them. Produce: gateway to owner, owner to all. Fetch: owner and gateway."""
import time

from measure.place import ROUNDS
from measure.result import Line, Part, sample

INTERVAL = 0.25  # seconds between two counts of a client


def counts(place):
    """The last counts of each client: {(service, client): event}."""
    return {(name, event["client"]): event
            for name, service in place.system.services.items()
            for event in service.log() if event["event"] == "kafka_requests"}


def batches(place):
    """Transactions of the owner's lane so far."""
    text = place.system["teacher"].get("/metrics")[1]
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
               if line.startswith("inservice_lane_batch_size_count"))


def added(before, after, field, service=None):
    return sum(event[field] - before.get(key, {field: 0})[field]
               for key, event in after.items()
               if service is None or key[0] == service)


def lanes_touched(lanes, commands):
    """How many lanes so many commands are expected to fall into."""
    return lanes * (1 - (1 - 1 / lanes) ** commands)


def one_round(place):
    before, transactions = counts(place), batches(place)
    done = place.changes(256)["count"]
    transactions = batches(place) - transactions
    time.sleep(3 * INTERVAL)  # the clients' next counts
    after = counts(place)

    def each(field, service=None):
        return added(before, after, field, service) / done
    published = added(before, after, "produce", "teacher") / transactions
    least = 2 * lanes_touched(place.lanes, done / transactions)
    return {
        "requests": sample(each("all"), produce=each("produce"),
                           fetch=each("fetch")),
        "produce": sample(each("produce"),
                          records=1 / max(1e-9, added(before, after, "produce")
                                          / added(before, after,
                                                  "messages_sent"))),
        "fetch": sample(each("fetch"), thousand=1000 * each("fetch")),
        "publish": sample(published, least, batch=done / transactions),
    }


def broker_rounds(place):
    """The services say their counts meanwhile; other parts run without."""
    file = place.settings_file("statistics",
                               f"statistics.interval.ms={INTERVAL * 1000:.0f}")
    kept = {name: dict(service.env)
            for name, service in place.system.services.items()}
    for service in place.system.services.values():
        service.env |= {"INSERVICE_KAFKA_SECURITY": file,
                        "INSERVICE_LOG_LEVEL": "info"}
        service.log_file.unlink(missing_ok=True)
    try:
        place.system.start()
        place.wait_views()
        place.changes(256, 5)
        for _ in range(ROUNDS):
            yield one_round(place)
        place.system.stop()
    finally:
        place.system.kill()
        for name, service in place.system.services.items():
            service.env = kept[name]
            service.log_file.unlink(missing_ok=True)


BROKER = Part(
    "broker", "requests to the broker for each command, 256 connections", [
        Line("requests", "broker requests per command", "requests",
             words="of them {produce:.2f} write and {fetch:.2f} read; the "
                   "broker's share of a command shrinks with them"),
        Line("produce", "  Produce", "requests",
             words="{records:.1f} records in each"),
        Line("fetch", "  Fetch", "requests",
             words="a thousand changes a second ask the broker "
                   "{thousand:,.0f} times for news"),
        Line("publish", "Produce requests of one batch of an owner",
             "requests", "one for each topic and lane of the batch", 1.2,
             least=False,
             words="{batch:.0f} commands a batch with {lanes} lanes; the Kafka "
                   "library puts one lane of one topic into a request"),
    ], broker_rounds, services=False, of_lanes=True)
