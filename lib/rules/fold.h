/* fold.h: brings text from people to one form before it is compared, searched
 * or used as a key; checks the shape of e-mail addresses and telephone numbers.
 * Called by the gateway on every form and by both services for search columns
 * and login claims. Never identifies a person. Serves O1 (臺/台), T9 (search),
 * B14 (login names). */
#pragma once

#include "attributes.h"

#include <stdbool.h>
#include <stddef.h>

/* Shortest and longest login name, in characters. */
#define LOGIN_LENGTH_MIN 3
#define LOGIN_LENGTH_MAX 32

/* A buffer that always suffices for a fold of `length` bytes. */
size_t fold_room(size_t length);

/* The form of ASCII fields (codes, numbers, telephone numbers, addresses):
 * without invisible characters and outer blanks, compatibility characters as
 * plain ones (NFKC, so full width becomes ASCII), one character each for
 * apostrophes and hyphens. Case stays. False if the input is ill-formed UTF-8,
 * has over 4,000 code points or does not fit; `ret` is then untouched. */
WARN_UNUSED bool fold_width(const char *input, char *ret, size_t size);

/* The form in which names are compared and searched: canonical and
 * compatibility equivalence, full case folding (ß as ss), no invisible
 * characters, one character each for apostrophes, hyphens and interpuncts (a
 * full stop between Han characters is one), 臺 as 台, ○ as 〇. A run of blanks
 * becomes one space, and is removed beside a script that writes without blanks
 * (two-character names are often typed with a gap). Failure as above. */
WARN_UNUSED bool fold_name(const char *input, char *ret, size_t size);

/* Names the rule above and the Unicode version of its tables, such as
 * "3/15.0.0". Stored folded forms are valid under one version only. */
#define FOLD_VERSION_TEXT 32
void fold_version(char ret[FOLD_VERSION_TEXT]);

/* Whether two names are equal when folded. False for a name that cannot be
 * folded or has more than 4,095 bytes when folded. */
WARN_UNUSED bool fold_same_name(const char *one, const char *other);

/* The form a login name is claimed in (B14): fold_width, lower case; letters,
 * digits and . _ - only, a letter or digit at both ends. False when it is no
 * login name. */
WARN_UNUSED bool fold_login(const char *input, char ret[LOGIN_LENGTH_MAX + 1]);

/* Whether mail could be sent there: local part, one @, a dotted domain. */
WARN_UNUSED bool email_shape_ok(const char *email);

/* Whether a browser may follow it: http or https, or no scheme at all, as real
 * lists have it ("www.example.edu.tw"). Expects folded width. */
WARN_UNUSED bool website_shape_ok(const char *website);

/* Whether this could be dialled: 8 to 15 digits with the usual separators, and
 * perhaps an extension after #, 分機, 轉 or ext. Expects folded width. */
WARN_UNUSED bool phone_shape_ok(const char *phone);
