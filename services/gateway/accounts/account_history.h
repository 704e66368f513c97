/* What was done to a business account: a row for each event of its owner (B17).
 */
#pragma once

#include "chassis/lane/handler.h"
#include "chassis/lane/store.h"

#include "rules/word.h"

/* Numbers stand in the table and get no second meaning. */
enum account_event {
    ACCOUNT_EVENT_APPLIED = 1,
    ACCOUNT_EVENT_CLOSED,
    ACCOUNT_EVENT_ENABLED,
    ACCOUNT_EVENT_CHANGED,
    ACCOUNT_EVENT_DISABLED,
    ACCOUNT_EVENT_DELETION_REQUESTED,
    ACCOUNT_EVENT_DELETION_WITHDRAWN,
    ACCOUNT_EVENT_DELETED,
};

extern const struct words account_event_words;
extern const struct store account_history_store;

/* keys() and handle() of every event of a business account. A reactor that has
 * more to do calls both. */
void on_account_event_keys(struct keys *keys, const void *message);
enum end on_account_event(struct decision *decision, const void *message);
