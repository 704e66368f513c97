/* HTTP on ulfius, with the limits it lacks and a route table of our own.
 *
 * One server per process. Every request passes the same gate before its
 * handler: framing checks against smuggling, absolute deadline, size limits,
 * the route table (404, 405 + Allow, HEAD, OPTIONS), content type. Handlers
 * run in the connection's thread with an arena of their own and fill a
 * response; all errors leave as application/problem+json with a stable code.
 *
 * Of ulfius the server uses the instance (init, start with options of
 * libmicrohttpd, stop, clean), one default endpoint, the URI logger and
 * u_map_put(). ulfius reads the bytes and writes the answer. The routes,
 * limits, deadlines, connections and the drain are code of this folder.
 *
 * The gate has to run between headers and body. Otherwise a refused request
 * of 200 MB is read to its end, and an unknown transfer encoding waits until
 * its deadline. ulfius has no call at that moment, but it allocates memory
 * then: http_early.c sets orcania's allocator and runs the gate from there.
 * If that moment is missed, the gate runs before the handler (http.c).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "chassis/base/arena.h"
#include "attributes.h"
#include "chassis/base/bytes.h"
#include "chassis/http/client.h"

enum { HTTP_PARAMS_MAX = 4, HTTP_TRACE_TEXT = 33, HTTP_ERRORS_MAX = 32 };

struct http_request {
    const char *method; /* "GET" also for HEAD */
    const char *path;   /* raw, as sent, without the query */
    const struct http_route *route;
    const char *params[HTTP_PARAMS_MAX]; /* decoded path parameters, in order */
    const struct http_client *client;    /* the peer, or a trusted proxy's */
    const void *body;                    /* NULL when there is none */
    size_t body_size;
    char trace_id[HTTP_TRACE_TEXT]; /* from traceparent, else made */
    const char *traceparent;        /* to hand on to Kafka */
    int64_t received_at;            /* monotonic, µs */
    struct arena *arena;
    void *context;        /* struct http_options.context */
    void *principal;      /* the service's own: the caller */
    const void *internal; /* the server's */
};

struct http_response {
    int status; /* 0: no answer yet */
    struct bytes body;
    const char *content_type; /* default application/json */
    struct arena *arena;      /* the request's */
    void *internal;
};

typedef void http_handler(struct http_request *, struct http_response *);

/* A query parameter of a route. An empty value is refused, and so is a second
 * one unless `many` is set. `fits` says whether the route takes a value; NULL:
 * any text. All of them are checked before the handler runs. */
struct http_parameter {
    const char *name;
    bool (*fits)(const char *value);
    bool many;
};

/* One row of the route table. `path` has {names} for whole segments and may end
 * with a fixed verb; a literal segment wins over a name. The order of rows does
 * not matter; a duplicate ends the start. The server adds HEAD and OPTIONS. A
 * body without `takes_body` is TOO_LARGE. Streams (SSE) hold a thread each: at
 * most stream_max. */
struct http_route {
    const char *method;
    const char *path; /* "/v1/teachers/{id}/leave"; NULL ends the table */
    http_handler *handle;
    /* Runs before the body is read, so that a caller without the right is
     * refused at once. An answer ends the request and its connection. NULL:
     * none. */
    http_handler *early;
    int number;             /* the contract's route number; 0: none */
    bool takes_body;        /* JSON (or `body_types`), ≤ body_max */
    const char *body_types; /* "text/csv application/zip"; NULL: JSON (PATCH:
                               merge-patch, too) */
    size_t body_max;        /* 0: the server's; a larger one is refused before
                               it is read */
    /* Allowed query parameters, ended by a NULL name; NULL: none. */
    const struct http_parameter *query;
};

/* The text of a code, in English or zh-TW; title NULL if the service has none.
 * The server has texts for the codes that it raises itself: BAD_FORM (errors
 * BAD_ENCODING, UNKNOWN_PARAMETER, EMPTY_PARAMETER, REPEATED_PARAMETER,
 * BAD_PARAMETER, BODY_MISSING, NOT_JSON, TOO_DEEP, DUPLICATE_MEMBER,
 * NOT_AN_OBJECT), BAD_FRAMING, REPEATED_HEADER, NOT_FOUND, METHOD_NOT_ALLOWED,
 * REQUEST_TOO_SLOW (408), LENGTH_REQUIRED (411), TOO_LARGE, URI_TOO_LONG,
 * UNSUPPORTED_MEDIA_TYPE, HEADERS_TOO_LARGE (431), BROKEN (500), UNAVAILABLE
 * (no place left), HTTP_VERSION_UNKNOWN (505). */
struct http_code_text {
    int status;
    const char *title;
    const char *detail;
};
typedef struct http_code_text http_describe(const char *code, bool english);

