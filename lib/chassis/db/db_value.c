/* Values between C and PostgreSQL's binary format, both ways.
 *
 * Pure memory work, no connection. A table of columns maps a struct to a row,
 * so no service writes an encoder; the lane uses it for every store.
 */
#include "chassis/db/db.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "chassis/base/clock.h"

/* PostgreSQL counts from 2000-01-01: so much later than 1970, µs and days. */
#define EPOCH_2000      INT64_C(946684800000000)
#define EPOCH_2000_DAYS 10957

void
db_params_free(struct db_params *params)
{
    bytes_free(&params->data);
    params->count = 0;
}

void
db_clear(struct db_params *params)
{
    bytes_clear(&params->data);
    params->count = 0;
    params->array_left = 0;
}

/* Place for the next value: `size` bytes, of an element or a parameter. */
static char *
db_place(struct db_params *params, int size)
{
    bool element = params->array_left > 0;
    size_t body = size < 0 ? 0 : (size_t)size;

    if (element) {
        bytes_add_be32(&params->data, size);
        params->array_left--;
    } else {
        params->at[params->count] = params->data.size;
        params->length[params->count] = size;
    }
    char *place = bytes_reserve(&params->data, body + 1);
    params->data.size += body;
    int last = element ? params->count - 1 : params->count++;
    if (element)
        params->length[last] = (int)(params->data.size - params->at[last]);
    return place;
}

void
db_array(struct db_params *params, enum db_type type, size_t count)
{
    params->at[params->count] = params->data.size;
    bytes_add_be32(&params->data, count > 0 ? 1 : 0); /* dimensions */
    bytes_add_be32(&params->data, 1);                 /* may hold NULLs */
    bytes_add_be32(&params->data, (int32_t)type);
    if (count > 0) {
        bytes_add_be32(&params->data, (int32_t)count);
        bytes_add_be32(&params->data, 1); /* lower bound */
    }
    params->length[params->count] =
        (int)(params->data.size - params->at[params->count]);
    params->count++;
    params->array_left = (int)count;
}

void
db_null(struct db_params *params)
{
    db_place(params, -1);
}

void
db_bool(struct db_params *params, bool value)
{
    *db_place(params, 1) = value ? 1 : 0;
}

void
db_int2(struct db_params *params, int value)
{
    uint16_t wire = htobe16((uint16_t)value);

    memcpy(db_place(params, sizeof wire), &wire, sizeof wire);
}

void
db_int4(struct db_params *params, int value)
{
    uint32_t wire = htobe32((uint32_t)value);

    memcpy(db_place(params, sizeof wire), &wire, sizeof wire);
}

void
db_int8(struct db_params *params, int64_t value)
{
    uint64_t wire = htobe64((uint64_t)value);

    memcpy(db_place(params, sizeof wire), &wire, sizeof wire);
}

void
db_time(struct db_params *params, int64_t at)
{
    if (at == DB_NO_TIME)
        db_null(params);
    else
        db_int8(params, at - EPOCH_2000);
}

void
db_bytes(struct db_params *params, const void *data, size_t size)
{
    if (data == NULL) {
        db_null(params);
        return;
    }
    memcpy(db_place(params, (int)size), data, size);
}

void
db_text(struct db_params *params, const char *text)
{
    db_bytes(params, text, text == NULL ? 0 : strlen(text));
}

void
db_uuid(struct db_params *params, const char *id)
{
    uint8_t binary[16];

    if (id == NULL || !uuid_parse(id, binary))
        db_null(params);
    else
        db_bytes(params, binary, sizeof binary);
}

/* Days since 1970 of a civil date (proleptic Gregorian calendar). */
static int64_t
days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           719468;
}

void
db_date(struct db_params *params, const char *day)
{
    int y, m, d;

    if (day == NULL || sscanf(day, "%4d-%2d-%2d", &y, &m, &d) != 3)
        db_null(params);
    else
        db_int4(params, (int)(days_from_civil(y, m, d) - EPOCH_2000_DAYS));
}

bool
db_is_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column);
}

bool
db_get_bool(const PGresult *result, int row, int column)
{
    return !PQgetisnull(result, row, column) &&
           PQgetvalue(result, row, column)[0] != 0;
}

int64_t
db_get_int(const PGresult *result, int row, int column)
{
    const char *value = PQgetvalue(result, row, column);
    uint16_t two;
    uint32_t four;
    uint64_t eight;

    switch (PQgetlength(result, row, column)) {
    case 2:
        memcpy(&two, value, 2);
        return (int16_t)be16toh(two);
    case 4:
        memcpy(&four, value, 4);
        return (int32_t)be32toh(four);
    case 8:
        memcpy(&eight, value, 8);
        return (int64_t)be64toh(eight);
    default:
        return 0; /* NULL */
    }
}

