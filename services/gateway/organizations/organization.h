/* A unit as everybody may see it: no person, no state of its accounts. */
#pragma once

#include "chassis/db/db.h"

#include "gateway/render.h"

/* Opens an object with the public columns of row `row` (the first thirteen of
 * organization_list and organization_read); the caller closes it. */
void organization_render(struct bytes *out, const PGresult *result, int row);
