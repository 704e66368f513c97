/* masking.h: what is shown of personal data to people who may know that
 * somebody exists, not who. Called by views, logs and mails; the same for all,
 * so that two masked lists never add up to the whole. Never shows more than
 * the rule: by grapheme, never bytes. ID numbers are in identity.h. */
#pragma once

#include "attributes.h"

#include <stdbool.h>
#include <stddef.h>

/* Names keep first and last, inside O (謝O威, 歐OO威); two characters keep the
 * first (王O); one becomes O. Names that do not begin and end with a Han
 * character show the first letter and three asterisks, and one character alone
 * the asterisks only. A character is a grapheme cluster, never a part of one;
 * blanks and invisible characters are none. The result has at most 3 bytes more
 * than the input. False when ill-formed or too long for `ret`, which stays
 * untouched. */
WARN_UNUSED bool mask_name(const char *name, char *ret, size_t size);

/* First character of the local part unless it is the only one, three asterisks,
 * the domain. Text that is no address becomes "***". False when it does not
 * fit. */
WARN_UNUSED bool mask_email(const char *email, char *ret, size_t size);

/* Digits become asterisks, except the first four and last two of eight or
 * more; signs stay. Anything that is not ASCII becomes an asterisk per byte,
 * so the result has the length of the input. False when it does not fit. */
WARN_UNUSED bool mask_phone(const char *phone, char *ret, size_t size);
