/* word.h: how a table of words (an enum member, its name in the API, its label
 * for people) is looked up. The tables are in role.h, organization.h and
 * post.h; services, views and generated documents read them. Zero is
 * UNSPECIFIED in every enum and never a word. */
#pragma once

#include "attributes.h"

#include <stdbool.h>
#include <stddef.h>

struct word {
    int value;         /* equals the number in the contracts */
    const char *name;  /* in the API, stable */
    const char *label; /* zh-TW, for people */
};

struct words {
    const char *title; /* the table's subject, for documents */
    const struct word *rows;
    size_t count;
};

/* The name or label of a value, NULL when it is not in the table. */
const char *word_name(const struct words *words, int value);
const char *word_label(const struct words *words, int value);

/* The value of an exact name. False when unknown; `ret` is then untouched. */
WARN_UNUSED bool word_value(const struct words *words, const char *name,
                            int *ret_value);
