/* A page of a list: limit, cursor, filters in; items, next and Link out.
 *
 * Most lists call page_answer(); the steps are the same for all. page_read()
 * takes the parameters that all lists share. filter_…() adds the list's own
 * filters as parameters of the query (NULL: no filter), so one predicate serves
 * list, search and count. page_begin() and page_end() write the frame. The
 * query reads one row more than the page, to see whether there is a next page.
 */
#pragma once

#include "chassis/base/bytes.h"
#include "chassis/db/db.h"
#include "chassis/http/http.h"

#include "rules/word.h"

#include "gateway/lists/cursor.h"

enum { PAGE_ROWS = 10, PAGE_ROWS_MAX = 200 }; /* T9: ten by default */

struct page {
    int limit;
    bool count;                           /* the client wants the total */
    const char *after[CURSOR_FIELDS_MAX]; /* sort key to continue after */
    size_t fields;
    const char *place;
    int rows; /* rows of the result that are shown */
};

/* Sorts before / after every id. */
#define ID_FIRST "00000000-0000-0000-0000-000000000000"
#define ID_LAST  "ffffffff-ffff-ffff-ffff-ffffffffffff"

/* Query parameters that every list allows, for the route table. */
#define CURSOR_QUERY ONE("limit", takes_limit), ONE("cursor", takes_cursor)
#define PAGE_QUERY   CURSOR_QUERY, ONE("count", takes_bool)

/* `first`: the sort key before all rows. Returns false with 400 in the
 * response. */
bool page_read(struct http_request *request, struct http_response *response,
               const char *const *first, size_t fields,
               struct page *ret_page) WARN_UNUSED;
/* Reads the session and checks the route's row: may the caller list at all?
 * Adds the caller's unit and its kind as the first two parameters. Returns
 * false with the problem in the response. */
bool page_asker(struct http_request *request, struct http_response *response,
                struct db_params *params) WARN_UNUSED;
/* The number of rows to read. */
static inline int
page_wanted(const struct page *page)
{
    return page->limit + 1;
}
/* Opens the document and its items; shows `page->rows` rows of the result. */
void page_begin(struct http_response *response, struct page *page,
                const PGresult *result);
/* A number as text of a sort key. */
const char *page_number(struct http_request *request, int64_t number);
/* The count in `column` as JSON. Returns NULL if the client did not want it or
 * there is no row. */
const char *page_count(struct http_request *request, const PGresult *result,
                       int column);
/* Ends the document and answers 200. `last` is the sort key of the last row
 * shown (unused if there is no next page). `count` (JSON, NULL: none) becomes
 * member `name` if the client wanted it. */
void page_end(struct http_request *request, struct http_response *response,
              const struct page *page, const PGresult *result,
              const char *const *last, const char *name, const char *count);

/* --- filters: each adds one parameter of values that fit ----------------- */
/* Every value of a repeated parameter, as text[]. */
void filter_texts(const struct http_request *request, const char *name,
                  struct db_params *params);
/* The same for codes of units, in their only form. */
void filter_codes(const struct http_request *request, const char *name,
                  struct db_params *params);
/* The same for words, as their numbers, smallint[]. */
void filter_words(struct http_request *request, const char *name,
                  const struct words *words, struct db_params *params);
/* Part of a folded name as a LIKE pattern. */
void filter_name(struct http_request *request, const char *name,
                 struct db_params *params);
/* The same for lists that mask names outside the own unit. A caller who sees
 * masks searches by masks: the query finds every name with the same mask. So
 * the answer reveals nothing that the mask hides. */
void filter_teacher_name(struct http_request *request, const char *name,
                         struct db_params *params);
/* The units in the request; otherwise an officer's own units if their reach has
 * no area, so that the index is used; otherwise NULL. The query itself checks
 * the reach. Returns false with 503 in the response. */
bool filter_units(struct http_request *request, struct http_response *response,
                  const char *name, struct db_params *params) WARN_UNUSED;
/* The one value of `name`, true or false. */
void filter_bool(const struct http_request *request, const char *name,
                 struct db_params *params);
/* The one value of `name`, as text. */
void filter_text(const struct http_request *request, const char *name,
                 struct db_params *params);
/* The one value of `name`, as a date. */
void filter_day(const struct http_request *request, const char *name,
                struct db_params *params);

/* --- whole lists -------------------------------------------------------- */
/* The parts of one list; page_answer() does the rest. */
struct list {
    const char *query;
    const char *first[CURSOR_FIELDS_MAX + 1]; /* sort key before all rows */
    bool anyone; /* open without sign-in: does not call page_asker() */
    /* Adds the parameters after page_asker()'s. Returns false if it answered.
     */
    bool (*bind)(struct http_request *request, struct http_response *response,
                 const struct page *page, struct db_params *params);
    /* Writes one row as JSON, and its sort key as texts that outlive the row.
     */
    void (*render)(struct http_request *request, struct bytes *out,
                   const PGresult *result, int row, const char **ret_last);
    const char *count_name; /* NULL: no count */
    int count_column;
    /* JSON instead of a column. */
    const char *(*counts)(const PGresult *result);
    /* The plan that is made once is right for all requests. */
    bool lasting;
    /* A cheaper list with the same result, or NULL. */
    const struct list *(*shortcut)(const struct http_request *request);
};
void page_answer(struct http_request *request, struct http_response *response,
                 const struct list *list);
/* The end of most bind(): count?, rows. Returns true. */
bool page_bind_rows(const struct page *page, struct db_params *params);
/* The bind() of a list of the one unit that filter_unit() gives, by name and
 * id. */
bool page_bind_unit(struct http_request *request,
                    struct http_response *response, const struct page *page,
                    struct db_params *params);
/* Answers 400 for one query parameter with a wrong value. */
void page_bad(const struct http_request *request,
              struct http_response *response, const char *name);
/* The one unit that filter_units() would bind; NULL: several, or all. */
const char *filter_unit(const struct http_request *request, const char *name);
/* Escapes %, _ and \ of the text. */
const char *like_pattern(struct arena *arena, const char *folded);
/* A LIKE pattern of the folded names with the same mask as this one. For one
 * character: the longer names that begin with it, because their masks show it.
 */
const char *masked_pattern(struct arena *arena, const char *folded);
