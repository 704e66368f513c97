"""Who begins late: a fresh consumer of the state topic, and the read model
made again. The owners say every state first: the tables were filled without
messages."""
import time

from measure.place import ROUNDS
from measure.result import Line, Part, sample
from play.system import Failed, wait_until

STATES = (  # service, type, table, record key, lane key
    ("account", "OrganizationState", "organization", "code", "code"),
    ("account", "BusinessAccountState", "business_account", "account_id",
     "organization"),
    ("account", "TeacherAccountState", "teacher_account", "account_id",
     "person_id"),
    ("teacher", "TeacherState", "teacher", "person_id", "person_id"),
)


def position(place):
    """Messages of the command topics that the owners have handled."""
    return sum(int(place.sql(f"SELECT coalesce(sum(next_offset), 0)::bigint "
                             f"FROM {owner}.lane_input "
                             f"WHERE topic = 'inservice.{owner}.command.v1'"))
               for owner in ("account", "teacher"))


def say_all(place):
    """Every state on the topics, once for a stack; the sample."""
    if place.has("bench.said"):
        return None
    lines = []
    for service, kind, table, key, lane_key in STATES:
        lines += ["\t".join((service, f"inservice.{service}.v1.{kind}", *row))
                  for row in place.rows(f"SELECT {key}, {lane_key} "
                                        f"FROM {service}.{table}")]
    file = place.folder / "states"
    file.write_text("\n".join(lines) + "\n")
    before, began = position(place), time.monotonic()
    place.run("newcomer", "say", file)
    wait_until(lambda: position(place) >= before + len(lines), 1800,
               "the owners to say every state")
    seconds = time.monotonic() - began
    place.sql("CREATE TABLE bench.said AS SELECT now() AS at")
    return sample(len(lines) / seconds, seconds=seconds)


def caught_up(place):
    """The read model stands where the owners have published to."""
    return all(place.sql(
        f"SELECT count(*) FROM {owner}.lane l LEFT JOIN gateway.lane_input i "
        f"ON i.lane = l.lane AND i.topic = 'inservice.{owner}.state.v1' "
        f"WHERE coalesce(i.last_seq, 0) < (SELECT coalesce(max(j.seq), 0) "
        f"FROM {owner}.journal j WHERE j.lane = l.lane AND j.kind = 3)") == "0"
        for owner in ("account", "teacher"))


def rebuild(place):
    """Seconds of `gateway rebuild-views`."""
    began = time.monotonic()
    status, out, err = place.system["gateway"].host("rebuild-views",
                                                    timeout=3600)
    if status != 0:
        raise Failed(f"rebuild-views: exit {status}\n{out}{err}")
    return time.monotonic() - began


def newcomer_rounds(place):
    said = say_all(place)
    wait_until(lambda: caught_up(place), 1800, "the read model")
    raw = place.run("newcomer", "raw", "teacher")
    for _ in range(ROUNDS):
        raw = place.run("newcomer", "raw", "teacher")
        ours = place.run("newcomer", "read", "teacher")
        if ours["count"] != raw["count"]:
            raise Failed(f"{ours} and {raw}: not the same states")
        yield {"newcomer": sample(ours["per_second"], raw["per_second"],
                                  seconds=ours["seconds"],
                                  states=ours["count"],
                                  size=ours["bytes"] / ours["count"])}
    states = ours["count"] + place.run("newcomer", "raw", "account")["count"]
    seconds = rebuild(place)
    yield {"rebuild": sample(states / seconds, seconds=seconds, states=states)}
    if said is not None:
        yield {"said": said}


NEWCOMER = Part(
    "newcomer", "a fresh consumer of the states, from the beginning", [
        Line("newcomer", "a fresh consumer reads the teachers' states",
             "states/s", "raw consume of the same topic", 0.5,
             words="another ministry system has all {states:,.0f} states "
                   "({size:.0f} bytes each) after {seconds:.1f} s"),
        Line("rebuild", "the gateway's read model made again", "states/s",
             words="all lists and pages are made again from {states:,.0f} "
                   "states in {seconds:.0f} s, while people read the old ones"),
        Line("said", "owners say every state again", "states/s",
             words="a lost state topic is filled again in {seconds:.0f} s"),
    ], newcomer_rounds)
