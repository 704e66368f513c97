/* The headers of a request about waiting and repeating. Pure.
 *
 * Called by operation_submit. RFC 7240: preferences are separated by commas,
 * their parameters by semicolons; unknown ones are ignored. Never waits longer
 * than the maximum.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "chassis/base/bytes.h"
#include "chassis/base/seal.h"

#include "gateway/operations/internal.h"

enum { WAIT_MAX = 30 }; /* seconds */

/* One preference without blanks around, up to `;`. */
static size_t
preference_size(const char *item, size_t size)
{
    size_t used = 0;

    while (used < size && item[used] != ';')
        used++;
    while (used > 0 && (item[used - 1] == ' ' || item[used - 1] == '\t'))
        used--;
    return used;
}

/* "wait=10" in seconds; -1: another preference. */
static int64_t
wait_of(const char *item, size_t size)
{
    int64_t seconds = 0;
    bool quoted = size > 5 && item[5] == '"';
    size_t at = quoted ? 6 : 5;
    size_t end = size - (quoted ? 1 : 0);

    if (size < 6 || strncasecmp(item, "wait=", 5) != 0 || at >= end)
        return -1;
    for (; at < end; at++) {
        if (item[at] < '0' || item[at] > '9')
            return -1;
        if (seconds <= WAIT_MAX)
            seconds = seconds * 10 + item[at] - '0';
    }
    return seconds < WAIT_MAX ? seconds : WAIT_MAX;
}

int64_t
prefer_wait(const char *prefer, int64_t otherwise)
{
    int64_t wait = -1;

    if (prefer == NULL)
        return otherwise;
    while (*prefer != '\0') {
        prefer += strspn(prefer, " \t,");
        size_t item = strcspn(prefer, ",");
        size_t size = preference_size(prefer, item);
        if (size == 13 && strncasecmp(prefer, "respond-async", 13) == 0)
            return 0;
        if (wait < 0) /* the first one counts */
            wait = wait_of(prefer, size);
        prefer += item;
    }
    return wait < 0 ? otherwise : SECONDS(wait);
}

bool
operation_key_ok(const char *key)
{
    size_t size = strlen(key);

    for (size_t i = 0; i < size; i++)
        if (key[i] <= ' ' || key[i] > '~')
            return false;
    return size > 0 && size <= OPERATION_KEY_MAX;
}

void
operation_hash(const struct http_request *request, const void *body,
               size_t size, uint8_t ret_hash[SEAL_DIGEST])
{
    operation_hash_of(request->method, request->path,
                      http_header_list(request, "If-Match"), body, size,
                      ret_hash);
}

void
operation_hash_of(const char *method, const char *path, const char *if_match,
                  const void *body, size_t size, uint8_t ret_hash[SEAL_DIGEST])
{
    struct bytes text = {0};

    bytes_add_text(&text, method);
    bytes_add_char(&text, ' ');
    bytes_add_text(&text, path);
    bytes_add_char(&text, '\n');
    if (if_match != NULL)
        bytes_printf(&text, "If-Match: %s\n", if_match);
    bytes_add(&text, body, size);
    seal_digest(text.data, text.size, ret_hash);
    bytes_free(&text);
}
