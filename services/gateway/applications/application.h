/* An application (route 12) between its form and its command.
 *
 * http_post_application.c reads it; business accounts are applied for there,
 * teachers' own in teacher_application.c.
 */
#pragma once

#include <stdbool.h>

#include "chassis/http/http.h"

#include "rules/role.h"

struct application {
    enum account_kind kind;
    const char *organization, *name, *phone, *email, *login, *number;
    const char *succeeds;
    enum role wanted_role;
    const char *person_id;
    const char *scope;      /* NULL: the account that is signed in */
    bool proven;            /* signed in: the number need not be confirmed */
    enum evidence evidence; /* EMAIL_VERIFIED: the address was */
    bool counted;           /* by application_has_room() */
};

/* Sends the command and answers as for every application: 201 and a receipt,
 * whatever is known of the person. */
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

/* --- application_limit.c ------------------------------------------------ */
/* Whether this client, mailbox and proof may apply once more, counted before
 * anything is written. False: 429 is in the response. */
bool application_has_room(struct http_request *request,
                          struct http_response *response,
                          struct application *application) WARN_UNUSED;
/* A refused application waits nowhere: it takes no place at the unit. */
void application_left_none(struct http_request *request,
                           const struct application *application);

/* --- number_confirmed.c ------------------------------------------------- */
/* Whether the number that an approver entered is this person's. Each try is
 * audited; wrong ones are counted per officer, unit and application. False: the
 * response holds why not. */
bool number_confirmed(struct http_request *request,
                      struct http_response *response, const char *number,
                      const char *person_id) WARN_UNUSED;
