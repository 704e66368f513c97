/* The door every message from outside passes before it is unpacked.
 *
 * protobuf-c follows nesting without end, keeps unknown fields by the
 * megabyte and lets NUL, bad UTF-8 and unknown enum numbers through. So the
 * bytes are first walked against the descriptor, without allocating, and only
 * what is sound is unpacked. The lane (inputs), the gateway's followers and
 * the fuzzer call this; nobody calls protobuf_c_message_unpack() himself.
 * Serves lane rule 10: what a newer build says is told apart from rubbish. Two
 * small words for who fills or reads a message stand here, too.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "chassis/base/attributes.h"

enum wire_limit {
    WIRE_MAX_BYTES = 256 * 1024, /* a whole message */
    WIRE_MAX_STRING = 64 * 1024, /* one string or bytes field */
    WIRE_MAX_DEPTH = 8,          /* the message itself is depth 1 */
    WIRE_MAX_ELEMENTS = 10000,   /* repeated elements, all fields together */
    WIRE_MAX_UNKNOWN_BYTES = 4 * 1024 /* unknown fields, all together */
};

enum wire_verdict {
    WIRE_OK,        /* sound, and every part of it is known here */
    WIRE_NEW_VALUE, /* as WIRE_UNKNOWN, but for enum numbers all is known */
    WIRE_UNKNOWN,   /* sound, but a newer build wrote it: set it aside */
    WIRE_BAD,       /* rubbish, or larger than any of ours: dead letter */
};

/* What is wrong and where, for the log and the dead letter; all texts static.
 */
struct wire_fault {
    const char *reason;  /* stable word, e.g. "bad_utf8"; see wire.c */
    const char *message; /* name of the message type it lies in */
    const char *field;   /* name of the field; "" if it has none here */
    uint32_t number;     /* field number; 0 if it was not read */
    size_t offset;       /* of the field's first byte */
};

/* Walks bytes[0…n) as a message of type `type`. ret_fault (may be NULL) is
 * filled unless the answer is WIRE_OK, with the first part of that kind.
 * Stricter than protobuf asks in two points, because our encoders never do it:
 * a singular field or oneof given twice is bad, and so is a 32-bit value that
 * does not fit into 32 bits. */
enum wire_verdict wire_check(const ProtobufCMessageDescriptor *type,
                             const uint8_t *bytes, size_t n,
                             struct wire_fault *ret_fault) WARN_UNUSED;

/* A text as member of a generated message, which wants `char *` and writes
 * nothing: const cast away, NULL gives "". */
char *wire_member(const char *text) WARN_UNUSED;

/* `value`, or 0 (UNSPECIFIED) when the enum has no such number here. */
int32_t wire_known(const ProtobufCEnumDescriptor *type, int value) WARN_UNUSED;

/* wire_check(), then unpacking with `allocator` (arena_protobuf(), or NULL for
 * malloc: then the caller frees) what is sound up to `most`: WIRE_OK, or
 * WIRE_NEW_VALUE by a caller who knows what an unknown number stands for.
 * ret_message is set on verdicts up to `most` only. */
enum wire_verdict wire_unpack_up_to(enum wire_verdict most,
                                    const ProtobufCMessageDescriptor *type,
                                    ProtobufCAllocator *allocator,
                                    const uint8_t *bytes, size_t n,
                                    ProtobufCMessage **ret_message,
                                    struct wire_fault *ret_fault) WARN_UNUSED;

/* The same up to WIRE_OK. */
enum wire_verdict wire_unpack(const ProtobufCMessageDescriptor *type,
                              ProtobufCAllocator *allocator,
                              const uint8_t *bytes, size_t n,
                              ProtobufCMessage **ret_message,
                              struct wire_fault *ret_fault) WARN_UNUSED;
