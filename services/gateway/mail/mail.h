/* Mail: wishes in a table, and one thread per process that fulfils them.
 *
 * A wish has a receiver and a kind of mail; its key makes a repetition
 * harmless. The thread makes the token or code, stores its digest, sends, and
 * marks the wish. Several processes share the table by SKIP LOCKED. After a
 * crash a mail may come twice, with another token; none is lost. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "chassis/base/bytes.h"
#include "chassis/db/db.h"
#include "chassis/lane/handler.h"
#include "chassis/lane/store.h"

enum { MAIL_KEY_TEXT = 160 };

/* Prefixes of the keys of unrequested tickets: the account was enabled, or its
 * address changed, so that the ticket to the old one is spent. Neither is
 * mailed if the account has a password. */
#define MAIL_KEY_ENABLED "ACTIVATE/"
#define MAIL_KEY_ADDRESS "ADDRESS/"

enum mail_purpose { /* stored in the table; the first two are tickets' */
                    MAIL_ACTIVATE = 1,
                    MAIL_RESET_TOTP = 2,
                    MAIL_VERIFICATION = 3,
                    MAIL_LOCKED = 4, /* made by credential_try.sql */
};

enum mail_state { /* stored in the table */
                  MAIL_WAITING = 1,
                  MAIL_SENT = 2,
                  MAIL_DROPPED = 3, /* no longer needed */
                  MAIL_FAILED = 4,  /* given up */
};

struct mail_wish {
    const char *key; /* "ACTIVATE/<account>/<version>" */
    enum mail_purpose purpose;
    const char *account_id;  /* NULL: `address` is the receiver */
    int account_kind;        /* 1 business, 2 teacher; 0 none */
    int64_t account_version; /* the view must have reached it */
    const char *address;     /* NULL: the account's own */
    int64_t asked_at;        /* µs; when the event happened, not when the wish
                              * was written */
    const char *asked_by;    /* account, or NULL */
};

/* Queues the statement that writes a wish; clears `params` first. Its result
 * has one row if the wish is new. */
void mail_ask_send(struct db *db, struct db_params *params,
                   const struct mail_wish *wish);
/* Wakes the thread: there is a new wish. */
void mail_wake(void);

/* The reactors write to the same table: store and handlers of the lane of
 * views. */
extern const struct store mail_store;
void on_business_account_enabled_keys(struct keys *keys, const void *message);
enum end on_business_account_enabled(struct decision *decision,
                                     const void *message);
void on_teacher_account_enabled_keys(struct keys *keys, const void *message);
enum end on_teacher_account_enabled(struct decision *decision,
                                    const void *message);
void on_teacher_account_changed_keys(struct keys *keys, const void *message);
enum end on_teacher_account_changed(struct decision *decision,
                                    const void *message);

/* --- mail_text.c: the text of a mail. Pure. --- */
struct mail_letter {
    enum mail_purpose purpose;
    const char *to;           /* address */
    const char *name;         /* of the receiver, or "" */
    const char *organization; /* name of the unit, or "" */
    const char *login;        /* or "" */
    const char *secret;       /* token or code, or "" */
    const char *public_url;
    int64_t valid_until;
};
const char *mail_subject(enum mail_purpose purpose);
void mail_text(const struct mail_letter *letter, struct bytes *out);

/* --- mail_message.c: RFC 5322 and MIME. Pure. --------------------------- */
/* A header's value, as encoded words if it is not ASCII, folded at 75
 * characters. `used` is the width of the name before it. */
void mime_header(struct bytes *out, const char *text, size_t used);
/* Base64 in lines of 76 characters. */
void mime_base64(struct bytes *out, const void *data, size_t size);
/* The whole message, CRLF line ends. `id` makes the Message-ID. */
void mail_message(const struct mail_letter *letter, const char *from,
                  const char *id, int64_t at, struct bytes *out);

/* --- mail_send.c -------------------------------------------------------- */
enum mail_way {
    MAIL_GONE,  /* the server, or the folder, has it */
    MAIL_LATER, /* the server is away, busy, or set up wrongly: try later */
    MAIL_NEVER, /* the server knows no such receiver */
};
/* Writes into the spool folder if one is set, otherwise sends to the mail
 * server. `name` is a file name without ending, unique forever. If the result
 * is not MAIL_GONE, `ret_error` (256 bytes) has the reason, without the
 * address. */
enum mail_way mail_send(const char *name, const char *to, struct bytes *message,
                        char ret_error[256]) WARN_UNUSED;
