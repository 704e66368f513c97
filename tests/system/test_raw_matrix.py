"""The authority matrix on the command topics. Every command of both owners is
sent as a raw message, past the gateway, from each kind of actor without the
right and with each piece of its evidence missing. All are refused and nothing
changes. The same command from the right actor is then done, which shows that
each cell can fail.

The test compares with the owners' own lists: a command without cells fails.
"""
import os
import subprocess

import pytest
from harness import LANES, lane_of
from raw import ALL_PERMISSIONS, HOUR, SYSTEM, Raw, new_id, now


def wrong_actors(office, command):
    """(kind, actor) for every kind of actor who may not give this command."""
    kind = office.actor(office.chief)["kind"]
    at_home = office.claims(office.code, kind)
    by = lambda who, **more: office.actor(who, **more)  # noqa: E731
    if command.right is not SYSTEM:
        yield "nobody", SYSTEM
    else:
        yield "the right officer of other commands", by(office.chief)
    yield "somebody without a name", {"account_id": ""}
    yield "a machine client", {"account_id": "", "client_id": "client"}
    yield "an OPERATOR of the unit", by(office.operator)
    yield "an OPERATOR who claims every right", by(office.operator, **at_home)
    yield "an OPERATOR who claims a later version", by(
        office.operator, **{**at_home, "account_version": 1 << 40})
    yield "the unit's CHIEF of a later version", by(
        office.chief, account_version=1 << 40)
    yield "an officer of the unit without an account", {
        "account_id": new_id(), "account_version": 1, "person_id": new_id(),
        **at_home}
    yield "an officer of the platform without an account", {
        "account_id": new_id(), "account_version": 1, "person_id": new_id(),
        **office.claims("P-000000", 10)}
    yield "a teacher without an account", {
        "account_id": new_id(), "account_version": 1,
        "person_id": command.fields.get("person_id", new_id())}
    yield "a teacher of a later version", {
        "account_id": office.holder.account, "account_version": 1 << 40,
        "person_id": office.holder.teacher}
    yield "an OPERATOR who claims to be of the platform", by(
        office.operator, **office.claims("P-000000", 10))
    yield "a CONTACT of the unit", by(office.contact)
    yield "a CHIEF of another unit", by(office.other_chief)
    yield "a CHIEF of another unit who claims this one", by(
        office.other_chief, **at_home)
    yield "a CHIEF of another unit who claims to be a centre", by(
        office.other_chief, kind=9, reach=2, permissions=ALL_PERMISSIONS)
    yield "a CHIEF of another unit who claims to be the platform", by(
        office.other_chief, kind=10, reach=3, permissions=ALL_PERMISSIONS)
    yield "a disabled officer, as before", {**office.was, **at_home}
    yield "a teacher", {"account_id": office.holder.account, "account_version": 1,
                        "person_id": office.holder.teacher}
    yield "an applicant who claims every right", {
        "account_id": office.waits.account, "account_version": 1,
        "person_id": new_id(), **at_home}
    yield "the centre's CHIEF", by(office.centre)
    yield "the platform's CHIEF", by(office.platform)


TABLES = {"account": ("organization", "business_account", "teacher_account",
                      "unit_load", "timer"),
          "teacher": ("teacher", "post", "move", "school_review", "code_table",
                      "code", "timer")}


def picture(db):
    """All tables of the owners' decisions."""
    shown = {f"{schema}.{table}": sorted(map(repr, db.rows(
        f"SELECT t::text FROM {schema}.{table} t")))
        for schema, tables in TABLES.items() for table in tables}
    for claims, holder in (("holder_claim", "account_id"),
                           ("login_claim", "account_id"),
                           ("platform_claim", "organization")):
        shown[claims] = sorted(map(repr, db.rows(
            f"SELECT t::text FROM account.{claims} t "
            f"WHERE {holder} IS NOT NULL")))
    return shown


def owned(programs, service):
    out = subprocess.run(
        [str(programs / service), "messages"], text=True, check=True,
        stdout=subprocess.PIPE, env={**os.environ, **{
            f"INSERVICE_{name}": "none" for name in (
                "DATABASE_URL", "OWNER_DATABASE_URL", "KAFKA_BOOTSTRAP",
                "KEY_DIR")}}).stdout
    return {line.split()[1] for line in out.splitlines()
            if line.startswith("do ")}


def test_every_command_has_cells(programs, raw_commands):
    stated = {command.type for command in raw_commands}
    assert stated == owned(programs, "account") | owned(programs, "teacher")


def send_all(raw, office, command):
    for who, actor in wrong_actors(office, command):
        if who in command.strangers or command.anybody and who in (
                "somebody without a name", "a machine client"):
            continue
        if actor == command.right:
            continue
        raw.send(command, who, actor, command.wrong)
    for what, (fields, codes) in command.missing.items():
        raw.send(command, f"the right actor, but {what}", command.right, codes,
                 fields=fields)
    raw.send(command, "the right actor, too late", command.right,
             {"EXPIRED_COMMAND"}, not_after=now() - HOUR)
    raw.send(command, "the right actor, by another lane", command.right,
             {"WRONG_LANE"}, lane=(lane_of(command.lane) + 1) % LANES)
    if command.expected is not None:
        raw.send(command, "the right actor, of an old version", command.right,
                 {"CHANGED"}, expected=command.expected + 7)


def test_no_raw_command_gets_past_its_owner(raw_office, raw_commands, kafka,
                                            contracts, db, errors):
    errors.plan("wrong_lane", "message_refused")
    before, raw = picture(db), Raw(kafka, contracts)
    for command in raw_commands:
        send_all(raw, raw_office, command)
    wrong = list(raw.wrong())
    print(f"{len(raw.cells)} raw commands, {len(wrong)} wrong")
    if wrong:
        pytest.fail(f"{len(wrong)} of {len(raw.cells)}:\n" + "\n".join(wrong),
                    pytrace=False)
    assert picture(db) == before
    assert len(raw.cells) > 300


def test_the_same_commands_are_good(raw_commands, kafka, contracts):
    """One after the other, because each builds on the one before."""
    wrong = []
    for command in raw_commands:
        raw = Raw(kafka, contracts)
        raw.send(command, "the right actor", command.right, {command.control})
        wrong += raw.wrong()
    assert not wrong
