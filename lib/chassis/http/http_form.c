/* The parts of a request that a handler reads: query, headers, cookies, JSON
 * body.
 *
 * The query is decoded and compared with the route's list before the handler
 * runs; the body is parsed when asked for. Values are copied into the request's
 * arena or stay in the library's memory until the answer is given. Must never
 * accept a duplicate key, a deep tree or a text that is not UTF-8.
 */
#include <string.h>
#include <strings.h>

#include "chassis/base/metrics.h"
#include "chassis/http/http_internal.h"

/* A part of a longer text. */
struct text {
    const char *at;
    size_t size;
};

/* The lines of one list header, with commas between them. */
struct joined {
    struct arena *arena;
    const char *name;
    const char *text;
};

/* --- query -------------------------------------------------------------- */

static size_t
count_pairs(const char *query)
{
    size_t count = 1;
    for (; *query != '\0'; query++)
        count += *query == '&';
    return count;
}

const char *
query_parse(struct arena *arena, const char *query,
            struct http_pair **ret_pairs, size_t *ret_count)
{
    size_t room = count_pairs(query);
    size_t count = 0;
    if (room > HTTP_QUERY_MAX)
        return "";

    struct http_pair *pairs = ARENA_ARRAY(arena, struct http_pair, room);
    while (*query != '\0') {
        size_t size = strcspn(query, "&");
        size_t name_size = strcspn(query, "=&");
        const char *value = query + name_size + (name_size < size);
        if (size > 0) {
            struct http_pair *pair = &pairs[count++];
            pair->name = percent_decode(arena, query, name_size, true);
            pair->value = percent_decode(arena, value,
                                         size - (size_t)(value - query), true);
            if (pair->name == NULL || pair->value == NULL)
                return pair->name == NULL ? "" : pair->name;
        }
        query += size + (query[size] == '&');
    }
    *ret_pairs = pairs;
    *ret_count = count;
    return NULL;
}

static const struct http_parameter *
parameter_of(const struct http_route *route, const char *name)
{
    const struct http_parameter *row = route->query;

    while (row != NULL && row->name != NULL && strcmp(row->name, name) != 0)
        row++;
    return row != NULL && row->name != NULL ? row : NULL;
}

/* The code of pair `n`'s fault; NULL: the route takes it. */
static const char *
fault_of(const struct http_route *route, const struct http_pair *pairs,
         size_t n)
{
    const struct http_pair *pair = &pairs[n];
    const struct http_parameter *row = parameter_of(route, pair->name);

    if (row == NULL)
        return "UNKNOWN_PARAMETER";
    if (pair->value[0] == '\0')
        return "EMPTY_PARAMETER";
    for (size_t i = 0; i < n && !row->many; i++)
        if (strcmp(pairs[i].name, pair->name) == 0)
            return "REPEATED_PARAMETER";
    return row->fits == NULL || row->fits(pair->value) ? NULL : "BAD_PARAMETER";
}

static void
refuse_query(struct http_exchange *exchange, struct http_response *response,
             const char *name, const char *code)
{
    struct http_error error = {
        .pointer = arena_printf(exchange->worker->arena, "?%s", name),
        .code = code,
    };
    http_problem(exchange->request, response, "BAD_FORM", &error, 1);
}

bool
http_query_read(struct http_exchange *exchange, struct http_response *response)
{
    const char *mark = strchr(exchange->in->http_url, '?');
    struct http_pair *pairs = NULL;
    size_t count = 0;
    if (mark == NULL || mark[1] == '\0')
        return true;

    const char *bad =
        query_parse(exchange->worker->arena, mark + 1, &pairs, &count);
    if (bad != NULL) {
        refuse_query(exchange, response, bad, "BAD_ENCODING");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const char *code = fault_of(exchange->request->route, pairs, i);
        if (code != NULL) {
            refuse_query(exchange, response, pairs[i].name, code);
            return false;
        }
    }
    exchange->query = pairs;
    exchange->query_count = count;
    return true;
}

const char *
http_query(const struct http_request *request, const char *name, int n)
{
    const struct http_exchange *exchange = request->internal;

    for (size_t i = 0; i < exchange->query_count; i++) {
        if (strcmp(exchange->query[i].name, name) == 0 && n-- == 0)
            return exchange->query[i].value;
    }
    return NULL;
}

/* --- headers and cookies ------------------------------------------------ */

const char *
http_header(const struct http_request *request, const char *name)
{
    const struct http_exchange *exchange = request->internal;
    const char *value = MHD_lookup_connection_value(exchange->connection->mhd,
                                                    MHD_HEADER_KIND, name);
    if (value == NULL)
        return NULL;

    size_t size = strlen(value);
    size_t trimmed = size;
    while (trimmed > 0 &&
           (value[trimmed - 1] == ' ' || value[trimmed - 1] == '\t'))
        trimmed--;
    return trimmed == size ? value
                           : arena_strndup(request->arena, value, trimmed);
}

const struct http_client *
http_client_read(struct http_exchange *exchange)
{
    static const char *const names[] = {
        [CLIENT_X_FORWARDED_FOR] = "X-Forwarded-For",
        [CLIENT_FORWARDED] = "Forwarded",
    };
    const struct http_connection *connection = exchange->connection;
    const struct http_options *options = &exchange->server->options;
    struct http_address address;
    if (!connection->proxied)
        return &connection->client;

    const char *list =
        http_header_list(exchange->request, names[options->client_header]);
    if (list == NULL)
        return &connection->client;
    if (!client_forwarded(options->client_header, list,
                          &options->trusted_proxies, &address)) {
        metric_add(http_forwarded_malformed_total, "", 1);
        return &connection->client;
    }
    struct http_client *client =
        ARENA_NEW(exchange->worker->arena, struct http_client);
    client_name(&address, client);
    return client;
}

