/* One mail: its receiver, its secret, and its result.
 *
 * Called by the mail thread with a leased wish. Makes the token or code and
 * stores its digest before the mail leaves, so the mailed one always works.
 * Drops mails that are no longer needed: an old event, an account that is not
 * active or has a password already. */
#include <string.h>

#include "chassis/base/failpoint.h"

#include "rules/role.h"

#include "gateway/events.h"
#include "gateway/gateway.h"
#include "gateway/mail/mail_worker.h"
#include "gateway/request/pool.h"
#include "gateway/sessions/sessions.h"
#include "gateway/metrics.h"

enum { ATTEMPTS_MAX = 50 }; /* about two days */
#define VIEW_PAUSE MILLISECONDS(300)

enum receiver {
    RECEIVER_KNOWN,
    RECEIVER_LATER, /* the view has not reached the version yet */
    RECEIVER_UNWANTED,
};

int64_t
mail_pause(int attempts)
{
    int64_t pause = SECONDS(5);

    for (int i = 1; i < attempts && pause < SECONDS(3600); i++)
        pause *= 2;
    return pause < SECONDS(3600) ? pause : SECONDS(3600);
}

/* Ends the wish and deletes its address. */
static enum db_end
end_wish(struct db *db, const struct mail_job *job, enum mail_state state,
         const char *result)
{
    struct db_params params = {0};

    db_text(&params, job->key);
    db_int2(&params, (int)state);
    db_time(&params, clock_now());
    enum db_end end = db_query(db, "mail_end", &params, NULL);
    db_params_free(&params);
    metric_add(mails_total, result, 1);
    return end;
}

static enum db_end
put_off(struct db *db, const struct mail_job *job, int64_t pause, bool counts)
{
    struct db_params params = {0};

    db_text(&params, job->key);
    db_time(&params, clock_now() + pause);
    db_int2(&params, counts ? 0 : 1);
    enum db_end end = db_query(db, "mail_put_off", &params, NULL);
    db_params_free(&params);
    return end;
}

static bool
begins(const char *key, const char *occasion)
{
    return strncmp(key, occasion, strlen(occasion)) == 0;
}

/* Columns of mail_receiver: status, version, name, email, login, organization,
 * no unrequested mail is due, account and record differ. */
static enum receiver
judge_receiver(const struct mail_job *job, struct arena *arena,
               const PGresult *row, struct mail_letter *letter)
{
    if (PQntuples(row) == 0 || db_get_int(row, 0, 1) < job->account_version)
        return RECEIVER_LATER;
    if (begins(job->key, MAIL_KEY_ADDRESS) && db_get_bool(row, 0, 7))
        return RECEIVER_LATER;
    bool active = db_get_int(row, 0, 0) == ACCOUNT_ACTIVE;
    /* A requested ticket is mailed anyway. */
    bool needless = (begins(job->key, MAIL_KEY_ENABLED) ||
                     begins(job->key, MAIL_KEY_ADDRESS)) &&
                    db_get_bool(row, 0, 6);
    letter->name = db_copy_text(arena, row, 0, 2);
    letter->to = db_copy_text(arena, row, 0, 3);
    letter->login = db_copy_text(arena, row, 0, 4);
    letter->organization = db_copy_text(arena, row, 0, 5);
    return active && !needless && letter->to[0] != '\0' ? RECEIVER_KNOWN
                                                        : RECEIVER_UNWANTED;
}

static enum db_end
find_account(struct db *db, struct arena *arena, const struct mail_job *job,
             struct mail_letter *letter, enum receiver *ret_receiver)
{
    struct db_params params = {0};
    PGresult *row = NULL;

    db_uuid(&params, job->account_id);
    db_int2(&params, job->account_kind);
    db_int8(&params, job->account_version);
    enum db_end end = db_query(db, "mail_receiver", &params, &row);
    db_params_free(&params);
    if (end == DB_OK)
        *ret_receiver = judge_receiver(job, arena, row, letter);
    PQclear(row);
    return end;
}

/* A ticket that went to another address must open nothing. */
static enum db_end
spend_others(struct db *db, const struct mail_job *job)
{
    struct db_params params = {0};

    db_uuid(&params, job->account_id);
    db_time(&params, clock_now());
    enum db_end end = db_query(db, "ticket_spend_others", &params, NULL);
    db_params_free(&params);
    return end;
}

static enum db_end
make_ticket(struct db *db, struct arena *arena, const struct mail_job *job,
            struct mail_letter *letter)
{
    char *token = arena_alloc(arena, SEAL_TOKEN_TEXT);

    if (begins(job->key, MAIL_KEY_ADDRESS)) {
        enum db_end end = spend_others(db, job);
        if (end != DB_OK)
            return end;
    }
    letter->secret = token;
    letter->valid_until = clock_now() + gateway_settings.ticket_age;
    return ticket_make(db, (enum ticket_purpose)job->purpose, job->account_id,
                       job->account_kind, token);
}

