/* Taking lanes: after assignment, mismatch, lost connection or a new producer.
 *
 * Reads the state of each lane, publishes rows that were committed and perhaps
 * not published (rule 3), and starts every input at the table's offset. Memory
 * is replaced by the tables, so the memory of a zombie does no harm.
 */
#include "chassis/lane/journal.h"
#include "chassis/lane/lane_internal.h"

#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/failpoint.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"
#include "chassis/db/db.h"

enum {
    CRASHES_BEFORE_CAUTION = 3, /* takings at the same offset */
    UNPUBLISHED_PAGE = 1000,
    SURVIVED_SECONDS =
        10, /* after a taking: the waiting messages did not kill us */
};

extern const struct sql_text chassis_queries[];

static bool
lane_connect(struct lane *lane)
{
    char error[256];
    struct db_options options = {
        .url = chassis_settings.database_url,
        .name = lane->core->name,
        .schema = lane->core->name,
        .tables = lane->tables,
        .statement_timeout = chassis_settings.statement_timeout,
        .index_only_plans = true,
        .late_flush = lane->options.silent,
    };

    if (lane->db != NULL && db_alive(lane->db) &&
        db_rollback(lane->db) == DB_OK)
        return true;
    db_free(lane->db);
    lane->db = db_open(&options, error);
    if (lane->db == NULL)
        log_event(database_unreachable, log_str("reason", error));
    return lane->db != NULL;
}

/* The owner before may have been stopped (SIGSTOP, a paused machine) while half
 * of a batch was on its way to the server. Its fence makes it harmless, but its
 * locks would keep these lanes from every successor until it goes on. */
static enum lane_result
lane_end_stuck(struct lane *lane)
{
    PGresult *rows = NULL;

    db_clear(&lane->params);
    db_int8(&lane->params, chassis_settings.statement_timeout);
    enum db_end end =
        db_query(lane->db, "lane_end_stuck", &lane->params, &rows);
    if (end != DB_OK)
        return lane_result_of(lane, end, "end_stuck");
    if (PQntuples(rows) > 0)
        log_event(stuck_session_ended, log_int("count", PQntuples(rows)));
    PQclear(rows);
    return LANE_OK;
}

static bool
lane_producer(struct lane *lane)
{
    char error[256];

    if (lane->options.silent)
        return true;
    if (lane->publisher != NULL && !publisher_failed(lane->publisher))
        return true;
    publisher_free(lane->publisher);
    lane->publisher = NULL;
    if (FAILPOINT(lane_producer_gone))
        return false;
    lane->publisher = publisher_new(lane->core->name, error);
    if (lane->publisher == NULL)
        log_event(producer_unavailable, log_str("reason", error));
    return lane->publisher != NULL;
}

static void
bind_lanes(struct lane *lane, const int *lanes, size_t count)
{
    db_clear(&lane->params);
    db_array(&lane->params, DB_INT2, count);
    for (size_t i = 0; i < count; i++)
        db_int2(&lane->params, lanes[i]);
}

static void
bind_topics(struct lane *lane)
{
    db_array(&lane->params, DB_TEXT, lane->input_count);
    for (size_t i = 0; i < lane->input_count; i++)
        db_text(&lane->params, lane->inputs[i].topic);
}

static void
read_lane_row(struct lane *lane, const PGresult *rows, int row)
{
    struct lane_memory *memory = &lane->lanes[db_get_int(rows, row, 0)];
    size_t size;
    const uint8_t *chain = db_get_bytes(rows, row, 4, &size);

    memory->state.seq = db_get_int(rows, row, 1);
    memory->published_written = db_get_int(rows, row, 2);
    memory->state.incarnation = db_get_int(rows, row, 3);
    memory->lost_seq = db_get_int(rows, row, 5);
    if (size == sizeof memory->state.chain)
        memcpy(memory->state.chain, chain, size);
}

