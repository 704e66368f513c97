/* Writes one field of a message that is put together from parts; see wire.h. */
#include "chassis/base/wire.h"

enum { TAG_SIZE = 1, LENGTH_SIZE = 10, SIZED = 2 /* the wire type */ };

size_t
wire_field_room(const ProtobufCMessage *message)
{
    return TAG_SIZE + LENGTH_SIZE + protobuf_c_message_get_packed_size(message);
}

size_t
wire_put_field(uint8_t *data, unsigned field, const ProtobufCMessage *message)
{
    size_t length = protobuf_c_message_get_packed_size(message);
    size_t at = 0;

    data[at++] = (uint8_t)(field << 3 | SIZED);
    for (; length > 0x7f; length >>= 7) /* seven bits a byte, lowest first */
        data[at++] = (uint8_t)(length | 0x80);
    data[at++] = (uint8_t)length;
    return at + protobuf_c_message_pack(message, data + at);
}
