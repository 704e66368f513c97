/* The lane of views writes outcomes to operation rows.
 *
 * Called for every Outcome, of all processes. Loads nothing: the update names
 * the row and changes it once, so a repetition or an outcome of an unknown
 * operation changes nothing. An import's outcome goes to its row. Wakes no
 * request: the follower does.
 */
#include "gateway/imports/import_outcome.h"

#include "gateway/operations/internal.h"

#include "inservice/common/v1/outcome.pb-c.h"

typedef Inservice__Common__V1__Outcome Outcome;

static const struct db_column columns[] = {
    DB_COLUMN(operation_outcome, operation_id, DB_UUID),
    DB_COLUMN(operation_outcome, state, DB_INT2),
    DB_COLUMN(operation_outcome, code, DB_TEXT),
    DB_COLUMN(operation_outcome, version, DB_INT8),
    DB_COLUMN(operation_outcome, outcome_seq, DB_INT8),
    DB_COLUMN(operation_outcome, outcome, DB_BYTES),
    DB_COLUMN(operation_outcome, decided_at, DB_TIME),
    {0},
};

const struct store operation_outcome_store = {
    .name = "operation_outcome",
    .kind = STORE_RECORD,
    .size = sizeof(struct operation_outcome),
    .columns = columns,
    .key = offsetof(struct operation_outcome, operation_id),
    .key_type = DB_UUID,
};

void
on_outcome_keys(struct keys *keys, const void *message)
{
    const Outcome *outcome = message;

    if (outcome == NULL)
        return;
    if (outcome_is_of_import(outcome))
        import_outcome_keys(keys, outcome);
    else
        keys_row(keys, &operation_outcome_store, outcome->operation_id);
}

static void
note_refused(struct decision *decision, struct operation_outcome *row,
             const Inservice__Common__V1__Refused *refused)
{
    row->state = OPERATION_REFUSED;
    row->code = refused->code;
    row->version = refused->current_version;
    if (refused->n_details > 0) {
        row->outcome.data = decision->message->value;
        row->outcome.size = decision->message->size;
    }
}

enum end
on_outcome(struct decision *decision, const void *message)
{
    const Outcome *outcome = message;

    if (outcome != NULL && outcome_is_of_import(outcome))
        return import_outcome(decision, outcome);
    if (outcome == NULL || outcome->operation_id[0] == '\0' ||
        outcome->result_case == 0)
        return DONE;
    struct operation_outcome *row =
        row_add(decision, &operation_outcome_store, outcome->operation_id);
    if (row == NULL)
        return DONE; /* a second outcome in one batch is the same */

    row->decided_at = decision->now;
    if (outcome->result_case == INSERVICE__COMMON__V1__OUTCOME__RESULT_DONE) {
        row->state = OPERATION_DONE;
        row->version = outcome->done->version;
        row->outcome_seq = outcome->done->state_seq;
    } else {
        note_refused(decision, row, outcome->refused);
    }
    return DONE;
}
