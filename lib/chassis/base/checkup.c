/* See checkup.h. Called by the host command `doctor` only. */
#include "chassis/base/checkup.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

PRINTF_LIKE(3, 0)
static void
line(const char *word, const char *part, const char *format, va_list values,
     const char *todo)
{
    printf("%-5s  %-9s ", word, part);
    vprintf(format, values);
    if (todo != NULL)
        printf(". Do: %s", todo);
    putchar('\n');
}

void
checkup_ok(struct checkup *checkup, const char *part, const char *format, ...)
{
    va_list values;

    (void)checkup;
    va_start(values, format);
    line("OK", part, format, values, NULL);
    va_end(values);
}

void
checkup_note(struct checkup *checkup, const char *part, const char *format, ...)
{
    va_list values;

    (void)checkup;
    va_start(values, format);
    line("NOTE", part, format, values, NULL);
    va_end(values);
}

void
checkup_skip(struct checkup *checkup, const char *part, const char *format, ...)
{
    va_list values;

    (void)checkup;
    va_start(values, format);
    line("-", part, format, values, NULL);
    va_end(values);
}

void
checkup_fault(struct checkup *checkup, const char *part, const char *todo,
              const char *format, ...)
{
    va_list values;

    checkup->ill = true;
    va_start(values, format);
    line("FAULT", part, format, values, todo);
    va_end(values);
}

void
checkup_folder(struct checkup *checkup, const char *path, int64_t free_min)
{
    struct statvfs disk;

    if (access(path, W_OK | X_OK) != 0 || statvfs(path, &disk) != 0) {
        checkup_fault(checkup, "disk",
                      "make the folder, and let the process's user write it",
                      "%s: %s", path, strerror(errno));
        return;
    }
    int64_t left = (int64_t)(disk.f_bavail * disk.f_frsize);
    if (left < free_min)
        checkup_fault(checkup, "disk", "free or add space",
                      "%s has %lld MiB left, and should have %lld", path,
                      (long long)(left >> 20), (long long)(free_min >> 20));
    else
        checkup_ok(checkup, "disk", "%s has %lld MiB left", path,
                   (long long)(left >> 20));
}
