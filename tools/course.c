/* course [COMMAND …]: a small stand-in of the course system, which is another
 * system until it is ours (C1). It receives BusinessAccountDisabled and answers
 * CourseOwnerSettled; people and tests open and confirm courses with it, by
 * lines on standard input or by one command as arguments:
 *
 *     open COURSE ACCOUNT ORGANIZATION TITLE…
 *     state COURSE STATE        (RUNNING, ROSTER_CONFIRMED, CANCELLED, …)
 *     confirm COURSE
 *
 * Each is answered with one line. It stores nothing: it reads its own topic at
 * start, so it may be ended and started at will. Serves B15, B23, C1, C2.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <librdkafka/rdkafka.h>

#include "attributes.h"
#include "chassis/lane/batch.h"
#include "chassis/base/clock.h"
#include "chassis/kafka/kafka_conf.h"
#include "chassis/base/settings.h"
#include "chassis/base/wire.h"

#include "inservice/account/v1/events.pb-c.h"
#include "inservice/course/v1/events.pb-c.h"

typedef Inservice__Course__V1__CourseStateChanged Changed;
typedef Inservice__Course__V1__CourseOwnerSettled Settled;
typedef Inservice__Account__V1__BusinessAccountDisabled Disabled;

#define COURSE_TOPIC  "inservice.course.event.v1"
#define ACCOUNT_TOPIC "inservice.account.event.v1"
#define CONFIRMED                                                              \
    INSERVICE__COURSE__V1__COURSE_STATE__COURSE_STATE_ROSTER_CONFIRMED
#define CANCELLED INSERVICE__COURSE__V1__COURSE_STATE__COURSE_STATE_CANCELLED
#define OPENED    INSERVICE__COURSE__V1__COURSE_STATE__COURSE_STATE_OPEN

enum { COURSES_MAX = 10000, SETTLED_MAX = 100000, LINE_MAX_BYTES = 2048 };

struct course {
    char id[65], account[UUID_TEXT], organization[KEY_MAX], title[301];
    int state;
    int64_t version;
};

struct settled {
    char account[UUID_TEXT];
    int64_t version;
};

static struct course courses[COURSES_MAX];
static size_t course_count;
static struct settled settled[SETTLED_MAX];
static size_t settled_count;
static rd_kafka_t *producer;
static rd_kafka_topic_t *topic;
static volatile sig_atomic_t stopping;

static void
on_signal(int number)
{
    (void)number;
    stopping = 1;
}

/* --- courses in memory -------------------------------------------------- */
static struct course *
course_find(const char *id)
{
    for (size_t i = 0; i < course_count; i++)
        if (strcmp(courses[i].id, id) == 0)
            return &courses[i];
    return NULL;
}

static void
learn_course(const void *message)
{
    const Changed *m = message;
    struct course *course = course_find(m->course_id);

    if (course == NULL && course_count == COURSES_MAX)
        return;
    if (course == NULL)
        course = &courses[course_count++];
    if (course->version >= m->course_version)
        return;
    snprintf(course->id, sizeof course->id, "%s", m->course_id);
    snprintf(course->account, sizeof course->account, "%s",
             m->owner_account_id);
    snprintf(course->organization, sizeof course->organization, "%s",
             m->organization);
    snprintf(course->title, sizeof course->title, "%s", m->title);
    course->state = (int)m->state;
    course->version = m->course_version;
}

static struct settled *
settled_of(const char *account)
{
    for (size_t i = 0; i < settled_count; i++)
        if (strcmp(settled[i].account, account) == 0)
            return &settled[i];
    if (settled_count == SETTLED_MAX)
        return NULL;
    snprintf(settled[settled_count].account, UUID_TEXT, "%s", account);
    return &settled[settled_count++];
}

static void
learn_settled(const void *message)
{
    const Settled *m = message;
    struct settled *row = settled_of(m->account_id);

    if (row != NULL && row->version < m->account_version)
        row->version = m->account_version;
}

