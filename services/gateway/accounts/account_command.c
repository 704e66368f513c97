/* See account_command.h.
 *
 * Uses the read model only; the owner decides whether a command is possible.
 * request_allows() answers first, so a caller learns nothing about accounts out
 * of reach. */
#include "gateway/accounts/account_command.h"

#include <string.h>

#include "chassis/base/wire.h"

#include "rules/code_list.h"

#include "gateway/operations/submit.h"
#include "gateway/request/form.h"
#include "gateway/request/pool.h"
#include "gateway/teachers/teacher_reach.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__EnableTeacherAccount EnableTeacher;

enum command_column {
    UNIT,
    KIND = UNIT + UNIT_SQL_COLUMNS,
    PERSON,
    ROLE,
    PERMISSIONS,
    STATUS,
    LOGIN,
    PROVEN,
    TEACHER_VERSION,
    POSTS,
    TEACHER_NAME,
    TEACHER_EMAIL,
    TEACHER_INCARNATION,
    ORGANIZATION,
};

static void
account_take(struct http_request *request, const PGresult *rows,
             struct known_account *account)
{
    struct arena *arena = request->arena;

    *account = (struct known_account){
        .unit = teacher_unit_nearest(request, rows, UNIT),
        .units = teacher_units(arena, rows, UNIT),
        .unit_count = (size_t)PQntuples(rows),
        .organization = wire_member(db_copy_text(arena, rows, 0, ORGANIZATION)),
        .kind = (enum account_kind)db_get_int(rows, 0, KIND),
        .person_id = wire_member(db_copy_uuid(arena, rows, 0, PERSON)),
        .login = wire_member(db_copy_text(arena, rows, 0, LOGIN)),
        .role = (enum role)db_get_int(rows, 0, ROLE),
        .permissions = (unsigned)db_get_int(rows, 0, PERMISSIONS),
        .status = (enum account_status)db_get_int(rows, 0, STATUS),
        .identity_proven = db_get_bool(rows, 0, PROVEN),
        .record =
            {
                .version = db_get_int(rows, 0, TEACHER_VERSION),
                .incarnation = db_get_int(rows, 0, TEACHER_INCARNATION),
                .name = db_copy_text(arena, rows, 0, TEACHER_NAME),
                .email = db_copy_text(arena, rows, 0, TEACHER_EMAIL),
            },
    };
    account->record.post_count =
        code_list_split(db_copy_text(arena, rows, 0, POSTS),
                        account->record.posts, POSTS_KNOWN_MAX);
}

static void
send_account(struct db *db, struct http_request *request)
{
    struct db_params params = {0};

    db_uuid(&params, request->params[0]);
    db_send(db, "account_command", &params);
    db_params_free(&params);
}

bool
account_known(struct http_request *request, struct http_response *response,
              enum account_kind kind, struct known_account *ret_account)
{
    CLEANUP(result_clear) PGresult *rows = NULL;
    const char *id;

    if (request_id(request, response, 0, &id))
        rows = request_read(request, response, send_account);
    if (rows == NULL)
        return false;
    if (PQntuples(rows) > 0)
        account_take(request, rows, ret_account);
    if (PQntuples(rows) > 0 &&
        (kind == ACCOUNT_KIND_UNSPECIFIED || ret_account->kind == kind))
        return true;
    request_unknown(request, response);
    return false;
}

bool
account_read(struct http_request *request, struct http_response *response,
             const char *account_id, struct known_account *ret_account)
{
    CLEANUP(db_params_free) struct db_params params = {0};

    db_uuid(&params, account_id);
    CLEANUP(result_clear)
    PGresult *rows =
        request_query(request, response, "account_command", &params);
    if (rows == NULL)
        return false;
    if (PQntuples(rows) > 0)
        account_take(request, rows, ret_account);
    if (PQntuples(rows) > 0 && ret_account->kind == ACCOUNT_BUSINESS)
        return true;
    http_problem(request, response, "NOT_FOUND", NULL, 0);
    return false;
}

bool
account_in_reach(struct http_request *request, struct http_response *response,
                 const struct known_account *account)
{
    const struct officer *officer = &request_principal(request)->officer;

    if (reach_of(officer, &account->unit) != REACH_NONE ||
        authority_is_self(officer, request->params[0], account->person_id))
        return true;
    request_turn_away(request, response, "NOT_FOUND");
    return false;
}

