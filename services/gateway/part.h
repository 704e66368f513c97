/* The parts of a process: started in order, stopped in reverse.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

struct part {
    const char *name;
    /* False: it does not run, and needs no stop; the error says why. */
    bool (*start)(char ret_error[256]);
    void (*stop)(void); /* or NULL */
};

/* Starts the parts up to the first that fails. Returns the number that run;
 * hand it to parts_stop(). */
size_t parts_start(const struct part *parts, size_t count,
                   char ret_error[256]) WARN_UNUSED;
void parts_stop(const struct part *parts, size_t running);
