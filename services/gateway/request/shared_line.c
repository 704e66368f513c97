/* shared_line.c: the states of a waiting thread.
 *
 * A place is WAITING until a leader takes it: TAKEN, then SERVED. When a leader
 * finishes, it marks the first waiting place as LEADS. If a new thread takes
 * the connection first, the marked thread waits and is included in that query.
 * A marked thread may not give up, so one thread always looks for the
 * connection. A taken thread waits without limit, because the leader writes to
 * its memory. Called by shared_read.c.
 */
#include "gateway/request/shared_line.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "chassis/base/arena.h"
#include "chassis/base/clock.h"

struct shared_line {
    pthread_mutex_t lock;
    struct shared_place *first, *last;
    size_t length;
    bool busy; /* the connection */
    shared_serve *serve;
    void *context;
};

struct shared_line *
shared_line_new(shared_serve *serve, void *context)
{
    struct shared_line *line = calloc(1, sizeof *line);

    if (line == NULL)
        out_of_memory(sizeof *line);
    pthread_mutex_init(&line->lock, NULL);
    line->serve = serve;
    line->context = context;
    return line;
}

void
shared_line_free(struct shared_line *line)
{
    if (line == NULL)
        return;
    pthread_mutex_destroy(&line->lock);
    free(line);
}

size_t
shared_line_length(struct shared_line *line)
{
    pthread_mutex_lock(&line->lock);
    size_t length = line->length;
    pthread_mutex_unlock(&line->lock);
    return length;
}

/* --- the line: called with the lock held -------------------------------- */

static void
line_up(struct shared_line *line, struct shared_place *place)
{
    place->next = NULL;
    if (line->last != NULL)
        line->last->next = place;
    else
        line->first = place;
    line->last = place;
    line->length++;
}

static void
leave_line(struct shared_line *line, const struct shared_place *place)
{
    struct shared_place **at = &line->first, *before = NULL;

    while (*at != place) {
        before = *at;
        at = &(*at)->next;
    }
    *at = place->next;
    if (line->last == place)
        line->last = before;
    line->length--;
}

static size_t
take_waiting(struct shared_line *line, struct shared_place **ret_places)
{
    size_t count = 0;

    while (line->first != NULL && count < SHARED_MAX) {
        struct shared_place *place = line->first;
        line->first = place->next;
        atomic_store(&place->state, PLACE_TAKEN);
        ret_places[count++] = place;
    }
    if (line->first == NULL)
        line->last = NULL;
    line->length -= count;
    return count;
}

/* --- sleeping and waking ------------------------------------------------ */

/* Sleeps on the state itself, so a woken thread needs no lock: to wake an
 * address whose thread has gone on meanwhile touches no memory of it. False:
 * the deadline has passed. */
static bool
sleep_while(struct shared_place *place, int state, int64_t deadline)
{
    int64_t left = deadline - clock_monotonic();
    const struct timespec patience = {left / SECONDS(1),
                                      left % SECONDS(1) * 1000};

    if (left <= 0)
        return false;
    return syscall(SYS_futex, &place->state, FUTEX_WAIT_PRIVATE, state,
                   deadline == INT64_MAX ? NULL : &patience, NULL, 0) == 0 ||
           errno != ETIMEDOUT;
}

static void
wake(struct shared_place *place)
{
    (void)syscall(SYS_futex, &place->state, FUTEX_WAKE_PRIVATE, 1, NULL, NULL,
                  0);
}

/* --- leading ------------------------------------------------------------- */

/* Called with the lock held; releases it. After SERVED a place belongs to its
 * thread again, which may be gone before it is woken. */
static void
lead(struct shared_line *line)
{
    struct shared_place *places[SHARED_MAX], *next;
    size_t count = take_waiting(line, places);

    line->busy = true;
    pthread_mutex_unlock(&line->lock);
    line->serve(line->context, places, count);
    pthread_mutex_lock(&line->lock);
    line->busy = false;
    next = line->first;
    if (next != NULL)
        atomic_store(&next->state, PLACE_LEADS);
    pthread_mutex_unlock(&line->lock);
    if (next != NULL)
        wake(next);
    for (size_t i = 0; i < count; i++) {
        atomic_store(&places[i]->state, PLACE_SERVED);
        wake(places[i]);
    }
}

/* Leads if the connection is free; otherwise waits. */
static void
try_to_lead(struct shared_line *line, struct shared_place *place)
{
    pthread_mutex_lock(&line->lock);
    int state = atomic_load(&place->state);
    bool waits = state == PLACE_WAITING || state == PLACE_LEADS;

    if (waits && !line->busy) {
        lead(line);
        return;
    }
    if (waits)
        atomic_store(&place->state, PLACE_WAITING);
    pthread_mutex_unlock(&line->lock);
}

/* The deadline has passed. False: it is taken, or marked to lead. */
static bool
give_up(struct shared_line *line, struct shared_place *place)
{
    pthread_mutex_lock(&line->lock);
    bool waits = atomic_load(&place->state) == PLACE_WAITING;
    if (waits)
        leave_line(line, place);
    pthread_mutex_unlock(&line->lock);
    return waits;
}

bool
shared_line_wait(struct shared_line *line, struct shared_place *place,
                 int64_t deadline)
{
    int state;

    atomic_store(&place->state, PLACE_WAITING);
    pthread_mutex_lock(&line->lock);
    line_up(line, place);
    pthread_mutex_unlock(&line->lock);
    try_to_lead(line, place);
    while ((state = atomic_load(&place->state)) != PLACE_SERVED) {
        if (state == PLACE_LEADS)
            try_to_lead(line, place);
        else if (!sleep_while(place, state,
                              state == PLACE_TAKEN ? INT64_MAX : deadline) &&
                 give_up(line, place))
            return false;
    }
    return true;
}
