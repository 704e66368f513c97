"""The checker can fail: every violation is planted, found, and taken back.

Tables are changed in a transaction that is never committed and read through
the same connection. Topics are changed in the copy that the checker has read.
So no change remains, and the last run finds no violation.
"""
import copy
import dataclasses
import os

import pytest

from checker import lanes, rules
from checker.reading import COMMAND, EVENT, OUTCOME, STATE, World

import check as checker


def first(world, service, kind, **fields):
    """(records of its partition, index) of the first record with these
    fields."""
    for records in world.topics.of(service, kind).values():
        for i, record in enumerate(records):
            if all(record.text(k).endswith(v) for k, v in fields.items()):
                return records, i
    raise AssertionError(f"no {fields} on {service}")


def drop_event(world):
    records, i = first(world, "account", EVENT)
    del records[i]


def drop_outcome(world):
    records, i = first(world, "teacher", OUTCOME)
    del records[i]


def alter_state(world):
    records, i = first(world, "account", STATE)
    records[i] = dataclasses.replace(records[i], value=b"\x12\x01x")


def alter_repetition(world):
    records, i = first(world, "account", EVENT)
    records.append(dataclasses.replace(records[i], value=b"other"))


def invent_event(world):
    records, i = first(world, "teacher", EVENT)
    headers = {**records[-1].headers, "ce_sequence": b"999999"}
    records.append(dataclasses.replace(records[-1], headers=headers))


def swap_events(world):
    for records in world.topics.of("account", EVENT).values():
        if len(records) > 1:
            records[0], records[1] = records[1], records[0]
            return
    raise AssertionError("no lane with two events")


def alter_outcome(world):
    records, i = first(world, "account", OUTCOME)
    records[i] = dataclasses.replace(records[i], value=b"\x0a\x01x")


def unanswered_command(world):
    records, i = first(world, "account", COMMAND)
    headers = {**records[i].headers, "ce_id": b"nobody"}
    records.append(dataclasses.replace(records[i], headers=headers,
                                       offset=1 << 40))


def skip_version_on_topic(world):
    records, i = first(world, "account", STATE, ce_entityversion="2")
    headers = {**records[i].headers, "ce_entityversion": b"4"}
    records[i] = dataclasses.replace(records[i], headers=headers)


LED = """(SELECT code FROM account.organization WHERE active_chiefs = 1
          ORDER BY code LIMIT 1)"""
SOMEBODY = """(SELECT account_id FROM account.business_account
               WHERE status = 3 ORDER BY account_id LIMIT 1)"""
OTHER = """(SELECT account_id FROM account.business_account
            WHERE status = 3 ORDER BY account_id DESC LIMIT 1)"""
POST = "(SELECT post_id FROM teacher.post WHERE state = 1 LIMIT 1)"
LANE = "(SELECT min(lane) FROM account.lane WHERE seq > 2)"

