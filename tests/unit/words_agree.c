/* words_agree.c: see words_agree.h. */
#include "words_agree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Length of what all names of an enum begin with: that of NAME_UNSPECIFIED. */
static size_t
prefix_of(const ProtobufCEnumDescriptor *contract)
{
    const ProtobufCEnumValue *none =
        protobuf_c_enum_descriptor_get_value(contract, 0);

    assert_non_null(none);
    size_t prefix = strlen(none->name) - strlen("UNSPECIFIED");
    assert_string_equal(none->name + prefix, "UNSPECIFIED");
    return prefix;
}

void
assert_words_agree(const struct words *words,
                   const ProtobufCEnumDescriptor *contract)
{
    size_t prefix = prefix_of(contract), known = 0;

    for (unsigned i = 0; i < contract->n_values; i++) {
        const ProtobufCEnumValue *value = &contract->values[i];
        if (value->value == 0)
            continue;
        const char *name = word_name(words, value->value);
        if (name == NULL || strcmp(name, value->name + prefix) != 0)
            fail_msg("%s: %d is %s in the contract, %s in the table",
                     words->title, value->value, value->name + prefix,
                     name == NULL ? "nothing" : name);
    }
    for (size_t i = 0; i < words->count; i++) {
        int value = words->rows[i].value;
        known += value != 0;
        if (!protobuf_c_enum_descriptor_get_value(contract, value))
            fail_msg("%s: the contract has no %d (%s)", words->title, value,
                     words->rows[i].name);
    }
    assert_int_equal(known, contract->n_values - 1);
}
