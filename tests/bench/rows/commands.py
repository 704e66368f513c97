"""Commands: through one service, through two processes, by HTTP, and alone."""
from measure.place import COMMANDS, ROUNDS, WARM_UP
from measure.process import processor_seconds
from measure.result import Line, Part, of_load, sample
from play.system import Service


# --- a service ------------------------------------------------------------------
def service_rounds(place):
    """Kafka in, transaction, Kafka out: only the teacher service runs."""
    teacher = place.system["teacher"]
    teacher.start().wait_ready()
    place.commands(COMMANDS // 4)
    place.measure_sizes()
    place.pgbench("one_command.sql", 8, 3)
    for _ in range(ROUNDS):
        rival = place.pgbench("one_command.sql", 8)
        before = processor_seconds(teacher)
        ours = place.commands()
        used = (processor_seconds(teacher) - before) / ours["count"]
        yield {"service": of_load(ours, rival["per_second"],
                                  country=300000 / ours["per_second"]),
               "processor": sample(used * 1e6)}
    teacher.stop()


SERVICE = Part(
    "service", "commands through one service, Kafka in to Kafka out", [
        Line("service", "commands through the teacher service", "commands/s",
             "pgbench, one command a transaction, 8 clients", 8, growth=True,
             words="one change of every teacher in the country, 300,000, is "
                   "decided and stored in {country:.0f} s"),
        Line("processor", "processor time of the service per command", "µs",
             words="the owner's processes use a processor for {value:.0f} s "
                   "while a million changes are saved"),
    ], service_rounds, services=False, of_lanes=True, growth=True)


# --- two processes ----------------------------------------------------------------
def cost_of(place, services):
    """Processor seconds of these processes for one command."""
    before = processor_seconds(*services)
    ours = place.commands()
    return (processor_seconds(*services) - before) / ours["count"], ours


def twice_rounds(place):
    """One process with one worker; then another one beside it."""
    one = place.system["teacher"]
    workers, one.env["INSERVICE_WORKERS"] = one.env["INSERVICE_WORKERS"], "1"
    two = Service("teacher", one.binary, one.env, place.folder / "second")
    try:
        for _ in range(ROUNDS):
            one.start().wait_ready()
            place.commands(COMMANDS // 4)
            alone, single = cost_of(place, [one])
            two.start().wait_ready()
            place.commands(COMMANDS // 4)
            shared, double = cost_of(place, [one, two])
            yield {"twice": sample(shared * 1e6, alone * 1e6,
                                   rate=double["per_second"],
                                   single=single["per_second"])}
            two.stop()
            one.stop()
    finally:
        two.kill()
        one.kill()
        one.env["INSERVICE_WORKERS"] = workers


TWICE = Part(
    "twice", "two processes of a service instead of one", [
        Line("twice", "processor time per command, two processes", "µs",
             "one process", 1.1, least=False,
             words="a second process may be added at any time; together they "
                   "do {rate:,.0f}/s, one does {single:,.0f}/s here"),
    ], twice_rounds, services=False)


# --- HTTP -------------------------------------------------------------------------
def http_rounds(place):
    place.changes(256, WARM_UP)
    place.measure_sizes()
    place.pgbench("one_command.sql", 32, 2)
    for _ in range(ROUNDS):
        rival = place.pgbench("one_command.sql", 32)
        ours = place.changes(256)
        yield {"http": of_load(ours, rival["per_second"]),
               "http_slow": sample(ours["p99_ms"])}


HTTP = Part(
    "http", "PATCH to committed answer, 256 connections", [
        Line("http", "HTTP commands, PATCH to committed answer, 256",
             "commands/s", "pgbench, one command a transaction, 32 clients",
             2.5, goal_many=2, growth=True,
             words="256 officers save at the same time: half of them see it "
                   "saved after {p50:.0f} ms"),
        Line("http_slow", "  the same, p99", "ms",
             words="one in a hundred of them waits longer than {value:.0f} ms"),
    ], http_rounds, of_lanes=True, growth=True)


# --- one command alone --------------------------------------------------------------
def latency_rounds(place):
    place.changes(1, 1)
    for _ in range(ROUNDS):
        hop = place.run("hop", 1000)
        commit = place.pgbench("one_commit.sql", 1, 3)
        ours = place.changes(1, 4)
        yield {"latency_" + p: sample(ours[p + "_ms"],
                                      hop[p + "_ms"] + commit[p + "_ms"])
               for p in ("p50", "p99")}


LATENCY = Part(
    "latency", "one HTTP command on an idle system", [
        Line("latency_p50", "one HTTP command, idle system, p50", "ms",
             "one hop over Kafka + one commit", 6, least=False,
             words="an officer who works alone sees a change saved after "
                   "{value:.1f} ms"),
        Line("latency_p99", "one HTTP command, idle system, p99", "ms",
             "one hop over Kafka + one commit", 6, least=False,
             words="one change in a hundred takes longer than {value:.1f} ms"),
    ], latency_rounds)
