/* word.c: look-ups in the tables of words. Linear, because no table has more
 * than a dozen rows. Called through word.h; never changes anything. */
#include "rules/word.h"

#include <string.h>

static const struct word *
row_of(const struct words *words, int value)
{
    for (size_t i = 0; i < words->count; i++)
        if (words->rows[i].value == value)
            return &words->rows[i];
    return NULL;
}

const char *
word_name(const struct words *words, int value)
{
    const struct word *row = row_of(words, value);

    return row ? row->name : NULL;
}

const char *
word_label(const struct words *words, int value)
{
    const struct word *row = row_of(words, value);

    return row ? row->label : NULL;
}

bool
word_value(const struct words *words, const char *name, int *ret_value)
{
    for (size_t i = 0; i < words->count; i++) {
        if (strcmp(words->rows[i].name, name) != 0)
            continue;
        *ret_value = words->rows[i].value;
        return true;
    }
    return false;
}
