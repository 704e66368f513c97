/* import_outcome.c: an outcome that names an import is written to its row,
 * once; one that names an operation is not. Runs the gateway's own tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_fixture.h"

#include "chassis/lane/batch.h"

#include "gateway/imports/import_outcome.h"
#include "gateway/operations/operations.h"
#include "gateway/gateway.h"

typedef Inservice__Common__V1__Outcome Outcome;

static char import_id[] = "01a20ba9-dd05-70fd-bda7-544fd474b04a";
static char no_text[] = "";

static int
begin(void **state)
{
    *state = fixture_new(&gateway_core);
    return 0;
}

static int
end(void **state)
{
    fixture_free(*state);
    return 0;
}

static void
hear(struct fixture *fixture, char *import, char *operation, char *command_id)
{
    Inservice__Common__V1__Done done;
    Outcome outcome;

    inservice__common__v1__done__init(&done);
    inservice__common__v1__outcome__init(&outcome);
    outcome.command_id = command_id;
    outcome.import_id = import;
    outcome.operation_id = operation;
    outcome.result_case = INSERVICE__COMMON__V1__OUTCOME__RESULT_DONE;
    outcome.done = &done;
    done.version = 1;
    done.lane = 3;
    done.state_seq = 77;
    fixture_hear(fixture, TOPIC_OUTCOME, "inservice.account.outcome.v1",
                 "994601", command_id, 0, &outcome.base);
}

static void
goes_to_the_row_of_the_import(void **state)
{
    char id[UUID_TEXT];

    import_command_id(import_id, 12, id);
    hear(*state, import_id, no_text, id);
    assert_non_null(fixture_row(*state, &import_outcome_store, id));
    assert_null(fixture_row(*state, &operation_outcome_store, id));
}

static void
strange_ids_change_nothing(void **state)
{
    hear(*state, import_id, no_text, import_id);
    assert_null(fixture_row(*state, &import_outcome_store, import_id));
}

static void
operations_are_no_imports(void **state)
{
    char id[UUID_TEXT];

    uuid_v7(id);
    hear(*state, no_text, import_id, id);
    assert_null(fixture_row(*state, &import_outcome_store, id));
    assert_non_null(fixture_row(*state, &operation_outcome_store, import_id));
}

/* What the view of a state writes that answers this command. */
static size_t
ended_by_state(const struct store *store, const char *completes,
               const char *command_id, const char *type)
{
    struct batch *batch = batch_new(&gateway_core);
    void *const *rows;
    struct message message = {
        .topic = "inservice.account.state.v1",
        .kind = TOPIC_STATE,
        .lane = 3,
        .key = "994601",
        .type = type,
        .id = "3-1-77",
        .source = "/elsewhere",
        .causation = command_id,
        .completes = completes,
        .sequence = 77,
        .incarnation = 1,
        .entity_version = 5,
    };

    batch_begin(batch, 0);
    batch_add(batch, &message);
    assert_int_equal(batch_decide(batch), DONE);
    assert_null(message.broken);
    size_t count = batch_dirty(batch, store, &rows);
    batch_free(batch);
    return count;
}

/* Also a state that this build does not know ends its command. */
static void
a_state_ends_the_row_or_the_operation(void **state)
{
    static const char *const types[] = {
        "inservice.account.v1.OrganizationState",
        "inservice.account.v1.StateOfTomorrow",
    };
    char id[UUID_TEXT], other[UUID_TEXT];

    (void)state;
    import_command_id(import_id, 12, id);
    uuid_v7(other);
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        assert_int_equal(
            ended_by_state(&import_outcome_store, import_id, id, types[i]), 1);
        assert_int_equal(
            ended_by_state(&operation_outcome_store, import_id, id, types[i]),
            0);
        assert_int_equal(
            ended_by_state(&operation_outcome_store, other, id, types[i]), 1);
        assert_int_equal(
            ended_by_state(&operation_outcome_store, NULL, id, types[i]), 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(goes_to_the_row_of_the_import, begin,
                                        end),
        cmocka_unit_test_setup_teardown(strange_ids_change_nothing, begin, end),
        cmocka_unit_test_setup_teardown(operations_are_no_imports, begin, end),
        cmocka_unit_test_setup_teardown(a_state_ends_the_row_or_the_operation,
                                        begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
