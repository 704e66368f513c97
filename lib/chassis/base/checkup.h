/* The lines of `doctor`: one for each thing that was looked at, on stdout.
 *
 * A part is a word ("schema"); a fault also says what to do. No check is made
 * here except of folders: each is beside the code whose needs it knows.
 */
#pragma once

#include "attributes.h"

#include <stdbool.h>
#include <stdint.h>

struct checkup {
    bool ill; /* a fault was found */
};

PRINTF_LIKE(3, 4)
void checkup_ok(struct checkup *checkup, const char *part, const char *format,
                ...);
/* Something that could be better; no fault. */
PRINTF_LIKE(3, 4)
void checkup_note(struct checkup *checkup, const char *part, const char *format,
                  ...);
/* Not looked at, and why. */
PRINTF_LIKE(3, 4)
void checkup_skip(struct checkup *checkup, const char *part, const char *format,
                  ...);
/* `todo`: what the operator does; NULL: the text says it. */
PRINTF_LIKE(4, 5)
void checkup_fault(struct checkup *checkup, const char *part, const char *todo,
                   const char *format, ...);
/* Looks at a folder that the process writes to: it is there, may be written,
 * and has at least `free_min` bytes left. */
void checkup_folder(struct checkup *checkup, const char *path,
                    int64_t free_min);
