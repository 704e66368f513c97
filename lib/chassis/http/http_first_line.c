/* Reads the first request line of a connection, before the library sees it.
 *
 * Called again whenever more bytes have come. The library would answer a line
 * it cannot read with a page of its own, at a moment when the connection is
 * unknown. Checks the shape only: a token, a target, a version; the gate checks
 * the rest. Pure.
 */
#include <string.h>

#include "chassis/http/http_internal.h"

static bool
is_method_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* "HTTP/1.0", "HTTP/1.1"; a later 1.x is read as 1.1. */
static const char *
check_version(const char *text, size_t size)
{
    if (size != 8 || memcmp(text, "HTTP/", 5) != 0 || text[6] != '.' ||
        text[5] < '0' || text[5] > '9' || text[7] < '0' || text[7] > '9')
        return "BAD_FRAMING";
    if (text[5] != '1')
        return "HTTP_VERSION_UNKNOWN";
    return NULL;
}

/* A whole line without its end. */
static const char *
check_line(const char *line, size_t size)
{
    const char *end = line + size;
    const char *target = memchr(line, ' ', size);
    if (target == NULL)
        return "BAD_FRAMING";
    target++;
    const char *blank = memchr(target, ' ', (size_t)(end - target));
    if (blank == NULL || blank == target)
        return "BAD_FRAMING";
    return check_version(blank + 1, (size_t)(end - blank) - 1);
}

const char *
first_line_check(const char *bytes, size_t size, bool *ret_whole)
{
    *ret_whole = false;
    /* An empty line before a request is allowed. */
    if (size >= 2 && memcmp(bytes, "\r\n", 2) == 0) {
        bytes += 2;
        size -= 2;
    } else if (size == 1 && bytes[0] == '\r') {
        return NULL;
    }
    if (size == 0)
        return NULL;

    size_t method = 0;
    while (method < size && is_method_char(bytes[method]))
        method++;
    if (method < size && (method == 0 || bytes[method] != ' '))
        return "BAD_FRAMING";
    const char *end = memchr(bytes, '\n', size);
    if (end == NULL)
        return size < FIRST_LINE_ROOM - 2 ? NULL : "URI_TOO_LONG";
    if (end == bytes || end[-1] != '\r')
        return "BAD_FRAMING";
    const char *code = check_line(bytes, (size_t)(end - bytes) - 1);
    *ret_whole = code == NULL;
    return code;
}
