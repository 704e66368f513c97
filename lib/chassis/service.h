/* A service is tables; main.c passes them to service_main().
 *
 * service_main() reads settings, opens the log, answers the host's commands
 * (`migrate`, `settings`, `commands`, `failpoints`, `parked …`, …) or runs the
 * service until SIGTERM drains it. account and teacher run the lane; the
 * gateway has a run() of its own.
 */
#pragma once

#include "chassis/lane/batch.h"
#include "chassis/base/process.h"
#include "chassis/base/settings.h"
#include "chassis/db/sql_text.h"

/* One input topic of the service, in inbox.c. The first row is its own command
 * topic: that group decides who owns a lane. */
struct input {
    const char *topic; /* "inservice.account.command.v1"; NULL ends */
    enum topic_kind kind;
};

/* One message that the service says, in outbox.c: documentation and checks. */
struct output {
    const char *type; /* full protobuf name; NULL ends */
    enum topic_kind kind;
    const ProtobufCMessageDescriptor *message;
    const char *key;  /* what the record key is: "account_id" */
    const char *help; /* one sentence */
};

/* A command of the host's command line. */
struct host_command {
    const char *name; /* "found-platform"; NULL ends */
    const char *help;
    int (*run)(int argc,
               char **argv); /* arguments after the name; exit status */
};

struct service {
    struct core core; /* name, handlers, stores */
    const struct input *inputs;
    const struct output *outputs;
    const struct setting *settings;
    const struct sql_text *queries;
    const struct sql_text *migrations;
    const struct host_command *host_commands; /* or NULL */
    /* What its views need besides rows, for when they run without the service
     * (rebuild-views); or NULL. False: `ret_error` says why. */
    bool (*open)(char ret_error[256]);
    void (*close)(void);
    /* NULL: the lane. Listens, then calls service_await_schema(). Returns the
     * exit status; asks service_stopping(). */
    int (*run)(const struct service *service);
};

/* Waits until the database can be read. False: the schema is wrong (and was
 * logged), or the process is to stop. */
bool service_await_schema(const struct service *service) WARN_UNUSED;

int service_main(const struct service *service, int argc, char **argv);
