/* JSON log lines on stderr, one named event each.
 *
 * Libraries return, services log once. An event is a row of a table, which has
 * its level: lib/chassis/base/events.def for every service, and a service's
 * own. A name without a row does not compile. Fields are typed. Personal data
 * is never a field: log_personal() prints only that there was some. ERROR means
 * that an operator must act: tests fail on each one that they did not plan.
 *
 * Callers log each try of an outage; the log writes it once. A warning or error
 * with the same event and fields as one of the last minute is left out, except
 * once an hour; the next line that is written has their number as `repeats`.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

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

struct event {
    const char *name; /* snake_case */
    enum log_level level;
    const char *part;
    const char *meaning; /* a sentence */
    const char *action;  /* the operator's; "": none */
};

/* What EVENT(level, name, part, meaning, action) of a table becomes. */
#define EVENT_DECLARED(level, name, part, meaning, action)                     \
    extern const struct event event_##name;
#define EVENT_DEFINED(level, name, part, meaning, action)                      \
    const struct event event_##name = {#name, LOG_##level, part, meaning,      \
                                       action};
#define EVENT_LISTED(level, name, part, meaning, action) &event_##name,

#define EVENT EVENT_DECLARED
#include "chassis/base/events.def"
#undef EVENT

/* Set once at start: the service's name and the lowest level that is written
 * ("debug" … "error"; an unknown word is refused with false). */
bool log_open(const char *service, const char *level);
/* The trace id (32 hex) this thread works for; NULL when none. Printed with
 * every event as "trace_id". The text must outlive its use. */
void log_trace(const char *trace_id);
void log_fields(const struct event *event, const struct log_field *fields);
const char *log_level_name(enum log_level level);
/* Prints the chassis' table and the service's (or NULL) as Markdown. */
void events_document(const struct event *const *service_rows, FILE *out);

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

/* log_event(lanes_assigned, log_int("count", 3))
 * The first, empty row is there for events without fields. */
#define log_event(name, ...)                                                   \
    log_fields(&event_##name,                                                  \
               1 + (const struct log_field[]){                                 \
                       {0}, ##__VA_ARGS__, (struct log_field){0}})
