/* A letter as bytes on the wire: RFC 5322 headers, MIME, base64. Pure.
 *
 * Called by the mail thread. Encoded words are cut between characters, never
 * inside one, and no value can add a header: control characters are dropped.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "chassis/base/clock.h"

#include "gateway/mail/mail.h"

enum {
    LINE = 76,
    WORD_BYTES = 45, /* of text in one encoded word: 60 characters of base64 */
};

static const char base64_signs[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void
add_group(struct bytes *out, const uint8_t *data, size_t size)
{
    uint32_t bits = (uint32_t)data[0] << 16;

    if (size > 1)
        bits |= (uint32_t)data[1] << 8;
    if (size > 2)
        bits |= data[2];
    bytes_add_char(out, base64_signs[bits >> 18 & 63]);
    bytes_add_char(out, base64_signs[bits >> 12 & 63]);
    bytes_add_char(out, size > 1 ? base64_signs[bits >> 6 & 63] : '=');
    bytes_add_char(out, size > 2 ? base64_signs[bits & 63] : '=');
}

static void
add_base64(struct bytes *out, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i += 3)
        add_group(out, data + i, size - i < 3 ? size - i : 3);
}

void
mime_base64(struct bytes *out, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    const size_t step = LINE / 4 * 3;

    for (size_t i = 0; i < size; i += step) {
        add_base64(out, bytes + i, size - i < step ? size - i : step);
        bytes_add_text(out, "\r\n");
    }
}

static bool
is_plain(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~')
            return false;
    }
    return true;
}

/* Bytes of the longest prefix that fits and ends between characters. */
static size_t
prefix(const char *text, size_t room)
{
    size_t size = strlen(text);

    if (size <= room)
        return size;
    while (room > 0 && ((unsigned char)text[room] & 0xc0) == 0x80)
        room--;
    return room;
}

static void
add_words(struct bytes *out, const char *text, size_t used)
{
    size_t room = WORD_BYTES > used ? WORD_BYTES - used : WORD_BYTES;

    while (*text != '\0') {
        size_t size = prefix(text, room);
        if (size == 0)
            return; /* not UTF-8 */
        bytes_add_text(out, "=?UTF-8?B?");
        add_base64(out, (const uint8_t *)text, size);
        bytes_add_text(out, "?=");
        text += size;
        if (*text != '\0')
            bytes_add_text(out, "\r\n ");
        room = WORD_BYTES;
    }
}

void
mime_header(struct bytes *out, const char *text, size_t used)
{
    struct bytes clean = {0};

    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c >= ' ' && *c != 0x7f)
            bytes_add_char(&clean, *c);
    }
    const char *value = bytes_text(&clean);
    if (is_plain(value) && used + strlen(value) <= LINE)
        bytes_add_text(out, value);
    else
        add_words(out, value, used);
    bytes_free(&clean);
}

static void
add_header(struct bytes *out, const char *name, const char *value)
{
    bytes_printf(out, "%s: ", name);
    mime_header(out, value, strlen(name) + 2);
    bytes_add_text(out, "\r\n");
}

/* An address is ASCII by its form; other bytes are dropped. */
static void
add_address(struct bytes *out, const char *name, const char *address)
{
    bytes_printf(out, "%s: <", name);
    for (; *address != '\0'; address++) {
        if (*address > ' ' && *address <= '~' && *address != '<' &&
            *address != '>')
            bytes_add_char(out, *address);
    }
    bytes_add_text(out, ">\r\n");
}

static void
add_date(struct bytes *out, int64_t at)
{
    time_t seconds = (time_t)(at / SECONDS(1));
    struct tm utc;
    char text[40];

    gmtime_r(&seconds, &utc);
    strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", &utc);
    bytes_printf(out, "Date: %s\r\n", text);
}

void
mail_message(const struct mail_letter *letter, const char *from, const char *id,
             int64_t at, struct bytes *out)
{
    const char *domain = strchr(from, '@');
    struct bytes text = {0};

    add_date(out, at);
    add_address(out, "From", from);
    add_address(out, "To", letter->to);
    bytes_printf(out, "Message-ID: <%s@%s>\r\n", id,
                 domain != NULL ? domain + 1 : "localhost");
    add_header(out, "Subject", mail_subject(letter->purpose));
    bytes_add_text(out, "MIME-Version: 1.0\r\n"
                        "Auto-Submitted: auto-generated\r\n"
                        "Content-Type: text/plain; charset=UTF-8\r\n"
                        "Content-Transfer-Encoding: base64\r\n\r\n");
    mail_text(letter, &text);
    mime_base64(out, text.data, text.size);
    bytes_free(&text);
}
