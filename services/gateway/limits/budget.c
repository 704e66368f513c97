/* The table of budgets and the statements that take from them; see budget.h.
 *
 * Called by handlers before they write. One row a budget: its name in the
 * table, its metric, its setting and its window. A limit of 0 does not exist;
 * the least is 1.
 */
#include "gateway/limits/budget.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "chassis/base/clock.h"

#include "gateway/events.h"
#include "gateway/gateway.h"
#include "gateway/identity/identity.h"
#include "gateway/request/request.h"
#include "gateway/metrics.h"

#define HOUR SECONDS(3600)
#define DAY  DAYS(1)

/* The owner compares with its own limit; the gateway only counts. */
static const int64_t counted_only = INT32_MAX;

/* Other callers from the same address do not count against this caller. */
static const char shared[] = "TOO_MANY_FROM_NETWORK";
static const char own[] = "TOO_MANY_REQUESTS";
static const char applied[] = "TOO_MANY_APPLICATIONS";

#define LIMIT(member) &gateway_settings.member
#define ROW(what, by) what "/" by, "what=\"" what "\",by=\"" by "\""

static const struct {
    const char *name, *label, *code;
    const int64_t *limit;
    int64_t window;
} budgets[BUDGETS] = {
    [BUDGET_CODES_OF_CLIENT] = {ROW("code", "client"), shared,
                                LIMIT(verifications_per_client), HOUR},
    [BUDGET_CODES_OF_NETWORK] = {ROW("code", "network"), shared,
                                 LIMIT(verifications_per_network), HOUR},
    [BUDGET_CODES_OF_MAILBOX_AND_CLIENT] = {ROW("code", "mailbox_and_client"),
                                            own,
                                            LIMIT(verifications_per_mailbox),
                                            HOUR},
    [BUDGET_FIRST_CODES_OF_MAILBOX_AND_NETWORK] =
        {ROW("code", "mailbox_and_network"), own,
         LIMIT(verifications_per_mailbox_first), HOUR},
    [BUDGET_CODES_OF_MAILBOX] = {ROW("code", "mailbox"), own,
                                 LIMIT(verifications_per_mailbox_all), HOUR},
    [BUDGET_APPLICATIONS_OF_CLIENT] = {ROW("application", "client"), shared,
                                       LIMIT(applications_per_client), HOUR},
    [BUDGET_APPLICATIONS_OF_NETWORK] = {ROW("application", "network"), shared,
                                        LIMIT(applications_per_network), HOUR},
    [BUDGET_APPLICATIONS_OF_MAILBOX] = {ROW("application", "mailbox"), applied,
                                        LIMIT(applications_per_mailbox), HOUR},
    [BUDGET_APPLICATIONS_OF_MAILBOX_AT_UNIT] =
        {ROW("application", "mailbox_at_unit"), applied,
         LIMIT(applications_per_mailbox_at_unit), HOUR},
    [BUDGET_TICKETS_OF_ACCOUNT] = {ROW("ticket", "account"), own,
                                   LIMIT(tickets_per_account), HOUR},
    [BUDGET_LOOK_UPS_OF_OFFICER] = {ROW("look_up", "officer"), own,
                                    LIMIT(look_ups_per_officer), HOUR},
    [BUDGET_LOOK_UPS_OF_UNIT] = {ROW("look_up", "unit"), own,
                                 LIMIT(look_ups_per_unit), HOUR},
    [BUDGET_LOOK_UP_MISSES_OF_NAME] = {ROW("look_up_miss", "name_at_unit"), own,
                                       LIMIT(look_up_misses_per_name), DAY},
    [BUDGET_NUMBERS_OF_OFFICER] = {ROW("wrong_number", "officer"), own,
                                   LIMIT(wrong_numbers_per_officer), HOUR},
    [BUDGET_NUMBERS_OF_UNIT] = {ROW("wrong_number", "unit"), own,
                                LIMIT(wrong_numbers_per_unit), HOUR},
    [BUDGET_NUMBERS_OF_SUBJECT] = {ROW("wrong_number", "application"), own,
                                   LIMIT(wrong_numbers_per_application), DAY},
    [BUDGET_PULLS_OF_UNIT] = {ROW("pull", "unit"), own, &counted_only, DAY},
};

/* "LOOK_UP/officer/<holder>" into a buffer that lives as long as the call. */
static void
add_names(struct db_params *params, const struct budget_claim *claims,
          size_t count)
{
    char name[200];

    db_array(params, DB_TEXT, count);
    for (size_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%s/%s", budgets[claims[i].budget].name,
                 claims[i].holder);
        db_text(params, name);
    }
}

