"""Invariants of the domain: I1, I3-I8; the read model's part of I7 is in views.py.

The numbers are those of the contracts (terms.proto): account status 2 PENDING,
3 ACTIVE, 4 DISABLED, 5 DELETED; role 1 CHIEF; permission 4 manages business
accounts; kinds 1-5 are K-12.
"""
from collections import defaultdict
from datetime import date, datetime, timezone
from uuid import UUID

from . import operations
from .reading import EVENT, STATE

ACTIVE, DISABLED, DELETED = 3, 4, 5
CHIEF, MANAGES_ACCOUNTS = 1, 4
CONTACT, OPERATOR, SYSTEM, COURSES_AND_CHARTS = 2, 3, 32, 1 | 2 | 16
OF_ROLE = {CHIEF: 63, CONTACT: COURSES_AND_CHARTS | 8,
           OPERATOR: COURSES_AND_CHARTS}
HIGHER, PLATFORM = (6, 7, 8), 10
OPEN_POST, PLANNED_POST, PRIMARY = 1, 2, 1
CLOSED_COURSE = (8, 9)
KEEPS_CHIEF = range(1, 5)  # schools; a kindergarten may lose its last one (B22)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND = (EPOCH.resolution)

# State message → (owner's table, key column); its fields are compared with
# the columns of the same name.
STATES = {
    "inservice.account.v1.OrganizationState": ("account.organization", "code"),
    "inservice.account.v1.BusinessAccountState":
        ("account.business_account", "account_id"),
    "inservice.account.v1.TeacherAccountState":
        ("account.teacher_account", "account_id"),
    "inservice.teacher.v1.TeacherState": ("teacher.teacher", "person_id"),
    "inservice.teacher.v1.CodeTableState": ("teacher.code_table", "table_name"),
}

def plain(value):
    """A column's value in the form of a message: NULL is "", 0 or false."""
    if isinstance(value, datetime):
        return (value - EPOCH) // MICROSECOND
    if isinstance(value, (UUID, date)):
        return str(value)
    if isinstance(value, memoryview):
        return bytes(value)
    return value


def same(field, column):
    column = plain(column)
    if column is None:
        return not field
    return field == column


# --- I1 --------------------------------------------------------------------------
def i1(world, acknowledged=()):
    """`acknowledged`: (service, command id) of outcomes that a client has
    received."""
    done = refused = 0
    for service in world.owners():
        states = {(r.lane, r.seq): r for r in world.journal[service]
                  if r.kind == STATE}
        newest = defaultdict(int)
        for row in states.values():
            newest[row.key] = max(newest[row.key], row.version)
        for command_id in world.inbox[service]:
            outcome = world.outcome(service, command_id)
            if outcome is None or outcome.command_id != command_id:
                yield f"{service}: outcome of {command_id} cannot be read"
                continue
            refused += outcome.WhichOneof("result") == "refused"
            if outcome.WhichOneof("result") != "done":
                continue
            done += 1
            yield from promised(service, outcome, states, newest)
    for service, command_id in acknowledged:
        if command_id not in world.inbox[service]:
            yield f"{service}: {command_id} was answered and is unknown"
    yield from operations.answers(world)
    return f"{done} done, {refused} refused, {len(acknowledged)} were heard"


def promised(service, outcome, states, newest):
    done = outcome.done
    if done.version > newest[done.subject] and done.subject:
        yield f"{service}: {outcome.command_id} promised version " \
              f"{done.version} of {done.subject}, newest {newest[done.subject]}"
    if done.state_seq == 0:
        return
    row = states.get((done.lane, done.state_seq))
    if row is None or row.key != done.subject or row.version != done.version:
        yield f"{service}: {outcome.command_id} promised state " \
              f"{done.lane}/{done.state_seq}, which is not there"


