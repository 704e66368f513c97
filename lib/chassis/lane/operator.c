/* Host commands `parked`, `republish`, `audit-state`, `verify-journal`,
 * `rebuild-views`, `topics-lost`, `restored`.
 *
 * Run on the host, beside the running service. Release, discard and republish
 * are sent to the lane's command topic with an order of the system. The last
 * two run while the service is stopped.
 */
#include "chassis/lane/operator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/db/db.h"
#include "chassis/kafka/kafka.h"

#include "inservice/common/v1/operate.pb-c.h"

extern const struct sql_text chassis_queries[];

const struct host_command operator_commands[] = {
    {"parked", "list | release TOPIC KEY LANE | discard ID TOPIC KEY LANE",
     NULL, false},
    {"republish",
     "TYPE KEY LANE | --all [TYPE KEY]: publishes a state again, or all (after "
     "a key)",
     NULL, false},
    {"audit-state", "compares the state topic with the tables", NULL, false},
    {"verify-journal", "finds journal rows that were changed or removed", NULL,
     false},
    {"rebuild-views",
     "[skip-broken] [drop-missing]: makes the copies of others' state again",
     NULL, false},
    {"topics-lost",
     "[anyway]: after Kafka lost topics, while the service is stopped: begins "
     "the new ones",
     NULL, false},
    {"restored", "after restoring a backup: raises the incarnation", NULL,
     false},
    {NULL, NULL, NULL, false},
};

int
operator_usage(const char *name)
{
    for (const struct host_command *c = operator_commands; c->name; c++)
        if (strcmp(name, c->name) == 0)
            fprintf(stderr, "usage: %s %s\n", c->name, c->help);
    return 2;
}

struct db *
operator_open(const struct service *service, const struct sql_text *queries)
{
    const struct sql_text *const tables[] = {chassis_queries, queries, NULL};
    struct db_options options = {
        .url = chassis_settings.database_url,
        .name = service->core.name,
        .schema = service->core.name,
        .tables = tables,
        .statement_timeout = SECONDS(30),
    };
    char error[256];
    struct db *db = db_open(&options, error);

    if (db == NULL)
        fprintf(stderr, "%s: %s\n", service->core.name, error);
    return db;
}

bool
operator_lane(const char *text, int *ret_lane)
{
    char *end;
    long lane = strtol(text, &end, 10);

    if (*text == '\0' || *end != '\0' || lane < 0 || lane >= lane_count()) {
        fprintf(stderr, "LANE is a number from 0 to %d\n", lane_count() - 1);
        return false;
    }
    *ret_lane = (int)lane;
    return true;
}

static int
send_republish(const struct service *service, char **argv)
{
    char error[256];
    int lane;

    if (!operator_lane(argv[2], &lane))
        return 2;
    struct sender *sender = sender_new(error);
    bool ok = sender != NULL &&
              operator_republish(sender, service->core.name, argv[0], argv[1],
                                 lane) &&
              sender_flush(sender, 10000);
    sender_free(sender);
    printf(ok ? "sent\n" : "not sent: the broker is away\n");
    return ok ? 0 : 1;
}

/* TYPE KEY LANE, or --all [TYPE KEY]. */
static int
run_republish(const struct service *service, int argc, char **argv)
{
    bool all = strcmp(argv[0], "--all") == 0;

    if (all && (argc == 1 || argc == 3))
        return say_all_again(service, argc == 3 ? argv[1] : NULL,
                             argc == 3 ? argv[2] : NULL);
    if (!all && argc == 3)
        return send_republish(service, argv);
    return operator_usage("republish");
}

bool
operator_is_alone(const struct service *service, struct db *db,
                  char ret_reason[512])
{
    struct db_params params = {0};
    PGresult *rows = NULL;

    db_text(&params, service->core.name);
    enum db_end end = db_query(db, "service_sessions", &params, &rows);
    db_params_free(&params);
    int count = end == DB_OK ? PQntuples(rows) : 0;
    PQclear(rows);
    if (end != DB_OK)
        snprintf(ret_reason, 512, "%s", db_error(db));
    else if (count > 0)
        snprintf(ret_reason, 512,
                 "%d sessions of %s are open in the database: end every "
                 "process of the service first",
                 count, service->core.name);
    return end == DB_OK && count == 0;
}

static bool
rebuild_wished(int argc, char **argv, struct rebuild_wish *ret_wish)
{
    *ret_wish = (struct rebuild_wish){false, false};
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "skip-broken") == 0)
            ret_wish->skip_broken = true;
        else if (strcmp(argv[i], "drop-missing") == 0)
            ret_wish->drop_missing = true;
        else
            return false;
    }
    return true;
}

int
operator_run(const struct service *service, int argc, char **argv)
{
    struct rebuild_wish wish;

    if (strcmp(argv[0], "restored") == 0)
        return restored(service);
    if (strcmp(argv[0], "audit-state") == 0)
        return audit_state(service);
    if (strcmp(argv[0], "verify-journal") == 0 && argc == 1)
        return verify_journal(service);
    if (strcmp(argv[0], "rebuild-views") == 0 &&
        rebuild_wished(argc - 1, argv + 1, &wish))
        return rebuild_views(service, &wish);
    if (strcmp(argv[0], "republish") == 0 && argc > 1)
        return run_republish(service, argc - 1, argv + 1);
    if (strcmp(argv[0], "topics-lost") == 0) {
        bool anyway = argc == 2 && strcmp(argv[1], "anyway") == 0;
        if (argc == 1 || anyway)
            return topics_lost(service, anyway);
    }
    if (strcmp(argv[0], "parked") == 0)
        return operator_parked(service, argc - 1, argv + 1);
    return operator_usage(argv[0]);
}
