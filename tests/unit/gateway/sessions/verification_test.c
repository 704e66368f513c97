/* verification_test.c: a code's MAC belongs to its verification alone, and
 * codes are six digits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/gateway.h"
#include "gateway/sessions/sessions.h"

static const char first[] = "01a20b98-b82e-7333-b1ee-c2d9a48eec17";
static const char second[] = "01a20b98-b82e-7333-b1ee-c2d9a48eec18";

static void
test_mac_of_a_code(void **state)
{
    uint8_t one[SEAL_DIGEST];
    uint8_t same[SEAL_DIGEST];
    uint8_t other[SEAL_DIGEST];

    (void)state;
    verification_code_mac(first, "012345", one);
    verification_code_mac(first, "012345", same);
    assert_memory_equal(one, same, sizeof one);
    verification_code_mac(first, "012346", other);
    assert_memory_not_equal(one, other, sizeof one);
    verification_code_mac(second, "012345", other);
    assert_memory_not_equal(one, other, sizeof one);
}

/* The same code gives the same proof; another code or verification does not,
 * and the proof is not the MAC that stands in the table. */
static void
test_f07_a_code_is_one_proof(void **state)
{
    char one[VERIFICATION_TOKEN_TEXT];
    char other[VERIFICATION_TOKEN_TEXT];
    char stored[VERIFICATION_TOKEN_TEXT];
    uint8_t mac[SEAL_DIGEST];

    (void)state;
    verification_token(first, "012345", one);
    verification_token(first, "012345", other);
    assert_string_equal(one, other);
    assert_int_equal(strlen(one), VERIFICATION_TOKEN_TEXT - 1);
    verification_token(first, "012346", other);
    assert_string_not_equal(one, other);
    verification_token(second, "012345", other);
    assert_string_not_equal(one, other);
    verification_code_mac(first, "012345", mac);
    session_id_text(mac, stored);
    assert_string_not_equal(one, stored);
}

static void
test_codes_are_six_digits(void **state)
{
    char code[7];
    char before[7] = "";
    int changes = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        seal_code(code);
        assert_int_equal(strspn(code, "0123456789"), 6);
        assert_int_equal(code[6], '\0');
        changes += strcmp(code, before) != 0;
        memcpy(before, code, sizeof code);
    }
    assert_true(changes > 990);
}

static int
open_keys(void **state)
{
    static char folder[] = "/tmp/inservice-keys-XXXXXX";
    char error[256];

    if (mkdtemp(folder) == NULL)
        return 1;
    assert_true(seal_keys_make(folder, "token", error));
    gateway.token_keys = seal_keys_open(folder, "token", error);
    *state = folder;
    return gateway.token_keys == NULL;
}

static int
remove_keys(void **state)
{
    char path[300];

    seal_keys_free(gateway.token_keys);
    snprintf(path, sizeof path, "%s/token-1.key", (char *)*state);
    unlink(path);
    rmdir(*state);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mac_of_a_code),
        cmocka_unit_test(test_f07_a_code_is_one_proof),
        cmocka_unit_test(test_codes_are_six_digits),
    };
    return cmocka_run_group_tests(tests, open_keys, remove_keys);
}
