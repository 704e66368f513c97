/* A merged unit's teachers follow into its successor: OrganizationClosed,
 * SpreadMerger, FollowMerger. O3. */
#include "given.h"

#define EVENT_TOPIC "inservice.account.event.v1"

static FollowMerger *
following(const char *from, const char *into)
{
    FollowMerger *m = ARENA_NEW(fixture_arena(fixture), FollowMerger);

    inservice__teacher__v1__follow_merger__init(m);
    m->order = given_order(SYSTEM);
    m->person_id = wire_member(person);
    m->from_organization = wire_member(from);
    m->into = wire_member(into);
    return m;
}

static SpreadMerger *
spreading(enum who who, const char *from)
{
    SpreadMerger *m = ARENA_NEW(fixture_arena(fixture), SpreadMerger);

    inservice__teacher__v1__spread_merger__init(m);
    m->order = given_order(who);
    m->organization = wire_member(from);
    m->into = wire_member(SOUTH);
    return m;
}

static void
hear_closed(const char *code, const char *into)
{
    Inservice__Common__V1__Fact head;
    OrganizationClosed fact;

    inservice__common__v1__fact__init(&head);
    inservice__account__v1__organization_closed__init(&fact);
    head.version = 4;
    fact.fact = &head;
    fact.code = wire_member(code);
    fact.into = wire_member(into);
    fixture_hear(fixture, TOPIC_EVENT, EVENT_TOPIC, code, code, 4, &fact.base);
}

static void
given_person_at(const char *code, unsigned n)
{
    struct person_at_unit row = {.person_id = fixture_id(fixture, n),
                                 .organization = code};

    fixture_put(fixture, &persons_at_units, &row);
}

static void
test_o3_the_primary_post_follows(void **state)
{
    (void)state;
    given_teacher_at_north();
    assert_done(fixture, person, &following(NORTH, SOUTH)->base);
    const TeacherTransferred *fact = SAID_ONCE(teacher_transferred);
    assert_string_equal(fact->from_organization, NORTH);
    assert_string_equal(fact->to_organization, SOUTH);
    assert_int_equal(fact->cause, MOVE_MERGER);
    assert_string_equal(fact->fact->actor_account_id, "");
    assert_posts(SOUTH "*");
    const TeacherState *now = state_now();
    assert_string_equal(now->posts[0]->title, now->posts[1]->title);
    assert_string_equal(now->posts[0]->subjects[0], "MATH");
    assert_string_equal(now->posts[0]->since, TODAY);
    assert_int_equal(now->posts[0]->source, MOVE_MERGER);
    assert_int_equal(now->posts[1]->reason, LEAVE_MOVED);
    /* Once more: nothing is left to do. */
    assert_done(fixture, person, &following(NORTH, SOUTH)->base);
    assert_int_equal(version_now(), 2);
}

static void
test_o3_a_secondary_post_follows_as_one(void **state)
{
    (void)state;
    given_teacher_at_north();
    given_post(ELM_CHIEF, ELM, POST_SECONDARY, "");
    assert_done(fixture, person, &following(ELM, SOUTH)->base);
    SAID_ONCE(teacher_transferred);
    assert_posts(NORTH "* " SOUTH);
}

static void
test_o3_two_posts_become_one(void **state)
{
    (void)state;
    given_teacher_at_north();
    given_post(SOUTH_CHIEF, SOUTH, POST_SECONDARY, "");
    assert_done(fixture, person, &following(SOUTH, NORTH)->base);
    const TeacherLeft *fact = SAID_ONCE(teacher_left);
    assert_int_equal(fact->reason, LEAVE_MOVED);
    assert_posts(NORTH "*");
}

static void
test_o3_the_primary_post_takes_the_place_of_a_secondary(void **state)
{
    (void)state;
    given_teacher_at_north();
    given_post(SOUTH_CHIEF, SOUTH, POST_SECONDARY, "");
    assert_done(fixture, person, &following(NORTH, SOUTH)->base);
    SAID_ONCE(teacher_transferred);
    assert_posts(SOUTH "*");
}

/* T1: what was planned for August happens in August. */
static void
test_o3_plans_follow(void **state)
{
    const char *plan;

    (void)state;
    given_teacher_at_north();
    plan = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
    assert_done(fixture, person, &following(SOUTH, ELM)->base);
    const MovePlanned *fact = SAID_ONCE(move_planned);
    assert_string_equal(fact->to_organization, ELM);
    assert_string_equal(fact->move_id, plan);
    assert_done(fixture, person, &following(NORTH, LEAF)->base);
    assert_posts(LEAF "*");
    assert_true(fixture_fire(fixture, timer_of(plan)));
    const TeacherTransferred *moved = SAID_ONCE(teacher_transferred);
    assert_string_equal(moved->from_organization, LEAF);
    assert_posts(ELM "*");
}

