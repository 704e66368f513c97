/* wire_check() against every limit from both sides, every kind of damage, and
 * the difference between rubbish and a newer build (lane rule 10). The
 * contracts have no recursive message and no packed numbers, so a type made by
 * hand (odd_message.h) stands in for them; it is only walked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <protobuf-c/protobuf-c.h>

#include "chassis/base/wire_text.h"
#include "chassis/base/wire.h"

#include "inservice/account/v1/commands.pb-c.h"
#include "inservice/common/v1/order.pb-c.h"
#include "inservice/common/v1/outcome.pb-c.h"

#include "odd_message.h"

#define ORDER   (&inservice__common__v1__order__descriptor)
#define ACTOR   (&inservice__common__v1__actor__descriptor)
#define OUTCOME (&inservice__common__v1__outcome__descriptor)
#define REFUSED (&inservice__common__v1__refused__descriptor)
#define ENABLE  (&inservice__account__v1__enable_business_account__descriptor)

/* --- bytes to feed ------------------------------------------------------ */

struct feed {
    uint8_t *bytes;
    size_t n;
};

static struct feed
feed_of(size_t n, uint8_t fill)
{
    struct feed feed = {malloc(n > 0 ? n : 1), n};

    assert_non_null(feed.bytes);
    memset(feed.bytes, fill, n);
    return feed;
}

/* A SIZED field `tag` whose content is n times `fill`, n ≥ 128: tag, length of
 * three bytes, content. */
static struct feed
sized_feed(uint8_t tag, size_t n, uint8_t fill)
{
    struct feed feed = feed_of(n + 4, fill);

    feed.bytes[0] = tag;
    feed.bytes[1] = (uint8_t)(0x80 | (n & 0x7f));
    feed.bytes[2] = (uint8_t)(0x80 | ((n >> 7) & 0x7f));
    feed.bytes[3] = (uint8_t)(n >> 14);
    return feed;
}

/* `count` times the `size` bytes of `unit`. */
static struct feed
repeated_feed(const void *unit, size_t size, size_t count)
{
    struct feed feed = feed_of(size * count, 0);

    for (size_t i = 0; i < count; i++)
        memcpy(feed.bytes + i * size, unit, size);
    return feed;
}

static void
expect_feed(const ProtobufCMessageDescriptor *type, struct feed feed,
            enum wire_verdict verdict, const char *reason)
{
    struct wire_fault fault = {.reason = "none"};
    /* Its own allocation, exactly as long: ASan sees every byte too far. */
    uint8_t *exact = malloc(feed.n > 0 ? feed.n : 1);

    assert_non_null(exact);
    if (feed.n > 0)
        memcpy(exact, feed.bytes, feed.n);
    assert_int_equal(wire_check(type, exact, feed.n, &fault), verdict);
    assert_string_equal(fault.reason, reason);
    free(exact);
}

static void
expect_and_free(const ProtobufCMessageDescriptor *type, struct feed feed,
                enum wire_verdict verdict, const char *reason)
{
    expect_feed(type, feed, verdict, reason);
    free(feed.bytes);
}

static void
expect_bytes(const ProtobufCMessageDescriptor *type, const char *bytes,
             size_t n, enum wire_verdict verdict, const char *reason)
{
    struct feed feed = feed_of(n, 0);

    memcpy(feed.bytes, bytes, n);
    expect_and_free(type, feed, verdict, reason);
}

/* Bytes as a string literal, NULs included. */
#define EXPECT(type, literal, verdict, reason)                                 \
    expect_bytes(type, literal, sizeof(literal) - 1, verdict, reason)
#define BAD(type, literal, reason) EXPECT(type, literal, WIRE_BAD, reason)
#define FINE(type, literal)        EXPECT(type, literal, WIRE_OK, "none")

/* --- the tests ---------------------------------------------------------- */

