/* batch_say_test.c: on which topic something is said, and what the chain of the
 * journal covers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/base/seal.h"
#include "chassis/lane/batch.h"

#include "inservice/account/v1/states.pb-c.h"

#include "for_case.h"

#include "units.h"

typedef Inservice__Account__V1__BusinessAccountState BusinessAccountState;

#define CODE       "014301"
#define COMMAND_ID "00000002-0000-8000-8000-000000000001"

/* --- a service of one table --------------------------------------------- */
/* Says an event whose name has "State" in it. */
static enum end
add(struct decision *decision, const void *message)
{
    const AddOrganization *command = message;
    BusinessAccountState *event =
        ARENA_NEW(decision->arena, BusinessAccountState);
    struct unit_row *row = row_add(decision, &units, command->code);

    row->name = command->name;
    inservice__account__v1__business_account_state__init(event);
    say(decision, row, &event->base);
    return DONE;
}

static const struct handler handlers[] = {
    ADDS_UNITS(add),
    {.message = NULL},
};

static const struct store *const stores[] = {&units, NULL};
static const struct core core = {
    .name = "account", .handlers = handlers, .stores = stores};

static int
open_batch(void **state)
{
    (void)state;
    lane_count_set(6);
    batch = batch_new(&core);
    batch_begin(batch, 0);
    return 0;
}

static const struct journal_row *
said(const char *type)
{
    struct journal_row *const *rows;
    size_t count = batch_journal(batch, &rows);

    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i]->type, type) == 0)
            return rows[i];
    return NULL;
}

/* --- topics ------------------------------------------------------------- */
static void
decide(const char *operation_id, const char *import_id)
{
    AddOrganization command;
    Order order;
    uint8_t wire[512];
    struct message message = {
        .topic = "command",
        .kind = TOPIC_COMMAND,
        .lane = lane_of(CODE),
        .key = CODE,
        .type = "inservice.account.v1.AddOrganization",
        .id = COMMAND_ID,
        .sequence = -1,
        .value = wire,
    };

    inservice__common__v1__order__init(&order);
    order.command_id = TEXT(COMMAND_ID);
    order.at = 1;
    order.operation_id = TEXT(operation_id);
    order.import_id = TEXT(import_id);
    inservice__account__v1__add_organization__init(&command);
    command.order = &order;
    command.code = TEXT(CODE);
    message.size = protobuf_c_message_pack(&command.base, wire);
    batch_add(batch, &message);
    assert_int_equal(batch_decide(batch), DONE);
    assert_null(message.broken);
}

static void
test_the_type_of_the_state_decides_the_topic(void **state)
{
    (void)state;
    decide("", "");
    const struct journal_row *event =
        said("inservice.account.v1.BusinessAccountState");
    const struct journal_row *snapshot_row =
        said("inservice.account.v1.OrganizationState");
    assert_non_null(event);
    assert_int_equal(event->kind, TOPIC_EVENT);
    assert_non_null(snapshot_row);
    assert_int_equal(snapshot_row->kind, TOPIC_STATE);
}

/* --- answers ------------------------------------------------------------ */
#define STATE   "inservice.account.v1.OrganizationState"
#define OUTCOME "inservice.common.v1.Outcome"
#define WAITING "00000004-0000-8000-8000-000000000001"

static void
assert_answered_by_state(const char *completes)
{
    struct inbox_row *const *inbox;

    assert_string_equal(said(STATE)->completes, completes);
    assert_null(said(OUTCOME));
    assert_int_equal(batch_inbox(batch, &inbox), 1); /* the outcome is kept */
    assert_string_equal(inbox[0]->command_id, COMMAND_ID);
}

static void
test_the_state_answers_where_a_client_waits(void **state)
{
    (void)state;
    decide(WAITING, "");
    assert_answered_by_state(WAITING);
    batch_begin(batch, 0);
    decide("", WAITING);
    assert_answered_by_state(WAITING);
}

static void
test_an_outcome_answers_where_no_client_waits(void **state)
{
    (void)state;
    decide("", "");
    assert_null(said(STATE)->completes);
    assert_non_null(said(OUTCOME));
}

/* A repeated command has no state: it is answered by its stored outcome. */
static void
test_a_repeated_command_is_answered_by_its_outcome(void **state)
{
    (void)state;
    batch_put_inbox(batch, COMMAND_ID, (const uint8_t *)"kept", 4);
    decide(WAITING, "");
    assert_null(said(STATE));
    assert_memory_equal(said(OUTCOME)->value, "kept", 4);
}

