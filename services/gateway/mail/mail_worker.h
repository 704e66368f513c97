/* Between the mail thread (mail.c) and one mail (mail_fulfil.c). */
#pragma once

#include "chassis/base/arena.h"
#include "chassis/base/clock.h"

#include "gateway/mail/mail.h"

struct mail_job {
    const char *key;
    enum mail_purpose purpose;
    const char *account_id; /* NULL: `address` is the receiver */
    int account_kind;
    int64_t account_version;
    const char *address;
    int64_t asked_at;
    int attempts; /* includes this one */
};

/* Sends the mail, drops it or puts it off. If the result is not DB_OK, the
 * table could not be written, and the lease ends by itself. */
enum db_end mail_fulfil(struct db *db, struct arena *arena,
                        const struct mail_job *job) WARN_UNUSED;
/* The pause before another attempt: 5 s, doubled each time, an hour at most. */
int64_t mail_pause(int attempts);
