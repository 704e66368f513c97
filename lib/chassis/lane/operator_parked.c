/* `<service> parked list|release|discard`: messages that wait for an operator.
 *
 * Release and discard are messages to the lane that holds the key. After
 * sending one the command waits a while for its outcome, and prints what became
 * of each parked message of the key, and what still waits. A message that waits
 * for an earlier one of its key has the reason key_parked. Exit status 0: the
 * lane has the order, even if it has not answered yet.
 */
#include "chassis/lane/operator.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "chassis/base/clock.h"
#include "chassis/db/db.h"
#include "chassis/kafka/kafka.h"

#include "inservice/common/v1/operate.pb-c.h"
#include "inservice/common/v1/outcome.pb-c.h"

enum { FLUSH_MS = 10000 };

static const int64_t patience = SECONDS(10);

typedef Inservice__Common__V1__Outcome Outcome;

/* A topic's key, an order about it, and the parked messages before it. */
struct parked {
    const struct service *service;
    struct db *db;
    struct db_params params;
    const char *topic, *key, *discarded; /* the last: an id, or NULL */
    int lane;
    PGresult *before;
    char command_id[UUID_TEXT];
    char result[128]; /* "DONE", "REFUSED …", or "" */
};

static int
parked_list(const struct service *service)
{
    PGresult *rows = NULL;
    struct db *db = operator_open(service, NULL);

    if (db == NULL || db_query(db, "parked_list", NULL, &rows) != DB_OK) {
        db_free(db);
        return 1;
    }
    printf("id\tlane\ttopic\tkey\ttype\tmessage\treason\tsince\n");
    for (int i = 0; i < PQntuples(rows); i++) {
        printf("%" PRId64 "\t%" PRId64, db_get_int(rows, i, 0),
               db_get_int(rows, i, 1));
        for (int column = 2; column < 8; column++)
            printf("\t%s", db_get_text(rows, i, column));
        printf("\n");
    }
    PQclear(rows);
    db_free(db);
    return 0;
}

static PGresult *
parked_now(struct parked *parked)
{
    PGresult *rows = NULL;

    db_clear(&parked->params);
    db_text(&parked->params, parked->topic);
    db_text(&parked->params, parked->key);
    db_int2(&parked->params, parked->lane);
    if (db_query(parked->db, "parked_of", &parked->params, &rows) != DB_OK)
        return NULL;
    return rows;
}

/* The stored outcome of a command as text; "": none. */
static void
read_outcome(struct parked *parked, const char *command_id, char ret_text[128])
{
    PGresult *rows = NULL;
    uint8_t binary[16];
    size_t size;

    ret_text[0] = '\0';
    db_clear(&parked->params);
    db_array(&parked->params, DB_UUID, 1);
    db_uuid(&parked->params, command_id);
    if (!uuid_parse(command_id, binary) ||
        db_query(parked->db, "inbox_load", &parked->params, &rows) != DB_OK)
        return;
    if (PQntuples(rows) > 0) {
        const uint8_t *value = db_get_bytes(rows, 0, 1, &size);
        Outcome *outcome =
            inservice__common__v1__outcome__unpack(NULL, size, value);
        bool refused = outcome != NULL &&
                       outcome->result_case ==
                           INSERVICE__COMMON__V1__OUTCOME__RESULT_REFUSED;
        snprintf(ret_text, 128, refused ? "REFUSED %s" : "DONE",
                 refused ? outcome->refused->code : "");
        if (outcome != NULL)
            inservice__common__v1__outcome__free_unpacked(outcome, NULL);
    }
    PQclear(rows);
}

static bool
await_outcome(struct parked *parked)
{
    int64_t begun = clock_monotonic(), waited = 0;
    char at[28];

    while (parked->result[0] == '\0' && waited < patience) {
        read_outcome(parked, parked->command_id, parked->result);
        waited = clock_monotonic() - begun;
        if (parked->result[0] == '\0')
            nanosleep(&(struct timespec){0, 50000000}, NULL);
    }
    if (parked->result[0] == '\0')
        printf("no answer within %d s: %s does not run, or is behind; the "
               "order waits on its topic\n",
               (int)(patience / SECONDS(1)), parked->service->core.name);
    else
        printf("%s at %s, after %.1f s\n", parked->result,
               clock_text(clock_now(), at), (double)waited / 1e6);
    return parked->result[0] != '\0';
}

static const char *
reason_of(const PGresult *rows, int64_t parked_id)
{
    for (int i = 0; i < PQntuples(rows); i++)
        if (db_get_int(rows, i, 0) == parked_id)
            return db_get_text(rows, i, 3);
    return NULL;
}

