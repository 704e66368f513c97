/* Limits password hashing (24 ms, 19 MiB each): at most hash_pool at a time, at
 * most hash_queue_max waiting.
 *
 * Called by sign-in and by every handler that sets a password. The request's
 * own thread does the work; this file only decides when. Each address and
 * network has a share of the places. Half of all places and most of the turns
 * are for addresses without recent failures. A request without a place gets 503
 * at once, before an attempt is counted against an account. Failures slow down
 * their own address, never its neighbours. */
#include <pthread.h>
#include <stdio.h>

#include "chassis/base/shares.h"

#include "gateway/events.h"
#include "gateway/gateway.h"
#include "gateway/sessions/sessions.h"
#include "gateway/metrics.h"

enum {
    KEYS_MAX = 65536,          /* addresses and networks that failed, 1 MiB */
    NETWORK = 4,               /* a network counts as this many addresses */
    UNSUSPECTED = 2,           /* places of an address without failures */
    UNSUSPECTED_NEIGHBOUR = 1, /* the same, in a network with many failures */
    SUSPECT_TURN = 4,          /* one turn in this many is for the suspects */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int64_t inside[2]; /* entered: waiting and hashing; [1]: suspects */
static int64_t hashing;   /* those that have their turn */
static int64_t turns;     /* given so far */
static struct {
    pthread_cond_t come;
    int64_t waiting, called; /* called: has its turn, but has not started */
} line[2] = {
    {.come = PTHREAD_COND_INITIALIZER},
    {.come = PTHREAD_COND_INITIALIZER},
};
static struct shares *hosts, *networks; /* of places */
static struct buckets *failures;
/* Failed addresses stay suspects for longer than `failures` refuses them. */
static struct buckets *recent;
static const struct bucket_size recent_size = {10, SECONDS(60)};
/* The hash of a random password: compared for unknown logins. */
static char nobody[128];

bool
sessions_start(char ret_error[256])
{
    char token[SEAL_TOKEN_TEXT];
    uint8_t digest[SEAL_DIGEST];
    size_t places =
        (size_t)(gateway_settings.hash_pool + gateway_settings.hash_queue_max);

    hosts = shares_new(places);
    networks = shares_new(places);
    failures = buckets_new(KEYS_MAX);
    recent = buckets_new(KEYS_MAX);
    seal_token(token, digest);
    if (seal_password_hash(token, nobody))
        return true;
    snprintf(ret_error, 256, "no memory to hash a password");
    return false;
}

void
sessions_stop(void)
{
    shares_free(hosts);
    shares_free(networks);
    buckets_free(failures);
    buckets_free(recent);
}

/* --- failures ----------------------------------------------------------- */

static struct bucket_size
failures_of(int64_t addresses)
{
    return (struct bucket_size){
        .burst = gateway_settings.sign_in_failures * addresses,
        .period = gateway_settings.sign_in_failure_period / addresses,
    };
}

int64_t
sign_in_wait(const struct http_client *client)
{
    return buckets_wait(failures, client->host_key, failures_of(1),
                        clock_monotonic());
}

void
sign_in_failed(const struct http_client *client)
{
    int64_t now = clock_monotonic();

    (void)!buckets_take(recent, client->host_key, recent_size, now);
    (void)!buckets_take(failures, client->host_key, failures_of(1), now);
    (void)!buckets_take(failures, client->network_key, failures_of(NETWORK),
                        now);
}

/* An address without failures keeps its first place among the clean ones, even
 * if its network failed. */
static bool
is_suspect(const struct http_client *client)
{
    int64_t now = clock_monotonic();
    int64_t network =
        buckets_wait(failures, client->network_key, failures_of(NETWORK), now);

    return !buckets_full(recent, client->host_key, now) ||
           shares_held(hosts, client->host_key) >=
               (network > 0 ? UNSUSPECTED_NEIGHBOUR : UNSUSPECTED);
}

/* --- places ------------------------------------------------------------- */

/* Call it under the mutex. Returns NULL if there is a place; otherwise the
 * share that is used up. */
static const char *
take_place(const struct http_client *client, struct hash_place *place)
{
    int64_t all = gateway_settings.hash_pool + gateway_settings.hash_queue_max;
    int64_t share = gateway_settings.hash_per_address;

    if (inside[false] + inside[true] >= all)
        return "by=\"all\"";
    if (place->suspect && inside[true] >= all - all / 2)
        return "by=\"suspects\"";
    if (!shares_take(hosts, client->host_key, share))
        return "by=\"address\"";
    if (!shares_take(networks, client->network_key, share * NETWORK)) {
        shares_give(hosts, client->host_key);
        return "by=\"network\"";
    }
    inside[place->suspect]++;
    return NULL;
}

static void
count_inside(void)
{
    metric_set(hash_queue, "", inside[false] + inside[true]);
}

bool
hash_enter(struct http_request *request, struct http_response *response,
           struct hash_place *ret_place)
{
    const struct http_client *client = request->client;
    struct hash_place place = {.host = client->host_key,
                               .network = client->network_key};

    place.suspect = is_suspect(client);
    pthread_mutex_lock(&mutex);
    const char *full = take_place(client, &place);
    count_inside();
    pthread_mutex_unlock(&mutex);
    *ret_place = place;
    if (full == NULL)
        return true;
    metric_add(hash_refused_total, full, 1);
    http_problem(request, response, "UNAVAILABLE", NULL, 0);
    http_set_header(response, "Retry-After", "2");
    http_close_after(response);
    return false;
}

void
hash_leave(const struct hash_place *place)
{
    pthread_mutex_lock(&mutex);
    inside[place->suspect]--;
    shares_give(hosts, place->host);
    shares_give(networks, place->network);
    count_inside();
    pthread_mutex_unlock(&mutex);
}

/* --- turns -------------------------------------------------------------- */

static bool
waits(bool suspect)
{
    return line[suspect].waiting > line[suspect].called;
}

static void
turn_begin(const struct hash_place *place)
{
    bool own = place->suspect;

    pthread_mutex_lock(&mutex);
    if (hashing < gateway_settings.hash_pool) {
        hashing++;
    } else {
        line[own].waiting++;
        while (line[own].called == 0)
            pthread_cond_wait(&line[own].come, &mutex);
        line[own].called--;
        line[own].waiting--;
    }
    pthread_mutex_unlock(&mutex);
}

/* Gives the next turn: mostly to the clean ones, sometimes to the suspects, so
 * that both are served. */
static void
turn_end(int64_t began)
{
    pthread_mutex_lock(&mutex);
    bool due = ++turns % SUSPECT_TURN == 0;
    bool next = due ? waits(true) : !waits(false) && waits(true);
    if (waits(next)) {
        line[next].called++;
        pthread_cond_signal(&line[next].come);
    } else {
        hashing--;
    }
    pthread_mutex_unlock(&mutex);
    metric_observe(hash_seconds, "", clock_monotonic() - began);
}

bool
hash_verify(const struct hash_place *place, const char *hash,
            const char *password)
{
    turn_begin(place);
    int64_t began = clock_monotonic();
    bool right = seal_password_verify(hash != NULL ? hash : nobody, password);
    turn_end(began);
    return hash != NULL && right;
}

bool
hash_make(const struct hash_place *place, const char *password,
          char ret_hash[128])
{
    turn_begin(place);
    int64_t began = clock_monotonic();
    bool made = seal_password_hash(password, ret_hash);
    turn_end(began);
    if (!made)
        log_event(password_hash_failed);
    return made;
}
