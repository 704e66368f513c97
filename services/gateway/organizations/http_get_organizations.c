/* http_get_organizations: route 1, everybody's search for a unit (O1).
 *
 * Public columns only; by part of the name (臺 finds 台), code, kind, county,
 * managing centre or status. Needs no sign-in and looks at none.
 */
#include "gateway/routes.h"

#include "gateway/organizations/organization.h"
#include "gateway/page.h"

static bool
bind(struct http_request *request, struct http_response *response,
     const struct page *page, struct db_params *params)
{
    if (!filter_name(request, response, "name", params))
        return false;
    filter_texts(request, "code", params);
    if (!filter_words(request, response, "kind", &organization_kind_words,
                      params))
        return false;
    filter_texts(request, "county", params);
    filter_texts(request, "centre", params);
    if (!filter_words(request, response, "status", &organization_state_words,
                      params))
        return false;
    db_text(params, page->after[0]);
    db_text(params, page->after[1]);
    db_bool(params, page->count);
    db_int4(params, page_wanted(page));
    return true;
}

void
http_get_organizations(struct http_request *request,
                       struct http_response *response)
{
    static const char *const first[] = {"", ""};
    CLEANUP(db_params_free) struct db_params params = {0};
    struct page page;

    if (!page_read(request, response, first, COUNT_OF(first), &page) ||
        !bind(request, response, &page, &params))
        return;
    CLEANUP(result_clear)
    PGresult *result =
        request_query(request, response, "organization_list", &params);
    if (result == NULL)
        return;

    const char *last[] = {NULL, NULL};
    page_begin(response, &page, result);
    for (int row = 0; row < page.rows; row++) {
        organization_render(&response->body, result, row);
        json_close(&response->body, '}');
        last[0] = db_get_text(result, row, 2);
        last[1] = db_get_text(result, row, 0);
    }
    page_end(request, response, &page, result, last, "count",
             page_count(request, result, 13));
}
