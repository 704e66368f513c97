"""Who may do what, written down a second time: from the contracts' two tables
of authority and their list of routes, not from lib/rules, which the programs
go by. Whoever changes a rule changes it in both, or test_authority.py tells
the cells that differ.
"""

K12, HIGHER, CENTRE, PLATFORM = "K12", "HIGHER", "CENTRE", "PLATFORM"
GROUPS = {"PRIMARY_SCHOOL": K12, "JUNIOR_HIGH": K12, "SENIOR_HIGH": K12,
          "SPECIAL_SCHOOL": K12, "KINDERGARTEN": K12, "UNIVERSITY": HIGHER,
          "LEGAL_PERSON": HIGHER, "SOCIAL_EDUCATION": HIGHER,
          "REGIONAL_CENTRE": CENTRE, "PLATFORM": PLATFORM}
ROLES = {K12: {"CHIEF", "CONTACT", "OPERATOR"}, HIGHER: {"OPERATOR"},
         CENTRE: {"CHIEF", "CONTACT", "OPERATOR"},
         PLATFORM: {"CHIEF", "CONTACT", "OPERATOR"}}

# Of the permissions, those that routes ask for: B4-B6, B10; SYS is of the
# platform's CHIEF alone.
PERMISSIONS = {"CHIEF": {"BAM", "TAM"}, "CONTACT": {"TAM"}, "OPERATOR": set()}

# The approvers, who all hold BAM: group and role of the account; by which way
# it is enabled, changed and deleted; by which it may also be disabled.
APPROVERS = {
    (K12, "CHIEF"): ("AREA", {"ALL"}),            # B8, B21, B23
    (K12, "CONTACT"): ("OWN", {"AREA", "ALL"}),   # B9, B23
    (K12, "OPERATOR"): ("OWN", {"AREA", "ALL"}),
    (HIGHER, "OPERATOR"): ("ALL", set()),         # B10
    (CENTRE, "CHIEF"): ("ALL", set()),
    (CENTRE, "CONTACT"): ("OWN", {"ALL"}),
    (CENTRE, "OPERATOR"): ("OWN", {"ALL"}),
    (PLATFORM, "CHIEF"): ("OWN", set()),
    (PLATFORM, "CONTACT"): ("OWN", set()),
    (PLATFORM, "OPERATOR"): ("OWN", set()),
}

ANY, ALL_WAYS = "any", {"OWN", "AREA", "ALL"}
SIGNED_IN, APPROVER, DISABLER, SOME_APPROVER = "in", "appr", "disabler", "some"

# Route: what it is about, and who may. A set of ways goes with a permission.
# Where a route serves a subject by the role concerned, that is said in stated().
ROUTES = {
    1: {"any": ANY}, 2: {"any": ANY}, 10: {"any": ANY}, 11: {"any": ANY},
    12: {"any": SIGNED_IN},
    13: {"any": ({"BAM", "TAM"}, ALL_WAYS)},
    14: {"business": SOME_APPROVER, "teachers": ({"TAM"}, ALL_WAYS)},
    15: {"business": APPROVER, "teachers": ({"TAM"}, {"OWN"})},
    16: {"business": APPROVER, "teachers": ({"TAM"}, {"OWN"})},
    90: {"business": APPROVER},
    17: {"any": ({"BAM"}, ALL_WAYS)},
    18: {"business": ({"BAM"}, ALL_WAYS)},
    20: {"business": APPROVER}, 21: {"business": DISABLER},
    22: {"business": APPROVER},
    23: {"business": ({"BAM"}, ALL_WAYS)},
    26: {"business": APPROVER},
    27: {"teachers": ({"TAM"}, {"OWN"})},
    28: {"teachers": ({"TAM"}, ALL_WAYS)},
    31: {"teachers": ({"TAM"}, {"OWN"})},
    32: {"any": ({"TAM"}, ALL_WAYS)}, 33: {"any": ({"TAM"}, ALL_WAYS)},
    34: {"teachers": ({"TAM"}, {"OWN"})},
    35: {"teachers": ({"TAM"}, ALL_WAYS)},
    36: {"teachers": ({"TAM"}, {"OWN"})},
    37: {"teachers": ({"TAM"}, {"OWN"})},  # a CHIEF: his centre, too (T15)
    38: {"any": ({"TAM"}, ALL_WAYS)},
    39: {"teachers": ({"TAM"}, ALL_WAYS)},
    47: {"any": SIGNED_IN}, 55: {"any": ANY}, 60: {"any": ANY},
    70: {"any": SIGNED_IN}, 71: {"any": SIGNED_IN},
    73: {"teachers": ({"TAM"}, {"OWN"}), "organizations": ({"SYS"}, {"OWN"})},
    75: {"teachers": ({"TAM"}, {"OWN"}), "organizations": ({"SYS"}, {"OWN"})},
    76: {"teachers": ({"TAM"}, {"OWN"}), "organizations": ({"SYS"}, {"OWN"})},
    77: {"teachers": ({"TAM"}, {"OWN"}), "organizations": ({"SYS"}, {"OWN"})},
    83: {"any": SIGNED_IN}, 84: {"any": ANY}, 85: {"any": ANY},
}
# One's own session, one's own operation: their tests are elsewhere.
OWN_THINGS = {58, 72}

