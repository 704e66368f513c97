/* Shared by the files of the HTTP server: the server, its connections, one
 * exchange (request and answer), the gate, the route table, problem texts.
 *
 * Only the files of lib/chassis/http/ and their tests include this file. Only a
 * connection's stage is changed by several threads: always by compare and swap,
 * so that either its own thread or the watch answers a connection, never both.
 */
#pragma once

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include <microhttpd.h>
#include <ulfius.h>

#include "chassis/base/shares.h"
#include "chassis/http/http.h"

enum {
    HTTP_URI_MAX = 8 * 1024,
    HTTP_HEADERS_MAX = 8 * 1024,
    HTTP_SEGMENTS_MAX = 16,
    HTTP_QUERY_MAX = 64, /* parameters of one request */
    HTTP_ANSWER_HEADERS_MAX = 24,
    HTTP_TRACEPARENT_TEXT = 56,
    HTTP_JSON_DEPTH_MAX = 32,
};

/* --- connections -------------------------------------------------------- */

enum connection_stage {
    STAGE_PENDING,   /* accepted; its first request line is not complete */
    STAGE_IDLE,      /* between requests */
    STAGE_ARRIVING,  /* given to the library with its first request line */
    STAGE_URI,       /* request line read, headers still coming */
    STAGE_BODY,      /* headers passed the gate, body still coming */
    STAGE_HANDLING,  /* a handler runs */
    STAGE_SENDING,   /* the answer is under way */
    STAGE_STREAMING, /* an endless answer is under way: no deadline */
    STAGE_CUT,       /* refused or too slow: nothing more is written */
};

struct http_connection {
    struct http_server *server;
    struct http_connection *next, **link; /* the registry; under its lock */
    struct MHD_Connection *mhd;           /* NULL while pending */
    int socket;
    _Atomic int stage;
    _Atomic int64_t deadline; /* monotonic; its meaning depends on stage */
    _Atomic int64_t since;    /* when it began to wait for its client */
    bool served;              /* a request line was read before this one */
    _Atomic bool handed;      /* the library has it, and its thread */
    bool large;               /* holds a place for a large body */
    struct http_client large_client; /* for this client */
    /* While pending; the accepting thread's own. */
    struct sockaddr_in6 peer; /* or a sockaddr_in */
    _Atomic bool ready;       /* its line has come, and it waits for a place */
    bool heavy;               /* in the second queue of those */
    struct http_connection *after; /* the next that waits, or that arrives */
    int64_t received_at;
    const char *uri; /* raw, in the library's memory, during one request */
    size_t uri_size;
    struct connection_info_struct *info;
    struct http_client client; /* the peer */
    bool proxied;              /* the peer is a trusted proxy */
};

/* The connection this thread serves; NULL before its first request line. */
extern _Thread_local struct http_connection *http_connection_here;

struct http_worker;
struct http_stream;
struct http_exchange;
struct gate_facts;

/* Connections in the order in which they came. */
struct http_queue {
    struct http_connection *first, **end;
};

/* Shares of a limited thing, by host and by network. */
struct http_crowd {
    struct shares *hosts, *networks;
    int64_t host_max, network_max;
};

struct http_server {
    struct _u_instance instance;
    struct _u_endpoint endpoint;
    struct http_options options;
    struct route_table *routes;
    size_t body_limit; /* the largest of all routes */
    uint16_t port;
    _Atomic bool leaving; /* http_leave() */
    _Atomic bool draining;
    /* `connections` have a thread each; `pending` ones have none yet. */
    _Atomic int connections, pending;
    int pending_max;
    /* All sockets, open streams and large bodies by host and network. */
    struct http_crowd sockets, streams, large;
    struct http_stream *stream_list; /* the oldest first */

    /* The thread that accepts and watches. */
    int listener;
    bool listens; /* the listener is watched: there is room */
    int poll;     /* epoll */
    int wake;     /* eventfd */
    pthread_t thread;
    bool threaded;
    _Atomic bool accepted_all, stopping;