/* --- versions ----------------------------------------------------------- */
/* If-Match may name several versions: any of them will do. */
static void
test_f14_any_of_the_versions_named(void **state)
{
    static const struct {
        int64_t first, others[2], version;
        bool differs;
    } cases[] = {
        {1, {101, 102}, 1, false},  {101, {1, 7}, 1, false},
        {101, {7, 1}, 1, false},    {101, {7, 8}, 1, true},
        {101, {101, 101}, 1, true}, {5, {0, 6}, 0, false},
        {1, {-1, -1}, 2, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t others[2] = {cases[i].others[0], cases[i].others[1]};
        struct unit_row row = {.row = {.exists = cases[i].version > 0,
                                       .version = cases[i].version}};
        Order order;
        inservice__common__v1__order__init(&order);
        struct decision decision = {.order = &order};
        assert_false(version_differs(&decision, &row)); /* not asked */
        order.expected_version_presence_case =
            INSERVICE__COMMON__V1__ORDER__EXPECTED_VERSION_PRESENCE_EXPECTED_VERSION;
        order.expected_version = cases[i].first;
        order.n_other_versions = 2;
        order.other_versions = others;
        assert_int_equal(version_differs(&decision, &row), cases[i].differs);
    }
}

/* --- the chain ---------------------------------------------------------- */
static const struct journal_row plain = {
    .kind = TOPIC_EVENT,
    .partition = 3,
    .type = "inservice.account.v1.OrganizationAdded",
    .key = CODE,
    .command_id = COMMAND_ID,
    .actor = "00000003-0000-8000-8000-000000000001",
    .version = 1,
    .at = 1785542400000000,
    .value = (const uint8_t *)"value",
    .size = 5,
};

/* The chain of a lane that says this row first. */
static const uint8_t *
chain_of(struct journal_row row)
{
    batch_begin(batch, 0);
    return batch_say_row(batch, 3, &row)->chain;
}

static void
test_chain_of_known_bytes(void **state)
{
    uint8_t link[64 + 256] = {0}, expected[32];

    (void)state;
    seal_digest(plain.value, plain.size, link + 32);
    int size = snprintf((char *)link + 64, sizeof link - 64,
                        "3/0/1/2/3/inservice.account.v1.OrganizationAdded/" CODE
                        "/" COMMAND_ID "/1/1785542400000000/%s",
                        plain.actor);
    seal_digest(link, 64 + (size_t)size, expected);
    assert_memory_equal(chain_of(plain), expected, sizeof expected);
}

static void
assert_other_chain(struct journal_row row)
{
    uint8_t before[32];

    memcpy(before, chain_of(plain), sizeof before);
    assert_memory_not_equal(chain_of(row), before, sizeof before);
}

static void
test_chain_covers_every_column(void **state)
{
    struct journal_row row = plain;

    (void)state;
    row.key = "014302";
    assert_other_chain(row);
    row = plain;
    row.type = "inservice.account.v1.OrganizationChanged";
    assert_other_chain(row);
    row = plain;
    row.command_id = NULL;
    assert_other_chain(row);
    row = plain;
    row.actor = NULL;
    assert_other_chain(row);
    row = plain;
    row.version = 2;
    assert_other_chain(row);
    row = plain;
    row.at++;
    assert_other_chain(row);
    row = plain;
    row.completes = COMMAND_ID;
    assert_other_chain(row);
    row = plain;
    row.value = (const uint8_t *)"Value";
    assert_other_chain(row);
}

static void
test_personal_value_stands_by_digest(void **state)
{
    struct journal_row row = plain, *said;
    uint8_t digest[SEAL_DIGEST];

    (void)state;
    batch_begin(batch, 0);
    said = batch_say_row(batch, 3, &row);
    assert_ptr_equal(said->open, row.value);
    assert_int_equal(said->open_size, row.size);
    assert_null(said->digest);
    row.personal = true;
    said = batch_say_row(batch, 3, &row);
    assert_null(said->open);
    seal_digest(row.value, row.size, digest);
    assert_int_equal(said->digest_size, sizeof digest);
    assert_memory_equal(said->digest, digest, sizeof digest);
    row.value = NULL;
    row.size = 0;
    said = batch_say_row(batch, 3, &row);
    assert_null(said->open);
    assert_null(said->digest);
}

/* Longest key and numbers: nothing of the row is cut off. */
static void
test_chain_covers_the_whole_key(void **state)
{
    char key[KEY_MAX + 1];
    struct journal_row row = plain;
    uint8_t before[32];

    (void)state;
    memset(key, 'k', KEY_MAX);
    key[KEY_MAX] = '\0';
    row.key = key;
    row.version = INT64_MAX;
    row.at = INT64_MIN;
    memcpy(before, chain_of(row), sizeof before);
    key[KEY_MAX - 1] = 'l';
    assert_memory_not_equal(chain_of(row), before, sizeof before);
    memcpy(before, chain_of(row), sizeof before);
    row.actor = "00000003-0000-8000-8000-000000000002";
    assert_memory_not_equal(chain_of(row), before, sizeof before);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_batch, batch_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_the_type_of_the_state_decides_the_topic),
        CASE(test_the_state_answers_where_a_client_waits),
        CASE(test_an_outcome_answers_where_no_client_waits),
        CASE(test_a_repeated_command_is_answered_by_its_outcome),
        CASE(test_f14_any_of_the_versions_named),
        CASE(test_chain_of_known_bytes),
        CASE(test_chain_covers_every_column),
        CASE(test_chain_covers_the_whole_key),
        CASE(test_personal_value_stands_by_digest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
