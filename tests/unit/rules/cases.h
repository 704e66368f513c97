/* cases.h: what every test of the rules includes: cmocka with what it needs,
 * and where the shared data lie. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attributes.h"

/* Opens a file of public data, below INSERVICE_SHARED (../shared). A checkout
 * without it says so and skips the test. */
static inline FILE *
open_shared(const char *name)
{
    const char *folder = getenv("INSERVICE_SHARED");
    char path[512];

    snprintf(path, sizeof path, "%s/%s", folder ? folder : "../shared", name);
    FILE *file = fopen(path, "r");
    if (!file) {
        print_message("SKIPPED: no %s (set INSERVICE_SHARED)\n", path);
        skip();
    }
    return file;
}

/* The text up to a sign, cut off in place; moves the cursor past it. */
static inline char *
take_field(char **cursor, char sign)
{
    char *field = *cursor;
    char *end = field + strcspn(field, (char[]){sign, '\n', '\r', '\0'});

    *cursor = end + (*end != '\0');
    *end = '\0';
    return field;
}
