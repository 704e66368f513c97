/* The beginnings of given.h. */
#include "given.h"

#include "chassis/base/seal.h"

#include "rules/identity.h"

struct fixture *fixture;
const char *person;

static const struct organization_copy schools[] = {
    {.code = NORTH, .kind = KIND_PRIMARY_SCHOOL, .managing_centre = CENTRE},
    {.code = SOUTH, .kind = KIND_JUNIOR_HIGH, .managing_centre = CENTRE},
    {.code = ELM, .kind = KIND_KINDERGARTEN, .managing_centre = CENTRE},
    {.code = LEAF,
     .kind = KIND_KINDERGARTEN,
     .managing_centre = CENTRE,
     .parent_code = ELM},
    {.code = SHUT,
     .kind = KIND_PRIMARY_SCHOOL,
     .managing_centre = CENTRE,
     .status = ORGANIZATION_CLOSED},
    {.code = COLLEGE, .kind = KIND_UNIVERSITY},
    {.code = CENTRE, .kind = KIND_REGIONAL_CENTRE},
    {.code = OTHER_CENTRE, .kind = KIND_REGIONAL_CENTRE},
    {.code = PLATFORM, .kind = KIND_PLATFORM},
};

static const struct code known_codes[] = {
    {.code_id = "title/T01"},
    {.code_id = "title/T02"},
    {.code_id = "stage/S1"},
    {.code_id = "subject/MATH"},
    {.code_id = "subject/MUSIC"},
    {.code_id = "subject/NEW", .valid_from = NEXT_WEEK},
    {.code_id = "subject/OLD", .valid_until = TODAY},
};

static const struct {
    const char *organization;
    int role;
    int kind;
    unsigned permissions;
    unsigned person;
} actors[] = {
    [SYSTEM] = {0},
    [STRANGER] = {0},
    [NEWCOMER] = {NORTH, ROLE_CHIEF, KIND_PRIMARY_SCHOOL, 31, 911},
    [NORTH_CHIEF] = {NORTH, ROLE_CHIEF, KIND_PRIMARY_SCHOOL, 31, 901},
    [NORTH_CONTACT] = {NORTH, ROLE_CONTACT, KIND_PRIMARY_SCHOOL, 27, 902},
    [NORTH_OPERATOR] = {NORTH, ROLE_OPERATOR, KIND_PRIMARY_SCHOOL, 19, 903},
    [SOUTH_CHIEF] = {SOUTH, ROLE_CHIEF, KIND_JUNIOR_HIGH, 31, 904},
    [SOUTH_CONTACT] = {SOUTH, ROLE_CONTACT, KIND_JUNIOR_HIGH, 27, 905},
    [ELM_CHIEF] = {ELM, ROLE_CHIEF, KIND_KINDERGARTEN, 31, 906},
    [SHUT_CHIEF] = {SHUT, ROLE_CHIEF, KIND_PRIMARY_SCHOOL, 31, 907},
    [CENTRE_CHIEF] = {CENTRE, ROLE_CHIEF, KIND_REGIONAL_CENTRE, 31, 908},
    [OTHER_CENTRE_CHIEF] = {OTHER_CENTRE, ROLE_CHIEF, KIND_REGIONAL_CENTRE, 31,
                            909},
    [PLATFORM_CHIEF] = {PLATFORM, ROLE_CHIEF, KIND_PLATFORM, 63, 910},
    [TEACHER] = {"", 0, 0, 0, 1},
};

static void
put_school(const struct organization_copy *school)
{
    struct organization_copy copy = *school;

    copy.version = 5;
    if (copy.status == 0)
        copy.status = ORGANIZATION_ACTIVE;
    if (copy.managing_centre == NULL)
        copy.managing_centre = "";
    if (copy.parent_code == NULL)
        copy.parent_code = "";
    fixture_put(fixture, &units, &copy);
    copy.person_id = person;
    fixture_put(fixture, &units_of_persons, &copy);
}

void
given_officer(enum who who, int64_t version, int status, unsigned permissions)
{
    struct officer_copy copy = {
        .account_id = given_account(who),
        .person_id = fixture_id(fixture, actors[who].person),
        .organization = actors[who].organization,
        .role = actors[who].role,
        .permissions = (int32_t)permissions,
        .status = status,
        .version = version,
    };

    fixture_put(fixture, &officers, &copy);
}

