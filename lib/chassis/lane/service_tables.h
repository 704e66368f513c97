/* A service is tables: what it hears, stores and says. Its main.c has them.
 *
 * The lane, the host's commands and service_main() read them.
 */
#pragma once

#include <stdbool.h>

#include "chassis/base/checkup.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"
#include "chassis/base/settings.h"
#include "chassis/db/sql_text.h"
#include "chassis/lane/batch.h"

/* One message that the service says: documentation and checks. */
struct output {
    const ProtobufCMessageDescriptor *message; /* NULL ends */
    enum topic_kind kind;
    const char *key;  /* the record key: "account_id" */
    const char *help; /* one sentence */
};

/* A command of the host's command line. */
struct host_command {
    const char *name; /* "found-platform"; NULL ends */
    const char *help;
    int (*run)(int argc,
               char **argv); /* arguments after the name; exit status */
    bool plain;              /* needs no schema */
};

struct service {
    struct core core; /* name, handlers, stores */
    const struct input *inputs;
    const struct output *outputs;
    /* Other services whose command topics it writes to; NULL ends, or NULL. */
    const char *const *commands;
    const struct setting *settings;
    const struct metric *const *metrics; /* or NULL: those of the chassis */
    const struct event *const *events;   /* or NULL, likewise */
    const struct sql_text *queries;
    const struct sql_text *migrations;
    const struct host_command *host_commands; /* or NULL */
    /* Prepares the views for rebuild-views, which runs without the service; or
     * NULL. False: `ret_error` says why. */
    bool (*open)(char ret_error[256]);
    void (*close)(void);
    /* The service's own lines of `doctor`; `schema`: its tables can be read.
     * Or NULL. */
    void (*checkup)(struct checkup *checkup, bool schema);
    /* NULL: the lane. Listens, then calls service_await_schema(). Returns the
     * exit status; asks service_stopping(). */
    int (*run)(const struct service *service);
};
