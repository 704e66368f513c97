/* `<service> republish --all`: every state of an owner is said again.
 *
 * A Republish goes to the lane of each aggregate, which says the state between
 * its other decisions: new sequence, same version (rule 5). So a state never
 * comes after a newer one of its key, whatever the service decides meanwhile.
 *
 * Memory is that of one page. A page is acknowledged before the next one is
 * read, and printed with its last key, after which the job can be continued.
 */
#include "chassis/lane/operator.h"

#include <stdio.h>
#include <string.h>

#include "chassis/kafka/kafka.h"
#include "chassis/lane/store_walk.h"

enum { FLUSH_MS = 20000, PRINTED_EVERY = 10 };

struct job {
    const struct service *service;
    struct db *db;
    struct sender *sender;
    size_t sent; /* of the present store */
};

static bool
send_page(struct job *job, const struct store *store,
          const struct walked *walked, int count)
{
    for (int i = 0; i < count; i++)
        if (!operator_republish(job->sender, job->service->core.name,
                                store->state_type, walked[i].key,
                                walked[i].lane))
            return false;
    return sender_flush(job->sender, FLUSH_MS);
}

static void
print_stop(const struct job *job, const struct store *store, const char *after,
           const char *reason)
{
    fprintf(
        stderr, "%s republish --all: %s; go on with: republish --all %s %s\n",
        job->service->core.name, reason, store->state_type, after ? after : "");
}

/* All rows of a store after a key ("" or NULL: all). */
static bool
send_store(struct job *job, const struct store *store, const char *first)
{
    char after[KEY_MAX + 1];
    struct arena *arena = arena_new(0);
    const char *reason = NULL;
    int count = WALK_PAGE;

    job->sent = 0;
    snprintf(after, sizeof after, "%s", first ? first : "");
    for (int page = 1; count == WALK_PAGE && reason == NULL; page++) {
        struct walked *walked = NULL;
        arena_reset(arena);
        count =
            store_walk(job->db, store, after[0] ? after : NULL, arena, &walked);
        if (count < 0)
            reason = db_error(job->db);
        else if (!send_page(job, store, walked, count))
            reason = "the broker is away";
        if (reason != NULL || count == 0)
            break;
        job->sent += (size_t)count;
        snprintf(after, sizeof after, "%s", walked[count - 1].key);
        if (page % PRINTED_EVERY == 0)
            printf("%s: %zu sent, up to %s\n", store->state_type, job->sent,
                   after);
    }
    if (reason != NULL)
        print_stop(job, store, after, reason);
    else
        printf("%s: %zu sent\n", store->state_type, job->sent);
    fflush(stdout);
    arena_free(arena);
    return reason == NULL;
}

static bool
send_all(struct job *job, const char *type, const char *key)
{
    bool begun = type == NULL;

    for (const struct store *const *s = job->service->core.stores; *s; s++) {
        if ((*s)->state_type == NULL)
            continue;
        bool first = type != NULL && strcmp((*s)->state_type, type) == 0;
        begun = begun || first;
        if (begun && !send_store(job, *s, first ? key : NULL))
            return false;
    }
    return true;
}

int
say_all_again(const struct service *service, const char *type, const char *key)
{
    struct job job = {.service = service};
    char error[256];

    if (type != NULL && store_of_state(&service->core, type) == NULL) {
        fprintf(stderr, "%s owns no states of type %s\n", service->core.name,
                type);
        return 2;
    }
    job.db = operator_open(service, service->queries);
    job.sender = job.db == NULL ? NULL : sender_new(error);
    if (job.db != NULL && job.sender == NULL)
        fprintf(stderr, "%s: %s\n", service->core.name, error);
    bool ok = job.sender != NULL && send_all(&job, type, key);
    sender_free(job.sender);
    db_free(job.db);
    return ok ? 0 : 1;
}
