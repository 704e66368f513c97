/* http_post_application: route 12, a person applies for an account.
 *
 * The caller is signed in or sends the token of a verified address (header
 * Verification-Token). The number becomes a person here. The answer is the same
 * for known and unknown persons (B25) and carries a receipt. The account
 * service decides (B3, B10-B12, B14, T8).
 */
#include "gateway/routes.h"

#include <string.h>
#include <strings.h>

#include "chassis/base/wire.h"

#include "rules/fold.h"
#include "rules/text.h"

#include "gateway/applications/application.h"
#include "gateway/gateway.h"
#include "gateway/identity/identity.h"
#include "gateway/identity/person.h"
#include "gateway/operations/submit.h"
#include "gateway/organizations/organization.h"
#include "gateway/request/request.h"
#include "gateway/sessions/sessions.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__ApplyForBusinessAccount ApplyBusiness;

static void
read_form(struct form *form, struct application *application)
{
    application->kind =
        (enum account_kind)form_word(form, "kind", &account_kind_words, true);
    application->organization = organization_code_form(form, 1);
    application->name = form_name(form, "name");
    application->phone = form_narrow(form, "phone", 0, TEXT_PHONE_MAX);
    application->email = form_email(form, "email", false);
    application->login = form_login(form, "login", true);
    application->number = form_text(form, "number", 0, 64);
    application->wanted_role = (enum role)form_word(
        form, "wantedRole", &role_words, application->kind == ACCOUNT_BUSINESS);
    application->succeeds = form_id(form, "succeeds", false);
    if (*application->phone != '\0' && !phone_shape_ok(application->phone))
        form_fault(form, "phone", FAULT_PHONE);
}

/* --- the proof of the mailbox ------------------------------------------- */
static bool
read_proof(struct http_request *request, struct http_response *response,
           const char *token, struct verification *verification)
{
    struct db *db = pool_take(gateway.pool, clock_monotonic() + SECONDS(1));
    enum db_end end = DB_LOST;

    if (db != NULL) {
        end = verification_find(db, request->arena, token, verification);
        pool_give(gateway.pool, db);
    }
    if (end != DB_OK)
        request_unavailable(request, response, "verification_read_failed");
    else if (verification->id[0] == '\0')
        http_problem(request, response, "PROOF_EXPIRED", NULL, 0);
    return end == DB_OK && verification->id[0] != '\0';
}

/* Sets the address that the token proves. False: the response holds the
 * problem. */
static bool
read_token(struct http_request *request, struct http_response *response,
           struct form *form, struct application *application)
{
    const char *token = http_header(request, "Verification-Token");
    struct verification verification = {.email = ""};

    if (token == NULL)
        return true;
    if (!read_proof(request, response, token, &verification))
        return false;
    if (*application->email != '\0' &&
        strcasecmp(application->email, verification.email) != 0)
        form_fault(form, "email", FAULT_EMAIL_OTHER);
    application->email = verification.email;
    application->evidence = EVIDENCE_EMAIL_VERIFIED;
    if (request_principal(request)->kind == PRINCIPAL_NONE)
        application->scope =
            arena_printf(request->arena, "verification/%s", verification.id);
    return true;
}

/* Without a token only the address of a business account counts as proven: it
 * was verified, or its ticket was mailed there, and it never changes. Teachers
 * change the address on their record without a proof. */
static bool
read_own_address(struct http_request *request, struct http_response *response,
                 struct form *form, struct application *application)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    const struct principal *principal = request_principal(request);

    if (application->evidence == EVIDENCE_EMAIL_VERIFIED ||
        principal->kind == PRINCIPAL_NONE)
        return true;
    db_uuid(&params, principal->account_id);
    CLEANUP(result_clear)
    PGresult *row = request_query(request, response, "account_email", &params);
    if (row == NULL)
        return false;
    const char *own =
        PQntuples(row) == 1 ? db_copy_text(request->arena, row, 0, 0) : "";
    if (*own != '\0' && *application->email == '\0')
        application->email = own;
    if (*own == '\0' || strcasecmp(application->email, own) != 0)
        form_fault(form, "email", FAULT_EMAIL_NOT_PROVEN);
    return true;
}

/* A signed-in caller is the person; otherwise the number names the person. */
static void
check_person(struct http_request *request, struct form *form,
             struct application *application)
{
    const struct principal *principal = request_principal(request);

    if (principal->kind != PRINCIPAL_NONE && *principal->person_id != '\0') {
        application->proven = true;
        application->person_id = principal->person_id;
    } else if (*application->number == '\0') {
        form_fault(form, "number", FAULT_MISSING);
    }
}

static bool
find_person(struct http_request *request, struct http_response *response,
            struct application *application)
{
    struct identity *identity = ARENA_NEW(request->arena, struct identity);

    if (application->proven)
        return true;
    if (!person_of_number(request, response, "/number", application->number,
                          PERSON_DERIVED, identity, NULL))
        return false;
    application->person_id = identity->person_id;
    return true;
}

void
application_submit(struct http_request *request, struct http_response *response,
                   const struct application *application,
                   const ProtobufCMessage *command, const char *account_id,
                   const char *lane_key)
{
    const struct submission submission = {
        .lane_key = lane_key,
        .service = "account",
        .command = command,
        .subject = account_id,
        .location =
            arena_printf(request->arena, "/v1/applications/%s", account_id),
        .done_status = 201,
        .scope = application->scope,
        .receipt = true,
        .only_repeats = !application->counted,
    };

    operation_submit(request, response, &submission);
}

static void
submit_business(struct http_request *request, struct http_response *response,
                const struct application *application)
{
    char account_id[UUID_TEXT];
    ApplyBusiness command;

    uuid_v7(account_id);
    inservice__account__v1__apply_for_business_account__init(&command);
    command.order = order_new(request, -1);
    command.account_id = account_id;
    command.organization = wire_member(application->organization);
    command.person_id = wire_member(application->person_id);
    command.name = wire_member(application->name);
    command.phone = wire_member(application->phone);
    command.email = wire_member(application->email);
    command.login = wire_member(application->login);
    command.wanted_role = (Inservice__Common__V1__Role)application->wanted_role;
    command.succeeds = wire_member(application->succeeds);
    command.identity_proven = application->proven;
    command.evidence = (Inservice__Account__V1__Evidence)application->evidence;
    application_submit(request, response, application, &command.base,
                       account_id, command.organization);
}

static void
submit(struct http_request *request, struct http_response *response,
       const struct application *application)
{
    if (application->kind == ACCOUNT_BUSINESS)
        submit_business(request, response, application);
    else
        teacher_application_submit(request, response, application);
    if (response->status >= 400)
        application_left_none(request, application);
}

void
http_post_application(struct http_request *request,
                      struct http_response *response)
{
    struct application application = {.person_id = ""};
    struct form form;

    form_open(&form, request);
    if (!request_session(request, response))
        return;
    read_form(&form, &application);
    if (!read_token(request, response, &form, &application) ||
        !request_allows(request, response, &(const struct target){0},
                        application.evidence == EVIDENCE_EMAIL_VERIFIED) ||
        !read_own_address(request, response, &form, &application))
        return;
    check_person(request, &form, &application);
    if (form_close(&form, response) &&
        application_has_room(request, response, &application) &&
        find_person(request, response, &application))
        submit(request, response, &application);
}
