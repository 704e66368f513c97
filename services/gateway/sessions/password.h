/* password.h: what password.c and password_guess.c share. Passwords come here
 * prepared (form_secret); folded, so that case and width hide nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "attributes.h"

/* Code points that are looked at; more make no password weaker. */
enum { PASSWORD_CODES = 256 };

/* Bits of the cheapest way to guess a folded password. `known`: folded texts
 * that a guesser knows of the holder; none may be NULL. */
int password_bits(const char *folded, const char *const *known,
                  size_t known_count);