static void
print_message(struct parked *parked, int i, const PGresult *after)
{
    int64_t id = db_get_int(parked->before, i, 0);
    const char *reason = reason_of(after, id);
    char outcome[128];

    printf("%" PRId64 " %s %s: ", id, db_get_text(parked->before, i, 1),
           db_get_text(parked->before, i, 2));
    if (reason != NULL) {
        printf("waits (%s)\n", reason);
        return;
    }
    read_outcome(parked, db_get_text(parked->before, i, 2), outcome);
    printf("%s\n", outcome[0] != '\0'          ? outcome
                   : parked->discarded != NULL ? "discarded"
                                               : "handled");
}

/* What became of the messages, and what to do about those that wait. */
static void
print_end(struct parked *parked)
{
    PGresult *after = parked_now(parked);
    const char *name = parked->service->core.name;

    if (after == NULL)
        return;
    for (int i = 0; i < PQntuples(parked->before); i++)
        print_message(parked, i, after);
    int64_t waiting = PQntuples(after) > 0 ? db_get_int(after, 0, 4) : 0;
    if (waiting == 0)
        printf("nothing of this key waits\n");
    else if (parked->discarded != NULL)
        printf("%" PRId64 " of this key wait: `%s parked release %s %s %d` "
               "handles them\n",
               waiting, name, parked->topic, parked->key, parked->lane);
    else
        printf("%" PRId64 " of this key wait: remove the cause and release "
               "again, or `%s parked discard %" PRId64 " %s %s %d`\n",
               waiting, name, db_get_int(after, 0, 0), parked->topic,
               parked->key, parked->lane);
    PQclear(after);
}

static bool
send_order(struct parked *parked, ProtobufCMessage *message, Order *order)
{
    char error[256];
    struct sender *sender = sender_new(error);

    if (sender == NULL) {
        fprintf(stderr, "%s: %s\n", parked->service->core.name, error);
        return false;
    }
    bool ok = operator_give(sender, parked->service->core.name, parked->lane,
                            parked->key, message, order, parked->command_id) &&
              sender_flush(sender, FLUSH_MS);
    sender_free(sender);
    printf(ok ? "sent as command %s\n"
              : "command %s not sent: the broker is away\n",
           parked->command_id);
    return ok;
}

static int
operate(struct parked *parked, ProtobufCMessage *message, Order *order)
{
    bool sent = false, refused = false;

    parked->db = operator_open(parked->service, NULL);
    if (parked->db == NULL)
        return 1;
    parked->before = parked_now(parked);
    if (parked->before != NULL && PQntuples(parked->before) == 0)
        printf("nothing of this key is parked\n");
    if (parked->before != NULL)
        sent = send_order(parked, message, order);
    fflush(stdout);
    if (sent && await_outcome(parked)) {
        refused = parked->result[0] == 'R';
        print_end(parked);
    }
    PQclear(parked->before);
    db_params_free(&parked->params);
    db_free(parked->db);
    return sent && !refused ? 0 : 1;
}

/* TOPIC KEY LANE */
static bool
read_place(struct parked *parked, char **argv)
{
    parked->topic = argv[0];
    parked->key = argv[1];
    return operator_lane(argv[2], &parked->lane);
}

static int
release(struct parked *parked, char **argv)
{
    Inservice__Common__V1__Release message;
    Order order;

    if (!read_place(parked, argv))
        return 2;
    inservice__common__v1__release__init(&message);
    inservice__common__v1__order__init(&order);
    message.order = &order;
    message.topic = argv[0];
    message.key = argv[1];
    message.lane = (uint32_t)parked->lane;
    return operate(parked, &message.base, &order);
}

static int
discard(struct parked *parked, char **argv)
{
    Inservice__Common__V1__Discard message;
    Order order;

    if (!read_place(parked, argv + 1))
        return 2;
    parked->discarded = argv[0];
    inservice__common__v1__discard__init(&message);
    inservice__common__v1__order__init(&order);
    message.order = &order;
    message.parked_id = argv[0];
    message.topic = argv[1];
    message.key = argv[2];
    message.lane = (uint32_t)parked->lane;
    return operate(parked, &message.base, &order);
}

int
operator_parked(const struct service *service, int argc, char **argv)
{
    struct parked parked = {.service = service};

    if (argc == 1 && strcmp(argv[0], "list") == 0)
        return parked_list(service);
    if (argc == 4 && strcmp(argv[0], "release") == 0)
        return release(&parked, argv + 1);
    if (argc == 5 && strcmp(argv[0], "discard") == 0)
        return discard(&parked, argv + 1);
    return operator_usage("parked");
}
