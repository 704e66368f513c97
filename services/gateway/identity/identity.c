/* Finds and proposes persons by their numbers; see identity.h.
 *
 * The person id is derived from the MAC. So gateways that meet a new number at
 * the same time derive the same person; the unique MAC decides which of them
 * writes the row. Never logs a number, never stores one in clear (B19). */
#include <stdio.h>
#include <string.h>

#include "gateway/gateway.h"
#include "gateway/identity/identity.h"

#include "rules/day.h"

enum { FIRST_GENERATION = 1, PLACE_TEXT = sizeof("identity/") + UUID_TEXT };

/* The start of a configured day. Settings are checked at start; a text that is
 * no day means the default. */
static int64_t
day_of_setting(const char *text, int64_t usual)
{
    day_number day;

    if (text == NULL || !day_parse(text, &day))
        return usual;
    return day_start(day);
}

enum identity_verdict
identity_read(const char *input, int64_t at, struct identity_number *ret)
{
    struct identity_dates dates = {
        .ui_from = day_of_setting(gateway_settings.foreign_numbers_from,
                                  IDENTITY_UI_FROM_DEFAULT),
        .old_void_from = day_of_setting(gateway_settings.old_numbers_until,
                                        IDENTITY_OLD_VOID_DEFAULT),
    };
    return identity_check(input, &dates, at, ret);
}

void
identity_mac(const char *number, uint8_t ret_mac[SEAL_DIGEST])
{
    seal_mac(gateway.identity_keys, number, ret_mac);
}

static void
place_of(const char *person_id, char ret_place[PLACE_TEXT])
{
    snprintf(ret_place, PLACE_TEXT, "identity/%s", person_id);
}

static void
person_of(const uint8_t mac[SEAL_DIGEST], int generation,
          char ret_person_id[UUID_TEXT])
{
    char hex[2 * SEAL_DIGEST + 1];
    char number[12];
    const char *const parts[] = {"person", hex, number};

    seal_hex(mac, SEAL_DIGEST, hex);
    snprintf(number, sizeof(number), "%d", generation);
    uuid_derive(parts, 3, ret_person_id);
}

static void
identity_decode(const PGresult *result, struct identity *ret_identity)
{
    size_t size;
    const uint8_t *sealed = db_get_bytes(result, 0, 3, &size);
    size_t id_size;
    const uint8_t *id = db_get_bytes(result, 0, 0, &id_size);
    struct identity identity = {
        .state = (enum identity_state)db_get_int(result, 0, 2),
        .kind = (int32_t)db_get_int(result, 0, 1),
    };

    uuid_format(id, identity.person_id);
    if (size <= sizeof(identity.sealed)) {
        memcpy(identity.sealed, sealed, size);
        identity.sealed_size = size;
    }
    *ret_identity = identity;
}

static void
send_find(struct db *db, const uint8_t mac[SEAL_DIGEST],
          struct db_params *params)
{
    db_clear(params);
    db_bytes(params, mac, SEAL_DIGEST);
    db_send(db, "identity_find", params);
}

static void
send_proposal(struct db *db, const uint8_t mac[SEAL_DIGEST],
              const struct identity_number *number, int64_t at,
              struct db_params *params)
{
    char person_id[UUID_TEXT];
    char place[PLACE_TEXT];
    uint8_t sealed[SEAL_OVERHEAD + IDENTITY_LENGTH];

    person_of(mac, FIRST_GENERATION, person_id);
    place_of(person_id, place);
    seal_close(gateway.identity_keys, place, number->text, IDENTITY_LENGTH,
               sealed);
    db_clear(params);
    db_bytes(params, mac, SEAL_DIGEST);
    db_uuid(params, person_id);
    db_int4(params, FIRST_GENERATION);
    db_bytes(params, sealed, sizeof(sealed));
    db_int2(params, (int)number->kind);
    db_time(params, at);
    db_send(db, "identity_propose", params);
}

