/* Argon2id costs 24 ms and 19 MiB: so many at once, so many waiting, no more.
 *
 * Called by sign-in and by whatever sets a password. The work is done in the
 * request's own thread; this file only says when. Who finds the queue full gets
 * 503 at once, before a try is counted against anybody.
 */
#include <pthread.h>
#include <stdio.h>

#include "chassis/base/log.h"
#include "chassis/base/metrics.h"

#include "gateway/gateway.h"
#include "gateway/sessions/sessions.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn = PTHREAD_COND_INITIALIZER;
static int64_t inside;  /* who has entered: waiting and hashing */
static int64_t hashing; /* whose turn it is */
/* Of a password nobody has: an unknown login is hashed against it. */
static char nobody[128];

bool
sessions_start(char ret_error[256])
{
    char token[SEAL_TOKEN_TEXT];
    uint8_t digest[SEAL_DIGEST];

    seal_token(token, digest);
    if (seal_password_hash(token, nobody))
        return true;
    snprintf(ret_error, 256, "no memory to hash a password");
    return false;
}

void
sessions_stop(void)
{
}

bool
hash_enter(struct http_request *request, struct http_response *response)
{
    pthread_mutex_lock(&mutex);
    bool room =
        inside < gateway_settings.hash_pool + gateway_settings.hash_queue_max;
    if (room)
        inside++;
    metric_set("hash_queue", "", inside);
    pthread_mutex_unlock(&mutex);
    if (room)
        return true;
    metric_add("hash_refused_total", "", 1);
    http_problem(request, response, "UNAVAILABLE", NULL, 0);
    http_set_header(response, "Retry-After", "2");
    return false;
}

void
hash_leave(void)
{
    pthread_mutex_lock(&mutex);
    inside--;
    metric_set("hash_queue", "", inside);
    pthread_mutex_unlock(&mutex);
}

static void
turn_begin(void)
{
    pthread_mutex_lock(&mutex);
    while (hashing >= gateway_settings.hash_pool)
        pthread_cond_wait(&turn, &mutex);
    hashing++;
    pthread_mutex_unlock(&mutex);
}

static void
turn_end(int64_t began)
{
    pthread_mutex_lock(&mutex);
    hashing--;
    pthread_cond_signal(&turn);
    pthread_mutex_unlock(&mutex);
    metric_observe("hash_seconds", "", clock_monotonic() - began);
}

bool
hash_verify(const char *hash, const char *password)
{
    turn_begin();
    int64_t began = clock_monotonic();
    bool right = seal_password_verify(hash != NULL ? hash : nobody, password);
    turn_end(began);
    return hash != NULL && right;
}

bool
hash_make(const char *password, char ret_hash[128])
{
    turn_begin();
    int64_t began = clock_monotonic();
    bool made = seal_password_hash(password, ret_hash);
    turn_end(began);
    if (!made)
        log_event(LOG_ERROR, "password_not_hashed");
    return made;
}
