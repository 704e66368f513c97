"""Without any fault: each class of work, the drain under load, and the checker
afterwards. A failure here has nothing to do with faults."""
import time

ACCOUNT = ("one_fact", "many_facts", "claim", "self_command", "refusal",
           "timer")
TEACHER = ("teacher_one_fact", "teacher_many_facts", "teacher_copy",
           "teacher_refusal", "teacher_timer")


def test_every_class_of_work(town, both, judge):
    for name in ACCOUNT + TEACHER:
        town.finish(getattr(town, name)())
    judge()


def test_drain_under_load(town, both, fleet, judge):
    """SIGTERM in the middle of it: no message is lost, positions are
    written."""
    for name in ("account", "teacher"):
        sent = [town.add_unit(town.new_code(), flush=False)
                if name == "account" else
                town.register(str(__import__("uuid").uuid4()),
                              town.need(town.taken), False)
                for _ in range(300 if name == "account" else 12)]
        town.producer.poll(0)
        time.sleep(0.01)
        fleet.drain(both[name])
        town.flush()
        fleet.start(name)
        town.done(town.ears.wait(sent))
    judge()
