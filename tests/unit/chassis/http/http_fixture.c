/* Routes of the HTTP tests: echo of a parameter, JSON, a stream, a slow one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/log.h"

#include "http_fixture.h"

struct http_server *fixture_server;
_Atomic int fixture_handled;

static void
get_thing(struct http_request *request, struct http_response *response)
{
    const char *wide = http_query(request, "wide", 0);

    fixture_handled++;
    bytes_add_text(&response->body, "{\"id\":");
    bytes_add_json(&response->body, request->params[0]);
    bytes_add_text(&response->body, ",\"wide\":");
    bytes_add_json(&response->body, wide);
    bytes_add_text(&response->body, ",\"trace\":");
    bytes_add_json(&response->body, request->traceparent);
    bytes_add_text(&response->body, ",\"cookie\":");
    bytes_add_json(&response->body, http_cookie(request, "session"));
    bytes_add_char(&response->body, '}');
    http_set_header(response, "ETag", "\"3\"");
    http_answer(response, 200);
}

static void
put_thing(struct http_request *request, struct http_response *response)
{
    fixture_handled++;
    struct http_error fault = {.pointer = ""};
    json_t *body = http_json(request, &fault.code);
    if (body == NULL) {
        http_problem(request, response, "BAD_FORM", &fault, 1);
        return;
    }
    http_set_header(response, "X-Note", "one\r\nSet-Cookie: evil=1");
    http_set_header(response, "Set-Cookie", "a=1");
    http_set_header(response, "Set-Cookie", "b=2");
    http_answer_json(
        response, 201,
        json_pack("{s:i}", "members", (int)json_object_size(body)));
}

static void
refuse(struct http_request *request, struct http_response *response)
{
    fixture_handled++;
    json_t *extra = json_pack("{s:i}", "version", 7);
    struct http_error error = {.pointer = "/name", .code = "NAME_MISSING"};
    http_problem_with(request, response, request->params[0], &error, 1, extra);
    if (http_header(request, "Last") != NULL)
        http_close_after(response);
    json_decref(extra);
}

static void
answer_nothing(struct http_request *request, struct http_response *response)
{
    (void)request, (void)response;
}

static bool
next_event(void *state, struct bytes *out)
{
    int *left = state;
    if (*left == 0)
        return false;
    bytes_printf(out, "data: %d\n\n", (*left)--);
    return true;
}

static bool
next_never(void *state, struct bytes *out)
{
    (void)state, (void)out;
    return true;
}

static void
get_stream(struct http_request *request, struct http_response *response)
{
    static int left;
    left = 3;
    bool endless = strcmp(request->params[0], "endless") == 0;
    http_answer_stream(response, "text/event-stream",
                       endless ? next_never : next_event, &left, NULL);
}

static void
get_client(struct http_request *request, struct http_response *response)
{
    bytes_printf(&response->body, "%s %s", request->client->host,
                 request->client->network);
    http_answer(response, 200);
}

/* A header of that size. */
static void
get_link(struct http_request *request, struct http_response *response)
{
    size_t size = strtoul(request->params[0], NULL, 10);
    char *link = arena_alloc(request->arena, size + 1);

    memset(link, 'x', size);
    http_set_header(response, "Link", link);
    bytes_add_text(&response->body, "{}");
    http_answer(response, 200);
}

/* A caller without a pass may send no file. */
static void
check_pass(struct http_request *request, struct http_response *response)
{
    if (http_header(request, "Pass") == NULL)
        http_problem(request, response, "TOO_MANY_REQUESTS", NULL, 0);
}

static void
post_file(struct http_request *request, struct http_response *response)
{
    fixture_handled++;
    bytes_printf(&response->body, "%zu", request->body_size);
    http_answer(response, 200);
}

static struct http_code_text
describe(const char *code, bool english)
{
    struct http_code_text text = {0};
    if (strcmp(code, "NAME_MISSING") == 0)
        text = (struct http_code_text){
            422, english ? "Name missing" : "缺少姓名", "…"};
    if (strcmp(code, "TOO_MANY_REQUESTS") == 0)
        text = (struct http_code_text){429, "Too many requests", "…"};
    return text;
}

static bool
is_short(const char *value)
{
    return strlen(value) <= 4;
}

static const struct http_parameter queries[] = {
    {.name = "wide"},
    {.name = "limit", .fits = is_short},
    {.name = "kind", .fits = is_short, .many = true},
    {0},
};

static const struct http_route routes[] = {
    {.method = "GET", .path = "/v1/things", .handle = get_thing},
    {.method = "GET",
     .path = "/v1/things/{id}",
     .handle = get_thing,
     .query = queries},
    {.method = "PUT",
     .path = "/v1/things/{id}",
     .handle = put_thing,
     .takes_body = true,
     .body_max = 1000},
    {.method = "PATCH",
     .path = "/v1/things/{id}",
     .handle = put_thing,
     .takes_body = true},
    {.method = "POST", .path = "/v1/things/{id}/leave", .handle = get_thing},
    {.method = "GET", .path = "/v1/refusals/{code}", .handle = refuse},
    {.method = "GET", .path = "/v1/nothing", .handle = answer_nothing},
    {.method = "GET", .path = "/v1/streams/{kind}", .handle = get_stream},
    {.method = "GET", .path = "/v1/client", .handle = get_client},
    {.method = "GET",
     .path = "/v1/links/{size}",
     .handle = get_link,
     .query = queries},
    {.method = "POST",
     .path = "/v1/files",
     .handle = post_file,
     .early = check_pass,
     .takes_body = true,
     .body_types = "text/csv",
     .body_max = 100000},
    {.path = NULL},
};

int
fixture_start(void **state)
{
    struct http_options options = {
        .address = "127.0.0.1",
        .routes = routes,
        .describe = describe,
        .body_max = 4096,
        .connection_max = 200,
        .stream_max = 1,
        .large_max = 2,
        .request_deadline = MILLISECONDS(1500),
        .idle_timeout = SECONDS(3),
    };
    char error[256];
    (void)state;

    if (networks_parse("127.0.0.2", &options.trusted_proxies) != NULL)
        return -1;
    if (!log_open("http_test", "warning"))
        return -1;
    fixture_server = http_start(&options, error);
    if (fixture_server == NULL)
        fprintf(stderr, "%s\n", error);
    return fixture_server == NULL ? -1 : 0;
}

int
fixture_stop(void **state)
{
    (void)state;
    http_stop(fixture_server, clock_monotonic() + SECONDS(5));
    return 0;
}
