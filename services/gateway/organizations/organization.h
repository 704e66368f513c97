/* A unit as everybody may see it: no person, no state of its accounts. */
#pragma once

#include "chassis/db/db.h"

#include "chassis/base/arena.h"

#include "gateway/request/form.h"
#include "gateway/request/render.h"

/* A code as people type it, in its one form (rules/organization.h); what is no
 * code stays as it is, and is known nowhere. */
const char *organization_code_typed(struct arena *arena, const char *text);
/* The field `organization` of a form, so; `min` 0: it may be absent. */
const char *organization_code_form(struct form *form, size_t min);

enum { ORGANIZATION_COLUMNS = 13 }; /* of part/organization.sql */
/* Opens an object with the public columns of row `row`, which are the first of
 * its query. The caller closes it. */
void organization_render(struct bytes *out, const PGresult *result, int row);
