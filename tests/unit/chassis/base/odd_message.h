/* A message type made by hand, with what the contracts do not have: itself as a
 * part, packed numbers, fixed width. Only walked, never unpacked.
 *
 *     self = 1, packed = 2, fixed = 3, doubles = 4, bytes = 5, small = 6
 */
#pragma once

#include <protobuf-c/protobuf-c.h>

extern const ProtobufCMessageDescriptor odd;
