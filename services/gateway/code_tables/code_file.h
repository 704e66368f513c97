/* Code tables as files: one table a file, plain CSV, which a clerk of the
 * ministry can edit (T14).
 *
 * The founding of the platform reads them and sends each as a ReviseCodeTable.
 * The program carries the files of data/; the owner of the tables checks the
 * rows again. Pure: whoever calls has read the file.
 */
#pragma once

#include "chassis/base/arena.h"
#include "attributes.h"

#include "inservice/teacher/v1/commands.pb-c.h"

/* Every table of the founding, in an order in which a table comes after those
 * it refers to. NULL ends. */
extern const char *const code_file_tables[];

/* The text that the program carries for a table; NULL: none. */
const char *code_file_built_in(const char *table);

/* A file as a command without its order. NULL: `ret_fault` names the row and
 * what is wrong with it. Both live in the arena. */
Inservice__Teacher__V1__ReviseCodeTable *
code_file_read(struct arena *arena, const char *table, const void *bytes,
               size_t size, const char **ret_fault) WARN_UNUSED;

/* What a table says of others: groups and members must be rows of theirs. NULL:
 * all is well; otherwise what is wrong. */
const char *
code_file_check(struct arena *arena,
                Inservice__Teacher__V1__ReviseCodeTable *const *tables,
                size_t count,
                const Inservice__Teacher__V1__ReviseCodeTable *of) WARN_UNUSED;