int64_t
db_get_time(const PGresult *result, int row, int column)
{
    if (PQgetisnull(result, row, column))
        return DB_NO_TIME;
    return db_get_int(result, row, column) + EPOCH_2000;
}

const char *
db_get_text(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL
                                            : PQgetvalue(result, row, column);
}

char *
db_copy_text(struct arena *arena, const PGresult *result, int row, int column)
{
    return arena_strdup(arena, db_get_text(result, row, column));
}

char *
db_copy_uuid(struct arena *arena, const PGresult *result, int row, int column)
{
    if (PQgetisnull(result, row, column))
        return NULL;
    char *text = arena_alloc(arena, UUID_TEXT);
    uuid_format((const uint8_t *)PQgetvalue(result, row, column), text);
    return text;
}

char *
db_copy_date(struct arena *arena, const PGresult *result, int row, int column)
{
    char day[11];

    if (PQgetisnull(result, row, column))
        return NULL;
    int64_t days = db_get_int(result, row, column) + EPOCH_2000_DAYS;
    /* clock_day() gives days of Taiwan: noon there is the same date. */
    return arena_strdup(arena, clock_day(DAYS(days) + SECONDS(4 * 3600), day));
}

const uint8_t *
db_get_bytes(const PGresult *result, int row, int column, size_t *ret_size)
{
    *ret_size = (size_t)PQgetlength(result, row, column);
    return PQgetisnull(result, row, column)
               ? NULL
               : (const uint8_t *)PQgetvalue(result, row, column);
}

static void
db_decode_one(enum db_type type, const PGresult *result, int row, int column,
              struct arena *arena, void *member)
{
    struct db_blob blob;

    switch (type) {
    case DB_BOOL:
        *(bool *)member = db_get_bool(result, row, column);
        return;
    case DB_INT2:
    case DB_INT4:
        *(int32_t *)member = (int32_t)db_get_int(result, row, column);
        return;
    case DB_INT8:
        *(int64_t *)member = db_get_int(result, row, column);
        return;
    case DB_TIME:
        *(int64_t *)member = db_get_time(result, row, column);
        return;
    case DB_TEXT:
        *(const char **)member = db_copy_text(arena, result, row, column);
        return;
    case DB_UUID:
        *(const char **)member = db_copy_uuid(arena, result, row, column);
        return;
    case DB_DATE:
        *(const char **)member = db_copy_date(arena, result, row, column);
        return;
    case DB_BYTES:
        blob.data = db_get_bytes(result, row, column, &blob.size);
        if (blob.data != NULL)
            blob.data = arena_copy(arena, blob.data, blob.size);
        *(struct db_blob *)member = blob;
        return;
    }
}

void
db_decode(const struct db_column *columns, const PGresult *result, int row,
          struct arena *arena, void *ret_struct)
{
    for (int i = 0; columns[i].name != NULL; i++)
        db_decode_one(columns[i].type, result, row, i, arena,
                      (char *)ret_struct + columns[i].offset);
}

/* The text of a column. */
static const char *
text_at(const struct db_column *column, const void *member)
{
    const char *text =
        column->inside > 0 ? member : *(const char *const *)member;

    return column->or_null && text != NULL && text[0] == '\0' ? NULL : text;
}

static void
db_encode_bytes(const struct db_column *column, const void *member,
                struct db_params *params)
{
    struct db_blob blob = {member, column->inside};

    if (column->inside == 0)
        memcpy(&blob, member, sizeof blob); /* perhaps two members */
    db_bytes(params, blob.data, blob.size);
}

static void
db_encode_one(const struct db_column *column, const void *member,
              struct db_params *params)
{
    switch (column->type) {
    case DB_BOOL:
        db_bool(params, *(const bool *)member);
        return;
    case DB_INT2:
        db_int2(params, *(const int32_t *)member);
        return;
    case DB_INT4:
        db_int4(params, *(const int32_t *)member);
        return;
    case DB_INT8:
        db_int8(params, *(const int64_t *)member);
        return;
    case DB_TIME:
        db_time(params, *(const int64_t *)member);
        return;
    case DB_TEXT:
        db_text(params, text_at(column, member));
        return;
    case DB_UUID:
        db_uuid(params, text_at(column, member));
        return;
    case DB_DATE:
        db_date(params, text_at(column, member));
        return;
    case DB_BYTES:
        db_encode_bytes(column, member, params);
        return;
    }
}

void
db_encode(const struct db_column *columns, const void *const *structs,
          size_t count, struct db_params *params)
{
    for (const struct db_column *c = columns; c->name != NULL; c++) {
        db_array(params, c->type, count);
        for (size_t i = 0; i < count; i++)
            db_encode_one(c, (const char *)structs[i] + c->offset, params);
    }
}
