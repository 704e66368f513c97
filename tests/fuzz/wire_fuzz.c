/* Fuzzer of the door for messages: wire_check() must not read past the bytes,
 * and a message that it accepts must unpack without harm, pack again, and pass
 * again. The first byte picks the message type. Run by `make fuzz`; started
 * from the golden messages. */
#include <protobuf-c/protobuf-c.h>

#include "chassis/base/wire.h"

#include "contract_descriptors.h"

#include "tests/fuzz/fuzz.h"

static void
pack_again(const ProtobufCMessageDescriptor *type, ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = malloc(size > 0 ? size : 1);

    insist(bytes != NULL);
    insist(protobuf_c_message_pack(message, bytes) == size);
    insist(wire_check(type, bytes, size, NULL) == WIRE_OK);
    free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const ProtobufCMessageDescriptor *type;
    ProtobufCMessage *message = NULL;
    struct wire_fault fault = {.reason = NULL};
    enum wire_verdict verdict;

    if (n == 0)
        return 0;
    type = contract_descriptors[data[0] % CONTRACT_DESCRIPTORS];
    verdict = wire_unpack(type, NULL, data + 1, n - 1, &message, &fault);
    if (verdict != WIRE_OK) {
        insist(message == NULL && fault.reason != NULL);
        insist(fault.offset <= n - 1);
        return 0;
    }
    pack_again(type, message);
    protobuf_c_message_free_unpacked(message, NULL);
    return 0;
}
