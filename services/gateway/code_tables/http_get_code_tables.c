/* http_get_code_tables: route 84, the code tables by name, with the number of
 * codes that are valid on a day (T14). No sign-in. */
#include "gateway/routes.h"

#include "gateway/code_tables/code_table.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"

enum { NAME, VERSION, CODES };

static void
render(struct bytes *out, const PGresult *rows, int row)
{
    const char *table = db_get_text(rows, row, NAME);

    json_open(out, NULL, '{');
    json_text(out, "table", table);
    json_text(out, "label", code_table_label(table));
    json_int(out, "version", db_get_int(rows, row, VERSION));
    json_int(out, "codes", db_get_int(rows, row, CODES));
    json_close(out, '}');
}

void
http_get_code_tables(struct http_request *request,
                     struct http_response *response)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    const char *day = code_table_day(request);

    db_date(&params, day);
    CLEANUP(result_clear)
    PGresult *rows =
        request_query(request, response, "code_table_list", &params);
    if (rows == NULL)
        return;

    struct bytes *out = &response->body;
    json_open(out, NULL, '{');
    json_text(out, "on", day);
    json_open(out, "items", '[');
    for (int row = 0; row < PQntuples(rows); row++)
        render(out, rows, row);
    json_close(out, ']');
    json_close(out, '}');
    code_table_answer(request, response);
}
