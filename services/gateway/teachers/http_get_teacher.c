/* Route 35: one teacher's record, in one round trip.
 *
 * The view wrote the document, its head in full and masked. This handler
 * chooses one by the caller's rights and adds the login's status. In full for
 * the teacher and for officers of a unit where the teacher has a post. A note
 * is shown to officers of the unit that wrote it. */
#include "gateway/routes.h"

#include "gateway/request/render.h"
#include "gateway/request/request.h"
#include "gateway/request/shared_read.h"
#include "gateway/teachers/teacher_reach.h"

enum column {
    VERSION,
    HEAD,
    MASKED_HEAD,
    RECORD,
    MERGED_INTO,
    UNIT,
    ACCOUNT = UNIT + 5,
    STATUS,
};

void
http_get_teacher(struct http_request *request, struct http_response *response)
{
    CLEANUP(result_clear) PGresult *result = NULL;
    const char *id;
    bool full;

    if (request_id(request, response, 0, &id))
        result = request_read_shared(request, response, SHARED_TEACHER, id);
    if (result == NULL)
        return;
    if (PQntuples(result) == 0 || PQgetlength(result, 0, HEAD) == 0) {
        http_problem(request, response, "NOT_FOUND", NULL, 0);
        return;
    }
    const struct unit *units = teacher_units(request->arena, result, UNIT);
    size_t count = (size_t)PQntuples(result);
    if (!teacher_allows(request, response, units, count, NULL,
                        request->params[0], &full))
        return;

    struct bytes *out = &response->body;
    int status = (int)db_get_int(result, 0, STATUS);
    bytes_add_text(out, db_get_text(result, 0, full ? HEAD : MASKED_HEAD));
    bytes_add_char(out, ',');
    teacher_add_record(out, request, db_get_text(result, 0, RECORD), units,
                       count);
    size_t own = out->size;
    json_text(out, "accountId",
              db_copy_uuid(request->arena, result, 0, ACCOUNT));
    json_word(out, "accountStatus", &account_status_words,
              status ? status : ACCOUNT_NOT_APPLIED);
    json_close(out, '}');
    if (status == 0)
        own = out->size; /* no login: the record's version is enough */
    request_document_etag(request, response, db_get_int(result, 0, VERSION),
                          full ? own : 0);
    http_answer(response, 200);
}
