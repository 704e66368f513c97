/* code_table.c: see code_table.h. Called by routes 84 and 85. The tag is not
 * the table's version: the same version shows other rows on another day, and a
 * title shows the sets it is in, which are rows of another table.
 */
#include "gateway/code_tables/code_table.h"

#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/seal.h"

#include "rules/day.h"

static const struct {
    const char *table, *label;
} labels[] = {
    {"stage", "任教階段"},       {"subject", "任教科目"},
    {"subject_group", "領域"},   {"title", "職稱"},
    {"title_class", "人員類別"}, {"title_set", "職稱群組"},
};

const char *
code_table_label(const char *table)
{
    for (size_t i = 0; i < COUNT_OF(labels); i++)
        if (strcmp(labels[i].table, table) == 0)
            return labels[i].label;
    return NULL;
}

const char *
code_table_day(struct http_request *request)
{
    const char *asked = http_query(request, "on", 0);

    return asked != NULL ? asked
                         : day_text(day_of(clock_now()),
                                    arena_alloc(request->arena, DAY_TEXT));
}

void
code_table_answer(struct http_request *request, struct http_response *response)
{
    enum { TAG_BYTES = 12 };
    uint8_t digest[SEAL_DIGEST];
    char tag[2 * TAG_BYTES + 1];

    seal_digest(response->body.data, response->body.size, digest);
    http_set_header(response, "ETag",
                    arena_printf(request->arena, "\"%s\"",
                                 seal_hex(digest, TAG_BYTES, tag)));
    http_answer(response, 200);
}
