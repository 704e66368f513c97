/* view_course_test.c: courses that a settling names are shown as open until the
 * course system sends their state (R6, B23). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chassis/base/wire.h"

#include "inservice/course/v1/events.pb-c.h"

#include "gateway/gateway.h"
#include "gateway/views/views.h"

#include "core_fixture.h"

#define TOPIC  "inservice.course.event.v1"
#define SCHOOL "100301"

enum { UNKNOWN = 0, RUNNING = 5, CONFIRMED = 8 };

static void
hear_settled(struct fixture *f, unsigned owner, const char *course)
{
    Inservice__Course__V1__CourseOwnerSettled m;
    char *ids[] = {wire_member(course)};

    inservice__course__v1__course_owner_settled__init(&m);
    m.account_id = wire_member(fixture_id(f, owner));
    m.organization = wire_member(SCHOOL);
    m.account_version = 2;
    m.open_course_ids = ids;
    m.n_open_course_ids = 1;
    fixture_hear(f, TOPIC_EVENT, TOPIC, SCHOOL, m.account_id, 0, &m.base);
}

static void
hear_course(struct fixture *f, unsigned owner, const char *course, int state,
            int64_t version)
{
    Inservice__Course__V1__CourseStateChanged m;

    inservice__course__v1__course_state_changed__init(&m);
    m.course_id = wire_member(course);
    m.owner_account_id = wire_member(fixture_id(f, owner));
    m.organization = wire_member(SCHOOL);
    m.title = wire_member("研習");
    m.state = (unsigned)state;
    m.course_version = version;
    fixture_hear(f, TOPIC_EVENT, TOPIC, SCHOOL, course, 0, &m.base);
}

static const struct v_course *
course_now(struct fixture *f, const char *course)
{
    return fixture_row(f, &v_course_store, course);
}

static void
test_r06_a_course_known_from_a_settling_only(void **state)
{
    struct fixture *f = fixture_new(&gateway_core);

    (void)state;
    hear_settled(f, 1, "C1");
    assert_int_equal(course_now(f, "C1")->state, UNKNOWN);
    assert_string_equal(course_now(f, "C1")->account_id, fixture_id(f, 1));
    hear_course(f, 2, "C1", RUNNING, 1); /* handed on */
    assert_int_equal(course_now(f, "C1")->state, RUNNING);
    hear_settled(f, 1, "C1");
    assert_string_equal(course_now(f, "C1")->account_id, fixture_id(f, 2));
    assert_int_equal(course_now(f, "C1")->state, RUNNING);
    fixture_free(f);
}

static void
test_r06_a_closed_one_is_open_again_for_its_owner(void **state)
{
    struct fixture *f = fixture_new(&gateway_core);

    (void)state;
    hear_course(f, 1, "C1", CONFIRMED, 3);
    hear_settled(f, 2, "C1"); /* not the owner's */
    assert_int_equal(course_now(f, "C1")->state, CONFIRMED);
    hear_settled(f, 1, "C1");
    assert_int_equal(course_now(f, "C1")->state, UNKNOWN);
    hear_course(f, 1, "C1", CONFIRMED, 3); /* known before */
    assert_int_equal(course_now(f, "C1")->state, UNKNOWN);
    hear_course(f, 1, "C1", CONFIRMED, 4);
    assert_int_equal(course_now(f, "C1")->state, CONFIRMED);
    fixture_free(f);
}

/* While the view is rebuilt, an old row counts for nothing, and it is not
 * swept away when a settling names it. */
static void
test_r06_a_row_from_before_a_rebuild(void **state)
{
    struct fixture *f = fixture_new(&gateway_core);
    struct v_course old = {
        .course_id = "C1",
        .incarnation = -1,
        .account_id = fixture_id(f, 2),
        .organization = SCHOOL,
        .title = "研習",
        .state = RUNNING,
    };

    (void)state;
    fixture_put(f, &v_course_store, &old);
    hear_settled(f, 1, "C1");
    assert_int_equal(course_now(f, "C1")->incarnation, 0);
    assert_string_equal(course_now(f, "C1")->account_id, fixture_id(f, 1));
    assert_int_equal(course_now(f, "C1")->state, UNKNOWN);
    fixture_free(f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_r06_a_course_known_from_a_settling_only),
        cmocka_unit_test(test_r06_a_closed_one_is_open_again_for_its_owner),
        cmocka_unit_test(test_r06_a_row_from_before_a_rebuild),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
