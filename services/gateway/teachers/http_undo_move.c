/* Route 39: takes back a move, planned or done (T1, T15).
 *
 * For both schools of the move, their centre and the platform. The command
 * carries the person's role at the school that the move brought them to, from
 * the read model. If-Match names the version of the record. A school that may
 * not read the record sends `*`; then the move's own state decides. The teacher
 * service decides whether it can be undone. */
#include "gateway/routes.h"

#include <string.h>

#include "gateway/operations/submit.h"
#include "gateway/request/form.h"
#include "gateway/teachers/teacher_command.h"

#include "inservice/teacher/v1/commands.pb-c.h"

typedef Inservice__Teacher__V1__UndoMove Undo;

enum { REASON_MAX = 500 };

enum column { UNIT, TO = UNIT + 5, OFFICER_AT, OFFICER_ROLE, OFFICER_VERSION };

static void
send_move(struct db *db, struct http_request *request)
{
    struct db_params params = {0};

    db_uuid(&params, request->params[0]);
    db_uuid(&params, request->params[1]);
    db_send(db, "move_command", &params);
    db_params_free(&params);
}

static bool
is_allowed(struct http_request *request, struct http_response *response,
           const PGresult *rows)
{
    struct unit units[2];
    struct target targets[2];
    size_t count = 0;

    for (; count < COUNT_OF(units) && (int)count < PQntuples(rows); count++) {
        units[count] = request_unit(request->arena, rows, (int)count, UNIT);
        targets[count] = (struct target){.unit = &units[count],
                                         .person_id = request->params[0],
                                         .subject = SUBJECT_TEACHERS};
    }
    if (count > 0)
        return request_allows_any(request, response, targets, count);
    request_turn_away(request, response, "NOT_FOUND");
    return false;
}

/* The role at the school the move brought the person to. */
static void
take_officer(const PGresult *rows, Undo *command)
{
    const char *at = db_get_text(rows, 0, OFFICER_AT);
    const char *to = db_get_text(rows, 0, TO);

    if (at == NULL || to == NULL || strcmp(at, to) != 0)
        return;
    command->officer_role =
        (Inservice__Common__V1__Role)db_get_int(rows, 0, OFFICER_ROLE);
    command->officer_version = db_get_int(rows, 0, OFFICER_VERSION);
}

static bool
read_version(struct http_request *request, struct http_response *response,
             int64_t *ret_version)
{
    const char *tag = http_header_list(request, "If-Match");

    *ret_version = -1;
    return (tag != NULL && strcmp(tag, "*") == 0) ||
           request_if_match(request, response, true, ret_version);
}

void
http_undo_move(struct http_request *request, struct http_response *response)
{
    CLEANUP(result_clear) PGresult *rows = NULL;
    struct form form;
    const char *id;
    int64_t version;
    Undo command;

    if (!request_id(request, response, 0, &id) ||
        !request_id(request, response, 1, &id))
        return;
    rows = request_read(request, response, send_move);
    if (rows == NULL || !is_allowed(request, response, rows))
        return;
    form_open(&form, request);
    const char *reason = form_text(&form, "reason", 0, REASON_MAX);
    if (!form_close(&form, response) ||
        !read_version(request, response, &version))
        return;

    inservice__teacher__v1__undo_move__init(&command);
    command.order = order_new(request, version);
    command.order->reason = wire_member(reason);
    command.person_id = wire_member(request->params[0]);
    command.move_id = wire_member(request->params[1]);
    take_officer(rows, &command);
    teacher_submit(request, response, &command.base, command.person_id, 200);
}
