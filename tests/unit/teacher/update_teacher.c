/* UpdateTeacher: who edits which fields, what counts as a change. T5 T10 T14.
 */
#include "given.h"

#define GIVE(command, field, UPPER, value)                                     \
    ((command)->field##_presence_case =                                        \
         INSERVICE__TEACHER__V1__UPDATE_TEACHER__##UPPER##_PRESENCE_##UPPER,   \
     (command)->field = (value))
#define GIVE_TEXT(command, field, UPPER, value)                                \
    GIVE(command, field, UPPER, wire_member(value))

static void
give_subjects(UpdateTeacher *command, char **codes_given, size_t count)
{
    Inservice__Teacher__V1__Subjects *given =
        ARENA_NEW(fixture_arena(fixture), Inservice__Teacher__V1__Subjects);

    inservice__teacher__v1__subjects__init(given);
    given->codes = codes_given;
    given->n_codes = count;
    GIVE(command, subjects, SUBJECTS, given);
}

static void
test_school_edits(void **state)
{
    char *taught[] = {wire_member("MATH"), wire_member("MUSIC")};
    UpdateTeacher *command;

    (void)state;
    given_teacher_at_north();
    command = given_update(NORTH_CONTACT, 1);
    GIVE_TEXT(command, name, NAME, "謝雨葳");
    GIVE(command, sex, SEX, INSERVICE__TEACHER__V1__SEX__SEX_FEMALE);
    GIVE_TEXT(command, email, EMAIL, "");
    GIVE_TEXT(command, title, TITLE, "T02");
    GIVE_TEXT(command, stage, STAGE, "");
    GIVE_TEXT(command, unit_note, UNIT_NOTE, "3F");
    give_subjects(command, taught, 2);
    assert_done(fixture, person, &command->base);

    const TeacherUpdated *fact = SAID_ONCE(teacher_updated);
    assert_organizations(fact->fields, fact->n_fields,
                         "name email sex title stage unit_note subjects");
    assert_string_equal(fact->organization, NORTH);
    assert_int_equal(fact->fact->version, 2);
    const TeacherState *now = state_now();
    assert_string_equal(now->name, "謝雨葳");
    assert_string_equal(now->email, "");
    assert_int_equal(now->sex, 2);
    assert_string_equal(now->posts[0]->title, "T02");
    assert_string_equal(now->posts[0]->stage, "");
    assert_string_equal(now->posts[0]->unit_note, "3F");
    assert_int_equal(now->posts[0]->n_subjects, 2);
    assert_string_equal(now->posts[0]->subjects[1], "MUSIC");
}

static void
test_nothing_changed(void **state)
{
    UpdateTeacher *command;

    (void)state;
    given_teacher_at_north();
    command = given_update(NORTH_CHIEF, 1);
    GIVE_TEXT(command, title, TITLE, "T01");
    assert_done(fixture, person, &command->base);
    assert_said_nothing_of(DESCRIPTOR(teacher_updated));
    assert_said_nothing_of(DESCRIPTOR(teacher_state));
    assert_int_equal(version_now(), 1);
    assert_int_equal(fixture_outcome(fixture)->done->version, 1);
}

static void
test_subjects_none(void **state)
{
    UpdateTeacher *command;

    (void)state;
    given_teacher_at_north();
    command = given_update(NORTH_CHIEF, 1);
    give_subjects(command, NULL, 0);
    assert_done(fixture, person, &command->base);
    assert_int_equal(state_now()->posts[0]->n_subjects, 0);
}

static void
test_teacher_edits_himself(void **state)
{
    UpdateTeacher *command;

    (void)state;
    given_teacher_at_north();
    command = given_update(TEACHER, 1);
    GIVE_TEXT(command, title, TITLE, "T02");
    GIVE_TEXT(command, email, EMAIL, "new@example.edu.tw");
    assert_done(fixture, person, &command->base);
    command = given_update(TEACHER, 2);
    GIVE_TEXT(command, name, NAME, "謝雨葳");
    assert_refused(fixture, person, &command->base, "FIELD_NOT_YOURS");
    command = given_update(TEACHER, 2);
    GIVE(command, sex, SEX, INSERVICE__TEACHER__V1__SEX__SEX_FEMALE);
    assert_refused(fixture, person, &command->base, "FIELD_NOT_YOURS");
    /* T7: the note is what the school writes about them. */
    command = given_update(TEACHER, 2);
    GIVE_TEXT(command, unit_note, UNIT_NOTE, "");
    assert_refused(fixture, person, &command->base, "FIELD_NOT_YOURS");
}

