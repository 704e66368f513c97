/* Token buckets: how often each key may do something.
 *
 * A bucket is one time: when it will be full again. A token moves that time by
 * one period, and there is none while the time is further away than the whole
 * burst (the generic cell rate algorithm). Time alone refills a bucket, so
 * nothing has to visit it. A key may stand in one of eight slots.
 */
#include <pthread.h>
#include <stdlib.h>

#include "chassis/base/arena.h"
#include "chassis/base/shares.h"

enum { WAYS = 8 };

struct bucket {
    uint64_t key; /* 0: free */
    int64_t full_at;
};

struct buckets {
    pthread_mutex_t lock;
    size_t sets; /* a power of two */
    struct bucket bucket[];
};

struct buckets *
buckets_new(size_t keys_max)
{
    size_t sets = 1;
    while (sets * WAYS < keys_max)
        sets *= 2;

    size_t size = sets * WAYS * sizeof(struct bucket);
    struct buckets *buckets = calloc(1, sizeof(*buckets) + size);
    if (buckets == NULL)
        out_of_memory(size);
    pthread_mutex_init(&buckets->lock, NULL);
    buckets->sets = sets;
    return buckets;
}

void
buckets_free(struct buckets *buckets)
{
    if (buckets == NULL)
        return;
    pthread_mutex_destroy(&buckets->lock);
    free(buckets);
}

/* The key's bucket, NULL where it has none. `ret_fullest`: the one that a new
 * key would replace. */
static struct bucket *
find(struct buckets *buckets, uint64_t key, struct bucket **ret_fullest)
{
    struct bucket *set = &buckets->bucket[(key & (buckets->sets - 1)) * WAYS];
    struct bucket *fullest = &set[0];

    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == key)
            return &set[i];
        if (set[i].key == 0 ||
            (fullest->key != 0 && set[i].full_at < fullest->full_at))
            fullest = &set[i];
    }
    if (ret_fullest != NULL)
        *ret_fullest = fullest;
    return NULL;
}

/* µs until a token is there; 0: now. */
static int64_t
wait_of(const struct bucket *bucket, struct bucket_size size, int64_t now)
{
    if (bucket == NULL)
        return 0;
    int64_t wait = bucket->full_at - now - (size.burst - 1) * size.period;
    return wait > 0 ? wait : 0;
}

int64_t
buckets_take(struct buckets *buckets, uint64_t key, struct bucket_size size,
             int64_t now)
{
    struct bucket *place = NULL;

    pthread_mutex_lock(&buckets->lock);
    struct bucket *bucket = find(buckets, key, &place);
    int64_t wait = wait_of(bucket, size, now);
    if (wait == 0) {
        int64_t from =
            bucket != NULL && bucket->full_at > now ? bucket->full_at : now;
        bucket = bucket != NULL ? bucket : place;
        *bucket = (struct bucket){.key = key, .full_at = from + size.period};
    }
    pthread_mutex_unlock(&buckets->lock);
    return wait;
}

int64_t
buckets_wait(struct buckets *buckets, uint64_t key, struct bucket_size size,
             int64_t now)
{
    pthread_mutex_lock(&buckets->lock);
    int64_t wait = wait_of(find(buckets, key, NULL), size, now);
    pthread_mutex_unlock(&buckets->lock);
    return wait;
}

void
buckets_give(struct buckets *buckets, uint64_t key, struct bucket_size size)
{
    pthread_mutex_lock(&buckets->lock);
    struct bucket *bucket = find(buckets, key, NULL);
    if (bucket != NULL)
        bucket->full_at -= size.period;
    pthread_mutex_unlock(&buckets->lock);
}

bool
buckets_full(struct buckets *buckets, uint64_t key, int64_t now)
{
    pthread_mutex_lock(&buckets->lock);
    const struct bucket *bucket = find(buckets, key, NULL);
    bool full = bucket == NULL || bucket->full_at <= now;
    pthread_mutex_unlock(&buckets->lock);
    return full;
}