static void
test_o3_a_planned_leave_follows(void **state)
{
    LeaveSchool *leave;

    (void)state;
    given_teacher_at_north();
    leave = given_planned_leave(NORTH_CHIEF, NORTH, 1);
    assert_done(fixture, person, &following(NORTH, SOUTH)->base);
    assert_posts(SOUTH "*");
    assert_true(fixture_fire(fixture, timer_of(leave->order->command_id)));
    const TeacherLeft *fact = SAID_ONCE(teacher_left);
    assert_string_equal(fact->organization, SOUTH);
}

/* The teacher is there now, and a merger is never undone. */
static void
test_o3_a_plan_for_the_successor_is_dropped(void **state)
{
    (void)state;
    given_teacher_at_north();
    given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
    assert_done(fixture, person, &following(NORTH, SOUTH)->base);
    assert_true(((const MoveUndone *)SAID_ONCE(move_undone))->planned);
    assert_posts(SOUTH "*");
}

/* The secondary post becomes the primary one on that day. */
static void
test_o3_a_better_plan_for_the_successor_stays(void **state)
{
    const char *plan;

    (void)state;
    given_teacher_at_north();
    given_post(ELM_CHIEF, ELM, POST_SECONDARY, "");
    plan = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
    assert_done(fixture, person, &following(ELM, SOUTH)->base);
    assert_said_nothing_of(DESCRIPTOR(move_undone));
    assert_true(fixture_fire(fixture, timer_of(plan)));
    assert_posts(SOUTH "*");
}

/* North merged into South, and South into Elm a moment later. */
static void
test_o3_two_mergers_in_a_row(void **state)
{
    (void)state;
    given_teacher_at_north();
    given_school_state(SOUTH, ORGANIZATION_MERGED_INTO, ELM);
    assert_done(fixture, person, &following(NORTH, SOUTH)->base);
    assert_posts(SOUTH "*");
    assert_int_equal(fixture_deliver(fixture), 1);
    assert_posts(ELM "*");
    assert_int_equal(fixture_deliver(fixture), 0);
}

static void
test_o3_only_the_system_merges(void **state)
{
    FollowMerger *m;

    (void)state;
    given_teacher_at_north();
    m = following(NORTH, SOUTH);
    m->order = given_order(PLATFORM_CHIEF);
    assert_refused(fixture, person, &m->base, "NOT_PERMITTED");
    assert_refused(fixture, NORTH, &spreading(PLATFORM_CHIEF, NORTH)->base,
                   "NOT_PERMITTED");
}

static void
test_o3_everyone_there_is_ordered_to_follow(void **state)
{
    (void)state;
    given_person_at(SHUT, 810);
    given_person_at(SHUT, 811);
    hear_closed(SHUT, SOUTH);
    assert_int_equal(fixture_count(fixture, DESCRIPTOR(spread_merger)), 1);
    assert_true(fixture_timer(fixture, "merger/" SHUT) != DB_NO_TIME);
    assert_int_equal(fixture_deliver(fixture), 1);
    assert_int_equal(fixture_count(fixture, DESCRIPTOR(follow_merger)), 2);
    assert_true(fixture_timer(fixture, "merger/" SHUT) != DB_NO_TIME);
}

static void
test_o3_it_ends_when_none_is_left_and_the_merger_is_known(void **state)
{
    struct organization_copy shut = {
        .code = SHUT, .version = 4, .status = ORGANIZATION_MERGED_INTO};

    (void)state;
    fixture_put(fixture, &organization_copies, &shut);
    assert_done(fixture, SHUT, &spreading(SYSTEM, SHUT)->base);
    assert_int_equal(fixture_timer(fixture, "merger/" SHUT), DB_NO_TIME);
    /* Our copy still takes registrations there. */
    shut.code = NORTH;
    shut.status = ORGANIZATION_ACTIVE;
    fixture_put(fixture, &organization_copies, &shut);
    assert_done(fixture, NORTH, &spreading(SYSTEM, NORTH)->base);
    assert_true(fixture_timer(fixture, "merger/" NORTH) != DB_NO_TIME);
    hear_closed(SHUT, ""); /* without a successor */
    assert_said_nothing_of(DESCRIPTOR(spread_merger));
}

CASES(follow_merger, CASE(test_o3_the_primary_post_follows),
      CASE(test_o3_a_secondary_post_follows_as_one),
      CASE(test_o3_two_posts_become_one),
      CASE(test_o3_the_primary_post_takes_the_place_of_a_secondary),
      CASE(test_o3_plans_follow), CASE(test_o3_a_planned_leave_follows),
      CASE(test_o3_a_plan_for_the_successor_is_dropped),
      CASE(test_o3_a_better_plan_for_the_successor_stays),
      CASE(test_o3_two_mergers_in_a_row), CASE(test_o3_only_the_system_merges),
      CASE(test_o3_everyone_there_is_ordered_to_follow),
      CASE(test_o3_it_ends_when_none_is_left_and_the_merger_is_known));