static void
test_teacher_without_school(void **state)
{
    UpdateTeacher *command;

    (void)state;
    given_teacher_at_north();
    assert_done(fixture, person, &given_leave(NORTH_CHIEF, NORTH, 1)->base);
    command = given_update(TEACHER, 2);
    GIVE_TEXT(command, title, TITLE, "T02");
    assert_refused(fixture, person, &command->base, "NOT_AT_THIS_SCHOOL");
    command = given_update(NORTH_CHIEF, 2);
    GIVE_TEXT(command, email, EMAIL, "");
    assert_refused(fixture, person, &command->base, "NOT_AT_THIS_SCHOOL");
    command = given_update(TEACHER, 2);
    GIVE_TEXT(command, email, EMAIL, "");
    assert_done(fixture, person, &command->base);
    assert_string_equal(
        ((const TeacherUpdated *)SAID_ONCE(teacher_updated))->organization, "");
}

/* T11: a secondary school edits only its own post. */
static void
test_secondary_school(void **state)
{
    UpdateTeacher *command;

    (void)state;
    given_teacher_at_north();
    given_post(SOUTH_CHIEF, SOUTH, POST_SECONDARY, "");
    command = given_update(SOUTH_CHIEF, 2);
    command->organization = wire_member(SOUTH);
    GIVE_TEXT(command, email, EMAIL, "");
    assert_refused(fixture, person, &command->base, "FIELD_NOT_YOURS");
    command = given_update(SOUTH_CHIEF, 2);
    GIVE_TEXT(command, title, TITLE, "T02"); /* the primary school's post */
    assert_refused(fixture, person, &command->base, "NOT_PERMITTED");
    command->organization = wire_member(SOUTH);
    assert_done(fixture, person, &command->base);
    assert_string_equal(state_now()->posts[0]->title, "T01");
    assert_string_equal(state_now()->posts[1]->title, "T02");
}

static const struct {
    const char *code;
    enum who who;
    int64_t version;
    const char *school;
    const char *name;
    const char *title;
} refusals[] = {
    {"UNKNOWN_ACTOR", SYSTEM, 1, "", "謝", "T01"},
    {"ACTOR_NOT_KNOWN_YET", NEWCOMER, 1, "", "謝", "T01"},
    {"NOT_PERMITTED", NORTH_OPERATOR, 1, "", "謝", "T01"},
    {"NOT_PERMITTED", SOUTH_CHIEF, 1, "", "謝", "T01"},
    {"NOT_PERMITTED", CENTRE_CHIEF, 1, "", "謝", "T01"},
    {"NOT_PERMITTED", PLATFORM_CHIEF, 1, NORTH, "謝", "T01"},
    {"NOT_AT_THIS_SCHOOL", SOUTH_CHIEF, 1, SOUTH, "謝", "T01"},
    {"CHANGED", NORTH_CHIEF, 2, "", "謝", "T01"},
    {"BAD_FORM", NORTH_CHIEF, 1, "", "", "T01"},
    {"BAD_FORM", NORTH_CHIEF, 1, "", "謝\n", "T01"},
    {"BAD_FORM", NORTH_CHIEF, 1, "", "謝雨威\u200E", "T01"},
    {"BAD_FORM", NORTH_CHIEF, 1, "", "\u3164", "T01"},
    {"BAD_FORM", NORTH_CHIEF, 1, "", "\u0301", "T01"},
    {"BAD_FORM", NORTH_CHIEF, 1, "", "Jose\u0301", "T01"},
    {"CODE_UNKNOWN", NORTH_CHIEF, 1, "", "謝", "T99"},
};

static void
test_refusals(void **state)
{
    (void)state;
    given_teacher_at_north();
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        UpdateTeacher *command =
            given_update(refusals[i].who, refusals[i].version);
        command->organization = wire_member(refusals[i].school);
        GIVE_TEXT(command, name, NAME, refusals[i].name);
        GIVE_TEXT(command, title, TITLE, refusals[i].title);
        print_message("row %zu %s\n", i, refusals[i].code);
        assert_refused(fixture, person, &command->base, refusals[i].code);
    }
    person = fixture_id(fixture, 7);
    UpdateTeacher *command = given_update(NORTH_CHIEF, 1);
    assert_refused(fixture, person, &command->base, "NOT_FOUND");
}

/* Every unknown code is named, so that a form can show them all. */
static void
test_unknown_codes_are_named(void **state)
{
    char *taught[] = {wire_member("MATH"), wire_member("X1"),
                      wire_member("X2")};
    UpdateTeacher *command;

    (void)state;
    given_teacher_at_north();
    command = given_update(NORTH_CHIEF, 1);
    give_subjects(command, taught, 3);
    assert_refused(fixture, person, &command->base, "CODE_UNKNOWN");
    const Inservice__Common__V1__Refused *refused =
        fixture_outcome(fixture)->refused;
    assert_int_equal(refused->n_details, 2);
    assert_string_equal(refused->details[1]->pointer, "/subjects/2");
    assert_string_equal(refused->details[1]->text, "X2");
}

