/* receipt.c: proof of having applied, for applicants without an account (route
 * 14).
 *
 * A keyed digest of the application's id: it is not stored, cannot be guessed
 * and is valid for one application only. Made once, in the answer to the
 * application; compared here in constant time.
 */
#include "gateway/applications/receipt.h"

#include <stdio.h>
#include <string.h>

#include "gateway/gateway.h"

void
receipt_make(const char *account_id, char ret_receipt[RECEIPT_TEXT])
{
    char text[64];
    uint8_t mac[SEAL_DIGEST];

    snprintf(text, sizeof text, "receipt/%s", account_id);
    seal_mac(gateway.token_keys, text, mac);
    seal_hex(mac, sizeof mac, ret_receipt);
}

bool
receipt_matches(const char *account_id, const char *receipt)
{
    char right[RECEIPT_TEXT];
    unsigned char difference = 0;

    if (receipt == NULL || strlen(receipt) != RECEIPT_TEXT - 1)
        return false;
    receipt_make(account_id, right);
    for (size_t i = 0; i < RECEIPT_TEXT - 1; i++)
        difference |= (unsigned char)(right[i] ^ receipt[i]);
    return difference == 0;
}
