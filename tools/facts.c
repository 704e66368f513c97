/* facts [--from-start] [--commands]: what travels between the services, one
 * JSON line a message: topic, lane, offset, type, key, what caused it, and the
 * fields by the contract's own descriptors. Read by tools/demo, by tests and by
 * people; runs until SIGTERM or the end of its standard output. It joins no
 * group and commits nothing. Events and outcomes carry no personal data;
 * commands do, so of those only the head is shown.
 */
#include <ctype.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <librdkafka/rdkafka.h>

#include "attributes.h"
#include "chassis/lane/batch.h"
#include "chassis/kafka/kafka_conf.h"
#include "chassis/base/settings.h"
#include "chassis/base/wire.h"

#include "contract_descriptors.h"

static const struct watched {
    const char *topic;
    bool commands; /* only when asked for, and never their fields */
} watched[] = {
    {"inservice.account.command.v1", true},
    {"inservice.account.event.v1", false},
    {"inservice.account.outcome.v1", false},
    {"inservice.teacher.command.v1", true},
    {"inservice.teacher.event.v1", false},
    {"inservice.teacher.outcome.v1", false},
    {"inservice.course.event.v1", false},
};

static volatile sig_atomic_t stopping;

static void
on_signal(int number)
{
    (void)number;
    stopping = 1;
}

/* --- fields, by descriptor ---------------------------------------------- */
static json_t *message_json(const ProtobufCMessage *message);

/* DISABLED_CAUSE_LEFT_UNIT of DisabledCause reads LEFT_UNIT. */
static const char *
enum_word(const ProtobufCEnumDescriptor *type, int value)
{
    const ProtobufCEnumValue *row =
        protobuf_c_enum_descriptor_get_value(type, value);
    const char *name = row != NULL ? row->name : "?", *word = name;

    for (const char *c = type->short_name; *c != '\0'; c++) {
        if (c != type->short_name && isupper((unsigned char)*c)) {
            if (*word++ != '_')
                return name;
        }
        if (*word++ != toupper((unsigned char)*c))
            return name;
    }
    return *word == '_' ? word + 1 : name;
}

static json_t *
value_json(const ProtobufCFieldDescriptor *field, const void *at)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return json_string(*(const char *const *)at);
    case PROTOBUF_C_TYPE_MESSAGE:
        return message_json(*(const ProtobufCMessage *const *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)at);
    case PROTOBUF_C_TYPE_ENUM:
        return json_string(enum_word(field->descriptor, *(const int *)at));
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_INT32:
        return json_integer(*(const uint32_t *)at);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        return json_integer((json_int_t) * (const int64_t *)at);
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_BYTES: /* sealed: not read here */
        break;
    }
    return NULL;
}

static size_t
value_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        return sizeof(int64_t);
    default:
        return sizeof(int32_t);
    }
}

static json_t *
field_json(const ProtobufCMessage *message,
           const ProtobufCFieldDescriptor *field)
{
    const char *at = (const char *)message + field->offset;
    const char *count = (const char *)message + field->quantifier_offset;

    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        bool absent = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
                      *(const uint32_t *)count != field->id;
        absent = absent || (field->type == PROTOBUF_C_TYPE_MESSAGE &&
                            *(const void *const *)at == NULL);
        return absent ? NULL : value_json(field, at);
    }
    json_t *list = json_array();
    const char *element = *(const char *const *)at;
    for (size_t i = 0; i < *(const size_t *)count; i++)
        json_array_append_new(
            list, value_json(field, element + i * value_size(field)));
    return list;
}

