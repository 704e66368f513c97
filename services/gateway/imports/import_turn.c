/* import_turn.c: one turn of an import that is under way.
 *
 * Called by the worker with the import's row locked, so one process at a time
 * sends its rows. Rows go in the file's order, wave by wave. The number without
 * outcome is limited, so that a file does not delay officers' commands. Sending
 * a row writes nothing to it: if the first row without outcome waits too long,
 * all rows without outcome are sent again with the same ids; their owner
 * decides each once (rule 6).
 *
 *   rows of a wave:  1 ... settled_to | ... sent_to   | ... the last
 *                    have outcomes    | in the window | not sent yet
 *
 *   take -> settle -> (go_back) -> send_next -> wave over? wave + 1 -> note
 *
 *   0 centres -> 1 units -> 2 branches -> WAVES: finish when it is readable
 */
#include "gateway/events.h"
#include "gateway/imports/import_worker.h"

#include <string.h>

#include "chassis/base/failpoint.h"
#include "chassis/base/wire.h"

#include "gateway/gateway.h"
#include "gateway/request/pool.h"
#include "gateway/metrics.h"

#include "inservice/account/v1/commands.pb-c.h"
#include "inservice/common/v1/order.pb-c.h"

static const int64_t resend_longest = SECONDS(300);

/* The owner and the command of each kind of import. */
static const struct {
    const char *service;
    const ProtobufCMessageDescriptor *command;
} kinds[] = {
    [IMPORT_ORGANIZATIONS] =
        {"account", &inservice__account__v1__add_organization__descriptor},
};

/* --- taking ------------------------------------------------------------- */

static bool
read_head(struct turn *turn, const PGresult *rows)
{
    ProtobufCMessage *body = NULL;
    size_t size;
    const uint8_t *data = db_get_bytes(rows, 0, 1, &size);

    if (data == NULL || turn->kind >= (int)COUNT_OF(kinds) ||
        kinds[turn->kind].service == NULL ||
        wire_unpack(&inservice__common__v1__order__descriptor,
                    arena_protobuf(turn->arena), data, size, &body,
                    NULL) != WIRE_OK)
        return false;
    turn->head = (Order *)body;
    return true;
}

/* DB_OK with *ret_mine false: another process has it, or it is over. */
static enum db_end
take(struct turn *turn, bool *ret_mine)
{
    CLEANUP(result_clear) PGresult *rows = NULL;

    db_clear(&turn->params);
    db_uuid(&turn->params, turn->import_id);
    enum db_end end = db_query(turn->db, "import_take", &turn->params, &rows);
    *ret_mine = end == DB_OK && PQntuples(rows) == 1;
    if (!*ret_mine)
        return end;
    turn->kind = (enum import_kind)db_get_int(rows, 0, 0);
    turn->traceparent = db_copy_text(turn->arena, rows, 0, 2);
    turn->wave = (int32_t)db_get_int(rows, 0, 3);
    turn->settled_to = (int32_t)db_get_int(rows, 0, 4);
    turn->sent_to = (int32_t)db_get_int(rows, 0, 5);
    turn->progressed_at = db_get_time(rows, 0, 6);
    turn->attempts = (int32_t)db_get_int(rows, 0, 7);
    *ret_mine = read_head(turn, rows);
    if (!*ret_mine)
        log_event(import_head_broken, log_str("import_id", turn->import_id));
    return end;
}

/* --- outcomes ----------------------------------------------------------- */

static void
note_progress(struct turn *turn, int32_t settled_to, int64_t now)
{
    if (settled_to == turn->settled_to)
        return;
    turn->settled_to = settled_to;
    turn->progressed_at = now;
    turn->attempts = 0;
}

static enum db_end
settle(struct turn *turn, int64_t now)
{
    CLEANUP(result_clear) PGresult *rows = NULL;

    db_clear(&turn->params);
    db_uuid(&turn->params, turn->import_id);
    db_int4(&turn->params, turn->settled_to);
    db_int4(&turn->params, turn->sent_to);
    db_int2(&turn->params, turn->wave);
    enum db_end end = db_query(turn->db, "import_window", &turn->params, &rows);
    if (end != DB_OK)
        return end;
    turn->waiting = db_get_int(rows, 0, 0);
    note_progress(turn,
                  turn->waiting == 0 ? turn->sent_to
                                     : (int32_t)db_get_int(rows, 0, 1) - 1,
                  now);
    return DB_OK;
}

/* After too long without progress, sends all rows without outcome again. */
static void
go_back(struct turn *turn, int64_t now)
{
    int shift = turn->attempts < 20 ? turn->attempts : 20;
    int64_t pause = gateway_settings.resend_after << shift;

    if (turn->waiting == 0 ||
        now - turn->progressed_at <
            (pause < resend_longest ? pause : resend_longest))
        return;
    log_event(import_rows_resent, log_str("import_id", turn->import_id),
              log_int("rows", turn->waiting));
    metric_add(import_rows_resent_total, "", turn->waiting);
    turn->sent_to = turn->settled_to;
    turn->waiting = 0;
    turn->progressed_at = now;
    turn->attempts++;
}

/* --- sending ------------------------------------------------------------ */

