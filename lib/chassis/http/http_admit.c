/* Decides about a request's body, between headers and body.
 *
 * Called by the gate, in the connection's thread. Each route has a limit of its
 * own, so that a request without a right costs no more memory. A body above the
 * server's usual limit needs one of few places, and the route's `early` handler
 * has checked the caller before. Routes without a body cost nothing here.
 */
#include <string.h>

#include "chassis/base/log.h"
#include "chassis/base/metrics.h"
#include "chassis/http/http_internal.h"

/* The most bytes to read for this route. If it takes no body, one up to the
 * usual limit is read, so that the refusal is a full answer. */
static size_t
body_limit(const struct http_server *server, const struct http_route *route)
{
    bool own = route != NULL && route->takes_body && route->body_max != 0;
    return own ? route->body_max : server->options.body_max;
}

/* Runs the early handler; true: it has answered. */
static bool
run_early(struct http_exchange *exchange)
{
    struct http_response response = {.arena = exchange->worker->arena,
                                     .internal = exchange};
    const struct http_route *route = exchange->request->route;

    log_trace(exchange->request->trace_id);
    if (http_exchange_find(exchange, &response))
        route->early(exchange->request, &response);
    log_trace(NULL);
    bool answered = response.status != 0;
    if (answered) {
        http_connection_answer(exchange, &response);
        http_exchange_count(exchange, &response);
    }
    bytes_free(&response.body);
    return answered;
}

/* Takes a place for a large body; the end of the request returns it. */
static const char *
take_place(struct http_exchange *exchange)
{
    struct http_connection *connection = exchange->connection;
    struct http_crowd *large = &exchange->server->large;
    const struct http_client *client = exchange->request->client;

    if (!http_crowd_enter(large, client)) {
        http_count_rejected("LARGE_BODIES");
        return "UNAVAILABLE";
    }
    connection->large = true;
    connection->large_client = *client;
    metric_set(http_large_bodies, "", shares_total(large->hosts));
    return NULL;
}

static const char *
admit_large(struct http_exchange *exchange, const struct http_route *route,
            uint64_t size, bool *ret_answered)
{
    char traceparent[HTTP_TRACEPARENT_TEXT];

    http_exchange_open(exchange, traceparent);
    exchange->request->route = route;
    *ret_answered = route->early != NULL && run_early(exchange);
    if (*ret_answered || size <= exchange->server->options.body_max)
        return NULL;
    return take_place(exchange);
}

const char *
http_admit(struct http_connection *connection, const struct gate_facts *facts,
           bool *ret_answered)
{
    struct http_server *server = connection->server;
    const struct _u_request *in = connection->info->request;
    const char *params[HTTP_PARAMS_MAX] = {NULL};
    const struct http_route *route = NULL;
    const char *allow = NULL;
    const char *code = NULL;
    uint64_t size = facts->content_length;
    if (size == 0)
        return NULL;

    struct http_exchange exchange = {
        .server = server,
        .connection = connection,
        .worker = http_worker_take(server),
        .in = in,
    };
    if (route_find(server->routes, in->http_verb, in->http_url,
                   exchange.worker->arena, params, &route,
                   &allow) != ROUTE_FOUND)
        route = NULL;
    if (size > body_limit(server, route))
        code = "TOO_LARGE";
    else if (route != NULL &&
             (route->early != NULL || size > server->options.body_max))
        code = admit_large(&exchange, route, size, ret_answered);
    http_worker_give(server, exchange.worker);
    return code;
}
