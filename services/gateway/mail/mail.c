/* The thread that sends mails.
 *
 * Takes one wish at a time under a lease, so that another process can take over
 * after a crash. No transaction is open during a conversation with a mail
 * server. A mail that fails is tried again with growing pauses. Started by
 * gateway.c in every process; any number may run side by side. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <curl/curl.h>

#include "chassis/base/condition.h"

#include "gateway/gateway.h"
#include "gateway/mail/mail_worker.h"
#include "gateway/request/pool.h"
#include "gateway/metrics.h"

#define LEASE SECONDS(30) /* longer than any mail takes */
/* Without a wake: finds wishes of reactors and ended pauses. */
#define NAP           MILLISECONDS(500)
#define MEASURE_EVERY SECONDS(60)

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t woken; /* waits use the monotonic clock */
static bool wake, stopping, running;
static pthread_t thread;

void
mail_wake(void)
{
    pthread_mutex_lock(&mutex);
    wake = true;
    pthread_cond_signal(&woken);
    pthread_mutex_unlock(&mutex);
}

/* Returns false if the process ends. */
static bool
nap(void)
{
    int64_t deadline = clock_monotonic() + NAP;

    pthread_mutex_lock(&mutex);
    while (!wake && !stopping && condition_wait(&woken, &mutex, deadline))
        ;
    wake = false;
    bool on = !stopping;
    pthread_mutex_unlock(&mutex);
    return on;
}

static bool
is_stopping(void)
{
    pthread_mutex_lock(&mutex);
    bool is = stopping;
    pthread_mutex_unlock(&mutex);
    return is;
}

/* Reads the next due wish and holds it for the lease. */
static enum db_end
lease(struct db *db, struct arena *arena, struct mail_job *ret_job)
{
    struct db_params params = {0};
    PGresult *row = NULL;
    int64_t now = clock_now();

    db_time(&params, now);
    db_time(&params, now + LEASE);
    enum db_end end = db_query(db, "mail_lease", &params, &row);
    db_params_free(&params);
    ret_job->key = NULL;
    if (end == DB_OK && PQntuples(row) == 1)
        *ret_job = (struct mail_job){
            .key = db_copy_text(arena, row, 0, 0),
            .purpose = (enum mail_purpose)db_get_int(row, 0, 1),
            .account_id = db_copy_uuid(arena, row, 0, 2),
            .account_kind = (int)db_get_int(row, 0, 3),
            .account_version = db_get_int(row, 0, 4),
            .address = db_copy_text(arena, row, 0, 5),
            .asked_at = db_get_time(row, 0, 6),
            .attempts = (int)db_get_int(row, 0, 7),
        };
    PQclear(row);
    return end;
}

/* Sends all due mails. */
static enum db_end
work_off(struct db *db, struct arena *arena)
{
    struct mail_job job = {0};

    while (!is_stopping()) {
        arena_reset(arena);
        enum db_end end = lease(db, arena, &job);
        if (end != DB_OK || job.key == NULL)
            return end;
        end = mail_fulfil(db, arena, &job);
        if (end != DB_OK)
            return end;
    }
    return DB_OK;
}

/* Counts the waiting mails, for the operator's dashboard. */
static enum db_end
measure(struct db *db)
{
    PGresult *row = NULL;
    enum db_end end = db_query(db, "mail_waiting", NULL, &row);

    if (end == DB_OK) {
        metric_set(mail_waiting, "", db_get_int(row, 0, 0));
        metric_set(mail_oldest_seconds, "", db_get_int(row, 0, 1));
    }
    PQclear(row);
    return end;
}

/* Sends all due mails; once a minute writes the metrics. */
static enum db_end
work(struct db *db, struct arena *arena, int64_t *measure_at)
{
    enum db_end end = work_off(db, arena);

    if (end == DB_OK && clock_monotonic() >= *measure_at) {
        *measure_at = clock_monotonic() + MEASURE_EVERY;
        end = measure(db);
    }
    gateway_db_failed(db, end, "mail");
    return end;
}

static void *
run(void *unused)
{
    struct arena *arena = arena_new(0);
    struct db *db = NULL;
    int64_t measure_at = 0;
    (void)unused;

    do {
        if (db == NULL)
            db = gateway_connect("gateway-mail", false);
        if (db == NULL || work(db, arena, &measure_at) == DB_OK)
            continue;
        if (!db_alive(db) || db_rollback(db) != DB_OK) {
            db_free(db);
            db = NULL;
        }
    } while (nap());
    db_free(db);
    arena_free(arena);
    return NULL;
}

bool
mail_start(char ret_error[256])
{
    if (gateway_settings.mail_spool[0] == '\0' &&
        gateway_settings.smtp_url[0] == '\0') {
        snprintf(ret_error, 256, "neither MAIL_SPOOL nor SMTP_URL is set");
        return false;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        snprintf(ret_error, 256, "libcurl does not start");
        return false;
    }
    stopping = false;
    condition_init(&woken);
    if (pthread_create(&thread, NULL, run, NULL) != 0) {
        snprintf(ret_error, 256, "no thread for mails");
        return false;
    }
    running = true;
    return true;
}

void
mail_stop(void)
{
    if (!running)
        return;
    pthread_mutex_lock(&mutex);
    stopping = true;
    pthread_cond_signal(&woken);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    running = false;
    pthread_cond_destroy(&woken);
    curl_global_cleanup();
}
