/*
 * SQL statements carried inside the program, so that a binary and its
 * statements can never be of different versions.  tools/embed-sql makes the
 * arrays from sql/query/ and sql/migration/; the database layer prepares the
 * queries, the migrator runs the migrations.  Never edited at run time.
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