# --- I3 ----------------------------------------------------------------------------
def i3(world):
    if "account" not in world.owners():
        return "no account service"
    units = world.rows(
        "SELECT code, kind, status, active_chiefs FROM account.organization")
    chiefs = dict(world.rows(
        "SELECT organization, count(*) FROM account.business_account "
        "WHERE status = %s AND role = %s AND permissions & %s <> 0 GROUP BY 1",
        ACTIVE, CHIEF, MANAGES_ACCOUNTS))
    led = last_words_on_chiefs(world)
    for code, kind, status, active in units:
        if active != chiefs.get(code, 0):
            yield f"{code}: active_chiefs {active}, there are " \
                  f"{chiefs.get(code, 0)}"
        if kind in KEEPS_CHIEF and status == 1 and active == 0 and code in led and \
                not was_forced(world, led[code]):
            yield f"{code} lost its last CHIEF by {led[code]}"
    yield from wider_than_role(world)
    return f"{len(units)} units, {len(led)} had a CHIEF"


def wider_than_role(world):
    """B10, B24: every live account has a role of its unit's kind, and no
    permission beyond that role."""
    for account, kind, role, permissions in world.rows(
            "SELECT b.account_id::text, o.kind, b.role, b.permissions "
            "FROM account.business_account b "
            "JOIN account.organization o ON o.code = b.organization "
            "WHERE b.status = ANY(%s)", [ACTIVE, DISABLED]):
        within = OF_ROLE.get(role, 0)
        if kind != PLATFORM:
            within &= ~SYSTEM
        if kind in HIGHER:
            within = within & COURSES_AND_CHARTS if role == OPERATOR else -1
        if within < 0 or permissions & ~within:
            yield f"{account} of a unit of kind {kind}: role {role}, " \
                  f"permissions {permissions}"


def last_words_on_chiefs(world):
    """{unit that had a CHIEF: command that changed the number last}."""
    before, led = {}, {}
    for row in world.journal["account"]:
        if not row.type.endswith(".OrganizationState") or row.value is None:
            continue
        state = world.contracts.decode(row.type, row.value)
        if state.active_chiefs != before.get(row.key, 0):
            led[row.key] = row.command_id
        before[row.key] = state.active_chiefs
    return led


def was_forced(world, command_id):
    known = world.commands["account"].get(command_id)
    return known is not None and known[1].order.force and \
        known[1].order.reason != ""


# --- I4 ------------------------------------------------------------------------------
def i4(world):
    if "account" not in world.owners():
        return "no account service"
    for table in ("business_account", "teacher_account"):
        for person, count in world.rows(
                f"SELECT person_id::text, count(*) FROM account.{table} "
                "WHERE status IN (3, 4) GROUP BY 1 HAVING count(*) > 1"):
            yield f"{person} holds {count} live rows of {table}"
    live = world.rows(
        "SELECT b.account_id::text, b.person_id::text, h.account_id::text "
        "FROM account.business_account b LEFT JOIN account.holder_claim h "
        "USING (person_id) WHERE b.status IN (3, 4)")
    for account, person, claimed in live:
        if claimed != account:
            yield f"{account} is live, {person} is held by {claimed}"
    for account, in world.rows(
            "SELECT h.account_id::text FROM account.holder_claim h "
            "LEFT JOIN account.business_account b USING (account_id) "
            "WHERE h.account_id IS NOT NULL "
            "AND b.status IS DISTINCT FROM 3 AND b.status IS DISTINCT FROM 4"):
        yield f"holder_claim of {account}, which is not live"
    yield from logins(world)
    return f"{len(live)} live accounts"


def logins(world):
    """B14: a login name belongs to one account that is PENDING or alive."""
    holders = {}
    for table in ("business_account", "teacher_account"):
        holders.update(world.rows(
            f"SELECT account_id::text, login FROM account.{table} "
            "WHERE status IN (2, 3, 4) AND login IS NOT NULL AND login <> ''"))
    claims = dict(world.rows(
        "SELECT account_id::text, folded FROM account.login_claim "
        "WHERE account_id IS NOT NULL"))
    for account in set(holders) - set(claims):
        yield f"login {holders[account]} of {account} is not claimed"
    for account in set(claims) - set(holders):
        yield f"login {claims[account]} is claimed by {account}, which is over"


