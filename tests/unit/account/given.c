/* See given.h. */
#include "given.h"

#include "chassis/base/clock.h"

char *
given_account_id(struct fixture *fixture, unsigned n)
{
    return wire_member(fixture_id(fixture, n));
}

char *
given_person_id(struct fixture *fixture, unsigned n)
{
    return wire_member(fixture_id(fixture, 1000 + n));
}

char *
given_login(struct fixture *fixture, unsigned n)
{
    return arena_printf(fixture_arena(fixture), "login%u", n);
}

void
given_unit(struct fixture *fixture, const char *code,
           enum organization_kind kind, const char *centre, int chiefs)
{
    struct organization unit = {
        .code = code,
        .name = code,
        .kind = kind,
        .managing_centre = centre,
        .status = ORGANIZATION_ACTIVE,
        .active_chiefs = chiefs,
        .closed_at = DB_NO_TIME,
    };
    struct unit_row seen = {
        .code = code,
        .kind = kind,
        .status = ORGANIZATION_ACTIVE,
        .managing_centre = centre,
    };

    unit.row.version = 1;
    fixture_put(fixture, &organizations, &unit);
    fixture_put(fixture, &other_units, &seen);
}

void
given_branch(struct fixture *fixture, const char *code,
             enum organization_kind kind, const char *parent)
{
    struct unit_row seen = {
        .code = code,
        .kind = kind,
        .status = ORGANIZATION_ACTIVE,
        .managing_centre = CENTRE,
        .parent_code = parent,
    };

    fixture_put(fixture, &other_units, &seen);
}

static void
given_claims(struct fixture *fixture, const struct business_account *account)
{
    struct login_claim login = {.folded = account->login,
                                .account_id = account->account_id};
    struct holder_claim holder = {.person_id = account->person_id,
                                  .account_id = account->account_id,
                                  .organization = account->organization};

    if (account_holds_login((enum account_status)account->status))
        fixture_put(fixture, &login_claims, &login);
    if (account_holds_person((enum account_status)account->status))
        fixture_put(fixture, &holder_claims, &holder);
}

static void
given_load(struct fixture *fixture, const struct business_account *account)
{
    struct unit_load load = {.organization = account->organization,
                             .pending = 1};

    if (account->status == ACCOUNT_PENDING)
        fixture_put(fixture, &unit_loads, &load);
    if (account_leads(account))
        GIVEN_CHANGED(fixture, organization, &organizations,
                      account->organization, it->active_chiefs++);
}

void
given_account(struct fixture *fixture, unsigned n, const char *unit,
              enum role role, enum account_status status)
{
    bool pending = status == ACCOUNT_PENDING;
    const struct organization *organization = unit_now(fixture, unit);
    struct business_account account = {
        .account_id = given_account_id(fixture, n),
        .organization = unit,
        .person_id = given_person_id(fixture, n),
        .role = pending ? ROLE_UNSPECIFIED : role,
        .status = status,
        .cause = status == ACCOUNT_DISABLED ? DISABLED_MANAGER : 0,
        .login = given_login(fixture, n),
        .name = "王大明",
        .wanted_role = role,
        .applied_at = FIXTURE_START,
        .lapses_at = pending ? FIXTURE_START + DAYS(30) : DB_NO_TIME,
        .enabled_at = pending ? DB_NO_TIME : FIXTURE_START,
        .disabled_at = status == ACCOUNT_DISABLED ? FIXTURE_START : DB_NO_TIME,
        .disabled_version = status == ACCOUNT_DISABLED ? 1 : 0,
        .deletion_requested_at = DB_NO_TIME,
        .deleted_at = DB_NO_TIME,
    };

    if (!pending)
        account.permissions = (int32_t)permissions_default(
            role, (enum organization_kind)organization->kind);
    account.row.version = 1;
    fixture_put(fixture, &business_accounts, &account);
    given_claims(fixture, &account);
    given_load(fixture, &account);
}

