/* cursor.c: see cursor.h. Called by page.c only. Fields are joined by a unit
 * separator, sealed with the token keys, and written as hexadecimal digits, so
 * that they stand in an address without escaping. Pure except for the nonce. */
#include "gateway/lists/cursor.h"

#include <stdint.h>
#include <string.h>

enum { SEPARATOR = 0x1f };

const char *
cursor_make(struct arena *arena, const struct seal_keys *keys,
            const char *place, const char *const *fields, size_t count)
{
    size_t size = 0;

    for (size_t i = 0; i < count; i++)
        size += strlen(fields[i]) + 1;
    if (2 * (size + SEAL_OVERHEAD) >= CURSOR_TEXT_MAX)
        return NULL;
    char *plain = arena_alloc(arena, size + 1);
    char *end = plain;
    for (size_t i = 0; i < count; i++) {
        end = stpcpy(end, fields[i]);
        *end++ = SEPARATOR;
    }
    uint8_t *sealed = arena_alloc(arena, size + SEAL_OVERHEAD);
    seal_close(keys, place, plain, size, sealed);
    size += SEAL_OVERHEAD;
    return seal_hex(sealed, size, arena_alloc(arena, 2 * size + 1));
}

bool
cursor_read(struct arena *arena, const struct seal_keys *keys,
            const char *place, const char *text, const char **ret_fields,
            size_t count)
{
    size_t length = strlen(text), size = length / 2;
    const char *fields[CURSOR_FIELDS_MAX];

    if (length % 2 != 0 || length >= CURSOR_TEXT_MAX || size <= SEAL_OVERHEAD ||
        count > CURSOR_FIELDS_MAX)
        return false;
    uint8_t *sealed = arena_alloc(arena, size);
    char *plain = arena_alloc(arena, size - SEAL_OVERHEAD + 1);
    if (!seal_unhex(text, size, sealed) ||
        !seal_open(keys, place, sealed, size, (uint8_t *)plain))
        return false;
    for (size_t i = 0; i < count; i++) {
        char *end = strchr(plain, SEPARATOR);
        if (end == NULL)
            return false;
        *end = '\0';
        fields[i] = plain;
        plain = end + 1;
    }
    if (plain[0] != '\0')
        return false;
    memcpy(ret_fields, fields, count * sizeof fields[0]);
    return true;
}