# --- I5 --------------------------------------------------------------------------------
def i5(world):
    if "account" not in world.owners():
        return "no account service"
    gone = world.rows("SELECT account_id::text FROM account.business_account "
                      "WHERE status = %s", DELETED)
    for account, course in world.rows(
            "SELECT b.account_id::text, g.course_id "
            "FROM account.business_account b JOIN account.course_guard g "
            "USING (account_id) WHERE b.status = %s AND g.state <> ALL(%s)",
            DELETED, list(CLOSED_COURSE)):
        yield f"{account} was deleted with course {course} open"
    return f"{len(gone)} deleted"


# --- I6 --------------------------------------------------------------------------------
def posts_said(world):
    """{person: (version, organizations) of the last event with posts}."""
    said = {}
    for row in world.journal["teacher"]:
        if row.kind != EVENT:
            continue
        event = world.contracts.decode(row.type, row.value)
        if event is not None and hasattr(event, "organizations") and \
                row.version >= said.get(row.key, (0,))[0]:
            said[row.key] = row.version, set(event.organizations)
    return said


def open_posts(world):
    posts = defaultdict(list)
    for person, organization, kind in world.rows(
            "SELECT person_id::text, organization, kind FROM teacher.post "
            "WHERE state = %s", OPEN_POST):
        posts[person].append((organization, kind))
    return posts


def i6(world):
    if "teacher" not in world.owners():
        return "no teacher service"
    persons = {p for p, in world.rows(
        "SELECT person_id::text FROM teacher.teacher")}
    posts, said = open_posts(world), posts_said(world)
    for person, places in posts.items():
        if person not in persons:
            yield f"{person} has posts and no record"
        if sum(kind == PRIMARY for _, kind in places) > 1:
            yield f"{person} has several primary posts: {places}"
        if len({code for code, _ in places}) < len(places):
            yield f"{person} stands twice at one school: {places}"
    for person, (version, codes) in said.items():
        if person not in persons and not is_gone(world, person):
            yield f"{person} was entered and is lost"
        if codes != {code for code, _ in posts.get(person, [])}:
            yield f"{person}: version {version} says {codes}, " \
                  f"posts are {posts.get(person)}"
    return f"{len(persons)} teachers, {sum(map(len, posts.values()))} posts"


def is_gone(world, person):
    return any(r.key == person and r.type.endswith((".TeacherErased",
                                                    ".TeacherMerged"))
               for r in world.journal["teacher"])


# --- I7 ----------------------------------------------------------------------------------
def newest_states(world):
    """{state type: {key: message}} from the owners' journals."""
    newest = defaultdict(dict)
    for service in world.owners():
        for row in world.journal[service]:
            if row.kind == STATE and row.value is not None:
                newest[row.type][row.key] = row
    return {kind: {key: world.contracts.decode(kind, row.value)
                   for key, row in rows.items()}
            for kind, rows in newest.items()}


def compare_fields(what, message, row, passed_over=()):
    """Compares fields of the message with columns of the same name."""
    names = {f.name for f in message.DESCRIPTOR.fields}
    for column in (set(row) & names) - set(passed_over):
        if not same(getattr(message, column), row[column]):
            yield f"{what}: {column} is {row[column]!r}, " \
                  f"the owner says {getattr(message, column)!r}"
    if "version" in row and row["version"] != message.fact.version:
        yield f"{what}: version {row['version']}, the owner has " \
              f"{message.fact.version}"


def compare_copy(world, states, table, kind, key, passed_over=(),
                 where="true"):
    rows = {plain(r[key]): r
            for r in world.dicts(f"SELECT * FROM {table} WHERE {where}")}
    states = states.get(kind, {})
    for there in set(states) ^ set(rows):
        yield f"{table}: {there} is " + \
              ("missing" if there in states else "unknown to the owner")
    for there in set(states) & set(rows):
        yield from compare_fields(f"{table} {there}", states[there],
                                  rows[there], passed_over)
    return len(rows)


