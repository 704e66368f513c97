/* encoding.c: see encoding.h. Called by the import's dry run and for the files
 * of code tables. Without a byte order mark, the encoding that leaves fewer
 * broken bytes is taken: Chinese text in CP950 is practically never well-formed
 * UTF-8, nor the other way round. Replaces broken bytes and repairs nothing
 * else. */
#include "gateway/imports/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "rules/utf8.h"

enum { REPLACEMENT = 0xFFFD };

static const char mark_8[] = "\xEF\xBB\xBF";
static const char mark_16_little[] = "\xFF\xFE";
static const char mark_16_big[] = "\xFE\xFF";

/* A text being decoded: `at` to `end` is the room that is left. Without data,
 * only the broken bytes are counted. */
struct output {
    char *data, *at, *end;
    size_t broken, broken_max;
};

static size_t
broken_limit(size_t size)
{
    return 16 + size / 100;
}

/* Two bytes become at most three; a broken byte becomes three. */
static struct output
output_new(struct arena *arena, size_t size)
{
    struct output out = {.broken_max = broken_limit(size)};
    size_t room = size + size / 2 + 3 * out.broken_max + 4;

    out.data = out.at = arena_alloc(arena, room + 1);
    out.end = out.data + room;
    return out;
}

static void
put(struct output *out, uint32_t code)
{
    if (out->data != NULL)
        out->at += utf8_put(code, out->at, (size_t)(out->end - out->at));
}

/* False: there are too many. */
static bool
put_broken(struct output *out)
{
    if (out->broken == out->broken_max)
        return false;
    out->broken++;
    put(out, REPLACEMENT);
    return true;
}

static struct text
output_text(const struct output *out, const char *encoding)
{
    return (struct text){out->data, (size_t)(out->at - out->data), encoding};
}

static bool
starts(const char *bytes, size_t size, const char *mark, size_t length)
{
    return size >= length && memcmp(bytes, mark, length) == 0;
}

/* --- UTF-8 -------------------------------------------------------------- */

static bool
decode_8(struct output *out, const char *bytes, size_t size)
{
    struct utf8_cursor cursor = {bytes, bytes + size};
    uint32_t code;

    while (cursor.at < cursor.end) {
        if (utf8_next(&cursor, &code))
            put(out, code);
        else if (put_broken(out))
            cursor.at++;
        else
            return false;
    }
    return true;
}

/* --- UTF-16 ------------------------------------------------------------- */

static uint32_t
unit_at(const char *at, bool big)
{
    const unsigned char *two = (const unsigned char *)at;

    return big ? (uint32_t)(two[0] << 8 | two[1])
               : (uint32_t)(two[1] << 8 | two[0]);
}