/* Order is field 1 of every command, so the head goes before the rest. */
static struct packed
join(struct turn *turn, const char *command_id, const uint8_t *rest,
     size_t size)
{
    const ProtobufCMessage *head = &turn->head->base;

    turn->head->command_id = arena_strdup(turn->arena, command_id);
    uint8_t *data = arena_alloc(turn->arena, wire_field_room(head) + size);
    size_t at = wire_put_field(data, 1, head);
    memcpy(data + at, rest, size);
    return (struct packed){
        .type = kinds[turn->kind].command->name,
        .data = data,
        .size = at + size,
    };
}

static bool
send_row(struct turn *turn, const PGresult *rows, int i)
{
    const char *lane_key = db_get_text(rows, i, 1);
    char command_id[UUID_TEXT];
    size_t size;
    const uint8_t *rest = db_get_bytes(rows, i, 2, &size);

    import_command_id(turn->import_id, (int32_t)db_get_int(rows, i, 0),
                      command_id);
    struct packed packed = join(turn, command_id, rest, size);
    return !FAILPOINT(import_row_sent) &&
           operations_send(gateway.operations,
                           operation_service(kinds[turn->kind].service),
                           lane_of(lane_key), &packed, command_id, lane_key,
                           turn->traceparent, turn->head->at);
}

/* The next turn sends the rows that cannot be sent now. */
static void
send_rows(struct turn *turn, const PGresult *rows, int wanted)
{
    int count = PQntuples(rows), sent = 0;

    while (sent < count && send_row(turn, rows, sent)) {
        turn->sent_to = (int32_t)db_get_int(rows, sent, 0);
        sent++;
    }
    if (sent == count && count < wanted)
        turn->sent_to = SENT_ALL;
    turn->waiting += sent;
    metric_add(import_rows_sent_total, "", sent);
}

static enum db_end
send_next(struct turn *turn, int64_t now)
{
    CLEANUP(result_clear) PGresult *rows = NULL;
    int wanted = (int)(ROWS_IN_FLIGHT - turn->waiting);

    if (turn->sent_to == SENT_ALL || wanted <= 0)
        return DB_OK;
    if (turn->waiting == 0)
        turn->progressed_at = now;
    db_clear(&turn->params);
    db_uuid(&turn->params, turn->import_id);
    db_int4(&turn->params, turn->sent_to);
    db_int2(&turn->params, turn->wave);
    db_int4(&turn->params, wanted);
    enum db_end end = db_query(turn->db, "import_next", &turn->params, &rows);
    if (end == DB_OK)
        send_rows(turn, rows, wanted);
    return end;
}

/* --- the end ------------------------------------------------------------ */

static enum db_end
is_readable(struct turn *turn, bool *ret_readable)
{
    CLEANUP(result_clear) PGresult *rows = NULL;
    char topic[64];

    db_clear(&turn->params);
    db_uuid(&turn->params, turn->import_id);
    db_text(&turn->params,
            topic_name(kinds[turn->kind].service, TOPIC_STATE, topic));
    enum db_end end =
        db_query(turn->db, "import_readable", &turn->params, &rows);
    *ret_readable = end == DB_OK && db_get_bool(rows, 0, 0);
    return end;
}

static enum db_end
finish(struct turn *turn, int64_t now)
{
    bool readable;
    enum db_end end = is_readable(turn, &readable);

    if (end != DB_OK || !readable)
        return end;
    db_clear(&turn->params);
    db_uuid(&turn->params, turn->import_id);
    db_time(&turn->params, now);
    end = db_query(turn->db, "import_finish", &turn->params, NULL);
    if (end == DB_OK)
        log_event(import_done, log_str("import_id", turn->import_id));
    return end;
}

static enum db_end
note(struct turn *turn)
{
    db_clear(&turn->params);
    db_uuid(&turn->params, turn->import_id);
    db_int2(&turn->params, turn->wave);
    db_int4(&turn->params, turn->settled_to);
    db_int4(&turn->params, turn->sent_to);
    db_time(&turn->params, turn->progressed_at);
    db_int4(&turn->params, turn->attempts);
    return db_query(turn->db, "import_turn", &turn->params, NULL);
}

static bool
wave_is_over(const struct turn *turn)
{
    return turn->waiting == 0 && turn->sent_to == SENT_ALL;
}

enum db_end
import_turn(struct turn *turn, int64_t now, bool *ret_moved)
{
    bool mine;
    enum db_end end = take(turn, &mine);

    *ret_moved = false;
    if (end != DB_OK || !mine)
        return end;
    struct turn before = *turn;
    if (turn->wave < WAVES)
        end = settle(turn, now);
    if (end == DB_OK && turn->wave < WAVES) {
        go_back(turn, now);
        end = send_next(turn, now);
    }
    if (end == DB_OK && wave_is_over(turn) && turn->wave < WAVES) {
        turn->wave++;
        turn->settled_to = turn->sent_to = 0;
    }
    *ret_moved = turn->wave != before.wave || turn->sent_to != before.sent_to ||
                 turn->settled_to != before.settled_to ||
                 turn->progressed_at != before.progressed_at;
    if (end == DB_OK && *ret_moved)
        end = note(turn);
    if (end == DB_OK && turn->wave == WAVES)
        end = finish(turn, now);
    return end;
}
