/* Shared by the fuzzers: the entry libFuzzer calls, and insist(), which ends
 * the process when a promise is broken, so that libFuzzer keeps the input. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static inline void
insist(bool holds)
{
    if (!holds)
        abort();
}

/* An exact copy with a NUL after it, so that the sanitizer sees each byte too
 * far; the caller frees it. */
static inline char *
fuzz_text(const uint8_t *data, size_t n)
{
    char *text = malloc(n + 1);

    insist(text != NULL);
    if (n > 0)
        memcpy(text, data, n);
    text[n] = '\0';
    return text;
}
