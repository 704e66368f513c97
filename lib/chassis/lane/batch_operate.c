/* The operator's messages in the pure core: release, discard, republish.
 *
 * Release and discard only need their inbox row and an outcome here;
 * lane_operate.c moves the rows of `parked`. Republish says an aggregate's
 * state again: new sequence, same version (rule 5).
 */
#include "chassis/lane/batch_internal.h"

#include <string.h>

#include "inservice/common/v1/operate.pb-c.h"

typedef Inservice__Common__V1__Republish Republish;

const struct store *
store_of_state(const struct core *core, const char *type)
{
    for (const struct store *const *s = core->stores; *s != NULL; s++)
        if ((*s)->state_type != NULL && strcmp((*s)->state_type, type) == 0)
            return *s;
    return NULL;
}

static void
republish_keys(struct keys *keys, const void *message)
{
    const Republish *republish = message;
    const struct store *store =
        store_of_state(keys->batch->core, republish->type);

    if (store == NULL)
        return;
    keys_row(keys, store, republish->key);
    for (const struct store *const *child = store->children;
         child != NULL && *child != NULL; child++)
        keys_children(keys, *child, republish->key);
}

static enum end
do_republish(struct decision *decision, const void *message)
{
    const Republish *republish = message;
    const struct store *store =
        store_of_state(decision->batch->core, republish->type);
    struct row *row =
        store == NULL ? NULL : row_find(decision, store, republish->key);

    if (row == NULL)
        return refuse(decision, "NOT_FOUND");
    row->changed_by = decision->message; /* said, not changed */
    list_add(decision->arena, &decision->batch->changed, row);
    subject(decision, row);
    return DONE;
}

static enum end
do_nothing(struct decision *decision, const void *message)
{
    (void)decision, (void)message;
    return DONE;
}

static const char *const republish_refusals[] = {"NOT_FOUND", NULL};
static const char *const none[] = {NULL};

#define OPERATE(name)                                                          \
    .kind = HANDLER_OPERATE,                                                   \
    .message = &inservice__common__v1__##name##__descriptor, .facts = none,    \
    .routes = ""

const struct handler operate_handlers[] = {
    {OPERATE(release), .handle = do_nothing, .refusals = none},
    {OPERATE(discard), .handle = do_nothing, .refusals = none},
    {OPERATE(republish), .keys = republish_keys, .handle = do_republish,
     .refusals = republish_refusals},
    {.message = NULL},
};
