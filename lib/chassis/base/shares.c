/* Shares: how many of a bounded thing each key holds at the same time.
 *
 * An open hash table with at least twice as many slots as there are things, so
 * it can never fill up: a key has a slot only while it holds something. A key
 * that gives its last one back leaves no hole, because the slots after it move
 * up. Every call takes one mutex for about ten instructions.
 */
#include "chassis/base/shares.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "chassis/base/arena.h"

struct share {
    uint64_t key; /* 0: free */
    int64_t held;
};

struct shares {
    pthread_mutex_t lock;
    int64_t total, held;
    size_t slots; /* a power of two */
    struct share share[];
};

/* --- keys --------------------------------------------------------------- */

static uint8_t secret[crypto_shorthash_KEYBYTES];
static pthread_once_t secret_once = PTHREAD_ONCE_INIT;

static void
make_secret(void)
{
    if (sodium_init() < 0)
        abort();
    randombytes_buf(secret, sizeof(secret));
}

uint64_t
share_key_of(const char *purpose, const char *text)
{
    uint8_t digest[crypto_shorthash_BYTES];
    uint64_t key[2];

    pthread_once(&secret_once, make_secret);
    crypto_shorthash(digest, (const uint8_t *)purpose, strlen(purpose), secret);
    memcpy(&key[0], digest, sizeof(digest));
    crypto_shorthash(digest, (const uint8_t *)text, strlen(text), secret);
    memcpy(&key[1], digest, sizeof(digest));
    crypto_shorthash(digest, (const uint8_t *)key, sizeof(key), secret);
    memcpy(&key[0], digest, sizeof(digest));
    return key[0] != 0 ? key[0] : 1;
}

uint64_t
share_key(const char *text)
{
    return share_key_of("", text);
}

/* --- the table ---------------------------------------------------------- */

struct shares *
shares_new(size_t total)
{
    size_t slots = 4;
    while (slots < 2 * total)
        slots *= 2;

    struct shares *shares =
        calloc(1, sizeof(*shares) + slots * sizeof(shares->share[0]));
    if (shares == NULL)
        out_of_memory(slots * sizeof(shares->share[0]));
    pthread_mutex_init(&shares->lock, NULL);
    shares->total = (int64_t)total;
    shares->slots = slots;
    return shares;
}

void
shares_free(struct shares *shares)
{
    if (shares == NULL)
        return;
    pthread_mutex_destroy(&shares->lock);
    free(shares);
}

/* The key's slot, or the free one where it would stand. */
static size_t
slot_of(const struct shares *shares, uint64_t key)
{
    size_t slot = key & (shares->slots - 1);
    while (shares->share[slot].key != 0 && shares->share[slot].key != key)
        slot = (slot + 1) & (shares->slots - 1);
    return slot;
}

bool
shares_take(struct shares *shares, uint64_t key, int64_t max)
{
    pthread_mutex_lock(&shares->lock);
    struct share *share = &shares->share[slot_of(shares, key)];
    bool room = shares->held < shares->total && share->held < max;
    if (room) {
        share->key = key;
        share->held++;
        shares->held++;
    }
    pthread_mutex_unlock(&shares->lock);
    return room;
}

/* Frees a slot; later keys of the same run move up, so that every key can be
 * found from its own slot on without a gap. */
static void
slot_free(struct shares *shares, size_t hole)
{
    size_t mask = shares->slots - 1;

    for (size_t at = (hole + 1) & mask; shares->share[at].key != 0;
         at = (at + 1) & mask) {
        size_t home = shares->share[at].key & mask;
        if (((at - home) & mask) < ((at - hole) & mask))
            continue; /* its home is after the hole */
        shares->share[hole] = shares->share[at];
        hole = at;
    }
    shares->share[hole] = (struct share){0};
}

void
shares_give(struct shares *shares, uint64_t key)
{
    pthread_mutex_lock(&shares->lock);
    size_t slot = slot_of(shares, key);
    if (shares->share[slot].held > 0) {
        shares->held--;
        if (--shares->share[slot].held == 0)
            slot_free(shares, slot);
    }
    pthread_mutex_unlock(&shares->lock);
}

int64_t
shares_held(struct shares *shares, uint64_t key)
{
    pthread_mutex_lock(&shares->lock);
    int64_t held = shares->share[slot_of(shares, key)].held;
    pthread_mutex_unlock(&shares->lock);
    return held;
}

int64_t
shares_total(struct shares *shares)
{
    pthread_mutex_lock(&shares->lock);
    int64_t held = shares->held;
    pthread_mutex_unlock(&shares->lock);
    return held;
}
