/* Commands to the account service: plausible ones from the committed rows, and
 * adversarial ones: stale versions, wrong units, two approvers for one person,
 * the last two CHIEFs against each other, deletion while a course opens. Gives
 * only commands that this build's handlers know. */
#include <string.h>

#include "sim_internal.h"

#include "account/account.h"

typedef Inservice__Account__V1__ChangeBusinessAccount ChangeAccount;
typedef Inservice__Account__V1__SucceedChief Succeed;
typedef Inservice__Account__V1__RequestDeletion RequestDelete;

const char *const unit_codes[UNITS] = {"PLATFORM", "CENTRE1", "014301",
                                       "014302",   "014303",  "0001"};
static const int unit_kinds[UNITS] = {KIND_PLATFORM,       KIND_REGIONAL_CENTRE,
                                      KIND_PRIMARY_SCHOOL, KIND_JUNIOR_HIGH,
                                      KIND_SENIOR_HIGH,    KIND_UNIVERSITY};

const char *
person_id(struct world *world, unsigned n)
{
    return arena_printf(world->arena, "00000000-0000-8000-8000-%012x", n + 1);
}

static char *
text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

static char *
login_of(struct world *world, unsigned n)
{
    return arena_printf(world->arena, "login%u", n);
}

void
order_by(struct world *world, Order *order, const struct officer_seen *officer)
{
    Inservice__Common__V1__Actor *actor =
        ARENA_NEW(world->arena, Inservice__Common__V1__Actor);

    inservice__common__v1__actor__init(actor);
    actor->account_id = text(officer->account_id);
    actor->account_version = officer->version - (chance(world, 50) ? 1 : 0);
    actor->organization = text(officer->organization);
    actor->person_id = text(officer->person_id);
    actor->role = (unsigned)officer->role;
    actor->permissions = officer->permissions;
    actor->kind = (unsigned)officer->kind;
    order->actor = actor;
}

/* An officer who may: of the school, its centre or the platform; or a wrong
 * one. */
static bool
order_by_somebody(struct world *world, Order *order, const char *unit, int role)
{
    struct officer_seen officer;
    bool school = strncmp(unit, "0143", 4) == 0;
    bool centre = strcmp(unit, unit_codes[1]) == 0;
    const char *from = unit; /* another CHIEF of it */

    if (school && role == ROLE_CHIEF)
        from = unit_codes[1];
    else if ((centre && role == ROLE_CHIEF) || strcmp(unit, unit_codes[5]) == 0)
        from = unit_codes[0];
    if (chance(world, 200))
        from = unit_codes[pick(world, UNITS)];
    if (!account_officer(world, from, &officer))
        return false;
    order_by(world, order, &officer);
    return true;
}

static void
ask_version(struct world *world, Order *order, int64_t version)
{
    if (chance(world, 400))
        return;
    order->expected_version_presence_case =
        INSERVICE__COMMON__V1__ORDER__EXPECTED_VERSION_PRESENCE_EXPECTED_VERSION;
    order->expected_version = version - (chance(world, 100) ? 1 : 0);
}

static int
role_of(const struct business_account *a)
{
    return a->role != 0 ? a->role : a->wanted_role;
}

static const struct business_account *
some_account(struct world *world, int status)
{
    const struct table *table = table_named(world->dbs[0], "business_account");
    const struct business_account *found = NULL;
    uint32_t seen = 0;

    for (const struct slot *s = table->first; s != NULL; s = s->next) {
        const struct business_account *a = s->row;
        if (a != NULL && (status == 0 || a->status == status) &&
            pick(world, ++seen) == 0)
            found = a;
    }
    return found;
}

static void
send(struct world *world, const char *lane_key, ProtobufCMessage *command)
{
    if (handler_find(account_core.handlers, command->descriptor->name))
        world_send(world, world->dbs[0], lane_key, command);
}