static void
a_sound_message_passes_and_unpacks(void **state)
{
    Inservice__Account__V1__EnableBusinessAccount enable;
    Inservice__Common__V1__Order order;
    char login[] = "wang", unit[] = "臺北市立一", command[] = "c1";
    char *units[] = {unit, login};
    uint8_t bytes[256];
    ProtobufCMessage *back = NULL;

    (void)state;
    inservice__common__v1__order__init(&order);
    inservice__account__v1__enable_business_account__init(&enable);
    order.command_id = command;
    order.expected_version_presence_case =
        INSERVICE__COMMON__V1__ORDER__EXPECTED_VERSION_PRESENCE_EXPECTED_VERSION;
    order.expected_version = -1;
    enable.order = &order;
    enable.login = login;
    enable.role = INSERVICE__COMMON__V1__ROLE__ROLE_OPERATOR;
    enable.n_teacher_organizations = 2;
    enable.teacher_organizations = units;
    size_t n = protobuf_c_message_pack(&enable.base, bytes);
    assert_int_equal(wire_unpack(ENABLE, NULL, bytes, n, &back, NULL), WIRE_OK);
    Inservice__Account__V1__EnableBusinessAccount *read = (void *)back;
    assert_string_equal(read->teacher_organizations[0], unit);
    assert_int_equal(read->order->expected_version, -1);
    protobuf_c_message_free_unpacked(back, NULL);
}

static void
an_empty_message_is_sound(void **state)
{
    ProtobufCMessage *back = NULL;

    (void)state;
    assert_int_equal(wire_check(ORDER, NULL, 0, NULL), WIRE_OK);
    assert_int_equal(wire_unpack(ORDER, NULL, NULL, 0, &back, NULL), WIRE_OK);
    protobuf_c_message_free_unpacked(back, NULL);
}

static void
rubbish_is_not_unpacked(void **state)
{
    ProtobufCMessage *back = NULL;
    struct wire_fault fault;

    (void)state;
    assert_int_equal(wire_unpack(ORDER, NULL, (const uint8_t *)"\x0a\x02xy\x0a",
                                 5, &back, &fault),
                     WIRE_BAD);
    assert_null(back);
    assert_string_equal(fault.message, "inservice.common.v1.Order");
    assert_int_equal(fault.offset, 4);
    assert_int_equal(
        wire_unpack(ORDER, NULL, (const uint8_t *)"\x7a\x00", 2, &back, &fault),
        WIRE_UNKNOWN);
    assert_null(back);
}

static void
every_cut_of_a_message_is_noticed_or_sound(void **state)
{
    /* order{command_id "ab", actor{account_id "c"}}, account_id "de" */
    static const char whole[] = "\x0a\x09\x0a\x02"
                                "ab\x22\x03\x0a\x01"
                                "c\x12\x02"
                                "de";

    (void)state;
    for (size_t n = 1; n < sizeof(whole) - 1; n++) {
        bool between_fields = n == 11;

        expect_bytes(ENABLE, whole, n, between_fields ? WIRE_OK : WIRE_BAD,
                     between_fields ? "none" : "bad_length");
    }
    expect_bytes(ENABLE, whole, sizeof(whole) - 1, WIRE_OK, "none");
}

static void
tags_are_read_strictly(void **state)
{
    (void)state;
    BAD(ORDER, "\x00\x01", "bad_tag");                     /* number 0 */
    BAD(ORDER, "\x80", "bad_tag");                         /* cut */
    BAD(ORDER, "\x8a\x80\x80\x80\x80\x00\x00", "bad_tag"); /* six bytes */
    BAD(ORDER, "\x8a\x80\x80\x80\x10\x00", "bad_tag");     /* above 2^32 */
    BAD(ORDER, "\x0b\x0c", "bad_wire_type");               /* group */
    BAD(ORDER, "\x0c", "bad_wire_type");
    BAD(ORDER, "\x0e\x00", "bad_wire_type");
    BAD(ORDER, "\x0f\x00", "bad_wire_type");
    BAD(ORDER, "\x7b\x7c", "bad_wire_type"); /* unknown group, too */
}

static void
wire_types_must_fit_the_field(void **state)
{
    (void)state;
    BAD(ORDER, "\x08\x01", "bad_wire_type");     /* string */
    BAD(ORDER, "\x2a\x01\x01", "bad_wire_type"); /* int64 */
    BAD(ORDER, "\x20\x01", "bad_wire_type");     /* message */
    BAD(ORDER, "\x29\x01\x02\x03\x04\x05\x06\x07\x08", "bad_wire_type");
    BAD(&odd, "\x18\x01", "bad_wire_type");
    BAD(&odd, "\x1a\x01\x01", "bad_wire_type"); /* packed, but singular */
}

