/* RegisterTeacher: who may, what is refused, plans; pull.c has the pull. T1 T4
 * T11. */
#include "given.h"

/* --- refusals: one case a row, each spoils a sound command -------------- */
static void
as_nobody(RegisterTeacher *command)
{
    command->order = given_order(SYSTEM);
}

static void
as_client(RegisterTeacher *command)
{
    command->order = given_order(STRANGER);
}

static void
as_operator(RegisterTeacher *command)
{
    command->order = given_order(NORTH_OPERATOR);
}

static void
as_other_school(RegisterTeacher *command)
{
    command->order = given_order(SOUTH_CHIEF);
}

static void
as_centre(RegisterTeacher *command)
{
    command->order = given_order(CENTRE_CHIEF);
}

static void
as_platform(RegisterTeacher *command)
{
    command->order = given_order(PLATFORM_CHIEF);
}

static void
as_teacher(RegisterTeacher *command)
{
    command->order = given_order(TEACHER);
}

static void
at_centre(RegisterTeacher *command)
{
    command->order = given_order(CENTRE_CHIEF);
    command->organization = wire_member(CENTRE);
}

static void
at_shut_school(RegisterTeacher *command)
{
    command->order = given_order(SHUT_CHIEF);
    command->organization = wire_member(SHUT);
}

static void
at_shut_school_that_claims_to_be_open(RegisterTeacher *command)
{
    at_shut_school(command);
    command->unit_version = 6;
}

static void
as_newcomer(RegisterTeacher *command)
{
    command->order = given_order(NEWCOMER);
}

static void
closed_by_newer_command(RegisterTeacher *command)
{
    command->unit_status =
        (Inservice__Common__V1__OrganizationStatus)ORGANIZATION_CLOSED;
    command->unit_version = 6;
}

static void
without_number(RegisterTeacher *command)
{
    command->number_sealed.len = 0;
}

static void
without_number_kind(RegisterTeacher *command)
{
    command->number_kind =
        INSERVICE__TEACHER__V1__NUMBER_KIND__NUMBER_KIND_UNSPECIFIED;
}

static void
with_invisible_name(RegisterTeacher *command)
{
    command->name = wire_member("王小明\u200E");
}

static void
with_other_letters_in_email(RegisterTeacher *command)
{
    command->email = wire_member("王小明@example.tw");
}

static void
with_numbers_for_a_name(RegisterTeacher *command)
{
    command->name = wire_member("12345");
}

static void
with_a_lost_name(RegisterTeacher *command)
{
    command->name = wire_member("李?華");
}

static void
with_lost_note(RegisterTeacher *command)
{
    command->unit_note = wire_member("瓦\uFFFD");
}

static void
with_an_endless_number(RegisterTeacher *command)
{
    static uint8_t endless[129] = {1};

    command->number_sealed.data = endless;
    command->number_sealed.len = sizeof endless;
}

static void
with_a_cut_number(RegisterTeacher *command)
{
    command->number_sealed.len--;
}

/* Keys have ids from 1 on. */
static void
with_a_number_of_no_key(RegisterTeacher *command)
{
    static uint8_t blank[64];

    command->number_sealed.data = blank;
}

/* Its key would be cut within a character. */
static void
with_an_endless_title(RegisterTeacher *command)
{
    static char endless[4000];

    for (size_t i = 0; i + 3 < sizeof endless; i += 3)
        memcpy(endless + i, "\xe5\xad\x97", 3);
    command->title = endless;
}

static void
with_no_address(RegisterTeacher *command)
{
    command->email = wire_member("nobody at home");
}

static void
without_name(RegisterTeacher *command)
{
    command->name = wire_member("");
}

static void
without_post(RegisterTeacher *command)
{
    command->post = INSERVICE__TEACHER__V1__POST_KIND__POST_KIND_UNSPECIFIED;
}

static void
yesterday(RegisterTeacher *command)
{
    command->effective_on = wire_member("2026-07-31");
}

static void
in_91_days(RegisterTeacher *command)
{
    command->effective_on = wire_member("2026-10-31");
}

static void
on_no_day(RegisterTeacher *command)
{
    command->effective_on = wire_member("2026-08-32");
}

static void
with_many_subjects(RegisterTeacher *command)
{
    static char *many[POST_SUBJECTS_MAX + 1];

    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] = wire_member("MATH");
    command->subjects = many;
    command->n_subjects = COUNT_OF(many);
}

static void
with_unknown_title(RegisterTeacher *command)
{
    command->title = wire_member("T99");
}

/* The stage belongs to the post, whatever the school has (O2). */
static void
with_unknown_stage(RegisterTeacher *command)
{
    command->stage = wire_member("T01");
}

static void
with_subject(RegisterTeacher *command, const char *subject_code)
{
    static char *one[1];

    one[0] = wire_member(subject_code);
    command->subjects = one;
    command->n_subjects = 1;
}

