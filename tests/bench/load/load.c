/* Targets and reports of the load generators; linked into each of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

void *
load_alloc(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (memory == NULL) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
    return memory;
}

static struct target
target_of(char *line)
{
    char *rest = line;
    char *fields[7] = {NULL};

    for (size_t i = 0; i < 7; i++) {
        fields[i] = strsep(&rest, "\t\n");
        if (fields[i] == NULL) {
            fprintf(stderr, "targets: a line of %zu fields\n", i);
            exit(1);
        }
    }
    return (struct target){
        .person_id = fields[0],
        .organization = fields[1],
        .kind = (int)strtol(fields[2], NULL, 10),
        .officer_id = fields[3],
        .officer_person = fields[4],
        .version = strtoll(fields[5], NULL, 10),
        .token = fields[6],
    };
}

struct target *
targets_read(const char *path, size_t *ret_count)
{
    FILE *file = fopen(path, "re");
    struct target *targets = NULL;
    size_t count = 0, size = 0;
    char line[512];

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (count == size) {
            size = size > 0 ? size * 2 : 1024;
            targets = realloc(targets, size * sizeof *targets);
        }
        char *copy = strdup(line);
        if (targets == NULL || copy == NULL)
            exit(1);
        targets[count++] = target_of(copy);
    }
    if (count == 0) {
        fprintf(stderr, "targets: nothing in %s\n", path);
        exit(1);
    }
    fclose(file);
    *ret_count = count;
    return targets;
}

static int
compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static double
part(const int64_t *latency, size_t count, size_t percent)
{
    return count > 0 ? (double)latency[count * percent / 100] / 1000 : 0;
}

void
load_report(int64_t *latency, size_t count, size_t failed, int64_t duration)
{
    double seconds = (double)duration / 1e6;

    qsort(latency, count, sizeof *latency, compare);
    printf("{\"count\": %zu, \"failed\": %zu, \"seconds\": %.3f, "
           "\"per_second\": %.1f, \"p50_ms\": %.3f, \"p99_ms\": %.3f, "
           "\"max_ms\": %.3f}\n",
           count, failed, seconds, (double)count / seconds,
           part(latency, count, 50), part(latency, count, 99),
           count > 0 ? (double)latency[count - 1] / 1000 : 0);
}
