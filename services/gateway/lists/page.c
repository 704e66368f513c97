/* page.c: see page.h. Called by every list; the filters are bound as
 * parameters, never put into a statement. Serves T9 (ten rows, search by name).
 */
#include "gateway/lists/page.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "rules/masking.h"

#include "gateway/gateway.h"
#include "gateway/lists/parameter.h"
#include "gateway/organizations/organization.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"
#include "gateway/views/views.h"

enum { LINK_MAX = 2048 };

void
page_bad(const struct http_request *request, struct http_response *response,
         const char *name)
{
    const char *pointer = arena_printf(request->arena, "?%s", name);
    const struct http_error error = {pointer, "BAD_PARAMETER", NULL};

    http_problem(request, response, "BAD_FORM", &error, 1);
}

bool
page_read(struct http_request *request, struct http_response *response,
          const char *const *first, size_t fields, struct page *ret_page)
{
    const struct principal *principal = request_principal(request);
    const char *cursor = http_query(request, "cursor", 0);
    const char *limit = http_query(request, "limit", 0);
    const char *count = http_query(request, "count", 0);
    struct page page = {
        .fields = fields,
        .limit = limit != NULL ? (int)strtol(limit, NULL, 10) : PAGE_ROWS,
        .count = count != NULL && strcmp(count, "true") == 0,
    };

    page.place =
        arena_printf(request->arena, "cursor/%d/%s", request->route->number,
                     principal ? principal->account_id : "");
    memcpy(page.after, first, fields * sizeof *first);
    if (cursor != NULL &&
        !cursor_read(request->arena, gateway.token_keys, page.place, cursor,
                     page.after, fields)) {
        page_bad(request, response, "cursor");
        return false;
    }
    *ret_page = page;
    return true;
}

bool
page_asker(struct http_request *request, struct http_response *response,
           struct db_params *params)
{

    if (!request_session(request, response) ||
        !request_allows(request, response, &(const struct target){0}, false))
        return false;
    const struct officer *officer = &request_principal(request)->officer;
    db_text(params, officer->organization);
    db_int2(params, (int)officer->kind);
    return true;
}

void
page_begin(struct http_response *response, struct page *page,
           const PGresult *result)
{
    int rows = PQntuples(result);

    page->rows = rows > page->limit ? page->limit : rows;
    json_open(&response->body, NULL, '{');
    json_open(&response->body, "items", '[');
}

static void
add_escaped(struct bytes *out, const char *value)
{
    for (; *value != '\0'; value++) {
        unsigned char c = (unsigned char)*value;
        if (isascii(c) && (isalnum(c) || strchr("-._~", c)))
            bytes_add_char(out, (char)c);
        else
            bytes_printf(out, "%%%02X", c);
    }
}

/* The same address with the next cursor; none if the filters are very long. */
static void
add_link(struct http_request *request, struct http_response *response,
         const char *cursor)
{
    const struct http_parameter *row = request->route->query;
    struct bytes link = {0};
    const char *sign = "?";

    bytes_printf(&link, "<%s", request->path);
    for (; row != NULL && row->name != NULL; row++) {
        if (strcmp(row->name, "cursor") == 0)
            continue;
        const char *value;
        for (int n = 0; (value = http_query(request, row->name, n)); n++) {
            bytes_printf(&link, "%s%s=", sign, row->name);
            add_escaped(&link, value);
            sign = "&";
        }
    }
    bytes_printf(&link, "%scursor=%s>; rel=\"next\"", sign, cursor);
    /* A longer header would not fit into the connection's memory; the body has
     * the cursor, too. */
    if (link.size <= LINK_MAX)
        http_set_header(response, "Link", bytes_text(&link));
    bytes_free(&link);
}

const char *
page_number(struct http_request *request, int64_t number)
{
    return arena_printf(request->arena, "%lld", (long long)number);
}

const char *
page_count(struct http_request *request, const PGresult *result, int column)
{
    if (PQntuples(result) == 0 || db_is_null(result, 0, column))
        return NULL;
    return page_number(request, db_get_int(result, 0, column));
}