/* The verification's id comes after the slash of the key. */
static enum db_end
make_code(struct db *db, struct arena *arena, const struct mail_job *job,
          struct mail_letter *letter, enum receiver *ret_receiver)
{
    const char *slash = strchr(job->key, '/');
    const char *id = slash != NULL ? slash + 1 : "";
    struct db_params params = {0};
    uint8_t mac[SEAL_DIGEST];
    char *code = arena_alloc(arena, 7);
    PGresult *row = NULL;

    seal_code(code);
    verification_code_mac(id, code, mac);
    db_uuid(&params, id);
    db_bytes(&params, mac, sizeof(mac));
    db_time(&params, clock_now());
    enum db_end end = db_query(db, "verification_code", &params, &row);
    db_params_free(&params);
    if (end == DB_OK && PQntuples(row) == 1) {
        letter->to = db_copy_text(arena, row, 0, 0);
        letter->secret = code;
        letter->valid_until = job->asked_at + VERIFICATION_AGE;
        *ret_receiver = RECEIVER_KNOWN;
    }
    PQclear(row);
    return end;
}

/* Unwanted if the login is not locked: the last try was right. */
static enum db_end
check_lock(struct db *db, const struct mail_job *job,
           struct mail_letter *letter, enum receiver *ret_receiver)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    CLEANUP(result_clear) PGresult *row = NULL;

    db_uuid(&params, job->account_id);
    db_time(&params, clock_now());
    db_int4(&params, (int)gateway_settings.sign_in_tries);
    db_int4(&params, (int)gateway_settings.sign_in_tries_all);
    enum db_end end = db_query(db, "credential_locked", &params, &row);
    if (end == DB_OK && !db_get_bool(row, 0, 0))
        *ret_receiver = RECEIVER_UNWANTED;
    letter->valid_until = job->asked_at + SIGN_IN_LOCK;
    return end;
}

static enum db_end
prepare(struct db *db, struct arena *arena, const struct mail_job *job,
        struct mail_letter *letter, enum receiver *ret_receiver)
{
    *ret_receiver = RECEIVER_UNWANTED;
    if (clock_now() - job->asked_at > gateway_settings.mail_max_age)
        return DB_OK;
    if (job->purpose == MAIL_VERIFICATION)
        return make_code(db, arena, job, letter, ret_receiver);

    enum db_end end = find_account(db, arena, job, letter, ret_receiver);
    if (end != DB_OK || *ret_receiver != RECEIVER_KNOWN)
        return end;
    return job->purpose == MAIL_LOCKED
               ? check_lock(db, job, letter, ret_receiver)
               : make_ticket(db, arena, job, letter);
}

static enum db_end
failed(struct db *db, const struct mail_job *job, enum mail_way way,
       const char *error)
{
    metric_add(mail_failures_total, "", 1);
    if (way == MAIL_NEVER) {
        /* A mistyped address: neither our fault nor the server's. */
        log_event(mail_refused, log_str("error", error),
                  log_str("account_id", job->account_id));
        return end_wish(db, job, MAIL_FAILED, "result=\"refused\"");
    }
    if (job->attempts < ATTEMPTS_MAX) {
        log_event(mail_put_off, log_str("error", error),
                  log_int("attempts", job->attempts));
        return put_off(db, job, mail_pause(job->attempts), true);
    }
    log_event(mail_given_up, log_str("error", error),
              log_str("account_id", job->account_id));
    return end_wish(db, job, MAIL_FAILED, "result=\"failed\"");
}

static enum db_end
send_letter(struct db *db, const struct mail_job *job,
            const struct mail_letter *letter)
{
    struct bytes message = {0};
    char name[UUID_TEXT];
    char error[256] = "failpoint";

    uuid_v7(name); /* sorts by time */
    mail_message(letter, gateway_settings.mail_from, name, clock_now(),
                 &message);
    enum mail_way way = MAIL_LATER;
    if (!FAILPOINT(mail_before_send))
        way = mail_send(name, letter->to, &message, error);
    bytes_free(&message);
    if (way != MAIL_GONE)
        return failed(db, job, way, error);
    (void)FAILPOINT(mail_after_send);
    log_event(mail_sent, log_int("purpose", (int)job->purpose),
              log_str("account_id", job->account_id));
    return end_wish(db, job, MAIL_SENT, "result=\"sent\"");
}

enum db_end
mail_fulfil(struct db *db, struct arena *arena, const struct mail_job *job)
{
    struct mail_letter letter = {
        .purpose = job->purpose,
        .to = "",
        .name = "",
        .organization = "",
        .login = "",
        .secret = "",
        .public_url = gateway_settings.public_url,
    };
    enum receiver receiver;
    enum db_end end = prepare(db, arena, job, &letter, &receiver);

    if (end != DB_OK)
        return end;
    if (receiver == RECEIVER_LATER)
        return put_off(db, job, VIEW_PAUSE, false);
    if (receiver == RECEIVER_UNWANTED)
        return end_wish(db, job, MAIL_DROPPED, "result=\"dropped\"");
    return send_letter(db, job, &letter);
}
