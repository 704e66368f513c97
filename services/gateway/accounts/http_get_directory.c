/* Route 83, 業務帳號查詢 (B7): unit, name, phone and e-mail of ACTIVE CHIEFs
 * and CONTACTs, for every signed-in caller. Never an OPERATOR, a login or an
 * ID. */
#include "gateway/routes.h"

#include "rules/role.h"

#include "gateway/lists/page.h"
#include "gateway/request/render.h"

enum column { ID, ORGANIZATION, ORGANIZATION_NAME, ROLE, NAME, PHONE, EMAIL };

static bool
bind(struct http_request *request, struct http_response *response,
     const struct page *page, struct db_params *params)
{
    db_clear(params); /* the same for every caller */
    (void)response;
    filter_codes(request, "organization", params);
    filter_name(request, "unitName", params);
    filter_name(request, "name", params);
    db_text(params, page->after[0]);
    db_text(params, page->after[1]);
    db_uuid(params, page->after[2]);
    db_int4(params, page_wanted(page));
    return true;
}

static void
render(struct http_request *request, struct bytes *out, const PGresult *result,
       int row, const char **ret_last)
{
    json_open(out, NULL, '{');
    json_text(out, "organization", db_get_text(result, row, ORGANIZATION));
    json_text(out, "organizationName",
              db_get_text(result, row, ORGANIZATION_NAME));
    json_word(out, "role", &role_words, (int)db_get_int(result, row, ROLE));
    json_text(out, "name", db_get_text(result, row, NAME));
    json_text(out, "phone", db_get_text(result, row, PHONE));
    json_text(out, "email", db_get_text(result, row, EMAIL));
    json_close(out, '}');
    ret_last[0] = db_get_text(result, row, ORGANIZATION);
    ret_last[1] = db_get_text(result, row, NAME);
    ret_last[2] = db_copy_uuid(request->arena, result, row, ID);
}

static const struct list list = {
    .query = "directory_list",
    .first = {"", "", ID_FIRST},
    .bind = bind,
    .render = render,
};

void
http_get_directory(struct http_request *request, struct http_response *response)
{
    page_answer(request, response, &list);
}
