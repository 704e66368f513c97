"""What each process takes: until it serves, idle, and after all loads."""
from measure.place import ROUNDS
from measure.process import memory, start
from measure.result import Line, Part, sample
from play.system import NAMES

ABOVE_IDLE = 64  # MiB that any load may add to a process


def start_rounds(place):
    """Each service in turn; the two others run."""
    for _ in range(ROUNDS):
        found = {}
        for name, service in place.system.services.items():
            service.stop()
            found[f"start_{name}"] = sample(start(service) * 1000)
        yield found
    place.wait_views()


START = Part(
    "start", "start of each process, exec to ready",
    [Line(f"start_{name}", f"start of {name}, exec to ready", "ms",
          words=f"a restart of {name} is over after {{value:.0f}} ms")
     for name in NAMES], start_rounds)


def memory_rounds(place):
    """After the parts before, in the same processes."""
    left = {name: memory(service)
            for name, service in place.system.services.items()}
    place.note_peaks()
    yield {f"{key}_{name}": sample(value)
           for name, idle in place.idle.items()
           for key, value in (("idle", idle), ("left", left[name] - idle),
                              ("most", place.most[name] - idle))}


MEMORY = Part(
    "memory", "memory of each process, idle and above it",
    [line for name in NAMES for line in (
        Line(f"idle_{name}", f"memory of {name}, idle", "MiB",
             words="before anybody works, {value:.0f} MiB are in use"),
        Line(f"left_{name}", f"memory of {name}, above idle, after load",
             "MiB", goal=ABOVE_IDLE, least=False,
             words="after all this work {value:.0f} MiB more are in use"),
        Line(f"most_{name}", f"memory of {name}, above idle, at most", "MiB",
             goal=ABOVE_IDLE, least=False,
             words="in the busiest moment {value:.0f} MiB more were in "
                   "use"))],
    memory_rounds, growth=True)
