/* The proof of having applied, for applicants without an account.
 */
#pragma once

#include <stdbool.h>

#include "attributes.h"

enum { RECEIPT_TEXT = 65 }; /* 64 hexadecimal digits and the NUL */
/* Given once, in the answer to POST /applications; asked for in the header
 * `Receipt` by a caller who looks at it without an account (route 14). */
void receipt_make(const char *account_id, char ret_receipt[RECEIPT_TEXT]);
bool receipt_matches(const char *account_id, const char *receipt) WARN_UNUSED;