int
given_schools(void **state)
{
    (void)state;
    fixture = fixture_new(&teacher_core);
    person = fixture_id(fixture, 1);
    for (size_t i = 0; i < COUNT_OF(schools); i++)
        put_school(&schools[i]);
    for (size_t i = NORTH_CHIEF; i < COUNT_OF(actors); i++)
        given_officer((enum who)i, 3, ACCOUNT_ACTIVE, actors[i].permissions);
    for (size_t i = 0; i < COUNT_OF(known_codes); i++)
        fixture_put(fixture, &codes_elsewhere, &known_codes[i]);
    return 0;
}

int
given_nothing_more(void **state)
{
    (void)state;
    fixture_free(fixture);
    return 0;
}

const char *
given_account(enum who who)
{
    return fixture_id(fixture, 800 + who);
}

Order *
given_order(enum who who)
{
    Order *order = fixture_order(fixture);

    if (who == SYSTEM)
        return order;
    order->actor =
        ARENA_NEW(fixture_arena(fixture), Inservice__Common__V1__Actor);
    inservice__common__v1__actor__init(order->actor);
    if (who == STRANGER) {
        order->actor->client_id = wire_member("importer");
        return order;
    }
    order->actor->account_id = wire_member(given_account(who));
    order->actor->account_version = 3;
    order->actor->organization = wire_member(actors[who].organization);
    order->actor->role = (Inservice__Common__V1__Role)actors[who].role;
    order->actor->kind =
        (Inservice__Common__V1__OrganizationKind)actors[who].kind;
    order->actor->permissions = actors[who].permissions;
    order->actor->person_id =
        wire_member(fixture_id(fixture, actors[who].person));
    return order;
}

Order *
given_order_on(enum who who, int64_t version)
{
    Order *order = given_order(who);

    order->expected_version_presence_case =
        INSERVICE__COMMON__V1__ORDER__EXPECTED_VERSION_PRESENCE_EXPECTED_VERSION;
    order->expected_version = version;
    return order;
}

RegisterTeacher *
given_registration(enum who who, const char *school)
{
    static uint8_t sealed[SEAL_OVERHEAD + IDENTITY_LENGTH] = {1};
    static char *subjects[] = {(char *)(uintptr_t) "MATH"};
    RegisterTeacher *command =
        ARENA_NEW(fixture_arena(fixture), RegisterTeacher);

    inservice__teacher__v1__register_teacher__init(command);
    command->order = given_order(who);
    command->person_id = wire_member(person);
    command->number_sealed.data = sealed;
    command->number_sealed.len = sizeof sealed;
    command->number_kind =
        INSERVICE__TEACHER__V1__NUMBER_KIND__NUMBER_KIND_NATIONAL;
    command->name = wire_member("謝雨威");
    command->sex = INSERVICE__TEACHER__V1__SEX__SEX_MALE;
    command->email = wire_member("hsieh@example.edu.tw");
    command->organization = wire_member(school);
    command->unit_kind =
        (Inservice__Common__V1__OrganizationKind)KIND_PRIMARY_SCHOOL;
    command->unit_status =
        (Inservice__Common__V1__OrganizationStatus)ORGANIZATION_ACTIVE;
    command->unit_version = 4; /* older than the copy, which counts */
    command->post = INSERVICE__TEACHER__V1__POST_KIND__POST_KIND_PRIMARY;
    command->title = wire_member("T01");
    command->stage = wire_member("S1");
    command->subjects = subjects;
    command->n_subjects = 1;
    return command;
}

LeaveSchool *
given_leave(enum who who, const char *school, int64_t version)
{
    LeaveSchool *command = ARENA_NEW(fixture_arena(fixture), LeaveSchool);

    inservice__teacher__v1__leave_school__init(command);
    command->order = given_order_on(who, version);
    command->person_id = wire_member(person);
    command->organization = wire_member(school);
    command->reason =
        INSERVICE__TEACHER__V1__LEAVE_REASON__LEAVE_REASON_RETIRED;
    return command;
}

LeaveSchool *
given_planned_leave(enum who who, const char *school, int64_t version)
{
    LeaveSchool *command = given_leave(who, school, version);

    command->effective_on = wire_member(NEXT_WEEK);
    assert_done(fixture, person, &command->base);
    return command;
}

UpdateTeacher *
given_update(enum who who, int64_t version)
{
    UpdateTeacher *command = ARENA_NEW(fixture_arena(fixture), UpdateTeacher);

    inservice__teacher__v1__update_teacher__init(command);
    command->order = given_order_on(who, version);
    command->person_id = wire_member(person);
    return command;
}