/* --- the first commands ------------------------------------------------- */
static void
apply_at(struct world *world, const char *code, unsigned person,
         const char *login, int role)
{
    ApplyForBusinessAccount m;

    inservice__account__v1__apply_for_business_account__init(&m);
    m.order = world_order(world);
    m.order->actor = ARENA_NEW(world->arena, Inservice__Common__V1__Actor);
    inservice__common__v1__actor__init(m.order->actor);
    m.account_id = text(world_id(world));
    m.organization = text(code);
    m.person_id = text(person_id(world, person));
    m.name = text("某人");
    m.phone = text("02-12345678");
    m.email = text("a@example.org");
    m.login = text(login);
    m.wanted_role = (unsigned)role;
    m.evidence = (unsigned)EVIDENCE_EMAIL_VERIFIED;
    send(world, code, &m.base);
}

/* By the platform's founder: when the platform is founded. */
static void
add_unit(struct world *world, size_t i)
{
    AddOrganization m;
    struct officer_seen founder;

    if (!account_officer(world, unit_codes[0], &founder))
        return;
    inservice__account__v1__add_organization__init(&m);
    m.order = world_order(world);
    order_by(world, m.order, &founder);
    m.code = text(unit_codes[i]);
    m.name = text("學校");
    m.kind = (unsigned)unit_kinds[i];
    m.county = text("臺北市");
    m.managing_centre = text(i >= 2 && i < 5 ? unit_codes[1] : "");
    send(world, unit_codes[i], &m.base);
}

void
account_found(struct world *world)
{
    FoundPlatform m;

    inservice__account__v1__found_platform__init(&m);
    m.order = world_order(world);
    m.code = text(unit_codes[0]);
    m.name = text("全教網");
    m.account_id = text(world_id(world));
    m.person_id = text(person_id(world, PERSONS));
    m.holder = text("管理者");
    m.email = text("p@example.org");
    m.login = text("platform");
    send(world, unit_codes[0], &m.base);
}

/* --- one of everything -------------------------------------------------- */
static void
give_application(struct world *world)
{
    uint32_t unit = pick(world, UNITS);
    unsigned person = pick(world, PERSONS);
    /* Logins are few, so that they are fought for. */
    const char *login = login_of(world, pick(world, 300));

    if (unit > 0 && table_row(table_named(world->dbs[0], "organization"),
                              unit_codes[unit]) == NULL)
        add_unit(world, unit);
    apply_at(world, unit_codes[unit], person, login,
             unit == 5 ? ROLE_OPERATOR : 1 + (int)pick(world, 3));
}

static void
enable(struct world *world, const struct business_account *a)
{
    EnableBusinessAccount m;

    inservice__account__v1__enable_business_account__init(&m);
    m.order = world_order(world);
    if (!order_by_somebody(world, m.order, a->organization, role_of(a)))
        return;
    ask_version(world, m.order, a->row.version);
    m.account_id = text(a->account_id);
    m.organization = text(a->organization);
    m.person_id = chance(world, 30)
                      ? text(person_id(world, pick(world, PERSONS)))
                      : text(a->person_id);
    m.login = text(a->login ? a->login : "");
    m.role = (unsigned)(a->wanted_role ? a->wanted_role : ROLE_OPERATOR);
    m.teacher_version =
        teacher_posts(world, a->person_id, &m.teacher_organizations,
                      &m.n_teacher_organizations);
    if (chance(world, 20)) { /* a false claim: a later record, a post here */
        m.teacher_version += 1000;
        m.teacher_organizations[0] = text(a->organization);
        m.n_teacher_organizations = 1;
    }
    m.teacher_incarnation = m.teacher_version > 0;
    m.enabling =
        (unsigned)(a->status == ACCOUNT_DISABLED ? ENABLING_DISABLED_ACCOUNT
                                                 : ENABLING_APPLICATION);
    m.evidence = (unsigned)EVIDENCE_NUMBER_CONFIRMED;
    if (chance(world, 20)) /* the other one, or without a proof */
        m.enabling = pick(world, 4);
    if (chance(world, 20))
        m.evidence = 0;
    m.employed_here = chance(world, 20);
    send(world, a->organization, &m.base);
}

