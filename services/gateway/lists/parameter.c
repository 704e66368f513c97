/* parameter.c: see parameter.h. Called by the server before each handler with a
 * query, and by page_answer(). An empty, unknown or ill-formed value is 400
 * with the name of its parameter, never an empty list.
 */
#include "gateway/lists/parameter.h"

#include <stdlib.h>
#include <string.h>

#include "rules/day.h"
#include "rules/fold.h"
#include "rules/text.h"
#include "rules/organization.h"
#include "rules/role.h"

#include "gateway/imports/import.h"
#include "gateway/lists/page.h"
#include "gateway/organizations/organization.h"
#include "gateway/request/request.h"

/* The longest name that is searched for, and the longest code, in bytes. */
enum { NAME_BYTES = 4096, CODE_BYTES = 64 };

/* --- forms -------------------------------------------------------------- */

bool
takes_limit(const char *value)
{
    long limit = strtol(value, NULL, 10);

    return strspn(value, "0123456789") == strlen(value) && limit >= 1 &&
           limit <= PAGE_ROWS_MAX;
}

static bool
is_one_of(const char *value, const char *const *words)
{
    while (*words != NULL && strcmp(*words, value) != 0)
        words++;
    return *words != NULL;
}

#define IS_ONE_OF(value, ...)                                                  \
    is_one_of(value, (const char *const[]){__VA_ARGS__, NULL})

bool
takes_bool(const char *value)
{
    return IS_ONE_OF(value, "true", "false");
}

/* Its content is sealed: page_read() opens it. */
bool
takes_cursor(const char *value)
{
    return value[0] != '\0';
}

bool
takes_name(const char *value)
{
    char folded[NAME_BYTES];

    return !text_is_empty(value) && fold_name(value, folded, sizeof folded);
}

bool
takes_day(const char *value)
{
    day_number day;

    return day_parse(value, &day);
}

bool
takes_county(const char *value)
{
    return county_find(value) != NULL;
}

/* --- words -------------------------------------------------------------- */

static bool
is_word(const struct words *words, const char *value)
{
    int number;

    return word_value(words, value, &number);
}

bool
takes_organization_kind(const char *value)
{
    return is_word(&organization_kind_words, value);
}

bool
takes_organization_status(const char *value)
{
    return is_word(&organization_state_words, value);
}

bool
takes_account_kind(const char *value)
{
    return is_word(&account_kind_words, value);
}

/* The states of accounts that the list can show. */
bool
takes_application_status(const char *value)
{
    return is_word(&account_status_words, value) &&
           !IS_ONE_OF(value, "NOT_APPLIED");
}

bool
takes_business_status(const char *value)
{
    return IS_ONE_OF(value, "PENDING", "ACTIVE", "DISABLED");
}

bool
takes_teacher_status(const char *value)
{
    return IS_ONE_OF(value, "NOT_APPLIED", "ACTIVE", "DISABLED");
}

bool
takes_role(const char *value)
{
    return is_word(&role_words, value);
}

bool
takes_direction(const char *value)
{
    return IS_ONE_OF(value, "in", "out");
}

bool
takes_move_state(const char *value)
{
    return IS_ONE_OF(value, "planned", "done", "undone", "conflict");
}

/* The kinds of v_task. */
bool
takes_semester(const char *value)
{
    size_t year = strspn(value, "0123456789");

    return (year == 2 || year == 3) && value[year] == '-' &&
           (value[year + 1] == '1' || value[year + 1] == '2') &&
           value[year + 2] == '\0';
}

bool
takes_task_kind(const char *value)
{
    return IS_ONE_OF(value, "APPLICATION_WAITING", "TEACHER_APPLICATION",
                     "DELETION_REQUESTED", "LEAVER_ACCOUNT", "NOT_ACTIVATED",
                     "SCHOOL_WITHOUT_CHIEF", "CENTRE_WITHOUT_CHIEF",
                     "LAST_CHIEF_MOVED", "CHIEF_LEAVE_DUE", "MOVED_AWAY");
}

bool
takes_import_kind(const char *value)
{
    return IS_ONE_OF(value, "ORGANIZATIONS");
}

bool
takes_row_state(const char *value)
{
    return is_word(&row_state_words, value);
}

/* --- codes -------------------------------------------------------------- */

static bool
is_code(const char *value)
{
    return strlen(value) <= CODE_BYTES;
}

bool
takes_unit(const char *value)
{
    char code[ORGANIZATION_CODE_SIZE];

    return organization_code_read(value, code);
}

bool
takes_title_set(const char *value)
{
    return is_code(value);
}

bool
takes_subject(const char *value)
{
    return is_code(value);
}

bool
takes_stage(const char *value)
{
    return is_code(value);
}

/* Where a parameter's codes are checked: the code table, "" for units; NULL: no
 * codes. */
static const char *
table_of(const struct http_parameter *parameter)
{
    static const struct {
        bool (*fits)(const char *value);
        const char *table;
    } tables[] = {
        {takes_unit, ""},
        {takes_title_set, "title_set"},
        {takes_subject, "subject"},
        {takes_stage, "stage"},
    };

    for (size_t i = 0; i < COUNT_OF(tables); i++)
        if (tables[i].fits == parameter->fits)
            return tables[i].table;
    return NULL;
}

/* The n-th code of the request, over all parameters. Returns false if there is
 * none. */
static bool
code_at(const struct http_request *request, size_t n,
        const struct http_parameter **ret_parameter, const char **ret_value)
{
    for (const struct http_parameter *row = request->route->query; row->name;
         row++) {
        if (table_of(row) == NULL)
            continue;
        for (int i = 0; (*ret_value = http_query(request, row->name, i)); i++) {
            *ret_parameter = row;
            if (n-- == 0)
                return true;
        }
    }
    return false;
}

bool
parameters_repeat_codes(const struct http_request *request)
{
    for (const struct http_parameter *row = request->route->query; row->name;
         row++)
        if (table_of(row) != NULL && http_query(request, row->name, 1) != NULL)
            return true;
    return false;
}

/* A value in the form of the read model. */
static const char *
form_of(const struct http_request *request,
        const struct http_parameter *parameter, const char *value)
{
    return parameter->fits == takes_unit
               ? organization_code_typed(request->arena, value)
               : value;
}

/* Three arrays: names, tables, values. */
static void
add_codes(const struct http_request *request, size_t count,
          struct db_params *params)
{
    const struct http_parameter *parameter;
    const char *value;

    for (int part = 0; part < 3; part++) {
        db_array(params, DB_TEXT, count);
        for (size_t i = 0; code_at(request, i, &parameter, &value); i++)
            db_text(params, part == 0   ? parameter->name
                            : part == 1 ? table_of(parameter)
                                        : form_of(request, parameter, value));
    }
}

bool
parameters_known(struct http_request *request, struct http_response *response)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    const struct http_parameter *parameter;
    const char *value;
    size_t count = 0;

    while (code_at(request, count, &parameter, &value))
        count++;
    if (count == 0)
        return true;
    add_codes(request, count, &params);
    CLEANUP(result_clear)
    PGresult *unknown =
        request_query(request, response, "parameter_unknown", &params);
    if (unknown == NULL)
        return false;
    if (PQntuples(unknown) == 0)
        return true;
    page_bad(request, response, db_copy_text(request->arena, unknown, 0, 0));
    return false;
}
