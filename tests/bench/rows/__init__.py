"""The table of parts, in the order in which they run. Each file has the lines
of one subject and how they are measured."""
from . import broker, commands, disk, imports, memory, newcomer, reads

PARTS = [
    commands.SERVICE,
    commands.TWICE,
    memory.START,
    commands.HTTP,
    commands.LATENCY,
    reads.READ,
    reads.LISTS,
    reads.PAGES,
    disk.DISK,
    imports.IMPORT,
    memory.MEMORY,
    broker.BROKER,
    newcomer.NEWCOMER,
]
