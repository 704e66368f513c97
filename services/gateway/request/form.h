/* A JSON body, read field by field; the answer lists all faults at once.
 *
 *     struct form form;
 *     form_open(&form, request);
 *     const char *name = form_text(&form, "name", 1, 100);
 *     if (!form_close(&form, response))
 *         return;
 *
 * Use the values only after form_close() returned true: otherwise it answers
 * 400 BAD_FORM with a JSON pointer for every fault and every unknown field.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "attributes.h"
#include "chassis/http/http.h"

#include "rules/field_faults.h"
#include "rules/word.h"

#include "inservice/common/v1/order.pb-c.h"

enum { FORM_FIELDS_MAX = 40 };

struct form {
    struct http_request *request;
    json_t *body; /* NULL: unreadable; the first error says why */
    const char *asked[FORM_FIELDS_MAX];
    size_t asked_count;
    struct http_error errors[HTTP_ERRORS_MAX];
    size_t error_count;
};

/* All fields of an unreadable body are absent; form_close() answers. So a
 * handler may read fields before the session, and answer 401 first. */
void form_open(struct form *form, struct http_request *request);
/* False: 400 is in the response. */
bool form_close(struct form *form, struct http_response *response) WARN_UNUSED;

/* Adds a fault of the table. `name` is the field's, without the slash. */
void form_fault(struct form *form, const char *name, enum field_fault fault);
/* The same; `limit`, a sentence with the numbers, follows the table's text. */
void form_fault_limit(struct form *form, const char *name,
                      enum field_fault fault, const char *limit);
/* Adds the fault of a wrong word, with the words that the field takes. */
void form_fault_word(struct form *form, const char *name,
                     const struct words *words);
/* Adds a fault with a text of its own (rules/refusals.h). */
void form_refusal(struct form *form, const char *name, const char *code);
/* Whether the field is there and not null. */
bool form_has(struct form *form, const char *name);
/* Whether the field is there, also as null: a merge patch names it. */
bool form_names(struct form *form, const char *name);
/* The member unchanged; NULL: absent or null. The field counts as known. */
json_t *form_member(struct form *form, const char *name);

/* A text in its stored form (rules/text.h): one line, without surrounding
 * blanks and invisible characters. `min` to `max` count characters as a person
 * does. min 0: optional, "" when absent. Returns "" after a fault, never NULL,
 * so it can be passed on before form_close(). */
const char *form_text(struct form *form, const char *name, size_t min,
                      size_t max);
/* The same for ASCII fields (codes, telephone numbers, addresses): full-width
 * characters, as Chinese keyboards type them, become ASCII. `max` counts bytes.
 */
const char *form_narrow(struct form *form, const char *name, size_t min,
                        size_t max);
/* The same for one code of a list; `place` is its field and index. */
const char *form_code_in_list(struct form *form, const char *place,
                              const char *given);
/* A password as it is hashed: OpaqueString of RFC 8265. Blanks, case and width
 * stay; `max` counts characters. */
const char *form_secret(struct form *form, const char *name, size_t max);
/* The value of a word's name; 0 when absent (a fault if required). */
int form_word(struct form *form, const char *name, const struct words *words,
              bool required);
/* Returns `otherwise` when absent. */
bool form_bool(struct form *form, const char *name, bool otherwise);
int64_t form_int(struct form *form, const char *name, int64_t min, int64_t max,
                 int64_t otherwise);

/* --- form_field.c: fields with a meaning of their own ------------------- */
/* Permissions as the sum of their bits. False: the field is absent. */
bool form_permissions(struct form *form, const char *name, unsigned *ret_sum);
/* A list of codes; returns their number, the texts are in the arena. */
size_t form_codes(struct form *form, const char *name, size_t max,
                  char ***ret_codes);
/* "2026-08-01" or "". */
const char *form_day(struct form *form, const char *name);
/* An id or "". */
const char *form_id(struct form *form, const char *name, bool required);
/* The name of a person who is entered, required. */
const char *form_name(struct form *form, const char *name);
/* A login name or "" (B14). */
const char *form_login(struct form *form, const char *name, bool required);
/* An address or "". */
const char *form_email(struct form *form, const char *name, bool required);
/* Reason and force of an order: `reason` is required where force is set. */
void form_reason(struct form *form, Inservice__Common__V1__Order *order);
