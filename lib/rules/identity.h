/* identity.h: recognizes and checks the numbers that join everything (B19):
 * the national ID number and the two generations of 統一證號. Called wherever a
 * number is entered. Never says whose number it is, and never promises that a
 * slip is caught: the sum lets every swap of the last two digits pass.
 * Serves T3; the dates of T3 come from the caller's configuration. */
#pragma once

#include "attributes.h"
#include "rules/word.h"

#include <stdint.h>

/* A checked number has ten characters. */
#define IDENTITY_LENGTH 10

/* The usual dates, midnight in Taipei, in microseconds since 1970 UTC. */
#define IDENTITY_UI_FROM_DEFAULT  INT64_C(1753977600000000) /* 2025-08-01 */
#define IDENTITY_OLD_VOID_DEFAULT INT64_C(1924963200000000) /* 2031-01-01 */

enum number_kind {
    NUMBER_KIND_UNSPECIFIED = 0,
    NUMBER_NATIONAL = 1, /* 國民身分證統一編號 */
    NUMBER_UI_NEW = 2,   /* 統一證號 since 2021: second character 8 or 9 */
    NUMBER_UI_OLD = 3,   /* 統一證號 before: second character A to D */
};

/* The sex that the number gives. */
enum number_sex {
    NUMBER_SEX_UNSPECIFIED = 0,
    NUMBER_SEX_MALE = 1,
    NUMBER_SEX_FEMALE = 2,
};

extern const struct words number_kind_words;
extern const struct words number_sex_words;

enum identity_verdict {
    IDENTITY_OK,
    IDENTITY_INVALID, /* no number of any kind, or a wrong sum */
    IDENTITY_NOT_YET, /* a 統一證號 before the system takes them (T3) */
    IDENTITY_VOID,    /* an old 統一證號 after its last day */
};

/* Configuration: from when 統一證號 are taken, from when old ones are void. */
struct identity_dates {
    int64_t ui_from;
    int64_t old_void_from;
};

struct identity_number {
    char text[IDENTITY_LENGTH + 1]; /* normalized: ASCII, upper case */
    enum number_kind kind;
    enum number_sex sex;
};

/* Trims, turns full width to ASCII and upper case, recognizes the kind, checks
 * the sum, then the dates at the instant `at` (µs). `ret` is untouched for
 * IDENTITY_INVALID and filled for the others, so that the answer can name the
 * kind. */
WARN_UNUSED enum identity_verdict
identity_check(const char *input, const struct identity_dates *dates,
               int64_t at, struct identity_number *ret);

/* The refusal code of a verdict, NULL for IDENTITY_OK. */
const char *identity_refusal(enum identity_verdict verdict);

/* Masks the last four characters (A12345****). A text that is not ten ASCII
 * characters becomes ten asterisks. */
void identity_mask(const char *number, char ret[IDENTITY_LENGTH + 1]);
