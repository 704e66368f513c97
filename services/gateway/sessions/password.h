/* Shared by password.c and password_guess.c. Passwords arrive prepared
 * (form_secret) and folded, so that case and width hide nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

/* Code points that are checked; further ones cannot weaken a password. */
enum { PASSWORD_CODES = 256 };

/* Bits of the cheapest way to guess a folded password. `known`: folded texts
 * that a guesser has about the holder; none may be NULL. */
int password_bits(const char *folded, const char *const *known,
                  size_t known_count);
