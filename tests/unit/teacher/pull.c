/* RegisterTeacher of a person on file: the pull, after its look-up. T1 T12. */
#include "given.h"

#include "chassis/base/clock.h"

static void
test_pull(void **state)
{
    RegisterTeacher *command;

    (void)state;
    given_teacher_at_north();
    command = given_registration(SOUTH_CONTACT, SOUTH);
    given_look_up(command, SOUTH_CONTACT, 1);
    command->name = wire_member(" 謝雨威 ");
    command->email = wire_member("other@example.edu.tw");
    assert_done(fixture, person, &command->base);

    const TeacherTransferred *fact = SAID_ONCE(teacher_transferred);
    assert_string_equal(fact->from_organization, NORTH);
    assert_string_equal(fact->to_organization, SOUTH);
    assert_int_equal(fact->cause, MOVE_REGISTERED);
    assert_int_equal(fact->fact->version, 2);
    assert_organizations(fact->organizations, fact->n_organizations, SOUTH);
    assert_said_nothing_of(DESCRIPTOR(teacher_left));
    assert_posts(SOUTH "*");
    const TeacherState *now = state_now();
    assert_int_equal(now->n_posts, 2); /* and the one closed last */
    assert_string_equal(now->posts[1]->organization, NORTH);
    assert_string_equal(now->posts[1]->until, TODAY);
    assert_int_equal(now->posts[1]->reason, LEAVE_MOVED);
    assert_string_equal(now->email, "hsieh@example.edu.tw"); /* on record */
}