void
page_end(struct http_request *request, struct http_response *response,
         const struct page *page, const PGresult *result,
         const char *const *last, const char *name, const char *count)
{
    const char *cursor = NULL;

    if (PQntuples(result) > page->rows)
        cursor = cursor_make(request->arena, gateway.token_keys, page->place,
                             last, page->fields);
    json_close(&response->body, ']');
    json_text(&response->body, "next", cursor);
    if (page->count && name != NULL)
        json_raw(&response->body, name, count != NULL ? count : "0");
    json_close(&response->body, '}');
    if (cursor != NULL)
        add_link(request, response, cursor);
    http_answer(response, 200);
}

static const char *
count_of(struct http_request *request, const struct list *list,
         const PGresult *result)
{
    if (list->counts != NULL)
        return list->counts(result);
    return list->count_name == NULL
               ? NULL
               : page_count(request, result, list->count_column);
}

void
page_answer(struct http_request *request, struct http_response *response,
            const struct list *list)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    const char *last[CURSOR_FIELDS_MAX] = {NULL};
    const struct list *shorter = NULL;
    struct page page;
    size_t fields = 0;

    while (list->first[fields] != NULL)
        fields++;
    if (!list->anyone && !page_asker(request, response, &params))
        return;
    if (list->shortcut != NULL)
        shorter = list->shortcut(request);
    if (shorter != NULL)
        list = shorter;
    bool repeated = parameters_repeat_codes(request);
    if ((repeated && !parameters_known(request, response)) ||
        !page_read(request, response, list->first, fields, &page) ||
        !list->bind(request, response, &page, &params))
        return;
    CLEANUP(result_clear)
    PGresult *result =
        list->lasting
            ? request_query_lasting(request, response, list->query, &params)
            : request_query(request, response, list->query, &params);
    if (result == NULL || (PQntuples(result) == 0 && !repeated &&
                           !parameters_known(request, response)))
        return;

    page_begin(response, &page, result);
    for (int row = 0; row < page.rows; row++)
        list->render(request, &response->body, result, row, last);
    page_end(request, response, &page, result, last, list->count_name,
             count_of(request, list, result));
}

static size_t
values_of(const struct http_request *request, const char *name)
{
    size_t count = 0;

    while (http_query(request, name, (int)count) != NULL)
        count++;
    return count;
}

/* The n-th value of a parameter as the query takes it. */
typedef const char *value_of(const struct http_request *request,
                             const char *name, int n);

static void
filter_list(const struct http_request *request, const char *name,
            value_of *value, struct db_params *params)
{
    size_t count = values_of(request, name);

    if (count == 0) {
        db_null(params);
        return;
    }
    db_array(params, DB_TEXT, count);
    for (size_t i = 0; i < count; i++)
        db_text(params, value(request, name, (int)i));
}

void
filter_texts(const struct http_request *request, const char *name,
             struct db_params *params)
{
    filter_list(request, name, http_query, params);
}

static const char *
code_of(const struct http_request *request, const char *name, int n)
{
    return organization_code_typed(request->arena,
                                   http_query(request, name, n));
}

void
filter_codes(const struct http_request *request, const char *name,
             struct db_params *params)
{
    filter_list(request, name, code_of, params);
}

void
filter_words(struct http_request *request, const char *name,
             const struct words *words, struct db_params *params)
{
    size_t count = values_of(request, name);

    if (count == 0) {
        db_null(params);
        return;
    }
    db_array(params, DB_INT2, count);
    for (size_t i = 0; i < count; i++) {
        int value;
        bool known =
            word_value(words, http_query(request, name, (int)i), &value);
        db_int2(params, known ? value : 0);
    }
}

const char *
like_pattern(struct arena *arena, const char *folded)
{
    char *pattern = arena_alloc(arena, 2 * strlen(folded) + 3);
    char *end = pattern;

    *end++ = '%';
    for (const char *c = folded; *c != '\0'; c++) {
        if (strchr("%_\\", *c) != NULL)
            *end++ = '\\';
        *end++ = *c;
    }
    *end++ = '%';
    return pattern;
}

