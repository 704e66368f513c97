/* Time and ids: the only file that asks the kernel for time or random bytes.
 *
 * Called by the shell; the pure core gets both with its command. Ids of
 * version 7 carry milliseconds, a fraction of 1/4096 ms, and 62 random bits;
 * the first two together never go back within a process. Derived ids must be
 * the same in every build forever: self-commands and persons depend on them.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include <sodium.h>

#include "attributes.h"
#include "chassis/base/clock.h"

static int64_t
read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return SECONDS(now.tv_sec) + now.tv_nsec / 1000;
}

#ifdef FAILPOINTS
static _Atomic int64_t offset;
static atomic_bool offset_known;

void
clock_shift(int64_t by)
{
    atomic_store(&offset, by);
    atomic_store(&offset_known, true);
}

static int64_t
clock_offset(void)
{
    if (!atomic_load(&offset_known)) {
        const char *seconds = getenv("INSERVICE_CLOCK_OFFSET");
        clock_shift(seconds == NULL ? 0 : SECONDS(strtoll(seconds, NULL, 10)));
    }
    return atomic_load(&offset);
}
#else
static int64_t
clock_offset(void)
{
    return 0;
}
#endif

int64_t
clock_now(void)
{
    return read_clock(CLOCK_REALTIME) + clock_offset();
}

int64_t
clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static char *
put_digits(char *at, int64_t value, int width)
{
    for (int i = width - 1; i >= 0; i--) {
        at[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + width;
}

/* "2026-08-01" from seconds since 1970; years 0000 to 9999. */
static char *
put_day(char *at, const struct tm *tm)
{
    at = put_digits(at, tm->tm_year + 1900, 4);
    *at++ = '-';
    at = put_digits(at, tm->tm_mon + 1, 2);
    *at++ = '-';
    return put_digits(at, tm->tm_mday, 2);
}

/* Splits microseconds into calendar fields and the fraction of a second. */
static int64_t
split(int64_t at, struct tm *ret_tm)
{
    int64_t micros = at % SECONDS(1);
    int64_t seconds = at / SECONDS(1);
    if (micros < 0) {
        micros += SECONDS(1);
        seconds--;
    }
    time_t time = seconds;
    gmtime_r(&time, ret_tm);
    return micros;
}

char *
clock_text(int64_t at, char buffer[28])
{
    struct tm tm;
    int64_t micros = split(at, &tm);

    char *end = put_day(buffer, &tm);
    *end++ = 'T';
    end = put_digits(end, tm.tm_hour, 2);
    *end++ = ':';
    end = put_digits(end, tm.tm_min, 2);
    *end++ = ':';
    end = put_digits(end, tm.tm_sec, 2);
    *end++ = '.';
    end = put_digits(end, micros, 6);
    *end++ = 'Z';
    *end = '\0';
    return buffer;
}

char *
clock_day(int64_t at, char buffer[11])
{
    struct tm tm;
    split(at + SECONDS(8 * 3600), &tm);
    *put_day(buffer, &tm) = '\0';
    return buffer;
}

static void
random_bytes(uint8_t *bytes, size_t size)
{
    ssize_t got = 0;
    do
        got = getrandom(bytes, size, 0);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)size) /* never below 256 bytes */
        abort();
}

static void
stamp(uint8_t bytes[16], unsigned version)
{
    bytes[6] = (uint8_t)((bytes[6] & 0x0f) | version << 4);
    bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
}

/* Milliseconds << 12 | fraction, larger than all before. */
static uint64_t
next_tick(void)
{
    static _Atomic uint64_t last;
    int64_t now = clock_now();
    uint64_t tick =
        (uint64_t)(now / 1000) << 12 | (uint64_t)(now % 1000 * 4096 / 1000);
    uint64_t before = atomic_load(&last);
    uint64_t mine = 0;

    do
        mine = tick > before ? tick : before + 1;
    while (!atomic_compare_exchange_weak(&last, &before, mine));
    return mine;
}

void
uuid_v7(char ret_id[UUID_TEXT])
{
    uint8_t bytes[16];
    uint64_t tick = next_tick();

    for (int i = 0; i < 6; i++)
        bytes[i] = (uint8_t)(tick >> (52 - 8 * i));
    bytes[6] = (uint8_t)(tick >> 8 & 0x0f);
    bytes[7] = (uint8_t)tick;
    random_bytes(bytes + 8, 8);
    stamp(bytes, 7);
    uuid_format(bytes, ret_id);
}

/* Each part goes in after its length: ("ab","c") is not ("a","bc"). */
void
uuid_derive(const char *const *parts, size_t count, char ret_id[UUID_TEXT])
{
    crypto_generichash_state state;
    uint8_t bytes[16];

    crypto_generichash_init(&state, NULL, 0, sizeof(bytes));
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(parts[i]);
        uint8_t length[8];
        for (int k = 0; k < 8; k++)
            length[k] = (uint8_t)((uint64_t)size >> (56 - 8 * k));
        crypto_generichash_update(&state, length, sizeof(length));
        crypto_generichash_update(&state, (const uint8_t *)parts[i], size);
    }
    crypto_generichash_final(&state, bytes, sizeof(bytes));
    stamp(bytes, 8);
    uuid_format(bytes, ret_id);
}

static bool
is_dash(size_t at)
{
    return at == 8 || at == 13 || at == 18 || at == 23;
}

static int
nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

bool
uuid_parse(const char *text, uint8_t ret_bytes[16])
{
    uint8_t bytes[16];
    size_t size = 0;

    if (text == NULL || strnlen(text, UUID_TEXT) != UUID_TEXT - 1)
        return false;
    for (size_t i = 0; i < UUID_TEXT - 1; i++) {
        if (is_dash(i)) {
            if (text[i] != '-')
                return false;
            continue;
        }
        int high = nibble(text[i]);
        int low = nibble(text[++i]);
        if (high < 0 || low < 0)
            return false;
        bytes[size++] = (uint8_t)(high << 4 | low);
    }
    memcpy(ret_bytes, bytes, sizeof(bytes));
    return true;
}

void
uuid_format(const uint8_t bytes[16], char ret_id[UUID_TEXT])
{
    static const char hex[] = "0123456789abcdef";
    char *at = ret_id;

    for (size_t i = 0; i < 16; i++) {
        if (is_dash((size_t)(at - ret_id)))
            *at++ = '-';
        *at++ = hex[bytes[i] >> 4];
        *at++ = hex[bytes[i] & 15];
    }
    *at = '\0';
}
