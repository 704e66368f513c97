/* Sealing: encryption of personal numbers, keyed digests, password hashes.
 *
 * Keys live in a folder of files, named <purpose>-<key id>.key, 32 bytes in
 * hex. Only their owner may write them; their owner and a group of the process
 * may read them. Links are followed, because a mounted secret is made of them.
 * The highest key id seals, all of them open, so keys can be rotated. A sealed
 * value is key id (1 byte) | nonce (24) | XChaCha20-Poly1305 text and tag; it
 * is bound to its place (`place`: "identity/<person_id>") as associated data.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

enum { SEAL_OVERHEAD = 1 + 24 + 16, SEAL_DIGEST = 32, SEAL_TOKEN_TEXT = 44 };

struct seal_keys;

/* Makes key 1 of one purpose ("identity", "token" …) unless the folder has a
 * key of it; makes the folder, too. An installation makes its keys once and
 * copies them to every machine. False: `ret_error` has the reason. */
bool seal_keys_make(const char *folder, const char *purpose,
                    char ret_error[256]) WARN_UNUSED;
/* Reads the keys of one purpose. NULL: `ret_error` (256 bytes) has the reason
 * (none there: errno is ENOENT; unreadable, wrong mode, wrong length). */
struct seal_keys *seal_keys_open(const char *folder, const char *purpose,
                                 char ret_error[256]);
void seal_keys_free(struct seal_keys *keys);
/* The lowest key id above `id`, or 0. */
int seal_keys_next(const struct seal_keys *keys, int id);
/* Tells two keys apart and says nothing else about them. */
void seal_keys_fingerprint(const struct seal_keys *keys, int id,
                           uint8_t ret_fingerprint[SEAL_DIGEST]);

/* Writes size + SEAL_OVERHEAD bytes to `ret_sealed`. A place has at most 512
 * bytes. */
void seal_close(const struct seal_keys *keys, const char *place,
                const void *plain, size_t size, uint8_t *ret_sealed);
/* Opens; `ret_plain` takes size - SEAL_OVERHEAD bytes. False: other key,
 * other place, or changed bytes. */
bool seal_open(const struct seal_keys *keys, const char *place,
               const uint8_t *sealed, size_t size,
               uint8_t *ret_plain) WARN_UNUSED;
/* HMAC-SHA256 of a text under a key derived from the lowest key id, which
 * never rotates and must be kept. */
void seal_mac(const struct seal_keys *keys, const char *text,
              uint8_t ret_mac[SEAL_DIGEST]);
/* BLAKE2b-256 of `size` bytes. */
void seal_digest(const void *bytes, size_t size,
                 uint8_t ret_digest[SEAL_DIGEST]);

/* Lower-case hexadecimal digits of `size` bytes and a NUL: `ret_text` takes
 * 2 * size + 1 bytes and is returned. */
char *seal_hex(const void *bytes, size_t size, char *ret_text);
/* The bytes of a text of exactly 2 * size lower-case digits. False: another
 * text; `ret_bytes` may then have changed. */
bool seal_unhex(const char *text, size_t size, uint8_t *ret_bytes) WARN_UNUSED;

/* A new random token of 256 bits as URL-safe base64 text, and the digest that
 * is stored: seal_digest() of the text without its NUL. */
void seal_token(char ret_token[SEAL_TOKEN_TEXT],
                uint8_t ret_digest[SEAL_DIGEST]);
/* Six random decimal digits. */
void seal_code(char ret_code[7]);
/* Argon2id with 19 MiB and 2 passes (about 24 ms): callers queue in a bounded
 * pool. The text is stored unchanged. */
bool seal_password_hash(const char *password, char ret_hash[128]) WARN_UNUSED;
bool seal_password_verify(const char *hash, const char *password) WARN_UNUSED;
