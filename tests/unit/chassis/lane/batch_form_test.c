/* batch_form_test.c: which messages reach a handler, which are refused and
 * which wait with their key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/base/clock.h"
#include "chassis/lane/batch.h"

#include "inservice/account/v1/events.pb-c.h"

#include "for_case.h"

#include "units.h"

typedef Inservice__Account__V1__OrganizationAdded OrganizationAdded;
typedef Inservice__Common__V1__Actor Actor;

#define CODE       "014301"
#define COMMAND_ID "00000002-0000-8000-8000-000000000001"
#define FUTURE     ((unsigned)99) /* an enum number of no build yet */

static const int64_t now = INT64_C(1785542400000000); /* 2026-08-01 */

/* --- a service of one table that hears one fact -------------------------- */
static int64_t heard_at;

static enum end
add(struct decision *decision, const void *message)
{
    const AddOrganization *command = message;

    row_add(decision, &units, command->code);
    return DONE;
}

static void
no_keys(struct keys *keys, const void *message)
{
    (void)keys;
    (void)message;
}

static enum end
hear(struct decision *decision, const void *message)
{
    (void)message;
    heard_at = decision->now;
    return DONE;
}

static const struct handler handlers[] = {
    ADDS_UNITS(add),
    {.kind = HANDLER_ON,
     .message = &inservice__account__v1__organization_added__descriptor,
     .keys = no_keys,
     .handle = hear},
    {.message = NULL},
};

static const struct store *const stores[] = {&units, NULL};
static const struct core core = {
    .name = "account", .handlers = handlers, .stores = stores};

/* --- one message --------------------------------------------------------- */
static Order order;
static Actor actor;
static AddOrganization command;
static struct message sent;
static uint8_t wire[512];

static int
set_up(void **state)
{
    (void)state;
    lane_count_set(6);
    batch = batch_new(&core);
    inservice__common__v1__order__init(&order);
    order.command_id = TEXT(COMMAND_ID);
    order.at = now;
    inservice__common__v1__actor__init(&actor);
    order.actor = &actor;
    inservice__account__v1__add_organization__init(&command);
    command.order = &order;
    command.code = TEXT(CODE);
    return 0;
}

static void
decide(enum topic_kind kind, const ProtobufCMessage *body, const char *more)
{
    size_t size = protobuf_c_message_pack(body, wire);

    memcpy(wire + size, more, strlen(more));
    sent = (struct message){
        .topic = "topic",
        .kind = kind,
        .lane = lane_of(CODE),
        .key = CODE,
        .type = body->descriptor->name,
        .id = COMMAND_ID,
        .sequence = -1,
        .at = sent.at,
        .value = wire,
        .size = size + strlen(more),
    };
    batch_begin(batch, now);
    batch_add(batch, &sent);
    assert_int_equal(batch_decide(batch), DONE);
}

static void
assert_refused_unread(void)
{
    const char *const *keys;

    assert_null(sent.broken); /* its key does not wait */
    assert_int_equal(sent.end, REFUSED);
    assert_string_equal(sent.code, "BAD_FORM");
    assert_int_equal(batch_wanted_keys(batch, &units, &keys), 0);
}

static void
assert_parked(const char *reason)
{
    assert_string_equal(sent.broken, reason);
    assert_false(sent.undecodable);
    assert_null(sent.code);
}

/* --- the time of an order ------------------------------------------------ */
static void
test_f06_a_time_that_cannot_be_is_refused(void **state)
{
    const int64_t times[] = {
        INT64_MIN,        INT64_MIN + 1, -1,        0, now + DAYS(1) + 1,
        now + DAYS(4000), INT64_MAX - 1, INT64_MAX,
    };

    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        order.at = times[i];
        decide(TOPIC_COMMAND, &command.base, "");
        assert_refused_unread();
    }
}

/* A timer that was brought forward: its order has the day at which it was to be
 * due. */
static void
test_the_time_of_a_timer_may_be_ahead(void **state)
{
    (void)state;
    order.actor = NULL;
    order.at = now + DAYS(90);
    decide(TOPIC_COMMAND, &command.base, "");
    assert_int_equal(sent.end, DONE);
    order.at = now + DAYS(4000);
    decide(TOPIC_COMMAND, &command.base, "");
    assert_refused_unread();
}

/* Timers, parked keys and repeated commands are late, and clocks differ. */
static void
test_f06_an_earlier_time_is_believed(void **state)
{
    const int64_t times[] = {1, now - DAYS(400), now, now + DAYS(1)};

    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        order.at = times[i];
        decide(TOPIC_COMMAND, &command.base, "");
        assert_null(sent.broken);
        assert_int_equal(sent.end, DONE);
    }
}

static void
test_f06_a_fact_of_an_impossible_time_is_heard_now(void **state)
{
    const struct {
        int64_t at, heard_at;
    } cases[] = {
        {0, now},           {-1, now},
        {INT64_MIN, now},   {1, 1},
        {now - 5, now - 5}, {now + 5, now + 5},
        {INT64_MAX, now},   {now + DAYS(2), now},
    };
    OrganizationAdded fact;

    (void)state;
    inservice__account__v1__organization_added__init(&fact);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sent.at = cases[i].at;
        decide(TOPIC_EVENT, &fact.base, "");
        assert_null(sent.broken);
        assert_int_equal(heard_at, cases[i].heard_at);
    }
}

/* --- messages of a newer build ------------------------------------------- */
static void
test_f06_an_unknown_number_of_a_client_is_refused(void **state)
{
    (void)state;
    command.kind = FUTURE;
    decide(TOPIC_COMMAND, &command.base, "");
    assert_refused_unread();
    command.kind = 0;
    actor.role = FUTURE;
    decide(TOPIC_COMMAND, &command.base, "");
    assert_refused_unread();
}

/* No client gives the service's own command again. */
static void
test_an_unknown_number_of_the_system_waits(void **state)
{
    (void)state;
    command.kind = FUTURE;
    order.actor = NULL;
    decide(TOPIC_COMMAND, &command.base, "");
    assert_parked("newer_contract");
}

static void
test_an_unknown_field_waits(void **state)
{
    (void)state;
    decide(TOPIC_COMMAND, &command.base, "\xba\x3e\x03new");
    assert_parked("newer_contract");
    command.kind = FUTURE; /* and a number that is unknown, too */
    decide(TOPIC_COMMAND, &command.base, "\xba\x3e\x03new");
    assert_parked("newer_contract");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, batch_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_f06_a_time_that_cannot_be_is_refused),
        CASE(test_the_time_of_a_timer_may_be_ahead),
        CASE(test_f06_an_earlier_time_is_believed),
        CASE(test_f06_a_fact_of_an_impossible_time_is_heard_now),
        CASE(test_f06_an_unknown_number_of_a_client_is_refused),
        CASE(test_an_unknown_number_of_the_system_waits),
        CASE(test_an_unknown_field_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
