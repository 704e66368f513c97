/* refold.h: keeps the folded names of the read model under the present rule. */
#pragma once

#include <stdbool.h>

#include "attributes.h"

/* Folds all names again, unless this rule was used before. Returns false with
 * the reason in `ret_error`. */
bool refold(char ret_error[256]) WARN_UNUSED;
