/* The UTF-8 check of wire_text.h, by the table of RFC 3629, section 4: the lead
 * byte gives the number of bytes and the narrower range of the second one. Runs
 * of ASCII, by far the most common, take a short way.
 */
#include "chassis/base/wire_text.h"

struct lead {
    uint8_t first, last; /* lead bytes of this row */
    uint8_t low, high;   /* range of the second byte */
    uint8_t size;        /* bytes in all */
};

static const struct lead leads[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
    {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
    {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
    {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static const struct lead *
lead_of(uint8_t byte)
{
    for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    return NULL;
}

/* Size of the character at bytes[0]; 0: not a character. */
static size_t
character_size(const uint8_t *bytes, size_t n)
{
    const struct lead *lead = lead_of(bytes[0]);

    if (lead == NULL || n < lead->size)
        return 0;
    if (bytes[1] < lead->low || bytes[1] > lead->high)
        return 0;
    for (size_t i = 2; i < lead->size; i++)
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    return lead->size;
}

bool
wire_text_valid(const uint8_t *bytes, size_t n)
{
    size_t at = 0;

    while (at < n) {
        size_t size = bytes[at] < 0x80 ? 1 : character_size(bytes + at, n - at);

        if (size == 0)
            return false;
        at += size;
    }
    return true;
}