static void
read_input_row(struct lane *lane, const PGresult *rows, int row)
{
    int input = lane_input_index(lane, db_get_text(rows, row, 0));
    int which = (int)db_get_int(rows, row, 1);
    struct input_position *position = &lane->positions[input][which];

    position->next_offset = db_get_int(rows, row, 2);
    position->mark.sequence = db_get_int(rows, row, 3);
    position->mark.incarnation = db_get_int(rows, row, 4);
    position->again_before = db_get_int(rows, row, 6);
    if (db_get_int(rows, row, 5) > CRASHES_BEFORE_CAUTION)
        lane->lanes[which].cautious = (int)chassis_settings.batch_max;
}

static enum lane_result
read_positions(struct lane *lane, const int *lanes, size_t count)
{
    PGresult *rows = NULL;

    bind_lanes(lane, lanes, count);
    bind_topics(lane);
    enum db_end end =
        db_query(lane->db, "lane_input_attempt", &lane->params, NULL);
    if (end == DB_OK)
        end = db_query(lane->db, "lane_input_read", &lane->params, &rows);
    if (end != DB_OK)
        return lane_result_of(lane, end, "read_positions");
    for (int i = 0; i < PQntuples(rows); i++)
        read_input_row(lane, rows, i);
    PQclear(rows);
    bind_lanes(lane, lanes, count);
    end = db_query(lane->db, "lane_read", &lane->params, &rows);
    if (end != DB_OK)
        return lane_result_of(lane, end, "read_lanes");
    for (int i = 0; i < PQntuples(rows); i++)
        read_lane_row(lane, rows, i);
    PQclear(rows);
    return LANE_OK;
}

/* How long the records of a topic are of use when the topics were lost: as long
 * as tools/topics.c keeps them. A command must not outlive its inbox row, or it
 * would be done twice; a state is said again (say_again.c), so old ones are of
 * use only if a command waits for them. INT64_MAX: forever. */
static int64_t
needed_since(enum topic_kind kind)
{
    static const int64_t kept[TOPIC_KINDS] = {
        [TOPIC_COMMAND] = DAYS(7), [TOPIC_OUTCOME] = DAYS(2),
        [TOPIC_EVENT] = INT64_MAX, [TOPIC_STATE] = DAYS(2),
        [TOPIC_DLQ] = DAYS(30),
    };
    int64_t most = kept[kind];

    if (kind == TOPIC_COMMAND && most > chassis_settings.inbox_kept)
        most = chassis_settings.inbox_kept;
    return most == INT64_MAX ? 0 : clock_now() - most;
}

/* A page of the journal after `seq`. Up to lost_seq the last column says which
 * rows the new topics need. */
static enum db_end
read_journal(struct lane *lane, int which, int64_t seq, PGresult **ret_rows)
{
    int64_t lost = lane->lanes[which].lost_seq;

    db_clear(&lane->params);
    db_int2(&lane->params, which);
    db_int8(&lane->params, seq);
    db_int4(&lane->params, UNPUBLISHED_PAGE);
    if (seq >= lost)
        return db_query(lane->db, "journal_unpublished", &lane->params,
                        ret_rows);
    db_int8(&lane->params, lost);
    db_array(&lane->params, DB_TIME, TOPIC_KINDS);
    for (int kind = 0; kind < TOPIC_KINDS; kind++)
        db_time(&lane->params, needed_since((enum topic_kind)kind));
    return db_query(lane->db, "journal_lost", &lane->params, ret_rows);
}

static bool
publish_page(struct lane *lane, const PGresult *rows, bool lost)
{
    for (int i = 0; i < PQntuples(rows); i++) {
        struct journal_row row;
        journal_row_read(lane->arena, rows, i, &row);
        bool needed = !lost || db_get_bool(rows, i, 17);
        if (FAILPOINT(lane_leftover_sent))
            return false;
        if (!(needed ? publisher_send(lane->publisher, &row)
                     : publisher_pass(lane->publisher, row.lane, row.seq)))
            return false;
    }
    metric_add(lane_published_again_total, "", PQntuples(rows));
    return true;
}

/* A whole journal takes a while: other work of the worker's goes on between two
 * pages, and another owner would continue after this one. */
static enum lane_result
after_page(struct lane *lane)
{
    if (!lane_await_room(lane) || lane->options.stopping() ||
        consumer_poll(lane->consumer, 0) == CONSUMER_REVOKED)
        return LANE_AGAIN;
    return lane_write_published(lane);
}

