/* Fuzzer of what the HTTP server reads by itself: header blocks, targets,
 * paths, queries, percent escapes, traces, languages, media types, entity
 * tags, and the problem document that repeats parts of them. Whatever comes,
 * nothing is read past its end, what was decoded is text, and a problem is
 * JSON. The first byte picks the reader.
 */
#include "chassis/http/http_internal.h"
#include "chassis/base/wire_text.h"

#include "tests/fuzz/fuzz.h"

static void
insist_text(const char *text)
{
    insist(text != NULL &&
           wire_text_valid((const uint8_t *)text, strlen(text)));
}

static void
handle(struct http_request *request, struct http_response *response)
{
    (void)request, (void)response;
}

static const struct http_route routes[] = {
    {.method = "GET", .path = "/", .handle = handle},
    {.method = "GET", .path = "/v1/a/{b}", .handle = handle},
    {.method = "POST", .path = "/v1/a/{b}/{c}/d", .handle = handle},
    {.method = "GET", .path = "/v1/a/b", .handle = handle},
    {.method = "GET", .path = "/v1/{x}/{y}/{z}/{w}", .handle = handle},
    {.path = NULL},
};

/* The bytes are not NUL-terminated here: block and target have sizes. */
static void
read_block(const char *bytes, size_t size)
{
    struct gate_facts facts = {.content_lengths = -1};
    const char *code = gate_block(bytes, size, &facts);

    insist((code == NULL) == (facts.content_lengths >= 0));
    code = gate_target(bytes, size);
    insist(code != NULL || (size > 0 && bytes[0] == '/'));
}

static void
read_path(struct arena *arena, const char *text)
{
    static struct route_table *table;
    const char *params[HTTP_PARAMS_MAX] = {NULL};
    const struct http_route *route = NULL;
    const char *allow = NULL;
    char error[256];

    if (table == NULL)
        table = route_table_new(routes, error);
    enum route_found found =
        route_find(table, "GET", text, arena, params, &route, &allow);
    insist((found == ROUTE_FOUND) == (route != NULL));
    for (int i = 0; i < HTTP_PARAMS_MAX; i++) {
        if (params[i] != NULL) {
            insist_text(params[i]);
            insist(strchr(params[i], '/') == NULL);
        }
    }
}

static void
read_query(struct arena *arena, const char *text)
{
    struct http_pair *pairs = NULL;
    size_t count = 0;
    const char *bad = query_parse(arena, text, &pairs, &count);

    if (bad != NULL) {
        insist_text(bad);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        insist_text(pairs[i].name);
        insist_text(pairs[i].value);
    }
}

static struct http_code_text
describe(const char *code, bool english)
{
    return (struct http_code_text){english ? 400 : 0, code, code};
}

static void
write_problem(struct arena *arena, const char *text, size_t size)
{
    struct bytes out = {0};
    const char *decoded = percent_decode(arena, text, size, true);
    struct http_error error = {decoded, "NOT_FOUND", decoded};
    struct problem problem = {
        .code = "BAD_FORM",
        .trace_id = "0",
        .errors = &error,
        .error_count = 1,
        .english = http_wants_english(text),
    };

    if (decoded == NULL)
        return;
    problem_write(&out, describe, &problem);
    json_t *json = json_loadb(out.data, out.size, JSON_REJECT_DUPLICATES, NULL);
    insist(json != NULL);
    const json_t *first = json_array_get(json_object_get(json, "errors"), 0);
    insist(strcmp(json_string_value(json_object_get(first, "pointer")),
                  decoded) == 0);
    json_decref(json);
    bytes_free(&out);
}

static void
read_headers(const char *text)
{
    struct http_worker worker = {.random_used = sizeof(worker.random)};
    char id[HTTP_TRACE_TEXT];
    char parent[HTTP_TRACEPARENT_TEXT];

    http_trace_read(&worker, text, id, parent);
    insist(strlen(id) == 32 && strlen(parent) == 55);
    insist(strspn(parent, "0123456789abcdef-") == 55);
    (void)http_etag_matches(text, "\"3\"");
    (void)http_content_type_fits(text, NULL, true);
    (void)http_content_type_fits(text, "text/csv application/zip", false);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    struct arena *arena = arena_new(4096);
    size_t size = n - 1;
    /* Exact copies, so that the sanitizer sees each byte too far. */
    char *bytes = malloc(size > 0 ? size : 1);
    char *text = fuzz_text(data + 1, size);
    insist(bytes != NULL);
    memcpy(bytes, data + 1, size);

    switch (data[0] % 5) {
    case 0:
        read_block(bytes, size);
        break;
    case 1:
        read_path(arena, text);
        break;
    case 2:
        read_query(arena, text);
        break;
    case 3:
        write_problem(arena, text, strlen(text));
        break;
    default:
        read_headers(text);
    }
    free(bytes);
    free(text);
    arena_free(arena);
    return 0;
}
