/* Chooses the connections that are closed when places are short.
 *
 * Counts connections, streams and large bodies by host and by network. Closes a
 * connection that waits for its own client: of the clients that hold most, the
 * one that waits longest. A connection that is being served is never closed
 * here. Connections of trusted proxies carry many people and have no weight.
 */
#include <sys/socket.h>

#include "chassis/base/clock.h"
#include "chassis/base/metrics.h"
#include "chassis/http/http_internal.h"

enum {
    FEW = 8,      /* held by one host: as many as a browser opens */
    KEPT = 8,     /* one place of eight is for hosts that hold few */
    NETWORK = 16, /* a network counts as 16 hosts */
    VICTIMS = 16, /* closed at one look */
};

static const int64_t idle_least = MILLISECONDS(250);
/* A slow request or a slowly read answer may be closed after this time. */
static const int64_t slow = SECONDS(1);
/* A client needs this long to send its first request. */
static const int64_t young = MILLISECONDS(100);

/* --- crowds ------------------------------------------------------------- */

void
http_crowd_open(struct http_crowd *crowd, int total, int64_t host_max,
                int64_t network_max)
{
    crowd->hosts = shares_new((size_t)total);
    crowd->networks = shares_new((size_t)total);
    crowd->host_max = host_max > 0 ? host_max : INT64_MAX;
    crowd->network_max = network_max > 0 ? network_max : INT64_MAX;
}

void
http_crowd_close(struct http_crowd *crowd)
{
    shares_free(crowd->hosts);
    shares_free(crowd->networks);
}

bool
http_crowd_enter(struct http_crowd *crowd, const struct http_client *client)
{
    if (!shares_take(crowd->hosts, client->host_key, crowd->host_max))
        return false;
    if (shares_take(crowd->networks, client->network_key, crowd->network_max))
        return true;
    shares_give(crowd->hosts, client->host_key);
    return false;
}

void
http_crowd_leave(struct http_crowd *crowd, const struct http_client *client)
{
    shares_give(crowd->hosts, client->host_key);
    shares_give(crowd->networks, client->network_key);
}

int64_t
http_crowd_weight(const struct http_crowd *crowd,
                  const struct http_client *client)
{
    int64_t host = shares_held(crowd->hosts, client->host_key);
    int64_t network =
        shares_held(crowd->networks, client->network_key) / NETWORK;
    return host > network ? host : network;
}

/* --- places for threads ------------------------------------------------- */

int
http_pressure_places(const struct http_server *server, bool heavy)
{
    int all = server->options.connection_max;

    return heavy ? all - all / KEPT : all;
}

int64_t
http_pressure_weight(const struct http_connection *connection)
{
    if (connection->proxied)
        return 0;
    int64_t weight =
        http_crowd_weight(&connection->server->sockets, &connection->client);
    return weight > FEW ? weight : 0;
}

/* --- choosing the connections ------------------------------------------- */

struct victim {
    struct http_connection *connection;
    int stage;
    int64_t weight, since;
};

static bool
goes_before(const struct victim *a, const struct victim *b)
{
    if (a->weight != b->weight)
        return a->weight > b->weight;
    bool a_idles = a->stage <= STAGE_IDLE;
    bool b_idles = b->stage <= STAGE_IDLE;
    if (a_idles != b_idles)
        return a_idles;
    return a->since < b->since;
}

/* Keeps the first VICTIMS in order. */
static void
consider(struct victim *victims, size_t *count, const struct victim *victim)
{
    size_t at = *count;
    if (at == VICTIMS) {
        if (!goes_before(victim, &victims[at - 1]))
            return;
        at--;
    } else {
        ++*count;
    }
    for (; at > 0 && goes_before(victim, &victims[at - 1]); at--)
        victims[at] = victims[at - 1];
    victims[at] = *victim;
}

/* Whether the connection waits for its client now. */
static bool
is_waiting(const struct http_connection *connection, int64_t now,
           struct victim *ret_victim)
{
    int stage = atomic_load(&connection->stage);
    int64_t since = atomic_load(&connection->since);

