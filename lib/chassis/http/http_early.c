/* Runs the gate between a request's headers and its body; http.h says why.
 *
 * The allocator is a documented setting of orcania. It checks whether the
 * thread's request has just become complete in its headers. In other threads it
 * is only malloc().
 */
#include <stdlib.h>

#include <orcania.h>

#include "chassis/http/http_internal.h"

static void
gate_once(struct http_connection *connection)
{
    /* The method's copy is made right before this call: from here on the
     * headers are complete. */
    if (connection->info == NULL || connection->info->request == NULL ||
        connection->info->request->http_verb == NULL)
        return;

    int64_t deadline = atomic_load(&connection->deadline);
    if (!http_connection_move(connection, STAGE_URI, STAGE_BODY, deadline))
        return;
    gate_run(connection);
}

static void *
malloc_and_look(size_t size)
{
    struct http_connection *here = http_connection_here;
    if (here != NULL &&
        atomic_load_explicit(&here->stage, memory_order_relaxed) == STAGE_URI)
        gate_once(here);
    return malloc(size);
}

void
http_early_install(void)
{
    o_set_alloc_funcs(malloc_and_look, realloc, free);
}