static bool
holder_of(struct world *world, const char *person)
{
    const struct holder_claim *claim =
        table_row(table_named(world->dbs[0], "holder_claim"), person);

    return claim != NULL && claim->account_id != NULL;
}

/* An approver of one unit and of another, for the same person at once. */
static void
race_enable(struct world *world)
{
    const struct business_account *a = some_account(world, ACCOUNT_PENDING);
    const struct slot *slot = NULL;
    int given = 0;

    if (a != NULL && holder_of(world, a->person_id))
        return; /* they have one already: no race */
    while (a != NULL && given < 4 &&
           (slot = table_child(table_named(world->dbs[0], "business_account"),
                               a->person_id, slot)) != NULL) {
        const struct business_account *other = slot->row;
        if (other->status != ACCOUNT_PENDING)
            continue;
        enable(world, other);
        given++;
    }
}

static void
force_sometimes(struct world *world, Order *order)
{
    if (!chance(world, 100))
        return;
    order->force = true;
    order->reason = text("已離職");
}

static void
disable(struct world *world, const struct business_account *a,
        const struct business_account *by)
{
    DisableBusinessAccount m;
    struct officer_seen officer;

    inservice__account__v1__disable_business_account__init(&m);
    m.order = world_order(world);
    if (by == NULL) {
        if (!order_by_somebody(world, m.order, a->organization, role_of(a)))
            return;
    } else {
        officer = (struct officer_seen){
            .account_id = by->account_id,
            .organization = by->organization,
            .person_id = by->person_id,
            .version = by->row.version,
            .role = by->role,
            .kind = KIND_PRIMARY_SCHOOL,
            .permissions = (unsigned)by->permissions,
        };
        order_by(world, m.order, &officer);
    }
    force_sometimes(world, m.order);
    m.account_id = text(a->account_id);
    m.organization = text(a->organization);
    m.cause = (unsigned)DISABLED_MANAGER;
    send(world, a->organization, &m.base);
}

/* Two of one unit disable each other at once. */
static void
race_disable(struct world *world)
{
    const struct business_account *a = some_account(world, ACCOUNT_ACTIVE);
    const struct business_account *b = some_account(world, ACCOUNT_ACTIVE);

    if (a == NULL || b == NULL || a == b ||
        strcmp(a->organization, b->organization) != 0)
        return;
    disable(world, a, b);
    disable(world, b, a);
}

static void
delete_account(struct world *world, const struct business_account *a)
{
    DeleteBusinessAccount m;

    inservice__account__v1__delete_business_account__init(&m);
    m.order = world_order(world);
    if (!order_by_somebody(world, m.order, a->organization, role_of(a)))
        return;
    m.account_id = text(a->account_id);
    m.organization = text(a->organization);
    m.person_id = text(a->person_id);
    m.login = text(a->login ? a->login : "");
    send(world, a->organization, &m.base);
}

static void
close_application(struct world *world, const struct business_account *a)
{
    CloseApplication m;

    inservice__account__v1__close_application__init(&m);
    m.order = world_order(world);
    if (!order_by_somebody(world, m.order, a->organization, role_of(a)))
        return;
    m.account_kind = (unsigned)ACCOUNT_BUSINESS;
    m.account_id = text(a->account_id);
    m.organization = text(a->organization);
    m.person_id = text(a->person_id);
    m.login = text(a->login ? a->login : "");
    m.cause = (unsigned)CLOSED_REJECTED;
    send(world, a->organization, &m.base);
}

static void
change(struct world *world, const struct business_account *a)
{
    ChangeAccount m;

    inservice__account__v1__change_business_account__init(&m);
    m.order = world_order(world);
    if (!order_by_somebody(world, m.order, a->organization, role_of(a)))
        return;
    m.account_id = text(a->account_id);
    m.organization = text(a->organization);
    m.role_presence_case =
        INSERVICE__ACCOUNT__V1__CHANGE_BUSINESS_ACCOUNT__ROLE_PRESENCE_ROLE;
    m.role = 1 + pick(world, 3);
    if (chance(world, 300)) {
        m.permissions_presence_case =
            INSERVICE__ACCOUNT__V1__CHANGE_BUSINESS_ACCOUNT__PERMISSIONS_PRESENCE_PERMISSIONS;
        m.permissions = pick(world, 64);
    }
    force_sometimes(world, m.order);
    send(world, a->organization, &m.base);
}

