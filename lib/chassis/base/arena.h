/* Memory that dies together: one arena per batch or per HTTP request.
 *
 * Everything that a batch or a request reads, decodes or builds is taken from
 * its arena and freed in one step. Allocation never returns NULL: a process
 * without memory ends with a named log event. Nothing acknowledged is lost (the
 * lane begins again from its tables).
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "attributes.h"

struct arena;

/* A new, empty arena; it grows in blocks of `block_size` bytes (0: 64 KiB). */
struct arena *arena_new(size_t block_size);
/* Frees the arena and all that was taken from it; NULL is fine. */
void arena_free(struct arena *arena);
/* Empties it, keeping the first block for the next batch or request. */
void arena_reset(struct arena *arena);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *arena);

/* `size` bytes, zeroed, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);
/* `n` pieces of `size` bytes each, zeroed; an overflow counts as no memory. */
void *arena_alloc_array(struct arena *arena, size_t size, size_t n);
/* A copy of `size` bytes. */
void *arena_copy(struct arena *arena, const void *bytes, size_t size);
/* A copy of a string; NULL stays NULL. */
char *arena_strdup(struct arena *arena, const char *text);
/* The first `size` bytes of a text as a string. */
char *arena_strndup(struct arena *arena, const char *text, size_t size);
char *arena_printf(struct arena *arena, const char *format, ...)
    PRINTF_LIKE(2, 3);
/* How many bytes vsnprintf() needs, with the end of the string. */
size_t printed_size(const char *format, va_list args) PRINTF_LIKE(1, 0);
/* An allocator for protobuf_c_message_unpack(); free is a no-op. Owned by
 * the arena. */
ProtobufCAllocator *arena_protobuf(struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc(arena, sizeof(type)))
#define ARENA_ARRAY(arena, type, n)                                            \
    ((type *)arena_alloc_array(arena, sizeof(type), n))

/* Ends the process with the event `out_of_memory`; also for memory outside
 * arenas. */
void out_of_memory(size_t wanted) NORETURN;
