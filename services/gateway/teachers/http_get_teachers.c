/* Route 32: the teachers of the units within reach (T8, T9).
 *
 * Ten a page by default; by unit, part of the name, status of the login, title
 * set, subject or stage; sorted by strokes. `count=true` adds the letter's
 * counts of all matches. `on` selects the teachers of a day; status and name
 * are today's. Names are masked outside the own unit. A row is JSON that the
 * view wrote, in full and masked; its unit's name and the login are added. */
#include "gateway/routes.h"

#include "rules/post.h"
#include "rules/role.h"
#include "rules/authority.h"

#include "gateway/lists/page.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"

enum column {
    ID,
    NAME,
    ORGANIZATION,
    ITEM,
    VERSION,
    ORGANIZATION_NAME,
    STATUS,
    ACCOUNT,
    COUNTS,
};

static bool
bind(struct http_request *request, struct http_response *response,
     const struct page *page, struct db_params *params)
{
    if (!filter_units(request, response, "organization", params))
        return false;
    filter_teacher_name(request, "name", params);
    filter_words(request, "status", &account_status_words, params);
    filter_texts(request, "titleSet", params);
    filter_texts(request, "subject", params);
    filter_texts(request, "stage", params);
    db_text(params, page->after[0]);
    db_uuid(params, page->after[1]);
    db_text(params, page->after[2]);
    return page_bind_rows(page, params);
}

static bool
bind_on(struct http_request *request, struct http_response *response,
        const struct page *page, struct db_params *params)
{
    if (!bind(request, response, page, params))
        return false;
    filter_day(request, "on", params);
    return true;
}

static void
render(struct http_request *request, struct bytes *out, const PGresult *result,
       int row, const char **ret_last)
{
    json_raw(out, NULL, db_get_text(result, row, ITEM));
    json_int(out, "version", db_get_int(result, row, VERSION));
    json_text(out, "organizationName",
              db_get_text(result, row, ORGANIZATION_NAME));
    json_word(out, "accountStatus", &account_status_words,
              (int)db_get_int(result, row, STATUS));
    json_text(out, "accountId",
              db_copy_uuid(request->arena, result, row, ACCOUNT));
    json_close(out, '}');
    ret_last[0] = db_get_text(result, row, NAME);
    ret_last[1] = db_copy_uuid(request->arena, result, row, ID);
    ret_last[2] = db_get_text(result, row, ORGANIZATION);
}

/* The letter's counts and, as a member of their own, the posts (T8, T11).
 * Counts of an empty list: all zero. */
static const char *
counts_of(const PGresult *result)
{
    static const char nobody[] =
        "{\"total\":0,\"applied\":0,\"notApplied\":0,\"teachers\":0,"
        "\"administrativeStaff\":0},\"posts\":0";

    return PQntuples(result) > 0 ? db_get_text(result, 0, COUNTS) : nobody;
}

#define LIST(query_, bind_, lasting_)                                          \
    {                                                                          \
        .query = query_, .first = {"", ID_FIRST, ""}, .bind = bind_,           \
        .render = render, .count_name = "counts", .counts = counts_of,         \
        .lasting = lasting_                                                    \
    }
#define TEACHER_LIST(query, bind) LIST(query, bind, false)
#define LASTING_LIST(query, bind) LIST(query, bind, true)

static const struct list of_a_unit =
    TEACHER_LIST("teacher_list_unit", page_bind_unit);
static const struct list of_units = TEACHER_LIST("teacher_list", bind);
static const struct list of_few = LASTING_LIST("teacher_list", bind);
static const struct list of_all = TEACHER_LIST("teacher_list_all", bind);
static const struct list named = LASTING_LIST("teacher_list_named", bind);
static const struct list titled = TEACHER_LIST("teacher_list_titled", bind);
static const struct list on_a_day = TEACHER_LIST("teacher_list_on", bind_on);
static const struct list all_on_a_day =
    TEACHER_LIST("teacher_list_on_all", bind_on);

static bool
has(const struct http_request *request, const char *name)
{
    return http_query(request, name, 0) != NULL;
}

static bool
has_any(const struct http_request *request, const char *const *names)
{
    for (; *names != NULL; names++)
        if (has(request, *names))
            return true;
    return false;
}

/* The list of the units within reach; otherwise a cheaper one with the same
 * rows. Most officers open a unit's whole list. */
static const struct list *
cheapest(const struct http_request *request)
{
    static const char *const any[] = {"name",    "status", "titleSet",
                                      "subject", "stage",  NULL};
    static const char *const rare[] = {"name",  "titleSet", "subject",
                                       "stage", "count",    NULL};
    enum reach reach = reach_widest(&request_principal(request)->officer);

    if (filter_unit(request, "organization") != NULL)
        return has_any(request, any) ? &of_few : &of_a_unit;
    if (reach == REACH_OWN || has(request, "organization"))
        return &of_units;
    if (reach == REACH_ALL && has(request, "name"))
        return &named;
    if (reach == REACH_ALL && has(request, "titleSet"))
        return &titled;
    return reach == REACH_ALL || !has_any(request, rare) ? &of_all : &of_units;
}

/* The same for a day. */
static const struct list *
cheapest_on(const struct http_request *request)
{
    static const char *const rare[] = {"name", "titleSet", "subject", "stage",
                                       NULL};
    enum reach reach = reach_widest(&request_principal(request)->officer);

    if (reach == REACH_OWN || has(request, "organization") ||
        has(request, "count"))
        return &on_a_day;
    return reach == REACH_ALL || !has_any(request, rare) ? &all_on_a_day
                                                         : &on_a_day;
}

static const struct list today = {
    .first = {"", ID_FIRST, ""},
    .shortcut = cheapest,
};
static const struct list that_day = {
    .first = {"", ID_FIRST, ""},
    .shortcut = cheapest_on,
};

void
http_get_teachers(struct http_request *request, struct http_response *response)
{
    page_answer(request, response, has(request, "on") ? &that_day : &today);
}