# name → (invariant, SQL, change of the copy, words of the violation)
PLANTS = {
    "answer_lost": ("I1", "DELETE FROM account.inbox", None, "is unknown"),
    "promise_broken": ("I1", "DELETE FROM account.journal WHERE kind = 3",
                       None, "promised"),
    "event_lost": ("I2", "", drop_event, "is not on the topic"),
    "outcome_lost": ("I2", "", drop_outcome, "never published"),
    "state_altered": ("I2", "", alter_state, "is not what the journal has"),
    "repeated_otherwise": ("I2", "", alter_repetition, "with other bytes"),
    "event_invented": ("I2", "", invent_event, "not in the journal"),
    "events_swapped": ("I2", "", swap_events, "comes late"),
    "outcome_altered": ("I2", "", alter_outcome, "is not the inbox's"),
    "command_unanswered": ("I2", "", unanswered_command, "came to no end"),
    "chiefs_miscounted": ("I3", "UPDATE account.organization SET active_chiefs"
                          f" = active_chiefs + 1 WHERE code = {LED}", None,
                          "active_chiefs"),
    "last_chief_gone": (
        "I3", f"""UPDATE account.business_account SET status = 4, cause = 1
            WHERE organization = {LED} AND role = 1;
        UPDATE account.organization SET active_chiefs = 0 WHERE code = {LED}""",
        None, "lost its last CHIEF"),
    "wider_than_role": (
        "I3", """UPDATE account.business_account SET permissions = 63
            WHERE status = 3 AND organization IN (
                SELECT code FROM account.organization WHERE kind < 10)""",
        None, "permissions 63"),
    "two_accounts": (
        "I4", f"""UPDATE account.business_account SET person_id =
            (SELECT person_id FROM account.business_account
             WHERE account_id = {SOMEBODY}) WHERE account_id = {OTHER}""",
        None, "holds 2 live rows"),
    "person_unheld": ("I4", "UPDATE account.holder_claim SET account_id = NULL,"
                      f" organization = NULL WHERE account_id = {SOMEBODY}",
                      None, "is held by None"),
    "holder_over": (
        "I4", f"""UPDATE account.business_account SET status = 6, role = 0,
            closed_cause = 1, login = NULL, name = NULL, phone = NULL,
            email = NULL WHERE account_id = {SOMEBODY}""",
        None, "which is not live"),
    "login_unclaimed": ("I4", "DELETE FROM account.login_claim WHERE account_id"
                        f" = {SOMEBODY}", None, "is not claimed"),
    "deleted_with_course": (
        "I5", f"""INSERT INTO account.course_guard VALUES
            ('course-1', {SOMEBODY}, 'x', 'x', 3, 1);
        UPDATE account.business_account SET status = 5, deleted_at = now(),
            login = NULL, name = NULL, phone = NULL, email = NULL
        WHERE account_id = {SOMEBODY}""", None, "with course course-1 open"),
    "post_lost": ("I6", f"DELETE FROM teacher.post WHERE post_id = {POST}",
                  None, "posts are"),
    "two_posts": (
        "I6", f"""DROP INDEX teacher.post_one_primary;
        INSERT INTO teacher.post SELECT gen_random_uuid(), person_id, 'else',
            kind, state, title, stage, unit_note, subjects, since, until,
            source, reason, closed_by, closed_version
        FROM teacher.post WHERE post_id = {POST}""", None,
        "several primary posts"),
    "teacher_lost": ("I6", f"""ALTER TABLE teacher.post DROP CONSTRAINT
            post_person_id_fkey;
        ALTER TABLE teacher.move DROP CONSTRAINT move_person_id_fkey;
        DELETE FROM teacher.teacher WHERE person_id =
            (SELECT person_id FROM teacher.post WHERE post_id = {POST})""",
                     None, "is lost"),
    "copy_behind": ("I7", "UPDATE teacher.organization_copy SET version = "
                    "version - 1", None, "the owner has"),
    "copy_missing": ("I7", "DELETE FROM teacher.officer_copy", None, "missing"),
    "affiliation_wrong": ("I7", "UPDATE account.affiliation SET organizations "
                          "= 'nowhere'", None, "teacher says"),
    "row_unjournaled": ("I8", "UPDATE account.organization SET name = 'x'",
                        None, "the owner says"),
    "post_unjournaled": ("I8", "UPDATE teacher.post SET organization = 'x' "
                         f"WHERE post_id = {POST}", None, "replay has"),
    "newest_state_lost": ("I8", "", lambda world: world.topics.records.update(
        {"inservice.account.state.v1": {}}), "topic has version 0"),
    "journal_gap": ("I9", "DELETE FROM account.journal WHERE (lane, seq) = "
                    f"({LANE}, 2)", None, "3 after 1"),
    "sequence_ahead": ("I9", "UPDATE account.lane SET seq = seq + 1 WHERE lane "
                       f"= {LANE}", None, "journal ends at"),
    "version_gap": ("I9", "UPDATE account.journal SET version = 7 "
                    "WHERE kind = 3 AND version = 2", None, "version 7 after"),
    "version_gap_on_topic": ("I9", "", skip_version_on_topic,
                             "version 4 after"),
    "actor_forged": ("I11", "UPDATE account.journal SET actor = "
                     "gen_random_uuid() WHERE kind = 1 AND (lane, seq) IN ("
                     "SELECT lane, min(seq) FROM account.journal WHERE kind = 1"
                     " GROUP BY lane)", None, "the chain breaks"),
    "personal_forged": ("I11", "UPDATE account.journal_personal SET value = "
                        "'x'", None, "personal bytes were altered"),
    "audit_row_lost": ("I11", "DELETE FROM account.journal WHERE kind = 1",
                       None, "has 0 audit rows"),
    "chain_end_forged": ("I11", "UPDATE account.lane SET chain = sha256('x') "
                         f"WHERE lane = {LANE}", None, "end is another"),
    "message_parked": (
        "I12", """INSERT INTO account.parked (lane, topic, position, key, type,
            id, source, sequence, incarnation, entity_version, at, reason)
        VALUES (1, 't', 1, 'k', 't', 'i', 's', -1, -1, 0, now(), 'planted')""",
        None, "is parked (planted)"),
    "timer_overdue": (
        "I12", """INSERT INTO account.timer VALUES (1, 'planted',
            now() - interval '1 hour', 1, 't', 'k', 'v', gen_random_uuid())""",
        None, "timer planted is overdue"),
    "unpublished": ("I12", "UPDATE account.lane SET published_seq = seq - 1 "
                    f"WHERE lane = {LANE}", None, "published"),
    "unheard": ("I12", "UPDATE teacher.lane_input SET next_offset = 0",
                None, "has not heard"),
}
# The same for the gateway: name → (invariant, SQL, words of the violation)
GATEWAY_PLANTS = {
    "other_version_answered": (
        "I1", "UPDATE gateway.operation SET version = version + 1 "
        "WHERE state = 1", "ended otherwise"),
    "other_refusal_answered": (
        "I1", "UPDATE gateway.operation SET code = 'X' WHERE state = 2",
        "ended otherwise"),
    "undecided_answered": ("I1", "DELETE FROM teacher.inbox",
                           "does not know it"),
    "sent_otherwise": ("I2", "UPDATE gateway.operation SET command = 'x'",
                       "is not as the operation was written"),
    "sent_unwritten": ("I2", "DELETE FROM gateway.operation",
                       "belongs to no operation"),
    "command_shared": (
        "I2", "UPDATE gateway.operation SET command_id = (SELECT command_id "
        "FROM gateway.operation LIMIT 1)", "have one command id"),
    "import_row_doubled": (
        "I2", """INSERT INTO gateway.import_row (import_id, row, wave, state,
            lane_key, cells)
        SELECT import_id, row + 1000, wave, state, lane_key, cells
        FROM gateway.import_row WHERE state = 5""", "commands were decided"),
    "mail_forgotten": ("I2", "DELETE FROM gateway.mail", "no mail was written"),
    "mail_invented": ("I2", "UPDATE gateway.mail SET mail_key = mail_key || "
                      "'9' WHERE purpose = 1", "no fact asks for it"),
    "row_missing": ("I7", "DELETE FROM gateway.v_teacher",
                    "gateway.v_teacher: "),
    "row_behind": ("I7", "UPDATE gateway.v_organization SET version = "
                   "version - 1", "the owner has"),
    "row_invented": (
        "I7", "UPDATE gateway.v_teacher_account SET account_id = "
        "gen_random_uuid()", "gateway.v_teacher_account: "),
    "field_wrong": ("I7", "UPDATE gateway.v_business_account SET phone = 'x'",
                    "phone is 'x'"),
    "fold_wrong": ("I7", "UPDATE gateway.v_organization SET folded = 'x'",
                   "folded is 'x'"),
    "mask_off": ("I7", "UPDATE gateway.v_teacher SET masked_name = name",
                 "masked_name is"),
    "floor_lowered": ("I7", "UPDATE gateway.v_business_account SET "
                      "session_floor = 0", "session_floor is 0"),
    "floor_raised": ("I7", "UPDATE gateway.v_teacher_account SET "
                     "session_floor = 99", "session_floor is 99"),
    "post_missing": ("I7", "DELETE FROM gateway.v_post", "v_post: ("),
    "post_wrong": ("I7", "UPDATE gateway.v_post SET subjects = '{X}'",
                   "subjects is"),
    "post_of_an_older_state": ("I7", "UPDATE gateway.v_post SET version = 99",
                               "version is 99"),
    "login_forgotten": ("I7", "UPDATE gateway.v_post SET account_status = 4",
                        "account_status is 4"),
    "login_of_another": ("I7", "UPDATE gateway.v_post SET account_id = "
                         "gen_random_uuid()", "account_id is"),
    "item_wrong": ("I7", "UPDATE gateway.v_post SET item = masked_item",
                   "masked=False: {"),
    "item_unmasked": ("I7", "UPDATE gateway.v_post SET masked_item = item",
                      "masked=True: {"),
    "item_broken": ("I7", "UPDATE gateway.v_post SET item = ''",
                    "masked=False: no JSON"),
    "move_missing": ("I7", "DELETE FROM gateway.v_move", "v_move: ("),
    "move_wrong": ("I7", "UPDATE gateway.v_move SET undone_at = now()",
                   "undone_at is"),
    "document_wrong": (
        "I7", "UPDATE gateway.v_teacher SET record = "
        "replace(record, '\"posts\":[', '\"posts\":[1,')", "posts is [1"),
    "document_broken": (
        "I7", "UPDATE gateway.v_teacher SET masked_head = '{\"id\":1'",
        "masked: masked is None"),
    "document_cut": ("I7", "UPDATE gateway.v_teacher SET head = ''",
                     "document is no JSON"),
    "number_in_full": (
        "I7", "UPDATE gateway.v_teacher SET head = regexp_replace("
        "head, '\"number\":[^,]*', '\"number\":\"A123456789\"')",
        "document shows a number"),
    "number_for_strangers": (
        "I7", "UPDATE gateway.v_teacher SET masked_head = regexp_replace("
        "masked_head, '\"number\":[^,]*', '\"number\":\"A12345****\"')",
        "masked shows a number"),
    "event_forgotten": ("I7", "DELETE FROM gateway.account_history "
                        "WHERE event = 3 AND version > 1",
                        "is missing"),
    "event_of_another": ("I7", "UPDATE gateway.account_history SET actor = "
                         "gen_random_uuid()", "actor is"),
    "event_never_said": ("I7", "UPDATE gateway.account_history SET version = "
                         "99 WHERE event = 3", "unknown to the owner"),
    "codes_wrong": ("I7", "UPDATE gateway.v_code_table SET rows = '[]'",
                    "rows are not the owner's"),
    "course_missing": ("I7", "DELETE FROM gateway.v_course", "v_course: ("),
    "course_wrong": ("I7", "UPDATE gateway.v_course SET state = 3",
                     "state is 3"),
    "identity_unconfirmed": ("I7", "DROP INDEX gateway.identity_current;"
                             "UPDATE gateway.identity SET state = 1",
                             "only proposed"),
    "operation_unaudited": ("I11", "DELETE FROM teacher.journal",
                            "was audited 0 times"),
    "audited_as_another": (
        "I11", "UPDATE gateway.operation SET scope = gen_random_uuid()",
        "is audited as"),
    "operation_open": ("I12", "UPDATE gateway.operation SET state = 0",
                       "has no outcome"),
    "import_open": ("I12", "UPDATE gateway.import SET state = 3",
                    "is not carried out"),
    "mail_overdue": ("I12", "UPDATE gateway.mail SET state = 1, due_at = "
                     "now() - interval '1 hour'", "is overdue"),
    "views_behind": ("I12", "UPDATE gateway.lane_input SET next_offset = 0",
                     "gateway has not heard"),
    "view_parked": (
        "I12", """INSERT INTO gateway.parked (lane, topic, position, key, type,
            id, source, sequence, incarnation, entity_version, at, reason)
        VALUES (1, 't', 1, 'k', 't', 'i', 's', -1, -1, 0, now(), 'planted')""",
        "gateway lane 1: t k is parked"),
}
PLANTS |= {name: (invariant, sql, None, words)
           for name, (invariant, sql, words) in GATEWAY_PLANTS.items()}
