/* A unit as the public sees it: no person, no state of its accounts. */
#pragma once

#include "chassis/db/db.h"

#include "chassis/base/arena.h"

#include "gateway/request/form.h"
#include "gateway/request/render.h"

/* A typed code in its only form (rules/organization.h). A text that is no code
 * stays unchanged and matches no unit. */
const char *organization_code_typed(struct arena *arena, const char *text);
/* A field of the form in that form; `min` 0: it may be absent. */
const char *organization_code_field(struct form *form, const char *name,
                                    size_t min);
/* The field `organization`. */
const char *organization_code_form(struct form *form, size_t min);

enum { ORGANIZATION_COLUMNS = 13 }; /* of part/organization.sql */
/* Opens an object with the public columns of row `row`, which are the first of
 * its query. The caller closes it. */
void organization_render(struct bytes *out, const PGresult *result, int row);