UndoMove *
given_undo(enum who who, const char *move_id, int64_t version)
{
    UndoMove *command = ARENA_NEW(fixture_arena(fixture), UndoMove);

    inservice__teacher__v1__undo_move__init(command);
    command->order = given_order_on(who, version);
    command->person_id = wire_member(person);
    command->move_id = wire_member(move_id);
    return command;
}

void
given_look_up(RegisterTeacher *command, enum who who, int64_t version)
{
    Inservice__Teacher__V1__LookUp *look_up =
        ARENA_NEW(fixture_arena(fixture), Inservice__Teacher__V1__LookUp);

    command->order = given_order_on(who, version);
    inservice__teacher__v1__look_up__init(look_up);
    look_up->audit_id = wire_member(fixture_id(fixture, 600));
    look_up->organization = command->order->actor->organization;
    look_up->at = command->order->at;
    command->look_up = look_up;
}

const char *
given_post(enum who who, const char *school, int post, const char *effective_on)
{
    RegisterTeacher *command = given_registration(who, school);

    if (teacher_now() != NULL)
        given_look_up(command, who, version_now());
    command->post = (Inservice__Teacher__V1__PostKind)post;
    command->effective_on = wire_member(effective_on);
    assert_done(fixture, person, &command->base);
    return command->order->command_id;
}

const char *
given_teacher_at_north(void)
{
    return given_post(NORTH_CHIEF, NORTH, POST_PRIMARY, "");
}

void
given_officer_of_person(int role, int status, const char *school,
                        int64_t version)
{
    struct officer_copy copy = {
        .account_id = fixture_id(fixture, 700),
        .person_id = person,
        .organization = school,
        .role = role,
        .status = status,
        .version = version,
    };

    fixture_put(fixture, &officers_of_persons, &copy);
}

/* A row without a key is found by its parent and number. */
static void
state_of_place(const char *code, enum organization_state state)
{
    const struct organization_copy *place = NULL;

    for (size_t n = 0;
         (place = fixture_child(fixture, &units_of_persons, person, n)) != NULL;
         n++)
        if (strcmp(place->code, code) == 0)
            ((struct organization_copy *)(uintptr_t)place)->status =
                (int32_t)state;
}

void
given_school_state(const char *code, enum organization_state state,
                   const char *merged_into)
{
    for (size_t i = 0; i < COUNT_OF(schools); i++)
        if (strcmp(schools[i].code, code) == 0) {
            struct organization_copy school = schools[i];
            school.status = (int32_t)state;
            school.merged_into = merged_into;
            put_school(&school);
        }
    state_of_place(code, state);
}

void
given_shut(bool open)
{
    given_school_state(SHUT, open ? ORGANIZATION_ACTIVE : ORGANIZATION_CLOSED,
                       NULL);
}

const char *
given_teacher_at_shut(void)
{
    given_shut(true);
    const char *move = given_post(SHUT_CHIEF, SHUT, POST_PRIMARY, "");
    given_shut(false);
    return move;
}

/* --- results ------------------------------------------------------------ */
const void *
said_once(const ProtobufCMessageDescriptor *type)
{
    if (fixture_count(fixture, type) != 1)
        fail_msg("%s was said %zu times", type->short_name,
                 fixture_count(fixture, type));
    return fixture_said(fixture, type);
}

void
assert_said_nothing_of(const ProtobufCMessageDescriptor *type)
{
    if (fixture_count(fixture, type) != 0)
        fail_msg("%s was said", type->short_name);
}

const TeacherState *
state_now(void)
{
    return SAID_ONCE(teacher_state);
}

const struct teacher *
teacher_now(void)
{
    return fixture_row(fixture, &teachers, person);
}

int64_t
version_now(void)
{
    return teacher_now()->row.version;
}

void
assert_posts(const char *expected)
{
    const TeacherState *state = state_now();
    const char *got = "";

    for (size_t i = 0; i < state->n_posts; i++)
        if (state->posts[i]->until[0] == '\0')
            got = arena_printf(fixture_arena(fixture), "%s%s%s%s", got,
                               got[0] ? " " : "", state->posts[i]->organization,
                               (int)state->posts[i]->kind == POST_PRIMARY ? "*"
                                                                          : "");
    assert_string_equal(got, expected);
}

void
assert_organizations(char **organizations, size_t count, const char *expected)
{
    assert_string_equal(
        codes_join(fixture_arena(fixture), organizations, count), expected);
}

const char *
timer_of(const char *move_id)
{
    return arena_printf(fixture_arena(fixture), "move/%s", move_id);
}
