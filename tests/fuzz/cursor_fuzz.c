/* Fuzzer of the cursors that clients send back: as they come from outside, and
 * inside the seal, where only our own bytes should be. A cursor that was not
 * sealed here is refused; a cursor that is read gives the number of texts that
 * was asked for, and they make the same cursor again.
 */
#include <stdio.h>
#include <unistd.h>

#include "chassis/base/seal.h"

#include "gateway/lists/cursor.h"

#include "tests/fuzz/fuzz.h"

static const char place[] = "cursor/32/a";

/* One key for the whole run, gone from the disk at once. */
static struct seal_keys *
make_keys(void)
{
    char folder[] = "/tmp/cursor_fuzz.XXXXXX", file[64], error[256];

    insist(mkdtemp(folder) != NULL);
    insist(seal_keys_make(folder, "token", error));
    struct seal_keys *keys = seal_keys_open(folder, "token", error);
    insist(keys != NULL);
    snprintf(file, sizeof file, "%s/token-1.key", folder);
    insist(unlink(file) == 0 && rmdir(folder) == 0);
    return keys;
}

static const char *
sealed_text(struct arena *arena, const struct seal_keys *keys,
            const uint8_t *data, size_t n)
{
    uint8_t *sealed = arena_alloc(arena, n + SEAL_OVERHEAD);
    char *text = arena_alloc(arena, 2 * (n + SEAL_OVERHEAD) + 1);

    seal_close(keys, place, data, n, sealed);
    for (size_t i = 0; i < n + SEAL_OVERHEAD; i++)
        snprintf(text + 2 * i, 3, "%02x", sealed[i]);
    return text;
}

static void
read_sealed(struct arena *arena, const struct seal_keys *keys, const char *text,
            size_t count)
{
    const char *fields[CURSOR_FIELDS_MAX] = {NULL};
    const char *again[CURSOR_FIELDS_MAX] = {NULL};

    if (!cursor_read(arena, keys, place, text, fields, count))
        return;
    const char *made = cursor_make(arena, keys, place, fields, count);
    insist(made != NULL);
    insist(cursor_read(arena, keys, place, made, again, count));
    for (size_t i = 0; i < count; i++)
        insist(strcmp(fields[i], again[i]) == 0);
    insist(!cursor_read(arena, keys, "cursor/32/b", made, again, count));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct seal_keys *keys;
    const char *fields[CURSOR_FIELDS_MAX];

    if (keys == NULL)
        keys = make_keys();
    if (n == 0)
        return 0;
    size_t count = 1 + data[0] % CURSOR_FIELDS_MAX;
    struct arena *arena = arena_new(0);
    char *text = fuzz_text(data + 1, n - 1);
    insist(!cursor_read(arena, keys, place, text, fields, count));
    read_sealed(arena, keys, sealed_text(arena, keys, data + 1, n - 1), count);
    free(text);
    arena_free(arena);
    return 0;
}
