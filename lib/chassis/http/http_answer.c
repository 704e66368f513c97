/* Answers: headers, bodies, conditional answers and streams, given to ulfius.
 *
 * Handlers fill a response; http.c gives it away here, once. Decides for all
 * answers: safe headers, ETag against If-None-Match, closing while the server
 * drains. Must never let a value of a handler end a header line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include <orcania.h>

#include "chassis/base/clock.h"
#include "chassis/http/http_internal.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"

enum {
    GIVE_AWAY = 16 * 1024, /* larger bodies are not copied */
    STREAM_BLOCK = 16 * 1024,
    /* Fits in a connection's memory with the longest request. */
    HEADER_VALUE_MAX = 2048,
    STREAM_TIMEOUT_S = 60, /* of a reader that takes nothing */
};

static const int64_t stream_heartbeat = SECONDS(10);

const struct http_pair http_safe_headers[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
    {NULL, NULL},
};

/* --- headers ------------------------------------------------------------ */

const char *
http_answer_header(const struct http_exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->header_count; i++) {
        if (strcasecmp(exchange->headers[i].name, name) == 0)
            return exchange->headers[i].value;
    }
    return NULL;
}

/* A copy without control characters: a value can never end its line. */
static const char *
clean_value(struct arena *arena, const char *value)
{
    char *copy = arena_strdup(arena, value);
    for (char *c = copy; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    }
    return copy;
}

void
http_set_header(struct http_response *response, const char *name,
                const char *value)
{
    struct http_exchange *exchange = response->internal;
    struct http_pair *pair = NULL;
    bool repeats = strcasecmp(name, "Set-Cookie") == 0;

    for (size_t i = 0; i < exchange->header_count && !repeats; i++) {
        if (strcasecmp(exchange->headers[i].name, name) == 0)
            pair = &exchange->headers[i];
    }
    if (strlen(value) > HEADER_VALUE_MAX) {
        log_event(http_header_too_long, log_str("name", name));
        return;
    }
    if (pair == NULL) {
        if (exchange->header_count == HTTP_ANSWER_HEADERS_MAX) {
            log_event(http_headers_full, log_str("name", name));
            return;
        }
        pair = &exchange->headers[exchange->header_count++];
    }
    pair->name = arena_strdup(response->arena, name);
    pair->value = clean_value(response->arena, value);
}

void
http_set_retry_after(struct http_response *response, int64_t wait)
{
    int64_t seconds = wait / SECONDS(1) + (wait % SECONDS(1) != 0);
    char text[24];

    snprintf(text, sizeof(text), "%lld",
             (long long)(seconds > 0 ? seconds : 1));
    http_set_header(response, "Retry-After", text);
}

void
http_close_after(struct http_response *response)
{
    http_set_header(response, "Connection", "close");
}

/* ulfius' map has each spelling of a name once, and names ignore case, so each
 * further cookie gets a spelling of its own. */
static const char *
cookie_spelling(size_t n)
{
    static const char *const spellings[] = {
        "Set-Cookie", "set-cookie", "Set-cookie", "set-Cookie", "SET-COOKIE",
    };
    return spellings[n < COUNT_OF(spellings) ? n : COUNT_OF(spellings) - 1];
}

static void
give_headers(struct http_exchange *exchange, struct http_response *response,
             struct _u_map *map)
{
    size_t cookies = 0;

    for (const struct http_pair *h = http_safe_headers; h->name != NULL; h++) {
        if (http_answer_header(exchange, h->name) == NULL)
            u_map_put(map, h->name, h->value);
    }
    for (size_t i = 0; i < exchange->header_count; i++) {
        const struct http_pair *h = &exchange->headers[i];
        bool cookie = strcasecmp(h->name, "Set-Cookie") == 0;
        u_map_put(map, cookie ? cookie_spelling(cookies++) : h->name, h->value);
    }
    if (response->body.size > 0 || exchange->stream != NULL)
        u_map_put(map, "Content-Type",
                  response->content_type != NULL ? response->content_type
                                                 : "application/json");
    if (atomic_load(&exchange->server->leaving) || exchange->stream != NULL)
        u_map_put(map, "Connection", "close");
}

/* 429 and 503 always have Retry-After. A handler may have set a better one. */
static void
add_retry_after(struct http_exchange *exchange, struct http_response *response)
{
    const char *seconds = response->status == 429   ? "60"
                          : response->status == 503 ? "1"
                                                    : NULL;

    if (seconds != NULL && http_answer_header(exchange, "Retry-After") == NULL)
        http_set_header(response, "Retry-After", seconds);
}

