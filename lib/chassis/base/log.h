/* JSON log lines on stderr, one named event each.
 *
 * Libraries return, services log once. An event has a name (snake_case, the
 * same in every layer) and typed fields. Personal data is never a field:
 * log_personal() prints only that there was some. ERROR means that an operator
 * must look: tests fail on each one that they did not plan.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum log_level {
    LOG_DEBUG,
    LOG_INFO,
    LOG_WARNING,
    LOG_ERROR,
};

enum log_type {
    LOG_FIELD_END,
    LOG_FIELD_TEXT,
    LOG_FIELD_INT,
    LOG_FIELD_BOOL,
    LOG_FIELD_PERSONAL,
};

struct log_field {
    const char *name; /* NULL ends the list */
    enum log_type type;
    const char *text;
    int64_t number;
};

/* Set once at start: the service's name and the lowest level that is written
 * ("debug" … "error"; an unknown word is refused with false). */
bool log_open(const char *service, const char *level);
/* The trace id (32 hex) this thread works for; NULL when none. Printed with
 * every event as "trace_id". The text must outlive its use. */
void log_trace(const char *trace_id);
void log_fields(enum log_level level, const char *event,
                const struct log_field *fields);

static inline struct log_field
log_str(const char *name, const char *text)
{
    return (struct log_field){name, LOG_FIELD_TEXT, text, 0};
}

static inline struct log_field
log_int(const char *name, int64_t number)
{
    return (struct log_field){name, LOG_FIELD_INT, (const char *)0, number};
}

static inline struct log_field
log_bool(const char *name, bool value)
{
    return (struct log_field){name, LOG_FIELD_BOOL, (const char *)0, value};
}

static inline struct log_field
log_personal(const char *name, const char *text)
{
    return (struct log_field){name, LOG_FIELD_PERSONAL, text, 0};
}

/* log_event(LOG_INFO, "lane_taken", log_int("lane", 3), log_str("topic", t))
 * The first, empty row is there for events without fields. */
#define log_event(level, event, ...)                                           \
    log_fields(level, event,                                                   \
               1 + (const struct log_field[]){                                 \
                       {0}, ##__VA_ARGS__, (struct log_field){0}})
