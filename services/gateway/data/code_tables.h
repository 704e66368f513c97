/* The code tables an installation begins with (T14). Data, no code: changed by
 * ReviseCodeTable later; a row that is changed here goes out with the next
 * founding command of an installation, which may be repeated.
 */
#pragma once

#include <stddef.h>

struct code_seed {
    const char *code;
    const char *label;
    const char *label_en;
    const char *members; /* of a set: codes with a space between; or NULL */
};

struct code_table_seed {
    const char *table;
    const struct code_seed *rows;
    size_t count;
};

/* Sets last: their members must be known. NULL table ends. */
extern const struct code_table_seed code_table_seeds[];
