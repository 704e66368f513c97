/* Writes wishes for mails: for handlers of requests, and for the lane of views
 * when an account was enabled or a teacher's address changed.
 *
 * The reactors write only account, version and time. The address comes with the
 * account's state, on another topic; the token is made when the mail is sent.
 * Repeatable, because the key names the cause. */
#include <stdio.h>
#include <string.h>

#include "chassis/base/clock.h"

#include "rules/role.h"

#include "gateway/accounts/account_history.h"
#include "gateway/mail/mail.h"

#include "inservice/account/v1/events.pb-c.h"

typedef Inservice__Account__V1__BusinessAccountEnabled BusinessEnabled;
typedef Inservice__Account__V1__TeacherAccountEnabled TeacherEnabled;
typedef Inservice__Account__V1__TeacherAccountChanged TeacherChanged;

void
mail_ask_send(struct db *db, struct db_params *params,
              const struct mail_wish *wish)
{
    db_clear(params);
    db_text(params, wish->key);
    db_int2(params, (int)wish->purpose);
    db_uuid(params, wish->account_id);
    db_int2(params, wish->account_kind);
    db_int8(params, wish->account_version);
    db_text(params, wish->address != NULL ? wish->address : "");
    db_time(params, wish->asked_at);
    db_uuid(params, wish->asked_by);
    db_time(params, clock_now());
    db_send(db, "mail_ask", params);
}

/* --- the lane of views -------------------------------------------------- */
struct mail_row {
    struct row row;
    const char *mail_key;
    int32_t purpose;
    const char *account_id;
    int32_t account_kind;
    int64_t account_version;
    int64_t asked_at;
};

static const struct db_column columns[] = {
    DB_COLUMN(mail_row, mail_key, DB_TEXT),
    DB_COLUMN(mail_row, purpose, DB_INT2),
    DB_COLUMN(mail_row, account_id, DB_UUID),
    DB_COLUMN(mail_row, account_kind, DB_INT2),
    DB_COLUMN(mail_row, account_version, DB_INT8),
    DB_COLUMN(mail_row, asked_at, DB_TIME),
    {0},
};

const struct store mail_store = {
    .name = "mail",
    .kind = STORE_RECORD,
    .size = sizeof(struct mail_row),
    .columns = columns,
    .key = offsetof(struct mail_row, mail_key),
    .key_type = DB_TEXT,
};

enum { KEY_TEXT = sizeof("ACTIVATE//") + UUID_TEXT + 20 };

/* The cause of the ticket; mail_fulfil.c reads it from the key. */
#define ENABLED MAIL_KEY_ENABLED
#define MOVED   MAIL_KEY_ADDRESS

static const char *
key_of(const char *occasion, const char *account_id, int64_t version,
       char buffer[KEY_TEXT])
{
    snprintf(buffer, KEY_TEXT, "%s%.36s/%lld", occasion, account_id,
             (long long)version);
    return buffer;
}

static enum end
wish(struct decision *decision, const char *occasion, const char *account_id,
     int kind, int64_t version)
{
    char key[KEY_TEXT];
    struct mail_row *row = row_add(decision, &mail_store,
                                   key_of(occasion, account_id, version, key));
    if (row == NULL)
        return DONE; /* the wish exists already */

    row->purpose = MAIL_ACTIVATE;
    row->account_id = account_id;
    row->account_kind = kind;
    row->account_version = version;
    row->asked_at = decision->now;
    row_change(decision, row);
    return DONE;
}

/* Founding prints its ticket on the host and sends no mail. */
static bool
is_founding(const BusinessEnabled *event)
{
    return (int)event->status_before == ACCOUNT_STATUS_UNSPECIFIED;
}

void
on_business_account_enabled_keys(struct keys *keys, const void *message)
{
    const BusinessEnabled *event = message;
    char key[KEY_TEXT];

    if (event == NULL || event->fact == NULL)
        return;
    on_account_event_keys(keys, message);
    if (!is_founding(event))
        keys_row(keys, &mail_store,
                 key_of(ENABLED, event->account_id, event->fact->version, key));
}

enum end
on_business_account_enabled(struct decision *decision, const void *message)
{
    const BusinessEnabled *event = message;

    enum end end = on_account_event(decision, message);

    if (end != DONE || is_founding(event))
        return end;
    return wish(decision, ENABLED, event->account_id, ACCOUNT_BUSINESS,
                event->fact->version);
}

/* A teacher enabled by roaming needs no password. */
static bool
needs_ticket(const TeacherEnabled *event)
{
    return (int)event->source != ENABLED_BY_ROAMING;
}

void
on_teacher_account_enabled_keys(struct keys *keys, const void *message)
{
    const TeacherEnabled *event = message;
    char key[KEY_TEXT];

    if (event == NULL || event->fact == NULL)
        return;
    keys_lane(keys, event->person_id);
    if (needs_ticket(event))
        keys_row(keys, &mail_store,
                 key_of(ENABLED, event->account_id, event->fact->version, key));
}

enum end
on_teacher_account_enabled(struct decision *decision, const void *message)
{
    const TeacherEnabled *event = message;

    if (event == NULL || event->fact == NULL)
        return BROKEN;
    if (!needs_ticket(event))
        return DONE;
    return wish(decision, ENABLED, event->account_id, ACCOUNT_TEACHER,
                event->fact->version);
}

/* A ticket that was mailed to another address is useless. */
static bool
has_new_address(const TeacherChanged *event)
{
    for (size_t i = 0; i < event->n_fields; i++)
        if (strcmp(event->fields[i], "email") == 0)
            return true;
    return false;
}

void
on_teacher_account_changed_keys(struct keys *keys, const void *message)
{
    const TeacherChanged *event = message;
    char key[KEY_TEXT];

    if (event == NULL || event->fact == NULL)
        return;
    keys_lane(keys, event->person_id);
    if (has_new_address(event))
        keys_row(keys, &mail_store,
                 key_of(MOVED, event->account_id, event->fact->version, key));
}

enum end
on_teacher_account_changed(struct decision *decision, const void *message)
{
    const TeacherChanged *event = message;

    if (event == NULL || event->fact == NULL)
        return BROKEN;
    if (!has_new_address(event))
        return DONE;
    return wish(decision, MOVED, event->account_id, ACCOUNT_TEACHER,
                event->fact->version);
}
