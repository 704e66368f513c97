/* Route 1: the public search for a unit (O1).
 *
 * Public columns only; by part of the name (臺 finds 台), code, kind, county,
 * managing centre or status. Needs no sign-in and reads no session. */
#include "gateway/routes.h"

#include "rules/organization.h"

#include "gateway/lists/page.h"
#include "gateway/organizations/organization.h"

/* By code or name, as people type it: 台北市 is 臺北市 (O1). */
static void
filter_counties(const struct http_request *request, struct db_params *params)
{
    size_t count = 0;

    while (http_query(request, "county", (int)count) != NULL)
        count++;
    if (count == 0) {
        db_null(params);
        return;
    }
    db_array(params, DB_TEXT, count);
    for (size_t i = 0; i < count; i++) {
        const char *typed = http_query(request, "county", (int)i);
        const struct county *county = county_find(typed);
        db_text(params, county != NULL ? county->name : typed);
    }
}

static bool
bind(struct http_request *request, struct http_response *response,
     const struct page *page, struct db_params *params)
{
    (void)response;
    filter_name(request, "name", params);
    filter_codes(request, "code", params);
    filter_words(request, "kind", &organization_kind_words, params);
    filter_counties(request, params);
    filter_codes(request, "centre", params);
    filter_words(request, "status", &organization_state_words, params);
    db_text(params, page->after[0]);
    db_text(params, page->after[1]);
    return page_bind_rows(page, params);
}

/* Columns as organization_render() has them. */
enum { CODE = 0, NAME = 2, COUNT = ORGANIZATION_COLUMNS };

static void
render(struct http_request *request, struct bytes *out, const PGresult *result,
       int row, const char **ret_last)
{
    (void)request;
    organization_render(out, result, row);
    json_close(out, '}');
    ret_last[0] = db_get_text(result, row, NAME);
    ret_last[1] = db_get_text(result, row, CODE);
}

static const struct list list = {
    .query = "organization_list",
    .first = {"", ""},
    .anyone = true,
    .bind = bind,
    .render = render,
    .count_name = "count",
    .count_column = COUNT,
};

void
http_get_organizations(struct http_request *request,
                       struct http_response *response)
{
    page_answer(request, response, &list);
}
