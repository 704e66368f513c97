/* The type of odd_message.h, as protoc-c would write it. */
#include "odd_message.h"

#define ODD_FIELD(name_, id_, label_, type_, sub_)                             \
    {                                                                          \
        .name = name_, .id = id_, .label = PROTOBUF_C_LABEL_##label_,          \
        .type = PROTOBUF_C_TYPE_##type_, .descriptor = sub_                    \
    }

static const ProtobufCFieldDescriptor odd_fields[] = {
    ODD_FIELD("self", 1, NONE, MESSAGE, &odd),
    ODD_FIELD("packed", 2, REPEATED, UINT32, NULL),
    ODD_FIELD("fixed", 3, NONE, FIXED32, NULL),
    ODD_FIELD("doubles", 4, REPEATED, DOUBLE, NULL),
    ODD_FIELD("bytes", 5, NONE, BYTES, NULL),
    ODD_FIELD("small", 6, NONE, INT32, NULL),
};
static const ProtobufCIntRange odd_ranges[] = {{1, 0}, {0, 6}};
const ProtobufCMessageDescriptor odd = {
    .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
    .name = "test.Odd",
    .n_fields = 6,
    .fields = odd_fields,
    .n_field_ranges = 1,
    .field_ranges = odd_ranges,
};