static void
fill(struct db_params *params, const struct budget_claim *claims, size_t count)
{
    add_names(params, claims, count);
    db_array(params, DB_INT4, count);
    for (size_t i = 0; i < count; i++)
        db_int4(params, (int)*budgets[claims[i].budget].limit);
    db_array(params, DB_INT8, count);
    for (size_t i = 0; i < count; i++)
        db_int8(params, budgets[claims[i].budget].window);
    db_time(params, clock_now());
}

/* Columns of budget_take: had something left, counted, until. */
static void
read_rows(const PGresult *rows, const struct budget_claim *claims,
          struct budget_result *ret_result)
{
    int last = PQntuples(rows) - 1;

    *ret_result = (struct budget_result){0};
    for (int i = 0; i <= last; i++) {
        if (!db_get_bool(rows, i, 0))
            break;
        ret_result->counted[ret_result->passed++] = db_get_int(rows, i, 1);
    }
    if (last < 0 || db_get_bool(rows, last, 0))
        return;
    const enum budget refused = claims[ret_result->passed].budget;
    metric_add(budget_refused_total, budgets[refused].label, 1);
    ret_result->code = budgets[refused].code;
    ret_result->wait = db_is_null(rows, last, 2)
                           ? budgets[refused].window
                           : db_get_time(rows, last, 2) - clock_now();
}

enum db_end
budget_take(struct db *db, const struct budget_claim *claims, size_t count,
            struct budget_result *ret_result)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    CLEANUP(result_clear) PGresult *rows = NULL;

    fill(&params, claims, count);
    enum db_end end = db_query(db, "budget_take", &params, &rows);
    if (end == DB_OK)
        read_rows(rows, claims, ret_result);
    return end;
}

void
budget_refuse(struct http_request *request, struct http_response *response,
              const struct budget_result *result)
{
    int64_t seconds = (result->wait + SECONDS(1) - 1) / SECONDS(1);

    http_set_header(response, "Retry-After",
                    arena_printf(request->arena, "%lld",
                                 (long long)(seconds > 0 ? seconds : 1)));
    http_problem(request, response, result->code, NULL, 0);
}

/* Returns false with 503 in the response. */
static bool
take(struct http_request *request, struct http_response *response,
     const struct budget_claim *claims, size_t count,
     struct budget_result *ret_result)
{
    CLEANUP(db_params_free) struct db_params params = {0};

    fill(&params, claims, count);
    CLEANUP(result_clear)
    PGresult *rows = request_query(request, response, "budget_take", &params);
    if (rows == NULL)
        return false;
    read_rows(rows, claims, ret_result);
    return true;
}

bool
budget_spend(struct http_request *request, struct http_response *response,
             const struct budget_claim *claims, size_t count)
{
    struct budget_result result;

    if (!take(request, response, claims, count, &result))
        return false;
    if (result.passed == count)
        return true;
    budget_refuse(request, response, &result);
    return false;
}

bool
budget_count(struct http_request *request, struct http_response *response,
             const struct budget_claim *claim, int64_t *ret_counted)
{
    struct budget_result result;

    if (!take(request, response, claim, 1, &result))
        return false;
    *ret_counted = result.passed == 1 ? result.counted[0] : counted_only;
    return true;
}

bool
budget_spend_audited(struct http_request *request,
                     struct http_response *response,
                     const struct budget_claim *claims, size_t count,
                     const struct budget_note *note)
{
    struct budget_result result;

    if (!take(request, response, claims, count, &result))
        return false;
    if (result.passed == count)
        return true;
    if (audit_write_request(request, response, note->what, note->subject,
                            note->purpose, "TOO_MANY"))
        budget_refuse(request, response, &result);
    return false;
}

void
budget_give_back(struct http_request *request,
                 const struct budget_claim *claims, size_t count)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    struct db *db = pool_take(gateway.pool, clock_monotonic() + SECONDS(1));
    enum db_end end = DB_LOST;

    if (db != NULL) {
        add_names(&params, claims, count);
        db_time(&params, clock_now());
        end = db_query(db, "budget_give_back", &params, NULL);
        pool_give(gateway.pool, db);
    }
    if (end != DB_OK)
        log_event(budget_give_back_failed,
                  log_int("route", request->route->number));
}

const char *
budget_private(struct arena *arena, const char *text, const char *more)
{
    char *name =
        arena_printf(arena, "budget/%s/%s", text, more != NULL ? more : "");
    uint8_t mac[SEAL_DIGEST];

    for (char *c = name; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    seal_mac(gateway.token_keys, name, mac);
    return seal_hex(mac, sizeof(mac), arena_alloc(arena, 2 * SEAL_DIGEST + 1));
}