static bool
is_high(uint32_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool
is_low(uint32_t unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

static bool
decode_16(struct output *out, const char *at, size_t size, bool big)
{
    const char *end = at + size;

    while (at < end) {
        uint32_t unit = end - at >= 2 ? unit_at(at, big) : 0xDC00;
        uint32_t next = end - at >= 4 ? unit_at(at + 2, big) : 0;
        bool pair = is_high(unit) && is_low(next);
        if (unit == 0)
            return false;
        if (pair)
            put(out, 0x10000 + ((unit - 0xD800) << 10) + (next - 0xDC00));
        else if (!is_high(unit) && !is_low(unit))
            put(out, unit);
        else if (!put_broken(out))
            return false;
        at += pair ? 4 : 2;
    }
    return true;
}

/* --- CP950 -------------------------------------------------------------- */

/* Windows' places for characters that users drew themselves; iconv knows only
 * those from 0xC6A1 on. */
static const struct {
    unsigned char first, last; /* lead bytes */
    uint32_t code;
} private_rows[] = {
    {0xFA, 0xFE, 0xE000},
    {0x8E, 0xA0, 0xE311},
    {0x81, 0x8D, 0xEEB8},
};

enum { CELLS_OF_ROW = 157, LOW_TRAILS = 63 };

static bool
is_trail(unsigned char byte)
{
    return (byte >= 0x40 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xFE);
}

/* 0: not in a private row. */
static uint32_t
private_code(unsigned char lead, unsigned char trail)
{
    uint32_t cell = trail >= 0xA1 ? trail - 0xA1u + LOW_TRAILS : trail - 0x40u;

    for (size_t i = 0; i < COUNT_OF(private_rows); i++)
        if (lead >= private_rows[i].first && lead <= private_rows[i].last)
            return private_rows[i].code +
                   CELLS_OF_ROW * (uint32_t)(lead - private_rows[i].first) +
                   cell;
    return 0;
}

/* Decodes the bytes at which iconv stopped. False: too many broken ones. A lead
 * byte without its trail is broken alone, so the comma or line end after it
 * counts. */
static bool
decode_stray(struct output *out, char **in, size_t *left)
{
    const unsigned char *two = (const unsigned char *)*in;
    bool pair =
        *left >= 2 && two[0] > 0x80 && two[0] < 0xFF && is_trail(two[1]);
    uint32_t code = pair ? private_code(two[0], two[1]) : 0;

    *in += pair ? 2 : 1;
    *left -= pair ? 2 : 1;
    if (code == 0)
        return put_broken(out);
    put(out, code);
    return true;
}

static bool
decode_950(struct output *out, char *bytes, size_t size)
{
    iconv_t converter = iconv_open("UTF-8", "CP950");
    bool sound = converter != (iconv_t)-1;

    while (sound && size > 0) {
        size_t room = (size_t)(out->end - out->at);
        if (iconv(converter, &bytes, &size, &out->at, &room) != (size_t)-1)
            break;
        sound = errno != E2BIG && decode_stray(out, &bytes, &size);
    }
    if (converter != (iconv_t)-1)
        iconv_close(converter);
    return sound;
}

/* --- which one ---------------------------------------------------------- */

static bool
decode_marked(struct arena *arena, const char *bytes, size_t size,
              struct text *ret_text)
{
    struct output out = output_new(arena, size);
    bool sound = decode_8(&out, bytes, size);

    *ret_text = output_text(&out, "UTF-8");
    return sound;
}

static bool
decode_unmarked(struct arena *arena, const char *bytes, size_t size,
                struct text *ret_text)
{
    struct output counted = {.broken_max = broken_limit(size)};
    bool is_8 = decode_8(&counted, bytes, size);

    if (is_8 && counted.broken == 0)
        return decode_marked(arena, bytes, size, ret_text);
    struct output out = output_new(arena, size);
    if (decode_950(&out, (char *)(uintptr_t)bytes, size) &&
        (!is_8 || out.broken <= counted.broken)) {
        *ret_text = output_text(&out, "CP950");
        return true;
    }
    return is_8 && decode_marked(arena, bytes, size, ret_text);
}

bool
text_decode(struct arena *arena, const void *bytes, size_t size,
            struct text *ret_text)
{
    const char *from = size > 0 ? bytes : ""; /* no body: a NULL pointer */
    bool little = starts(from, size, mark_16_little, 2);

    if (little || starts(from, size, mark_16_big, 2)) {
        struct output out = output_new(arena, size);
        bool sound = decode_16(&out, from + 2, size - 2, !little);
        *ret_text = output_text(&out, "UTF-16");
        return sound;
    }
    if (memchr(from, '\0', size) != NULL)
        return false;
    if (!starts(from, size, mark_8, 3))
        return decode_unmarked(arena, from, size, ret_text);
    return decode_marked(arena, from + 3, size - 3, ret_text);
}

bool
file_is_spreadsheet(const void *bytes, size_t size)
{
    static const char zip[] = "PK\x03\x04";               /* XLSX, ODS */
    static const char ole[] = "\xD0\xCF\x11\xE0\xA1\xB1"; /* XLS */
    const char *from = size > 0 ? bytes : "";

    return starts(from, size, zip, sizeof zip - 1) ||
           starts(from, size, ole, sizeof ole - 1);
}
