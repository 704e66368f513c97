/* The walk of wire.h: one pass over the bytes, no allocation, recursion only
 * into known submessages and never deeper than WIRE_MAX_DEPTH. It decides OK,
 * NEW_VALUE, UNKNOWN or BAD, and ignores what a value means. Reasons given:
 * too_large too_deep too_many bad_tag bad_varint bad_length bad_wire_type
 * bad_range bad_utf8 nul_in_string string_too_long given_twice too_much_unknown
 * unpack_failed unknown_field unknown_enum_value (the last two are WIRE_UNKNOWN
 * and WIRE_NEW_VALUE). */
#include <stdbool.h>
#include <string.h>

#include "chassis/base/wire.h"
#include "chassis/base/wire_text.h"

enum wire_type { VARINT = 0, FIXED64 = 1, SIZED = 2, FIXED32 = 5 };

static const uint8_t wire_types[] = {
    [PROTOBUF_C_TYPE_INT32] = VARINT,     [PROTOBUF_C_TYPE_SINT32] = VARINT,
    [PROTOBUF_C_TYPE_SFIXED32] = FIXED32, [PROTOBUF_C_TYPE_INT64] = VARINT,
    [PROTOBUF_C_TYPE_SINT64] = VARINT,    [PROTOBUF_C_TYPE_SFIXED64] = FIXED64,
    [PROTOBUF_C_TYPE_UINT32] = VARINT,    [PROTOBUF_C_TYPE_FIXED32] = FIXED32,
    [PROTOBUF_C_TYPE_UINT64] = VARINT,    [PROTOBUF_C_TYPE_FIXED64] = FIXED64,
    [PROTOBUF_C_TYPE_FLOAT] = FIXED32,    [PROTOBUF_C_TYPE_DOUBLE] = FIXED64,
    [PROTOBUF_C_TYPE_BOOL] = VARINT,      [PROTOBUF_C_TYPE_ENUM] = VARINT,
    [PROTOBUF_C_TYPE_STRING] = SIZED,     [PROTOBUF_C_TYPE_BYTES] = SIZED,
    [PROTOBUF_C_TYPE_MESSAGE] = SIZED,
};

struct cursor {
    const uint8_t *at, *end;
};

/* One field on the wire. */
struct piece {
    const uint8_t *start; /* its tag */
    uint32_t number;
    enum wire_type type;
    uint64_t value;      /* VARINT */
    struct cursor inner; /* SIZED: the content */
};

struct walk {
    const uint8_t *start;
    const ProtobufCMessageDescriptor *type; /* the innermost message */
    const ProtobufCFieldDescriptor *field;  /* the present field, or NULL */
    uint32_t number;
    const uint8_t *at;
    unsigned depth;
    size_t elements, unknown_bytes;
    enum wire_verdict verdict;
    struct wire_fault fault;
};

/* Notes the fault, unless it has a worse or earlier one. False if bad. */
static bool
note(struct walk *w, enum wire_verdict verdict, const char *reason)
{
    if (verdict > w->verdict) {
        w->verdict = verdict;
        w->fault = (struct wire_fault){
            .reason = reason,
            .message = w->type->name,
            .field = w->field != NULL ? w->field->name : "",
            .number = w->number,
            .offset = (size_t)(w->at - w->start),
        };
    }
    return verdict != WIRE_BAD;
}