/* F17: a subject named twice is taught once; an empty code is none. */
static void
test_f17_a_subject_is_kept_once(void **state)
{
    static const struct {
        const char *named[4];
        size_t count;
        const char *kept;
    } cases[] = {
        {{"MATH", "MATH"}, 2, "MATH"},
        {{"MUSIC", "MATH", "MUSIC"}, 3, "MUSIC MATH"},
        {{"MATH", "MUSIC", "MUSIC", "MATH"}, 4, "MATH MUSIC"},
        {{"", "MATH", ""}, 3, "MATH"},
        {{""}, 1, ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        given_nothing_more(state);
        given_schools(state);
        RegisterTeacher *entry = given_registration(NORTH_CHIEF, NORTH);
        entry->subjects = (char **)(uintptr_t)cases[i].named;
        entry->n_subjects = cases[i].count;
        assert_done(fixture, person, &entry->base);
        assert_organizations(state_now()->posts[0]->subjects,
                             state_now()->posts[0]->n_subjects, cases[i].kept);

        given_nothing_more(state);
        given_schools(state);
        given_teacher_at_north();
        UpdateTeacher *change = given_update(NORTH_CHIEF, 1);
        give_subjects(change, (char **)(uintptr_t)cases[i].named,
                      cases[i].count);
        assert_done(fixture, person, &change->base);
        const struct post *post = fixture_child(fixture, &posts, person, 0);
        assert_string_equal(post->subjects, cases[i].kept);
    }
}

static UpdateTeacher *
update_of(enum who who, int64_t version, const char *school)
{
    UpdateTeacher *command = given_update(who, version);

    command->organization = wire_member(school);
    command->name = wire_member("謝雨薇");
    command->name_presence_case =
        INSERVICE__TEACHER__V1__UPDATE_TEACHER__NAME_PRESENCE_NAME;
    command->unit_note = wire_member(fixture_order(fixture)->command_id);
    command->unit_note_presence_case =
        INSERVICE__TEACHER__V1__UPDATE_TEACHER__UNIT_NOTE_PRESENCE_UNIT_NOTE;
    return command;
}

/* F4: the school that entered a new person for a later day edits the record and
 * the awaited post, whatever its kind; no other school does. */
static void
test_f04_planning_school_edits_a_new_person(void **state)
{
    for (int kind = POST_PRIMARY; kind <= POST_SECONDARY; kind++) {
        given_nothing_more(state);
        given_schools(state);
        const char *plan = given_post(NORTH_CHIEF, NORTH, kind, NEXT_WEEK);
        UpdateTeacher *command = update_of(NORTH_CONTACT, 1, NORTH);
        assert_done(fixture, person, &command->base);
        assert_string_equal(teacher_now()->name, "謝雨薇");
        const struct post *post = fixture_child(fixture, &posts, person, 0);
        assert_string_equal(post->unit_note, command->unit_note);
        assert_int_equal(post->state, POST_PLANNED);
        assert_refused(fixture, person, &update_of(SOUTH_CHIEF, 2, NORTH)->base,
                       "NOT_PERMITTED");
        assert_refused(fixture, person, &update_of(SOUTH_CHIEF, 2, SOUTH)->base,
                       "NOT_AT_THIS_SCHOOL");
        assert_true(fixture_fire(fixture, timer_of(plan)));
        assert_string_equal(state_now()->posts[0]->unit_note,
                            command->unit_note);
    }
}

/* F4: a plan gives no right over a person who is at a school, and none after it
 * was dropped. */
static void
test_f04_a_plan_alone_gives_no_right(void **state)
{
    const char *plan;

    (void)state;
    given_teacher_at_north();
    given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
    assert_refused(fixture, person, &update_of(SOUTH_CHIEF, 2, SOUTH)->base,
                   "NOT_AT_THIS_SCHOOL");
    assert_done(fixture, person, &update_of(NORTH_CHIEF, 2, NORTH)->base);

    given_nothing_more(state);
    given_schools(state);
    plan = given_post(NORTH_CHIEF, NORTH, POST_PRIMARY, NEXT_WEEK);
    assert_done(fixture, person, &given_undo(NORTH_CHIEF, plan, 1)->base);
    assert_refused(fixture, person, &update_of(NORTH_CHIEF, 2, NORTH)->base,
                   "NOT_AT_THIS_SCHOOL");
}

/* F4: two schools await the person: the primary one has the person's fields. */
static void
test_f04_two_schools_await_the_person(void **state)
{
    UpdateTeacher *command;

    (void)state;
    given_post(NORTH_CHIEF, NORTH, POST_PRIMARY, NEXT_WEEK);
    given_post(SOUTH_CHIEF, SOUTH, POST_SECONDARY, NEXT_WEEK);
    assert_refused(fixture, person, &update_of(SOUTH_CHIEF, 2, SOUTH)->base,
                   "FIELD_NOT_YOURS");
    command = update_of(SOUTH_CHIEF, 2, SOUTH);
    command->name_presence_case =
        INSERVICE__TEACHER__V1__UPDATE_TEACHER__NAME_PRESENCE__NOT_SET;
    assert_done(fixture, person, &command->base);
    assert_done(fixture, person, &update_of(NORTH_CHIEF, 3, NORTH)->base);
}

/* Codes of a post that is awaited are those valid when it begins. */
static void
test_f04_codes_of_the_day_it_begins(void **state)
{
    static char *future[] = {(char *)(uintptr_t) "NEW"};
    Inservice__Teacher__V1__Subjects subjects;
    UpdateTeacher *command;

    (void)state;
    given_post(NORTH_CHIEF, NORTH, POST_PRIMARY, NEXT_WEEK);
    inservice__teacher__v1__subjects__init(&subjects);
    subjects.codes = future;
    subjects.n_codes = COUNT_OF(future);
    command = given_update(NORTH_CHIEF, 1);
    command->subjects = &subjects;
    command->subjects_presence_case =
        INSERVICE__TEACHER__V1__UPDATE_TEACHER__SUBJECTS_PRESENCE_SUBJECTS;
    assert_done(fixture, person, &command->base);
}

/* A person without a primary school: the school there is keeps the record. */
static void
test_secondary_school_of_somebody_without_primary(void **state)
{
    (void)state;
    given_teacher_at_north();
    given_post(SOUTH_CHIEF, SOUTH, POST_SECONDARY, "");
    assert_refused(fixture, person, &update_of(SOUTH_CHIEF, 2, SOUTH)->base,
                   "FIELD_NOT_YOURS");
    assert_done(fixture, person, &given_leave(NORTH_CHIEF, NORTH, 2)->base);
    assert_done(fixture, person, &update_of(SOUTH_CHIEF, 3, SOUTH)->base);
}

/* The gateway checks the form first; a message of its own does not pass. */
static void
test_owner_checks_the_address(void **state)
{
    static const char *const wrong[] = {"a", "a@", "a@b c.tw", "@example.tw"};

    (void)state;
    given_teacher_at_north();
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        UpdateTeacher *command = given_update(NORTH_CHIEF, 1);
        command->email = wire_member(wrong[i]);
        command->email_presence_case =
            INSERVICE__TEACHER__V1__UPDATE_TEACHER__EMAIL_PRESENCE_EMAIL;
        assert_refused(fixture, person, &command->base, "BAD_FORM");
    }
}

