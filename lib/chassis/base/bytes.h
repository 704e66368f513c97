/* A growing buffer of bytes: parameters of queries, JSON, wire output.
 *
 * Lives in its owner and is reused (bytes_clear keeps the memory). Like the
 * arena it never fails: without memory the process ends.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

struct bytes {
    char *data;      /* not NUL-terminated unless bytes_text() was asked */
    size_t size;     /* bytes in use */
    size_t capacity; /* bytes allocated */
};

void bytes_free(struct bytes *bytes);
void bytes_clear(struct bytes *bytes);
/* Makes room for `more` bytes after the end and returns their place. */
char *bytes_reserve(struct bytes *bytes, size_t more);
void bytes_add(struct bytes *bytes, const void *data, size_t size);
void bytes_add_text(struct bytes *bytes, const char *text);
void bytes_add_char(struct bytes *bytes, char c);
void bytes_printf(struct bytes *bytes, const char *format, ...)
    PRINTF_LIKE(2, 3);
void bytes_add_be16(struct bytes *bytes, int16_t value);
void bytes_add_be32(struct bytes *bytes, int32_t value);
void bytes_add_be64(struct bytes *bytes, int64_t value);
/* A JSON string in quotes, escaped; NULL gives null. Input is valid UTF-8. */
void bytes_add_json(struct bytes *bytes, const char *text);
/* One byte of a JSON string, escaped if necessary; returns the number of bytes
 * written. Bytes above 0x7f are not changed. */
enum { JSON_ESCAPE_MAX = 6 };
size_t json_escape(char c, char ret_text[JSON_ESCAPE_MAX]);
/* The content as a NUL-terminated text, valid until the next change. */
const char *bytes_text(struct bytes *bytes);
