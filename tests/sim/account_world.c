/* The account service in the model: its hints as its SQL reads them, and what
 * must hold at every one of its commits: I4 (one live account per person),
 * I3 (a school keeps its last CHIEF unless forced, B2), I5 (none deleted with
 * an open course), B22's count.
 */
#include <string.h>

#include "sim_internal.h"

#include "account/account.h"

/* --- hints -------------------------------------------------------------- */
static void
load_teacher_officer(struct db *db, struct batch *batch,
                     const struct store *store, const char *account_id)
{
    const struct teacher_account *a =
        table_row(table_named(db, "teacher_account"), account_id);

    if (a == NULL)
        return;
    struct officer_row teacher = {
        .account_id = a->account_id,
        .organization = "",
        .person_id = a->person_id,
        .status = a->status,
        .version = a->row.version,
    };
    table_load(batch, store, &teacher);
}

static void
load_officers(struct db *db, struct batch *batch, const struct store *store)
{
    const char *const *keys;
    size_t count = batch_wanted_keys(batch, store, &keys);

    for (size_t i = 0; i < count; i++) {
        const struct business_account *a =
            table_row(table_named(db, "business_account"), keys[i]);
        const struct organization *o =
            a == NULL
                ? NULL
                : table_row(table_named(db, "organization"), a->organization);
        if (a == NULL)
            load_teacher_officer(db, batch, store, keys[i]);
        if (o == NULL)
            continue;
        struct officer_row officer = {
            .account_id = a->account_id,
            .organization = a->organization,
            .person_id = a->person_id,
            .role = a->role,
            .permissions = a->permissions,
            .status = a->status,
            .kind = o->kind,
            .unit_status = o->status,
            .version = a->row.version,
        };
        table_load(batch, store, &officer);
    }
}

static void
load_other_units(struct db *db, struct batch *batch, const struct store *store)
{
    const char *const *keys;
    size_t count = batch_wanted_keys(batch, store, &keys);

    for (size_t i = 0; i < count; i++) {
        const struct organization *o =
            table_row(table_named(db, "organization"), keys[i]);
        if (o == NULL)
            continue;
        struct unit_row unit = {
            .code = o->code,
            .kind = o->kind,
            .status = o->status,
            .managing_centre = o->managing_centre,
            .parent_code = o->parent_code,
        };
        table_load(batch, store, &unit);
    }
}

static void
load_affiliations(struct db *db, struct batch *batch, const struct store *store)
{
    const char *const *keys;
    size_t count = batch_wanted_keys(batch, store, &keys);

    for (size_t i = 0; i < count; i++) {
        const void *row = table_row(table_named(db, "affiliation"), keys[i]);
        if (row != NULL)
            table_load(batch, store, row);
    }
}

/* Of an account's courses only the open ones (sql/query). */
static void
load_courses(struct db *db, struct batch *batch, const struct store *store)
{
    const struct table *table = table_of(db, store);
    const char *const *keys;
    size_t count = batch_wanted_keys(batch, store, &keys);

    for (size_t i = 0; i < count; i++)
        if (table_row(table, keys[i]) != NULL)
            table_load(batch, store, table_row(table, keys[i]));
    count = batch_wanted_parents(batch, store, &keys);
    for (size_t i = 0; i < count; i++) {
        const struct slot *slot = NULL;
        while ((slot = table_child(table, keys[i], slot)) != NULL) {
            const struct course_guard *course = slot->row;
            if (course->state != 8 && course->state != 9)
                table_load(batch, store, course);
        }
    }
}

static bool
depends_on(const struct organization *unit, const char *code)
{
    const char *const names[] = {unit->managing_centre, unit->parent_code};
    bool named = false;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        named |= names[i] != NULL && strcmp(names[i], code) == 0;
    return named && (unit->status == ORGANIZATION_ACTIVE ||
                     unit->status == ORGANIZATION_SUSPENDED);
}

static bool
is_over(struct db *db, const char *code)
{
    for (const struct slot *s = table_named(db, "organization")->first;
         s != NULL && code != NULL; s = s->next) {
        const struct organization *unit = s->row;
        if (unit != NULL && strcmp(unit->code, code) == 0)
            return organization_is_over((enum organization_state)unit->status);
    }
    return false;
}

static void
load_dependents(struct db *db, struct batch *batch, const struct store *store)
{
    const char *const *keys;
    size_t count = batch_wanted_keys(batch, store, &keys);

    for (size_t i = 0; i < count; i++) {
        struct unit_dependents found = {.code = keys[i]};
        for (const struct slot *s = table_named(db, "organization")->first;
             s != NULL; s = s->next) {
            const struct organization *unit = s->row;
            if (unit == NULL)
                continue;
            found.count += depends_on(unit, keys[i]);
            if (strcmp(unit->code, keys[i]) != 0)
                continue;
            found.centre_over = is_over(db, unit->managing_centre);
            found.parent_over = is_over(db, unit->parent_code);
        }
        table_load(batch, store, &found);
    }
}

