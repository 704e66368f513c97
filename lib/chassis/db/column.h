/* Columns of a table and the members of the struct that holds a row.
 *
 * Stores describe their tables by these; db_decode() and db_encode() use them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum db_type { /* PostgreSQL's own type numbers */
               DB_BOOL = 16,
               DB_BYTES = 17,
               DB_INT8 = 20,
               DB_INT2 = 21,
               DB_INT4 = 23,
               DB_TEXT = 25,
               DB_DATE = 1082,
               DB_TIME = 1184, /* timestamptz, µs since 1970 in C; DB_NO_TIME is
                                  NULL */
               DB_UUID = 2950,
};
#define DB_NO_TIME INT64_MIN

/* One column of a table and its member of a struct. BYTES uses a struct
 * db_blob, UUID/TEXT/DATE a const char *, TIME/INT8 an int64_t, INT2/INT4 an
 * int32_t (enums too), BOOL a bool. The order is the order of the load
 * query's columns and of the save query's parameters. */
struct db_column {
    const char *name; /* NULL ends the table */
    enum db_type type;
    size_t offset;
};
struct db_blob {
    const uint8_t *data;
    size_t size;
};
