/* refold.h: keeps the folded names of the read model under the present rule. */
#pragma once

#include <stdbool.h>

#include "attributes.h"

/* Folds all names again unless that was done under this rule. False:
 * `ret_error` has the reason. */
bool refold(char ret_error[256]) WARN_UNUSED;
