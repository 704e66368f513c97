/* Load for one service's lanes: commands in, answers out, at full speed or at
 * a rate. Prints commands/s and the latency from produce to answer.
 *
 *   lane_load organizations COUNT [RATE]
 *   lane_load teachers COUNT RATE TARGETS
 *
 * Used by `make bench`; talks to Kafka only. Settings by the environment, as
 * every program of the house (INSERVICE_KAFKA_BOOTSTRAP). The commands name an
 * operation, as the gateway's do, so the last state answers (ce_completes). An
 * outcome other than DONE is a failure.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/log.h"
#include "chassis/base/settings.h"
#include "chassis/kafka/kafka.h"
#include "chassis/lane/handler.h"

#include "rules/role.h"

#include "inservice/account/v1/commands.pb-c.h"
#include "inservice/common/v1/outcome.pb-c.h"
#include "inservice/teacher/v1/commands.pb-c.h"

#include "load/load.h"

typedef Inservice__Common__V1__Actor Actor;
typedef Inservice__Common__V1__Outcome Outcome;
typedef Inservice__Teacher__V1__UpdateTeacher Update;
typedef Inservice__Account__V1__AddOrganization AddOrganization;

/* Commands go out in waves, as from many gateways at once: in drops of a few a
 * lane it would be the broker's requests that are measured. */
enum { BEHIND_MAX = 50000, BURST = 5000 };

struct load {
    const struct work *work;
    struct sender *sender;
    struct consumer *answers;
    struct target *targets;
    size_t target_count;
    int64_t *sent_at, *latency;
    long count, sent, heard, failed;
    int64_t rate, began;
    char first_id[UUID_TEXT]; /* older ids are other runs' */
};

struct work {
    const char *name, *service;
    struct input answers[3];
    bool (*send)(struct load *load, Order *order);
};

/* Protobuf texts are `char *` and never written to. */
static char *
text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

/* The command's number stands in the last 12 hex digits of its id. */
static void
number_id(long number, char ret_id[UUID_TEXT])
{
    uuid_v7(ret_id);
    snprintf(ret_id + 24, 13, "%012lx", (unsigned long)number);
}

static bool
send_bytes(struct load *load, const Order *order, const char *type,
           const char *key, const ProtobufCMessage *command)
{
    uint8_t bytes[1024];
    size_t size = protobuf_c_message_pack(command, bytes);

    return sender_send(load->sender, load->work->service, lane_of(key), type,
                       order->command_id, key, "/inservice/bench", NULL,
                       order->at, bytes, size);
}

/* The CHIEF of the platform; fill.sql has the account. */
static void
fill_administrator(Actor *actor)
{
    inservice__common__v1__actor__init(actor);
    actor->account_id = text("01900000-0000-7000-8000-00000000000a");
    actor->account_version = 1;
    actor->person_id = text("01900000-0000-7000-8000-00000000000b");
    actor->organization = text("P-000000");
    actor->role = INSERVICE__COMMON__V1__ROLE__ROLE_CHIEF;
    actor->permissions = PERMISSION_SYSTEM_ADMINISTRATION;
    actor->kind =
        INSERVICE__COMMON__V1__ORGANIZATION_KIND__ORGANIZATION_KIND_PLATFORM;
}

static bool
send_organization(struct load *load, Order *order)
{
    AddOrganization command;
    Actor actor;
    char code[20];

    fill_administrator(&actor);
    order->actor = &actor;
    snprintf(code, sizeof code, "%lx%04lx", (unsigned long)load->sent,
             (unsigned long)(load->began / 1000) & 0xffff);
    inservice__account__v1__add_organization__init(&command);
    command.order = order;
    command.code = code;
    command.name = text("測試國民小學");
    command.kind =
        INSERVICE__COMMON__V1__ORGANIZATION_KIND__ORGANIZATION_KIND_LEGAL_PERSON;
    command.county = text("臺中市");
    command.establishment = text("公立");
    return send_bytes(load, order, "inservice.account.v1.AddOrganization", code,
                      &command.base);
}

static bool
send_teacher(struct load *load, Order *order)
{
    const struct target *target =
        &load->targets[(size_t)load->sent % load->target_count];
    char email[64], note[64];
    Actor actor;
    Update command;

    inservice__common__v1__actor__init(&actor);
    actor.account_id = target->officer_id;
    actor.account_version = 1;
    actor.person_id = target->officer_person;
    actor.organization = target->organization;
    actor.role = INSERVICE__COMMON__V1__ROLE__ROLE_CHIEF;
    actor.permissions = 31;
    actor.kind = (Inservice__Common__V1__OrganizationKind)target->kind;
    order->actor = &actor;
    inservice__teacher__v1__update_teacher__init(&command);
    command.order = order;
    command.person_id = target->person_id;
    command.organization = target->organization; /* as the gateway does */
    snprintf(email, sizeof email, "teacher%s@example.tw",
             order->command_id + 24);
    command.email = email;
    command.email_presence_case =
        INSERVICE__TEACHER__V1__UPDATE_TEACHER__EMAIL_PRESENCE_EMAIL;
    snprintf(note, sizeof note, "note %s", order->command_id + 24);
    command.unit_note = note;
    command.unit_note_presence_case =
        INSERVICE__TEACHER__V1__UPDATE_TEACHER__UNIT_NOTE_PRESENCE_UNIT_NOTE;
    return send_bytes(load, order, "inservice.teacher.v1.UpdateTeacher",
                      command.person_id, &command.base);
}

