/* The proof of having applied, for applicants without an account.
 */
#pragma once

#include <stdbool.h>

#include "attributes.h"

enum { RECEIPT_TEXT = 65 }; /* 64 hexadecimal digits and the NUL */
/* Returned once, in the answer to POST /applications. The header `Receipt`
 * carries it when a caller without an account reads the application (route 14).
 */
void receipt_make(const char *account_id, char ret_receipt[RECEIPT_TEXT]);
bool receipt_matches(const char *account_id, const char *receipt) WARN_UNUSED;
