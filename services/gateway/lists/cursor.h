/* Cursors of lists: where the last page ended, opaque and sealed.
 *
 * A cursor holds the sort key of the last row. It is encrypted, because the key
 * may be a name that the caller may only see masked. It is bound to route and
 * caller, so no caller can read it, make one, or use another's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "chassis/base/arena.h"
#include "attributes.h"
#include "chassis/base/seal.h"

enum { CURSOR_FIELDS_MAX = 3, CURSOR_TEXT_MAX = 2048 };

/* `place`: "<route>/<account id>". Fields hold no control characters. Returns
 * NULL if they do not fit. */
const char *cursor_make(struct arena *arena, const struct seal_keys *keys,
                        const char *place, const char *const *fields,
                        size_t count);
/* Returns false if it is not ours, is for another place, or has other fields.
 */
bool cursor_read(struct arena *arena, const struct seal_keys *keys,
                 const char *place, const char *text, const char **ret_fields,
                 size_t count) WARN_UNUSED;