# ★, and what is asked for besides. Tickets leave the account as it is, and a
# session has no version.
STEP_UP = {16, 20, 21, 22, 26, 31, 90}
VERSION = {15, 16, 20, 21, 22, 36, 37, 39, 77}
KEY = {12, 15, 16, 90, 20, 21, 26, 27, 31, 34, 37, 39, 73, 77}
VERSION_IF_KNOWN = {34}

# Targets that are not the caller's own: group of the unit, and by which way
# officers of the area's centre come to it (the platform comes to all).
TARGETS = {"area": (K12, "AREA"), "other": (K12, None),
           "higher": (HIGHER, None), "centre": (CENTRE, None)}


def permissions(kind, role):
    """What an officer may, cut to his kind of unit."""
    if role not in PERMISSIONS or GROUPS[kind] == HIGHER:
        return set()
    chief_of_platform = GROUPS[kind] == PLATFORM and role == "CHIEF"
    return PERMISSIONS[role] | ({"SYS"} if chief_of_platform else set())


def way(kind, caller, relation):
    """How he comes to the target; None: it does not exist for him."""
    if caller == "TEACHER":
        return None
    if relation == "own":
        return "OWN"
    if GROUPS[kind] == PLATFORM:
        return "ALL"
    return TARGETS[relation][1] if GROUPS[kind] == CENTRE else None


def target_group(kind, relation):
    if relation == "own":
        return GROUPS.get(kind, K12)
    return TARGETS[relation][0]


def approves(group, role, by, disabling=False):
    approve, disable = APPROVERS[group, role]
    return by == approve or (disabling and by in disable)


def by_rule(rule, route, group, role, by, held):
    """Whether he may, who comes to the target."""
    if rule == SOME_APPROVER:
        return "BAM" in held and any(
            approves(group, each, by) for each in ROLES[group])
    if rule in (APPROVER, DISABLER):
        return "BAM" in held and approves(group, role, by, rule == DISABLER)
    needed, ways = rule
    if route == 37 and role == "CHIEF":
        ways = ways | {"AREA"}
    return bool(needed & held) and by in ways


def is_stated(route, subject, role, group, relation):
    """Whether such a request can be made at all: who has no teachers is asked
    for none, and an account has one of its unit's roles."""
    rule = ROUTES.get(route, {}).get(subject)
    if rule is None:
        return False
    is_list = rule in (ANY, SIGNED_IN) or subject == "any"
    if is_list or relation == "none":
        return is_list and relation == "none" and role == "-"
    if subject == "teachers" and group != K12:
        return False
    if rule in (APPROVER, DISABLER) or (subject == "business" and route != 14):
        return role in ROLES[group]
    if route == 37:
        return role == "-" or role in ROLES[group]
    return role == "-"


def stated(route, kind, caller, relation, subject, role):
    """ALLOWED or the refusal's code; None: the contracts say nothing of it."""
    group = None if relation == "none" else target_group(kind, relation)
    if not is_stated(route, subject, role, group, relation):
        return None
    rule = ROUTES[route][subject]
    if rule == ANY:
        return "ALLOWED"
    if caller == "NOBODY":
        return "NOT_SIGNED_IN"
    if rule == SIGNED_IN:
        return "ALLOWED"
    held = set() if caller == "TEACHER" else permissions(kind, caller)
    if relation == "none":
        return "ALLOWED" if rule[0] & held else "NOT_PERMITTED"
    by = way(kind, caller, relation)
    if by is None:
        return "NOT_FOUND"
    may = by_rule(rule, route, group, role, by, held)
    return "ALLOWED" if may else "NOT_PERMITTED"
