"""I7: the gateway's read model holds what the owners have published.

Every v_* table is computed again from the journals' states (courses from the
course system's topic) and compared column by column, with the derived columns:
folded and masked names, floors of sessions, documents. v_task, v_application
and v_title_set are views in SQL over these tables and have no data of their
own.
"""
import json
import re
import unicodedata
from collections import defaultdict
from datetime import datetime, timezone

from .reading import EVENT, STATE
from .rules import compare_copy, copies, newest_states, plain, same

NOT_APPLIED, ACTIVE, DISABLED, PROPOSED = 1, 3, 4, 1
ACCOUNT = "inservice.account.v1.BusinessAccountState"
TEACHER = "inservice.teacher.v1.TeacherState"
LOGIN = "inservice.account.v1.TeacherAccountState"
CODES = "inservice.teacher.v1.CodeTableState"
# Events of a business account, as the table of its history numbers them.
EVENTS = {"BusinessAccountApplied": 1, "ApplicationClosed": 2,
          "BusinessAccountEnabled": 3, "BusinessAccountChanged": 4,
          "BusinessAccountDisabled": 5, "DeletionRequested": 6,
          "DeletionWithdrawn": 7, "BusinessAccountDeleted": 8}
TEACHERS_KIND = 2
CHANGED = "inservice.course.v1.CourseStateChanged"
COURSES = "inservice.course.event.v1"
# Table → (state message, key); its columns are compared with the fields of the
# same name, the others below.
PLAIN = {
    "gateway.v_organization":
        ("inservice.account.v1.OrganizationState", "code"),
    "gateway.v_business_account": (ACCOUNT, "account_id"),
    "gateway.v_teacher_account": (LOGIN, "account_id"),
    "gateway.v_teacher": (TEACHER, "person_id"),
}
WORDS = {
    "sex": ("", "MALE", "FEMALE"),
    "number": ("", "NATIONAL", "UI_NEW", "UI_OLD"),
    "post": ("", "PRIMARY", "SECONDARY"),
    "reason": ("", "RESIGNED", "MOVED", "RETIRED"),
    "cause": ("", "REGISTERED", "CLAIM", "MERGER", "LEFT"),
}


# --- what is derived ----------------------------------------------------------
SIGNS = {**dict.fromkeys("`´ʹʻʼʽˈ‘’‚‛′＇", "'"),
         **dict.fromkeys("‐‑‒–—―−－", "-"),
         **dict.fromkeys("·•․‧∙⋅・･", "·"), "臺": "台", "○": "〇", "◯": "〇"}
WITHOUT_BLANKS = ("\u1100", "\u11ff"), ("\u2e80", "\u9fff"), \
    ("\ua960", "\ua97f"), ("\uac00", "\ufaff"), \
    ("\U00020000", "\U0003fffd"), ("\U000f0000", "\U0010fffd")


def is_cjk(sign):
    return any(first <= sign <= last for first, last in WITHOUT_BLANKS)


def folded(name):
    """The form that the search uses (O1, T9)."""
    text = "".join(SIGNS.get(c, c) for c in unicodedata.normalize("NFD", name)
                   if unicodedata.category(c) != "Cf")
    text = unicodedata.normalize("NFKC", unicodedata.normalize(
        "NFKC", text).casefold())
    out = ""
    for word in "".join(SIGNS.get(c, c) for c in text).split():
        gap = out and not is_cjk(out[-1]) and not is_cjk(word[0])
        out += (" " if gap else "") + word
    return re.sub(r"(?<=[\u3400-\u9fff])\.(?=[\u3400-\u9fff])", "·", out)


def masked_name(name):
    """謝O威, 王O; of other scripts the first letter."""
    name = "".join(name.split())
    if not name:
        return ""
    if not all("\u3400" <= c <= "\u9fff" for c in (name[0], name[-1])):
        return (name[0] if len(name) > 1 else "") + "***"
    if len(name) < 3:
        return "O" if len(name) == 1 else name[0] + "O"
    return name[0] + "O" * (len(name) - 2) + name[-1]


def masked_email(email):
    local, at, domain = email.rpartition("@")
    if not email:
        return ""
    shown = local[0] if len(local) > 1 else ""
    return shown + "***@" + domain if at and local else "***"


def word(kind, number):
    return (WORDS[kind][number] or None) if number < len(WORDS[kind]) else None


