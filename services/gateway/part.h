/* The parts of a process: started in order, stopped in reverse.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

struct part {
    const char *name;
    /* Returns false, with the error, if it does not run; then it needs no stop.
     */
    bool (*start)(char ret_error[256]);
    void (*stop)(void); /* or NULL */
};

/* Starts the parts up to the first that fails. Returns the number that run, for
 * parts_stop(). */
size_t parts_start(const struct part *parts, size_t count,
                   char ret_error[256]) WARN_UNUSED;
void parts_stop(const struct part *parts, size_t running);
