/* Fuzzer of files that people upload: decoding (UTF-8, CP950), then CSV record
 * by record (O3). For any input, text is well-formed, cells lie one after the
 * other inside the text, records are numbered, and a fault has a name.
 */
#include "chassis/base/arena.h"

#include "rules/utf8.h"

#include "gateway/imports/csv.h"
#include "gateway/imports/encoding.h"

#include "tests/fuzz/fuzz.h"

enum { CELLS_MAX = 8 };

static void
read_cells(char *const *cells, size_t count, const char **from, const char *end)
{
    insist(count > 0 && count <= CELLS_MAX);
    for (size_t i = 0; i < count; i++) {
        insist(cells[i] >= *from && cells[i] <= end);
        insist(utf8_valid(cells[i], strlen(cells[i])));
        *from = cells[i] + strlen(cells[i]);
        insist(*from <= end);
    }
}

static void
read_records(struct text *text)
{
    const char *from = text->data;
    char *cells[CELLS_MAX];
    size_t count = 0;
    enum csv_news news;
    int32_t records = 0;
    struct csv csv;

    csv_open(&csv, text->data, text->size);
    while ((news = csv_next(&csv, cells, CELLS_MAX, &count)) == CSV_RECORD) {
        insist(csv.record == ++records);
        read_cells(cells, count, &from, text->data + text->size);
    }
    insist((news == CSV_FAULT) == (csv.fault != NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *arena = arena_new(0);
    struct text text = {.data = NULL};

    if (text_decode(arena, data, n, &text)) {
        /* As large as promised: the text and one spare byte. */
        char *exact = fuzz_text((const uint8_t *)text.data, text.size);
        insist(utf8_valid(text.data, text.size) && text.encoding != NULL);
        read_records(&(struct text){exact, text.size, text.encoding});
        free(exact);
    }
    arena_free(arena);
    return 0;
}
