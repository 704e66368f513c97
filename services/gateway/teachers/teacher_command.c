/* See teacher_command.h. Reads the read model only.
 */
#include "gateway/teachers/teacher_command.h"

#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/wire.h"

#include "gateway/operations/submit.h"
#include "gateway/request/shared_read.h"
#include "gateway/sessions/session.h"

/* Of unit_command. */
enum unit_command_column { UNIT, VERSION = UNIT + UNIT_SQL_COLUMNS, PULLS };

static const int64_t pulls_counted = DAYS(1);

void
known_teacher_read(struct arena *arena, const PGresult *rows,
                   struct known_teacher *ret_teacher)
{
    struct known_record *record = &ret_teacher->record;

    *ret_teacher = (struct known_teacher){0};
    if (PQntuples(rows) == 0)
        return;
    ret_teacher->known = db_is_null(rows, 0, KNOWN_TEACHER_MERGED_INTO);
    record->version = db_get_int(rows, 0, KNOWN_TEACHER_VERSION);
    record->incarnation = db_get_int(rows, 0, KNOWN_TEACHER_INCARNATION);
    record->name = db_copy_text(arena, rows, 0, KNOWN_TEACHER_NAME);
    record->email = db_copy_text(arena, rows, 0, KNOWN_TEACHER_EMAIL);
    for (int i = 0; i < PQntuples(rows) && i < POSTS_KNOWN_MAX; i++) {
        if (db_is_null(rows, i, KNOWN_TEACHER_UNIT))
            continue;
        struct unit unit = request_unit(arena, rows, i, KNOWN_TEACHER_UNIT);
        record->posts[record->post_count++] = wire_member(unit.code);
        ret_teacher->units[ret_teacher->unit_count++] = unit;
    }
}

bool
known_teacher_open(struct http_request *request, struct http_response *response,
                   struct known_teacher *ret_teacher)
{
    CLEANUP(result_clear) PGresult *rows = NULL;
    const char *id;

    if (request_id(request, response, 0, &id))
        rows =
            request_read_shared(request, response, SHARED_TEACHER_COMMAND, id);
    if (rows == NULL)
        return false;
    known_teacher_read(request->arena, rows, ret_teacher);
    if (!ret_teacher->known)
        http_problem(request, response, "NOT_FOUND", NULL, 0);
    return ret_teacher->known;
}

const struct unit *
known_teacher_unit(const struct known_teacher *teacher, const char *code)
{
    for (size_t i = 0; i < teacher->unit_count; i++)
        if (strcmp(teacher->units[i].code, code) == 0)
            return &teacher->units[i];
    return NULL;
}

void
known_unit_params(struct db_params *params, const char *code)
{
    db_text(params, code);
    db_time(params, clock_now() - pulls_counted);
}

void
known_unit_send(struct db *db, const char *code)
{
    struct db_params params = {0};

    known_unit_params(&params, code);
    db_send(db, "unit_command", &params);
    db_params_free(&params);
}

void
known_unit_read(struct arena *arena, const PGresult *rows,
                struct known_unit *ret_unit)
{
    *ret_unit = (struct known_unit){.unit.code = ""};
    if (rows == NULL || PQntuples(rows) == 0)
        return;
    ret_unit->unit = request_unit(arena, rows, 0, UNIT);
    ret_unit->version = db_get_int(rows, 0, VERSION);
    ret_unit->recent_pulls = db_get_int(rows, 0, PULLS);
}

struct unit
unit_own(const struct principal *principal)
{
    return (struct unit){
        .code = wire_member(principal->officer.organization),
        .kind = principal->officer.kind,
    };
}

bool
teacher_submit(struct http_request *request, struct http_response *response,
               const ProtobufCMessage *command, const char *person_id,
               int status)
{
    const struct submission submission = {
        .lane_key = person_id,
        .service = "teacher",
        .command = command,
        .subject = person_id,
        .location = arena_printf(request->arena, "/v1/teachers/%s", person_id),
        .done_status = status,
    };

    return operation_submit(request, response, &submission);
}
