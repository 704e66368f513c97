/* A growing buffer of bytes; capacity doubles, so adding is cheap.
 *
 * Called by everything that builds query parameters, JSON or wire output.
 * Numbers are in network order (PostgreSQL's binary parameters). Never fails:
 * without memory the process ends with a named event.
 */
#include <endian.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/arena.h"
#include "chassis/base/bytes.h"

enum { BYTES_FIRST = 256 };

void
bytes_free(struct bytes *bytes)
{
    if (bytes == NULL)
        return;
    free(bytes->data);
    *bytes = (struct bytes){0};
}

void
bytes_clear(struct bytes *bytes)
{
    bytes->size = 0;
}

static void
grow(struct bytes *bytes, size_t needed)
{
    size_t capacity = bytes->capacity == 0 ? BYTES_FIRST : bytes->capacity;
    while (capacity < needed && capacity <= SIZE_MAX / 2)
        capacity *= 2;

    char *data = capacity < needed ? NULL : realloc(bytes->data, capacity);
    if (data == NULL)
        out_of_memory(needed);
    bytes->data = data;
    bytes->capacity = capacity;
}

char *
bytes_reserve(struct bytes *bytes, size_t more)
{
    if (more > SIZE_MAX - bytes->size)
        out_of_memory(more);
    if (bytes->data == NULL || bytes->capacity - bytes->size < more)
        grow(bytes, bytes->size + more);
    return bytes->data + bytes->size;
}

void
bytes_add(struct bytes *bytes, const void *data, size_t size)
{
    if (size == 0)
        return;
    memcpy(bytes_reserve(bytes, size), data, size);
    bytes->size += size;
}

void
bytes_add_text(struct bytes *bytes, const char *text)
{
    bytes_add(bytes, text, strlen(text));
}

void
bytes_add_char(struct bytes *bytes, char c)
{
    *bytes_reserve(bytes, 1) = c;
    bytes->size++;
}

void
bytes_printf(struct bytes *bytes, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t size = printed_size(format, args);
    va_end(args);

    char *end = bytes_reserve(bytes, size);
    va_start(args, format);
    vsnprintf(end, size, format, args);
    va_end(args);
    bytes->size += size - 1;
}

void
bytes_add_be16(struct bytes *bytes, int16_t value)
{
    uint16_t wire = htobe16((uint16_t)value);
    bytes_add(bytes, &wire, sizeof(wire));
}

void
bytes_add_be32(struct bytes *bytes, int32_t value)
{
    uint32_t wire = htobe32((uint32_t)value);
    bytes_add(bytes, &wire, sizeof(wire));
}

void
bytes_add_be64(struct bytes *bytes, int64_t value)
{
    uint64_t wire = htobe64((uint64_t)value);
    bytes_add(bytes, &wire, sizeof(wire));
}

size_t
json_escape(char c, char ret_text[JSON_ESCAPE_MAX])
{
    static const char hex[] = "0123456789abcdef";
    static const char short_form[256] = {
        ['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
        ['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't',
    };
    unsigned char byte = (unsigned char)c;

    if (short_form[byte] != 0) {
        ret_text[0] = '\\';
        ret_text[1] = short_form[byte];
        return 2;
    }
    if (byte < 0x20 || byte == 0x7f) {
        memcpy(ret_text, "\\u00", 4);
        ret_text[4] = hex[byte >> 4];
        ret_text[5] = hex[byte & 15];
        return 6;
    }
    ret_text[0] = c;
    return 1;
}

void
bytes_add_json(struct bytes *bytes, const char *text)
{
    if (text == NULL) {
        bytes_add(bytes, "null", 4);
        return;
    }
    bytes_add_char(bytes, '"');
    for (; *text != '\0'; text++) {
        char *end = bytes_reserve(bytes, JSON_ESCAPE_MAX);
        bytes->size += json_escape(*text, end);
    }
    bytes_add_char(bytes, '"');
}

const char *
bytes_text(struct bytes *bytes)
{
    *bytes_reserve(bytes, 1) = '\0';
    return bytes->data;
}