def clock(at):
    if not at:
        return None
    return datetime.fromtimestamp(at // 1_000_000, timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%S") + f".{at % 1_000_000:06d}Z"


# --- states in the order of their versions -----------------------------------------
def histories(world, kind):
    """{key: states, oldest first, each version once}."""
    said = defaultdict(dict)
    service = kind.split(".")[1]
    for row in world.journal.get(service, []):
        if row.kind == STATE and row.type == kind and row.value is not None:
            said[row.key].setdefault(row.version, row.value)
    return {key: [world.contracts.decode(kind, versions[v])
                  for v in sorted(versions)]
            for key, versions in said.items()}


def session_floor(states):
    """Sessions from before this version are dead: with it the account last
    lost its right or was last enabled (T16)."""
    floor = enabled_at = 0
    for state in states:
        if state.status != ACTIVE:
            floor = state.fact.version + 1
        elif state.enabled_at != enabled_at:
            floor = state.fact.version
        enabled_at = state.enabled_at
    return floor


def moves_said(states):
    """{move id: Move}. A done or undone move stays, a plan may disappear."""
    moves = {}
    for state in states:
        now = {move.move_id: move for move in state.moves}
        moves = {i: m for i, m in moves.items()
                 if i in now or m.done_at or m.undone_at}
        moves.update(now)
    return moves


# --- comparing ------------------------------------------------------------------------
def differences(what, row, expected):
    for column, value in expected.items():
        if not same(value, row[column]):
            yield f"{what}: {column} is {plain(row[column])!r}, " \
                  f"the owner's state gives {value!r}"


def compare_rows(world, table, key, expected):
    """`expected`: {key: {column: value}}, of every row that must exist."""
    rows = {tuple(map(plain, (r[k] for k in key))): r
            for r in world.dicts(f"SELECT * FROM {table}")}
    for there in set(rows) ^ set(expected):
        yield f"{table}: {there} is " + \
              ("missing" if there in expected else "unknown to the owner")
    for there in set(rows) & set(expected):
        yield from differences(f"{table} {there}", rows[there],
                               expected[there])
    return len(rows)


def compare_derived(world, table, key, make, histories_):
    """Compares columns that no state contains; make(states) computes them."""
    for row in world.dicts(f"SELECT * FROM {table}"):
        states = histories_.get(plain(row[key]))
        if states is not None:  # otherwise reported above: no owner knows it
            yield from differences(f"{table} {plain(row[key])}", row,
                                   make(states))


def officer_extra(states):
    return {"folded": folded(states[-1].name),
            "session_floor": session_floor(states)}


def compare_accounts(world):
    kind = "inservice.account.v1."
    yield from compare_derived(
        world, "gateway.v_organization", "code",
        lambda states: {"folded": folded(states[-1].name)},
        histories(world, kind + "OrganizationState"))
    yield from compare_derived(
        world, "gateway.v_business_account", "account_id", officer_extra,
        histories(world, ACCOUNT))
    yield from compare_derived(
        world, "gateway.v_teacher_account", "account_id",
        lambda states: {"session_floor": session_floor(states)},
        histories(world, kind + "TeacherAccountState"))


# --- teachers -----------------------------------------------------------------------------
def logins(states):
    """{person: login}, of those that are ACTIVE or DISABLED."""
    return {login.person_id: login for login in states.get(LOGIN, {}).values()
            if login.status in (ACTIVE, DISABLED)}


def post_row(state, post, login):
    return {"kind": post.kind, "title": post.title, "stage": post.stage,
            "unit_note": post.unit_note, "subjects": list(post.subjects),
            "since": post.since, "source": post.source,
            "name": state.name, "folded": folded(state.name),
            "version": state.fact.version,
            "account_status": login.status if login else NOT_APPLIED,
            "account_id": login.account_id if login else ""}


def post_rows(said, states):
    login = logins(states)
    return {(person, post.organization):
            post_row(history[-1], post, login.get(person))
            for person, history in said.items()
            for post in history[-1].posts if not post.until}


def post_item(state, post, masked):
    """A row of the list of teachers, as it is sent; the unit's name, the
    version and the login come after it. The note is the unit's own (T7)."""
    name = masked_name(state.name) if masked else state.name
    return {"id": state.person_id, "name": name or None, "masked": masked,
            "organization": post.organization, "post": word("post", post.kind),
            "title": post.title or None, "stage": post.stage or None,
            "unitNote": None if masked else post.unit_note or None,
            "subjects": list(post.subjects)}


def compare_items(world, said):
    posts = {(person, post.organization): (states[-1], post)
             for person, states in said.items()
             for post in states[-1].posts if not post.until}
    for person, unit, *items in world.rows(
            "SELECT person_id::text, organization, item, masked_item "
            "FROM gateway.v_post"):
        for text, masked in zip(items, (False, True)):
            what = f"gateway.v_post {person} {unit}: masked={masked}: "
            try:
                item = json.loads(text + "}")
            except ValueError:
                yield what + "no JSON"
                continue
            if (person, unit) in posts and \
                    item != post_item(*posts[person, unit], masked):
                yield what + f"{item} is not the owner's"


def move_rows(said):
    return {(move.move_id,): {
        "person_id": person, "from_organization": move.from_organization,
        "to_organization": move.to_organization, "cause": move.cause,
        "post": move.post, "reason": move.reason,
        "effective_on": move.effective_on, "ordered_at": move.ordered_at,
        "done_at": move.done_at, "undone_at": move.undone_at}
        for person, states in said.items()
        for move in moves_said(states).values()}


def post_document(post):
    return {"organization": post.organization, "kind": word("post", post.kind),
            "title": post.title or None, "stage": post.stage or None,
            "unitNote": post.unit_note or None,
            "subjects": list(post.subjects), "since": post.since or None,
            "until": post.until or None, "source": word("cause", post.source),
            "reason": word("reason", post.reason)}


def move_document(move):
    return {"id": move.move_id, "from": move.from_organization or None,
            "to": move.to_organization or None,
            "cause": word("cause", move.cause), "post": word("post", move.post),
            "reason": word("reason", move.reason),
            "effectiveOn": move.effective_on or None,
            "orderedAt": clock(move.ordered_at),
            "doneAt": clock(move.done_at), "undoneAt": clock(move.undone_at),
            "plannedPost": post_document(move.planned_post)
                           if move.HasField("planned_post") else None}


def teacher_document(state, masked):
    """The document as it is sent, without the number, which only the gateway's
    key opens."""
    name = masked_name(state.name) if masked else state.name
    email = masked_email(state.email) if masked else state.email
    conflict = None
    if state.HasField("conflict"):
        conflict = {"issuer": state.conflict.issuer,
                    "entered": state.conflict.entered_organization or None,
                    "claimed": state.conflict.claimed_organization or None,
                    "at": clock(state.conflict.at)}
    return {"id": state.person_id, "version": state.fact.version,
            "name": name or None, "masked": masked,
            "sex": word("sex", state.sex), "email": email or None,
            "numberKind": word("number", state.number_kind),
            "posts": [post_document(post) for post in state.posts],
            "moves": [move_document(move) for move in state.moves],
            "confirmedSemester": state.confirmed_semester or None,
            "mergedInto": state.merged_into or None, "conflict": conflict}


def number_is_hidden(number, masked):
    """T7: the last four digits are hidden; masked documents have no number at
    all."""
    return number is None or (not masked and number.endswith("****"))


def compare_document(what, text, state, masked):
    try:
        document = json.loads(text + "}")
        number = document.pop("number", None)
    except ValueError:
        yield f"{what} is no JSON"
        return
    if not number_is_hidden(number, masked):
        yield f"{what} shows a number"
    expected = teacher_document(state, masked)
    for field in set(document) | set(expected):
        if document.get(field) != expected.get(field):
            yield f"{what}: {field} is {document.get(field)!r}, " \
                  f"the owner's state gives {expected.get(field)!r}"


def compare_teachers(world, states):
    said = histories(world, TEACHER)
    yield from compare_derived(
        world, "gateway.v_teacher", "person_id",
        lambda states: {"folded": folded(states[-1].name),
                        "masked_name": masked_name(states[-1].name)}, said)
    for person, document, masked in world.rows(
            "SELECT person_id::text, head || ',' || record, "
            "masked_head || ',' || record FROM gateway.v_teacher"):
        if person in said:
            state, what = said[person][-1], f"gateway.v_teacher {person}: "
            yield from compare_document(what + "document", document, state,
                                        False)
            yield from compare_document(what + "masked", masked, state, True)
    count = yield from compare_rows(world, "gateway.v_post", (
        "person_id", "organization"), post_rows(said, states))
    yield from compare_items(world, said)
    count += yield from compare_rows(world, "gateway.v_move", ("move_id",),
                                     move_rows(said))
    return count


# --- codes and courses ------------------------------------------------------------------
def code_rows(state):
    return [{"code": row.code, "label": row.label or None,
             "labelEn": row.label_en or None, "group": row.group or None,
             "validFrom": row.valid_from or None,
             "validUntil": row.valid_until or None, "position": row.position,
             "members": list(row.members)} for row in state.rows]


def compare_codes(world, states):
    tables = states.get(CODES, {})
    count = yield from compare_rows(
        world, "gateway.v_code_table", ("name",),
        {(name,): {"version": state.fact.version}
         for name, state in tables.items()})
    for name, rows in world.rows("SELECT name, rows FROM gateway.v_code_table"):
        if name in tables and json.loads(rows) != code_rows(tables[name]):
            yield f"gateway.v_code_table {name}: rows are not the owner's"
    return count


def courses_said(world):
    """{course id: the change of the highest version, the first of equals}."""
    said = {}
    for records in world.topics.records.get(COURSES, {}).values():
        for record in records:
            course = world.contracts.decode(record.text("ce_type"),
                                            record.value)
            if course is None or record.text("ce_type") != CHANGED:
                continue
            known = said.get(course.course_id)
            if known is None or course.course_version > known.course_version:
                said[course.course_id] = course
    return said


def compare_courses(world):
    return (yield from compare_rows(
        world, "gateway.v_course", ("course_id",),
        {(course.course_id,): {
            "version": course.course_version,
            "account_id": course.owner_account_id,
            "organization": course.organization, "title": course.title,
            "state": course.state} for course in courses_said(world).values()}))


def account_events(world):
    """{(account, incarnation, version, event): columns} of every event of a
    business account (B17)."""
    expected = {}
    for row in world.journal["account"]:
        event = EVENTS.get(row.type.rsplit(".", 1)[-1])
        if row.kind != EVENT or event is None:
            continue
        said = world.contracts.decode(row.type, row.value)
        if getattr(said, "account_kind", 0) == TEACHERS_KIND:
            continue
        expected[said.account_id, row.incarnation, said.fact.version, event] = {
            "at": said.fact.at, "actor": said.fact.actor_account_id,
            "role": getattr(said, "role", 0), "cause": getattr(said, "cause", 0),
            "permissions": getattr(said, "permissions", 0)}
    return expected


def compare_history(world):
    """Of an account whose first event is there, all are: an installation may
    be older than the table."""
    rows = {tuple(map(plain, (r["account_id"], r["incarnation"], r["version"],
                              r["event"]))): r
            for r in world.dicts("SELECT * FROM gateway.account_history")}
    expected = account_events(world)
    whole = {key[0] for key in rows if key[2] == 1}
    again = {(a, version, event): incarnation  # the highest comes last
             for a, incarnation, version, event in sorted(expected)}
    for there in set(rows) - set(expected):
        account, incarnation, version, event = there
        # After a restored backup the owner has decided the same again.
        if again.get((account, version, event), 0) <= incarnation:
            yield f"account_history: {there} is unknown to the owner"
    for there in {key for key in expected if key[0] in whole} - set(rows):
        yield f"account_history: {there} is missing"
    for there in set(rows) & set(expected):
        yield from differences(f"account_history {there}", rows[there],
                               expected[there])
    return len(rows)


def compare_views(world):
    states, count = newest_states(world), 0
    for table, (kind, key) in PLAIN.items():
        count += yield from compare_copy(world, states, table, kind, key)
    yield from compare_accounts(world)
    count += yield from compare_teachers(world, states)
    count += yield from compare_codes(world, states)
    count += yield from compare_courses(world)
    yield from compare_identities(world, states)
    count += yield from compare_history(world)
    return count


def compare_identities(world, states):
    """B19: for a person on record the number is confirmed, not only
    proposed."""
    known = set(states.get(TEACHER, {})) | {
        state.person_id for state in states.get(ACCOUNT, {}).values()
        if state.status == ACTIVE}
    for person, in world.rows(
            "SELECT person_id::text FROM gateway.identity GROUP BY 1 "
            "HAVING min(state) = %s AND max(state) = %s", PROPOSED, PROPOSED):
        if person in known:
            yield f"gateway.identity {person}: on record, only proposed"


def i7(world):
    count = yield from copies(world)
    if "gateway" not in world.services():
        return f"{count} copies"
    shown = yield from compare_views(world)
    return f"{count} copies, {shown} rows of views"
