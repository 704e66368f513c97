/* matrix: every cell of the authority matrix as the rules have it, one line a
 * cell: route, method, path, who (kind and role), the target's relation,
 * subject and role, and the answer: ALLOWED or a refusal's code. The system
 * tests ask each cell over HTTP and compare. It decides nothing: it asks
 * authority_check(), so a wrong rule shows against the documents, not here.
 */
#include <stdio.h>
#include <string.h>

#include "attributes.h"

#include "rules/route.h"

/* Where the target's unit lies as the caller sees it. */
enum relation {
    OWN,  /* the caller's own unit */
    AREA, /* a unit that the same centre manages, or that the caller manages */
    OTHER,
    HIGHER, /* a university: only the platform manages it */
    OTHERS_CENTRE,
    NONE, /* no unit: a list that the view cuts */
    RELATIONS,
};

static const char *const relation_names[RELATIONS] = {
    "own", "area", "other", "higher", "centre", "none"};
static const char *const subject_names[] = {
    [SUBJECT_ANY] = "any",
    [SUBJECT_BUSINESS_ACCOUNTS] = "business",
    [SUBJECT_TEACHERS] = "teachers",
    [SUBJECT_ORGANIZATIONS] = "organizations",
};

/* The routes where the role is the one that is asked for. */
enum { CLOSE_APPLICATION = 15, ENABLE_APPLICATION = 16 };

#define CENTRE       "centre"
#define OTHER_CENTRE "other-centre"

/* Units of the matrix: one a kind, all of one area. */
static struct unit
unit_of(enum organization_kind kind)
{
    struct unit unit = {
        .code = word_name(&organization_kind_words, (int)kind),
        .kind = kind,
        .managing_centre = CENTRE,
        .parent_code = "",
        .state = ORGANIZATION_ACTIVE,
    };

    if (kind == KIND_REGIONAL_CENTRE)
        unit.code = CENTRE;
    if (organization_group_of(kind) != GROUP_K12)
        unit.managing_centre = "";
    return unit;
}

static struct unit
target_unit(enum relation relation, enum organization_kind own)
{
    static const struct unit units[] = {
        [AREA] = {"area-school", KIND_PRIMARY_SCHOOL, CENTRE, "",
                  ORGANIZATION_ACTIVE},
        [OTHER] = {"other-school", KIND_PRIMARY_SCHOOL, OTHER_CENTRE, "",
                   ORGANIZATION_ACTIVE},
        [HIGHER] = {"university", KIND_UNIVERSITY, "", "", ORGANIZATION_ACTIVE},
        [OTHERS_CENTRE] = {OTHER_CENTRE, KIND_REGIONAL_CENTRE, "", "",
                           ORGANIZATION_ACTIVE},
    };

    return relation == OWN || relation == NONE ? unit_of(own) : units[relation];
}

struct who {
    const char *kind, *role; /* as printed */
    enum organization_kind own;
    struct officer officer;
    struct caller caller;
};

static void
print_cell(const struct route *route, const struct who *who,
           enum relation relation, enum subject subject, enum role role)
{
    struct unit unit = target_unit(relation, who->own);
    bool asked = route->number == CLOSE_APPLICATION ||
                 route->number == ENABLE_APPLICATION;
    struct target target = {
        .subject = subject,
        .role = asked ? ROLE_UNSPECIFIED : role,
        .new_role = asked ? role : ROLE_UNSPECIFIED,
    };

    if (relation != NONE) {
        target.unit = &unit;
        target.account_id = "somebody";
        target.person_id = "somebody";
    }
    const char *refusal =
        authority_refusal(authority_check(route, &who->caller, &target));
    printf("%u\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", route->number, route->method,
           route->path, who->kind, who->role, relation_names[relation],
           subject_names[subject],
           role != ROLE_UNSPECIFIED ? word_name(&role_words, (int)role) : "-",
           refusal != NULL ? refusal : "ALLOWED");
}

static void
print_rows(const struct who *who)
{
    static const enum role roles[] = {ROLE_UNSPECIFIED, ROLE_CHIEF,
                                      ROLE_CONTACT, ROLE_OPERATOR};

    for (size_t i = 0; i < route_count(); i++) {
        const struct route *route = route_at(i);
        for (int subject = SUBJECT_ANY; subject <= SUBJECT_ORGANIZATIONS;
             subject++)
            for (size_t r = 0; r < COUNT_OF(roles); r++)
                for (int relation = OWN; relation < RELATIONS; relation++)
                    print_cell(route, who, (enum relation)relation,
                               (enum subject)subject, roles[r]);
    }
}

static void
print_officer(enum organization_kind kind, enum role role)
{
    struct unit unit = unit_of(kind);
    struct who who = {
        .kind = word_name(&organization_kind_words, (int)kind),
        .role = word_name(&role_words, (int)role),
        .own = kind,
        .officer =
            {
                .account_id = "caller",
                .person_id = "caller",
                .organization = unit.code,
                .kind = kind,
                .role = role,
                .permissions = permissions_default(role, kind),
            },
    };

    who.caller = (struct caller){.officer = &who.officer, .stepped_up = true};
    print_rows(&who);
}

int
main(void)
{
    const struct who nobody = {
        .kind = "-", .role = "NOBODY", .own = KIND_PRIMARY_SCHOOL};
    struct who teacher = {
        .kind = "-",
        .role = "TEACHER",
        .own = KIND_PRIMARY_SCHOOL,
        .officer = {.account_id = "caller", .person_id = "caller"},
    };

    teacher.caller =
        (struct caller){.officer = &teacher.officer, .stepped_up = true};
    print_rows(&nobody);
    print_rows(&teacher);
    for (size_t k = 0; k < organization_kind_words.count; k++)
        for (size_t r = 0; r < role_words.count; r++) {
            enum organization_kind kind =
                (enum organization_kind)organization_kind_words.rows[k].value;
            enum role role = (enum role)role_words.rows[r].value;
            if (role_allowed(role, kind))
                print_officer(kind, role);
        }
    return 0;
}