def compare_affiliations(world):
    """The account service's copies of posts are those of teacher's last
    event."""
    known = {person: (set((codes or "").split()), version)
             for person, codes, version in world.rows(
                 "SELECT person_id::text, organizations, version "
                 "FROM account.affiliation")}
    posts = open_posts(world)
    for person, (version, _) in posts_said(world).items():
        codes = {code for code, _ in posts.get(person, [])}
        if known.get(person) != (codes, version):
            yield f"account.affiliation {person}: {known.get(person)}, " \
                  f"teacher says {codes} at version {version}"
    return len(known)


def copies(world):
    """Copies that the owners have of each other."""
    states, count = newest_states(world), 0
    if world.exists("teacher.officer_copy"):
        count += yield from compare_copy(
            world, states, "teacher.organization_copy",
            "inservice.account.v1.OrganizationState", "code")
        count += yield from compare_copy(
            world, states, "teacher.officer_copy",
            "inservice.account.v1.BusinessAccountState", "account_id",
            where="organization <> ''")
        count += yield from compare_copy(
            world, states, "teacher.officer_copy",
            "inservice.account.v1.TeacherAccountState", "account_id",
            passed_over={"organization"}, where="organization = ''")
    if world.exists("account.affiliation") and "teacher" in world.owners():
        count += yield from compare_affiliations(world)
    return count


# --- I8 ------------------------------------------------------------------------------------
def i8(world):
    states, count = newest_states(world), 0
    for kind, (table, key) in STATES.items():
        if world.exists(table):
            count += yield from compare_copy(world, states, table, kind, key)
    if world.exists("teacher.teacher"):
        yield from compare_children(world, states)
    yield from last_on_topic(world)
    return f"{count} rows replayed"


def compare_children(world, states):
    """Open posts, moves (the last state alone tells the latest 40), and rows
    of code tables."""
    posts, moves = open_posts(world), defaultdict(set)
    for person, move in world.rows("""
            SELECT person_id, move_id
              FROM (SELECT person_id::text, move_id::text, row_number() OVER (
                             PARTITION BY person_id
                             ORDER BY settled_version > 0, settled_version DESC,
                                      move_id) AS place
                      FROM teacher.move) m
             WHERE place <= 40"""):
        moves[person].add(move)
    for person, state in states.get("inservice.teacher.v1.TeacherState",
                                    {}).items():
        said = sorted((p.organization, p.kind) for p in state.posts
                      if not p.until)
        told = {m.move_id for m in state.moves}
        if said != sorted(posts.get(person, [])):
            yield f"{person}: replay has {said}, posts are {posts.get(person)}"
        if told != moves.get(person, set()):
            yield f"{person}: replay has {told}, moves are {moves[person]}"
    for table, state in states.get("inservice.teacher.v1.CodeTableState",
                                   {}).items():
        codes = {c for c, in world.rows(
            "SELECT code FROM teacher.code WHERE table_name = %s "
            "AND NOT removed", table)}
        if codes != {row.code for row in state.rows}:
            yield f"code table {table}: replay has other codes"


def last_on_topic(world):
    """A reader of the compacted topic that follows the versions ends at the
    truth."""
    for service in world.owners():
        newest = {}
        for row in world.journal[service]:
            if row.kind == STATE:
                newest[row.key] = row.version
        seen = defaultdict(int)
        for records in world.topics.of(service, STATE).values():
            for record in records:
                key = record.key.decode("utf-8", "replace")
                seen[key] = max(seen[key], record.number("ce_entityversion"))
        for key, version in newest.items():
            if seen[key] != version:
                yield f"{service} state {key}: topic has version " \
                      f"{seen[key]}, journal {version}"
