/* Route 17: the officers' accounts within reach.
 *
 * Live ones and applications; by unit, part of the name, status or role. The
 * query cuts the list to the reach; the rules' row decides who may list. */
#include "gateway/routes.h"

#include "rules/role.h"

#include "gateway/lists/page.h"
#include "gateway/request/render.h"

enum column {
    ID,
    VERSION,
    ORGANIZATION,
    ORGANIZATION_NAME,
    REACH,
    ROLE,
    PERMISSIONS,
    STATUS,
    CAUSE,
    NAME,
    PHONE,
    EMAIL,
    LOGIN,
    ENABLED_AT,
    DISABLED_AT,
    DELETION_REQUESTED_AT,
    COUNT,
};

static bool
bind(struct http_request *request, struct http_response *response,
     const struct page *page, struct db_params *params)
{
    if (!filter_units(request, response, "organization", params))
        return false;
    filter_name(request, "name", params);
    filter_words(request, "status", &account_status_words, params);
    filter_words(request, "role", &role_words, params);
    db_text(params, page->after[0]);
    db_uuid(params, page->after[1]);
    return page_bind_rows(page, params);
}

static void
render(struct http_request *request, struct bytes *out, const PGresult *result,
       int row, const char **ret_last)
{
    json_open(out, NULL, '{');
    json_text(out, "id", db_copy_uuid(request->arena, result, row, ID));
    json_int(out, "version", db_get_int(result, row, VERSION));
    json_text(out, "organization", db_get_text(result, row, ORGANIZATION));
    json_text(out, "organizationName",
              db_get_text(result, row, ORGANIZATION_NAME));
    json_text(out, "name", db_get_text(result, row, NAME));
    json_word(out, "role", &role_words, (int)db_get_int(result, row, ROLE));
    json_bits(out, "permissions", &permission_words,
              (unsigned)db_get_int(result, row, PERMISSIONS));
    json_word(out, "status", &account_status_words,
              (int)db_get_int(result, row, STATUS));
    json_word(out, "cause", &disabled_cause_words,
              (int)db_get_int(result, row, CAUSE));
    json_text(out, "login", db_get_text(result, row, LOGIN));
    json_text(out, "phone", db_get_text(result, row, PHONE));
    json_text(out, "email", db_get_text(result, row, EMAIL));
    json_time(out, "enabledAt", db_get_time(result, row, ENABLED_AT));
    json_time(out, "disabledAt", db_get_time(result, row, DISABLED_AT));
    json_time(out, "deletionRequestedAt",
              db_get_time(result, row, DELETION_REQUESTED_AT));
    json_close(out, '}');
    ret_last[0] = db_get_text(result, row, NAME);
    ret_last[1] = db_copy_uuid(request->arena, result, row, ID);
}

static const struct list of_a_unit = {
    .query = "business_account_list_unit",
    .first = {"", ID_FIRST},
    .bind = page_bind_unit,
    .render = render,
    .count_name = "count",
    .count_column = COUNT,
};

/* Most officers open a unit's whole list. */
static const struct list *
shortcut(const struct http_request *request)
{
    if (http_query(request, "name", 0) != NULL ||
        http_query(request, "status", 0) != NULL ||
        http_query(request, "role", 0) != NULL)
        return NULL;
    return filter_unit(request, "organization") != NULL ? &of_a_unit : NULL;
}

static const struct list list = {
    .query = "business_account_list",
    .first = {"", ID_FIRST},
    .bind = bind,
    .render = render,
    .count_name = "count",
    .count_column = COUNT,
    .shortcut = shortcut,
};

void
http_get_business_accounts(struct http_request *request,
                           struct http_response *response)
{
    page_answer(request, response, &list);
}
