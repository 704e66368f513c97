/*
 * SQL statements inside the program, so a binary and its statements always have
 * the same version.  tools/embed-sql makes the arrays from sql/query/ and
 * sql/migration/; db.c prepares the queries, migrate.c runs the migrations.
 */
#ifndef CHASSIS_SQL_TEXT_H
#define CHASSIS_SQL_TEXT_H

/*
 * One statement (query) or one numbered script (migration).  `name` is the
 * file's name without ".sql"; `text` is the file, byte for byte.  Arrays are
 * sorted by name (byte order) and end with a row whose name is NULL.
 */
struct sql_text {
    const char *name;
    const char *text;
};

#endif