static enum lane_result
lane_publish_from(struct lane *lane, int which, int64_t seq)
{
    int64_t lost_seq = lane->lanes[which].lost_seq;
    int count = UNPUBLISHED_PAGE;

    while (count == UNPUBLISHED_PAGE) {
        PGresult *rows = NULL;
        bool lost = seq < lost_seq;
        enum db_end end = read_journal(lane, which, seq, &rows);
        if (end != DB_OK)
            return lane_result_of(lane, end, "read_unpublished");
        count = PQntuples(rows);
        if (count > 0)
            seq = db_get_int(rows, count - 1, 1);
        bool sent = publish_page(lane, rows, lost);
        PQclear(rows);
        if (!sent)
            return LANE_AGAIN;
        enum lane_result result = lost ? after_page(lane) : LANE_OK;
        if (result != LANE_OK)
            return result;
        if (lost && count < UNPUBLISHED_PAGE) {
            seq = lost_seq;
            count = UNPUBLISHED_PAGE;
        }
    }
    return LANE_OK;
}

enum lane_result
lane_calm(struct lane *lane)
{
    int lanes[LANES_MAX];
    size_t count = lane_owned(lane, lanes);

    if (lane->calm_at == 0)
        return LANE_OK;
    lane->calm_at = 0;
    bind_lanes(lane, lanes, count);
    bind_topics(lane);
    return lane_result_of(
        lane, db_query(lane->db, "lane_input_calm", &lane->params, NULL),
        "calm");
}

static enum lane_result
publish_leftovers(struct lane *lane, const int *lanes, size_t count)
{
    if (lane->options.silent)
        count = 0;
    for (size_t i = 0; i < count; i++)
        publisher_begin_lane(lane->publisher, lanes[i],
                             lane->lanes[lanes[i]].published_written);
    for (size_t i = 0; i < count; i++) {
        enum lane_result result = lane_publish_from(
            lane, lanes[i], lane->lanes[lanes[i]].published_written);
        if (result != LANE_OK)
            return result;
    }
    if (FAILPOINT(lane_take_published))
        return LANE_AGAIN;
    return LANE_OK;
}

static bool
start_inputs(struct lane *lane)
{
    int64_t offsets[INPUTS_MAX][LANES_MAX];

    for (size_t i = 0; i < lane->input_count; i++)
        for (int l = 0; l < lane_count(); l++)
            offsets[i][l] = lane->positions[i][l].next_offset > 0
                                ? lane->positions[i][l].next_offset
                                : -1;
    return consumer_assign(lane->consumer,
                           (const int64_t(*)[LANES_MAX])offsets);
}

enum lane_result
lane_take(struct lane *lane)
{
    const bool *given = consumer_lanes(lane->consumer);
    int lanes[LANES_MAX];

    arena_reset(lane->arena);
    memset(lane->lanes, 0, sizeof lane->lanes);
    memset(lane->positions, 0, sizeof lane->positions);
    lane_forget_passed(lane);
    for (int i = 0; i < lane_count(); i++)
        lane->lanes[i].owned = given[i];
    size_t count = lane_owned(lane, lanes);
    if (FAILPOINT(lane_take_begin) || !lane_connect(lane) ||
        !lane_producer(lane))
        return LANE_AGAIN;
    enum lane_result result = lane_end_stuck(lane);
    if (result == LANE_OK)
        result = read_positions(lane, lanes, count);
    if (result == LANE_OK && FAILPOINT(lane_take_read))
        result = LANE_AGAIN;
    if (result == LANE_OK)
        result = lane_read_parked(lane);
    if (result == LANE_OK && FAILPOINT(lane_take_parked))
        result = LANE_AGAIN;
    if (result == LANE_OK)
        result = publish_leftovers(lane, lanes, count);
    if (result == LANE_OK &&
        (!start_inputs(lane) || FAILPOINT(lane_take_assigned)))
        result = LANE_AGAIN;
    if (result != LANE_OK)
        return result;
    lane->back_off = 0;
    lane->calm_at = clock_monotonic() + SECONDS(SURVIVED_SECONDS);
    lane_gauge(lane);
    log_event(lanes_assigned, log_int("count", (int64_t)count));
    return LANE_OK;
}
