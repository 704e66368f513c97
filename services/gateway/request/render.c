/* render.c: see render.h. Called by every reading handler and by the views that
 * prepare documents. Writing by hand costs a tenth of building a tree, and
 * reading by id is measured by it. Allocates in its buffer only. */
#include "gateway/request/render.h"

#include "chassis/base/clock.h"

/* Masked texts come from forms: none is longer (form.h). */
enum { MASKED_SIZE = 512 };

/* Writes the comma between members, except before the first. */
static void
json_begin(struct bytes *out, const char *name)
{
    char last = out->size > 0 ? out->data[out->size - 1] : '{';

    if (last != '{' && last != '[')
        bytes_add_char(out, ',');
    if (name == NULL)
        return;
    bytes_add_char(out, '"');
    bytes_add_text(out, name);
    bytes_add(out, "\":", 2);
}

void
json_open(struct bytes *out, const char *name, char bracket)
{
    json_begin(out, name);
    bytes_add_char(out, bracket);
}

void
json_close(struct bytes *out, char bracket)
{
    bytes_add_char(out, bracket);
}

void
json_reopen(struct bytes *out)
{
    out->size--;
}

void
json_text(struct bytes *out, const char *name, const char *text)
{
    json_begin(out, name);
    bytes_add_json(out, text != NULL && text[0] != '\0' ? text : NULL);
}

void
json_plain(struct bytes *out, const char *name, const char *text)
{
    json_begin(out, name);
    bytes_add_json(out, text);
}

void
json_masked(struct bytes *out, const char *name, const char *text, bool shown,
            mask_text *mask)
{
    char masked[MASKED_SIZE] = "";

    if (shown || text == NULL || text[0] == '\0')
        json_text(out, name, text);
    else
        json_text(out, name, mask(text, masked, sizeof masked) ? masked : NULL);
}

void
json_int(struct bytes *out, const char *name, int64_t value)
{
    json_begin(out, name);
    bytes_printf(out, "%lld", (long long)value);
}

void
json_bool(struct bytes *out, const char *name, bool value)
{
    json_begin(out, name);
    bytes_add_text(out, value ? "true" : "false");
}

void
json_time(struct bytes *out, const char *name, int64_t at)
{
    char text[28];

    json_text(out, name, at == INT64_MIN ? NULL : clock_text(at, text));
}

void
json_word(struct bytes *out, const char *name, const struct words *words,
          int value)
{
    json_text(out, name, word_name(words, value));
}

void
json_bits(struct bytes *out, const char *name, const struct words *words,
          unsigned set)
{
    json_open(out, name, '[');
    for (size_t i = 0; i < words->count; i++)
        if (set & (unsigned)words->rows[i].value)
            json_text(out, NULL, words->rows[i].name);
    json_close(out, ']');
}

void
json_texts(struct bytes *out, const char *name, char *const *texts,
           size_t count)
{
    json_open(out, name, '[');
    for (size_t i = 0; i < count; i++)
        json_text(out, NULL, texts[i]);
    json_close(out, ']');
}

void
json_raw(struct bytes *out, const char *name, const char *json)
{
    json_begin(out, name);
    bytes_add_text(out, json != NULL ? json : "null");
}
