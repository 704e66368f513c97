/* organization.h: kinds, groups and states of organizations, and the counties.
 * Called by both services, the gateway's forms and the import. Kind, county
 * and managing centre are columns; nothing here is derived from a code.
 * Serves O1, O3, B10. */
#pragma once

#include "rules/word.h"

enum organization_kind {
    KIND_UNSPECIFIED = 0,
    KIND_PRIMARY_SCHOOL = 1,
    KIND_JUNIOR_HIGH = 2,
    KIND_SENIOR_HIGH = 3,
    KIND_SPECIAL_SCHOOL = 4,
    KIND_KINDERGARTEN = 5, /* branches too: they have a parent_code */
    KIND_UNIVERSITY = 6,
    KIND_LEGAL_PERSON = 7,
    KIND_SOCIAL_EDUCATION = 8,
    KIND_REGIONAL_CENTRE = 9, /* 教育局/處 */
    KIND_PLATFORM = 10,       /* the national operator */
};

/* The group, not the kind, decides the approvers. */
enum organization_group {
    GROUP_NONE,
    GROUP_K12,    /* B8, B9; has teachers (T4) */
    GROUP_HIGHER, /* B10: only OPERATOR, added by the platform */
    GROUP_CENTRE,
    GROUP_PLATFORM,
};

enum organization_state {
    ORGANIZATION_STATE_UNSPECIFIED = 0,
    ORGANIZATION_ACTIVE = 1,
    ORGANIZATION_SUSPENDED = 2,
    ORGANIZATION_CLOSED = 3,
    ORGANIZATION_MERGED_INTO = 4,
};

extern const struct words organization_kind_words;
extern const struct words organization_state_words;

/* The group of a kind; GROUP_NONE for a value that is no kind. */
enum organization_group organization_group_of(enum organization_kind kind);

/* Whether teacher records may be kept at such a unit (T4). */
bool organization_has_teachers(enum organization_kind kind);

/* Whether new people, accounts and courses may start here (O3). */
bool organization_is_open(enum organization_state state);

/* Whether the unit has ended: its accounts are left to be deleted (O3, B13). */
bool organization_is_over(enum organization_state state);

/* The kind that a word of a list names: the API name, the label or a word of
 * real lists (國小, 國中, 高中, 幼兒園分班 …). Width, blanks and 臺/台 do not
 * matter. False if unknown. */
WARN_UNUSED bool organization_kind_from_text(const char *text,
                                             enum organization_kind *ret_kind);

/* Bytes that an organization's code needs, with its NUL: 16 characters (O1). */
#define ORGANIZATION_CODE_SIZE 17

/* The one form of a typed code: without outer blanks, full width as ASCII,
 * capital letters. False if it is no code: 1 to 16 letters, digits and hyphens;
 * `ret` is then untouched. */
WARN_UNUSED bool organization_code_read(const char *text,
                                        char ret[ORGANIZATION_CODE_SIZE]);

/* Whether a code is in that form already. */
WARN_UNUSED bool organization_code_ok(const char *code);

/* A county or city, code as in ISO 3166-2:TW. */
struct county {
    const char *code;
    const char *name;
};

#define COUNTIES 22

/* All of them, in the order of official lists. */
extern const struct county counties[COUNTIES];

/* Whether a text is a county's name as the table has it. */
WARN_UNUSED bool county_is_stored(const char *name);

/* The county of a code or name (臺 and 台 alike); NULL when unknown. */
const struct county *county_find(const char *text);
