/* Columns of a table and the members of the struct that holds a row.
 *
 * Stores describe their tables by these; db_decode() and db_encode() use them.
 */
#pragma once

#include <stdbool.h>
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
    size_t inside; /* bytes of DB_COLUMN_INSIDE; 0: as above */
    bool or_null;  /* a text: "" is written as NULL */
};
struct db_blob {
    const uint8_t *data;
    size_t size;
};

/* clang-format off */
/* A column that is called like its member. `struct_` is the struct's tag. */
#define DB_COLUMN(struct_, member, sql) \
    DB_COLUMN_AS(#member, struct_, member, sql)
#define DB_COLUMN_AS(column, struct_, member, sql)                             \
    {column, sql, DB_OFFSET(struct_, member, DB_FITS(struct_, member, sql)),   \
     0, false}
/* A text whose "" is written as NULL. */
#define DB_TEXT_OR_NULL(struct_, member)                                       \
    {#member, DB_TEXT,                                                         \
     DB_OFFSET(struct_, member, DB_IS(struct_, member, const char *)), 0, true}
/* Bytes whose data and size are two neighbouring members. db_encode() only. */
#define DB_COLUMN_PAIR(column, struct_, start, length)                         \
    {column, DB_BYTES,                                                         \
     DB_OFFSET(struct_, start, DB_PAIR(struct_, start, length)), 0, false}
/* Bytes, or the text of a UUID, in an array inside the struct. db_encode()
 * only. */
#define DB_COLUMN_INSIDE(struct_, member, sql)                                 \
    {#member, sql,                                                             \
     DB_OFFSET(struct_, member, sql == DB_BYTES || sql == DB_UUID),            \
     sizeof(((struct struct_ *)0)->member), false}

/* The offset; the compiler refuses a member that `fits` denies. */
#define DB_OFFSET(struct_, member, fits)                                       \
    (offsetof(struct struct_, member) +                                        \
     0 * sizeof(struct { _Static_assert(fits, #member); int unused; }))
#define DB_IS(struct_, member, type)                                           \
    __builtin_types_compatible_p(                                              \
        __typeof__(((struct struct_ *)0)->member), type)
#define DB_FITS(struct_, member, sql)                                          \
    ((sql) == DB_BOOL    ? DB_IS(struct_, member, bool)                        \
     : (sql) == DB_BYTES ? DB_IS(struct_, member, struct db_blob)              \
     : (sql) == DB_INT8 || (sql) == DB_TIME ? DB_IS(struct_, member, int64_t)  \
     : (sql) == DB_INT2 || (sql) == DB_INT4                                    \
         ? sizeof(((struct struct_ *)0)->member) == sizeof(int32_t)            \
         : DB_IS(struct_, member, const char *))
#define DB_PAIR(struct_, start, length)                                        \
    (DB_IS(struct_, start, const uint8_t *) &&                                 \
     DB_IS(struct_, length, size_t) &&                                         \
     offsetof(struct struct_, length) == offsetof(struct struct_, start) +     \
         offsetof(struct db_blob, size))
/* clang-format on */
