/* Route 7: a new CHIEF takes over from the old one, in one decision (B22).
 *
 * If-Match names the successor's account. As in route 16 an applicant who was
 * not signed in needs the ID number from the personnel file. The account
 * service decides (B2, B20-B22, and the rules of enabling). */
#include "gateway/routes.h"

#include <string.h>

#include "rules/text.h"

#include "gateway/accounts/account_command.h"
#include "gateway/applications/application.h"
#include "gateway/operations/submit.h"
#include "gateway/organizations/unit_form.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__SucceedChief Succeed;

struct wish {
    const char *successor, *predecessor, *number;
    enum predecessor_fate fate;
    bool permissions_given, employed_here;
    unsigned permissions;
    const char *reason;
};

static bool
read_wish(struct http_request *request, struct http_response *response,
          struct wish *ret_wish)
{
    struct form form;

    form_open(&form, request);
    *ret_wish = (struct wish){
        .successor = form_id(&form, "successor", true),
        .predecessor = form_id(&form, "predecessor", true),
        .number = form_text(&form, "number", 0, 64),
        .fate = (enum predecessor_fate)form_word(&form, "fate",
                                                 &predecessor_fate_words, true),
        .employed_here = form_bool(&form, "employedHere", false),
        .reason = form_text(&form, "reason", 0, TEXT_REASON_MAX),
    };
    ret_wish->permissions_given =
        form_permissions(&form, "permissions", &ret_wish->permissions);
    return form_close(&form, response);
}

/* The successor's account is one of this unit. */
static bool
read_successor(struct http_request *request, struct http_response *response,
               const struct unit *unit, const struct wish *wish,
               struct known_account *ret_account)
{
    if (!account_read(request, response, wish->successor, ret_account))
        return false;
    if (ret_account->unit.code != NULL &&
        strcmp(ret_account->unit.code, unit->code) == 0)
        return true;
    http_problem(request, response, "NOT_FOUND", NULL, 0);
    return false;
}

static bool
is_allowed(struct http_request *request, struct http_response *response,
           const struct unit *unit, const struct wish *wish,
           const struct known_account *successor)
{
    const struct target target = {
        .unit = unit,
        .account_id = wish->successor,
        .person_id = successor->person_id,
        .role = ROLE_CHIEF,
        .new_role = ROLE_CHIEF,
        .subject = SUBJECT_BUSINESS_ACCOUNTS,
    };

    return request_allows(request, response, &target, false);
}

static void
fill_successor(Succeed *command, const struct known_account *successor)
{
    const struct known_record *record = &successor->record;

    command->organization = wire_member(successor->unit.code);
    command->successor_person_id = wire_member(successor->person_id);
    command->successor_login = wire_member(successor->login);
    command->role_after = (Inservice__Common__V1__Role)ROLE_CHIEF;
    command->enabling =
        (Inservice__Account__V1__Enabling)(successor->status == ACCOUNT_DISABLED
                                               ? ENABLING_DISABLED_ACCOUNT
                                               : ENABLING_APPLICATION);
    command->teacher_version = record->version;
    command->teacher_incarnation = record->incarnation;
    command->teacher_organizations = (char **)(uintptr_t)record->posts;
    command->n_teacher_organizations = record->post_count;
}

static void
submit(struct http_request *request, struct http_response *response,
       const struct known_account *successor, const struct wish *wish,
       int64_t version)
{
    Succeed command;

    inservice__account__v1__succeed_chief__init(&command);
    command.order = order_new(request, version);
    command.order->reason = wire_member(wish->reason);
    fill_successor(&command, successor);
    command.successor_account_id = wire_member(wish->successor);
    command.predecessor_account_id = wire_member(wish->predecessor);
    command.fate = (Inservice__Account__V1__PredecessorFate)wish->fate;
    command.permissions = wish->permissions;
    command.permissions_given = wish->permissions_given;
    command.employed_here = wish->employed_here;
    if (*wish->number != '\0')
        command.evidence =
            (Inservice__Account__V1__Evidence)EVIDENCE_NUMBER_CONFIRMED;
    account_submit(request, response, &command.base, command.organization,
                   command.successor_account_id, "/v1/business-accounts", 200);
}

void
http_succeed_chief(struct http_request *request, struct http_response *response)
{
    struct unit_known known;
    struct known_account successor;
    struct wish wish;
    int64_t version;

    if (!unit_known(request, response, &known) ||
        !request_reaches(request, response, &known.unit) ||
        !read_wish(request, response, &wish) ||
        !read_successor(request, response, &known.unit, &wish, &successor) ||
        !is_allowed(request, response, &known.unit, &wish, &successor) ||
        !request_if_match(request, response, true, &version))
        return;
    if (*wish.number != '\0' &&
        !number_confirmed(request, response, wish.successor, wish.number,
                          successor.person_id))
        return;

    submit(request, response, &successor, &wish, version);
}
