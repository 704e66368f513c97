/* Sealing: opens with its key in its place only; keys rotate; bad files end
 * the start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "chassis/base/seal.h"

static const char number[] = "A123456789";
enum { NUMBER = sizeof(number) - 1, SEALED = NUMBER + SEAL_OVERHEAD };

static char folder[64];
static char error[256];

static int
make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/seal_test.XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
remove_folder(void **state)
{
    (void)state;
    char path[128];
    for (int id = 1; id <= 9; id++) {
        snprintf(path, sizeof(path), "%s/identity-%d.key", folder, id);
        unlink(path);
    }
    return rmdir(folder);
}

static void
write_key(int id, const char *text, mode_t mode)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/identity-%d.key", folder, id);
    unlink(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static struct seal_keys *
open_keys(void)
{
    error[0] = '\0';
    return seal_keys_open(folder, "identity", error);
}

static struct seal_keys *
make_keys(void)
{
    assert_true(seal_keys_make(folder, "identity", error));
    return open_keys();
}

static void
a_sealed_number_opens_in_its_place_only(void **state)
{
    (void)state;
    struct seal_keys *keys = make_keys();
    assert_non_null(keys);
    uint8_t sealed[SEALED], again[SEALED];
    char plain[NUMBER];
    seal_close(keys, "identity/p1", number, NUMBER, sealed);
    seal_close(keys, "identity/p1", number, NUMBER, again);
    assert_memory_not_equal(sealed, again, SEALED);
    assert_true(
        seal_open(keys, "identity/p1", sealed, SEALED, (uint8_t *)plain));
    assert_memory_equal(plain, number, NUMBER);
    assert_false(
        seal_open(keys, "identity/p2", sealed, SEALED, (uint8_t *)plain));
    assert_false(
        seal_open(keys, "identity/p1", sealed, SEALED - 1, (uint8_t *)plain));
    assert_false(seal_open(keys, "identity/p1", sealed, SEAL_OVERHEAD - 1,
                           (uint8_t *)plain));
    for (size_t i = 0; i < SEALED; i++) {
        sealed[i] ^= 1;
        assert_false(
            seal_open(keys, "identity/p1", sealed, SEALED, (uint8_t *)plain));
        sealed[i] ^= 1;
    }
    seal_keys_free(keys);
}

static void
keys_are_created_once_and_owner_only(void **state)
{
    (void)state;
    char path[128];
    struct stat stat_;
    uint8_t first[SEAL_DIGEST], second[SEAL_DIGEST];

    assert_null(open_keys());
    assert_non_null(strstr(error, "holds no key"));
    struct seal_keys *keys = make_keys();
    assert_non_null(keys);
    seal_mac(keys, number, first);
    seal_keys_free(keys);
    snprintf(path, sizeof(path), "%s/identity-1.key", folder);
    assert_int_equal(stat(path, &stat_), 0);
    assert_int_equal(stat_.st_mode & 0777, 0600);

    keys = make_keys();
    seal_mac(keys, number, second);
    assert_memory_equal(first, second, SEAL_DIGEST);
    seal_keys_free(keys);
}

#define HEX1 "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define HEX2 "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void
the_highest_key_seals_and_all_open(void **state)
{
    (void)state;
    uint8_t sealed[SEALED], mac[SEAL_DIGEST], same[SEAL_DIGEST];
    char plain[NUMBER];
    write_key(1, HEX1 "\n", 0600);
    struct seal_keys *keys = open_keys();
    assert_non_null(keys);
    seal_close(keys, "x", number, NUMBER, sealed);
    assert_int_equal(sealed[0], 1);
    seal_mac(keys, number, mac);
    seal_keys_free(keys);

    write_key(2, HEX2, 0440); /* as a mounted secret */
    keys = open_keys();
    assert_non_null(keys);
    assert_true(seal_open(keys, "x", sealed, SEALED, (uint8_t *)plain));
    seal_close(keys, "x", number, NUMBER, sealed);
    assert_int_equal(sealed[0], 2);
    seal_mac(keys, number, same); /* the first key's, forever */
    assert_memory_equal(mac, same, SEAL_DIGEST);
    seal_keys_free(keys);
}

static void
weak_key_files_end_the_start(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        mode_t mode;
        const char *error;
    } wrong[] = {
        {HEX1, 0660, "others than its owner"},
        {HEX1, 0650, "others than its owner"},
        {HEX1, 0604, "others than its owner"},
        {HEX1 "00", 0600, "is not 64 hexadecimal digits"},
        {"0001", 0600, "is not 64 hexadecimal digits"},
        {"", 0600, "is not 64 hexadecimal digits"},
        {"zz" HEX1, 0600, "is not 64 hexadecimal digits"},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        write_key(1, wrong[i].text, wrong[i].mode);
        assert_null(open_keys());
        assert_non_null(strstr(error, wrong[i].error));
        assert_null(strstr(error, "000102"));
        assert_false(seal_keys_make(folder, "identity", error));
    }
}

static void
a_key_of_a_foreign_group_ends_the_start(void **state)
{
    (void)state;
    char path[128];
    if (geteuid() != 0)
        skip(); /* only root may give a file to a group of others */
    write_key(1, HEX1, 0640);
    snprintf(path, sizeof(path), "%s/identity-1.key", folder);
    assert_int_equal(chown(path, (uid_t)-1, 54321), 0);
    assert_null(open_keys());
    assert_non_null(strstr(error, "none of this process"));
}

