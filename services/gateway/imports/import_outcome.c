/* import_outcome.c: writes the ends of commands to import rows, in the lane of
 * views.
 *
 * Called by store_operation.c for every command of an import. Loads nothing:
 * the update names the row and changes it once, so a repeated end, or one of a
 * deleted import, changes nothing. Serves rule 6.
 */
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
    int64_t state_incarnation;
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
    DB_COLUMN(import_outcome, state_incarnation, DB_INT8),
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
import_has_command(const char *import_id, const char *command_id)
{
    int32_t number;

    return import_command_row(import_id, command_id, &number);
}

void
end_import_row(struct decision *decision, const char *import_id,
               const char *command_id, const struct ended *ended)
{
    int32_t number;

    if (!import_command_row(import_id, command_id, &number))
        return;
    struct import_outcome *row =
        row_add(decision, &import_outcome_store, command_id);
    if (row == NULL)
        return; /* a second end in a batch is the same */

    row->import_id = import_id;
    row->number = number;
    row->state = ended->state == OPERATION_DONE ? ROW_DONE : ROW_REFUSED;
    row->code = ended->code;
    row->version = ended->version;
    row->lane = decision->message->lane;
    row->state_seq = ended->state_seq;
    row->decided_at = decision->now;
    row->state_incarnation = decision->message->incarnation;
}
