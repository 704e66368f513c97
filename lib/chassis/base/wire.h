/* Checks every message from outside before it is unpacked.
 *
 * protobuf-c follows any depth of nesting, keeps megabytes of unknown fields
 * and accepts NUL, bad UTF-8 and unknown enum numbers. So the bytes are first
 * compared with the descriptor, without allocating, and only sound messages are
 * unpacked. Called by the lane (inputs), the gateway's followers and the
 * fuzzer; no other file calls protobuf_c_message_unpack(). Serves lane rule 10:
 * messages of a newer build are told apart from rubbish. Also has small
 * functions to fill, write or read a message.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "attributes.h"

enum wire_limit {
    WIRE_MAX_BYTES = 256 * 1024, /* a whole message */
    WIRE_MAX_STRING = 64 * 1024, /* one string or bytes field */
    WIRE_MAX_DEPTH = 8,          /* the message itself is depth 1 */
    WIRE_MAX_ELEMENTS = 10000,   /* repeated elements, all fields together */
    WIRE_MAX_UNKNOWN_BYTES = 4 * 1024 /* unknown fields, all together */
};

enum wire_verdict {
    WIRE_OK,        /* sound, and every part of it is known here */
    WIRE_NEW_VALUE, /* all fields are known; only an enum number is not */
    WIRE_UNKNOWN,   /* sound, but of a newer build: park it */
    WIRE_BAD,       /* rubbish, or larger than any of ours: dead letter */
};

/* A fault and its place, for the log and the dlq; all texts are static. */
struct wire_fault {
    const char *reason;  /* stable word, e.g. "bad_utf8"; see wire.c */
    const char *message; /* name of the message type it lies in */
    const char *field;   /* name of the field; "" if it has none here */
    uint32_t number;     /* field number; 0 if it was not read */
    size_t offset;       /* of the field's first byte */
};

/* Walks bytes[0…n) as a message of type `type`. ret_fault (may be NULL) is
 * filled unless the answer is WIRE_OK, with the first fault of that kind.
 * Stricter than protobuf in two points, because our encoders never do it: a
 * singular field or oneof given twice is bad, and so is a 32-bit value that
 * does not fit into 32 bits. */
enum wire_verdict wire_check(const ProtobufCMessageDescriptor *type,
                             const uint8_t *bytes, size_t n,
                             struct wire_fault *ret_fault) WARN_UNUSED;

/* A text as member of a generated message, which takes `char *` but never
 * writes to it. NULL gives "". */
char *wire_member(const char *text) WARN_UNUSED;

/* Writes the message as field 1 … 15 of another: tag, length, content. Returns
 * the size, at most that of wire_field_room(). Parts of a message may be
 * written one after the other. */
size_t wire_field_room(const ProtobufCMessage *message);
size_t wire_put_field(uint8_t *data, unsigned field,
                      const ProtobufCMessage *message);

/* `value`, or 0 (UNSPECIFIED) when the enum has no such number here. */
int32_t wire_known(const ProtobufCEnumDescriptor *type, int value) WARN_UNUSED;

/* wire_check(), then unpacks with `allocator` (arena_protobuf(), or NULL for
 * malloc: then the caller frees) if the verdict is at most `most`: WIRE_OK, or
 * WIRE_NEW_VALUE for a caller that can treat unknown numbers. Sets ret_message
 * on those verdicts only. */
enum wire_verdict wire_unpack_up_to(enum wire_verdict most,
                                    const ProtobufCMessageDescriptor *type,
                                    ProtobufCAllocator *allocator,
                                    const uint8_t *bytes, size_t n,
                                    ProtobufCMessage **ret_message,
                                    struct wire_fault *ret_fault) WARN_UNUSED;

/* The same with WIRE_OK. */
enum wire_verdict wire_unpack(const ProtobufCMessageDescriptor *type,
                              ProtobufCAllocator *allocator,
                              const uint8_t *bytes, size_t n,
                              ProtobufCMessage **ret_message,
                              struct wire_fault *ret_fault) WARN_UNUSED;