struct http_options {
    const char *address;
    uint16_t port; /* 0: any free */
    const struct http_route *routes;
    http_describe *describe;
    http_handler *before; /* e.g. authentication; a status set stops */
    http_handler *after;  /* sees every response, e.g. audit; or NULL */
    void *context;
    /* Headers of the service that have one value, at most 32, NULL-ended; a
     * request that repeats one is refused, as for the standard ones. NULL:
     * none. */
    const char *const *single_headers;
    size_t body_max; /* bytes; 0: 64 KiB */
    /* At most connection_max (0: 1,024) connections have a thread. Four times
     * as many may be open without a complete request line (fewer if the process
     * may have few files). When all places are taken, idle connections are
     * closed for new ones. Beyond connection_per_host_max and
     * connection_per_network_max (0: none) new ones are closed. */
    int connection_max, connection_per_host_max, connection_per_network_max;
    /* At most stream_max (64) streams, a quarter of them for one host. Beyond,
     * the oldest stream of the client with most is closed, or the answer is
     * 503. */
    int stream_max;
    /* At most large_max (4) bodies above body_max are read at the same time,
     * half of them from one host; the others get 503. */
    int large_max;
    int64_t request_deadline; /* µs for a request to be complete; 10 s */
    int64_t idle_timeout;     /* µs between requests; 15 s */
    /* Peers whose header `client_header` is trusted; both are copied. */
    struct http_networks trusted_proxies;
    enum client_header client_header;
};

struct http_server;

/* Starts; NULL with `ret_error` if it cannot listen or a route is wrong.
 * `options` are copied; the data they point to must stay. */
struct http_server *http_start(const struct http_options *options,
                               char ret_error[256]);
uint16_t http_port(const struct http_server *server);
/* Goes on serving; answers carry `Connection: close` from now on, so that
 * clients come back over a new connection, to another server. */
void http_leave(struct http_server *server);
/* Stops accepting, answers requests under way with `Connection: close`, ends
 * streams and idle connections, waits until `deadline` (monotonic µs), closes.
 * A handler that still runs then is waited for, but its client is gone. NULL is
 * fine. */
void http_stop(struct http_server *server, int64_t deadline);

/* --- for handlers ------------------------------------------------------- */
/* A request header that has one value, or NULL. The gate has refused a second
 * one if it is the server's own (Host, Authorization, Content-Type, Cookie) or
 * in single_headers; of any other one this is the first. */
const char *http_header(const struct http_request *request, const char *name);
/* A header that is a list: repeated lines in order, joined by commas; NULL when
 * absent. */
const char *http_header_list(const struct http_request *request,
                             const char *name);
/* The n-th (from 0) value of a query parameter, decoded; NULL when absent. */
const char *http_query(const struct http_request *request, const char *name,
                       int n);
/* The cookie's value or NULL. */
const char *http_cookie(const struct http_request *request, const char *name);
/* The body as JSON object (duplicates, depth > 32, bad UTF-8, NUL refused).
 * NULL: the code of the fault. Freed with the request. */
json_t *http_json(struct http_request *request, const char **ret_code);

/* Sets a header of the answer and replaces an earlier or default one; each
 * Set-Cookie adds one (five at most). Copied; control characters become blanks.
 * An ETag makes If-None-Match work for GET. */
void http_set_header(struct http_response *response, const char *name,
                     const char *value);
/* Retry-After: `wait` µs in whole seconds, at least one. */
void http_set_retry_after(struct http_response *response, int64_t wait);
/* The connection ends with this answer: a client that is refused before it has
 * cost anything must pay for a new one, and cannot spin. */
void http_close_after(struct http_response *response);
/* Sets the status; `body` (JSON) stays. */
void http_answer(struct http_response *response, int status);
/* Takes ownership of `json`. */
void http_answer_json(struct http_response *response, int status, json_t *json);

/* One fault of the form: `pointer` is a JSON pointer ("/name") or a query
 * parameter ("?limit"). */
struct http_error {
    const char *pointer;
    const char *code;
    const char *detail; /* NULL: the code's own */
};
/* application/problem+json: status, title and detail come from describe(). */
void http_problem(const struct http_request *request,
                  struct http_response *response, const char *code,
                  const struct http_error *errors, size_t error_count);
/* The same with further members: `extra` (object, borrowed) is merged in. */
void http_problem_with(const struct http_request *request,
                       struct http_response *response, const char *code,
                       const struct http_error *errors, size_t error_count,
                       json_t *extra);

/* Begins a stream, or answers 503 if too many are open (`state` is freed either
 * way). `next` appends events to `out` and returns false at the end; it may
 * block up to a second. */
typedef bool http_stream_next(void *state, struct bytes *out);
void http_answer_stream(struct http_response *response,
                        const char *content_type, http_stream_next *next,
                        void *state, void (*free_state)(void *));
