/* code_list.h: codes of code tables and units, and lists of codes as one text
 * with a space between. Called by all services. Never allocates. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

/* Of a code of a code table; its longest is CODE_MAX characters. */
enum { CODE_MAX = 32 };

/* Letters, digits, "_" and "-", at least one, at most `max`. */
bool code_ok(const char *code, size_t max) WARN_UNUSED;

/* Bytes for the text of these codes. */
size_t code_list_room(char *const *codes, size_t count);
/* Writes each code once, none that is empty; returns `ret_list`. */
char *code_list_join(char *const *codes, size_t count, char *ret_list);
/* Cuts the text into at most `max` codes; returns how many. NULL has none. */
size_t code_list_split(char *list, char **ret_codes, size_t max);
/* Whether the text has this code; NULL has none. */
bool code_list_has(const char *list, const char *code) WARN_UNUSED;
/* Whether the text has these codes and no other; NULL has none. */
bool code_list_is(const char *list, char *const *codes,
                  size_t count) WARN_UNUSED;