void
given_teacher_account(struct fixture *fixture, unsigned n,
                      enum account_status status)
{
    struct teacher_account account = {
        .account_id = given_account_id(fixture, n),
        .person_id = given_person_id(fixture, n),
        .status = status,
        .cause = status == ACCOUNT_DISABLED ? DISABLED_MANAGER : 0,
        .closed_cause = status == ACCOUNT_CLOSED ? CLOSED_LAPSED : 0,
        .login = given_login(fixture, n),
        .organization = SCHOOL,
        .applied_at = FIXTURE_START,
        .lapses_at = FIXTURE_START + DAYS(30),
        .enabled_at = DB_NO_TIME,
        .disabled_at = DB_NO_TIME,
    };
    struct login_claim login = {.folded = account.login,
                                .account_id = account.account_id};

    account.row.version = 1;
    fixture_put(fixture, &teacher_accounts, &account);
    if (account_holds_login(status))
        fixture_put(fixture, &login_claims, &login);
}

void
given_posts(struct fixture *fixture, unsigned n, const char *codes,
            int64_t version)
{
    struct affiliation posts = {
        .person_id = given_person_id(fixture, n),
        .organizations = codes,
        .version = version,
    };

    fixture_put(fixture, &affiliations, &posts);
    fixture_put(fixture, &affiliations_elsewhere, &posts);
}

void
given_course(struct fixture *fixture, const char *course_id, unsigned n,
             int state)
{
    struct course_guard course = {
        .course_id = course_id,
        .account_id = given_account_id(fixture, n),
        .organization = SCHOOL,
        .title = "研習",
        .state = state,
        .course_version = 1,
    };

    fixture_put(fixture, &course_guards, &course);
}

void
given_settled(struct fixture *fixture, unsigned n, int64_t version)
{
    struct course_settled settled = {
        .account_id = given_account_id(fixture, n),
        .account_version = version,
    };

    fixture_put(fixture, &courses_settled, &settled);
}

int
given_nothing(void **state)
{
    *state = fixture_new(&account_core);
    return 0;
}

int
given_world(void **state)
{
    struct fixture *f = fixture_new(&account_core);

    given_unit(f, "PLT", KIND_PLATFORM, NULL, 0);
    given_unit(f, CENTRE, KIND_REGIONAL_CENTRE, NULL, 0);
    given_unit(f, "KHH", KIND_REGIONAL_CENTRE, NULL, 0);
    given_unit(f, SCHOOL, KIND_PRIMARY_SCHOOL, CENTRE, 0);
    given_unit(f, OTHER, KIND_JUNIOR_HIGH, "KHH", 0);
    given_unit(f, COLLEGE, KIND_UNIVERSITY, NULL, 0);
    given_account(f, PLATFORM_CHIEF, "PLT", ROLE_CHIEF, ACCOUNT_ACTIVE);
    given_account(f, CENTRE_CHIEF, CENTRE, ROLE_CHIEF, ACCOUNT_ACTIVE);
    given_account(f, CHIEF, SCHOOL, ROLE_CHIEF, ACCOUNT_ACTIVE);
    given_account(f, CONTACT, SCHOOL, ROLE_CONTACT, ACCOUNT_ACTIVE);
    given_account(f, FOREIGN_CHIEF, OTHER, ROLE_CHIEF, ACCOUNT_ACTIVE);
    *state = f;
    return 0;
}

int
forget_world(void **state)
{
    fixture_free(*state);
    return 0;
}

/* The officer as another lane sees them. */
static void
given_officer(struct fixture *fixture, const struct business_account *account,
              const struct organization *unit)
{
    struct officer_row seen = {
        .account_id = account->account_id,
        .organization = account->organization,
        .person_id = account->person_id,
        .role = account->role,
        .permissions = account->permissions,
        .status = account->status,
        .kind = unit->kind,
        .unit_status = unit->status,
        .version = account->row.version,
    };

    fixture_put(fixture, &officers, &seen);
}

