/* `<service> restored`: the database comes from a backup, the topics are ahead.
 *
 * Runs while no process of the service does. The commands after the backup are
 * still on their topic, so the service decides them again from the restored
 * positions. In one transaction this
 *   - notes where the command topic ends: up to there a command's time limit
 *     does not count, because it may have been decided in time before;
 *   - raises the incarnation (rule 11): what is said from now on is newer than
 *     everything that was said after the backup.
 */
#include "chassis/lane/operator.h"

#include <stdio.h>
#include <string.h>

#include "chassis/base/lanes.h"
#include "chassis/db/db.h"
#include "chassis/kafka/kafka.h"

/* The next offset of each lane of the service's command topic. */
static bool
command_ends(const struct service *service, int64_t ret_ends[LANES_MAX],
             char ret_reason[512])
{
    char error[256] = "";
    struct consumer *consumer = consumer_new(
        &(struct consumer_options){.inputs = service->inputs, .batch_max = 1},
        error);
    bool ok = consumer != NULL;

    memset(ret_ends, 0, LANES_MAX * sizeof *ret_ends);
    for (int lane = 0; ok && lane < lane_count(); lane++) {
        ret_ends[lane] = consumer_next(consumer, 0, lane);
        ok = ret_ends[lane] >= 0;
    }
    consumer_free(consumer);
    if (!ok)
        snprintf(ret_reason, 512, "%s cannot be read: %s",
                 service->inputs[0].topic,
                 error[0] != '\0' ? error : "the broker is away");
    return ok;
}

static enum db_end
note_ends(const struct service *service, struct db *db,
          const int64_t ends[LANES_MAX])
{
    struct db_params params = {0};
    size_t lanes = (size_t)lane_count();

    db_text(&params, service->inputs[0].topic);
    db_array(&params, DB_INT2, lanes);
    for (size_t lane = 0; lane < lanes; lane++)
        db_int2(&params, (int)lane);
    db_array(&params, DB_INT8, lanes);
    for (size_t lane = 0; lane < lanes; lane++)
        db_int8(&params, ends[lane]);
    enum db_end end = db_query(db, "lane_input_again", &params, NULL);
    db_params_free(&params);
    return end;
}

static bool
write_all(const struct service *service, struct db *db,
          const int64_t ends[LANES_MAX], char ret_reason[512])
{
    enum db_end end = db_query(db, "begin", NULL, NULL);

    if (end == DB_OK)
        end = note_ends(service, db, ends);
    if (end == DB_OK)
        end = db_query(db, "lane_new_incarnation", NULL, NULL);
    if (end == DB_OK)
        end = db_query(db, "commit", NULL, NULL);
    if (end != DB_OK)
        snprintf(ret_reason, 512, "%s", db_error(db));
    return end == DB_OK;
}

int
restored(const struct service *service)
{
    char reason[512] = "the database is away";
    struct db *db = operator_open(service, NULL);
    int64_t ends[LANES_MAX];
    bool ok = db != NULL && operator_is_alone(service, db, reason) &&
              command_ends(service, ends, reason) &&
              write_all(service, db, ends, reason);

    db_free(db); /* rolls back unless committed */
    if (!ok)
        fprintf(stderr, "%s restored: %s; nothing was changed\n",
                service->core.name, reason);
    else
        printf("incarnation raised in all lanes; commands that wait are "
               "decided whatever their time limit\n");
    return ok ? 0 : 1;
}
