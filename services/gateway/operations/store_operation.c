/* The lane of views ends operations, in the transaction that shows the result.
 *
 * A state that answers its command ends the operation beside the view; an
 * Outcome ends it where there is no such state. Loads nothing: the update names
 * the row and changes it once, so a repetition or an unknown operation changes
 * nothing. The end of an import's row goes to that row. Wakes no request:
 * operations_committed() does.
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
    DB_COLUMN(operation_outcome, outcome_incarnation, DB_INT8),
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

/* An import's row, or the operation. */
static void
keys_of_ended(struct keys *keys, const char *id, const char *command_id)
{
    if (import_has_command(id, command_id))
        keys_row(keys, &import_outcome_store, command_id);
    else
        keys_row(keys, &operation_outcome_store, id);
}

static void
end_operation(struct decision *decision, const char *operation_id,
              const struct ended *ended)
{
    struct operation_outcome *row =
        row_add(decision, &operation_outcome_store, operation_id);

    if (row == NULL)
        return; /* a second end in a batch is the same */
    row->state = (int32_t)ended->state;
    row->code = ended->code;
    row->version = ended->version;
    row->outcome_seq = ended->state_seq;
    row->outcome = ended->outcome;
    row->decided_at = decision->now;
    row->outcome_incarnation = decision->message->incarnation;
}

static void
end_command(struct decision *decision, const char *id, const char *command_id,
            const struct ended *ended)
{
    if (import_has_command(id, command_id))
        end_import_row(decision, id, command_id, ended);
    else
        end_operation(decision, id, ended);
}

/* --- by a state --------------------------------------------------------- */
void
operation_complete_keys(struct keys *keys)
{
    const struct message *message = keys_message(keys);

    keys_of_ended(keys, message->completes, message->causation);
}

void
operation_complete(struct decision *decision)
{
    const struct message *message = decision->message;
    const struct ended ended = {
        .state = OPERATION_DONE,
        .version = message->entity_version,
    };

    end_command(decision, message->completes, message->causation, &ended);
}

/* --- by an outcome ------------------------------------------------------ */
static const char *
ended_by(const Outcome *outcome)
{
    return outcome->import_id[0] != '\0' ? outcome->import_id
                                         : outcome->operation_id;
}

void
on_outcome_keys(struct keys *keys, const void *message)
{
    const Outcome *outcome = message;

    if (outcome != NULL)
        keys_of_ended(keys, ended_by(outcome), outcome->command_id);
}

static struct ended
ended_of(const struct decision *decision, const Outcome *outcome)
{
    struct ended ended = {.state = OPERATION_DONE};

    if (outcome->result_case == INSERVICE__COMMON__V1__OUTCOME__RESULT_DONE) {
        ended.version = outcome->done->version;
        ended.state_seq = outcome->done->state_seq;
        return ended;
    }
    ended.state = OPERATION_REFUSED;
    ended.code = outcome->refused->code;
    ended.version = outcome->refused->current_version;
    if (outcome->refused->n_details > 0) {
        ended.outcome.data = decision->message->value;
        ended.outcome.size = decision->message->size;
    }
    return ended;
}

enum end
on_outcome(struct decision *decision, const void *message)
{
    const Outcome *outcome = message;

    if (outcome == NULL || outcome->result_case == 0 ||
        ended_by(outcome)[0] == '\0')
        return DONE;
    const struct ended ended = ended_of(decision, outcome);
    end_command(decision, ended_by(outcome), outcome->command_id, &ended);
    return DONE;
}