    pthread_mutex_t lock; /* registry, workers, streams */
    struct http_connection *registry;
    struct http_connection *arriving; /* given to the library, not yet there */
    /* Wait for a place: those of hosts that hold few, the others. */
    struct http_queue ready[2];
    int ready_count;
    struct http_worker *workers; /* idle ones */
};

/* MHD_OPTION_NOTIFY_CONNECTION, …_URI_LOG_CALLBACK, …_NOTIFY_COMPLETED and
 * …_EXTERNAL_LOGGER. */
void http_connection_notify(void *server, struct MHD_Connection *mhd,
                            void **context,
                            enum MHD_ConnectionNotificationCode code);
void *http_connection_uri(void *server, const char *uri,
                          struct MHD_Connection *mhd);
void http_connection_completed(void *server, struct MHD_Connection *mhd,
                               void **context,
                               enum MHD_RequestTerminationCode code);
void http_connection_complaint(void *server, const char *format, va_list args)
    PRINTF_LIKE(2, 0);
/* Moves from `from` to `to`; false when the stage was another one. */
bool http_connection_move(struct http_connection *connection, int from, int to,
                          int64_t deadline);
/* Puts a new connection into the registry; the caller fills it first. */
void http_connection_register(struct http_connection *connection);
/* Takes it out and frees it; its socket is the caller's. */
void http_connection_forget(struct http_connection *connection);
/* The library did not take a socket, and closed it. */
void http_connection_vanish(struct http_server *server, int socket);
/* Cuts connections that are too slow at `now`. */
void http_watch_tick(struct http_server *server, int64_t now);
/* Waits until no connection is left or `deadline`; idle ones are closed from
 * `idle_from` on. */
void http_connections_drain(struct http_server *server, int64_t idle_from,
                            int64_t deadline);
/* Makes ulfius call the gate as soon as the headers are complete. */
void http_early_install(void);

/* --- http_refuse.c: answers without a handler --------------------------- */

/* Writes the problem `code` straight to the socket and ends the connection;
 * nothing if another thread answers already. Reads what the client still sends
 * for a moment, so that it sees the answer: only in the connection's own
 * thread. */
void http_connection_refuse(struct http_connection *connection,
                            const char *code);
/* The same with an answer that a handler has filled. */
void http_connection_answer(struct http_exchange *exchange,
                            struct http_response *response);
/* Writes the problem of a connection that was already moved to STAGE_CUT, and
 * sends no more after it. */
void http_refusal_send(struct http_connection *connection, const char *code,
                       bool english);
/* Counts a refused connection or request. */
void http_count_rejected(const char *reason);

/* --- http_pressure.c: closes connections when places are short ---------- */

/* `total` things at most; `host_max` of one host, `network_max` of a
 * network. */
void http_crowd_open(struct http_crowd *crowd, int total, int64_t host_max,
                     int64_t network_max);
void http_crowd_close(struct http_crowd *crowd);
/* False: the client holds its share already, or all is taken. */
bool http_crowd_enter(struct http_crowd *crowd,
                      const struct http_client *client) WARN_UNUSED;
void http_crowd_leave(struct http_crowd *crowd,
                      const struct http_client *client);
/* The client's weight: what its host holds, or a sixteenth of what its network
 * holds, if that is more. */
int64_t http_crowd_weight(const struct http_crowd *crowd,
                          const struct http_client *client);
/* 0 for a host that holds few, and for a trusted proxy; otherwise its weight.
 */
int64_t http_pressure_weight(const struct http_connection *connection);
/* How many connections may have a thread: the last places are for hosts that
 * hold few. */
int http_pressure_places(const struct http_server *server, bool heavy);
/* Closes connections that wait for their clients, until there is room again:
 * of those that hold most, the one that waits longest. */
void http_pressure_relieve(struct http_server *server, int64_t now);
/* How long a connection may idle at the present load. */
int64_t http_pressure_idle(const struct http_connection *connection);

/* --- http_pending.c: accepted, without a thread yet --------------------- */

/* Takes over an accepted socket. */
void http_pending_open(struct http_server *server, int socket,
                       const struct sockaddr *peer);