/* --- conditional answers ------------------------------------------------ */

/* Compares without the weakness mark, as If-None-Match asks. */
bool
http_etag_matches(const char *if_none_match, const char *etag)
{
    if (if_none_match == NULL || etag == NULL)
        return false;
    if (strncmp(etag, "W/", 2) == 0)
        etag += 2;
    size_t size = strlen(etag);

    const char *at = if_none_match + strspn(if_none_match, " \t");
    if (at[0] == '*')
        return at[1 + strspn(at + 1, " \t")] == '\0';
    at += strspn(at, " \t,");
    while (*at != '\0') {
        if (strncmp(at, "W/", 2) == 0)
            at += 2;
        if (strncmp(at, etag, size) == 0 && strchr(", \t", at[size]) != NULL)
            return true;
        at += strcspn(at, ",");
        at += strspn(at, " \t,");
    }
    return false;
}

static void
answer_unchanged(struct http_exchange *exchange, struct http_response *response)
{
    if (response->status != 200 || exchange->stream != NULL ||
        strcmp(exchange->request->method, "GET") != 0)
        return;
    const char *etag = http_answer_header(exchange, "ETag");
    if (etag == NULL ||
        !http_etag_matches(http_header_list(exchange->request, "If-None-Match"),
                           etag))
        return;
    response->status = 304;
    bytes_clear(&response->body);
}

/* --- answers ------------------------------------------------------------ */

void
http_answer(struct http_response *response, int status)
{
    response->status = status;
}

static int
add_dump(const char *data, size_t size, void *out)
{
    bytes_add(out, data, size);
    return 0;
}

void
http_answer_json(struct http_response *response, int status, json_t *json)
{
    bytes_clear(&response->body);
    json_dump_callback(json, add_dump, &response->body, JSON_COMPACT);
    json_decref(json);
    response->status = status;
}

static void
give_body(struct http_response *response, struct _u_response *out)
{
    struct bytes *body = &response->body;
    if (body->size == 0)
        return;
    if (body->size > GIVE_AWAY) {
        out->binary_body = body->data;
        out->binary_body_length = body->size;
        *body = (struct bytes){0};
        return;
    }
    out->binary_body = o_malloc(body->size);
    if (out->binary_body == NULL)
        out_of_memory(body->size);
    memcpy(out->binary_body, body->data, body->size);
    out->binary_body_length = body->size;
}

/* --- streams ------------------------------------------------------------ */

static void
stream_free(void *state)
{
    struct http_stream *stream = state;
    struct http_server *server = stream->server;

    pthread_mutex_lock(&server->lock);
    *stream->link = stream->next_stream;
    if (stream->next_stream != NULL)
        stream->next_stream->link = stream->link;
    pthread_mutex_unlock(&server->lock);
    http_crowd_leave(&server->streams, &stream->client);
    metric_set(http_streams, "", shares_total(server->streams.hosts));
    if (stream->free_state != NULL)
        stream->free_state(stream->state);
    bytes_free(&stream->out);
    free(stream);
}

/* Whether the client has closed; otherwise a silent stream would keep its place
 * until the next heartbeat. */
