/* refusals.h: every refusal code, its HTTP status and its texts. Services give
 * codes, the gateway turns them into problem documents; the documents and tests
 * read the table. A code is never renamed and never gets a second meaning. The
 * texts name no person and no system inside. */
#pragma once

#include <stddef.h>

struct refusal {
    const char *code;
    int status;         /* HTTP */
    const char *title;  /* zh-TW, one phrase */
    const char *detail; /* zh-TW, the problem and the next step */
    const char *title_en;
};

/* All of them, sorted by code. */
size_t refusal_count(void);
const struct refusal *refusal_at(size_t index);

/* The row of a code; NULL when it is none. */
const struct refusal *refusal_find(const char *code);
