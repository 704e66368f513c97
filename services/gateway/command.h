/* What the handlers of commands read before they build one: an account, a
 * teacher, a unit as the read model has them. A command carries what its owner
 * cannot see (kind and state of a unit, version and posts of a teacher).
 */
#pragma once

#include "chassis/base/wire.h"

#include "gateway/request/form.h"
#include "gateway/gateway.h"

enum { POSTS_KNOWN_MAX = 64 };

/* --- accounts ----------------------------------------------------------- */
struct known_account {
    /* The account's unit; of a teacher's application the unit the caller
     * manages, of those named in it and those with a post. */
    struct unit unit;
    const char *organization; /* the account's, or named in the application */
    enum account_kind kind;
    const char *person_id; /* "" when there is none */
    const char *login;
    enum role role;
    unsigned permissions;
    enum account_status status;
    bool identity_proven;
    int64_t teacher_version, teacher_incarnation; /* 0: no record */
    char *posts[POSTS_KNOWN_MAX];                 /* codes of the units */
    size_t post_count;
    const char *teacher_name, *teacher_email;
};
/* Session and the account of params[0] in one round trip. False: the response
 * holds the problem (404 when there is no account of that kind). */
bool account_known(struct http_request *request, struct http_response *response,
                   enum account_kind kind,
                   struct known_account *ret_account) WARN_UNUSED;
/* Whether it is there at all for who asks: before its form is read, which the
 * account makes different. False: 404 is in the response. */
bool account_in_reach(struct http_request *request,
                      struct http_response *response,
                      const struct known_account *account) WARN_UNUSED;
/* The right to do it: `new_role` is what is asked for (B8, B18, B21). */
bool account_allowed(struct http_request *request,
                     struct http_response *response,
                     const struct known_account *account,
                     enum role new_role) WARN_UNUSED;

/* Submits to the account service; `folder` is where the thing stands when it is
 * done ("/v1/business-accounts"), NULL: nowhere. */
void account_submit(struct http_request *request,
                    struct http_response *response,
                    const ProtobufCMessage *command, const char *lane_key,
                    const char *account_id, const char *folder, int status);

/* What an approver ticks (B18), of which version of the account. */
struct enable_wish {
    enum role role;
    unsigned permissions;
    bool permissions_given; /* named, perhaps as none (B24) */
    bool employed_here;     /* stated by the approver (T15a) */
    enum enabling enabling;
    enum evidence evidence;
    int64_t version;
};

/* Submits the enabling of a business account, with what the read model knows of
 * its person (rule 8). */
void enable_submit(struct http_request *request, struct http_response *response,
                   const struct known_account *account,
                   const struct enable_wish *wish);

/* The same to the teacher service, about a person; true: this request made the
 * command. */
bool teacher_submit(struct http_request *request,
                    struct http_response *response,
                    const ProtobufCMessage *command, const char *person_id,
                    int status);

/* --- forms -------------------------------------------------------------- */
/* Names of permissions as the sum of their bits. False: the field is absent. */
bool form_permissions(struct form *form, const char *name, unsigned *ret_sum);
/* A list of codes; the count, texts in the arena. */
size_t form_codes(struct form *form, const char *name, size_t max,
                  char ***ret_codes);
/* "2026-08-01" or "". */
const char *form_day(struct form *form, const char *name);
/* An id or "". */
const char *form_id(struct form *form, const char *name, bool required);
/* A login name or "" (B14). */
const char *form_login(struct form *form, const char *name, bool required);
/* An address or "". */
const char *form_email(struct form *form, const char *name, bool required);
/* Reason and force of an order: `reason` is required where force is set. */
void form_reason(struct form *form, Order *order);

/* --- teachers and units ------------------------------------------------- */
struct known_teacher {
    bool known;
    int64_t version, incarnation;
    const char *name, *email;
    struct unit units[POSTS_KNOWN_MAX]; /* primary first */
    size_t unit_count;
    char *posts[POSTS_KNOWN_MAX];
};
/* From the result of teacher_command. */
void teacher_read(struct arena *arena, const PGresult *rows,
                  struct known_teacher *ret_teacher);
/* The teacher's unit of this code, or NULL. */
const struct unit *teacher_unit(const struct known_teacher *teacher,
                                const char *code);
struct known_unit {
    struct unit unit; /* code "": unknown */
    int64_t version;
    int64_t recent_pulls;
};
void unit_params(struct db_params *params, const char *code);
void unit_send(struct db *db, const char *code);
void unit_read(struct arena *arena, const PGresult *rows,
               struct known_unit *ret_unit);
/* The officer's own unit, as his session has it. */
struct unit unit_own(const struct principal *principal);

/* A number as people type it: the person and the sealed number; `ret_number`
 * may be NULL. False: 422 or 503 is in the response. */
enum person_search {
    PERSON_KNOWN,    /* an unknown number gives an empty person_id */
    PERSON_PROPOSED, /* an unknown number is written down as a new person */
    PERSON_DERIVED,  /* an unknown number gives the same person, unwritten */
};
struct identity;
struct identity_number;
/* The number alone, checked. False: 422 is in the response. */
bool command_number(struct http_request *request,
                    struct http_response *response, const char *pointer,
                    const char *number,
                    struct identity_number *ret_number) WARN_UNUSED;
bool command_person(struct http_request *request,
                    struct http_response *response, const char *pointer,
                    const char *number, enum person_search search,
                    struct identity *ret_identity,
                    struct identity_number *ret_number) WARN_UNUSED;