CHECKS = {"I1": rules.i1, "I2": lanes.i2, "I9": lanes.i9, "I11": lanes.i11,
          "I12": lanes.i12, **checker.DOMAIN}


@pytest.fixture(scope="module")
def read_once(town, office, stack):
    """A world with something of everything, at rest."""
    for name in ("one_fact", "many_facts", "self_command", "refusal", "timer",
                 "teacher_one_fact", "teacher_many_facts"):
        town.finish(getattr(town, name)())
    for name in ("command_done", "command_refused", "import_row", "mail",
                 "teacher_account", "code_table", "course"):
        town.finish(getattr(office, name)())
    results = checker.check(stack.env, os.environ["DESCRIPTOR_SET"], 20)
    assert not any(v for v, _ in results.values()), results
    world = World(stack.env, os.environ["DESCRIPTOR_SET"])
    world.topics.read_all()
    return world


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_violation_is_found(name, read_once, ears, stack):
    invariant, sql, change, words = PLANTS[name]
    world = copy.copy(read_once)
    world.topics = copy.copy(read_once.topics)
    world.topics.records = {
        topic: {p: list(r) for p, r in parts.items()}
        for topic, parts in read_once.topics.records.items()}
    world.journal, world.inbox, world.commands = {}, {}, {}
    world.operations = []
    world.line.autocommit = False
    try:
        if sql:
            world.line.execute(sql)
        world.read_tables()
        if change is not None:
            change(world)
        more = (ears.acknowledged(),) if invariant == "I1" else ()
        violations, _ = checker.drain(CHECKS[invariant](world, *more))
    finally:
        world.line.rollback()
        world.line.autocommit = True
    assert any(words in text for text in violations), violations[:5]


def test_nothing_is_left_of_it(judge):
    judge()


def test_it_ends_with_1_and_says_where(read_once, stack, capsys, monkeypatch):
    """As a program: one line for each invariant, exit code 1 on a
    violation."""
    env = stack.folder / "env"
    monkeypatch.setattr("sys.argv", ["check.py", "--env", str(env),
                                     "--settle", "0"])
    assert checker.main() == 0
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()[
        :len(checker.TITLES)]] == ["ok"] * len(checker.TITLES)
    read_once.line.execute("UPDATE teacher.organization_copy SET kind = 3")
    try:
        assert checker.main() == 1
        assert "I7   FAIL" in capsys.readouterr().out
    finally:
        read_once.line.execute(
            "UPDATE teacher.organization_copy c SET kind = o.kind "
            "FROM account.organization o WHERE o.code = c.code")
