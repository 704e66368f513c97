/* Cursors of lists: where the page before ended, opaque and sealed.
 *
 * A cursor holds the sort key of the last row. It is encrypted, for the key may
 * be a name that the reader may not see in full, and bound to the route and to
 * who asks: nobody reads one, makes one, or uses another's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "chassis/base/arena.h"
#include "attributes.h"
#include "chassis/base/seal.h"

enum { CURSOR_FIELDS_MAX = 3, CURSOR_TEXT_MAX = 2048 };

/* `place`: "<route>/<account id>". Fields hold no control characters. NULL:
 * they do not fit. */
const char *cursor_make(struct arena *arena, const struct seal_keys *keys,
                        const char *place, const char *const *fields,
                        size_t count);
/* False: not one of ours, for another place, or with other fields. */
bool cursor_read(struct arena *arena, const struct seal_keys *keys,
                 const char *place, const char *text, const char **ret_fields,
                 size_t count) WARN_UNUSED;
