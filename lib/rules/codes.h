/* codes.h: a text as code points while it is normalized. Called by text.c and
 * fold.c only. The buffer is the caller's (on its stack), so that nothing is
 * allocated; a longer text sets `full`. Decomposition, order and composition
 * are those of libutf8proc. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <utf8proc.h>

enum { CODES_MAX = 4000 };

struct codes {
    utf8proc_int32_t at[CODES_MAX];
    size_t count;
    bool full;
};

void codes_push(struct codes *codes, uint32_t code);

/* Adds the decomposition of a code under these options of libutf8proc. */
void codes_push_decomposed(struct codes *codes, uint32_t code,
                           utf8proc_option_t options);

/* Removes blanks at both ends. */
void codes_trim(struct codes *codes);

/* Sorts runs of marks canonically, then composes. */
void codes_order(struct codes *codes);
void codes_compose(struct codes *codes);

/* Writes them as UTF-8 with a NUL. False: they do not fit, or were too many;
 * `ret` is then untouched. */
bool codes_write(const struct codes *codes, char *ret, size_t size);
