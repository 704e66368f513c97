"""Requests that the gateway has accepted and answered: its part of I1, I2,
I11, I12.

An operation is a request that was accepted over HTTP. A row of an import is
one, too. A mail is a reactor's answer to a fact. Each check is a generator of
violations, called by the check of the same number for all services.
"""
from collections import Counter, defaultdict

from .reading import COMMAND, EVENT, OUTCOME, OWNERS

ACCEPTED, DONE, REFUSED = range(3)
FROM_GATEWAY = "/inservice/gateway"
IMPORT_COMMITTING, ROW_DONE, ROW_REFUSED = 3, 5, 6
MAIL_WAITING, BY_ROAMING = 1, 3
ENABLED = {"inservice.account.v1.BusinessAccountEnabled",
           "inservice.account.v1.TeacherAccountEnabled"}
OVERDUE_SECONDS = 10


# --- I1 -----------------------------------------------------------------------
def answers(world):
    """The gateway's answer is the owner's decision."""
    for operation in world.operations:
        if operation["state"] == ACCEPTED:
            continue
        command_id, owner = operation["command_id"], owner_of(operation)
        outcome = world.outcome(owner, command_id)
        if outcome is None:
            yield f"gateway: {command_id} ended, {owner} does not know it"
        elif not is_of(operation, outcome):
            yield f"gateway: {command_id} ended otherwise than {owner} says"


def owner_of(operation):
    return OWNERS[operation["service"]]


def is_of(operation, outcome):
    if operation["state"] == REFUSED:
        return outcome.WhichOneof("result") == "refused" and \
            outcome.refused.code == operation["code"] and \
            outcome.refused.current_version == operation["version"]
    return outcome.WhichOneof("result") == "done" and \
        outcome.done.version == operation["version"] and \
        operation["outcome_seq"] in (0, outcome.done.state_seq)


# --- I2 -------------------------------------------------------------------------
def one_effect(world):
    """Each operation has one command, unchanged and sent by the gateway only.
    Each row of an import has one command. Each fact has one wish."""
    known = {o["command_id"]: o for o in world.operations}
    if len(known) < len(world.operations):
        yield "gateway: two operations have one command id"
    for record, service in sent_records(world):
        operation = known.get(record.text("ce_id"))
        if operation is None:
            if not order_of(world, record).import_id and \
                    not is_taken_back(world, service, record):
                yield f"{record} was sent and belongs to no operation"
        elif (operation["command"], operation["lane"],
              owner_of(operation)) != (record.value, record.partition,
                                       service):
            yield f"{record} is not as the operation was written"
    yield from import_rows(world)
    yield from wishes(world)


def sent_records(world):
    for service in OWNERS:
        for records in world.topics.of(service, COMMAND).values():
            for record in records:
                if record.text("ce_source") == FROM_GATEWAY:
                    yield record, service


def is_taken_back(world, service, record):
    """The command came after the backup that was restored: its owner has
    decided it again, and the gateway's row is lost."""
    return any(row.incarnation > 1 and row.command_id == record.text("ce_id")
               for row in world.journal[service])


def order_of(world, record):
    return world.contracts.decode(record.text("ce_type"), record.value).order


def import_rows(world):
    """The number of decided rows is that of the import's commands; their topic
    may have been lost."""
    decided = Counter()
    for service in world.owners():
        for command_id in world.inbox[service]:
            outcome = world.outcome(service, command_id)
            if outcome.import_id:
                decided[outcome.import_id] += 1
    for import_id, rows in world.rows(
            "SELECT import_id::text, count(*) FROM gateway.import_row "
            "WHERE state IN (%s, %s) GROUP BY 1", ROW_DONE, ROW_REFUSED):
        if decided[import_id] != rows:
            yield f"gateway: import {import_id} has {rows} rows with an " \
                  f"outcome, {decided[import_id]} commands were decided"


def wishes(world):
    """Each enabling mails once: its wish is there, and no wish is without a
    fact."""
    mails = {key for key, in world.rows(
        "SELECT mail_key FROM gateway.mail WHERE mail_key LIKE 'ACTIVATE/%%' "
        "AND asked_by IS NULL")}
    facts = set()
    for row in world.journal["account"]:
        if row.kind != EVENT or row.type not in ENABLED:
            continue
        event = world.contracts.decode(row.type, row.value)
        if getattr(event, "status_before", 1) != 0 and \
                getattr(event, "source", 0) != BY_ROAMING:
            facts.add(f"ACTIVATE/{event.account_id}/{row.version}")
    for key in facts - mails:
        yield f"gateway: no mail was written for {key}"
    for key in mails - facts:
        yield f"gateway: {key} was mailed, no fact asks for it"


# --- I11 ---------------------------------------------------------------------------
def audited(world):
    """The owner's audit row names the actor that the gateway accepted, and the
    outcome."""
    rows = defaultdict(list)
    for service in world.owners():
        for row in world.journal[service]:
            if row.completes or \
                    row.kind == OUTCOME and row.code != "REPEATED":
                rows[row.command_id].append(row)
    for operation in world.operations:
        if operation["state"] == ACCEPTED:
            continue
        mine = rows[operation["command_id"]]
        who, _, proof = operation["scope"].partition("/")
        if len(mine) != 1:
            yield f"gateway: operation {operation['operation_id']} was " \
                  f"audited {len(mine)} times"
        elif not proof and mine[0].actor != who:
            yield f"gateway: operation {operation['operation_id']} of {who} " \
                  f"is audited as {mine[0].actor}'s"


# --- I12 ---------------------------------------------------------------------------
def unfinished(world):
    """Accepted operations and imports without an end."""
    for row in world.rows("SELECT operation_id::text, type FROM "
                          "gateway.operation WHERE state = %s", ACCEPTED):
        yield f"gateway: operation {row[0]} {row[1]} has no outcome"
    for import_id, in world.rows("SELECT import_id::text FROM gateway.import "
                                 "WHERE state = %s", IMPORT_COMMITTING):
        yield f"gateway: import {import_id} is not carried out"


def overdue_mails(world):
    for key, in world.rows(
            "SELECT mail_key FROM gateway.mail WHERE state = %s "
            "AND due_at < now() - make_interval(secs => %s)", MAIL_WAITING,
            OVERDUE_SECONDS):
        yield f"gateway: mail {key} is overdue"