/* The name on file, as another keyboard types it. */
static void
test_f01_pull_by_another_spelling(void **state)
{
    static const char *const spellings[][2] = {
        {"Nguyễn Thị Hồng", "NGUYE\u0302\u0303N Thi\u0323 Hồng"},
        {"李\uF9E1", "李李"},
        {"瓦歷斯·諾幹", "瓦歷斯\u30FB諾幹"},
        {"O'Brien", "o\u2019brien\u200E"},
        {"Chien-ming", "Chien\u2011ming"},
        {"臺生", "\uFEFF台 生"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        person = fixture_id(fixture, 100 + (unsigned)i);
        RegisterTeacher *command = given_registration(NORTH_CHIEF, NORTH);
        command->name = wire_member(spellings[i][0]);
        assert_done(fixture, person, &command->base);
        command = given_registration(SOUTH_CHIEF, SOUTH);
        given_look_up(command, SOUTH_CHIEF, 1);
        command->name = wire_member(spellings[i][1]);
        assert_done(fixture, person, &command->base);
        assert_string_equal(state_now()->name, spellings[i][0]);
    }
}

static void
test_pull_refusals(void **state)
{
    RegisterTeacher *command;

    (void)state;
    given_teacher_at_north();
    command = given_registration(SOUTH_CHIEF, SOUTH);
    for (int64_t version = 0; version <= 2; version += 2) {
        given_look_up(command, SOUTH_CHIEF, version);
        assert_refused(fixture, person, &command->base, "TEACHER_CHANGED");
        assert_int_equal(fixture_outcome(fixture)->refused->current_version, 0);
    }
    command = given_registration(NORTH_CHIEF, NORTH);
    assert_refused(fixture, person, &command->base, "ALREADY_HERE");
    given_look_up(command, NORTH_CHIEF, 1);
    command->post = INSERVICE__TEACHER__V1__POST_KIND__POST_KIND_SECONDARY;
    assert_refused(fixture, person, &command->base, "ALREADY_HERE");
    assert_int_equal(version_now(), 1);
}

/* --- R2: each spoils the evidence of a sound pull ------------------------- */
static void
without_look_up(RegisterTeacher *command)
{
    command->look_up = NULL;
}

static void
without_version(RegisterTeacher *command)
{
    command->order = given_order(SOUTH_CHIEF);
}

static void
with_nothing(RegisterTeacher *command)
{
    without_look_up(command);
    without_version(command);
}

static void
with_another_name(RegisterTeacher *command)
{
    command->name = wire_member("謝雨葳");
}

static void
with_another_name_and_version(RegisterTeacher *command)
{
    with_another_name(command);
    command->order->expected_version = 7;
}

static void
with_a_guessed_version(RegisterTeacher *command)
{
    without_look_up(command);
    command->order->expected_version = 999;
}

static void
with_an_unnoted_look_up(RegisterTeacher *command)
{
    command->look_up->audit_id = wire_member("");
}

static void
with_a_look_up_noted_nowhere(RegisterTeacher *command)
{
    command->look_up->audit_id = wire_member("noted");
}

static void
with_a_look_up_before_all_time(RegisterTeacher *command)
{
    command->look_up->at = INT64_MIN + command->order->at;
}

static void
with_a_look_up_of_another_unit(RegisterTeacher *command)
{
    command->look_up->organization = wire_member(ELM);
}

static void
with_a_look_up_of_no_unit(RegisterTeacher *command)
{
    command->look_up->organization = wire_member("");
}

static void
with_an_old_look_up(RegisterTeacher *command)
{
    command->look_up->at -= DAYS(1) + 1;
}

static void
with_a_look_up_to_come(RegisterTeacher *command)
{
    command->look_up->at += DAYS(1);
}

static void
test_r02_no_pull_without_a_look_up(void **state)
{
    static void (*const spoils[])(RegisterTeacher * command) = {
        without_look_up,
        without_version,
        with_nothing,
        with_another_name,
        with_another_name_and_version,
        with_a_guessed_version,
        with_an_unnoted_look_up,
        with_a_look_up_noted_nowhere,
        with_a_look_up_before_all_time,
        with_a_look_up_of_another_unit,
        with_a_look_up_of_no_unit,
        with_an_old_look_up,
        with_a_look_up_to_come,
    };
    RegisterTeacher *command;

    (void)state;
    given_teacher_at_north();
    for (size_t post = POST_PRIMARY; post <= POST_SECONDARY; post++) {
        for (size_t i = 0; i < COUNT_OF(spoils); i++) {
            command = given_registration(SOUTH_CHIEF, SOUTH);
            command->post = (Inservice__Teacher__V1__PostKind)post;
            given_look_up(command, SOUTH_CHIEF, 1);
            spoils[i](command);
            print_message("row %zu\n", i);
            assert_refused(fixture, person, &command->base, "TEACHER_ON_FILE");
            const Inservice__Common__V1__Refused *refused =
                fixture_outcome(fixture)->refused;
            assert_int_equal(refused->current_version, 0);
            assert_int_equal(refused->n_details, 0);
        }
    }
    command = given_registration(SOUTH_CHIEF, SOUTH);
    given_look_up(command, SOUTH_CHIEF, 1);
    command->look_up->at -= DAYS(1);
    assert_done(fixture, person, &command->base);
}

/* R2: an unknown number is answered as a known one, except for the entry. */
static void
test_r02_unknown_number_with_a_version(void **state)
{
    RegisterTeacher *command = given_registration(SOUTH_CHIEF, SOUTH);

    (void)state;
    command->order = given_order_on(SOUTH_CHIEF, 999);
    assert_refused(fixture, person, &command->base, "TEACHER_ON_FILE");
    assert_int_equal(fixture_outcome(fixture)->refused->current_version, 0);
    assert_null(teacher_now());
}

/* T12: both saw version 1; the first to be decided wins. */
static void
test_two_schools_pull(void **state)
{
    RegisterTeacher *south, *elm;

    (void)state;
    given_teacher_at_north();
    south = given_registration(SOUTH_CHIEF, SOUTH);
    given_look_up(south, SOUTH_CHIEF, 1);
    elm = given_registration(ELM_CHIEF, ELM);
    given_look_up(elm, ELM_CHIEF, 1);
    assert_done(fixture, person, &south->base);
    assert_refused(fixture, person, &elm->base, "TEACHER_CHANGED");
    assert_int_equal(fixture_outcome(fixture)->refused->current_version, 0);
}

static void
test_pull_brake(void **state)
{
    RegisterTeacher *command;

    (void)state;
    given_teacher_at_north();
    command = given_registration(SOUTH_CHIEF, SOUTH);
    given_look_up(command, SOUTH_CHIEF, 1);
    command->recent_pulls = (uint32_t)teacher_settings.pulls_per_day;
    assert_refused(fixture, person, &command->base, "PULL_BRAKE");
    command->post = INSERVICE__TEACHER__V1__POST_KIND__POST_KIND_SECONDARY;
    assert_done(fixture, person, &command->base); /* takes from no school */
}

CASES(pull, CASE(test_pull), CASE(test_f01_pull_by_another_spelling),
      CASE(test_pull_refusals), CASE(test_r02_no_pull_without_a_look_up),
      CASE(test_r02_unknown_number_with_a_version), CASE(test_two_schools_pull),
      CASE(test_pull_brake));
