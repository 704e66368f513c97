/* routes.c: the gateway's route table.
 *
 * One row a route: method, path, handler, the contract's number, what it takes.
 * Who may use a route is not here but in rules/route.h, found by the number;
 * routes_agree() holds the two tables together at start, a test holds the
 * OpenAPI document to them. Lives and dies with nothing: constant data.
 */
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
    /* Forms of people who have not signed in. */
    OPEN_FORM_MAX = 4 * 1024,
    APPLICATION_MAX = 8 * 1024,
};

#define QUERY(...) ((const struct http_parameter[]){__VA_ARGS__, {0}})

#define GET(number_, path_, handle_, ...)                                      \
    {                                                                          \
        .method = "GET", .path = path_, .handle = handle_, .number = number_,  \
        __VA_ARGS__                                                            \
    }
#define POST(number_, path_, handle_, ...)                                     \
    {                                                                          \
        .method = "POST", .path = path_, .handle = handle_, .number = number_, \
        .takes_body = true, __VA_ARGS__                                        \
    }

/* clang-format off */
const struct http_route gateway_routes[] = {
    GET(1, "/v1/organizations", http_get_organizations,
        .query = QUERY(PAGE_QUERY, ONE("name", takes_name),
                       MANY("code", takes_unit),
                       MANY("kind", takes_organization_kind),
                       MANY("county", takes_county),
                       MANY("centre", takes_unit),
                       MANY("status", takes_organization_status))),
    GET(2, "/v1/organizations/{code}", http_get_organization),

    POST(10, "/v1/email-verifications", http_post_email_verifications,
         .body_max = OPEN_FORM_MAX),
    POST(11, "/v1/email-verifications/{id}/confirm",
         http_confirm_email_verification, .body_max = OPEN_FORM_MAX),
    POST(12, "/v1/applications", http_post_application,
         .body_max = APPLICATION_MAX),
    GET(13, "/v1/applications", http_get_applications,
        .query = QUERY(PAGE_QUERY, MANY("organization", takes_unit),
                       MANY("status", takes_application_status),
                       MANY("kind", takes_account_kind))),
    GET(14, "/v1/applications/{id}", http_get_application),
    POST(15, "/v1/applications/{id}/close", http_close_application),
    POST(16, "/v1/applications/{id}/enable", http_enable_application),

    GET(17, "/v1/business-accounts", http_get_business_accounts,
        .query = QUERY(PAGE_QUERY, MANY("organization", takes_unit),
                       ONE("name", takes_name),
                       MANY("status", takes_business_status),
                       MANY("role", takes_role))),
    GET(18, "/v1/business-accounts/{id}", http_get_business_account),
    POST(20, "/v1/business-accounts/{id}/enable", http_enable_business_account),
    POST(21, "/v1/business-accounts/{id}/disable",
         http_disable_business_account),
    {.method = "DELETE", .path = "/v1/business-accounts/{id}",
     .handle = http_delete_business_account, .number = 22},
    GET(23, "/v1/business-accounts/{id}/open-courses", http_get_open_courses,
        .query = QUERY(CURSOR_QUERY)),
    POST(26, "/v1/business-accounts/{id}/credential-tickets",
         http_post_credential_tickets),

    POST(27, "/v1/teacher-accounts", http_post_teacher_account),
    GET(28, "/v1/teacher-accounts/{id}", http_get_teacher_account),
    POST(31, "/v1/teacher-accounts/{id}/credential-tickets",
         http_post_teacher_ticket),

    GET(32, "/v1/teachers", http_get_teachers,
        .query = QUERY(PAGE_QUERY, MANY("organization", takes_unit),
                       ONE("name", takes_name),
                       MANY("status", takes_teacher_status),
                       MANY("titleSet", takes_title_set),
                       MANY("subject", takes_subject),
                       MANY("stage", takes_stage), ONE("on", takes_day))),
    POST(33, "/v1/teachers/look-up", http_look_up_teacher),
    POST(34, "/v1/teachers", http_post_teacher),
    GET(35, "/v1/teachers/{id}", http_get_teacher),
    {.method = "PATCH", .path = "/v1/teachers/{id}",
     .handle = http_patch_teacher, .number = 36, .takes_body = true,
     .body_types = "application/merge-patch+json application/json"},
    POST(37, "/v1/teachers/{id}/leave", http_leave_school),
    GET(38, "/v1/moves", http_get_moves,
        .query = QUERY(CURSOR_QUERY, ONE("direction", takes_direction),
                       ONE("state", takes_move_state),
                       MANY("organization", takes_unit))),
    POST(39, "/v1/teachers/{id}/moves/{move}/undo", http_undo_move),

    GET(47, "/v1/me", http_get_me),
    POST(55, "/v1/sessions", http_post_sessions,
         .body_max = OPEN_FORM_MAX),
    {.method = "DELETE", .path = "/v1/sessions/{id}",
     .handle = http_delete_session, .number = 58},
    POST(60, "/v1/credential-tickets/redeem", http_redeem_ticket,
         .body_max = OPEN_FORM_MAX),

    GET(70, "/v1/tasks", http_get_tasks,
        .query = QUERY(CURSOR_QUERY, MANY("kind", takes_task_kind))),
    GET(71, "/v1/operations", http_get_operations,
        .query = QUERY(CURSOR_QUERY)),
    GET(72, "/v1/operations/{id}", http_get_operation),
    {.method = "POST", .path = "/v1/imports", .handle = http_post_import,
     .early = import_admit, .number = 73, .takes_body = true, .body_types = "text/csv",
     .body_max = IMPORT_BYTES_MAX,
     .query = QUERY(ONE("kind", takes_import_kind))},
    GET(75, "/v1/imports/{id}", http_get_import),
    GET(76, "/v1/imports/{id}/rows", http_get_import_rows,
        .query = QUERY(CURSOR_QUERY, ONE("warned", takes_bool),
                       MANY("state", takes_row_state))),
    POST(77, "/v1/imports/{id}/commit", http_commit_import),

    GET(83, "/v1/directory", http_get_directory,
        .query = QUERY(CURSOR_QUERY, MANY("organization", takes_unit),
                       ONE("unitName", takes_name), ONE("name", takes_name))),
    GET(84, "/v1/code-tables", http_get_code_tables,
        .query = QUERY(ONE("on", takes_day))),
    GET(85, "/v1/code-tables/{table}", http_get_code_table,
        .query = QUERY(ONE("on", takes_day))),

    GET(0, "/livez", health_live),
    GET(0, "/readyz", health_ready),
    GET(0, "/metrics", health_metrics),
    GET(0, "/openapi.json", http_get_openapi),
    GET(0, "/.well-known/api-catalog", http_get_api_catalog),
    {0},
};
/* clang-format on */