/* --- outgoing messages -------------------------------------------------- */
static rd_kafka_headers_t *
event_headers(const ProtobufCMessage *message, const char *key)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(8);
    char id[UUID_TEXT], at[28];

    uuid_v7(id);
    rd_kafka_header_add(headers, "ce_specversion", -1, "1.0", -1);
    rd_kafka_header_add(headers, "ce_id", -1, id, -1);
    rd_kafka_header_add(headers, "ce_type", -1, message->descriptor->name, -1);
    rd_kafka_header_add(headers, "ce_source", -1, "/course", -1);
    rd_kafka_header_add(headers, "ce_subject", -1, key, -1);
    rd_kafka_header_add(headers, "ce_time", -1, clock_text(clock_now(), at),
                        -1);
    rd_kafka_header_add(headers, "content-type", -1, "application/protobuf",
                        -1);
    return headers;
}

/* In the lane of the owner's unit; the record key is the course or account. */
static void
send_event(const ProtobufCMessage *message, const char *key,
           const char *organization)
{
    uint8_t *bytes = malloc(protobuf_c_message_get_packed_size(message) + 1);

    if (bytes == NULL)
        abort();
    size_t size = protobuf_c_message_pack(message, bytes);
    rd_kafka_vu_t vus[] = {
        {.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = topic},
        {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = lane_of(organization)},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_KEY,
         .u.mem = {(void *)(uintptr_t)key, strlen(key)}},
        {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {bytes, size}},
        {.vtype = RD_KAFKA_VTYPE_HEADERS,
         .u.headers = event_headers(message, key)},
    };
    rd_kafka_error_t *error = rd_kafka_produceva(producer, vus, COUNT_OF(vus));
    free(bytes);
    if (error != NULL) {
        fprintf(stderr, "course: %s\n", rd_kafka_error_string(error));
        exit(1);
    }
    rd_kafka_flush(producer, 10000);
}

static void
fill_fact(Inservice__Common__V1__Fact *fact, int64_t version)
{
    inservice__common__v1__fact__init(fact);
    fact->version = version;
    fact->at = clock_now();
}

static void
send_course(struct course *course)
{
    Inservice__Common__V1__Fact fact;
    Changed m;

    inservice__course__v1__course_state_changed__init(&m);
    fill_fact(&fact, ++course->version);
    m.fact = &fact;
    m.course_id = course->id;
    m.owner_account_id = course->account;
    m.organization = course->organization;
    m.title = course->title;
    m.state = (Inservice__Course__V1__CourseState)course->state;
    m.course_version = course->version;
    send_event(&m.base, course->id, course->organization);
}

static void
on_disabled(const void *message)
{
    const Disabled *disabled = message;
    struct settled *row = settled_of(disabled->account_id);
    Inservice__Common__V1__Fact fact;
    Settled m;
    char *open[COURSES_MAX];

    if (row == NULL || disabled->fact == NULL ||
        row->version >= disabled->fact->version)
        return;
    inservice__course__v1__course_owner_settled__init(&m);
    row->version = disabled->fact->version;
    fill_fact(&fact, row->version);
    m.fact = &fact;
    m.account_id = disabled->account_id;
    m.organization = disabled->organization;
    m.account_version = row->version;
    for (size_t i = 0; i < course_count; i++)
        if (strcmp(courses[i].account, disabled->account_id) == 0 &&
            courses[i].state != CONFIRMED && courses[i].state != CANCELLED)
            open[m.n_open_course_ids++] = courses[i].id;
    m.open_course_ids = open;
    send_event(&m.base, disabled->account_id, disabled->organization);
    printf("settled %s %lld %zu\n", m.account_id, (long long)row->version,
           m.n_open_course_ids);
    fflush(stdout);
}

