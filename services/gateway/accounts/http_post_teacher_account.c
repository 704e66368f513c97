/* Route 27: a school gives a teacher an account.
 *
 * The teacher is on file with a post at the officer's school. The account
 * service decides whether an account exists already and whether the login name
 * is free (T8, T10). */
#include "gateway/routes.h"

#include "chassis/base/clock.h"

#include "gateway/accounts/account_command.h"
#include "gateway/operations/submit.h"
#include "gateway/request/form.h"
#include "gateway/teachers/teacher_reach.h"

static void
send_teacher(struct db *db, struct http_request *request)
{
    const char *person_id = request->context;
    struct db_params params = {0};

    db_array(&params, DB_UUID, 1);
    db_uuid(&params, person_id);
    db_send(db, "teacher_command", &params);
    db_params_free(&params);
}

/* Reads session and teacher in one round trip. */
static bool
read_teacher(struct http_request *request, struct http_response *response,
             const char *person_id, struct known_teacher *ret_teacher)
{
    request->context = wire_member(person_id);
    CLEANUP(result_clear)
    PGresult *rows = request_read(request, response, send_teacher);
    if (rows == NULL)
        return false;
    known_teacher_read(request->arena, rows, ret_teacher);
    return true;
}

/* An unknown person is at no school. So the answer does not tell whether a
 * person is on file elsewhere (T1). */
static bool
is_allowed(struct http_request *request, struct http_response *response,
           const char *person_id, const struct known_teacher *teacher)
{
    return teacher_allows(request, response, teacher->units,
                          teacher->known ? teacher->unit_count : 0, NULL,
                          person_id, NULL);
}

static void
submit(struct http_request *request, struct http_response *response,
       const char *person_id, const char *login,
       const struct known_teacher *teacher)
{
    const struct enable_teacher_wish wish = {
        .person_id = person_id,
        .login = login,
        .record = &teacher->record,
        .by_officer = true,
    };
    char account_id[UUID_TEXT];
    const ProtobufCMessage *command =
        new_teacher_command(request, &wish, account_id);

    account_submit(request, response, command, person_id, account_id,
                   "/v1/teacher-accounts", 201);
}

void
http_post_teacher_account(struct http_request *request,
                          struct http_response *response)
{
    struct known_teacher teacher;
    struct form form;

    form_open(&form, request);
    const char *person_id = form_id(&form, "teacher", true);
    const char *login = form_login(&form, "login", false);
    if (!read_teacher(request, response, person_id, &teacher) ||
        !form_close(&form, response) ||
        !is_allowed(request, response, person_id, &teacher))
        return;

    submit(request, response, person_id, login, &teacher);
}