    *ret_victim =
        (struct victim){.connection = NULL, .stage = stage, .since = since};
    switch (stage) {
    case STAGE_PENDING:
        /* One that is ready gives way to those that hold less. */
        return connection->ready ? http_pressure_weight(connection) > 0
                                 : now - since >= young;
    case STAGE_IDLE:
        return true;
    case STAGE_URI:
    case STAGE_BODY:
    case STAGE_SENDING:
        return now - since >= slow;
    default:
        return false;
    }
}

/* A request that has just come keeps its connection. */
static bool
has_come(const struct victim *victim)
{
    char bytes[FIRST_LINE_ROOM];
    bool whole = false;

    if (victim->stage > STAGE_IDLE || victim->connection->ready)
        return false;
    ssize_t size = recv(victim->connection->socket, bytes, sizeof(bytes),
                        MSG_PEEK | MSG_DONTWAIT);
    if (size <= 0)
        return false;
    return victim->stage == STAGE_IDLE ||
           first_line_check(bytes, (size_t)size, &whole) != NULL || whole;
}

static void
cut(const struct victim *victim)
{
    int stage = victim->stage;

    if (has_come(victim) || !atomic_compare_exchange_strong(
                                &victim->connection->stage, &stage, STAGE_CUT))
        return;
    if (stage == STAGE_URI || stage == STAGE_BODY)
        http_refusal_send(victim->connection, "REQUEST_TOO_SLOW", false);
    if (stage == STAGE_PENDING && victim->connection->ready)
        http_refusal_send(victim->connection, "UNAVAILABLE", false);
    shutdown(victim->connection->socket, SHUT_RDWR);
    http_count_rejected("GAVE_WAY");
}

/* Closes up to `wanted` of the pending ones, or of those with a thread; the
 * ones that were cut and are not gone yet count. Under the registry's lock. */
static void
relieve(struct http_server *server, bool pending, int wanted, int64_t now)
{
    struct victim victims[VICTIMS];
    struct victim victim;
    size_t count = 0;

    for (struct http_connection *c = server->registry; c != NULL; c = c->next) {
        bool has_thread = c->handed;
        if (has_thread == pending)
            continue;
        if (atomic_load(&c->stage) == STAGE_CUT) {
            wanted--;
        } else if (is_waiting(c, now, &victim)) {
            victim.connection = c;
            victim.weight = http_pressure_weight(c);
            consider(victims, &count, &victim);
        }
    }
    for (size_t i = 0; i < count && (int)i < wanted; i++)
        cut(&victims[i]);
}

void
http_pressure_relieve(struct http_server *server, int64_t now)
{
    int threads = atomic_load(&server->connections) -
                  http_pressure_places(server, true) + 1 + server->ready_count;
    int pending = atomic_load(&server->pending) -
                  (server->pending_max - server->pending_max / KEPT) + 1;

    if (threads <= 0 && pending <= 0)
        return;
    pthread_mutex_lock(&server->lock);
    if (threads > 0)
        relieve(server, false, threads, now);
    if (pending > 0)
        relieve(server, true, pending, now);
    pthread_mutex_unlock(&server->lock);
}

/* --- how long one may idle ---------------------------------------------- */

/* The whole timeout while half of the places are free, then less and less. */
static int64_t
shrink(int64_t idle, int64_t taken, int64_t all)
{
    if (taken <= all / 2)
        return idle;
    int64_t left = taken < all ? all - taken : 0;
    int64_t rest = (int64_t)((double)idle * 2 * (double)left / (double)all);
    return rest > idle_least ? rest : idle_least;
}

int64_t
http_pressure_idle(const struct http_connection *connection)
{
    const struct http_server *server = connection->server;
    const struct http_crowd *sockets = &server->sockets;
    bool pending = !connection->handed;
    int64_t idle =
        shrink(pending ? server->options.request_deadline
                       : server->options.idle_timeout,
               pending ? atomic_load(&server->pending)
                       : atomic_load(&server->connections),
               pending ? server->pending_max : server->options.connection_max);
    if (connection->proxied)
        return idle;
    idle =
        shrink(idle, shares_held(sockets->hosts, connection->client.host_key),
               sockets->host_max);
    return shrink(
        idle, shares_held(sockets->networks, connection->client.network_key),
        sockets->network_max);
}
