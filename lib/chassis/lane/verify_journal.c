/* `verify-journal`: recomputes the chain of every lane from its first row.
 *
 * Run on the host at any time; reads only. A row that was changed, added or
 * removed breaks the chain there, and the lane's own row must have the last
 * link. If old months were dropped, a lane begins with its first row, whose
 * link is taken as it is. Personal bytes that were deleted leave their digest,
 * which the chain covers.
 */
#include <stdio.h>
#include <string.h>

#include "chassis/base/lanes.h"
#include "chassis/db/db.h"
#include "chassis/lane/journal.h"
#include "chassis/lane/operator.h"

enum { PAGE = 1000 };

struct verifying {
    struct db *db;
    struct arena *arena;
    int lane;
    int64_t first, last;
    uint8_t chain[SEAL_DIGEST];
    const char *fault; /* of the row `last` + 1 */
    bool failed;       /* the database did not answer */
};

/* The digest of the row's value; false: the personal bytes are others. */
static bool
digest_of(const PGresult *rows, int i, const struct journal_row *row,
          uint8_t ret_digest[SEAL_DIGEST])
{
    size_t size;
    const uint8_t *kept = db_get_bytes(rows, i, 17, &size);

    seal_digest(row->value, row->size, ret_digest);
    if (kept == NULL)
        return true;
    bool same = size == SEAL_DIGEST && memcmp(kept, ret_digest, size) == 0;
    bool deleted = row->value == NULL && size == SEAL_DIGEST;
    if (deleted)
        memcpy(ret_digest, kept, size);
    return same || deleted;
}

static const char *
check_row(struct verifying *v, const PGresult *rows, int i)
{
    struct journal_row row;
    uint8_t digest[SEAL_DIGEST], chain[SEAL_DIGEST];
    size_t size;
    const uint8_t *kept = db_get_bytes(rows, i, 18, &size);

    journal_row_read(v->arena, rows, i, &row);
    row.actor = db_copy_uuid(v->arena, rows, i, 14);
    bool beginning = v->first == 0;
    if (beginning)
        v->first = row.seq;
    else if (row.seq != v->last + 1)
        return "a row is missing before it";
    if (!digest_of(rows, i, &row, digest))
        return "its personal bytes are not those of its digest";
    journal_chain(v->arena, v->chain, digest, &row, chain);
    bool whole = kept != NULL && size == sizeof chain &&
                 (memcmp(kept, chain, size) == 0 || (beginning && row.seq > 1));
    if (!whole)
        return "its link is not that of its content and the row before";
    memcpy(v->chain, kept, size);
    v->last = row.seq;
    return NULL;
}

static int
check_page(struct verifying *v)
{
    struct db_params params = {0};
    PGresult *rows = NULL;

    db_int2(&params, v->lane);
    db_int8(&params, v->last);
    db_int4(&params, PAGE);
    v->failed = db_query(v->db, "journal_verify", &params, &rows) != DB_OK;
    db_params_free(&params);
    int count = v->failed ? 0 : PQntuples(rows);
    for (int i = 0; i < count && v->fault == NULL; i++) {
        v->fault = check_row(v, rows, i);
        if (v->fault != NULL)
            printf("lane %d, row %lld: %s\n", v->lane,
                   (long long)db_get_int(rows, i, 1), v->fault);
    }
    PQclear(rows);
    arena_reset(v->arena);
    return count;
}

/* The lane's own row was read before its journal, which may have grown. */
static void
check_end(struct verifying *v, int64_t seq, const uint8_t *chain)
{
    bool known = v->last > seq ||
                 (v->last == seq &&
                  (seq == 0 || memcmp(v->chain, chain, SEAL_DIGEST) == 0));

    if (known)
        return;
    v->fault = "the end differs";
    printf("lane %d: its last row is %lld, and the table lane has %lld\n",
           v->lane, (long long)v->last, (long long)seq);
}

static bool
check_lane(struct verifying *v, const PGresult *lanes, int i)
{
    size_t size;
    const uint8_t *chain = db_get_bytes(lanes, i, 4, &size);

    v->lane = (int)db_get_int(lanes, i, 0);
    v->first = v->last = 0;
    v->fault = NULL;
    memset(v->chain, 0, sizeof v->chain);
    while (check_page(v) == PAGE && v->fault == NULL && !v->failed)
        continue;
    if (v->failed || v->fault != NULL)
        return false;
    check_end(v, db_get_int(lanes, i, 1), chain);
    if (v->fault == NULL && v->last > 0)
        printf("lane %d: rows %lld to %lld are whole\n", v->lane,
               (long long)v->first, (long long)v->last);
    return v->fault == NULL;
}

static PGresult *
read_lanes(struct db *db)
{
    struct db_params params = {0};
    PGresult *rows = NULL;

    db_array(&params, DB_INT2, (size_t)lane_count());
    for (int lane = 0; lane < lane_count(); lane++)
        db_int2(&params, lane);
    (void)!db_query(db, "lane_read", &params, &rows);
    db_params_free(&params);
    return rows;
}

int
verify_journal(const struct service *service)
{
    struct verifying v = {.db = operator_open(service, NULL)};

    if (v.db == NULL)
        return 1;
    v.arena = arena_new(0);
    PGresult *lanes = read_lanes(v.db);
    bool whole = lanes != NULL;
    for (int i = 0; lanes != NULL && i < PQntuples(lanes); i++)
        whole = check_lane(&v, lanes, i) && whole;
    if (lanes == NULL || v.failed)
        fprintf(stderr, "verify-journal: %s\n", db_error(v.db));
    PQclear(lanes);
    arena_free(v.arena);
    db_free(v.db);
    return whole ? 0 : 1;
}