/* An officer who was disabled after the order has no right, also to themselves.
 */
static void
test_disabled_officer_edits_not_even_own_record(void **state)
{
    UpdateTeacher *command;

    (void)state;
    person = fixture_id(fixture, 901);
    given_post(NORTH_CONTACT, NORTH, POST_PRIMARY, "");
    command = given_update(NORTH_CHIEF, 1);
    command->email = wire_member("a@example.edu.tw");
    command->email_presence_case =
        INSERVICE__TEACHER__V1__UPDATE_TEACHER__EMAIL_PRESENCE_EMAIL;
    assert_done(fixture, person, &command->base);
    given_officer(NORTH_CHIEF, 4, ACCOUNT_DISABLED, 31);
    command->order = given_order_on(NORTH_CHIEF, 2);
    command->email = wire_member("b@example.edu.tw");
    assert_refused(fixture, person, &command->base, "UNKNOWN_ACTOR");
}

CASES(update_teacher, CASE(test_school_edits), CASE(test_nothing_changed),
      CASE(test_subjects_none), CASE(test_teacher_edits_himself),
      CASE(test_teacher_without_school), CASE(test_secondary_school),
      CASE(test_refusals), CASE(test_unknown_codes_are_named),
      CASE(test_f17_a_subject_is_kept_once),
      CASE(test_f04_planning_school_edits_a_new_person),
      CASE(test_f04_a_plan_alone_gives_no_right),
      CASE(test_f04_two_schools_await_the_person),
      CASE(test_f04_codes_of_the_day_it_begins),
      CASE(test_secondary_school_of_somebody_without_primary),
      CASE(test_owner_checks_the_address),
      CASE(test_disabled_officer_edits_not_even_own_record));
