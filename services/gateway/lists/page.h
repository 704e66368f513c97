/* A page of a list: limit, cursor, filters in; items, next and Link out.
 *
 * Every list does the same around its query, most of them by page_answer():
 * page_read() takes the parameters all lists share, filter_…() its own filters
 * as parameters of the query (NULL: not asked, so one predicate serves list,
 * search and count), page_begin() and page_end() write the frame. A query is
 * asked for one row more than the page, which tells whether there is a next
 * one.
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
    bool count;                           /* the number of all is wanted */
    const char *after[CURSOR_FIELDS_MAX]; /* sort key of the row before */
    size_t fields;
    const char *place;
    int rows; /* of the result that are shown */
};

/* Sorts before and behind every id. */
#define ID_FIRST "00000000-0000-0000-0000-000000000000"
#define ID_LAST  "ffffffff-ffff-ffff-ffff-ffffffffffff"

/* Query parameters that every list allows, for the route table. */
#define CURSOR_QUERY ONE("limit", takes_limit), ONE("cursor", takes_cursor)
#define PAGE_QUERY   CURSOR_QUERY, ONE("count", takes_bool)

/* `first`: the sort key before all rows. False: 400 is in the response. */
bool page_read(struct http_request *request, struct http_response *response,
               const char *const *first, size_t fields,
               struct page *ret_page) WARN_UNUSED;
/* Who asks: reads the session, asks the route's row whether he may list at all
 * and adds his unit and its kind as the first two parameters. False: the
 * response holds the problem. */
bool page_asker(struct http_request *request, struct http_response *response,
                struct db_params *params) WARN_UNUSED;
/* Rows to ask for. */
static inline int
page_wanted(const struct page *page)
{
    return page->limit + 1;
}
/* Opens the document and its items; `page->rows` of the result are shown. */
void page_begin(struct http_response *response, struct page *page,
                const PGresult *result);
/* A number as text of a sort key. */
const char *page_number(struct http_request *request, int64_t number);
/* The count in `column` as JSON; NULL when it was not asked or there is no row.
 */
const char *page_count(struct http_request *request, const PGresult *result,
                       int column);
/* Ends it: `last` is the sort key of the last row shown (not looked at when
 * there is no next page); `count`, JSON or NULL for none at all, goes in as
 * member `name` when it was asked for. Answers 200. */
void page_end(struct http_request *request, struct http_response *response,
              const struct page *page, const PGresult *result,
              const char *const *last, const char *name, const char *count);

/* --- filters: each adds one parameter of values that fit ----------------- */
/* Every value of a repeated parameter, as text[]. */
void filter_texts(const struct http_request *request, const char *name,
                  struct db_params *params);
/* The same, of codes of units in their one form. */
void filter_codes(const struct http_request *request, const char *name,
                  struct db_params *params);
/* The same as numbers of words, smallint[]. */
void filter_words(struct http_request *request, const char *name,
                  const struct words *words, struct db_params *params);
/* Part of a folded name as a LIKE pattern. */
void filter_name(struct http_request *request, const char *name,
                 struct db_params *params);
/* The same for lists whose names are masked outside the own unit. A caller who
 * sees masks searches by them: every name with the same mask is found, so that
 * the answer tells nothing that the mask hides. */
void filter_teacher_name(struct http_request *request, const char *name,
                         struct db_params *params);
/* The units asked for, else those an officer without area has as his own, so
 * that the index is used; NULL for the others. Reach itself is the query's.
 * False: 503 is in the response. */
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
/* What a list has of its own; page_answer() does what all of them share. */
struct list {
    const char *query;
    const char *first[CURSOR_FIELDS_MAX + 1]; /* sort key before all rows */
    bool anyone; /* open to who is not signed in, asks no page_asker() */
    /* Adds the parameters behind page_asker()'s. False: answered. */
    bool (*bind)(struct http_request *request, struct http_response *response,
                 const struct page *page, struct db_params *params);
    /* One row as JSON, and its sort key as texts that outlive the row. */
    void (*render)(struct http_request *request, struct bytes *out,
                   const PGresult *result, int row, const char **ret_last);
    const char *count_name; /* NULL: nothing is counted */
    int count_column;
    /* JSON instead of a column. */
    const char *(*counts)(const PGresult *result);
    /* A list that gives the same for less, or NULL. */
    const struct list *(*shortcut)(const struct http_request *request);
};
void page_answer(struct http_request *request, struct http_response *response,
                 const struct list *list);
/* 400 for one query parameter whose value is not taken. */
void page_bad(const struct http_request *request,
              struct http_response *response, const char *name);
/* The one unit that filter_units() would bind; NULL: several, or all. */
const char *filter_unit(const struct http_request *request, const char *name);
/* %, _ and \ of the text are meant as they stand. */
const char *like_pattern(struct arena *arena, const char *folded);
/* A LIKE pattern of the folded names that have the mask of this one. Of one
 * character: the longer names that begin with it, whose masks show it too. */
const char *masked_pattern(struct arena *arena, const char *folded);