/* Something came, or the client is gone. */
void http_pending_look(struct http_connection *connection);
/* Gives some of those that are ready to the library, while there are places;
 * true: more could follow at once. */
bool http_pending_admit(struct http_server *server);
/* Closes the rest; the accepting thread has ended. */
void http_pending_close_all(struct http_server *server);

enum { FIRST_LINE_ROOM = HTTP_URI_MAX + 64 };
/* Reads the first bytes of a connection up to the end of its request line. NULL
 * with *ret_whole true (the line is complete) or false (more is to come), or
 * the code of the fault. */
const char *first_line_check(const char *bytes, size_t size, bool *ret_whole);

/* --- accepting ---------------------------------------------------------- */

/* Listens; false with errno. */
bool http_listen(struct http_server *server) WARN_UNUSED;
/* Starts the thread that accepts connections and cuts slow ones; once
 * `draining` is set it takes what the kernel has accepted and stops listening.
 * Stopping joins it. */
bool http_accept_start(struct http_server *server) WARN_UNUSED;
void http_accept_stop(struct http_server *server);
void http_accept_wake(struct http_server *server);
/* A connection is gone: there is room for another. */
void http_accept_gone(struct http_server *server);

/* --- gate --------------------------------------------------------------- */

struct gate_facts {
    int headers;
    int hosts;
    int content_lengths;
    int transfer_encodings;
    bool expects; /* Expect: … */
    bool chunked; /* the transfer encoding is exactly that */
    uint64_t content_length;
};

/* Decides between a request's headers and its body: whether the route takes a
 * body of that size and a place is free for a large one; runs the route's
 * `early` handler. NULL, or the code; *ret_answered: the early handler has
 * answered. */
const char *http_admit(struct http_connection *connection,
                       const struct gate_facts *facts, bool *ret_answered);

/* Reads a header block as the library leaves it (NUL for the first colon and
 * each byte of the line ends). NULL, or the code of the fault. */
const char *gate_block(const char *block, size_t size,
                       struct gate_facts *ret_facts);
/* Whether the line at *at begins with exactly this `name` (the same memory);
 * moves *at after the line. */
bool gate_line_is(const char **at, const char *end, const char *name);
/* Whether the headers of a block fit together. NULL, or the code. */
const char *gate_facts_check(const struct gate_facts *facts, bool http_1_1);
/* Which of the headers that have one value came already. */
struct gate_seen {
    uint32_t own, service; /* a bit for each place in their lists */
    bool again;
};

/* Notes a header; true: it may be given only once, and was given before.
 * `single`: the service's such headers, NULL-ended, or NULL. */
bool gate_header_again(const char *const *single, const char *name,
                       struct gate_seen *seen);
/* Checks the request target. NULL, or the code. */
const char *gate_target(const char *uri, size_t size);
/* Checks a request whose headers are complete; refuses it if one check fails.
 */
void gate_run(struct http_connection *connection);

/* --- routes ------------------------------------------------------------- */

enum route_found {
    ROUTE_FOUND,
    ROUTE_OPTIONS,
    ROUTE_WRONG_METHOD,
    ROUTE_UNKNOWN,
    ROUTE_BAD_PATH,
};

/* NULL: `ret_error` says which row is wrong. */
struct route_table *route_table_new(const struct http_route *routes,
                                    char ret_error[256]);
void route_table_free(struct route_table *table);
/* `path` ends at NUL or '?'. Parameters are decoded into the arena. */
enum route_found route_find(const struct route_table *table, const char *method,
                            const char *path, struct arena *arena,
                            const char *ret_params[HTTP_PARAMS_MAX],
                            const struct http_route **ret_route,
                            const char **ret_allow);
/* `size` bytes percent-decoded ('+' as blank if `form`); NULL when it is not
 * UTF-8, holds %00 or a broken escape. */
char *percent_decode(struct arena *arena, const char *text, size_t size,
                     bool form);

/* --- one exchange ------------------------------------------------------- */

