/* Memory that dies together: blocks in a list, handed out from front to back.
 *
 * Called by everything that works on one batch or one request. A piece larger
 * than a quarter of a block gets a block of its own, so that one big message
 * wastes no room. In sanitized builds the rest of a block, the gap after each
 * piece and everything after a reset are poisoned: a late or long access ends
 * the test. Must never return NULL and never hand out memory twice.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/arena.h"
#include "chassis/base/log.h"

enum {
    ARENA_BLOCK = 64 * 1024,
    ARENA_ALIGN = _Alignof(max_align_t),
};

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { ARENA_GAP = ARENA_ALIGN };
#else
#define ASAN_POISON_MEMORY_REGION(at, size)   ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
enum { ARENA_GAP = 0 };
#endif

struct block {
    struct block *next;
    size_t size; /* bytes after this header */
    size_t used;
    _Alignas(max_align_t) char data[];
};

struct arena {
    struct block *first; /* kept by a reset */
    struct block *current;
    size_t block_size;
    size_t used;
    ProtobufCAllocator protobuf;
};

void
out_of_memory(size_t wanted)
{
    log_event(out_of_memory, log_int("wanted", (int64_t)wanted));
    abort();
}

static struct block *
block_new(size_t size)
{
    if (size > SIZE_MAX / 2)
        out_of_memory(size);

    struct block *block = malloc(sizeof(*block) + size);
    if (block == NULL)
        out_of_memory(size);

    block->next = NULL;
    block->size = size;
    block->used = 0;
    ASAN_POISON_MEMORY_REGION(block->data, size);
    return block;
}

static void
block_free(struct block *block)
{
    ASAN_UNPOISON_MEMORY_REGION(block->data, block->size);
    free(block);
}

static void *
protobuf_alloc(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void
protobuf_free(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

struct arena *
arena_new(size_t block_size)
{
    struct arena *arena = calloc(1, sizeof(*arena));
    if (arena == NULL)
        out_of_memory(sizeof(*arena));

    arena->block_size = block_size == 0 ? ARENA_BLOCK : block_size;
    arena->first = block_new(arena->block_size);
    arena->current = arena->first;
    arena->protobuf =
        (ProtobufCAllocator){protobuf_alloc, protobuf_free, arena};
    return arena;
}

static void
free_behind(struct block *block)
{
    while (block->next != NULL) {
        struct block *next = block->next;
        block->next = next->next;
        block_free(next);
    }
}

void
arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    free_behind(arena->first);
    block_free(arena->first);
    free(arena);
}

void
arena_reset(struct arena *arena)
{
    free_behind(arena->first);
    ASAN_POISON_MEMORY_REGION(arena->first->data, arena->first->size);
    arena->first->used = 0;
    arena->current = arena->first;
    arena->used = 0;
}

size_t
arena_used(const struct arena *arena)
{
    return arena->used;
}

/* The block that has room for `size`: the current one, a fresh current one, or
 * one of its own after the current one. */
static struct block *
block_for(struct arena *arena, size_t size)
{
    struct block *current = arena->current;
    if (current->size - current->used >= size)
        return current;

    bool alone = size > arena->block_size / 4;
    struct block *block = block_new(alone ? size : arena->block_size);
    block->next = current->next;
    current->next = block;
    if (!alone)
        arena->current = block;
    return block;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 4)
        out_of_memory(size);

    size_t rounded =
        (size + ARENA_GAP + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    struct block *block = block_for(arena, rounded);
    char *memory = block->data + block->used;
    block->used += rounded;
    arena->used += size;
    ASAN_UNPOISON_MEMORY_REGION(memory, size);
    memset(memory, 0, size);
    return memory;
}

void *
arena_alloc_array(struct arena *arena, size_t size, size_t n)
{
    size_t total = 0;
    if (__builtin_mul_overflow(size, n, &total))
        out_of_memory(SIZE_MAX);
    return arena_alloc(arena, total);
}

void *
arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    void *copy = arena_alloc(arena, size);
    if (size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

char *
arena_strdup(struct arena *arena, const char *text)
{
    if (text == NULL)
        return NULL;
    return arena_copy(arena, text, strlen(text) + 1);
}

char *
arena_strndup(struct arena *arena, const char *text, size_t size)
{
    size_t length = strnlen(text, size);
    char *copy = arena_alloc(arena, length + 1);
    memcpy(copy, text, length);
    return copy;
}

size_t
printed_size(const char *format, va_list args)
{
    int length = vsnprintf(NULL, 0, format, args);
    if (length < 0)
        out_of_memory(0);
    return (size_t)length + 1;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t size = printed_size(format, args);
    va_end(args);

    char *text = arena_alloc(arena, size);
    va_start(args, format);
    vsnprintf(text, size, format, args);
    va_end(args);
    return text;
}

ProtobufCAllocator *
arena_protobuf(struct arena *arena)
{
    return &arena->protobuf;
}
