/* http_get_code_table: route 85, the codes of one table that are valid on a
 * day, in the order of lists (T14). No sign-in: applicants choose from it, and
 * other systems translate codes with it. */
#include "gateway/routes.h"

#include "gateway/code_tables/code_table.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"

/* The columns of code_table_read after those of a code. */
enum { TITLE_SETS = CODE_COLUMNS, VERSION };

/* JSON that the read model keeps; none is an empty list. */
static void
add_list(struct bytes *out, const char *name, const PGresult *rows, int row,
         int column)
{
    const char *json = db_get_text(rows, row, column);

    json_raw(out, name, json != NULL ? json : "[]");
}

static void
render(struct bytes *out, const PGresult *rows, int row)
{
    json_open(out, NULL, '{');
    json_text(out, "code", db_get_text(rows, row, CODE));
    json_text(out, "label", db_get_text(rows, row, LABEL));
    json_text(out, "labelEn", db_get_text(rows, row, LABEL_EN));
    json_text(out, "group", db_get_text(rows, row, GROUP));
    json_text(out, "validFrom", db_get_text(rows, row, VALID_FROM));
    json_text(out, "validUntil", db_get_text(rows, row, VALID_UNTIL));
    add_list(out, "titleSets", rows, row, TITLE_SETS);
    add_list(out, "members", rows, row, MEMBERS);
    json_close(out, '}');
}

void
http_get_code_table(struct http_request *request,
                    struct http_response *response)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    const char *day = code_table_day(request);

    db_text(&params, request->params[0]);
    db_date(&params, day);
    CLEANUP(result_clear)
    PGresult *rows =
        request_query(request, response, "code_table_read", &params);
    if (rows == NULL)
        return;
    if (PQntuples(rows) == 0) {
        http_problem(request, response, "NOT_FOUND", NULL, 0);
        return;
    }

    struct bytes *out = &response->body;
    json_open(out, NULL, '{');
    json_text(out, "table", request->params[0]);
    json_text(out, "label", code_table_label(request->params[0]));
    json_int(out, "version", db_get_int(rows, 0, VERSION));
    json_text(out, "on", day);
    json_open(out, "codes", '[');
    for (int row = 0; row < PQntuples(rows); row++)
        if (!db_is_null(rows, row, CODE))
            render(out, rows, row);
    json_close(out, ']');
    json_close(out, '}');
    code_table_answer(request, response);
}