/* Takes the row of identity_find and ends the trip. */
static enum db_end
receive(struct db *db, struct identity *ret_identity)
{
    PGresult *result = NULL;
    enum db_end end = db_next(db, &result);

    if (end != DB_OK)
        return end;
    if (PQntuples(result) == 1)
        identity_decode(result, ret_identity);
    else
        *ret_identity = (struct identity){0};
    PQclear(result);
    return db_end_trip(db);
}

enum db_end
identity_resolve(struct db *db, const struct identity_number *number,
                 int64_t at, struct identity *ret_identity)
{
    struct db_params params = {0};
    uint8_t mac[SEAL_DIGEST];

    identity_mac(number->text, mac);
    send_proposal(db, mac, number, at, &params);
    send_find(db, mac, &params);
    db_sync(db);
    db_params_free(&params);

    enum db_end end = db_next(db, NULL);
    return end == DB_OK ? receive(db, ret_identity) : end;
}

enum db_end
identity_find(struct db *db, const struct identity_number *number,
              struct identity *ret_identity)
{
    struct db_params params = {0};
    uint8_t mac[SEAL_DIGEST];

    identity_mac(number->text, mac);
    send_find(db, mac, &params);
    db_sync(db);
    db_params_free(&params);
    return receive(db, ret_identity);
}

enum db_end
identity_find_looked_up(struct db *db, const struct identity_number *number,
                        const char *organization, struct identity *ret_identity,
                        struct identity_look_up *ret_look_up)
{
    struct db_params params = {0};
    uint8_t mac[SEAL_DIGEST];
    PGresult *rows = NULL;
    size_t size;

    identity_mac(number->text, mac);
    db_bytes(&params, mac, sizeof mac);
    db_text(&params, organization);
    enum db_end end = db_query(db, "identity_looked_up", &params, &rows);
    db_params_free(&params);
    *ret_identity = (struct identity){0};
    if (end == DB_OK && PQntuples(rows) == 1) {
        identity_decode(rows, ret_identity);
        uuid_format(db_get_bytes(rows, 0, 4, &size), ret_look_up->audit_id);
        ret_look_up->at = db_get_time(rows, 0, 5);
    }
    PQclear(rows);
    return end;
}

void
identity_derive(const struct identity_number *number, struct identity *identity)
{
    uint8_t mac[SEAL_DIGEST];

    if (identity->person_id[0] != '\0')
        return;
    identity_mac(number->text, mac);
    person_of(mac, FIRST_GENERATION, identity->person_id);
}

bool
identity_open(const char *person_id, const uint8_t *sealed, size_t size,
              char ret_number[IDENTITY_LENGTH + 1])
{
    char place[PLACE_TEXT];
    uint8_t plain[IDENTITY_LENGTH];

    place_of(person_id, place);
    if (size != SEAL_OVERHEAD + IDENTITY_LENGTH ||
        !seal_open(gateway.identity_keys, place, sealed, size, plain))
        return false;
    memcpy(ret_number, plain, IDENTITY_LENGTH);
    ret_number[IDENTITY_LENGTH] = '\0';
    return true;
}

enum db_end
identity_keys_fit(struct db *db, bool *ret_fit)
{
    PGresult *rows = NULL;
    enum db_end end = db_query(db, "identity_sample", NULL, &rows);
    char number[IDENTITY_LENGTH + 1];
    char person_id[UUID_TEXT];

    if (end == DB_OK && PQntuples(rows) == 1) {
        size_t size;
        size_t id_size;
        const uint8_t *sealed = db_get_bytes(rows, 0, 1, &size);
        uuid_format(db_get_bytes(rows, 0, 0, &id_size), person_id);
        *ret_fit = identity_open(person_id, sealed, size, number);
    } else if (end == DB_OK) {
        *ret_fit = true;
    }
    PQclear(rows);
    return end;
}
