/* import_outcome.c: writes outcomes to import rows, in the lane of views.
 *
 * Called by on_outcome() for every outcome that names an import. Loads nothing:
 * the update names the row and changes it once, so a repeated outcome, or one
 * of a deleted import, changes nothing. Serves rule 6.
 */
#include "inservice/common/v1/outcome.pb-c.h"

#include "gateway/imports/import_outcome.h"

struct import_outcome {
    struct row row;
    const char *command_id;
    const char *import_id;
    int32_t number;
    int32_t state;
    const char *code; /* NULL when done */
    int64_t version;
    int32_t lane;
    int64_t state_seq;
    int64_t decided_at;
};

static const struct db_column columns[] = {
    DB_COLUMN(import_outcome, command_id, DB_UUID),
    DB_COLUMN(import_outcome, import_id, DB_UUID),
    DB_COLUMN_AS("row", import_outcome, number, DB_INT4),
    DB_COLUMN(import_outcome, state, DB_INT2),
    DB_COLUMN(import_outcome, code, DB_TEXT),
    DB_COLUMN(import_outcome, version, DB_INT8),
    DB_COLUMN(import_outcome, lane, DB_INT2),
    DB_COLUMN(import_outcome, state_seq, DB_INT8),
    DB_COLUMN(import_outcome, decided_at, DB_TIME),
    {0},
};

const struct store import_outcome_store = {
    .name = "import_outcome",
    .kind = STORE_RECORD,
    .size = sizeof(struct import_outcome),
    .columns = columns,
    .key = offsetof(struct import_outcome, command_id),
    .key_type = DB_UUID,
};

bool
outcome_is_of_import(const Inservice__Common__V1__Outcome *outcome)
{
    return outcome->import_id[0] != '\0';
}

void
import_outcome_keys(struct keys *keys,
                    const Inservice__Common__V1__Outcome *outcome)
{
    keys_row(keys, &import_outcome_store, outcome->command_id);
}

enum end
import_outcome(struct decision *decision,
               const Inservice__Common__V1__Outcome *outcome)
{
    int32_t number;

    if (outcome->result_case == 0 ||
        !import_command_row(outcome->import_id, outcome->command_id, &number))
        return DONE;
    struct import_outcome *row =
        row_add(decision, &import_outcome_store, outcome->command_id);
    if (row == NULL)
        return DONE; /* a second outcome in a batch is equal */

    row->import_id = outcome->import_id;
    row->number = number;
    row->decided_at = decision->now;
    if (outcome->result_case == INSERVICE__COMMON__V1__OUTCOME__RESULT_DONE) {
        row->state = ROW_DONE;
        row->version = outcome->done->version;
        row->lane = (int32_t)outcome->done->lane;
        row->state_seq = outcome->done->state_seq;
    } else {
        row->state = ROW_REFUSED;
        row->code = outcome->refused->code;
        row->version = outcome->refused->current_version;
    }
    return DONE;
}
