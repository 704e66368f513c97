/* Fuzzer of an import's dry run of organizations (O1, O4): headings, cells,
 * links between rows, the report. An even first byte puts a sound heading in
 * front, so that rows are reached at once. An unreadable file gets a fault; of
 * a readable one the states add up and the report is JSON. */
#include <jansson.h>

#include "chassis/base/arena.h"

#include "rules/field_faults.h"

#include "gateway/imports/unit_list.h"

#include "tests/fuzz/fuzz.h"

static const char heading[] =
    "code,name,kind,county,establishment,centre,parent,phone,email\n";

static void
insist_json(const char *text, size_t size)
{
    json_t *json =
        json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);

    insist(json != NULL);
    json_decref(json);
}

static void
insist_line(struct arena *arena, const struct unit_line *line)
{
    const char *cells = unit_cells_json(arena, line);
    const char *faults = unit_faults_json(arena, line);

    insist(line->fault_count <= UNIT_FAULTS_MAX);
    insist_json(cells, strlen(cells));
    if (faults != NULL)
        insist_json(faults, strlen(faults));
}

static void
insist_report(const struct unit_list *list)
{
    struct bytes report = {0};

    bytes_add_char(&report, '{');
    unit_list_report(list, &report);
    bytes_add_char(&report, '}');
    insist_json(report.data, report.size);
    bytes_free(&report);
}

static void
run_dry(struct arena *arena, const void *file, size_t size)
{
    struct unit_list list;
    struct file_fault fault = {.code = NULL};
    size_t sum = 0;

    if (!unit_list_read(&list, arena, file, size, &fault)) {
        insist(fault.code != NULL && cell_fault_text(fault.code) != NULL);
        return;
    }
    unit_list_link(&list, NULL, 0);
    for (size_t i = 0; i < COUNT_OF(list.in_state); i++)
        sum += list.in_state[i];
    insist(list.count > 0 && sum == list.count);
    for (size_t i = 0; i < list.count; i++)
        insist_line(arena, &list.lines[i]);
    insist_report(&list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    size_t front = data[0] % 2 == 0 ? sizeof heading - 1 : 0;
    char *file = malloc(front + n);
    struct arena *arena = arena_new(0);
    insist(file != NULL);
    memcpy(file, heading, front);
    memcpy(file + front, data + 1, n - 1);
    run_dry(arena, file, front + n - 1);
    free(file);
    arena_free(arena);
    return 0;
}