/* Omits members with their default value, as on the wire. */
static bool
is_default(const json_t *value)
{
    if (json_is_string(value))
        return json_string_length(value) == 0;
    if (json_is_integer(value))
        return json_integer_value(value) == 0;
    return value == NULL || json_is_false(value) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

static json_t *
message_json(const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    json_t *object = json_object();

    for (unsigned i = 0; i < type->n_fields; i++) {
        json_t *value = field_json(message, &type->fields[i]);
        if (is_default(value))
            json_decref(value);
        else
            json_object_set_new(object, type->fields[i].name, value);
    }
    return object;
}

/* --- one record --------------------------------------------------------- */
static const ProtobufCMessageDescriptor *
find_type(const char *name)
{
    for (int i = 0; i < CONTRACT_DESCRIPTORS; i++)
        if (strcmp(contract_descriptors[i]->name, name) == 0)
            return contract_descriptors[i];
    return NULL;
}

static void
add_headers(json_t *line, const rd_kafka_message_t *record)
{
    rd_kafka_headers_t *headers;
    const char *name;
    const void *value;
    size_t size;

    if (rd_kafka_message_headers(record, &headers) !=
        RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    for (size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == 0; i++) {
        if (strncmp(name, "ce_", 3) == 0)
            name += 3;
        json_object_set_new(line, name, json_stringn(value, size));
    }
}

static void
add_fields(json_t *line, const rd_kafka_message_t *record)
{
    const char *name = json_string_value(json_object_get(line, "type"));
    const ProtobufCMessageDescriptor *type = name ? find_type(name) : NULL;
    ProtobufCMessage *message = NULL;
    struct wire_fault fault;

    if (type == NULL) {
        json_object_set_new(line, "unreadable", json_string("unknown type"));
    } else if (wire_unpack(type, NULL, record->payload, record->len, &message,
                           &fault) != WIRE_OK) {
        json_object_set_new(line, "unreadable", json_string(fault.reason));
    } else {
        json_object_set_new(line, "fields", message_json(message));
        protobuf_c_message_free_unpacked(message, NULL);
    }
}

static void
print_record(const rd_kafka_message_t *record)
{
    const char *topic = rd_kafka_topic_name(record->rkt);
    json_t *line = json_object();

    json_object_set_new(line, "topic", json_string(topic));
    json_object_set_new(line, "partition", json_integer(record->partition));
    json_object_set_new(line, "offset", json_integer(record->offset));
    json_object_set_new(line, "key",
                        json_stringn(record->key, record->key_len));
    add_headers(line, record);
    if (strstr(topic, ".command.") == NULL && record->payload != NULL)
        add_fields(line, record);
    if (json_dumpf(line, stdout, JSON_COMPACT) != 0 || putchar('\n') == EOF ||
        fflush(stdout) != 0)
        stopping = 1;
    json_decref(line);
}

/* --- reading ------------------------------------------------------------ */
/* From the end: the offset is asked for now, so that nothing that comes after
 * the first line ("ready") is missed. */
static int64_t
begin_offset(rd_kafka_t *kafka, const char *topic, int lane, bool from_start)
{
    int64_t low, high;

    if (from_start)
        return RD_KAFKA_OFFSET_BEGINNING;
    if (rd_kafka_query_watermark_offsets(kafka, topic, lane, &low, &high,
                                         10000) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        fprintf(stderr, "facts: %s: no answer from the broker\n", topic);
        exit(1);
    }
    return high;
}

/* All topics have as many partitions as the first. */
static int
count_lanes(rd_kafka_t *kafka)
{
    char error[256];
    rd_kafka_topic_t *topic = rd_kafka_topic_new(kafka, watched[0].topic, NULL);
    int lanes = kafka_partitions(kafka, topic, error);

    rd_kafka_topic_destroy(topic);
    if (lanes > 0)
        return lanes;
    fprintf(stderr, "facts: %s\n", error);
    exit(1);
}

static void
assign(rd_kafka_t *kafka, bool commands, bool from_start)
{
    int lanes = count_lanes(kafka);
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(COUNT_OF(watched) * lanes);

    for (size_t i = 0; i < COUNT_OF(watched); i++) {
        if (watched[i].commands && !commands)
            continue;
        for (int lane = 0; lane < lanes; lane++)
            rd_kafka_topic_partition_list_add(list, watched[i].topic, lane)
                ->offset =
                begin_offset(kafka, watched[i].topic, lane, from_start);
    }
    rd_kafka_assign(kafka, list);
    rd_kafka_topic_partition_list_destroy(list);
}

static rd_kafka_t *
open_consumer(void)
{
    char error[256];
    rd_kafka_conf_t *conf = kafka_conf_new();

    kafka_conf_set(conf, "group.id", "facts");
    kafka_conf_set(conf, "enable.auto.commit", "false");
    kafka_conf_set(conf, "enable.auto.offset.store", "false");
    kafka_conf_set(conf, "fetch.wait.max.ms", "50");
    rd_kafka_t *kafka = kafka_new(RD_KAFKA_CONSUMER, conf, error);
    if (kafka == NULL) {
        fprintf(stderr, "facts: %s\n", error);
        exit(1);
    }
    rd_kafka_poll_set_consumer(kafka);
    return kafka;
}

int
main(int argc, char **argv)
{
    bool commands = false, from_start = false;
    const char *security = getenv("INSERVICE_KAFKA_SECURITY");

    for (int i = 1; i < argc; i++) {
        commands = commands || strcmp(argv[i], "--commands") == 0;
        from_start = from_start || strcmp(argv[i], "--from-start") == 0;
    }
    chassis_settings.kafka_bootstrap = getenv("INSERVICE_KAFKA_BOOTSTRAP");
    chassis_settings.kafka_security = security != NULL ? security : "";
    if (chassis_settings.kafka_bootstrap == NULL) {
        fprintf(stderr, "facts: INSERVICE_KAFKA_BOOTSTRAP is not set\n");
        return 2;
    }
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    signal(SIGPIPE, SIG_IGN);
    rd_kafka_t *kafka = open_consumer();
    assign(kafka, commands, from_start);
    puts("{\"ready\":true}");
    fflush(stdout);
    while (!stopping) {
        rd_kafka_message_t *record = rd_kafka_consumer_poll(kafka, 200);
        if (record == NULL)
            continue;
        if (record->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            print_record(record);
        rd_kafka_message_destroy(record);
    }
    rd_kafka_consumer_close(kafka);
    rd_kafka_destroy(kafka);
    return 0;
}
