/* See process_metrics.h. Called by GET /metrics and by `metrics`.
 *
 * Reads the process's own folder in /proc only, because units hide the rest. */
#include "chassis/base/process_metrics.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "attributes.h"
#include "chassis/base/clock.h"

enum { CPU, RESIDENT, FDS, START, VALUES };

static const struct {
    const char *name, *type, *help;
} rows[VALUES] = {
    [CPU] = {"process_cpu_seconds_total", "counter",
             "Seconds of CPU time that the process has used."},
    [RESIDENT] = {"process_resident_memory_bytes", "gauge",
                  "Memory of the process that is in RAM."},
    [FDS] = {"process_open_fds", "gauge", "Open file descriptors."},
    [START] = {"process_start_time_seconds", "gauge",
               "When the process started, in seconds since 1970."},
};

static double
seconds_of(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Fields 22 (start, in ticks since boot) and 24 (pages) of `stat`. */
static bool
read_stat(unsigned long long *ret_start, long *ret_pages)
{
    char line[1024];
    FILE *file = fopen("/proc/self/stat", "re");
    bool fine = file != NULL && fgets(line, sizeof line, file) != NULL;
    const char *after = fine ? strrchr(line, ')') : NULL;

    if (file != NULL)
        fclose(file);
    return after != NULL &&
           sscanf(after + 1,
                  " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d "
                  "%*d %*d %*d %*d %*d %llu %*u %ld",
                  ret_start, ret_pages) == 2;
}

static int
count_fds(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = -3; /* ".", ".." and the folder itself */

    if (folder == NULL)
        return 0;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

void
process_metrics_print(struct bytes *out)
{
    unsigned long long start = 0;
    double values[VALUES] = {0};
    long pages = 0;

    if (!read_stat(&start, &pages))
        return;
    values[CPU] = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    values[RESIDENT] = (double)pages * (double)sysconf(_SC_PAGESIZE);
    values[FDS] = count_fds();
    values[START] = (double)clock_now() / 1e6 - seconds_of(CLOCK_BOOTTIME) +
                    (double)start / (double)sysconf(_SC_CLK_TCK);
    for (size_t i = 0; i < VALUES; i++)
        bytes_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.*f\n", rows[i].name,
                     rows[i].help, rows[i].name, rows[i].type, rows[i].name,
                     i == RESIDENT || i == FDS ? 0 : 3, values[i]);
}

void
process_metrics_document(FILE *out)
{
    for (size_t i = 0; i < VALUES; i++)
        fprintf(out, "| `%s` | %s |  | %s |\n", rows[i].name, rows[i].type,
                rows[i].help);
}
