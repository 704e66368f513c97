/* Log lines: JSON built in a buffer on the stack and written by one write(2).
 *
 * Called by services, and by the chassis where no caller can log. A line is
 * shorter than PIPE_BUF, so lines of several threads and processes never mix in
 * one pipe; what does not fit is left out, marked by `truncated`. Never
 * allocates (it reports the end of memory), never prints a personal value,
 * never writes a byte that is not UTF-8.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "attributes.h"
#include "chassis/base/bytes.h"
#include "chassis/base/clock.h"
#include "chassis/base/log.h"
#include "chassis/base/map.h"
#include "chassis/base/metrics.h"
#include "chassis/base/wire_text.h"

enum {
    LINE_MAX_BYTES = 4096, /* PIPE_BUF */
    LINE_RESERVE = 32,     /* for `,"truncated":true}` and the newline */
};

struct line {
    size_t size;
    bool full; /* something was left out */
    char data[LINE_MAX_BYTES];
};

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug",
    [LOG_INFO] = "info",
    [LOG_WARNING] = "warning",
    [LOG_ERROR] = "error",
};

static char service_name[64] = "unnamed";
static enum log_level lowest = LOG_INFO;
static _Thread_local const char *trace;

bool
log_open(const char *service, const char *level)
{
    for (size_t i = 0; i < COUNT_OF(level_names); i++) {
        if (strcmp(level, level_names[i]) != 0)
            continue;
        size_t size = strnlen(service, sizeof(service_name) - 1);
        memcpy(service_name, service, size);
        service_name[size] = '\0';
        lowest = (enum log_level)i;
        return true;
    }
    return false;
}

const char *
log_level_name(enum log_level level)
{
    return level_names[level];
}

void
log_trace(const char *trace_id)
{
    trace = trace_id;
}

static void
add(struct line *line, const char *bytes, size_t size)
{
    if (line->full || size > LINE_MAX_BYTES - LINE_RESERVE - line->size) {
        line->full = true;
        return;
    }
    memcpy(line->data + line->size, bytes, size);
    line->size += size;
}

/* Length of the UTF-8 character at `text`, 0 when there is none. */
static size_t
character(const char *text)
{
    size_t left = strnlen(text, 4);
    for (size_t length = 1; length <= left; length++)
        if (wire_text_valid((const uint8_t *)text, length))
            return length;
    return 0;
}

static void
add_escaped(struct line *line, const char *text)
{
    char escaped[JSON_ESCAPE_MAX];

    while (*text != '\0' && !line->full) {
        size_t length = character(text);
        if (length == 0)
            add(line, "\xef\xbf\xbd", 3); /* U+FFFD */
        else if (length == 1)
            add(line, escaped, json_escape(*text, escaped));
        else
            add(line, text, length);
        text += length == 0 ? 1 : length;
    }
}

static void
add_int(struct line *line, int64_t number)
{
    char digits[24];
    size_t at = sizeof(digits);
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        digits[--at] = '-';
    add(line, digits + at, sizeof(digits) - at);
}

static void
add_text(struct line *line, const char *text)
{
    if (text == NULL) {
        add(line, "null", 4);
        return;
    }
    add(line, "\"", 1);
    add_escaped(line, text);
    add(line, "\"", 1);
}

/* One `"name":value`, whole or not at all, except that a long text is cut. */
static void
add_field(struct line *line, const struct log_field *field)
{
    size_t before = line->size;
    add(line, before == 1 ? "\"" : ",\"", before == 1 ? 1 : 2);
    add_escaped(line, field->name);
    add(line, "\":", 2);

    size_t value_at = line->size;
    if (field->type == LOG_FIELD_INT)
        add_int(line, field->number);
    else if (field->type == LOG_FIELD_BOOL)
        add(line, field->number ? "true" : "false", field->number ? 4 : 5);
    else if (field->type == LOG_FIELD_PERSONAL)
        add_text(line, field->text == NULL ? NULL : "[personal]");
    else
        add_text(line, field->text);

    if (!line->full)
        return;
    if (field->type == LOG_FIELD_TEXT && line->size > value_at + 1)
        line->data[line->size++] = '"'; /* from the reserve */
    else
        line->size = before;
}

static void
write_line(const struct line *line)
{
    ssize_t written = 0;
    do
        written = write(STDERR_FILENO, line->data, line->size);
    while (written < 0 && errno == EINTR);
    if (written != (ssize_t)line->size)
        metric_add(log_lines_lost_total, "", 1);
}

/* --- repeats ------------------------------------------------------------ */

enum { SAID_MAX = 256 };
static const int64_t outage_over = SECONDS(60); /* without a repeat */
static const int64_t said_again = SECONDS(3600);

/* A warning or error; of two with one slot the last has it. */
struct said {
    uint32_t hash;
    int64_t at, written_at; /* wall clock */
    int64_t repeats;        /* since it was written */
};

static struct said all_said[SAID_MAX];
static pthread_mutex_t said_lock = PTHREAD_MUTEX_INITIALIZER;

/* Whether the line is to be left out; otherwise how many were. */
static bool
is_repeat(uint32_t hash, int64_t now, int64_t *ret_repeats)
{
    struct said *said = &all_said[hash % SAID_MAX];

    pthread_mutex_lock(&said_lock);
    if (said->hash != hash)
        *said = (struct said){.hash = hash};
    bool repeat =
        now - said->at < outage_over && now - said->written_at < said_again;
    said->at = now;
    *ret_repeats = said->repeats++;
    if (!repeat) {
        said->written_at = now;
        said->repeats = 0;
    }
    pthread_mutex_unlock(&said_lock);
    return repeat;
}

/* --- a line -------------------------------------------------------------- */

static void
add_head(struct line *line, const struct event *event, int64_t now)
{
    char at[28];
    const struct log_field head[] = {
        log_str("at", clock_text(now, at)),
        log_str("level", level_names[event->level]),
        log_str("service", service_name),
        log_str("event", event->name),
        log_str("trace_id", trace),
    };

    line->size = 1;
    line->full = false;
    line->data[0] = '{';
    for (size_t i = 0; i < COUNT_OF(head) - (trace == NULL); i++)
        add_field(line, &head[i]);
}

static void
add_end(struct line *line)
{
    static const char cut[] = ",\"truncated\":true";

    if (line->full) {
        memcpy(line->data + line->size, cut, sizeof(cut) - 1);
        line->size += sizeof(cut) - 1;
    }
    memcpy(line->data + line->size, "}\n", 2);
    line->size += 2;
}

void
log_fields(const struct event *event, const struct log_field *fields)
{
    struct line line;
    int64_t now = clock_now(), repeats = 0;
    int saved_errno = errno;

    if (event->level == LOG_ERROR)
        metric_add(log_errors_total, "", 1);
    if (event->level < lowest)
        return;
    add_head(&line, event, now);
    size_t head = line.size;
    for (; fields->name != NULL && !line.full; fields++)
        add_field(&line, fields);
    uint32_t hash = map_bytes(event, line.data + head, line.size - head).hash;
    if (event->level < LOG_WARNING || !is_repeat(hash, now, &repeats)) {
        const struct log_field left_out = log_int("repeats", repeats);
        if (repeats > 0)
            add_field(&line, &left_out);
        add_end(&line);
        write_line(&line);
    }
    errno = saved_errno;
}