static void
lengths_and_varints_end_in_time(void **state)
{
    (void)state;
    BAD(ORDER,
        "\x0a\x05"
        "abcd",
        "bad_length");
    BAD(ORDER, "\x0a\xff\xff\xff\xff\x0f", "bad_length");
    BAD(ORDER, "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "bad_length");
    BAD(ORDER,
        "\x0a\x81\x80\x80\x80\x80\x00"
        "a",
        "bad_length"); /* a length of six bytes */
    BAD(ORDER, "\x28\x80", "bad_varint");
    BAD(ORDER, "\x28\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "bad_varint");
    BAD(ORDER, "\x28\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
        "bad_varint");
    FINE(ORDER, "\x28\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    BAD(&odd, "\x1d\x01\x02\x03", "bad_length");
    FINE(&odd, "\x1d\x01\x02\x03\x04");
}

static void
strings_are_text(void **state)
{
    (void)state;
    FINE(ORDER, "\x0a\x00");
    FINE(ORDER, "\x0a\x03\xe8\x87\xba");
    BAD(ORDER,
        "\x0a\x03"
        "a\0b",
        "nul_in_string");
    BAD(ORDER, "\x0a\x02\xc3\x28", "bad_utf8");
    BAD(ORDER, "\x0a\x02\xc0\x80", "bad_utf8");
    BAD(ORDER, "\x0a\x01\xe8", "bad_utf8");
    FINE(&odd, "\x2a\x03\xff\x00\xc0"); /* bytes may hold anything */
}

static void
utf8_is_that_of_the_standard(void **state)
{
    static const struct {
        const char *bytes;
        bool valid;
    } cases[] = {
        {"", true},
        {"abc", true},
        {"\xc2\x80", true},
        {"\xdf\xbf", true},
        {"\xe0\xa0\x80", true},
        {"\xed\x9f\xbf", true},
        {"\xee\x80\x80", true},
        {"\xf0\x90\x80\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\x80", false},
        {"\xc1\xbf", false},
        {"\xe0\x9f\xbf", false},     /* overlong */
        {"\xed\xa0\x80", false},     /* surrogate */
        {"\xf0\x8f\xbf\xbf", false}, /* overlong */
        {"\xf4\x90\x80\x80", false}, /* above U+10FFFF */
        {"\xf5\x80\x80\x80", false}, /* no lead byte */
        {"\xe8\x87", false},         /* cut */
        {"\xf0\x90\x80", false},     /* cut */
        {"\xf0\x90\x80\x41", false}, /* ends too early */
        {"abc\xff", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(wire_text_valid((const uint8_t *)cases[i].bytes,
                                         strlen(cases[i].bytes)),
                         cases[i].valid);
}

static void
what_a_newer_build_says_is_set_aside(void **state)
{
    (void)state;
    EXPECT(ORDER, "\x78\x01", WIRE_UNKNOWN, "unknown_field");
    EXPECT(ORDER, "\x7a\x02\xff\x00", WIRE_UNKNOWN, "unknown_field");
    EXPECT(ORDER, "\x7d\x01\x02\x03\x04", WIRE_UNKNOWN, "unknown_field");
    EXPECT(ORDER, "\x22\x02\x78\x01", WIRE_UNKNOWN, "unknown_field");
    EXPECT(ACTOR, "\x20\x03", WIRE_OK, "none");
    EXPECT(ACTOR, "\x20\x04", WIRE_NEW_VALUE, "unknown_enum_value");
    EXPECT(ACTOR, "\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
           WIRE_NEW_VALUE, "unknown_enum_value");
    EXPECT(ACTOR, "\x20\x04\x78\x01", WIRE_UNKNOWN, "unknown_field");
    /* Rubbish after it is graver. */
    BAD(ACTOR, "\x20\x04\x0a\x02\xc0\x80", "bad_utf8");
    BAD(ORDER, "\x78\x01\x00", "bad_tag");
}

static void
the_first_unknown_is_the_one_told(void **state)
{
    struct wire_fault fault = {0};
    (void)state;
    const uint8_t *fields = (const uint8_t *)"\x0a\x00\x78\x01\x80\x01\x01";
    assert_int_equal(wire_check(ACTOR, fields, 7, &fault), WIRE_UNKNOWN);
    assert_int_equal(fault.number, 15); /* 16 is after it */
    assert_int_equal(fault.offset, 2);
    const uint8_t *value = (const uint8_t *)"\x0a\x00\x20\x09";
    assert_int_equal(wire_check(ACTOR, value, 4, &fault), WIRE_NEW_VALUE);
    assert_string_equal(fault.reason, "unknown_enum_value");
    assert_string_equal(fault.field, "role");
    assert_int_equal(fault.number, 4);
    assert_int_equal(fault.offset, 2);
}

static void
who_knows_better_takes_a_new_value(void **state)
{
    static const uint8_t value[] = "\x20\x04", field[] = "\x78\x01";
    ProtobufCMessage *back = NULL;

    (void)state;
    assert_int_equal(
        wire_unpack_up_to(WIRE_NEW_VALUE, ACTOR, NULL, field, 2, &back, NULL),
        WIRE_UNKNOWN);
    assert_null(back);
    assert_int_equal(
        wire_unpack_up_to(WIRE_NEW_VALUE, ACTOR, NULL, value, 2, &back, NULL),
        WIRE_NEW_VALUE);
    int role = (int)((Inservice__Common__V1__Actor *)back)->role;
    assert_int_equal(wire_known(&inservice__common__v1__role__descriptor, role),
                     0);
    protobuf_c_message_free_unpacked(back, NULL);
}

static void
numbers_fit_their_width(void **state)
{
    (void)state;
    FINE(ACTOR, "\x28\xff\xff\xff\xff\x0f");             /* uint32 max */
    BAD(ACTOR, "\x28\x80\x80\x80\x80\x10", "bad_range"); /* one more */
    BAD(ACTOR, "\x20\xff\xff\xff\xff\x0f", "bad_range"); /* enum, 2^32-1 */
    BAD(ACTOR, "\x20\x80\x80\x80\x80\x10", "bad_range"); /* enum, 2^32 */
    FINE(&odd, "\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"); /* int32 -1 */
    BAD(&odd, "\x30\x80\x80\x80\x80\x08", "bad_range");         /* 2^31 */
}

static void
a_singular_field_stands_once(void **state)
{
    (void)state;
    BAD(ORDER, "\x0a\x00\x0a\x00", "given_twice");
    BAD(ORDER, "\x22\x00\x22\x00", "given_twice");
    BAD(OUTCOME, "\x22\x00\x2a\x00", "given_twice"); /* done and refused */
    FINE(OUTCOME, "\x2a\x00");
    FINE(REFUSED, "\x1a\x00\x1a\x00"); /* repeated details */
}

static void
nesting_stops_at_eight(void **state)
{
    (void)state;
    /* seven submessages: depth 8 */
    FINE(&odd, "\x0a\x0c\x0a\x0a\x0a\x08\x0a\x06\x0a\x04\x0a\x02\x0a\x00");
    BAD(&odd,
        "\x0a\x0e\x0a\x0c\x0a\x0a\x0a\x08\x0a\x06\x0a\x04\x0a\x02\x0a\x00",
        "too_deep");
}

/* Written from the inside out: each level is a tag and a three-byte length. */
static void
thirty_four_kilobytes_of_nesting_are_refused(void **state)
{
    size_t n = 34 * 1024;
    struct feed feed = feed_of(n, 0);

    (void)state;
    for (size_t at = 0; at + 4 <= n; at += 4) {
        size_t rest = n - at - 4;

        feed.bytes[at] = 0x0a;
        feed.bytes[at + 1] = (uint8_t)(0x80 | (rest & 0x7f));
        feed.bytes[at + 2] = (uint8_t)(0x80 | ((rest >> 7) & 0x7f));
        feed.bytes[at + 3] = (uint8_t)(rest >> 14);
    }
    expect_and_free(&odd, feed, WIRE_BAD, "too_deep");
}

static void
sizes_stop_at_their_limits(void **state)
{
    (void)state;
    expect_and_free(ORDER, sized_feed(0x0a, WIRE_MAX_STRING, 'x'), WIRE_OK,
                    "none");
    expect_and_free(ORDER, sized_feed(0x0a, WIRE_MAX_STRING + 1, 'x'), WIRE_BAD,
                    "string_too_long");
    expect_and_free(&odd, sized_feed(0x2a, WIRE_MAX_STRING + 1, 0xff), WIRE_BAD,
                    "string_too_long");
    expect_and_free(REFUSED,
                    repeated_feed("\x1a\x1e\x0a\x1c"
                                  "0123456789012345678901234567",
                                  32, WIRE_MAX_BYTES / 32),
                    WIRE_OK, "none");
    expect_and_free(REFUSED, feed_of(WIRE_MAX_BYTES + 1, 0), WIRE_BAD,
                    "too_large");
}

static void
two_megabytes_of_unknown_fields_are_refused(void **state)
{
    (void)state;
    expect_and_free(ORDER, repeated_feed("\x78\x01", 2, 1024 * 1024), WIRE_BAD,
                    "too_large");
    expect_and_free(ORDER,
                    repeated_feed("\x78\x01", 2, WIRE_MAX_UNKNOWN_BYTES / 2),
                    WIRE_UNKNOWN, "unknown_field");
    expect_and_free(
        ORDER, repeated_feed("\x78\x01", 2, WIRE_MAX_UNKNOWN_BYTES / 2 + 1),
        WIRE_BAD, "too_much_unknown");
    expect_and_free(ORDER, sized_feed(0x7a, WIRE_MAX_UNKNOWN_BYTES, 'x'),
                    WIRE_BAD, "too_much_unknown");
    /* spread over submessages they are counted together */
    expect_and_free(
        REFUSED,
        repeated_feed("\x1a\x02\x78\x01", 4, WIRE_MAX_UNKNOWN_BYTES / 2 + 1),
        WIRE_BAD, "too_much_unknown");
}

static void
repeated_elements_are_counted(void **state)
{
    struct feed packed = sized_feed(0x12, WIRE_MAX_ELEMENTS, 1);

    (void)state;
    expect_and_free(REFUSED, repeated_feed("\x1a\x00", 2, WIRE_MAX_ELEMENTS),
                    WIRE_OK, "none");
    expect_and_free(REFUSED,
                    repeated_feed("\x1a\x00", 2, WIRE_MAX_ELEMENTS + 1),
                    WIRE_BAD, "too_many");
    expect_and_free(&odd, packed, WIRE_OK, "none");
    expect_and_free(&odd, sized_feed(0x12, WIRE_MAX_ELEMENTS + 1, 1), WIRE_BAD,
                    "too_many");
}

static void
packed_numbers_are_walked(void **state)
{
    (void)state;
    FINE(&odd, "\x12\x00");
    FINE(&odd, "\x12\x03\x01\xff\x01\x10\x05"); /* packed, then one alone */
    BAD(&odd, "\x12\x02\x01\x80", "bad_varint");
    BAD(&odd, "\x12\x05\x80\x80\x80\x80\x10", "bad_range");
    FINE(&odd, "\x22\x08\x01\x02\x03\x04\x05\x06\x07\x08");
    BAD(&odd, "\x22\x07\x01\x02\x03\x04\x05\x06\x07", "bad_length");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_message_passes_and_unpacks),
        cmocka_unit_test(an_empty_message_is_sound),
        cmocka_unit_test(rubbish_is_not_unpacked),
        cmocka_unit_test(every_cut_of_a_message_is_noticed_or_sound),
        cmocka_unit_test(tags_are_read_strictly),
        cmocka_unit_test(wire_types_must_fit_the_field),
        cmocka_unit_test(lengths_and_varints_end_in_time),
        cmocka_unit_test(strings_are_text),
        cmocka_unit_test(utf8_is_that_of_the_standard),
        cmocka_unit_test(what_a_newer_build_says_is_set_aside),
        cmocka_unit_test(the_first_unknown_is_the_one_told),
        cmocka_unit_test(who_knows_better_takes_a_new_value),
        cmocka_unit_test(numbers_fit_their_width),
        cmocka_unit_test(a_singular_field_stands_once),
        cmocka_unit_test(nesting_stops_at_eight),
        cmocka_unit_test(thirty_four_kilobytes_of_nesting_are_refused),
        cmocka_unit_test(sizes_stop_at_their_limits),
        cmocka_unit_test(two_megabytes_of_unknown_fields_are_refused),
        cmocka_unit_test(repeated_elements_are_counted),
        cmocka_unit_test(packed_numbers_are_walked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
