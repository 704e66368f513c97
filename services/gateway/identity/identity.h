/* ID numbers and their persons: the only index of both (B19).
 *
 * A number is found by its MAC, sealed and bound to "identity/<person>", and
 * opened only to be shown. Owners have only person ids. Names that begin with
 * identity_number_ or identity_check belong to the rules (rules/identity.h). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "chassis/base/clock.h"
#include "chassis/base/seal.h"
#include "chassis/db/db.h"
#include "chassis/http/http.h"
#include "chassis/lane/handler.h"
#include "chassis/lane/store.h"

#include "rules/identity.h"

#include "inservice/teacher/v1/states.pb-c.h"

enum identity_state {                        /* stored in the table */
                      IDENTITY_PROPOSED = 1, /* entered by a caller; no owner's
                                              * state uses it yet */
                      IDENTITY_CURRENT = 2,  /* an owner's state uses it */
                      IDENTITY_FORMER =
                          3, /* replaced by a newer number of the same person */
                      IDENTITY_FREED = 4, /* was mistyped; not this person's */
};

struct identity {
    char person_id[UUID_TEXT];
    enum identity_state state;
    int32_t kind; /* enum number_kind */
    uint8_t sealed[SEAL_OVERHEAD + IDENTITY_LENGTH];
    size_t sealed_size;
};

/* Checks a typed number, with the dates of the settings (T3). */
enum identity_verdict identity_read(const char *input, int64_t at,
                                    struct identity_number *ret) WARN_UNUSED;

/* The person of a checked number; proposes a new one if there is none. Two
 * callers who enter the same number at once get the same person. One round
 * trip. */
enum db_end identity_resolve(struct db *db,
                             const struct identity_number *number, int64_t at,
                             struct identity *ret_identity) WARN_UNUSED;
/* Finds only. DB_OK with an empty person_id: no person has the number. */
enum db_end identity_find(struct db *db, const struct identity_number *number,
                          struct identity *ret_identity) WARN_UNUSED;
/* Finds a person that an officer of this unit has looked up, and the audit row
 * of that look-up (T1). DB_OK with an empty person_id: the number is unknown,
 * or there was no such look-up; the caller cannot tell which. */
struct identity_look_up {
    char audit_id[UUID_TEXT];
    int64_t at;
};
enum db_end
identity_find_looked_up(struct db *db, const struct identity_number *number,
                        const char *organization, struct identity *ret_identity,
                        struct identity_look_up *ret_look_up) WARN_UNUSED;

/* Fills the person that identity_resolve() would propose, if identity_find()
 * found none. Writes nothing, so a stranger's input leaves no row. */
void identity_derive(const struct identity_number *number,
                     struct identity *identity);
/* The MAC under which a number is stored. */
void identity_mac(const char *number, uint8_t ret_mac[SEAL_DIGEST]);
/* Opens a sealed number to show it. The caller has checked the right to it and
 * written the audit row. Returns false if it is another person's, sealed with
 * another key, or changed. */
bool identity_open(const char *person_id, const uint8_t *sealed, size_t size,
                   char ret_number[IDENTITY_LENGTH + 1]) WARN_UNUSED;

/* Whether a stored seal opens with the present keys. An installation with other
 * keys would take every person for a new one. */
enum db_end identity_keys_fit(struct db *db, bool *ret_fit) WARN_UNUSED;

/* PROPOSED becomes CURRENT when an owner's state uses it. A view handler calls
 * the first in its keys(), the second in its handle(); both accept "". */
extern const struct store identity_confirmation_store;
void identity_confirm_keys(struct keys *keys, const char *person_id);
void identity_confirm(struct decision *decision, const char *person_id);

/* identity/: called by the view of TeacherState; the number's row goes from
 * PROPOSED to CURRENT (B19). `_keys` asks for rows, the other changes them. */
void view_identity_keys(struct keys *keys,
                        const Inservice__Teacher__V1__TeacherState *state);
void view_identity(struct decision *decision,
                   const Inservice__Teacher__V1__TeacherState *state);

/* One row of the audit table: actor, action, subject, purpose and result.
 * `actor` and `organization` may be "" (the host's operator). */
struct audit_entry {
    const char *actor;
    const char *organization;
    const char *client; /* address */
    const char *what;   /* "TEACHER_LOOK_UP" */
    const char *subject;
    const char *purpose;
    const char *result; /* "SHOWN", "NO_MATCH", … */
    const char *trace_id;
};
/* Writes the row before anything is shown. Without DB_OK the caller must show
 * nothing. */
enum db_end audit_write(struct db *db,
                        const struct audit_entry *entry) WARN_UNUSED;
/* The same, in one transaction with the audited change: queued on `db`; its
 * result is taken like any other's. */
void audit_send(struct db *db, const struct audit_entry *entry);
/* The same, filled from a request; the caller gives `what` … `result`. Returns
 * false, with 503 in the response, if no row was written. */
bool audit_write_request(struct http_request *request,
                         struct http_response *response, const char *what,
                         const char *subject, const char *purpose,
                         const char *result) WARN_UNUSED;
