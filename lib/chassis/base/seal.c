/* Sealing with libsodium: personal numbers, digests, tokens, passwords.
 *
 * Called by the gateway for identity numbers and credentials, by every service
 * for digests. Sealing and digesting under one key use two keys derived from
 * it, so neither reveals anything about the other. A value opens in its own
 * place only: place and key id are bound as associated data. Never logs a
 * value.
 */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "chassis/base/seal.h"
#include "chassis/base/seal_keys.h"

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    PLACE_MAX = 512,
    PASSWORD_PASSES = 2,
    PASSWORD_MEMORY = 19 * 1024 * 1024,
    TOKEN = 32,
};

_Static_assert(1 + NONCE + TAG == SEAL_OVERHEAD, "layout of a sealed value");
_Static_assert(crypto_pwhash_STRBYTES <= 128, "size of a stored hash");

/* Purposes of derived keys. */
enum use {
    USE_SEAL = 1,
    USE_MAC = 2,
};

static void
derive(const struct seal_keys *keys, int id, enum use use,
       uint8_t ret_key[SEAL_KEY])
{
    crypto_kdf_derive_from_key(ret_key, SEAL_KEY, use, "inservic",
                               keys->key[id]);
}

/* Associated data: key id and place. Returns its size; 0: the place is too
 * long. */
static size_t
bind_place(uint8_t id, const char *place, uint8_t ret_data[1 + PLACE_MAX])
{
    size_t size = strnlen(place, PLACE_MAX + 1);
    if (size > PLACE_MAX)
        return 0;
    ret_data[0] = id;
    memcpy(ret_data + 1, place, size);
    return 1 + size;
}

void
seal_close(const struct seal_keys *keys, const char *place, const void *plain,
           size_t size, uint8_t *ret_sealed)
{
    uint8_t key[SEAL_KEY];
    uint8_t data[1 + PLACE_MAX];
    uint8_t *nonce = ret_sealed + 1;
    size_t data_size = bind_place((uint8_t)keys->last, place, data);
    if (data_size == 0)
        abort(); /* places are made by the code */

    ret_sealed[0] = (uint8_t)keys->last;
    randombytes_buf(nonce, NONCE);
    derive(keys, keys->last, USE_SEAL, key);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        nonce + NONCE, NULL, plain, size, data, data_size, NULL, nonce, key);
    sodium_memzero(key, sizeof(key));
}

bool
seal_open(const struct seal_keys *keys, const char *place,
          const uint8_t *sealed, size_t size, uint8_t *ret_plain)
{
    if (size < SEAL_OVERHEAD || !keys->known[sealed[0]])
        return false;

    uint8_t key[SEAL_KEY];
    uint8_t data[1 + PLACE_MAX];
    size_t data_size = bind_place(sealed[0], place, data);
    if (data_size == 0)
        return false;
    derive(keys, sealed[0], USE_SEAL, key);
    int result = crypto_aead_xchacha20poly1305_ietf_decrypt(
        ret_plain, NULL, NULL, sealed + 1 + NONCE, size - 1 - NONCE, data,
        data_size, sealed + 1, key);
    sodium_memzero(key, sizeof(key));
    return result == 0;
}

void
seal_mac(const struct seal_keys *keys, const char *text,
         uint8_t ret_mac[SEAL_DIGEST])
{
    uint8_t key[SEAL_KEY];
    derive(keys, keys->first, USE_MAC, key);
    crypto_auth_hmacsha256(ret_mac, (const uint8_t *)text, strlen(text), key);
    sodium_memzero(key, sizeof(key));
}

void
seal_digest(const void *bytes, size_t size, uint8_t ret_digest[SEAL_DIGEST])
{
    crypto_generichash(ret_digest, SEAL_DIGEST, bytes, size, NULL, 0);
}

char *
seal_hex(const void *bytes, size_t size, char *ret_text)
{
    return sodium_bin2hex(ret_text, 2 * size + 1, bytes, size);
}

bool
seal_unhex(const char *text, size_t size, uint8_t *ret_bytes)
{
    return strlen(text) == 2 * size &&
           strspn(text, "0123456789abcdef") == 2 * size &&
           sodium_hex2bin(ret_bytes, size, text, 2 * size, NULL, NULL, NULL) ==
               0;
}

void
seal_token(char ret_token[SEAL_TOKEN_TEXT], uint8_t ret_digest[SEAL_DIGEST])
{
    uint8_t token[TOKEN];
    seal_start();
    randombytes_buf(token, sizeof(token));
    sodium_bin2base64(ret_token, SEAL_TOKEN_TEXT, token, sizeof(token),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(token, sizeof(token));
    seal_digest(ret_token, SEAL_TOKEN_TEXT - 1, ret_digest);
}

void
seal_code(char ret_code[7])
{
    seal_start();
    uint32_t code = randombytes_uniform(1000000);
    for (int i = 5; i >= 0; i--) {
        ret_code[i] = (char)('0' + code % 10);
        code /= 10;
    }
    ret_code[6] = '\0';
}

bool
seal_password_hash(const char *password, char ret_hash[128])
{
    seal_start();
    return crypto_pwhash_str_alg(ret_hash, password, strlen(password),
                                 PASSWORD_PASSES, PASSWORD_MEMORY,
                                 crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool
seal_password_verify(const char *hash, const char *password)
{
    seal_start();
    if (strnlen(hash, crypto_pwhash_STRBYTES) == crypto_pwhash_STRBYTES)
        return false;
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}