bool
account_allowed(struct http_request *request, struct http_response *response,
                const struct known_account *account, enum role new_role)
{
    const struct target target = {
        .unit = &account->unit,
        .account_id = request->params[0],
        .person_id = account->person_id,
        .role = account->role,
        .new_role = new_role,
        .subject = account->kind == ACCOUNT_TEACHER ? SUBJECT_TEACHERS
                                                    : SUBJECT_BUSINESS_ACCOUNTS,
    };

    return request_allows(request, response, &target, false);
}

bool
teacher_account_allowed(struct http_request *request,
                        struct http_response *response,
                        const struct known_account *account)
{
    return teacher_allows(request, response, account->units,
                          account->unit_count, request->params[0],
                          account->person_id, NULL);
}

bool
account_order(struct http_request *request, struct http_response *response,
              Order **ret_order)
{
    struct form form;
    int64_t version;

    form_open(&form, request);
    *ret_order = order_new(request, -1);
    form_reason(&form, *ret_order);
    if (!form_close(&form, response) ||
        !request_if_match(request, response, true, &version))
        return false;
    order_expect_request(request, *ret_order, version);
    return true;
}

void
account_submit(struct http_request *request, struct http_response *response,
               const ProtobufCMessage *command, const char *lane_key,
               const char *account_id, const char *folder, int status)
{
    const struct submission submission = {
        .lane_key = lane_key,
        .service = "account",
        .command = command,
        .subject = account_id,
        .location = folder == NULL ? NULL
                                   : arena_printf(request->arena, "%s/%s",
                                                  folder, account_id),
        .done_status = status,
    };

    operation_submit(request, response, &submission);
}

void
enable_submit(struct http_request *request, struct http_response *response,
              const struct known_account *account,
              const struct enable_wish *wish)
{
    Inservice__Account__V1__EnableBusinessAccount command;

    inservice__account__v1__enable_business_account__init(&command);
    command.order = order_new(request, wish->version);
    command.account_id = wire_member(request->params[0]);
    command.organization = wire_member(account->unit.code);
    command.person_id = wire_member(account->person_id);
    command.login = wire_member(account->login);
    command.role = (Inservice__Common__V1__Role)wish->role;
    command.permissions = wish->permissions;
    command.permissions_given = wish->permissions_given;
    command.enabling = (Inservice__Account__V1__Enabling)wish->enabling;
    command.evidence = (Inservice__Account__V1__Evidence)wish->evidence;
    command.employed_here = wish->employed_here;
    command.teacher_version = account->record.version;
    command.teacher_incarnation = account->record.incarnation;
    command.teacher_organizations = (char **)(uintptr_t)account->record.posts;
    command.n_teacher_organizations = account->record.post_count;
    account_submit(request, response, &command.base, command.organization,
                   command.account_id, "/v1/business-accounts", 200);
}

const ProtobufCMessage *
enable_teacher_command(struct http_request *request,
                       const struct enable_teacher_wish *wish)
{
    const struct known_record *record = wish->record;
    EnableTeacher *command = ARENA_NEW(request->arena, EnableTeacher);

    inservice__account__v1__enable_teacher_account__init(command);
    command->order =
        wish->order != NULL ? wish->order : order_new(request, wish->version);
    command->account_id = wire_member(wish->account_id);
    command->person_id = wire_member(wish->person_id);
    command->login = wire_member(wish->login);
    command->organization = wire_member(wish->organization);
    command->source =
        wish->by_officer
            ? INSERVICE__ACCOUNT__V1__ENABLE_SOURCE__ENABLE_SOURCE_OFFICER
            : INSERVICE__ACCOUNT__V1__ENABLE_SOURCE__ENABLE_SOURCE_APPLICATION;
    command->enabling = (Inservice__Account__V1__Enabling)wish->enabling;
    command->evidence = (Inservice__Account__V1__Evidence)wish->evidence;
    command->teacher_version = record->version;
    command->teacher_incarnation = record->incarnation;
    command->teacher_organizations = (char **)(uintptr_t)record->posts;
    command->n_teacher_organizations = record->post_count;
    command->name = wire_member(record->name);
    command->email = wire_member(record->email);
    return &command->base;
}

const ProtobufCMessage *
new_teacher_command(struct http_request *request,
                    const struct enable_teacher_wish *wish,
                    char ret_account_id[UUID_TEXT])
{
    struct enable_teacher_wish of_new = *wish;

    uuid_v7(ret_account_id);
    of_new.account_id = ret_account_id;
    of_new.enabling = ENABLING_NEW;
    of_new.version = -1;
    return enable_teacher_command(request, &of_new);
}