static void
with_old_subject(RegisterTeacher *command)
{
    with_subject(command, "OLD");
}

static void
with_future_subject(RegisterTeacher *command)
{
    with_subject(command, "NEW");
}

static void
expecting_a_version(RegisterTeacher *command)
{
    command->order = given_order_on(NORTH_CHIEF, 1);
}

/* R2: as for a person on file whose name differs. */
static void
looked_up(RegisterTeacher *command)
{
    given_look_up(command, NORTH_CHIEF, 1);
}

static const struct {
    const char *code;
    void (*spoil)(RegisterTeacher *command);
} refusals[] = {
    {"UNKNOWN_ACTOR", as_nobody},
    {"UNKNOWN_ACTOR", as_client},
    {"NOT_PERMITTED", as_operator},
    {"NOT_PERMITTED", as_other_school},
    {"NOT_PERMITTED", as_centre},
    {"NOT_PERMITTED", as_platform},
    {"NOT_PERMITTED", as_teacher},
    {"UNIT_HAS_NO_TEACHERS", at_centre},
    {"ACTOR_NOT_KNOWN_YET", as_newcomer},
    {"NOT_PERMITTED", at_shut_school}, /* its officers may nothing */
    {"NOT_PERMITTED", at_shut_school_that_claims_to_be_open},
    {"ORGANIZATION_CLOSED", closed_by_newer_command},
    {"ID_NUMBER_INVALID", without_number},
    {"ID_NUMBER_INVALID", without_number_kind},
    {"ID_NUMBER_INVALID", with_an_endless_number},
    {"ID_NUMBER_INVALID", with_a_cut_number},
    {"ID_NUMBER_INVALID", with_a_number_of_no_key},
    {"CODE_UNKNOWN", with_an_endless_title},
    {"BAD_FORM", with_no_address},
    {"BAD_FORM", without_name},
    {"BAD_FORM", with_invisible_name},
    {"BAD_FORM", with_lost_note},
    {"BAD_FORM", with_other_letters_in_email},
    {"BAD_FORM", without_post},
    {"BAD_FORM", yesterday},
    {"BAD_FORM", in_91_days},
    {"BAD_FORM", on_no_day},
    {"BAD_FORM", with_many_subjects},
    {"BAD_FORM", with_numbers_for_a_name},
    {"BAD_FORM", with_a_lost_name},
    {"CODE_UNKNOWN", with_unknown_title},
    {"CODE_UNKNOWN", with_unknown_stage},
    {"CODE_UNKNOWN", with_old_subject},
    {"CODE_UNKNOWN", with_future_subject},
    {"TEACHER_ON_FILE", expecting_a_version},
    {"TEACHER_ON_FILE", looked_up},
};

/* Such a row could not be written, and the lane would park its key. */
static void
test_r01_a_person_has_an_id(void **state)
{
    static const char *const ids[] = {
        "me",
        "0190A000-0000-7000-8000-000000000001",
        "{0190a000-0000-7000-8000-000000000001}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        RegisterTeacher *command = given_registration(NORTH_CHIEF, NORTH);
        command->person_id = wire_member(ids[i]);
        assert_refused(fixture, ids[i], &command->base, "BAD_FORM");
    }
}

static void
test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        RegisterTeacher *command = given_registration(NORTH_CHIEF, NORTH);
        refusals[i].spoil(command);
        print_message("row %zu %s\n", i, refusals[i].code);
        assert_refused(fixture, person, &command->base, refusals[i].code);
        assert_null(teacher_now());
    }
}

/* --- a new teacher ------------------------------------------------------ */
static void
test_new_teacher(void **state)
{
    const char *move_id = given_teacher_at_north();
    const TeacherRegistered *fact = SAID_ONCE(teacher_registered);
    const TeacherState *now = state_now();

    (void)state;
    assert_string_equal(fact->organization, NORTH);
    assert_string_equal(fact->move_id, move_id);
    assert_int_equal(fact->post, POST_PRIMARY);
    assert_int_equal(fact->fact->version, 1);
    assert_string_equal(fact->fact->actor_account_id,
                        given_account(NORTH_CHIEF));
    assert_organizations(fact->organizations, fact->n_organizations, NORTH);
    assert_posts(NORTH "*");
    assert_string_equal(now->name, "謝雨威");
    assert_string_equal(now->posts[0]->since, TODAY);
    assert_string_equal(now->posts[0]->subjects[0], "MATH");
    assert_int_equal(now->n_moves, 1);
    assert_int_equal(now->moves[0]->cause, MOVE_REGISTERED);
    assert_int_equal(now->moves[0]->done_at, FIXTURE_START);
    assert_string_equal(fixture_outcome(fixture)->done->subject, person);
    assert_int_equal(fixture_outcome(fixture)->done->version, 1);
}

static void
test_who_else_may(void **state)
{
    (void)state;
    given_post(NORTH_CONTACT, NORTH, POST_PRIMARY, "");
    person = fixture_id(fixture, 2);
    given_post(ELM_CHIEF, LEAF, POST_PRIMARY, ""); /* its branch */
}