static void
load_active(struct db *db, struct batch *batch, const struct store *store)
{
    const char *const *parents;
    size_t count = batch_wanted_parents(batch, store, &parents);

    for (size_t i = 0; i < count; i++)
        for (const struct slot *s = table_named(db, "business_account")->first;
             s != NULL; s = s->next) {
            const struct business_account *a = s->row;
            struct active_account row;
            if (a == NULL || a->status != ACCOUNT_ACTIVE ||
                strcmp(a->organization, parents[i]) != 0)
                continue;
            row = (struct active_account){.account_id = a->account_id,
                                          .organization = a->organization};
            table_load(batch, store, &row);
        }
}

static bool
load(struct world *world, struct db *db, struct batch *batch,
     const struct store *store)
{
    (void)world;
    if (store_named(store, "officer"))
        load_officers(db, batch, store);
    else if (store_named(store, "other_unit"))
        load_other_units(db, batch, store);
    else if (hint_named(store, "affiliation"))
        load_affiliations(db, batch, store);
    else if (store_named(store, "course_guard"))
        load_courses(db, batch, store);
    else if (store_named(store, "unit_dependents"))
        load_dependents(db, batch, store);
    else if (store_named(store, "active_account"))
        load_active(db, batch, store);
    else if (store->kind == STORE_HINT)
        world_fail(world, "the model does not know the hint %s", store->name);
    else
        return false;
    return true;
}

/* --- invariants at every commit ----------------------------------------- */
static bool
leads(const struct business_account *a)
{
    return a->status == ACCOUNT_ACTIVE && a->role == ROLE_CHIEF &&
           (a->permissions & PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT) != 0;
}

static void
check_one_live(struct world *world, const struct table *accounts,
               const struct business_account *account)
{
    const struct slot *slot = NULL;
    int live = 0;

    while ((slot = table_child(accounts, account->person_id, slot)) != NULL) {
        const struct business_account *other = slot->row;
        live += other->status == ACCOUNT_ACTIVE ||
                other->status == ACCOUNT_DISABLED;
    }
    if (live > 1)
        world_fail(world, "I4: person %s holds %d live accounts",
                   account->person_id, live);
}

static void
check_chiefs(struct world *world, struct db *db, const char *code)
{
    const struct organization *unit =
        table_row(table_named(db, "organization"), code);
    int count = 0;

    for (const struct slot *s = table_named(db, "business_account")->first;
         s != NULL && unit != NULL; s = s->next) {
        const struct business_account *a = s->row;
        count += a != NULL && strcmp(a->organization, code) == 0 && leads(a);
    }
    if (unit != NULL && count != unit->active_chiefs)
        world_fail(world, "B22: %s counts %d CHIEFs and has %d", code,
                   unit->active_chiefs, count);
}

/* The command that takes the last CHIEF away was forced, or closed the unit. */
static void
check_last_chief(struct world *world, struct batch *batch,
                 const struct organization *unit)
{
    bool forced = false;

    if (unit->active_chiefs > 0 || unit->status != ORGANIZATION_ACTIVE ||
        unit->kind == KIND_KINDERGARTEN || /* B22 */
        organization_group_of((enum organization_kind)unit->kind) !=
            GROUP_K12 ||
        unit->row.version < 2)
        return;
    for (size_t i = 0; i < batch_size(batch); i++) {
        const struct message *m = batch_message(batch, i);
        forced |= m->order != NULL && m->order->force;
    }
    const struct row *row = &unit->row;
    if (!forced && row->changed_by != NULL &&
        strstr(((const struct message *)row->changed_by)->type,
               "ChangeOrganization") == NULL)
        world_fail(world, "I3: %s has lost its last CHIEF", unit->code);
}

static void
committed(struct world *world, struct db *db, struct batch *batch)
{
    const struct table *accounts = table_named(db, "business_account");
    void *const *rows;
    size_t count = batch_dirty(batch, accounts->store, &rows);

    for (size_t i = 0; i < count; i++) {
        const struct business_account *a = rows[i];
        check_one_live(world, accounts, a);
        check_chiefs(world, db, a->organization);
        if (a->status == ACCOUNT_DELETED && course_open(world, a->account_id))
            world_fail(world, "I5: %s is deleted with an open course",
                       a->account_id);
    }
    count = batch_dirty(batch, table_named(db, "organization")->store, &rows);
    for (size_t i = 0; i < count; i++) {
        check_chiefs(world, db, ((const struct organization *)rows[i])->code);
        check_last_chief(world, batch, rows[i]);
    }
}

struct db *
account_add(struct world *world)
{
    struct db *db = db_add(world, &account_core, account_inputs);

    db->load = load;
    db->committed = committed;
    return db;
}

/* --- for the rest of the simulation ------------------------------------- */
bool
account_unit(struct world *world, const char *code, int *ret_kind,
             int *ret_status, int64_t *ret_version)
{
    const struct organization *unit =
        table_row(table_named(world->dbs[0], "organization"), code);

    if (unit == NULL)
        return false;
    *ret_kind = unit->kind;
    *ret_status = unit->status;
    *ret_version = unit->row.version;
    return true;
}

