/* codes.c: see codes.h. Called by text.c and fold.c. Never allocates. */
#include "rules/codes.h"

#include "rules/utf8.h"

void
codes_push(struct codes *codes, uint32_t code)
{
    if (codes->count == CODES_MAX)
        codes->full = true;
    else
        codes->at[codes->count++] = (utf8proc_int32_t)code;
}

void
codes_push_decomposed(struct codes *codes, uint32_t code,
                      utf8proc_option_t options)
{
    size_t room = CODES_MAX - codes->count;
    int last_class = UTF8PROC_BOUNDCLASS_START;
    utf8proc_ssize_t length = utf8proc_decompose_char(
        (utf8proc_int32_t)code, codes->at + codes->count,
        (utf8proc_ssize_t)room, options, &last_class);

    if (length < 0 || (size_t)length > room)
        codes->full = true;
    else
        codes->count += (size_t)length;
}

void
codes_trim(struct codes *codes)
{
    size_t first = 0;

    while (codes->count > 0 &&
           utf8_is_blank((uint32_t)codes->at[codes->count - 1]))
        codes->count--;
    while (first < codes->count && utf8_is_blank((uint32_t)codes->at[first]))
        first++;
    for (size_t i = first; first > 0 && i < codes->count; i++)
        codes->at[i - first] = codes->at[i];
    codes->count -= first;
}

static int
combining_class(utf8proc_int32_t code)
{
    return utf8proc_get_property(code)->combining_class;
}

/* Insertion sort within each run of marks, which are short. */
void
codes_order(struct codes *codes)
{
    for (size_t i = 1; i < codes->count; i++) {
        utf8proc_int32_t code = codes->at[i];
        int class = combining_class(code);
        size_t to = i;
        while (class > 0 && to > 0 &&
               combining_class(codes->at[to - 1]) > class)
            to--;
        for (size_t k = i; k > to; k--)
            codes->at[k] = codes->at[k - 1];
        codes->at[to] = code;
    }
}

void
codes_compose(struct codes *codes)
{
    utf8proc_ssize_t count = utf8proc_normalize_utf32(
        codes->at, (utf8proc_ssize_t)codes->count,
        (utf8proc_option_t)(UTF8PROC_COMPOSE | UTF8PROC_STABLE));

    codes->count = (size_t)count;
}

bool
codes_write(const struct codes *codes, char *ret, size_t size)
{
    size_t need = 1, used = 0;
    char bytes[4];

    if (codes->full)
        return false;
    for (size_t i = 0; i < codes->count; i++)
        need += utf8_put((uint32_t)codes->at[i], bytes, sizeof bytes);
    if (need > size)
        return false;
    for (size_t i = 0; i < codes->count; i++)
        used += utf8_put((uint32_t)codes->at[i], ret + used, size - used);
    ret[used] = '\0';
    return true;
}