/* --- secondary posts (T11) ---------------------------------------------- */
static void
test_secondary_post(void **state)
{
    (void)state;
    given_teacher_at_north();
    given_post(SOUTH_CHIEF, SOUTH, POST_SECONDARY, "");
    const TeacherRegistered *fact = SAID_ONCE(teacher_registered);
    assert_int_equal(fact->post, POST_SECONDARY);
    assert_organizations(fact->organizations, fact->n_organizations,
                         NORTH " " SOUTH);
    assert_posts(NORTH "* " SOUTH);

    given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, ""); /* becomes the primary */
    const TeacherTransferred *moved = SAID_ONCE(teacher_transferred);
    assert_string_equal(moved->from_organization, NORTH);
    assert_posts(SOUTH "*");
}

static void
test_too_many_posts(void **state)
{
    char code[CODE_MAX];
    RegisterTeacher *command;

    (void)state;
    given_teacher_at_north();
    for (int i = 1; i < POSTS_MAX; i++) {
        struct post post = {
            .post_id = fixture_id(fixture, 5000 + (unsigned)i),
            .person_id = person,
            .kind = POST_SECONDARY,
            .state = POST_OPEN,
            .since = TODAY,
        };
        snprintf(code, sizeof code, "S%d", i);
        post.organization = code;
        post.title = post.stage = post.unit_note = post.subjects = "";
        fixture_put(fixture, &posts, &post);
    }
    command = given_registration(SOUTH_CHIEF, SOUTH);
    given_look_up(command, SOUTH_CHIEF, 1);
    command->post = INSERVICE__TEACHER__V1__POST_KIND__POST_KIND_SECONDARY;
    assert_refused(fixture, person, &command->base, "BAD_FORM");
}

/* --- plans -------------------------------------------------------------- */
static void
test_planned_pull(void **state)
{
    const char *move_id;
    day_number day = 0;

    (void)state;
    given_teacher_at_north();
    move_id = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
    const MovePlanned *fact = SAID_ONCE(move_planned);
    assert_string_equal(fact->move_id, move_id);
    assert_string_equal(fact->from_organization, NORTH);
    assert_string_equal(fact->to_organization, SOUTH);
    assert_string_equal(fact->effective_on, NEXT_WEEK);
    assert_said_nothing_of(DESCRIPTOR(teacher_transferred));
    assert_posts(NORTH "*");
    assert_int_equal(state_now()->n_moves, 2);
    assert_string_equal(state_now()->moves[0]->move_id, move_id);
    assert_string_equal(state_now()->moves[0]->planned_post->organization,
                        SOUTH);
    assert_string_not_equal(state_now()->moves[0]->planned_post->title, "");
    assert_null(state_now()->moves[1]->planned_post);
    assert_true(day_parse(NEXT_WEEK, &day));
    assert_int_equal(fixture_timer(fixture, timer_of(move_id)), day_start(day));
}

/* The record is there at once, the post when the day comes. */
static void
test_planned_entry_of_a_new_teacher(void **state)
{
    (void)state;
    given_post(NORTH_CHIEF, NORTH, POST_PRIMARY, "2026-10-30");
    assert_posts("");
    assert_int_equal(version_now(), 1);
    assert_string_equal(
        ((const MovePlanned *)SAID_ONCE(move_planned))->from_organization, "");
}

static void
test_newer_plan_replaces(void **state)
{
    const char *first, *second;

    (void)state;
    given_teacher_at_north();
    first = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
    second = given_post(ELM_CHIEF, ELM, POST_PRIMARY, NEXT_WEEK);
    const MoveUndone *undone = SAID_ONCE(move_undone);
    assert_string_equal(undone->move_id, first);
    assert_true(undone->planned);
    assert_int_equal(fixture_timer(fixture, timer_of(first)), DB_NO_TIME);
    assert_int_not_equal(fixture_timer(fixture, timer_of(second)), DB_NO_TIME);
    given_post(SOUTH_CHIEF, SOUTH, POST_SECONDARY,
               NEXT_WEEK); /* another kind */
    assert_said_nothing_of(DESCRIPTOR(move_undone));
}

static void
test_wrong_lane(void **state)
{
    RegisterTeacher *command = given_registration(NORTH_CHIEF, NORTH);

    (void)state;
    assert_int_not_equal(lane_of(CENTRE), lane_of(person));
    assert_refused(fixture, CENTRE, &command->base, "WRONG_LANE");
}

CASES(register_teacher, CASE(test_refusals), CASE(test_r01_a_person_has_an_id),
      CASE(test_new_teacher), CASE(test_who_else_may),
      CASE(test_secondary_post), CASE(test_too_many_posts),
      CASE(test_planned_pull), CASE(test_planned_entry_of_a_new_teacher),
      CASE(test_newer_plan_replaces), CASE(test_wrong_lane));
