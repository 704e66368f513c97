/* Route 25: what was done to an account, when and by which officer, oldest
 * first (B17). For its managers and its holder. */
#include "gateway/routes.h"

#include "gateway/accounts/account_history.h"
#include "gateway/accounts/business_account.h"
#include "gateway/lists/page.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"

enum column {
    INCARNATION,
    VERSION,
    EVENT,
    AT,
    ACTOR,
    ROLE,
    PERMISSIONS,
    CAUSE,
    OTHER,
    ACTOR_NAME,
    ACTOR_ORGANIZATION,
};

enum { SORT_FIELDS = 3 };

/* null: the system, by a timer or a rule. */
static void
render_actor(struct http_request *request, struct bytes *out,
             const PGresult *rows, int row)
{
    if (PQgetisnull(rows, row, ACTOR)) {
        json_text(out, "actor", NULL);
        return;
    }
    json_open(out, "actor", '{');
    json_text(out, "id", db_copy_uuid(request->arena, rows, row, ACTOR));
    json_text(out, "name", db_get_text(rows, row, ACTOR_NAME));
    json_text(out, "organization", db_get_text(rows, row, ACTOR_ORGANIZATION));
    json_close(out, '}');
}

static bool
has_role(int event)
{
    return event == ACCOUNT_EVENT_ENABLED || event == ACCOUNT_EVENT_CHANGED;
}

static void
render(struct http_request *request, struct bytes *out, const PGresult *rows,
       int row)
{
    int event = (int)db_get_int(rows, row, EVENT);
    int cause = (int)db_get_int(rows, row, CAUSE);

    json_open(out, NULL, '{');
    json_int(out, "version", db_get_int(rows, row, VERSION));
    json_word(out, "event", &account_event_words, event);
    json_time(out, "at", db_get_time(rows, row, AT));
    render_actor(request, out, rows, row);
    if (has_role(event)) {
        json_word(out, "role", &role_words, (int)db_get_int(rows, row, ROLE));
        json_bits(out, "permissions", &permission_words,
                  (unsigned)db_get_int(rows, row, PERMISSIONS));
    }
    if (event == ACCOUNT_EVENT_DISABLED)
        json_word(out, "cause", &disabled_cause_words, cause);
    if (event == ACCOUNT_EVENT_CLOSED)
        json_word(out, "cause", &closed_cause_words, cause);
    json_close(out, '}');
}

void
http_get_account_history(struct http_request *request,
                         struct http_response *response)
{
    static const char *const first[SORT_FIELDS] = {"0", "0", "0"};
    CLEANUP(db_params_free) struct db_params params = {0};
    struct page page;

    CLEANUP(result_clear)
    PGresult *account = business_account_read(request, response);
    if (account == NULL ||
        !page_read(request, response, first, SORT_FIELDS, &page))
        return;
    db_uuid(&params, request->params[0]);
    for (size_t i = 0; i < SORT_FIELDS; i++)
        db_text(&params, page.after[i]);
    db_int4(&params, page_wanted(&page));
    CLEANUP(result_clear)
    PGresult *rows =
        request_query(request, response, "account_history_list", &params);
    if (rows == NULL)
        return;

    const char *last[SORT_FIELDS] = {NULL};
    page_begin(response, &page, rows);
    for (int row = 0; row < page.rows; row++) {
        render(request, &response->body, rows, row);
        for (int i = 0; i < SORT_FIELDS; i++)
            last[i] = page_number(request, db_get_int(rows, row, i));
    }
    page_end(request, response, &page, rows, last, NULL, NULL);
}