struct http_pair {
    const char *name;
    const char *value;
};

struct http_worker {
    struct http_worker *next;
    struct arena *arena;
    struct bytes body;
    uint8_t random[240];
    size_t random_used;
};

struct http_stream {
    struct http_server *server;
    struct http_stream *next_stream, **link; /* under the server's lock */
    struct http_client client;
    _Atomic bool gives_way; /* to the stream of another client */
    int socket;             /* its connection's */
    http_stream_next *next;
    void *state;
    void (*free_state)(void *);
    struct bytes out;
    size_t sent; /* of out */
    bool ended;
    bool events; /* text/event-stream: heartbeats when silent */
    int64_t silent_since;
    char trace_id[HTTP_TRACE_TEXT];
};

struct http_exchange {
    struct http_server *server;
    struct http_connection *connection;
    struct http_worker *worker;
    struct http_request *request;
    const struct _u_request *in;
    bool head;
    const struct http_pair *query;
    size_t query_count;
    struct http_pair headers[HTTP_ANSWER_HEADERS_MAX];
    size_t header_count;
    json_t *json; /* the body, once asked for */
    struct http_stream *stream;
};

/* Makes the request of a connection whose headers are complete, in the
 * exchange's worker; the exchange has server, connection, worker, in, head. */
void http_exchange_open(struct http_exchange *exchange,
                        char ret_traceparent[HTTP_TRACEPARENT_TEXT]);
/* Route, query and the service's `before`; false: the answer is there. */
bool http_exchange_find(struct http_exchange *exchange,
                        struct http_response *response) WARN_UNUSED;
void http_exchange_count(const struct http_exchange *exchange,
                         const struct http_response *response);
struct http_worker *http_worker_take(struct http_server *server);
void http_worker_give(struct http_server *server, struct http_worker *worker);

/* Trace ids from `traceparent` (may be NULL), otherwise new ones. */
void http_trace_read(struct http_worker *worker, const char *traceparent,
                     char ret_id[HTTP_TRACE_TEXT],
                     char ret_parent[HTTP_TRACEPARENT_TEXT]);
/* The client of the exchange's request: the connection's peer, or the one that
 * a trusted proxy names. */
const struct http_client *http_client_read(struct http_exchange *exchange);
/* Decodes and checks the query; false: the response holds 400 BAD_FORM. */
bool http_query_read(struct http_exchange *exchange,
                     struct http_response *response) WARN_UNUSED;
/* `query` up to NUL into pairs of the arena; NULL, or the parameter at fault.
 */
const char *query_parse(struct arena *arena, const char *query,
                        struct http_pair **ret_pairs, size_t *ret_count);
/* Whether `etag` is among If-None-Match. */
bool http_etag_matches(const char *if_none_match, const char *etag);
/* A route's media types, separated by blanks; NULL there: JSON. */
const char *http_content_types(const char *types, bool patch);
/* Whether the list of media types has the request's. */
bool http_content_type_fits(const char *content_type, const char *types,
                            bool patch);

/* The last changes of a response: 304, Retry-After. */
void http_answer_finish(struct http_exchange *exchange,
                        struct http_response *response);
/* Gives the response to ulfius: conditional answers, headers, body. */
void http_answer_give(struct http_exchange *exchange,
                      struct http_response *response, struct _u_response *out);
const char *http_answer_header(const struct http_exchange *exchange,
                               const char *name);

/* --- problems ----------------------------------------------------------- */

/* The text of a code: the service's, otherwise this module's, otherwise
 * BROKEN's. */
struct http_code_text http_code_describe(http_describe *describe,
                                         const char *code, bool english);
bool http_wants_english(const char *accept_language);
/* One problem document. */
struct problem {
    const char *code;
    const char *trace_id;
    const struct http_error *errors;
    size_t error_count;
    json_t *extra;
    bool english;
};
/* Appends it and returns the status. */
int problem_write(struct bytes *out, http_describe *describe,
                  const struct problem *problem);

/* Headers of every answer; an array that ends with a NULL name. */
extern const struct http_pair http_safe_headers[];
