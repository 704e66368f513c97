/* The contracts as C sees them: every golden message of the golden files passes
 * the wire check, is unpacked and packed again to the very same bytes. Then C
 * fills every message by rules that test_contract.py knows, and writes them to
 * a file for Python to read. Arguments: the lanes of known keys, the golden
 * files, last the file to write. Serves C1-C2 and everybody who reads our
 * topics.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <protobuf-c/protobuf-c.h>

#include "chassis/base/lanes.h"
#include "chassis/base/wire.h"

#include "contract_descriptors.h"

static const char *lanes_path;
static char **golden_files;
static size_t golden_count;
static const char *output_path;

static const ProtobufCMessageDescriptor *
descriptor_of(const char *name)
{
    for (size_t i = 0; i < CONTRACT_DESCRIPTORS; i++)
        if (strcmp(contract_descriptors[i]->name, name) == 0)
            return contract_descriptors[i];
    fail_msg("%s is in a golden file, but in no contract", name);
    return NULL;
}

/* --- golden bytes ------------------------------------------------------- */

static size_t
bytes_of_hex(const char *hex, uint8_t *bytes, size_t max)
{
    size_t n = strlen(hex) / 2;

    assert_true(n <= max);
    for (size_t i = 0; i < n; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};

        bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return n;
}

static void
check_golden(const char *name, const char *hex)
{
    static uint8_t bytes[64 * 1024], again[64 * 1024];
    size_t n = bytes_of_hex(hex, bytes, sizeof(bytes));
    struct wire_fault fault = {.reason = "", .field = ""};
    ProtobufCMessage *message = NULL;

    if (wire_unpack(descriptor_of(name), NULL, bytes, n, &message, &fault) !=
        WIRE_OK)
        fail_msg("%s: %s in %s at %zu", name, fault.reason, fault.field,
                 fault.offset);
    assert_int_equal(protobuf_c_message_get_packed_size(message), n);
    assert_int_equal(protobuf_c_message_pack(message, again), n);
    if (memcmp(bytes, again, n) != 0)
        fail_msg("%s: packed to other bytes", name);
    protobuf_c_message_free_unpacked(message, NULL);
}

/* Number of golden messages in one file. */
static size_t
check_golden_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL, name[128] = "";
    size_t size = 0, count = 0;

    assert_non_null(file);
    while (getline(&line, &size, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "message ", 8) == 0)
            (void)snprintf(name, sizeof(name), "%s", line + 8);
        if (strncmp(line, "hex ", 4) == 0) {
            check_golden(name, line + 4);
            count++;
        }
    }
    free(line);
    assert_int_equal(fclose(file), 0);
    return count;
}

static void
golden_bytes_come_back_the_same(void **state)
{
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < golden_count; i++)
        count += check_golden_file(golden_files[i]);
    assert_true(count >= 2 * CONTRACT_DESCRIPTORS);
}

/* --- lanes -------------------------------------------------------------- */

static void
lane_is(const char *key, int lanes, int lane)
{
    lane_count_set(lanes);
    if (lane_of(key) != lane)
        fail_msg("%s: lane %d of %d, not %d", key, lane_of(key), lanes, lane);
}

static void
known_keys_have_their_lanes(void **state)
{
    FILE *file = fopen(lanes_path, "r");
    char line[256], key[64];
    int of_6, of_24, count = 0;

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#')
            continue;
        assert_int_equal(sscanf(line, "%63s %d %d", key, &of_6, &of_24), 3);
        lane_is(key, 6, of_6);
        lane_is(key, 24, of_24);
        count++;
    }
    assert_int_equal(fclose(file), 0);
    assert_true(count > 10);
}

/* --- messages written by C ---------------------------------------------- */

static void *
taken(size_t size)
{
    void *memory = calloc(1, size);

    assert_non_null(memory);
    return memory;
}

static ProtobufCMessage *filled(const ProtobufCMessageDescriptor *type);

static size_t
element_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_INT64:
        return sizeof(int64_t);
    default:
        return sizeof(int32_t);
    }
}

static int32_t
last_enum_value(const ProtobufCEnumDescriptor *type)
{
    return type->values[type->n_values - 1].value;
}

static void
fill_bytes(ProtobufCBinaryData *place, uint32_t number)
{
    place->len = 3;
    place->data = taken(3);
    place->data[1] = 255;
    place->data[2] = (uint8_t)number;
}

static char *
text_of(uint32_t number)
{
    char *text = taken(32);

    (void)snprintf(text, 32, "值 %u", number);
    return text;
}

static void
fill_value(const ProtobufCFieldDescriptor *field, void *place)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(char **)place = text_of(field->id);
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)place = filled(field->descriptor);
        break;
    case PROTOBUF_C_TYPE_BYTES:
        fill_bytes(place, field->id);
        break;
    case PROTOBUF_C_TYPE_INT64:
        *(int64_t *)place = (int64_t)field->id * 1000003;
        break;
    case PROTOBUF_C_TYPE_UINT32:
        *(uint32_t *)place = field->id * 1003;
        break;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)place = 1;
        break;
    case PROTOBUF_C_TYPE_ENUM:
        *(int32_t *)place = last_enum_value(field->descriptor);
        break;
    default:
        fail_msg("%s: a type the contracts do not use", field->name);
    }
}

/* Members of a oneof overwrite each other: the last one stays, as fields are
 * filled in the order of their numbers. */
static void
fill_field(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    char *base = (char *)message;
    char *place = base + field->offset;

    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t size = element_size(field);
        char *elements = taken(2 * size);

        fill_value(field, elements);
        fill_value(field, elements + size);
        *(char **)(void *)place = elements;
        *(size_t *)(void *)(base + field->quantifier_offset) = 2;
        return;
    }
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
        *(uint32_t *)(void *)(base + field->quantifier_offset) = field->id;
    fill_value(field, place);
}

static ProtobufCMessage *
filled(const ProtobufCMessageDescriptor *type)
{
    ProtobufCMessage *message = taken(type->sizeof_message);

    type->message_init(message);
    for (unsigned i = 0; i < type->n_fields; i++)
        fill_field(message, &type->fields[i]);
    return message;
}

static void
write_message(FILE *out, const ProtobufCMessageDescriptor *type)
{
    ProtobufCMessage *message = filled(type);
    size_t n = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = taken(n);

    assert_int_equal(protobuf_c_message_pack(message, bytes), n);
    assert_int_equal(wire_check(type, bytes, n, NULL), WIRE_OK);
    (void)fprintf(out, "%s ", type->name);
    for (size_t i = 0; i < n; i++)
        (void)fprintf(out, "%02x", bytes[i]);
    (void)fprintf(out, "\n");
    free(bytes);
}

static void
every_message_is_written_for_python(void **state)
{
    FILE *out = fopen(output_path, "w");

    (void)state;
    assert_non_null(out);
    for (size_t i = 0; i < CONTRACT_DESCRIPTORS; i++)
        write_message(out, contract_descriptors[i]);
    assert_int_equal(fclose(out), 0);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_bytes_come_back_the_same),
        cmocka_unit_test(known_keys_have_their_lanes),
        cmocka_unit_test(every_message_is_written_for_python),
    };

    if (argc < 4) {
        (void)fprintf(stderr, "usage: contract_test lanes golden… output\n");
        return 2;
    }
    lanes_path = argv[1];
    golden_files = argv + 2;
    golden_count = (size_t)argc - 3;
    output_path = argv[argc - 1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