static bool
client_is_gone(const struct http_stream *stream)
{
    char byte;

    return recv(stream->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* Asks for more. A silent event stream gets a comment now and then, so that a
 * dead reader is found. */
static void
stream_refill(struct http_stream *stream)
{
    bytes_clear(&stream->out);
    stream->sent = 0;
    if (stream->ended || atomic_load(&stream->gives_way) ||
        client_is_gone(stream) || atomic_load(&stream->server->draining)) {
        stream->ended = true;
        return;
    }
    log_trace(stream->trace_id);
    stream->ended = !stream->next(stream->state, &stream->out);
    log_trace(NULL);

    int64_t now = clock_monotonic();
    if (stream->out.size > 0) {
        stream->silent_since = now;
    } else if (stream->events && !stream->ended &&
               now - stream->silent_since >= stream_heartbeat) {
        bytes_add_text(&stream->out, ":\n\n");
        stream->silent_since = now;
    }
}

static ssize_t
stream_read(void *state, uint64_t position, char *buffer, size_t room)
{
    struct http_stream *stream = state;
    (void)position;

    if (stream->sent == stream->out.size)
        stream_refill(stream);
    size_t left = stream->out.size - stream->sent;
    if (left == 0)
        return stream->ended ? U_STREAM_END : 0;
    size_t size = left < room ? left : room;
    memcpy(buffer, stream->out.data + stream->sent, size);
    stream->sent += size;
    return (ssize_t)size;
}

/* Ends, within a second, the oldest stream of the client that holds most, if
 * that is more than `weight`. False: all hold as few. Under the lock. */
static bool
stream_gives_way(struct http_server *server, int64_t weight)
{
    struct http_stream *victim = NULL;

    for (struct http_stream *s = server->stream_list; s != NULL;
         s = s->next_stream) {
        int64_t held = http_crowd_weight(&server->streams, &s->client);
        if (held > weight && !atomic_load(&s->gives_way)) {
            weight = held;
            victim = s;
        }
    }
    if (victim != NULL)
        atomic_store(&victim->gives_way, true);
    return victim != NULL;
}

/* Takes a share for the client, from another one if need be. Ended streams
 * count until they are gone, so there is room for as many again. */
static bool
stream_enter(struct http_server *server, const struct http_client *client)
{
    struct http_crowd *streams = &server->streams;

    if (!http_crowd_enter(streams, client))
        return false;
    bool enters = shares_total(streams->hosts) <= server->options.stream_max;
    if (!enters) {
        pthread_mutex_lock(&server->lock);
        enters = stream_gives_way(server, http_crowd_weight(streams, client));
        pthread_mutex_unlock(&server->lock);
    }
    if (!enters)
        http_crowd_leave(streams, client);
    return enters;
}

/* Adds it at the end of the list: the oldest comes first. */
static void
stream_register(struct http_stream *stream)
{
    struct http_server *server = stream->server;

    pthread_mutex_lock(&server->lock);
    struct http_stream **end = &server->stream_list;
    while (*end != NULL)
        end = &(*end)->next_stream;
    *end = stream;
    stream->link = end;
    pthread_mutex_unlock(&server->lock);
    metric_set(http_streams, "", shares_total(server->streams.hosts));
}

void
http_answer_stream(struct http_response *response, const char *content_type,
                   http_stream_next *next, void *state,
                   void (*free_state)(void *))
{
    struct http_exchange *exchange = response->internal;
    struct http_server *server = exchange->server;
    const struct http_client *client = exchange->request->client;

    if (!stream_enter(server, client)) {
        if (free_state != NULL)
            free_state(state);
        http_problem(exchange->request, response, "UNAVAILABLE", NULL, 0);
        http_set_header(response, "Retry-After", "5");
        http_count_rejected("STREAMS");
        return;
    }
    struct http_stream *stream = calloc(1, sizeof(*stream));
    if (stream == NULL)
        out_of_memory(sizeof(*stream));
    stream->server = server;
    stream->client = *client;
    stream->socket = exchange->connection->socket;
    stream->next = next;
    stream->state = state;
    stream->free_state = free_state;
    stream->events = strncmp(content_type, "text/event-stream", 17) == 0;
    stream->silent_since = clock_monotonic();
    memcpy(stream->trace_id, exchange->request->trace_id, HTTP_TRACE_TEXT);
    stream_register(stream);
    if (exchange->stream != NULL)
        stream_free(exchange->stream);
    exchange->stream = stream;
    response->status = 200;
    response->content_type = content_type;
}

void
http_answer_finish(struct http_exchange *exchange,
                   struct http_response *response)
{
    answer_unchanged(exchange, response);
    add_retry_after(exchange, response);
}

void
http_answer_give(struct http_exchange *exchange, struct http_response *response,
                 struct _u_response *out)
{
    http_answer_finish(exchange, response);
    give_headers(exchange, response, out->map_header);
    out->status = (long)response->status;
    /* HEAD has no events, and `after` may have refused the stream. */
    if (exchange->stream != NULL &&
        (exchange->head || response->status != 200)) {
        stream_free(exchange->stream);
        exchange->stream = NULL;
    }
    if (exchange->stream == NULL) {
        give_body(response, out);
        return;
    }
    out->stream_callback = stream_read;
    out->stream_callback_free = stream_free;
    out->stream_size = U_STREAM_SIZE_UNKNOWN;
    out->stream_block_size = STREAM_BLOCK;
    out->stream_user_data = exchange->stream;
    out->timeout = STREAM_TIMEOUT_S;
}