/* protobuf-c reads tags and lengths of at most 5 bytes, values of 10. */
static bool
read_varint(struct cursor *c, unsigned max_size, uint64_t *ret_value)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < max_size && c->at < c->end; i++) {
        uint8_t byte = *c->at++;

        if (i == 9 && byte > 1)
            return false;
        value |= (uint64_t)(byte & 0x7f) << (7 * i);
        if ((byte & 0x80) == 0) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

static bool
skip(struct cursor *c, uint64_t size, struct cursor *ret_inner)
{
    if (size > (uint64_t)(c->end - c->at))
        return false;
    *ret_inner = (struct cursor){c->at, c->at + size};
    c->at += size;
    return true;
}

static bool
read_content(struct walk *w, struct cursor *c, struct piece *p)
{
    uint64_t size = 0;

    switch (p->type) {
    case VARINT:
        return read_varint(c, 10, &p->value) || note(w, WIRE_BAD, "bad_varint");
    case FIXED64:
        size = 8;
        break;
    case FIXED32:
        size = 4;
        break;
    case SIZED:
        if (!read_varint(c, 5, &size))
            return note(w, WIRE_BAD, "bad_length");
        break;
    default:
        return note(w, WIRE_BAD, "bad_wire_type");
    }
    return skip(c, size, &p->inner) || note(w, WIRE_BAD, "bad_length");
}

static bool
read_piece(struct walk *w, struct cursor *c, struct piece *p)
{
    uint64_t tag;

    *p = (struct piece){.start = c->at};
    w->at = c->at;
    w->field = NULL;
    w->number = 0;
    if (!read_varint(c, 5, &tag) || tag > UINT32_MAX || tag >> 3 == 0)
        return note(w, WIRE_BAD, "bad_tag");
    p->number = w->number = (uint32_t)(tag >> 3);
    p->type = (enum wire_type)(tag & 7);
    w->field = protobuf_c_message_descriptor_get_field(w->type, p->number);
    return read_content(w, c, p);
}

static bool
check_varint(struct walk *w, uint64_t value)
{
    ProtobufCType type = w->field->type;
    bool is_signed =
        type == PROTOBUF_C_TYPE_INT32 || type == PROTOBUF_C_TYPE_ENUM;
    bool is_unsigned =
        type == PROTOBUF_C_TYPE_UINT32 || type == PROTOBUF_C_TYPE_SINT32;

    if (is_unsigned && value > UINT32_MAX)
        return note(w, WIRE_BAD, "bad_range");
    if (is_signed && (uint64_t)(int64_t)(int32_t)(uint32_t)value != value)
        return note(w, WIRE_BAD, "bad_range");
    if (type == PROTOBUF_C_TYPE_ENUM &&
        protobuf_c_enum_descriptor_get_value(
            w->field->descriptor, (int)(int32_t)(uint32_t)value) == NULL)
        return note(w, WIRE_NEW_VALUE, "unknown_enum_value");
    return true;
}

static bool
check_sized(struct walk *w, const struct cursor *c)
{
    size_t size = (size_t)(c->end - c->at);

    if (size > WIRE_MAX_STRING)
        return note(w, WIRE_BAD, "string_too_long");
    if (w->field->type == PROTOBUF_C_TYPE_BYTES)
        return true;
    if (size > 0 && memchr(c->at, 0, size) != NULL)
        return note(w, WIRE_BAD, "nul_in_string");
    return wire_text_valid(c->at, size) || note(w, WIRE_BAD, "bad_utf8");
}

static bool
count_element(struct walk *w)
{
    return ++w->elements <= WIRE_MAX_ELEMENTS || note(w, WIRE_BAD, "too_many");
}

/* A packed run: many values in one SIZED piece. */
static bool
check_packed(struct walk *w, struct cursor c)
{
    struct piece p = {.type = (enum wire_type)wire_types[w->field->type]};

    while (c.at < c.end) {
        if (!count_element(w) || !read_content(w, &c, &p))
            return false;
        if (p.type == VARINT && !check_varint(w, p.value))
            return false;
    }
    return true;
}

static bool check_message(struct walk *w,
                          const ProtobufCMessageDescriptor *type,
                          struct cursor c);

static bool
check_known(struct walk *w, const struct piece *p)
{
    uint8_t expected = wire_types[w->field->type];
    bool repeated = w->field->label == PROTOBUF_C_LABEL_REPEATED;

    if (repeated && p->type == SIZED && expected != SIZED)
        return check_packed(w, p->inner);
    if (p->type != (enum wire_type)expected)
        return note(w, WIRE_BAD, "bad_wire_type");
    if (repeated && !count_element(w))
        return false;
    if (expected == VARINT)
        return check_varint(w, p->value);
    if (w->field->type == PROTOBUF_C_TYPE_MESSAGE)
        return check_message(w, w->field->descriptor, p->inner);
    return expected != SIZED || check_sized(w, &p->inner);
}

/* The bit of a singular field in the set of those already seen; members of one
 * oneof share the bit of the first. There is no bit after the first 64 fields:
 * there protobuf-c takes the last value. */
static uint64_t
place_of(const ProtobufCMessageDescriptor *type,
         const ProtobufCFieldDescriptor *field)
{
    size_t place = (size_t)(field - type->fields);

    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return 0;
    for (size_t i = 0; i < place && field->quantifier_offset != 0; i++)
        if (type->fields[i].quantifier_offset == field->quantifier_offset)
            place = i;
    return place < 64 ? UINT64_C(1) << place : 0;
}

static bool
check_unknown(struct walk *w, size_t size)
{
    w->unknown_bytes += size;
    if (w->unknown_bytes > WIRE_MAX_UNKNOWN_BYTES)
        return note(w, WIRE_BAD, "too_much_unknown");
    return note(w, WIRE_UNKNOWN, "unknown_field");
}

static bool
check_fields(struct walk *w, struct cursor c)
{
    uint64_t seen = 0;
    struct piece p;

    while (c.at < c.end) {
        if (!read_piece(w, &c, &p))
            return false;
        if (w->field == NULL) {
            if (!check_unknown(w, (size_t)(c.at - p.start)))
                return false;
            continue;
        }
        uint64_t place = place_of(w->type, w->field);
        if ((seen & place) != 0)
            return note(w, WIRE_BAD, "given_twice");
        seen |= place;
        if (!check_known(w, &p))
            return false;
    }
    return true;
}

static bool
check_message(struct walk *w, const ProtobufCMessageDescriptor *type,
              struct cursor c)
{
    const ProtobufCMessageDescriptor *outer = w->type;

    if (w->depth >= WIRE_MAX_DEPTH)
        return note(w, WIRE_BAD, "too_deep");
    w->depth++;
    w->type = type;
    bool sound = check_fields(w, c);
    w->type = outer;
    w->depth--;
    return sound;
}

enum wire_verdict
wire_check(const ProtobufCMessageDescriptor *type, const uint8_t *bytes,
           size_t n, struct wire_fault *ret_fault)
{
    struct walk w = {.start = bytes, .at = bytes, .type = type};

    if (n > WIRE_MAX_BYTES)
        (void)note(&w, WIRE_BAD, "too_large");
    else if (n > 0)
        (void)check_message(&w, type, (struct cursor){bytes, bytes + n});
    if (w.verdict != WIRE_OK && ret_fault != NULL)
        *ret_fault = w.fault;
    return w.verdict;
}

char *
wire_member(const char *text)
{
    return (char *)(uintptr_t)(text == NULL ? "" : text);
}

int32_t
wire_known(const ProtobufCEnumDescriptor *type, int value)
{
    return protobuf_c_enum_descriptor_get_value(type, value) != NULL ? value
                                                                     : 0;
}

enum wire_verdict
wire_unpack_up_to(enum wire_verdict most,
                  const ProtobufCMessageDescriptor *type,
                  ProtobufCAllocator *allocator, const uint8_t *bytes, size_t n,
                  ProtobufCMessage **ret_message, struct wire_fault *ret_fault)
{
    enum wire_verdict verdict = wire_check(type, bytes, n, ret_fault);
    ProtobufCMessage *message;

    if (verdict > most)
        return verdict;
    message = protobuf_c_message_unpack(type, allocator, n, bytes);
    if (message != NULL) {
        *ret_message = message;
        return verdict;
    }
    if (ret_fault != NULL)
        *ret_fault = (struct wire_fault){
            .reason = "unpack_failed", .message = type->name, .field = ""};
    return WIRE_BAD;
}

enum wire_verdict
wire_unpack(const ProtobufCMessageDescriptor *type,
            ProtobufCAllocator *allocator, const uint8_t *bytes, size_t n,
            ProtobufCMessage **ret_message, struct wire_fault *ret_fault)
{
    return wire_unpack_up_to(WIRE_OK, type, allocator, bytes, n, ret_message,
                             ret_fault);
}