/* An ACTIVE account of the unit with the strongest role, or any by chance. */
bool
account_officer(struct world *world, const char *organization,
                struct officer_seen *ret_officer)
{
    const struct table *accounts =
        table_named(world->dbs[0], "business_account");
    const struct business_account *best = NULL;
    int kind = 0, status = 0;
    int64_t version;

    for (const struct slot *s = accounts->first; s != NULL; s = s->next) {
        const struct business_account *a = s->row;
        if (a == NULL || a->role == 0 ||
            strcmp(a->organization, organization) != 0 ||
            (a->status != ACCOUNT_ACTIVE && !chance(world, 30)))
            continue;
        if (best == NULL || a->role < best->role || chance(world, 200))
            best = a;
    }
    if (best == NULL ||
        !account_unit(world, organization, &kind, &status, &version))
        return false;
    *ret_officer = (struct officer_seen){
        .account_id = best->account_id,
        .organization = best->organization,
        .person_id = best->person_id,
        .version = best->row.version,
        .role = best->role,
        .kind = kind,
        .permissions = permissions_effective(
            (unsigned)best->permissions, (enum role)best->role,
            (enum organization_kind)kind, (enum organization_state)status),
    };
    return true;
}

/* --- T15: suspensions converge with the teacher's truth ----------------- */
static const struct inbox_entry *
refusal_of(const struct db *db, const struct record *command)
{
    return inbox_find(db, command->id);
}

static void
check_leaver(struct world *world, struct db *db, const struct record *record)
{
    Inservice__Account__V1__SuspendLeaver *m =
        inservice__account__v1__suspend_leaver__unpack(
            arena_protobuf(world->arena), record->size, record->value);
    const struct slot *slot = NULL;

    if (refusal_of(db, record) == NULL)
        world_fail(world, "I12: a SuspendLeaver of %s has no outcome",
                   m->organization);
    while ((slot = table_child(table_named(db, "business_account"),
                               m->person_id, slot)) != NULL) {
        const struct business_account *a = slot->row;
        const struct organization *unit =
            table_row(table_named(db, "organization"), a->organization);
        if (strcmp(a->organization, m->organization) != 0 ||
            a->status != ACCOUNT_ACTIVE ||
            a->teacher.version >= m->teacher_version)
            continue;
        if (!(leads(a) && unit != NULL)) /* the last CHIEF stays: a task */
            world_fail(world, "T15: %s left %s at version %lld and is ACTIVE",
                       m->person_id, m->organization,
                       (long long)m->teacher_version);
    }
}

static bool
lists(const char *codes, const char *code)
{
    size_t size = strlen(code);

    for (const char *at = codes; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, " ");
        if (length == size && memcmp(at, code, size) == 0)
            return true;
        at += length + (at[length] == ' ');
    }
    return false;
}

static bool
hears(const char *type)
{
    return handler_find(account_core.handlers, type) != NULL;
}

static void
check_affiliation(struct world *world, struct db *db, const char *person)
{
    char **codes;
    size_t count;
    const struct affiliation *copy =
        table_row(table_named(db, "affiliation"), person);

    if (teacher_posts(world, person, &codes, &count) == 0 || copy == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        if (!lists(copy->organizations, codes[i]))
            world_fail(world, "T15: %s is at %s and account does not know it",
                       person, codes[i]);
    size_t known = 0;
    for (const char *at = copy->organizations; at != NULL && *at != '\0';) {
        known++;
        at += strcspn(at, " ");
        at += *at == ' ';
    }
    if (known != count)
        world_fail(world, "T15: %s has %zu posts and account knows %zu", person,
                   count, known);
}

/* No account rests on a record that the teacher service never had. */
static void
check_marks(struct world *world, struct db *db, const char *person)
{
    char **codes;
    size_t count;
    int64_t version = teacher_posts(world, person, &codes, &count);
    const struct slot *slot = NULL;

    while ((slot = table_child(table_named(db, "business_account"), person,
                               slot)) != NULL) {
        const struct business_account *a = slot->row;
        if (a->teacher.version > version)
            world_fail(world, "T15: account %s rests on version %lld of %s",
                       a->account_id, (long long)a->teacher.version, person);
    }
}

void
check_affiliations(struct world *world)
{
    struct db *db = world->dbs[0];
    const struct topic *commands = db->outputs[TOPIC_COMMAND];

    for (int lane = 0; lane < lane_count(); lane++)
        for (size_t i = 0; i < commands->lanes[lane].count; i++)
            if (strcmp(commands->lanes[lane].records[i]->type,
                       "inservice.account.v1.SuspendLeaver") == 0 &&
                commands->lanes[lane].records[i]->size > 5)
                check_leaver(world, db, commands->lanes[lane].records[i]);
    if (!hears("inservice.teacher.v1.MoveUndone"))
        return;
    for (unsigned n = 0; n < PERSONS; n++) {
        check_affiliation(world, db, person_id(world, n));
        check_marks(world, db, person_id(world, n));
    }
}
