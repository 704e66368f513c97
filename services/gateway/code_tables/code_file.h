/* Code tables as files: one table a file, plain CSV, which a clerk of the
 * ministry can edit (T14).
 *
 * The founding of the platform sends each as a ReviseCodeTable. The program
 * contains the files of data/; the owner of the tables checks the rows again.
 * Pure: the caller has read the file. */
#pragma once

#include "chassis/base/arena.h"
#include "attributes.h"

#include "inservice/teacher/v1/commands.pb-c.h"

/* Every table of the founding, ended by NULL. A table comes after those that it
 * refers to. */
extern const char *const code_file_tables[];

/* The program's own text of a table; NULL: none. */
const char *code_file_built_in(const char *table);

/* Returns a file as a command without its order, or NULL with the row and its
 * fault in `ret_fault`. Both live in the arena. */
Inservice__Teacher__V1__ReviseCodeTable *
code_file_read(struct arena *arena, const char *table, const void *bytes,
               size_t size, const char **ret_fault) WARN_UNUSED;

/* Checks a table's references: groups and members must be rows of their tables.
 * Returns NULL, or the fault. */
const char *
code_file_check(struct arena *arena,
                Inservice__Teacher__V1__ReviseCodeTable *const *tables,
                size_t count,
                const Inservice__Teacher__V1__ReviseCodeTable *of) WARN_UNUSED;
