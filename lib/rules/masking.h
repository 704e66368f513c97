/* masking.h: masks of personal data for readers who may know that a person
 * exists, not who it is. Called by views, logs and mails; the same for all, so
 * that two masked lists never add up to the whole. Masks graphemes, never
 * bytes. ID numbers are in identity.h. */
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

/* Keeps the first character of the local part unless it is the only one; then
 * three asterisks and the domain. A text that is no address becomes "***".
 * False if it does not fit. */
WARN_UNUSED bool mask_email(const char *email, char *ret, size_t size);

/* Digits become asterisks, except the first four and last two of eight or more;
 * separators stay. Each byte that is not ASCII becomes an asterisk, so the
 * result has the length of the input. False if it does not fit. */
WARN_UNUSED bool mask_phone(const char *phone, char *ret, size_t size);
