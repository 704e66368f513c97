/* Shared by the files of imports/: states, ids, the worker.
 *
 * An import is a file that was checked (dry run) and then perhaps committed.
 * Each row becomes a command, kept in import_row and sent in waves until every
 * row has its outcome. One kind so far: organizations.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "chassis/base/clock.h"
#include "chassis/db/db.h"
#include "chassis/http/http.h"

#include "rules/authority.h"
#include "rules/word.h"

enum {
    IMPORT_ROWS_MAX = 100000, /* rows of a file */
    IMPORT_DRY_RUNS = 2,      /* large files at a time; more get 503 */
    IMPORT_SMALL = 16 * 1024, /* bytes; a larger file is large */
};

enum import_kind { IMPORT_ORGANIZATIONS = 1 };

enum import_state {
    IMPORT_FAULTY = 1, /* a row is wrong: it cannot be committed */
    IMPORT_READY = 2,
    IMPORT_COMMITTING = 3,
    IMPORT_DONE = 4,   /* all outcomes are in the read model */
    IMPORT_LAPSED = 5, /* rows without outcome for two days */
};

enum row_state {
    ROW_FAULTY = 1,
    ROW_SAME = 2,      /* there already, equal */
    ROW_DIFFERING = 3, /* there already, different: not changed */
    ROW_NEW = 4,       /* to be sent, or sent and without outcome */
    ROW_DONE = 5,
    ROW_REFUSED = 6,
};

/* Rows of a wave refer to earlier waves, whose rows must have outcomes first.
 */
enum wave { WAVE_CENTRES, WAVE_UNITS, WAVE_BRANCHES, WAVES };

extern const struct words import_kind_words;
extern const struct words import_state_words;
extern const struct words row_state_words;

/* --- import_id.c: a row's command id holds the row's number, so that an
 * outcome finds its row, and the same row always has the same id. */
void import_command_id(const char *import_id, int32_t row,
                       char ret_id[UUID_TEXT]);
/* False: not the id of a row of this import. */
bool import_command_row(const char *import_id, const char *command_id,
                        int32_t *ret_row) WARN_UNUSED;

/* --- import_worker.c ---------------------------------------------------- */
/* Wakes the worker: an import was committed. */
void imports_wake(void);

/* --- import_document.c: the document ------------------------------------ */
struct import_view {
    const char *import_id;
    enum import_kind kind;
    enum import_state state;
    int64_t version;
    int64_t warned;          /* rows that the caller must accept */
    const char *commit_key;  /* NULL: not committed */
    struct unit unit;        /* the unit that made it */
    PGresult *rows, *counts; /* see import_view_clear() */
};
/* The import of the path. False: the caller may not see it, or it is unknown;
 * the problem is in the response. Always call import_view_clear(). */
bool import_view_read(struct http_request *request,
                      struct http_response *response,
                      struct import_view *ret_view) WARN_UNUSED;
/* Reads it again without checking the caller. False: 503 is in the response. */
bool import_view_again(struct http_request *request,
                       struct http_response *response,
                       struct import_view *view) WARN_UNUSED;
void import_view_clear(struct import_view *view);
/* Answers `status`: document, Location, and ETag unless rows are under way. */
void import_view_answer(struct http_request *request,
                        struct http_response *response,
                        const struct import_view *view, int status);
/* Whether the caller may import this kind at `unit`. False: the problem is in
 * the response. */
bool import_allowed(struct http_request *request,
                    struct http_response *response, enum import_kind kind,
                    const struct unit *unit) WARN_UNUSED;