const char *
masked_pattern(struct arena *arena, const char *folded)
{
    size_t room = strlen(folded) + 4;
    char *mask = arena_alloc(arena, room);
    char *pattern = arena_alloc(arena, 2 * (strlen(folded) + room));
    char *end = pattern;

    if (!mask_name(folded, mask, room))
        mask[0] = '\0';
    /* One character was typed: its mask shows none of it. */
    bool one = strcmp(mask, "O") == 0 || strcmp(mask, "***") == 0;
    for (const char *c = one ? folded : mask; *c != '\0' && *c != '*'; c++) {
        if (strchr("%_\\", *c) != NULL)
            *end++ = '\\';
        *end++ = (char)(*c == 'O' ? '_' : *c);
    }
    /* A name of one character is not found: its mask does not show it. */
    if (one || strchr(mask, '*') != NULL) {
        *end++ = '_';
        *end++ = '%';
    }
    *end = '\0';
    return pattern;
}

/* The one value of `name`, folded; NULL if it is absent. */
static const char *
folded_value(struct http_request *request, const char *name)
{
    const char *text = http_query(request, name, 0);

    return text == NULL ? NULL : view_folded(request->arena, text);
}

void
filter_name(struct http_request *request, const char *name,
            struct db_params *params)
{
    const char *folded = folded_value(request, name);

    db_text(params,
            folded == NULL ? NULL : like_pattern(request->arena, folded));
}

void
filter_teacher_name(struct http_request *request, const char *name,
                    struct db_params *params)
{
    const struct officer *officer = &request_principal(request)->officer;
    const char *folded = folded_value(request, name);

    if (folded == NULL || reach_widest(officer) == REACH_OWN)
        filter_name(request, name, params);
    else
        db_text(params, masked_pattern(request->arena, folded));
}

/* For a kindergarten's officer its branches count as own units, too. */
static bool
own_branches(struct http_request *request, struct http_response *response,
             const char *own, struct db_params *params)
{
    CLEANUP(db_params_free) struct db_params asked = {0};

    db_text(&asked, own);
    CLEANUP(result_clear)
    PGresult *result =
        request_query(request, response, "unit_branches", &asked);
    if (result == NULL)
        return false;
    db_array(params, DB_TEXT, (size_t)PQntuples(result));
    for (int row = 0; row < PQntuples(result); row++)
        db_text(params, db_get_text(result, row, 0));
    return true;
}

const char *
filter_unit(const struct http_request *request, const char *name)
{
    const struct officer *officer = &request_principal(request)->officer;
    size_t count = values_of(request, name);

    if (count > 0)
        return count == 1 ? code_of(request, name, 0) : NULL;
    return reach_widest(officer) == REACH_OWN &&
                   officer->kind != KIND_KINDERGARTEN
               ? officer->organization
               : NULL;
}

bool
page_bind_rows(const struct page *page, struct db_params *params)
{
    db_bool(params, page->count);
    db_int4(params, page_wanted(page));
    return true;
}

bool
page_bind_unit(struct http_request *request, struct http_response *response,
               const struct page *page, struct db_params *params)
{
    (void)response;
    db_text(params, filter_unit(request, "organization"));
    db_text(params, page->after[0]);
    db_uuid(params, page->after[1]);
    return page_bind_rows(page, params);
}

bool
filter_units(struct http_request *request, struct http_response *response,
             const char *name, struct db_params *params)
{
    const struct officer *officer = &request_principal(request)->officer;

    if (values_of(request, name) > 0 || reach_widest(officer) != REACH_OWN) {
        filter_codes(request, name, params);
        return true;
    }
    if (officer->kind == KIND_KINDERGARTEN)
        return own_branches(request, response, officer->organization, params);
    db_array(params, DB_TEXT, 1);
    db_text(params, officer->organization);
    return true;
}

void
filter_bool(const struct http_request *request, const char *name,
            struct db_params *params)
{
    const char *value = http_query(request, name, 0);

    if (value == NULL)
        db_null(params);
    else
        db_bool(params, strcmp(value, "true") == 0);
}

void
filter_text(const struct http_request *request, const char *name,
            struct db_params *params)
{
    db_text(params, http_query(request, name, 0));
}

void
filter_day(const struct http_request *request, const char *name,
           struct db_params *params)
{
    db_date(params, http_query(request, name, 0));
}
