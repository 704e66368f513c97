/* Shares and buckets: how much of something bounded one key may have.
 *
 * `struct shares` bounds how much is held at the same time: places in a queue,
 * bodies being read, streams. `struct buckets` bounds how often something is
 * done: sign-ins that fail, look-ups. Keys are addresses, networks, accounts
 * (share_key()). Both have a fixed size, use one mutex, and live in the
 * process: another process counts for itself.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

/* A key for a text. Keyed by a secret of the process, so that no client can
 * choose texts that collide. Never 0. */
uint64_t share_key(const char *text);
/* A key of its own for each purpose, where one table serves several. */
uint64_t share_key_of(const char *purpose, const char *text);

/* --- held at the same time ---------------------------------------------- */

struct shares;

/* At most `total` (1 or more) are held by all keys together. */
struct shares *shares_new(size_t total);
void shares_free(struct shares *shares);
/* Takes one for `key`. False: the key holds `max` already, or all together
 * hold `total`. */
bool shares_take(struct shares *shares, uint64_t key, int64_t max) WARN_UNUSED;
/* Gives one back; the key must hold one. */
void shares_give(struct shares *shares, uint64_t key);
/* How many the key holds, and all keys together. */
int64_t shares_held(struct shares *shares, uint64_t key);
int64_t shares_total(struct shares *shares);

/* --- how often ---------------------------------------------------------- */

struct buckets;

/* How much a bucket holds when it is full, and how long one token takes to
 * come back. Both at least 1. */
struct bucket_size {
    int64_t burst;
    int64_t period; /* µs */
};

/* Keeps about `keys_max` keys. If there are more, the bucket nearest to full is
 * dropped first: a crowd of new keys does not free a key that has used its
 * bucket up. */
struct buckets *buckets_new(size_t keys_max);
void buckets_free(struct buckets *buckets);
/* Takes one token at `now` (µs of a clock that never goes back). Returns 0, or
 * the µs until there is one; then nothing was taken. */
int64_t buckets_take(struct buckets *buckets, uint64_t key,
                     struct bucket_size size, int64_t now) WARN_UNUSED;
/* As buckets_take(), but takes nothing. */
int64_t buckets_wait(struct buckets *buckets, uint64_t key,
                     struct bucket_size size, int64_t now) WARN_UNUSED;
/* Gives a token back that was taken. */
void buckets_give(struct buckets *buckets, uint64_t key,
                  struct bucket_size size);
/* Whether the bucket is full: nothing was taken lately. */
bool buckets_full(struct buckets *buckets, uint64_t key,
                  int64_t now) WARN_UNUSED;
