/* An application (route 12) between its form and its command.
 *
 * http_post_application.c reads it and submits applications for business
 * accounts; teacher_application.c submits those for teacher accounts.
 */
#pragma once

#include <stdbool.h>

#include "chassis/base/bytes.h"
#include "chassis/db/db.h"
#include "chassis/http/http.h"

#include "rules/role.h"

struct application {
    enum account_kind kind;
    const char *organization, *name, *phone, *email, *login, *number;
    const char *succeeds;
    enum role wanted_role;
    const char *person_id;
    const char *scope;      /* NULL: the account that is signed in */
    bool proven;            /* signed in: no number to confirm */
    enum evidence evidence; /* EMAIL_VERIFIED: the address was */
    bool counted;           /* application_has_room() did */
};

/* Sends the command and answers 201 and a receipt, whether the person is known
 * or not. */
void application_submit(struct http_request *request,
                        struct http_response *response,
                        const struct application *application,
                        const ProtobufCMessage *command, const char *account_id,
                        const char *lane_key);

/* A teacher's application: one that fits the record on file is enabled at once
 * and its ticket goes to the address on record; any other waits for the
 * school. */
void teacher_application_submit(struct http_request *request,
                                struct http_response *response,
                                const struct application *application);

/* --- application_standing.c --------------------------------------------- */
/* Columns that stand side by side in the statements that read applications;
 * counted from the first. */
enum standing_column {
    WANTED_ROLE,
    SUCCEEDS,
    STATUS,
    CLOSED_CAUSE,
    IDENTITY_PROVEN,
    APPLIED_AT,
    LAPSES_AT,
    STANDING_COLUMNS,
};

/* Their members; `first` is the column of WANTED_ROLE. */
void application_standing(struct http_request *request, struct bytes *out,
                          const PGresult *result, int row, int first);

/* --- application_limit.c ------------------------------------------------ */
/* Whether this client and mailbox may apply once more. Counts the try, before
 * anything is written. False: 429 is in the response. */
bool application_has_room(struct http_request *request,
                          struct http_response *response,
                          struct application *application) WARN_UNUSED;
/* Gives back the place at the unit that a refused application has taken. */
void application_left_none(struct http_request *request,
                           const struct application *application);

/* --- number_confirmed.c ------------------------------------------------- */
/* Whether the number that an approver entered is this person's. `application`:
 * its account id. Audits each try; counts wrong ones per officer, unit and
 * application. False: the response
 * holds the problem. */
bool number_confirmed(struct http_request *request,
                      struct http_response *response, const char *application,
                      const char *number, const char *person_id) WARN_UNUSED;
