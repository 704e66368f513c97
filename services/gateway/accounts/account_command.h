/* Shared by the handlers of commands about accounts: the account in the read
 * model, the right to change it, and commands that several build. A command
 * carries what its owner cannot see (version and posts of a teacher). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "chassis/base/clock.h"
#include "chassis/base/wire.h"

#include "rules/role.h"

#include "gateway/request/request.h"
#include "gateway/teachers/teacher_command.h"

#include "inservice/common/v1/order.pb-c.h"

struct known_account {
    /* The account's unit. For a teacher's application: a unit that the caller
     * manages, either named in it or with a post. */
    struct unit unit;
    const struct unit *units; /* all of the account's units */
    size_t unit_count;
    const char *organization; /* the account's, or named in the application */
    enum account_kind kind;
    const char *person_id; /* "" when there is none */
    const char *login;
    enum role role;
    unsigned permissions;
    enum account_status status;
    bool identity_proven;
    struct known_record record; /* of the person */
};
/* Reads the session and the account of params[0] in one round trip. Returns
 * false with the problem in the response (404: no account of that kind). */
bool account_known(struct http_request *request, struct http_response *response,
                   enum account_kind kind,
                   struct known_account *ret_account) WARN_UNUSED;
/* Reads a business account that the form names, after the session. Returns
 * false with the problem in the response (404). */
bool account_read(struct http_request *request, struct http_response *response,
                  const char *account_id,
                  struct known_account *ret_account) WARN_UNUSED;
/* Returns false (404) if the caller may not see this account. Call it before
 * reading the form, because its fields depend on the kind of account. */
bool account_in_reach(struct http_request *request,
                      struct http_response *response,
                      const struct known_account *account) WARN_UNUSED;
/* Whether the caller may do it; `new_role` is the requested role (B8, B18,
 * B21). */
bool account_allowed(struct http_request *request,
                     struct http_response *response,
                     const struct known_account *account,
                     enum role new_role) WARN_UNUSED;

/* The order of a command whose form has a reason and force only, with the
 * version from If-Match. Returns false with the problem in the response. */
bool account_order(struct http_request *request, struct http_response *response,
                   Inservice__Common__V1__Order **ret_order) WARN_UNUSED;

/* Submits to the account service. `folder` is the thing's path after success
 * ("/v1/business-accounts"); NULL: none. */
void account_submit(struct http_request *request,
                    struct http_response *response,
                    const ProtobufCMessage *command, const char *lane_key,
                    const char *account_id, const char *folder, int status);

/* The same for a teacher account: the right at one of its units is enough. */
bool teacher_account_allowed(struct http_request *request,
                             struct http_response *response,
                             const struct known_account *account) WARN_UNUSED;

/* Adds a warning to an answer 200 if the unit, whose CHIEF the account was, has
 * none now (B22). */
void warn_without_chief(struct http_response *response,
                        const struct known_account *account);

/* The approver's choices (B18), and the version of the account they saw. */
struct enable_wish {
    enum role role;
    unsigned permissions;
    bool permissions_given; /* given in the form, perhaps as none (B24) */
    bool employed_here;     /* stated by the approver (T15a) */
    enum enabling enabling;
    enum evidence evidence;
    int64_t version;
};

/* Submits the enabling of a business account, with the read model's record of
 * its person (rule 8). */
void enable_submit(struct http_request *request, struct http_response *response,
                   const struct known_account *account,
                   const struct enable_wish *wish);

/* The enabling of a teacher account, by an officer or by an application that
 * fits the record. */
struct enable_teacher_wish {
    const char *account_id, *person_id, *login;
    const char *organization; /* the approver; NULL: none */
    const struct known_record *record;
    bool by_officer;
    enum enabling enabling;
    enum evidence evidence;
    int64_t version;                     /* of the account; -1: a new account */
    Inservice__Common__V1__Order *order; /* NULL: a new one, of that version */
};
/* The command with its Order, in the request's arena. */
const ProtobufCMessage *
enable_teacher_command(struct http_request *request,
                       const struct enable_teacher_wish *wish);
/* The same for a new account, whose id it makes. */
const ProtobufCMessage *
new_teacher_command(struct http_request *request,
                    const struct enable_teacher_wish *wish,
                    char ret_account_id[UUID_TEXT]);
