/* words_agree.h: a table of words against the enum of the contracts whose
 * numbers and names it must have. Used by tests of every table of words. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "rules/word.h"

/* Fails at the first number or name that only one of both has. UNSPECIFIED (0)
 * is not compared: no table of the rules has it. */
void assert_words_agree(const struct words *words,
                        const ProtobufCEnumDescriptor *contract);