/* --- incoming messages -------------------------------------------------- */
static void
hear(const rd_kafka_message_t *record)
{
    static const struct {
        const ProtobufCMessageDescriptor *type;
        void (*learn)(const void *message);
    } heard[] = {
        {&inservice__course__v1__course_state_changed__descriptor,
         learn_course},
        {&inservice__course__v1__course_owner_settled__descriptor,
         learn_settled},
        {&inservice__account__v1__business_account_disabled__descriptor,
         on_disabled},
    };
    rd_kafka_headers_t *headers;
    const void *type;
    size_t size;

    if (rd_kafka_message_headers(record, &headers) != 0 ||
        rd_kafka_header_get_last(headers, "ce_type", &type, &size) != 0)
        return;
    for (size_t i = 0; i < COUNT_OF(heard); i++) {
        ProtobufCMessage *message = NULL;
        if (strlen(heard[i].type->name) != size ||
            memcmp(heard[i].type->name, type, size) != 0)
            continue;
        if (wire_unpack(heard[i].type, NULL, record->payload, record->len,
                        &message, NULL) != WIRE_OK)
            continue;
        heard[i].learn(message);
        protobuf_c_message_free_unpacked(message, NULL);
    }
}

static rd_kafka_t *
open_consumer(const char *name)
{
    char error[256];
    rd_kafka_conf_t *conf = kafka_conf_new();
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(lane_count());

    kafka_conf_set(conf, "group.id", "course");
    kafka_conf_set(conf, "enable.auto.commit", "false");
    kafka_conf_set(conf, "enable.partition.eof", "true");
    kafka_conf_set(conf, "fetch.wait.max.ms", "50");
    rd_kafka_t *kafka = kafka_new(RD_KAFKA_CONSUMER, conf, error);
    if (kafka == NULL) {
        fprintf(stderr, "course: %s\n", error);
        exit(1);
    }
    rd_kafka_poll_set_consumer(kafka);
    for (int lane = 0; lane < lane_count(); lane++)
        rd_kafka_topic_partition_list_add(list, name, lane)->offset =
            RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(kafka, list);
    rd_kafka_topic_partition_list_destroy(list);
    return kafka;
}

