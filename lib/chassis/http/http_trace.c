/* W3C trace context: one id follows a request through HTTP, operations, Kafka
 * and the logs.
 *
 * Takes a well-formed `traceparent`, otherwise makes a new trace; the span is
 * always our own. Ids are random, never secret. Must never pass on a value that
 * it could not parse.
 */
#include <string.h>
#include <sys/random.h>

#include "chassis/base/clock.h"
#include "chassis/base/seal.h"
#include "chassis/http/http_internal.h"

enum { TRACE_BYTES = 16, SPAN_BYTES = 8, TRACEPARENT_SIZE = 55 };

static void
random_hex(struct http_worker *worker, size_t size, char *out)
{
    if (worker->random_used + size > sizeof(worker->random)) {
        if (getrandom(worker->random, sizeof(worker->random), 0) !=
            (ssize_t)sizeof(worker->random)) {
            int64_t now = clock_now();
            memcpy(worker->random, &now, sizeof(now));
        }
        worker->random_used = 0;
    }
    worker->random[worker->random_used] |= 1; /* all zero is no id */
    seal_hex(worker->random + worker->random_used, size, out);
    worker->random_used += size;
}

/* `size` lower-case hex digits, not all zero. */
static bool
is_id(const char *text, size_t size)
{
    return strspn(text, "0123456789abcdef") >= size && strspn(text, "0") < size;
}

static bool
is_traceparent(const char *text)
{
    size_t size = strlen(text);
    if (size < TRACEPARENT_SIZE || text[2] != '-' || text[35] != '-' ||
        text[52] != '-')
        return false;
    if (strspn(text, "0123456789abcdef") != 2 || strncmp(text, "ff", 2) == 0)
        return false;
    bool first_version = strncmp(text, "00", 2) == 0;
    if (size > TRACEPARENT_SIZE && (first_version || text[55] != '-'))
        return false;
    return is_id(text + 3, 32) && is_id(text + 36, 16) &&
           strspn(text + 53, "0123456789abcdef") >= 2;
}

void
http_trace_read(struct http_worker *worker, const char *traceparent,
                char ret_id[HTTP_TRACE_TEXT],
                char ret_parent[HTTP_TRACEPARENT_TEXT])
{
    char span[2 * SPAN_BYTES + 1];
    const char *flags = "01";

    if (traceparent != NULL && is_traceparent(traceparent)) {
        memcpy(ret_id, traceparent + 3, HTTP_TRACE_TEXT - 1);
        ret_id[HTTP_TRACE_TEXT - 1] = '\0';
        flags = traceparent + 53;
    } else {
        random_hex(worker, TRACE_BYTES, ret_id);
    }
    random_hex(worker, SPAN_BYTES, span);
    memcpy(ret_parent, "00-", 3);
    memcpy(ret_parent + 3, ret_id, 32);
    ret_parent[35] = '-';
    memcpy(ret_parent + 36, span, 16);
    ret_parent[52] = '-';
    memcpy(ret_parent + 53, flags, 2);
    ret_parent[55] = '\0';
}
