/* See fixture.h. */
#include "lane/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "chassis/base/clock.h"
#include "chassis/base/log.h"
#include "chassis/base/settings.h"
#include "chassis/db/migrate.h"
#include "chassis/kafka/kafka.h"
#include "chassis/lane/lane.h"

#include "inservice/account/v1/states.pb-c.h"
#include "inservice/teacher/v1/states.pb-c.h"

#include "unit/chassis/lane/units.h"

typedef Inservice__Teacher__V1__TeacherState TeacherState;
typedef Inservice__Common__V1__Fact Fact;

/* --- a service of two tables -------------------------------------------- */
struct copy_row {
    struct row row;
    const char *person_id;
    int64_t version, incarnation;
    const char *name;
};
BEGINS_LIKE_COPY(struct copy_row, person_id);

static const struct db_column copy_columns[] = {
    DB_COLUMN(copy_row, person_id, DB_UUID),
    DB_COLUMN(copy_row, name, DB_TEXT),
    DB_COLUMN(copy_row, version, DB_INT8),
    DB_COLUMN(copy_row, incarnation, DB_INT8),
    {0},
};

static const struct store copies = {
    .name = "copy",
    .kind = STORE_COPY,
    .size = sizeof(struct copy_row),
    .columns = copy_columns,
    .key = offsetof(struct copy_row, person_id),
    .key_type = DB_UUID,
};

static enum end
add(struct decision *decision, const void *message)
{
    const AddOrganization *command = message;

    if (strcmp(command->name, "BROKEN") == 0)
        return BROKEN;
    struct unit_row *unit = row_find(decision, &units, command->code);
    if (unit == NULL)
        unit = row_add(decision, &units, command->code);
    else if (strcmp(command->name, "RENAMED") == 0)
        row_change(decision, unit);
    else
        return refuse(decision, "CODE_TAKEN");
    unit->name = command->name;
    return DONE;
}

static void
follow_keys(struct keys *keys, const void *message)
{
    (void)message;
    keys_row(keys, &copies, keys_record(keys));
}

static enum end
follow(struct decision *decision, const void *message)
{
    const TeacherState *state = message;
    struct copy_row *copy =
        copy_follow(decision, &copies, state->person_id, state->fact->version);

    if (copy != NULL)
        copy->name = state->name;
    return DONE;
}

static const struct handler handlers[] = {
    ADDS_UNITS(add),
    {.kind = HANDLER_VIEW,
     .message = &inservice__teacher__v1__teacher_state__descriptor,
     .keys = follow_keys,
     .handle = follow},
    {.message = NULL},
};

static const struct store *const stores[] = {&units, &copies, NULL};

static const struct input inputs[] = {
    {"inservice.account.command.v1", TOPIC_COMMAND},
    {"inservice.teacher.state.v1", TOPIC_STATE},
    {.topic = NULL},
};

static const struct sql_text queries[] = {
    {"copy_age", "UPDATE copy SET version = 0, incarnation = -1"},
    {"copy_load", "SELECT person_id, name, version, incarnation FROM copy "
                  "WHERE person_id = ANY ($1::uuid[]) ORDER BY person_id"},
    {"copy_missing", "SELECT count(*), min(person_id::text) FROM copy "
                     "WHERE incarnation = -1"},
    {"copy_save",
     "INSERT INTO copy (person_id, name, version, incarnation) "
     "SELECT unnest($1::uuid[]), unnest($2::text[]), unnest($3::int8[]), "
     "unnest($4::int8[]) ON CONFLICT (person_id) DO UPDATE SET "
     "name = excluded.name, version = excluded.version, "
     "incarnation = excluded.incarnation"},
    {"copy_sweep", "DELETE FROM copy WHERE incarnation = -1"},
    {"unit_load", "SELECT code, name, version FROM unit "
                  "WHERE code = ANY ($1::text[]) ORDER BY code"},
    {"unit_walk", "SELECT code, code, version FROM unit WHERE code > $1::text "
                  "ORDER BY code LIMIT $2::integer"},
    {"unit_save", "INSERT INTO unit (code, name, version) "
                  "SELECT unnest($1::text[]), unnest($2::text[]), "
                  "unnest($3::int8[]) ON CONFLICT (code) DO UPDATE SET "
                  "name = excluded.name, version = excluded.version"},
    {NULL, NULL},
};