/* Takes one record; true when it met the end of a lane. */
static bool
hear_one(rd_kafka_t *kafka, int wait_ms)
{
    rd_kafka_message_t *record = rd_kafka_consumer_poll(kafka, wait_ms);
    bool end = false;

    if (record == NULL)
        return false;
    if (record->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        end = true;
    else if (record->err == RD_KAFKA_RESP_ERR_NO_ERROR)
        hear(record);
    rd_kafka_message_destroy(record);
    return end;
}

/* Reads the own topic first: courses come before those who ask for them. */
static void
remember(rd_kafka_t *own)
{
    int64_t deadline = clock_monotonic() + SECONDS(60);
    int ends = 0;

    while (ends < lane_count() && !stopping && clock_monotonic() < deadline)
        ends += hear_one(own, 200);
    if (ends < lane_count()) {
        fprintf(stderr, "course: no answer from the broker\n");
        exit(1);
    }
}

/* --- commands ----------------------------------------------------------- */
/* The value of OPEN, RUNNING, …; -1 when there is none. */
static int
state_of(const char *word)
{
    const ProtobufCEnumDescriptor *type =
        &inservice__course__v1__course_state__descriptor;
    char name[80];

    snprintf(name, sizeof name, "COURSE_STATE_%.60s", word);
    const ProtobufCEnumValue *row =
        protobuf_c_enum_descriptor_get_value_by_name(type, name);
    return row != NULL ? row->value : -1;
}

static bool
tell_open(const char *id, char *rest)
{
    char account[UUID_TEXT], organization[KEY_MAX];
    int used = 0;

    if (course_count == COURSES_MAX || course_find(id) != NULL ||
        sscanf(rest, "%36s %127s %n", account, organization, &used) < 2)
        return false;
    struct course *course = &courses[course_count++];
    *course = (struct course){.state = OPENED};
    snprintf(course->id, sizeof course->id, "%s", id);
    snprintf(course->account, sizeof course->account, "%s", account);
    snprintf(course->organization, sizeof course->organization, "%s",
             organization);
    snprintf(course->title, sizeof course->title, "%s", rest + used);
    send_course(course);
    return true;
}

static bool
tell_state(const char *id, const char *word)
{
    struct course *course = course_find(id);
    int state = state_of(word);

    if (course == NULL || state < 0)
        return false;
    course->state = state;
    send_course(course);
    return true;
}

static bool
tell(char *line)
{
    char verb[16], id[65], word[64] = "";
    int used = 0;
    bool ok = false;

    line[strcspn(line, "\r\n")] = '\0';
    if (sscanf(line, "%15s %64s %n", verb, id, &used) < 2)
        used = 0;
    else if (strcmp(verb, "open") == 0)
        ok = tell_open(id, line + used);
    else if (strcmp(verb, "confirm") == 0)
        ok = tell_state(id, "ROSTER_CONFIRMED");
    else if (strcmp(verb, "state") == 0 && sscanf(line + used, "%63s", word))
        ok = tell_state(id, word);
    printf("%s %s\n", ok ? "ok" : "bad", line);
    fflush(stdout);
    return ok;
}

/* Lines of standard input as they come; its end does not end the program. */
static void
hear_standard_input(bool *open)
{
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    char line[LINE_MAX_BYTES];

    while (*open && poll(&in, 1, 0) > 0) {
        size_t size = 0;
        while (size + 1 < sizeof line &&
               read(STDIN_FILENO, line + size, 1) == 1)
            if (line[size++] == '\n')
                break;
        line[size] = '\0';
        *open = size > 0;
        if (*open)
            tell(line);
    }
}

static int
run(rd_kafka_t *own)
{
    rd_kafka_t *accounts = open_consumer(ACCOUNT_TOPIC);
    bool open = true;

    puts("ready");
    fflush(stdout);
    while (!stopping) {
        hear_one(own, 0);
        hear_one(accounts, 20);
        hear_standard_input(&open);
    }
    rd_kafka_consumer_close(accounts);
    rd_kafka_destroy(accounts);
    return 0;
}

static int
run_one(int argc, char **argv)
{
    char line[LINE_MAX_BYTES] = "";
    size_t size = 0;

    for (int i = 1; i < argc && size < sizeof line; i++)
        size += (size_t)snprintf(line + size, sizeof line - size, "%s%s",
                                 i > 1 ? " " : "", argv[i]);
    return tell(line) ? 0 : 1;
}

int
main(int argc, char **argv)
{
    char error[256];
    const char *security = getenv("INSERVICE_KAFKA_SECURITY");

    chassis_settings.kafka_bootstrap = getenv("INSERVICE_KAFKA_BOOTSTRAP");
    chassis_settings.kafka_security = security != NULL ? security : "";
    if (chassis_settings.kafka_bootstrap == NULL) {
        fprintf(stderr, "course: INSERVICE_KAFKA_BOOTSTRAP is not set\n");
        return 2;
    }
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    producer = kafka_new(RD_KAFKA_PRODUCER, kafka_conf_new(), error);
    topic = producer ? rd_kafka_topic_new(producer, COURSE_TOPIC, NULL) : NULL;
    int lanes = topic ? kafka_partitions(producer, topic, error) : 0;
    if (lanes == 0) {
        fprintf(stderr, "course: %s\n", error);
        return 1;
    }
    lane_count_set(lanes);
    rd_kafka_t *own = open_consumer(COURSE_TOPIC);
    remember(own);
    int status = argc > 1 ? run_one(argc, argv) : run(own);
    rd_kafka_consumer_close(own);
    rd_kafka_destroy(own);
    rd_kafka_topic_destroy(topic);
    rd_kafka_destroy(producer);
    return status;
}