const char *
http_cookie(const struct http_request *request, const char *name)
{
    const struct http_exchange *exchange = request->internal;
    return MHD_lookup_connection_value(exchange->connection->mhd,
                                       MHD_COOKIE_KIND, name);
}

/* Adds one header line of a list to the others. */
static enum MHD_Result
join_line(void *list, enum MHD_ValueKind kind, const char *name,
          const char *value)
{
    (void)kind;
    struct joined *joined = list;

    if (strcasecmp(name, joined->name) == 0 && value != NULL)
        joined->text =
            joined->text == NULL
                ? value
                : arena_printf(joined->arena, "%s,%s", joined->text, value);
    return MHD_YES;
}

const char *
http_header_list(const struct http_request *request, const char *name)
{
    const struct http_exchange *exchange = request->internal;
    struct joined joined = {.arena = request->arena, .name = name};

    if (MHD_lookup_connection_value(exchange->connection->mhd, MHD_HEADER_KIND,
                                    name) == NULL)
        return NULL;
    MHD_get_connection_values(exchange->connection->mhd, MHD_HEADER_KIND,
                              join_line, &joined);
    return joined.text;
}

/* --- media types -------------------------------------------------------- */

/* The length of the media type without its parameters and blanks. */
static size_t
type_size(const char *type)
{
    return strcspn(type, "; \t");
}

/* The next parameter after `at` (at a ';' or its end): its name and value
 * without quotes; NULL: there is none, or it is malformed. */
static const char *
next_parameter(const char *at, struct text *ret_name, struct text *ret_value)
{
    at += strspn(at, "; \t");
    ret_name->at = at;
    ret_name->size = strcspn(at, "=; \t");
    at += ret_name->size;
    if (*at != '=')
        return NULL;
    bool quoted = *++at == '"';
    at += quoted;
    ret_value->at = at;
    ret_value->size = strcspn(at, quoted ? "\"" : "\",; \t");
    at += ret_value->size;
    if (quoted && *at++ != '"')
        return NULL;
    at += strspn(at, " \t");
    return *at == ';' || *at == '\0' ? at : NULL;
}

static bool
is_word(struct text text, const char *word)
{
    return text.size == strlen(word) &&
           strncasecmp(text.at, word, text.size) == 0;
}

/* Whether nothing but sound parameters follows the type: two types in one line
 * are none. JSON is UTF-8; other spellings ("utf8") are accepted. */
static bool
parameters_fit(const char *content_type, bool json)
{
    const char *at = content_type + type_size(content_type);
    struct text name;
    struct text value;

    at += strspn(at, " \t");
    if (*at != ';' && *at != '\0')
        return false;
    while (at[strspn(at, "; \t")] != '\0') {
        at = next_parameter(at, &name, &value);
        if (at == NULL)
            return false;
        if (json && is_word(name, "charset") && !is_word(value, "utf-8") &&
            !is_word(value, "utf8"))
            return false;
    }
    return true;
}

const char *
http_content_types(const char *types, bool patch)
{
    if (types != NULL)
        return types;
    return patch ? "application/json application/merge-patch+json"
                 : "application/json";
}

bool
http_content_type_fits(const char *content_type, const char *types, bool patch)
{
    if (content_type == NULL || !parameters_fit(content_type, types == NULL))
        return false;
    types = http_content_types(types, patch);

    struct text type = {content_type, type_size(content_type)};
    while (*types != '\0') {
        struct text known = {types, type_size(types)};
        if (known.size == type.size &&
            strncasecmp(known.at, type.at, type.size) == 0)
            return type.size > 0;
        types += known.size;
        types += strspn(types, " ");
    }
    return false;
}

/* --- JSON --------------------------------------------------------------- */

/* jansson's own limit is 2,048 levels; the stack of a connection is small. */
static bool
is_shallow(const char *text, size_t size)
{
    int depth = 0;
    bool in_text = false;

    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (in_text && c == '\\')
            i++;
        else if (c == '"')
            in_text = !in_text;
        else if (!in_text && (c == '{' || c == '['))
            depth++;
        else if (!in_text && (c == '}' || c == ']'))
            depth--;
        if (depth > HTTP_JSON_DEPTH_MAX)
            return false;
    }
    return true;
}

static json_t *
parse_json(const void *body, size_t size, const char **ret_code)
{
    json_error_t error;

    if (body == NULL || size == 0) {
        *ret_code = "BODY_MISSING";
        return NULL;
    }
    if (!is_shallow(body, size)) {
        *ret_code = "TOO_DEEP";
        return NULL;
    }
    json_t *json = json_loadb(body, size, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        *ret_code = json_error_code(&error) == json_error_duplicate_key
                        ? "DUPLICATE_MEMBER"
                        : "NOT_JSON";
        return NULL;
    }
    if (!json_is_object(json)) {
        json_decref(json);
        *ret_code = "NOT_AN_OBJECT";
        return NULL;
    }
    return json;
}

json_t *
http_json(struct http_request *request, const char **ret_code)
{
    struct http_exchange *exchange =
        (struct http_exchange *)(uintptr_t)request->internal;

    if (exchange->json == NULL)
        exchange->json =
            parse_json(request->body, request->body_size, ret_code);
    return exchange->json;
}
