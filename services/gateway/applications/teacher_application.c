/* teacher_application: a teacher applies for a teacher account (route 12).
 *
 * If number, name and e-mail match the record, the account is enabled at once:
 * the ticket goes to the address on record, so only its owner can use it. Any
 * other application waits for the school (route 16). The answer is the same for
 * both, so it does not reveal known persons (B25). The account service decides;
 * the gateway only compares with its read model. Serves T8, B14.
 */
#include "gateway/applications/application.h"

#include <strings.h>

#include "chassis/base/clock.h"

#include "rules/fold.h"

#include "gateway/operations/submit.h"
#include "gateway/request/pool.h"
#include "gateway/teachers/teacher_command.h"
#include "gateway/accounts/account_command.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__ApplyForTeacherAccount Apply;

/* Of teacher_applicant. */
enum { HAS_ACCOUNT = KNOWN_TEACHER_COLUMNS };

/* The number matches already: it named the person. */
static bool
fits(const struct application *application, const struct known_teacher *teacher)
{
    return teacher->known && teacher->unit_count > 0 &&
           *teacher->record.email != '\0' &&
           strcasecmp(application->email, teacher->record.email) == 0 &&
           fold_same_name(application->name, teacher->record.name);
}

static void
submit_enabling(struct http_request *request, struct http_response *response,
                const struct application *application,
                const struct known_teacher *teacher)
{
    const struct enable_teacher_wish wish = {
        .person_id = application->person_id,
        .login = application->login,
        .record = &teacher->record,
        .evidence = EVIDENCE_RECORD_MATCHED,
    };
    char account_id[UUID_TEXT];
    const ProtobufCMessage *command =
        new_teacher_command(request, &wish, account_id);

    application_submit(request, response, application, command, account_id,
                       application->person_id);
}

static void
submit_waiting(struct http_request *request, struct http_response *response,
               const struct application *application)
{
    char account_id[UUID_TEXT];
    Apply command;

    uuid_v7(account_id);
    inservice__account__v1__apply_for_teacher_account__init(&command);
    command.order = order_new(request, -1);
    command.account_id = account_id;
    command.person_id = wire_member(application->person_id);
    command.organization = wire_member(application->organization);
    command.name = wire_member(application->name);
    command.email = wire_member(application->email);
    command.login = wire_member(application->login);
    command.identity_proven = application->proven;
    command.evidence = (Inservice__Account__V1__Evidence)application->evidence;
    application_submit(request, response, application, &command.base,
                       account_id, command.person_id);
}

void
teacher_application_submit(struct http_request *request,
                           struct http_response *response,
                           const struct application *application)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    struct known_teacher teacher;

    db_uuid(&params, application->person_id);
    CLEANUP(result_clear)
    PGresult *rows =
        request_query(request, response, "teacher_applicant", &params);
    if (rows == NULL)
        return;
    known_teacher_read(request->arena, rows, &teacher);
    if (fits(application, &teacher) && !db_get_bool(rows, 0, HAS_ACCOUNT))
        submit_enabling(request, response, application, &teacher);
    else
        submit_waiting(request, response, application);
}
