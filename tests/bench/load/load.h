/* Shared by the load generators: targets, and how they report. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* One line of a targets file, fields with tabs between: a teacher, their
 * school, and the officer of that school who acts. `version` is that of the
 * last answer.
 */
struct target {
    char *person_id, *organization, *officer_id, *officer_person, *token;
    int kind;
    int64_t version;
};

/* Reads a file; ends the program when it cannot be read or is empty. Lives as
 * long as the program. */
struct target *targets_read(const char *path, size_t *ret_count);

/* Prints one JSON object: counts, rate and latencies. Sorts `latency`
 * (microseconds). */
void load_report(int64_t *latency, size_t count, size_t failed,
                 int64_t duration);

/* Memory or the end of the program. */
void *load_alloc(size_t count, size_t size);