static void
succeed(struct world *world, const struct business_account *a)
{
    Succeed m;
    struct officer_seen chief;

    inservice__account__v1__succeed_chief__init(&m);
    m.order = world_order(world);
    if (!account_officer(world, a->organization, &chief) ||
        !order_by_somebody(world, m.order, a->organization, ROLE_CHIEF))
        return;
    m.organization = text(a->organization);
    m.successor_account_id = text(a->account_id);
    m.successor_person_id = text(a->person_id);
    m.successor_login = text(a->login ? a->login : "");
    m.role_after = (unsigned)ROLE_CHIEF;
    m.predecessor_account_id = text(chief.account_id);
    m.fate = 1 + pick(world, 3);
    m.enabling =
        (unsigned)(a->status == ACCOUNT_DISABLED ? ENABLING_DISABLED_ACCOUNT
                                                 : ENABLING_APPLICATION);
    m.evidence = (unsigned)EVIDENCE_NUMBER_CONFIRMED;
    m.teacher_version =
        teacher_posts(world, a->person_id, &m.teacher_organizations,
                      &m.n_teacher_organizations);
    m.teacher_incarnation = m.teacher_version > 0;
    send(world, a->organization, &m.base);
}

/* Sometimes by another officer. */
static void
order_by_holder(struct world *world, Order *order,
                const struct business_account *a)
{
    const struct officer_seen holder = {
        .account_id = a->account_id,
        .organization = a->organization,
        .person_id = a->person_id,
        .version = a->row.version,
        .role = a->role,
        .permissions = (unsigned)a->permissions,
    };

    if (!chance(world, 50) ||
        !order_by_somebody(world, order, a->organization, role_of(a)))
        order_by(world, order, &holder);
}

static void
ask_deletion(struct world *world, const struct business_account *a)
{
    RequestDelete m;

    inservice__account__v1__request_deletion__init(&m);
    m.order = world_order(world);
    order_by_holder(world, m.order, a);
    m.account_id = text(a->account_id);
    m.organization = text(a->organization);
    send(world, a->organization, &m.base);
}

static void
withdraw_deletion(struct world *world, const struct business_account *a)
{
    WithdrawDeletion m;

    inservice__account__v1__withdraw_deletion__init(&m);
    m.order = world_order(world);
    order_by_holder(world, m.order, a);
    m.account_id = text(a->account_id);
    m.organization = text(a->organization);
    send(world, a->organization, &m.base);
}

static void
give_about_account(struct world *world, uint32_t what)
{
    static const int of[] = {
        ACCOUNT_PENDING,  ACCOUNT_PENDING,  ACCOUNT_DISABLED, ACCOUNT_ACTIVE,
        ACCOUNT_DISABLED, ACCOUNT_DISABLED, ACCOUNT_PENDING,  ACCOUNT_ACTIVE,
        ACCOUNT_PENDING,  ACCOUNT_ACTIVE};
    const struct business_account *a =
        some_account(world, chance(world, 100) ? 0 : of[what]);

    if (a == NULL)
        return;
    if (what <= 2)
        enable(world, a);
    else if (what == 3)
        disable(world, a, NULL);
    else if (what <= 5)
        delete_account(world, a);
    else if (what == 6)
        close_application(world, a);
    else if (what == 7)
        change(world, a);
    else if (what == 8)
        succeed(world, a);
    else if (chance(world, 200))
        withdraw_deletion(world, a);
    else
        ask_deletion(world, a);
}

void
account_generate(struct world *world)
{
    uint32_t what = pick(world, 20);

    if (world->sent_count == 0)
        account_found(world);
    else if (what < 6)
        give_application(world);
    else if (what <= 8)
        race_enable(world);
    else if (what == 9)
        race_disable(world);
    else
        give_about_account(world, pick(world, 10));
}
