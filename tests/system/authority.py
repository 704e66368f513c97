"""The authority rules, written down a second time. Their source here is the
two tables of authority in the contracts and the list of routes, not lib/rules,
which the programs use. A change of a rule must be made in both places.
Otherwise test_authority.py prints the cells that differ.
"""

K12, HIGHER, CENTRE, PLATFORM = "K12", "HIGHER", "CENTRE", "PLATFORM"
GROUPS = {"PRIMARY_SCHOOL": K12, "JUNIOR_HIGH": K12, "SENIOR_HIGH": K12,
          "SPECIAL_SCHOOL": K12, "KINDERGARTEN": K12, "UNIVERSITY": HIGHER,
          "LEGAL_PERSON": HIGHER, "SOCIAL_EDUCATION": HIGHER,
          "REGIONAL_CENTRE": CENTRE, "PLATFORM": PLATFORM}
ROLES = {K12: {"CHIEF", "CONTACT", "OPERATOR"}, HIGHER: {"OPERATOR"},
         CENTRE: {"CHIEF", "CONTACT", "OPERATOR"},
         PLATFORM: {"CHIEF", "CONTACT", "OPERATOR"}}

# The permissions that routes ask for: B4-B6, B10. SYS belongs only to the
# platform's CHIEF.
PERMISSIONS = {"CHIEF": {"BAM", "TAM"}, "CONTACT": {"TAM"}, "OPERATOR": set()}

# The approvers; all of them hold BAM. For each group and role of the account:
# the way by which it is enabled, changed and deleted, and the ways by which it
# may also be disabled.
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
NOBODY_ELSE = "self"  # than the holder

# Route: its subject, and the caller who may use it. A set of ways goes with a
# permission. stated() handles the routes where the rule depends on the
# subject's role.
ROUTES = {
    1: {"any": ANY}, 2: {"any": ANY},
    3: {"organizations": ({"SYS"}, {"OWN"})},
    # The account service lets BAM change contact data only.
    4: {"organizations": [({"SYS"}, ALL_WAYS), ({"BAM"}, {"OWN"})]},
    5: {"organizations": ({"SYS"}, ALL_WAYS)},
    8: {"organizations": ({"TAM"}, ALL_WAYS)},
    9: {"organizations": ({"TAM"}, {"OWN"})},
    10: {"any": ANY}, 11: {"any": ANY},
    7: {"business": APPROVER},
    12: {"any": SIGNED_IN},
    13: {"any": ({"BAM", "TAM"}, ALL_WAYS)},
    14: {"business": SOME_APPROVER, "teachers": ({"TAM"}, ALL_WAYS)},
    15: {"business": APPROVER, "teachers": ({"TAM"}, {"OWN"})},
    16: {"business": APPROVER, "teachers": ({"TAM"}, {"OWN"})},
    90: {"business": APPROVER},
    17: {"any": ({"BAM"}, ALL_WAYS)},
    18: {"business": ({"BAM"}, ALL_WAYS)},
    19: {"business": APPROVER},
    20: {"business": APPROVER}, 21: {"business": DISABLER},
    22: {"business": APPROVER},
    23: {"business": ({"BAM"}, ALL_WAYS)},
    24: {"business": NOBODY_ELSE}, 91: {"business": NOBODY_ELSE},
    25: {"business": ({"BAM"}, ALL_WAYS)},
    26: {"business": APPROVER},
    27: {"teachers": ({"TAM"}, {"OWN"})},
    28: {"teachers": ({"TAM"}, ALL_WAYS)},
    29: {"teachers": ({"TAM"}, {"OWN"})},
    30: {"teachers": ({"TAM"}, {"OWN", "ALL"})},
    31: {"teachers": ({"TAM"}, {"OWN"})},
    32: {"any": ({"TAM"}, ALL_WAYS)}, 33: {"any": ({"TAM"}, ALL_WAYS)},
    34: {"teachers": ({"TAM"}, {"OWN"})},
    35: {"teachers": ({"TAM"}, ALL_WAYS)},
    36: {"teachers": ({"TAM"}, {"OWN"})},
    37: {"teachers": ({"TAM"}, {"OWN"})},  # a CHIEF: the centre, too (T15)
    38: {"any": ({"TAM"}, ALL_WAYS)},
    39: {"teachers": ({"TAM"}, ALL_WAYS)}, 40: {"teachers": NOBODY_ELSE},
    47: {"any": SIGNED_IN}, 55: {"any": ANY}, 60: {"any": ANY},
    70: {"any": SIGNED_IN}, 71: {"any": SIGNED_IN},
    73: {"teachers": ({"TAM"}, {"OWN"}), "organizations": ({"SYS"}, {"OWN"})},
    75: {"teachers": ({"TAM"}, {"OWN"}), "organizations": ({"SYS"}, {"OWN"})},
    76: {"teachers": ({"TAM"}, {"OWN"}), "organizations": ({"SYS"}, {"OWN"})},
    77: {"teachers": ({"TAM"}, {"OWN"}), "organizations": ({"SYS"}, {"OWN"})},
    83: {"any": SIGNED_IN}, 84: {"any": ANY}, 85: {"any": ANY},
}
# The caller's own session and own operation are tested elsewhere.
OWN_THINGS = {58, 72}

# Routes with ★, and what else they ask for. Tickets leave the account as it
# is, and a session has no version.
STEP_UP = {5, 7, 16, 19, 20, 21, 22, 26, 31, 90}
VERSION = {4, 5, 40, 7, 29, 30, 15, 16, 19, 20, 21, 22, 24, 91, 36, 37, 39, 77}
KEY = {3, 5, 9, 40, 7, 29, 30, 12, 15, 16, 24, 90, 91, 20, 21, 26, 27, 31, 34, 37, 39, 73, 77}
VERSION_IF_KNOWN = {34}

# Targets that are not the caller's own: the group of the unit, and the way by
# which officers of the area's centre reach it. The platform reaches all.
TARGETS = {"area": (K12, "AREA"), "other": (K12, None),
           "higher": (HIGHER, None), "centre": (CENTRE, None)}


def permissions(kind, role):
    """The officer's permissions, limited by the kind of their unit."""
    if role not in PERMISSIONS or GROUPS[kind] == HIGHER:
        return set()
    chief_of_platform = GROUPS[kind] == PLATFORM and role == "CHIEF"
    return PERMISSIONS[role] | ({"SYS"} if chief_of_platform else set())


def way(kind, caller, relation):
    """The way by which the caller reaches the target; None: for this caller
    the target does not exist."""
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
    """Whether a caller who reaches the target may use the route."""
    if rule == SOME_APPROVER:
        return "BAM" in held and any(
            approves(group, each, by) for each in ROLES[group])
    if rule == NOBODY_ELSE:
        return False
    if rule in (APPROVER, DISABLER):
        return "BAM" in held and approves(group, role, by, rule == DISABLER)
    if isinstance(rule, list):
        return any(by_rule(each, route, group, role, by, held)
                   for each in rule)
    needed, ways = rule
    if route == 37 and role == "CHIEF":
        ways = ways | {"AREA"}
    return bool(needed & held) and by in ways


def is_stated(route, subject, role, group, relation):
    """Whether such a request can be made at all. A unit without teachers is
    not asked for teachers, and an account has one of its unit's roles."""
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
    """ALLOWED or the refusal's code; None: the contracts do not state it."""
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
