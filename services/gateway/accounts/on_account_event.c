/* See account_history.h.
 *
 * One handler for all events of a business account: they have the same members
 * by the same names, which are found by the message's descriptor. A reactor, so
 * rebuild-views leaves the rows. Repeatable: the key names the event. Serves
 * B17. */
#include "gateway/accounts/account_history.h"

#include <stdio.h>
#include <string.h>

#include "chassis/base/clock.h"

#include "rules/role.h"

#include "inservice/account/v1/events.pb-c.h"
#include "inservice/common/v1/fact.pb-c.h"

typedef Inservice__Common__V1__Fact Fact;

struct account_history_row {
    struct row row;
    const char *history_key, *account_id;
    int64_t incarnation, version;
    int32_t event;
    int64_t at;
    const char *actor;
    int32_t role, permissions, cause;
    const char *other;
};

static const struct db_column columns[] = {
    DB_COLUMN(account_history_row, history_key, DB_TEXT),
    DB_COLUMN(account_history_row, account_id, DB_UUID),
    DB_COLUMN(account_history_row, incarnation, DB_INT8),
    DB_COLUMN(account_history_row, version, DB_INT8),
    DB_COLUMN(account_history_row, event, DB_INT2),
    DB_COLUMN(account_history_row, at, DB_TIME),
    DB_COLUMN(account_history_row, actor, DB_UUID),
    DB_COLUMN(account_history_row, role, DB_INT2),
    DB_COLUMN(account_history_row, permissions, DB_INT4),
    DB_COLUMN(account_history_row, cause, DB_INT2),
    DB_COLUMN(account_history_row, other, DB_UUID),
    {0},
};

const struct store account_history_store = {
    .name = "account_history",
    .kind = STORE_RECORD,
    .size = sizeof(struct account_history_row),
    .columns = columns,
    .key = offsetof(struct account_history_row, history_key),
    .key_type = DB_TEXT,
};

/* clang-format off */
static const struct {
    const ProtobufCMessageDescriptor *type;
    enum account_event event;
} events[] = {
#define EVENT(name, event)                                                     \
    {&inservice__account__v1__##name##__descriptor, ACCOUNT_EVENT_##event}
    EVENT(business_account_applied, APPLIED),
    EVENT(application_closed, CLOSED),
    EVENT(business_account_enabled, ENABLED),
    EVENT(business_account_changed, CHANGED),
    EVENT(business_account_disabled, DISABLED),
    EVENT(deletion_requested, DELETION_REQUESTED),
    EVENT(deletion_withdrawn, DELETION_WITHDRAWN),
    EVENT(business_account_deleted, DELETED),
};

static const struct word event_rows[] = {
    {ACCOUNT_EVENT_APPLIED, "APPLIED", "提出申請"},
    {ACCOUNT_EVENT_CLOSED, "CLOSED", "申請結案"},
    {ACCOUNT_EVENT_ENABLED, "ENABLED", "啟用"},
    {ACCOUNT_EVENT_CHANGED, "CHANGED", "變更類別或權限"},
    {ACCOUNT_EVENT_DISABLED, "DISABLED", "停用"},
    {ACCOUNT_EVENT_DELETION_REQUESTED, "DELETION_REQUESTED", "本人申請刪除"},
    {ACCOUNT_EVENT_DELETION_WITHDRAWN, "DELETION_WITHDRAWN", "本人撤回刪除申請"},
    {ACCOUNT_EVENT_DELETED, "DELETED", "刪除"},
};
/* clang-format on */
const struct words account_event_words = {"account event", event_rows,
                                          COUNT_OF(event_rows)};

/* --- members by name ---------------------------------------------------- */
static const void *
member(const ProtobufCMessage *message, const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(message->descriptor,
                                                        name);

    return field == NULL ? NULL : (const char *)message + field->offset;
}

static const char *
text_of(const ProtobufCMessage *message, const char *name)
{
    const char *const *text = member(message, name);

    return text == NULL ? "" : *text;
}

/* An enum or a uint32. */
static int32_t
number_of(const ProtobufCMessage *message, const char *name)
{
    const int32_t *number = member(message, name);

    return number == NULL ? 0 : *number;
}

/* NULL: the message has no head, so it is none of ours. */
static const Fact *
fact_of(const ProtobufCMessage *message)
{
    const Fact *const *fact = message == NULL ? NULL : member(message, "fact");

    return fact == NULL ? NULL : *fact;
}

/* --- the handler -------------------------------------------------------- */
enum { KEY_TEXT = UUID_TEXT + 60 };

static enum account_event
event_of(const ProtobufCMessage *message)
{
    size_t i = 0;

    while (events[i].type != message->descriptor)
        i++;
    return events[i].event;
}

static const char *
key_of(const ProtobufCMessage *message, const Fact *fact, int64_t incarnation,
       char buffer[KEY_TEXT])
{
    snprintf(buffer, KEY_TEXT, "%.36s/%lld/%lld/%d",
             text_of(message, "account_id"), (long long)incarnation,
             (long long)fact->version, (int)event_of(message));
    return buffer;
}

/* ApplicationClosed is also of teachers' applications. */
static bool
is_of_teacher(const ProtobufCMessage *message)
{
    return number_of(message, "account_kind") == ACCOUNT_TEACHER;
}

void
on_account_event_keys(struct keys *keys, const void *message)
{
    const Fact *fact = fact_of(message);
    char key[KEY_TEXT];

    if (fact == NULL)
        return;
    if (is_of_teacher(message)) {
        keys_lane(keys, text_of(message, "person_id"));
        return;
    }
    keys_lane(keys, text_of(message, "organization"));
    keys_row(keys, &account_history_store,
             key_of(message, fact, keys_message(keys)->incarnation, key));
}

static void
fill(struct account_history_row *row, const ProtobufCMessage *message,
     const Fact *fact)
{
    row->account_id = text_of(message, "account_id");
    row->version = fact->version;
    row->event = (int32_t)event_of(message);
    row->at = fact->at;
    row->actor = fact->actor_account_id;
    row->role = number_of(message, "role");
    row->permissions = number_of(message, "permissions");
    row->cause = number_of(message, "cause");
    row->other = text_of(message, "succeeds");
}

enum end
on_account_event(struct decision *decision, const void *message)
{
    const Fact *fact = fact_of(message);
    char key[KEY_TEXT];

    if (fact == NULL)
        return BROKEN;
    if (is_of_teacher(message))
        return DONE;
    struct account_history_row *row =
        row_add(decision, &account_history_store,
                key_of(message, fact, decision->message->incarnation, key));
    if (row == NULL)
        return DONE; /* it is there already */
    row->incarnation = decision->message->incarnation;
    fill(row, message, fact);
    row_change(decision, row);
    return DONE;
}
