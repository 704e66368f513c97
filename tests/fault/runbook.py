"""The commands of a section of docs/operations.md, as a test runs them.

A line of a `sh` block is a command of one of the programs, or a comment that
names an act of the operator ("# end every process"). An unknown line fails, so
the page cannot say more than is tested.
"""
import os
import re
import shlex
import subprocess
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs/operations.md"
SERVICES = ("account", "teacher", "gateway")
FOREIGN = ("topics", "mkdir", "pg_dump", "pg_dumpall", "pg_restore", "psql", "tar")


def blocks(title):
    """The sh blocks of the section, each a list of lines."""
    section = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)",
                        PAGE.read_text(), re.M | re.S).group(1)
    found = re.findall(r"^ *```sh\n(.*?)^ *```", section, re.M | re.S)
    return [[line.strip() for line in block.splitlines() if line.strip()]
            for block in found]


class Operator:
    """Does what the page says. `acts`: comment → function; `env`: more
    variables than the stack's."""

    def __init__(self, fleet, stack, acts, **env):
        self.fleet, self.acts = fleet, acts
        self.env = {**stack.env, **env}

    def run(self, line):
        """(status, out, err) of one line."""
        if line.startswith("# "):
            self.acts[line[2:]]()
            return 0, "", ""
        program, *words = shlex.split(line)
        if program in SERVICES:
            return self.fleet.process(program).host(*words)
        assert program in FOREIGN, line
        return self.foreign(program, *words)

    def foreign(self, program, *words):
        words = [re.sub(r"\$(\w+)", lambda name: self.env[name[1]], word)
                 for word in words]
        if program == "topics":
            program = f"{self.env['STACK_DIR']}/bin/topics"
        done = subprocess.run(
            [program, *words], stdin=subprocess.DEVNULL, capture_output=True,
            env={**os.environ, "INSERVICE_LANES": self.env["INSERVICE_LANES"]},
            text=True, timeout=120)
        return done.returncode, done.stdout, done.stderr
