"""The lines of the table, and what was measured for them.

A Part is a row of the table of parts (rows/__init__.py): its lines say what is
measured, against what and how good it should be; its `rounds` measures. One
round yields a sample for each line: value, what it is held against, and other
figures for the words. Lines show medians.
"""
import statistics
from dataclasses import dataclass, field


def say(text):
    print(text, flush=True)


def median(values):
    return statistics.median(values)


def sample(value, against=None, **figures):
    """One measurement; `figures` are for the line's words."""
    return {"value": value, "against": against, **figures}


def of_load(ours, against=None, **figures):
    """The sample of a load program's report."""
    return sample(ours["per_second"], against, p50=ours["p50_ms"],
                  p99=ours["p99_ms"], **figures)


FEW_LANES = 6


@dataclass
class Line:
    """The goal is for the ratio; without another side it is for the value."""
    key: str
    name: str
    unit: str
    against: str = ""
    goal: float = None
    goal_many: float = None  # with more than FEW_LANES, if it is another
    least: bool = True  # the goal is the least value, else the most
    words: str = ""     # what it means for an office: a format string
    growth: bool = False  # its value belongs into the growth table


@dataclass
class Part:
    name: str
    what: str            # one sentence, for the list of parts
    lines: list
    rounds: object       # rounds(place): yields {key: sample}
    services: bool = True  # all three services run meanwhile
    of_lanes: bool = False  # measured for every number of lanes
    growth: bool = False    # measured for every number of teachers


@dataclass
class Result:
    """A line with its samples, at one place."""
    line: Line
    lanes: int
    teachers: int
    samples: list = field(default_factory=list)

    def middle(self, figure):
        values = [one[figure] for one in self.samples
                  if one.get(figure) is not None]
        return median(values) if values else None

    @property
    def value(self):
        return self.middle("value")

    @property
    def ratio(self):
        against = self.middle("against")
        return self.value / against if against else None

    @property
    def goal(self):
        many = self.lanes > FEW_LANES and self.line.goal_many is not None
        return self.line.goal_many if many else self.line.goal

    @property
    def met(self):
        if self.goal is None:
            return None
        judged = self.value if self.ratio is None else self.ratio
        return (judged >= self.goal if self.line.least
                else judged <= self.goal)

    @property
    def words(self):
        figures = {key: self.middle(key) for one in self.samples for key in one}
        return self.line.words.format(**figures, lanes=self.lanes,
                                      teachers=self.teachers)

    def json(self):
        def short(number):
            return None if number is None else round(number, 4)
        return {"lanes": self.lanes, "teachers": self.teachers,
                "key": self.line.key, "name": self.line.name,
                "value": short(self.value), "unit": self.line.unit,
                "against": self.line.against,
                "against_value": short(self.middle("against")),
                "ratio": short(self.ratio), "goal": self.goal,
                "met": self.met, "words": self.words,
                "yardstick": short(self.middle("yardstick"))}


def measure_part(part, place):
    """Runs a part; returns its results."""
    results = {line.key: Result(line, place.lanes, place.teachers)
               for line in part.lines}
    for found in part.rounds(place):
        yardstick = place.yardstick() if part.growth else None
        for key, one in found.items():
            results[key].samples.append({**one, "yardstick": yardstick})
        say("  " + ", ".join(
            f"{key} {one['value']:,.1f}" + (
                f" against {one['against']:,.1f}" if one["against"] else "")
            for key, one in found.items()))
    return [one for one in results.values() if one.samples]


# --- the tables -------------------------------------------------------------------
def show(results):
    first = results[0]
    head = f"{first.lanes} lanes, {first.teachers:,} teachers"
    say(f"\n{head:<48}{'value':>12} {'unit':<11}{'against':>12}{'ratio':>8}"
        f"{'goal':>8}")
    for one in results:
        line, against = one.line, one.middle("against")
        sign = "≥" if line.least else "≤"
        goal = "" if one.goal is None else f"{sign} {one.goal:g}"
        mark = {True: "  met", False: "  MISSED", None: ""}[one.met]
        say(f"{line.name:<48}{one.value:>12,.2f} {line.unit:<11}"
            f"{'' if against is None else f'{against:,.2f}':>12}"
            f"{'' if one.ratio is None else f'{one.ratio:.2f}':>8}{goal:>8}{mark}")
        if one.words:
            say(f"    → {one.words}")


GROWTH_MAX = 1.2


def growth(results):
    """One entry for each line of the growth table: values at each size, and
    the cost at each size against the smallest. A rate is held against the
    yardstick of its own rounds, because the machine is not equally free."""
    table = []
    for key in dict.fromkeys(one.line.key for one in results if one.line.growth):
        ours = sorted((one for one in results if one.line.key == key),
                      key=lambda one: one.teachers)
        def cost(one):
            return (one.middle("yardstick") or 1) / one.value
        table.append({
            "key": key, "name": ours[0].line.name, "unit": ours[0].line.unit,
            "lanes": ours[0].lanes,
            "values": {one.teachers: round(one.value, 3) for one in ours},
            "cost": {one.teachers: round(cost(one) / cost(ours[0]), 3)
                     for one in ours},
        })
    return table


def show_growth(table):
    sizes = list(table[0]["values"])
    say(f"\n{'growth: rate, and cost against the smallest':<48}"
        + "".join(f"{size:>20,}" for size in sizes))
    for row in table:
        flat = max(row["cost"].values()) <= GROWTH_MAX
        say(f"{row['name']:<48}" + "".join(
            f"{row['values'][size]:>12,.0f}{row['cost'][size]:>7.2f}×"
            if size in row["values"] else f"{'':>20}" for size in sizes)
            + ("  flat" if flat else f"  NOT FLAT (≤ {GROWTH_MAX:g}×)"))
