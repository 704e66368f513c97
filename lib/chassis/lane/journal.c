/* The chain of the journal's rows, and reading them. Called when a row is said,
 * published again, or verified. */
#include "chassis/lane/journal.h"

#include <stdio.h>
#include <string.h>

#include "chassis/db/db.h"

enum {
    CHAIN_DIGESTS = 2 * SEAL_DIGEST,
    CHAIN_NUMBERS = 7 * 21 + 7, /* seven numbers with their slash, the rest */
};

/* The row before, the digest of the value, and the columns as text, whole.
 * Earlier builds cut type and key after 64 bytes. Only rows of the dlq can have
 * longer ones, so the chains of all other old rows still verify. */
void
journal_chain(struct arena *arena, const uint8_t before[SEAL_DIGEST],
              const uint8_t value[SEAL_DIGEST], const struct journal_row *row,
              uint8_t ret_chain[SEAL_DIGEST])
{
    const char *command_id = row->command_id ? row->command_id : "";
    const char *actor = row->actor ? row->actor : "";
    const char *completes = row->completes ? row->completes : "";
    const char *origin = row->origin ? row->origin : "";
    size_t room = CHAIN_DIGESTS + CHAIN_NUMBERS + strlen(row->type) +
                  strlen(row->key) + strlen(command_id) + strlen(actor) +
                  strlen(completes) + strlen(origin);
    uint8_t *link = arena_alloc(arena, room);

    memcpy(link, before, SEAL_DIGEST);
    memcpy(link + SEAL_DIGEST, value, SEAL_DIGEST);
    int size = snprintf(
        (char *)link + CHAIN_DIGESTS, room - CHAIN_DIGESTS,
        "%d/%lld/%lld/%d/%d/%s/%s/%s/%lld/%lld/%s%s%s%s%s", row->lane,
        (long long)row->incarnation, (long long)row->seq, (int)row->kind,
        row->partition, row->type, row->key, command_id,
        (long long)row->version, (long long)row->at, actor,
        row->completes ? "/" : "", completes, row->origin ? "/" : "", origin);
    seal_digest(link, CHAIN_DIGESTS + (size_t)size, ret_chain);
}

void
journal_row_read(struct arena *arena, const PGresult *rows, int i,
                 struct journal_row *ret_row)
{
    *ret_row = (struct journal_row){
        .lane = (int)db_get_int(rows, i, 0),
        .seq = db_get_int(rows, i, 1),
        .incarnation = db_get_int(rows, i, 2),
        .at = db_get_time(rows, i, 3),
        .kind = (enum topic_kind)db_get_int(rows, i, 4),
        .partition = (int)db_get_int(rows, i, 5),
        .type = db_get_text(rows, i, 6),
        .key = db_get_text(rows, i, 7),
        .command_id = db_copy_uuid(arena, rows, i, 8),
        .causation = db_get_text(rows, i, 9),
        .code = db_get_text(rows, i, 10),
        .traceparent = db_get_text(rows, i, 11),
        .version = db_get_int(rows, i, 12),
        .completes = db_get_text(rows, i, 15),
        .origin = db_get_text(rows, i, 16),
    };
    ret_row->value = db_get_bytes(rows, i, 13, &ret_row->size);
}
