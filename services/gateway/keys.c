/* Keys: made once by an operator, known to the database by their fingerprints.
 *
 * With other keys a gateway would open no sealed number, find no person by
 * theirs and register the same person twice. So the first gateway writes the
 * fingerprint of each key, one row for each purpose and key id. Of two that
 * start with different keys at once one writes the row and the other ends. */
#include <stdio.h>

#include "chassis/base/clock.h"
#include "chassis/base/seal.h"
#include "chassis/db/db.h"

#include "gateway/gateway.h"
#include "gateway/identity/identity.h"
#include "gateway/keys.h"
#include "gateway/request/pool.h"

static const int64_t database_wait = SECONDS(5);

static const struct {
    const char *name; /* in the files' names */
    struct seal_keys **keys;
} purposes[] = {
    {"identity", &gateway.identity_keys},
    {"token", &gateway.token_keys},
};

int
keys_make(int argc, char **argv)
{
    const char *folder = gateway_settings.key_dir;
    char error[256];

    (void)argv;
    if (argc > 0) {
        fputs("usage: gateway make-keys\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < COUNT_OF(purposes); i++) {
        if (seal_keys_make(folder, purposes[i].name, error))
            continue;
        fprintf(stderr, "make-keys: %s\n", error);
        return 1;
    }
    printf("The keys are in %s. Copy them to every machine with a gateway, and "
           "keep a copy apart from the database's backups: without them no "
           "ID number can be read again.\n",
           folder);
    return 0;
}

void
keys_close(void)
{
    for (size_t i = 0; i < COUNT_OF(purposes); i++) {
        seal_keys_free(*purposes[i].keys);
        *purposes[i].keys = NULL;
    }
}

bool
keys_open(char ret_error[256])
{
    char error[256];

    for (size_t i = 0; i < COUNT_OF(purposes); i++) {
        *purposes[i].keys =
            seal_keys_open(gateway_settings.key_dir, purposes[i].name, error);
        if (*purposes[i].keys != NULL)
            continue;
        snprintf(ret_error, 256, "%.180s (`gateway make-keys` makes the first)",
                 error);
        keys_close();
        return false;
    }
    return true;
}

struct key_row {
    const char *purpose;
    int id;
    uint8_t fingerprint[SEAL_DIGEST];
};
enum { KEYS_MAX = 16 }; /* rotations are rare */

/* The keys that this process has. */
static size_t
own_keys(struct key_row ret_rows[KEYS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < COUNT_OF(purposes); i++) {
        const struct seal_keys *keys = *purposes[i].keys;
        for (int id = seal_keys_next(keys, 0); id != 0 && count < KEYS_MAX;
             id = seal_keys_next(keys, id)) {
            struct key_row *row = &ret_rows[count++];
            row->purpose = purposes[i].name;
            row->id = id;
            seal_keys_fingerprint(keys, id, row->fingerprint);
        }
    }
    return count;
}

static void
bind_keys(struct db_params *params, const struct key_row *rows, size_t count)
{
    db_array(params, DB_TEXT, count);
    for (size_t i = 0; i < count; i++)
        db_text(params, rows[i].purpose);
    db_array(params, DB_INT2, count);
    for (size_t i = 0; i < count; i++)
        db_int2(params, rows[i].id);
    db_array(params, DB_BYTES, count);
    for (size_t i = 0; i < count; i++)
        db_bytes(params, rows[i].fingerprint, SEAL_DIGEST);
}

/* The first key of the database that is not among ours. `save`: ours become
 * known there first. */
static enum db_end
find_other(struct db *db, bool save, char ret_other[64])
{
    CLEANUP(db_params_free) struct db_params params = {0};
    CLEANUP(result_clear) PGresult *rows = NULL;
    struct key_row own[KEYS_MAX];

    bind_keys(&params, own, own_keys(own));
    enum db_end end = save ? db_query(db, "key_save", &params, NULL) : DB_OK;
    if (end == DB_OK)
        end = db_query(db, "key_other", &params, &rows);
    ret_other[0] = '\0';
    if (end == DB_OK && PQntuples(rows) > 0)
        snprintf(ret_other, 64, "%.40s-%d.key", db_get_text(rows, 0, 0),
                 (int)db_get_int(rows, 0, 1));
    return end;
}

enum keys_fit
keys_compare(char ret_error[256])
{
    struct db *db = pool_take(gateway.pool, clock_monotonic() + database_wait);
    enum db_end end = DB_LOST;
    bool fit = false;
    char other[64] = "";

    if (db != NULL) {
        end = identity_keys_fit(db, &fit);
        if (end == DB_OK && fit)
            end = find_other(db, true, other);
        gateway_db_failed(db, end, "keys");
        pool_give(gateway.pool, db);
    }
    if (end != DB_OK) {
        snprintf(ret_error, 256, "the database is away");
        return KEYS_UNKNOWN;
    }
    if (fit && other[0] == '\0')
        return KEYS_FIT;
    snprintf(ret_error, 256,
             "the keys in KEY_DIR (%.120s) are not those of this database%s%s",
             gateway_settings.key_dir, other[0] != '\0' ? ": " : "", other);
    return KEYS_DIFFER;
}

/* --- doctor ------------------------------------------------------------- */
static void
checkup_database(struct checkup *checkup, struct db *db)
{
    bool fit = false;
    char other[64] = "";
    enum db_end end = identity_keys_fit(db, &fit);

    if (end == DB_OK && fit)
        end = find_other(db, false, other);
    if (end != DB_OK)
        checkup_skip(checkup, "keys",
                     "not compared with the database's: it went away");
    else if (fit && other[0] == '\0')
        checkup_ok(checkup, "keys", "they are those of this database");
    else
        checkup_fault(checkup, "keys",
                      "copy KEY_DIR from a machine with a gateway that runs, "
                      "or from the copy that was kept",
                      "the keys in %s are not those of this database%s%s",
                      gateway_settings.key_dir, other[0] != '\0' ? ": " : "",
                      other);
}

void
keys_checkup(struct checkup *checkup, bool schema)
{
    char error[256];

    if (!keys_open(error)) {
        checkup_fault(checkup, "keys",
                      "correct KEY_DIR and its rights; in a new installation "
                      "run `gateway make-keys`",
                      "%s", error);
        return;
    }
    struct db *db = schema ? gateway_connect("gateway-doctor", false) : NULL;
    if (db != NULL)
        checkup_database(checkup, db);
    else
        checkup_skip(checkup, "keys",
                     "they can be read; not compared with the database's");
    db_free(db);
    keys_close();
}
