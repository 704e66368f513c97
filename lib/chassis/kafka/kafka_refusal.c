/* Errors of the Kafka library that an operator must heal, one event each.
 *
 * The library repeats them with changing times and counts, from each client and
 * each broker, so its lines are not logged (kafka_conf.c). Here they become a
 * text that is always the same; the log writes it once. Called by the threads
 * that poll a client, and for certificates by the library's own threads.
 */
#include "chassis/kafka/kafka_refusal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "attributes.h"
#include "chassis/base/log.h"

/* The first librdkafka whose SCRAM Kafka 4 accepts: the ones before repeat a
 * part of the nonce, which brokers compare since then. */
enum { SCRAM_MENDED = 0x020601ff };

static struct {
    pthread_mutex_t lock;
    char reason[REFUSAL_REASON];
    bool any, final;
} last = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* --- certificates ------------------------------------------------------- */

/* OpenSSL's numbers (X509_V_ERR_…), which never change. */
static const struct certificate_fault {
    int number;
    bool final;
    const char *text;
} certificate_faults[] = {
    {9, false, "its certificate is not valid yet: compare the clocks"},
    {10, false, "its certificate has expired: it needs a new one"},
    {18, true,
     "its certificate is signed by itself and is not in ssl.ca.location"},
    {19, true,
     "its certificate is from an authority that ssl.ca.location does not have"},
    {20, true,
     "its certificate is from an authority that ssl.ca.location does not have"},
    {21, true,
     "its certificate is from an authority that ssl.ca.location does not have"},
    {62, true, "its certificate is for another host name"},
    {64, true, "its certificate is for another address"},
    {0, false, "its certificate cannot be verified"}, /* any other */
};

static atomic_int certificate_number;

static int
on_certificate(rd_kafka_t *kafka, const char *broker, int32_t broker_id,
               int *number, int depth, const char *certificate, size_t size,
               char *errstr, size_t errstr_size, void *context)
{
    (void)kafka, (void)broker, (void)broker_id, (void)depth;
    (void)certificate, (void)size, (void)context;
    if (*number == 0)
        return 1;
    atomic_store(&certificate_number, *number);
    snprintf(errstr, errstr_size, "error %d", *number);
    return 0;
}

static const struct certificate_fault *
certificate_fault(void)
{
    const struct certificate_fault *fault = certificate_faults;
    int number = atomic_load(&certificate_number);

    while (fault->number != number && fault->number != 0)
        fault++;
    return fault;
}

/* --- connections -------------------------------------------------------- */

static void
note(const char *reason, bool final)
{
    pthread_mutex_lock(&last.lock);
    snprintf(last.reason, sizeof last.reason, "%s", reason);
    last.any = true;
    last.final = final;
    pthread_mutex_unlock(&last.lock);
    log_event(broker_refused, log_str("reason", reason));
}

/* "ssl://host:port/1: what (after 3ms in state …)": the address without the
 * broker's number, and what without times and counts. */
static void
split(const char *text, char ret_address[128], char ret_what[128])
{
    const char *colon = strstr(text, ": ");
    const char *what = colon == NULL ? text : colon + 2;
    const char *end = strstr(what, " (after ");

    snprintf(ret_address, 128, "%.*s", colon == NULL ? 0 : (int)(colon - text),
             text);
    char *slash = strrchr(ret_address, '/');
    if (slash != NULL && slash > ret_address && slash[-1] != '/')
        *slash = '\0';
    snprintf(ret_what, 128, "%.*s",
             end == NULL ? (int)strlen(what) : (int)(end - what), what);
}

static void
note_password(rd_kafka_t *kafka, const char *address, const char *what)
{
    char mechanism[64] = "", reason[REFUSAL_REASON];
    size_t size = sizeof mechanism;

    if (rd_kafka_conf_get(rd_kafka_conf(kafka), "sasl.mechanism", mechanism,
                          &size) != RD_KAFKA_CONF_OK)
        mechanism[0] = '\0';
    bool scram = strncmp(mechanism, "SCRAM", 5) == 0 &&
                 rd_kafka_version() < SCRAM_MENDED;
    snprintf(reason, sizeof reason, "%.80s: %.127s%s", address, what,
             scram ? "; or the broker is Kafka 4, which needs librdkafka 2.6.1 "
                     "for SCRAM"
                   : "");
    note(reason, true);
}

static void
on_error(rd_kafka_t *kafka, int error, const char *text, void *context)
{
    char address[128], what[128], reason[REFUSAL_REASON];

    (void)context;
    split(text, address, what);
    switch ((int)error) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
        /* A client that ends while it signs in says so, too. */
        if (strstr(what, "destroyed") == NULL)
            note_password(kafka, address, what);
        break;
    case RD_KAFKA_RESP_ERR__SSL: {
        bool certificate = strstr(text, "certificate verify failed") != NULL;
        snprintf(reason, sizeof reason, "%.100s: %.127s", address,
                 certificate ? certificate_fault()->text : what);
        note(reason, certificate && certificate_fault()->final);
        break;
    }
    case RD_KAFKA_RESP_ERR__TRANSPORT: /* broker_away says it */
        if (strstr(what, " alert ") != NULL) {
            snprintf(reason, sizeof reason,
                     "%.80s: it ends the connection, perhaps because of "
                     "ssl.certificate.location: %.127s",
                     address, what);
            note(reason, false);
        }
        break;
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
        break;
    default:
        log_event(kafka_client_warning, log_str("facility", "ERROR"),
                  log_str("text", text));
    }
}

void
kafka_refusal_watch(rd_kafka_conf_t *conf)
{
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_ssl_cert_verify_cb(conf, on_certificate);
}

bool
kafka_refusal_last(char ret_reason[REFUSAL_REASON], bool *ret_final)
{
    pthread_mutex_lock(&last.lock);
    bool any = last.any;
    snprintf(ret_reason, REFUSAL_REASON, "%s", last.reason);
    *ret_final = last.final;
    pthread_mutex_unlock(&last.lock);
    return any;
}

void
kafka_refusal_forget(void)
{
    pthread_mutex_lock(&last.lock);
    last.any = false;
    pthread_mutex_unlock(&last.lock);
}

/* --- rights ------------------------------------------------------------- */

void
kafka_note_right(rd_kafka_resp_err_t err, const char *what)
{
    static const rd_kafka_resp_err_t rights[] = {
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
    };

    for (size_t i = 0; i < COUNT_OF(rights); i++)
        if (rights[i] == err)
            log_event(broker_right_missing, log_str("what", what),
                      log_str("reason", rd_kafka_err2str(err)));
}
