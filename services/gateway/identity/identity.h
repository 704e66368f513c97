/* Whose number is whose: the one truth about ID numbers and persons (B19).
 *
 * A number is found by its MAC, kept sealed and bound to "identity/<person>",
 * and opened only to be shown. Owners know person ids alone. Names that begin
 * with identity_number_ or identity_check are the rules' (rules/identity.h).
 */
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

enum identity_state { /* stands in the table */
                      IDENTITY_PROPOSED =
                          1, /* entered by somebody; no owner knows it yet */
                      IDENTITY_CURRENT = 2, /* an owner's state rests on it */
                      IDENTITY_FORMER =
                          3, /* replaced by a newer number of the same person */
                      IDENTITY_FREED = 4, /* was mistyped; not his */
};

struct identity {
    char person_id[UUID_TEXT];
    enum identity_state state;
    int32_t kind; /* enum number_kind */
    uint8_t sealed[SEAL_OVERHEAD + IDENTITY_LENGTH];
    size_t sealed_size;
};

/* Checks a number as people type it, with the dates of the settings (T3). */
enum identity_verdict identity_read(const char *input, int64_t at,
                                    struct identity_number *ret) WARN_UNUSED;

/* The person of a checked number; proposes a new one where there is none. Two
 * who enter the same number at once get the same person. One round trip. */
enum db_end identity_resolve(struct db *db,
                             const struct identity_number *number, int64_t at,
                             struct identity *ret_identity) WARN_UNUSED;
/* Finds only. DB_OK with an empty person_id: nobody has it. */
enum db_end identity_find(struct db *db, const struct identity_number *number,
                          struct identity *ret_identity) WARN_UNUSED;
/* Finds somebody whom an officer of this unit has looked up, and the audit row
 * that says so (T1). DB_OK with an empty person_id: an unknown number, or there
 * was no such look-up; the two are told apart by nothing. */
struct identity_look_up {
    char audit_id[UUID_TEXT];
    int64_t at;
};
enum db_end
identity_find_looked_up(struct db *db, const struct identity_number *number,
                        const char *organization, struct identity *ret_identity,
                        struct identity_look_up *ret_look_up) WARN_UNUSED;

/* Fills the person that identity_resolve() would give to an unknown number,
 * where identity_find() gave none. Nothing is written: what a stranger typed
 * leaves no row. */
void identity_derive(const struct identity_number *number,
                     struct identity *identity);
/* The MAC under which a number is stored. */
void identity_mac(const char *number, uint8_t ret_mac[SEAL_DIGEST]);
/* Opens a sealed number to show it: the caller has checked the right to it and
 * noted the access. False: other person's, other key, or changed. */
bool identity_open(const char *person_id, const uint8_t *sealed, size_t size,
                   char ret_number[IDENTITY_LENGTH + 1]) WARN_UNUSED;

/* Whether what is sealed opens with the keys that were read: an installation
 * that went on with other keys would take everybody for a new person. */
enum db_end identity_keys_fit(struct db *db, bool *ret_fit) WARN_UNUSED;

/* PROPOSED becomes CURRENT when an owner's state rests on it. A view handler
 * calls the first in its keys(), the second in its handle(); both take "". */
extern const struct store identity_confirmation_store;
void identity_confirm_keys(struct keys *keys, const char *person_id);
void identity_confirm(struct decision *decision, const char *person_id);

/* identity/: called by the view of TeacherState; the number's row goes from
 * PROPOSED to CURRENT (B19). `_keys` asks for rows, the other changes them. */
void view_identity_keys(struct keys *keys,
                        const Inservice__Teacher__V1__TeacherState *state);
void view_identity(struct decision *decision,
                   const Inservice__Teacher__V1__TeacherState *state);

/* One row of the audit table: who did what to whom, why, and what came of it.
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
/* Notes before anything is shown: whoever gets no DB_OK shows nothing. */
enum db_end audit_write(struct db *db,
                        const struct audit_entry *entry) WARN_UNUSED;
/* The same in one transaction with what it notes: queued on `db`, its result
 * is taken like any other's. */
void audit_send(struct db *db, const struct audit_entry *entry);
/* The same, filled from a request; `what` … `result` are the caller's. False:
 * nothing was noted, and 503 is in the response. */
bool audit_write_request(struct http_request *request,
                         struct http_response *response, const char *what,
                         const char *subject, const char *purpose,
                         const char *result) WARN_UNUSED;
