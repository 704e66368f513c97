/* fold.h: how text from people is brought to one form before it is compared,
 * searched or used as a key, and the shapes of e-mail addresses and telephone
 * numbers. Called by the gateway on every form and by both services for search
 * columns and login claims. Never decides who somebody is. Serves O1 (臺/台),
 * T9 (search), B14 (login names). */
#pragma once

#include "rules/attributes.h"

#include <stdbool.h>
#include <stddef.h>

/* Shortest and longest login name, in characters. */
#define LOGIN_LENGTH_MIN 3
#define LOGIN_LENGTH_MAX 32

/* Trims blanks at both ends and turns full-width ASCII into ASCII. False when
 * the input is ill-formed UTF-8 or does not fit; `ret` is then untouched. A
 * buffer as large as the input with its NUL always suffices. */
MUST_USE bool fold_width(const char *input, char *ret, size_t size);

/* The form that is searched: fold_width, 臺 as 台, ASCII in lower case, and a
 * run of blanks becomes one space between ASCII words and nothing beside other
 * scripts (two-character names are often typed with a gap). Failure as above.
 */
MUST_USE bool fold_name(const char *input, char *ret, size_t size);

/* Whether two names are the same as people type them: equal when folded. False
 * for what cannot be folded or has more than some 170 Han characters. */
MUST_USE bool fold_same_name(const char *one, const char *other);

/* The form a login name is claimed in (B14): fold_width, lower case; letters,
 * digits and . _ - only, a letter or digit at both ends. False when it is no
 * login name. */
MUST_USE bool fold_login(const char *input, char ret[LOGIN_LENGTH_MAX + 1]);

/* Whether this could be delivered to: local part, one @, a dotted domain. */
MUST_USE bool email_shape_ok(const char *email);

/* Whether this could be dialled: 8 to 15 digits with the usual signs, and
 * perhaps an extension after #, 分機, 轉 or ext. Expects folded width. */
MUST_USE bool phone_shape_ok(const char *phone);