static void
a_mounted_secret_is_made_of_links(void **state)
{
    (void)state;
    char path[128], data[128];
    write_key(2, HEX1, 0440);
    snprintf(path, sizeof(path), "%s/identity-2.key", folder);
    snprintf(data, sizeof(data), "%s/identity-9.key", folder);
    assert_int_equal(rename(path, data), 0);
    assert_int_equal(symlink(data, path), 0);
    struct seal_keys *keys = open_keys();
    assert_non_null(keys);
    assert_int_equal(seal_keys_next(keys, 0), 2);
    seal_keys_free(keys);
}

static void
fingerprints_tell_keys_apart(void **state)
{
    (void)state;
    uint8_t first[SEAL_DIGEST], second[SEAL_DIGEST], again[SEAL_DIGEST];
    write_key(1, HEX1, 0600);
    write_key(2, HEX2, 0600);
    write_key(3, HEX1, 0600);
    struct seal_keys *keys = open_keys();
    assert_non_null(keys);
    assert_int_equal(seal_keys_next(keys, 0), 1);
    assert_int_equal(seal_keys_next(keys, 2), 3);
    assert_int_equal(seal_keys_next(keys, 3), 0);
    seal_keys_fingerprint(keys, 1, first);
    seal_keys_fingerprint(keys, 2, second);
    seal_keys_fingerprint(keys, 3, again);
    assert_memory_not_equal(first, second, SEAL_DIGEST);
    assert_memory_equal(first, again, SEAL_DIGEST);
    seal_keys_free(keys);
}

static void
known_values_stay(void **state)
{
    (void)state;
    static const uint8_t digest[SEAL_DIGEST] = {
        0xbd, 0xdd, 0x81, 0x3c, 0x63, 0x42, 0x39, 0x72, 0x31, 0x71, 0xef,
        0x3f, 0xee, 0x98, 0x57, 0x9b, 0x94, 0x96, 0x4e, 0x3b, 0xb1, 0xcb,
        0x3e, 0x42, 0x72, 0x62, 0xc8, 0xc0, 0x68, 0xd5, 0x23, 0x19};
    static const uint8_t wanted[SEAL_DIGEST] = {
        0x91, 0x07, 0x21, 0x31, 0x7c, 0xa0, 0x27, 0x49, 0x1d, 0x91, 0x1c,
        0xc4, 0x5f, 0x6a, 0x1d, 0x24, 0x24, 0x42, 0xa0, 0x6a, 0x88, 0xd7,
        0x04, 0x15, 0xae, 0xca, 0x90, 0x93, 0x61, 0xfb, 0x46, 0xca};
    uint8_t got[SEAL_DIGEST];
    seal_digest("abc", 3, got);
    assert_memory_equal(got, digest, SEAL_DIGEST);

    write_key(1, HEX1, 0600);
    struct seal_keys *keys = open_keys();
    assert_non_null(keys);
    seal_mac(keys, number, got);
    assert_memory_equal(got, wanted, SEAL_DIGEST);
    seal_keys_free(keys);
}

static void
tokens_and_codes_are_well_formed(void **state)
{
    (void)state;
    char token[SEAL_TOKEN_TEXT], other[SEAL_TOKEN_TEXT], code[7];
    uint8_t digest[SEAL_DIGEST], again[SEAL_DIGEST];
    seal_token(token, digest);
    seal_token(other, again);
    assert_int_equal(strlen(token), SEAL_TOKEN_TEXT - 1);
    assert_string_not_equal(token, other);
    seal_digest(token, strlen(token), again);
    assert_memory_equal(digest, again, SEAL_DIGEST);
    for (int i = 0; i < 100; i++) {
        seal_code(code);
        assert_int_equal(strspn(code, "0123456789"), 6);
        assert_int_equal(strlen(code), 6);
    }
}

static void
passwords_are_hashed_and_verified(void **state)
{
    (void)state;
    char hash[128], other[128], longest[200];
    assert_true(seal_password_hash("correct horse", hash));
    assert_true(seal_password_hash("correct horse", other));
    assert_string_not_equal(hash, other);
    assert_non_null(strstr(hash, "$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_true(seal_password_verify(hash, "correct horse"));
    assert_false(seal_password_verify(hash, "correct hors"));
    assert_false(seal_password_verify("", "correct horse"));
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    assert_false(seal_password_verify(longest, "correct horse"));
}

static void
bytes_are_written_as_hexadecimal_digits_and_read_back(void **state)
{
    const uint8_t bytes[] = {0x00, 0x9f, 0xff};
    uint8_t read[3] = {0};
    char text[7];

    (void)state;
    assert_ptr_equal(seal_hex(bytes, sizeof(bytes), text), text);
    assert_string_equal(text, "009fff");
    assert_true(seal_unhex("009fff", 3, read));
    assert_memory_equal(read, bytes, sizeof(bytes));
    assert_false(seal_unhex("009FFF", 3, read)); /* another spelling */
    assert_false(seal_unhex("009ff", 3, read));
    assert_false(seal_unhex("009fff0", 3, read));
    assert_false(seal_unhex("009ffg", 3, read));
    assert_false(seal_unhex("", 3, read));
}

#define IN_FOLDER(test)                                                        \
    cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_sealed_number_opens_in_its_place_only),
        IN_FOLDER(keys_are_created_once_and_owner_only),
        IN_FOLDER(the_highest_key_seals_and_all_open),
        IN_FOLDER(weak_key_files_end_the_start),
        IN_FOLDER(a_key_of_a_foreign_group_ends_the_start),
        IN_FOLDER(a_mounted_secret_is_made_of_links),
        IN_FOLDER(fingerprints_tell_keys_apart),
        IN_FOLDER(known_values_stay),
        cmocka_unit_test(tokens_and_codes_are_well_formed),
        cmocka_unit_test(bytes_are_written_as_hexadecimal_digits_and_read_back),
        cmocka_unit_test(passwords_are_hashed_and_verified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
