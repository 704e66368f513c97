/* Mail: wishes in a table, one thread a process that fulfils them.
 *
 * A wish says who is to get what; its key makes a repetition harmless. The
 * thread makes the token or code, writes its digest down, sends, and marks the
 * wish; several processes share the table by SKIP LOCKED. A mail may come
 * twice after a crash, with another token; none is lost.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "chassis/base/bytes.h"
#include "chassis/db/db.h"
#include "chassis/lane/handler.h"
#include "chassis/lane/store.h"

enum { MAIL_KEY_TEXT = 160 };

/* How the key of a ticket begins that nobody asked for: the account was
 * enabled, or its address is another now, so that the ticket which went to the
 * old one is spent. Neither is mailed when the account has a password. */
#define MAIL_KEY_ENABLED "ACTIVATE/"
#define MAIL_KEY_ADDRESS "ADDRESS/"

enum mail_purpose { /* stands in the table; the first two are tickets' */
                    MAIL_ACTIVATE = 1,
                    MAIL_RESET_TOTP = 2,
                    MAIL_VERIFICATION = 3,
                    MAIL_LOCKED = 4, /* asked for by credential_try.sql */
};

enum mail_state { /* stands in the table */
                  MAIL_WAITING = 1,
                  MAIL_SENT = 2,
                  MAIL_DROPPED = 3, /* nobody wants it any more */
                  MAIL_FAILED = 4,  /* given up */
};

struct mail_wish {
    const char *key; /* "ACTIVATE/<account>/<version>" */
    enum mail_purpose purpose;
    const char *account_id;  /* NULL: `address` is the receiver */
    int account_kind;        /* 1 business, 2 teacher; 0 none */
    int64_t account_version; /* the view must have reached it */
    const char *address;     /* NULL: the account's own */
    int64_t asked_at;        /* µs; the occasion, not the writing */
    const char *asked_by;    /* account, or NULL */
};

/* Queues the statement that writes a wish down; `params` is cleared first. Its
 * result has one row when the wish is new. */
void mail_ask_send(struct db *db, struct db_params *params,
                   const struct mail_wish *wish);
/* Tells the thread that there is something to do. */
void mail_wake(void);

/* The reactors' way to the same table: store and handlers of the lane of
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

/* --- mail_text.c: what people read. Pure. ------------------------------- */
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
/* A header's value as encoded words where it is not ASCII, folded at 75
 * characters; `used` is the width of the name before it. */
void mime_header(struct bytes *out, const char *text, size_t used);
/* Base64 in lines of 76 characters. */
void mime_base64(struct bytes *out, const void *data, size_t size);
/* The whole message, CRLF line ends. `id` makes the Message-ID. */
void mail_message(const struct mail_letter *letter, const char *from,
                  const char *id, int64_t at, struct bytes *out);

/* --- mail_send.c -------------------------------------------------------- */
enum mail_way {
    MAIL_GONE,  /* the server, or the folder, has it */
    MAIL_LATER, /* away, busy, or set up wrongly: another time */
    MAIL_NEVER, /* the server knows no such receiver */
};
/* Into the spool folder when one is set, else to the mail server. `name` is a
 * file name without ending, unique for ever. Not MAIL_GONE: `ret_error` (256
 * bytes) says why, without the address. */
enum mail_way mail_send(const char *name, const char *to, struct bytes *message,
                        char ret_error[256]) WARN_UNUSED;