static const struct work works[] = {
    {"organizations",
     "account",
     {{"inservice.account.outcome.v1", TOPIC_OUTCOME},
      {"inservice.account.state.v1", TOPIC_STATE}},
     send_organization},
    {"teachers",
     "teacher",
     {{"inservice.teacher.outcome.v1", TOPIC_OUTCOME},
      {"inservice.teacher.state.v1", TOPIC_STATE}},
     send_teacher},
    {NULL, NULL, {{NULL, TOPIC_OUTCOME}}, NULL},
};

static bool
send_one(struct load *load)
{
    Order order;
    char id[UUID_TEXT], operation_id[UUID_TEXT];

    number_id(load->sent, id);
    uuid_v7(operation_id);
    inservice__common__v1__order__init(&order);
    order.command_id = id;
    order.operation_id = operation_id;
    order.at = clock_now();
    load->sent_at[load->sent] = clock_monotonic();
    return load->work->send(load, &order);
}

/* How many went out; none: it is early, or too many are on their way. */
static int
send_due(struct load *load)
{
    int64_t now = clock_monotonic();
    int burst;

    if (load->sent - load->heard > BEHIND_MAX)
        return 0;
    for (burst = 0; burst < BURST && load->sent < load->count; burst++) {
        if (load->rate > 0 &&
            load->began + load->sent * SECONDS(1) / load->rate > now)
            break;
        if (!send_one(load))
            break;
        load->sent++;
    }
    return burst;
}

static bool
is_done(const struct message *message)
{
    Outcome *outcome = inservice__common__v1__outcome__unpack(
        NULL, message->size, message->value);
    bool done =
        outcome != NULL &&
        outcome->result_case == INSERVICE__COMMON__V1__OUTCOME__RESULT_DONE;

    if (outcome != NULL)
        inservice__common__v1__outcome__free_unpacked(outcome, NULL);
    return done;
}

/* The command that a message answers; NULL: it answers none. */
static const char *
answered(const struct message *message)
{
    if (message->kind == TOPIC_OUTCOME)
        return message->key;
    return message->completes != NULL ? message->causation : NULL;
}

/* The number of a command that waits for its answer; -1: another run's, or
 * answered before. */
static long
waiting_number(const struct load *load, const char *id)
{
    if (id == NULL || strlen(id) != UUID_TEXT - 1 ||
        strncmp(id, load->first_id, 13) < 0)
        return -1;
    long number = strtol(id + 24, NULL, 16);
    return number >= 0 && number < load->sent && load->sent_at[number] != 0
               ? number
               : -1;
}

static void
hear(struct load *load, int timeout_ms)
{
    size_t count = 0;
    struct message *messages;

    if (consumer_poll(load->answers, timeout_ms) != CONSUMER_MESSAGES)
        return;
    messages = consumer_messages(load->answers, &count);
    for (size_t i = 0; i < count; i++) {
        long number = waiting_number(load, answered(&messages[i]));
        if (number < 0)
            continue;
        load->failed +=
            messages[i].kind == TOPIC_OUTCOME && !is_done(&messages[i]);
        load->latency[load->heard++] =
            clock_monotonic() - load->sent_at[number];
        load->sent_at[number] = 0;
    }
}

static bool
begin(struct load *load)
{
    char error[256] = "";

    setenv("INSERVICE_DATABASE_URL", "none", 0);
    if (!settings_read((const struct setting[]){{.name = NULL}}, NULL,
                       stderr) ||
        !log_open("lane_load", "warning"))
        return false;
    lane_count_set((int)chassis_settings.lanes);
    load->sender = sender_new(error);
    load->answers =
        consumer_new(&(struct consumer_options){.inputs = load->work->answers,
                                                .batch_max = 200},
                     error);
    if (load->sender == NULL || load->answers == NULL) {
        fprintf(stderr, "lane_load: %s\n", error);
        return false;
    }
    load->sent_at = load_alloc((size_t)load->count, sizeof *load->sent_at);
    load->latency = load_alloc((size_t)load->count + 1, sizeof *load->latency);
    return true;
}

static const struct work *
work_named(const char *name)
{
    const struct work *work = works;

    while (work->name != NULL && strcmp(work->name, name) != 0)
        work++;
    return work->name != NULL ? work : NULL;
}

int
main(int argc, char **argv)
{
    struct load load = {.work = argc > 2 ? work_named(argv[1]) : NULL,
                        .count = argc > 2 ? strtol(argv[2], NULL, 10) : 0,
                        .rate = argc > 3 ? strtol(argv[3], NULL, 10) : 0};

    if (load.work == NULL || load.count <= 0 ||
        (load.work->send == send_teacher && argc < 5)) {
        fprintf(stderr, "usage: lane_load organizations|teachers COUNT "
                        "[RATE [TARGETS]]\n");
        return 2;
    }
    if (argc > 4)
        load.targets = targets_read(argv[4], &load.target_count);
    if (!begin(&load))
        return 1;
    for (int64_t until = clock_monotonic() + SECONDS(1);
         clock_monotonic() < until;)
        hear(&load, 100); /* the follower must stand at its ends */
    load.began = clock_monotonic();
    uuid_v7(load.first_id);
    int64_t deadline = load.began + SECONDS(120);
    /* Where nothing can be sent it sleeps: the machine is the service's. */
    while (load.heard < load.count && clock_monotonic() < deadline)
        hear(&load, send_due(&load) > 0 ? 0 : load.rate > 0 ? 1 : 20);
    load_report(load.latency, (size_t)load.heard,
                (size_t)(load.failed + load.count - load.heard),
                clock_monotonic() - load.began);
    return load.heard == load.count && load.failed == 0 ? 0 : 1;
}