static const struct http_route *
row_of(unsigned number)
{
    for (const struct http_route *row = gateway_routes; row->path; row++)
        if ((unsigned)row->number == number)
            return row;
    return NULL;
}

bool
routes_agree(char ret_error[256])
{
    for (size_t i = 0; i < route_count(); i++) {
        const struct route *rule = route_at(i);
        const struct http_route *row = row_of(rule->number);
        if (row == NULL || strcmp(row->path, rule->path) != 0 ||
            strcmp(row->method, rule->method) != 0) {
            snprintf(ret_error, 256, "route %u is not as the rules have it",
                     rule->number);
            return false;
        }
    }
    for (const struct http_route *row = gateway_routes; row->path; row++) {
        if (row->number != 0 &&
            route_by_number((unsigned)row->number) == NULL) {
            snprintf(ret_error, 256, "route %d has no row in the rules",
                     row->number);
            return false;
        }
    }
    return true;
}

/* What the rules' row asks for besides the right. */
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
    (void)argc;
    (void)argv;
    for (const struct http_route *row = gateway_routes; row->path; row++) {
        const struct route *rule = route_by_number((unsigned)row->number);
        printf("%d\t%s\t%s\t", row->number, row->method, row->path);
        for (const struct http_parameter *q = row->query; q && q->name; q++)
            printf("%s%s", q == row->query ? "" : ",", q->name);
        printf("\t");
        print_demands(rule != NULL ? rule->demands : 0);
        printf("\n");
    }
    return 0;
}
