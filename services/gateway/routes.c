/* The gateway's route table.
 *
 * routes.def has the rows. The rules' row of the same number (rules/route.h)
 * gives method, path and rights. A test compares the OpenAPI document with
 * them. Filled once, before the first thread; constant after that. */
#include "gateway/routes.h"

#include <stdio.h>
#include <string.h>

#include "chassis/http/health.h"

#include "rules/route.h"

#include "gateway/gateway.h"
#include "gateway/lists/page.h"
#include "gateway/lists/parameter.h"

enum {
    IMPORT_BYTES_MAX = 8 * 1024 * 1024,
    /* Forms of callers who have not signed in. */
    OPEN_FORM_MAX = 4 * 1024,
    APPLICATION_MAX = 8 * 1024,
};

#define QUERY(...) ((const struct http_parameter[]){__VA_ARGS__, {0}})

/* clang-format off */
#define ROUTE(number_, handle_, ...)                                           \
    {.number = number_, .handle = handle_, __VA_ARGS__},
#define ASKED(path_, handle_)                                                  \
    {.method = "GET", .path = path_, .handle = handle_},

struct http_route gateway_routes[] = {
#include "gateway/routes.def"
    /* Requests of machines: no number, no sign-in. */
    ASKED("/livez", health_live)
    ASKED("/readyz", health_ready)
    ASKED("/metrics", http_get_metrics)
    ASKED("/openapi.json", http_get_openapi)
    ASKED("/.well-known/api-catalog", http_get_api_catalog)
    {0},
};
/* clang-format on */

/* Whether a row of the table has the number. */
static bool
has_row(unsigned number)
{
    for (const struct http_route *row = gateway_routes; row->handle; row++)
        if ((unsigned)row->number == number)
            return true;
    return false;
}

bool
routes_fill(char ret_error[256])
{
    for (struct http_route *row = gateway_routes; row->handle; row++) {
        const struct route *rule = route_by_number((unsigned)row->number);
        if (row->number == 0)
            continue;
        if (rule == NULL) {
            snprintf(ret_error, 256, "route %d has no row in the rules",
                     row->number);
            return false;
        }
        row->method = rule->method;
        row->path = rule->path;
        row->takes_body = strcmp(rule->method, "POST") == 0 ||
                          strcmp(rule->method, "PATCH") == 0;
    }
    for (size_t i = 0; i < route_count(); i++) {
        unsigned number = route_at(i)->number;
        if (!has_row(number)) {
            snprintf(ret_error, 256, "route %u has no handler", number);
            return false;
        }
    }
    return true;
}

/* The demands of the rules' row. */
static void
print_demands(unsigned demands)
{
    static const struct {
        unsigned demand;
        const char *name;
    } names[] = {
        {DEMAND_STEP_UP, "step-up"},
        {DEMAND_IDEMPOTENCY_KEY, "idempotency-key"},
        {DEMAND_IF_MATCH, "if-match"},
        {DEMAND_IF_MATCH_IF_KNOWN, "if-match-if-known"},
    };
    const char *sign = "";

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (!(demands & names[i].demand))
            continue;
        printf("%s%s", sign, names[i].name);
        sign = ",";
    }
}

int
routes_print(int argc, char **argv)
{
    char error[256];

    (void)argc;
    (void)argv;
    if (!routes_fill(error)) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    for (const struct http_route *row = gateway_routes; row->path; row++) {
        const struct route *rule = route_by_number((unsigned)row->number);
        printf("%d\t%s\t%s\t", row->number, row->method, row->path);
        for (const struct http_parameter *q = row->query; q && q->name; q++)
            printf("%s%s", q == row->query ? "" : ",", q->name);
        printf("\t");
        print_demands(rule != NULL ? rule->demands : 0);
        printf("\t");
        if (rule != NULL)
            route_print_who(stdout, rule);
        printf("\n");
    }
    return 0;
}