static const struct sql_text migrations[] = {
    {"0001_fixture", "CREATE TABLE unit (code text PRIMARY KEY, name text NOT "
                     "NULL, version bigint NOT NULL);\n"
                     "CREATE TABLE copy (person_id uuid PRIMARY KEY, name text "
                     "NOT NULL, version bigint NOT NULL, incarnation bigint "
                     "NOT NULL);\n"},
    {NULL, NULL},
};

static const struct output outputs[] = {
    {&inservice__account__v1__organization_state__descriptor, TOPIC_STATE,
     "code", "A unit."},
    {.message = NULL},
};

const struct service fixture_service = {
    .core = {"account", handlers, stores},
    .inputs = inputs,
    .outputs = outputs,
    .queries = queries,
    .migrations = migrations,
};

/* --- PostgreSQL --------------------------------------------------------- */
static PGconn *administrator;

static PGresult *
ask(const char *sql)
{
    PGresult *result = PQexec(administrator, sql);
    ExecStatusType status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(administrator));
    return result;
}

void
given_sql(const char *sql)
{
    PQclear(ask(sql));
}

char *
text_of(const char *sql)
{
    PGresult *result = ask(sql);
    char *text = strdup(PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");

    assert_non_null(text);
    PQclear(result);
    return text;
}

int64_t
number_of(const char *sql)
{
    PGresult *result = ask(sql);
    int64_t number = PQntuples(result) > 0
                         ? strtoll(PQgetvalue(result, 0, 0), NULL, 10)
                         : -1;

    PQclear(result);
    return number;
}

static void
quiet(void *unused, const char *notice)
{
    (void)unused;
    (void)notice;
}

int
fixture_start(void **state)
{
    static const struct setting none[] = {{.name = NULL}};

    (void)state;
    if (!settings_read(none, NULL, stderr) || !log_open("account", "error") ||
        migrate_run("account", migrations) != 0)
        return -1;
    administrator = PQconnectdb(getenv("ADMIN_DATABASE_URL"));
    if (PQstatus(administrator) != CONNECTION_OK)
        return -1;
    PQsetNoticeProcessor(administrator, quiet, NULL);
    given_sql("SET search_path = account, extensions");
    return 0;
}

int
fixture_stop(void **state)
{
    (void)state;
    PQfinish(administrator);
    return 0;
}

/* --- the mock cluster --------------------------------------------------- */
static rd_kafka_t *host; /* of the cluster; asks for offsets, too */
static rd_kafka_mock_cluster_t *cluster;
static struct sender *sender;
static struct publisher *teacher;
static int64_t teacher_seq[LANES_MAX]; /* of the last one made */

static void
topics_make(const char *service)
{
    for (int kind = 0; kind < TOPIC_KINDS; kind++) {
        char name[64];
        topic_name(service, (enum topic_kind)kind, name);
        assert_int_equal(
            rd_kafka_mock_topic_create(cluster, name, lane_count(), 1), 0);
    }
}

static void
cluster_make(void)
{
    char error[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    assert_int_equal(rd_kafka_conf_set(conf, "test.mock.num.brokers", "1",
                                       error, sizeof error),
                     RD_KAFKA_CONF_OK);
    host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    assert_non_null(host);
    cluster = rd_kafka_handle_mock_cluster(host);
    assert_non_null(cluster);
    topics_make("account");
    topics_make("teacher");
    chassis_settings.kafka_bootstrap =
        rd_kafka_mock_cluster_bootstraps(cluster);
}

static bool
clients_make(void)
{
    char error[256];

    cluster_make();
    sender = sender_new(error);
    teacher = publisher_new("teacher", error);
    return sender != NULL && teacher != NULL;
}

int
fixture_begin(void **state)
{
    (void)state;
    given_sql("TRUNCATE inbox, journal, journal_personal, parked, timer, "
              "lane_input, unit, copy");
    given_sql("UPDATE lane SET seq = 0, published_seq = 0, incarnation = 1, "
              "lost_seq = 0, "
              "chain = decode(repeat('00', 32), 'hex')");
    given_sql("ALTER TABLE unit DROP CONSTRAINT IF EXISTS unit_name");
    given_sql("ALTER TABLE unit ADD CONSTRAINT unit_name "
              "CHECK (name <> 'WRONG')");
    memset(teacher_seq, 0, sizeof teacher_seq);
    return clients_make() ? 0 : -1;
}

void
given_lost_topics(void)
{
    publisher_free(teacher);
    sender_free(sender);
    rd_kafka_destroy(host);
    assert_true(clients_make());
}

int
fixture_end(void **state)
{
    (void)state;
    publisher_free(teacher);
    sender_free(sender);
    rd_kafka_destroy(host);
    return 0;
}

static void
make_command_of(const char *code, const char *name, const char *operation_id,
                int64_t not_after, struct given *ret_given)
{
    AddOrganization command;
    Order order;

    *ret_given = (struct given){
        .type = "inservice.account.v1.AddOrganization",
        .key = code,
        .lane = lane_of(code),
        .at = clock_now(),
    };
    uuid_v7(ret_given->id);
    inservice__common__v1__order__init(&order);
    order.command_id = ret_given->id;
    order.at = ret_given->at;
    order.not_after = not_after;
    order.operation_id = TEXT(operation_id);
    inservice__account__v1__add_organization__init(&command);
    command.order = &order;
    command.code = TEXT(code);
    command.name = TEXT(name);
    ret_given->size = protobuf_c_message_pack(&command.base, ret_given->wire);
}

void
make_command(const char *code, const char *name, struct given *ret_given)
{
    make_command_of(code, name, "", 0, ret_given);
}

void
send_command(const struct given *given)
{
    assert_true(sender_send(sender, "account", given->lane, given->type,
                            given->id, given->key, "/test", NULL, given->at,
                            given->wire, given->size));
    assert_true(sender_flush(sender, 10000));
}

void
given_command(const char *code, const char *name)
{
    struct given given;

    make_command(code, name, &given);
    send_command(&given);
}

void
given_request(const char *code, const char *name, const char *operation_id)
{
    struct given given;

    make_command_of(code, name, operation_id, 0, &given);
    send_command(&given);
}

void
given_expired(const char *code, const char *name)
{
    struct given given;

    make_command_of(code, name, "", clock_now() - SECONDS(60), &given);
    send_command(&given);
}

void
make_teacher(const char *person_id, const char *name, int64_t version,
             struct given *ret_given)
{
    TeacherState state;
    Fact fact;

    *ret_given = (struct given){
        .type = "inservice.teacher.v1.TeacherState",
        .key = person_id,
        .lane = lane_of(person_id),
        .at = clock_now(),
        .sequence = ++teacher_seq[lane_of(person_id)],
        .version = version,
    };
    inservice__common__v1__fact__init(&fact);
    fact.version = version;
    inservice__teacher__v1__teacher_state__init(&state);
    state.fact = &fact;
    state.person_id = TEXT(person_id);
    state.name = TEXT(name);
    ret_given->size = protobuf_c_message_pack(&state.base, ret_given->wire);
}

void
send_teacher(const struct given *given)
{
    const struct journal_row row = {
        .lane = given->lane,
        .seq = given->sequence,
        .incarnation = 1,
        .kind = TOPIC_STATE,
        .partition = given->lane,
        .type = given->type,
        .key = given->key,
        .version = given->version,
        .at = given->at,
        .value = given->wire,
        .size = given->size,
    };

    publisher_begin_lane(teacher, given->lane, given->sequence - 1);
    assert_true(publisher_send(teacher, &row));
    while (publisher_in_flight(teacher) > 0)
        publisher_poll(teacher, 100);
}

void
given_teacher(const char *person_id, const char *name, int64_t version)
{
    struct given given;

    make_teacher(person_id, name, version, &given);
    send_teacher(&given);
}

int64_t
records_of(enum topic_kind kind)
{
    int64_t count = 0, low, high;
    char name[64];

    topic_name("account", kind, name);
    for (int lane = 0; lane < lane_count(); lane++) {
        assert_int_equal(rd_kafka_query_watermark_offsets(host, name, lane,
                                                          &low, &high, 10000),
                         0);
        count += high;
    }
    return count;
}

/* --- the lane ----------------------------------------------------------- */
static condition *wanted;
static int64_t deadline;
static bool late;

static bool
is_over(void)
{
    late = clock_monotonic() > deadline;
    return late || wanted();
}

void
run_until(condition *reached)
{
    const struct lane_options options = {
        .service = &fixture_service,
        .group = "inservice-account",
        .stopping = is_over,
    };
    struct lane *lane = lane_new(&options);

    wanted = reached;
    deadline = clock_monotonic() + SECONDS(30);
    assert_int_equal(lane_run(lane), 0);
    lane_free(lane);
    if (late)
        fail_msg("the lane did not come there in half a minute");
}