Order *
order_by(struct fixture *fixture, unsigned n)
{
    Order *order = fixture_order(fixture);

    if (n == 0)
        return order;
    const struct business_account *account = account_now(fixture, n);
    const struct organization *unit = unit_now(fixture, account->organization);
    Inservice__Common__V1__Actor *actor =
        ARENA_NEW(fixture_arena(fixture), Inservice__Common__V1__Actor);
    inservice__common__v1__actor__init(actor);
    actor->account_id = wire_member(account->account_id);
    actor->account_version = account->row.version;
    actor->organization = wire_member(account->organization);
    actor->role = (unsigned)account->role;
    actor->permissions = (unsigned)account->permissions;
    actor->kind = (unsigned)unit->kind;
    actor->person_id = wire_member(account->person_id);
    order->actor = actor;
    given_officer(fixture, account, unit);
    return order;
}

Order *
order_unnamed(struct fixture *fixture)
{
    Order *order = fixture_order(fixture);

    order->actor =
        ARENA_NEW(fixture_arena(fixture), Inservice__Common__V1__Actor);
    inservice__common__v1__actor__init(order->actor);
    return order;
}

void
expect_version(Order *order, int64_t version)
{
    order->expected_version_presence_case =
        INSERVICE__COMMON__V1__ORDER__EXPECTED_VERSION_PRESENCE_EXPECTED_VERSION;
    order->expected_version = version;
}

const struct business_account *
account_now(struct fixture *fixture, unsigned n)
{
    return fixture_row(fixture, &business_accounts,
                       given_account_id(fixture, n));
}

const struct teacher_account *
teacher_account_now(struct fixture *fixture, unsigned n)
{
    return fixture_row(fixture, &teacher_accounts,
                       given_account_id(fixture, n));
}

const struct organization *
unit_now(struct fixture *fixture, const char *code)
{
    return fixture_row(fixture, &organizations, code);
}

const char *
login_holder(struct fixture *fixture, const char *folded)
{
    const struct login_claim *claim =
        fixture_row(fixture, &login_claims, folded);

    return claim == NULL ? NULL : claim->account_id;
}

const char *
person_holder(struct fixture *fixture, unsigned n)
{
    const struct holder_claim *claim =
        fixture_row(fixture, &holder_claims, given_person_id(fixture, n));

    return claim == NULL ? NULL : claim->account_id;
}

ApplyForTeacherAccount *
teacher_applying(struct fixture *f, unsigned n, unsigned person)
{
    ApplyForTeacherAccount *m =
        ARENA_NEW(fixture_arena(f), ApplyForTeacherAccount);

    inservice__account__v1__apply_for_teacher_account__init(m);
    m->order = order_unnamed(f);
    m->account_id = given_account_id(f, n);
    m->person_id = given_person_id(f, person);
    m->organization = wire_member(SCHOOL);
    m->name = wire_member("陳小華");
    m->email = wire_member("chen@example.tw");
    m->login = given_login(f, n);
    m->evidence = (unsigned)EVIDENCE_EMAIL_VERIFIED;
    return m;
}

ApplyForBusinessAccount *
applying(struct fixture *f, unsigned n, const char *unit)
{
    ApplyForBusinessAccount *m =
        ARENA_NEW(fixture_arena(f), ApplyForBusinessAccount);

    inservice__account__v1__apply_for_business_account__init(m);
    m->order = order_unnamed(f);
    m->account_id = given_account_id(f, n);
    m->organization = wire_member(unit);
    m->person_id = given_person_id(f, n);
    m->name = wire_member("陳小華");
    m->email = wire_member("chen@example.tw");
    m->login = arena_printf(fixture_arena(f), " Login%u ", n);
    m->wanted_role = (unsigned)ROLE_OPERATOR;
    m->evidence = (unsigned)EVIDENCE_EMAIL_VERIFIED;
    return m;
}
