/* What handlers of commands read, and the fields they have in common.
 *
 * Called by the http_ files of commands. Reads the read model only; whether a
 * command is possible is decided by its owner. Never tells anything about what
 * is out of reach: request_allows() answers before.
 */
#include "gateway/command.h"

#include <string.h>

#include "rules/code_list.h"
#include "rules/day.h"
#include "rules/fold.h"
#include "rules/text.h"

#include "gateway/identity/identity.h"
#include "gateway/teachers/teacher_reach.h"

#include "inservice/account/v1/commands.pb-c.h"

enum account_column {
    UNIT,
    KIND = UNIT + 5,
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

static const int64_t pulls_counted = DAYS(1);

/* --- accounts ----------------------------------------------------------- */

static void
account_take(struct http_request *request, const PGresult *rows,
             struct known_account *account)
{
    struct arena *arena = request->arena;

    *account = (struct known_account){
        .unit = teacher_unit_nearest(request, rows, UNIT),
        .organization = wire_member(db_copy_text(arena, rows, 0, ORGANIZATION)),
        .kind = (enum account_kind)db_get_int(rows, 0, KIND),
        .person_id = wire_member(db_copy_uuid(arena, rows, 0, PERSON)),
        .login = wire_member(db_copy_text(arena, rows, 0, LOGIN)),
        .role = (enum role)db_get_int(rows, 0, ROLE),
        .permissions = (unsigned)db_get_int(rows, 0, PERMISSIONS),
        .status = (enum account_status)db_get_int(rows, 0, STATUS),
        .identity_proven = db_get_bool(rows, 0, PROVEN),
        .teacher_version = db_get_int(rows, 0, TEACHER_VERSION),
        .teacher_incarnation = db_get_int(rows, 0, TEACHER_INCARNATION),
        .teacher_name = db_copy_text(arena, rows, 0, TEACHER_NAME),
        .teacher_email = db_copy_text(arena, rows, 0, TEACHER_EMAIL),
    };
    account->post_count = code_list_split(db_copy_text(arena, rows, 0, POSTS),
                                          account->posts, POSTS_KNOWN_MAX);
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
    struct db *db;
    const char *id;

    if (!request_id(request, response, 0, &id) ||
        !request_begin(request, response, send_account, &db))
        return false;
    if (db_next(db, &rows) != DB_OK) {
        pool_give(gateway.pool, db);
        request_unavailable(request, response, "account_not_read");
        return false;
    }
    if (!request_end_trip(request, response, db))
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
    command.teacher_version = account->teacher_version;
    command.teacher_incarnation = account->teacher_incarnation;
    command.teacher_organizations = (char **)(uintptr_t)account->posts;
    command.n_teacher_organizations = account->post_count;
    account_submit(request, response, &command.base, command.organization,
                   command.account_id, "/v1/business-accounts", 200);
}

bool
teacher_submit(struct http_request *request, struct http_response *response,
               const ProtobufCMessage *command, const char *person_id,
               int status)
{
    const struct submission submission = {
        .lane_key = person_id,
        .service = "teacher",
        .command = command,
        .subject = person_id,
        .location = arena_printf(request->arena, "/v1/teachers/%s", person_id),
        .done_status = status,
    };

    return operation_submit(request, response, &submission);
}

/* --- forms -------------------------------------------------------------- */

size_t
form_codes(struct form *form, const char *name, size_t max, char ***ret_codes)
{
    json_t *list = form_member(form, name);
    size_t count = json_array_size(list);

    *ret_codes = ARENA_ARRAY(form->request->arena, char *, count + 1);
    if (list == NULL)
        return 0;
    if (!json_is_array(list) || count > max) {
        form_fault(form, name,
                   json_is_array(list) ? "FIELD_TOO_LONG" : "FIELD_TYPE",
                   "此欄位應為文字的清單，且不可過長。");
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text == NULL || *text == '\0' || strlen(text) > 64)
            form_fault(form,
                       arena_printf(form->request->arena, "%s/%zu", name, i),
                       "FIELD_BAD", "應為代碼文字。");
        (*ret_codes)[i] = wire_member(text);
    }
    return form->error_count > 0 ? 0 : count;
}

bool
form_permissions(struct form *form, const char *name, unsigned *ret_sum)
{
    char **names;
    size_t count = form_codes(form, name, permission_words.count, &names);
    unsigned sum = 0;

    for (size_t i = 0; i < count; i++) {
        int bit = 0;
        if (!word_value(&permission_words, names[i], &bit))
            form_fault(form,
                       arena_printf(form->request->arena, "%s/%zu", name, i),
                       "FIELD_BAD", "不在可選的值之中。");
        sum |= (unsigned)bit;
    }
    *ret_sum = sum;
    return form_has(form, name);
}

const char *
form_day(struct form *form, const char *name)
{
    const char *text = form_text(form, name, 0, DAY_TEXT - 1);
    day_number day;

    if (*text != '\0' && !day_parse(text, &day))
        form_fault(form, name, "FIELD_BAD", "應為日期，例如 2026-08-01。");
    return text;
}

const char *
form_id(struct form *form, const char *name, bool required)
{
    const char *text = form_text(form, name, required ? 1 : 0, UUID_TEXT - 1);
    uint8_t binary[16];

    if (*text != '\0' && !uuid_parse(text, binary))
        form_fault(form, name, "FIELD_BAD", "不是正確的識別碼。");
    return text;
}

const char *
form_login(struct form *form, const char *name, bool required)
{
    const char *text = form_text(form, name, required ? 1 : 0, 128);
    char folded[LOGIN_LENGTH_MAX + 1] = "";

    /* Folded here as well: signing in looks for the folded form (B14). */
    if (*text != '\0' && !fold_login(text, folded))
        form_fault(form, name, "FIELD_BAD",
                   "帳號應為 3 至 32 個英文字母、數字或 . _ -，"
                   "並以英文字母或數字開頭及結尾。");
    return arena_strdup(form->request->arena, folded);
}

const char *
form_email(struct form *form, const char *name, bool required)
{
    const char *text =
        form_narrow(form, name, required ? 1 : 0, TEXT_EMAIL_MAX);

    if (*text != '\0' && !email_shape_ok(text))
        form_fault(form, name, "FIELD_BAD",
                   text_is_ascii(text)
                       ? "電子郵件格式不正確。"
                       : "電子郵件不支援英文以外的字元；中文網域請改填 "
                         "xn-- 開頭的形式。");
    return text;
}

void
form_reason(struct form *form, Order *order)
{
    order->force = form_bool(form, "force", false);
    order->reason = wire_member(
        form_text(form, "reason", order->force ? 1 : 0, TEXT_REASON_MAX));
}

/* --- teachers and units ------------------------------------------------- */

void
teacher_read(struct arena *arena, const PGresult *rows,
             struct known_teacher *ret_teacher)
{
    *ret_teacher = (struct known_teacher){0};
    if (PQntuples(rows) == 0)
        return;
    ret_teacher->known = db_is_null(rows, 0, 8);
    ret_teacher->version = db_get_int(rows, 0, 5);
    ret_teacher->incarnation = db_get_int(rows, 0, 9);
    ret_teacher->name = db_copy_text(arena, rows, 0, 6);
    ret_teacher->email = db_copy_text(arena, rows, 0, 7);
    for (int i = 0; i < PQntuples(rows) && i < POSTS_KNOWN_MAX; i++) {
        if (db_is_null(rows, i, 0))
            continue;
        struct unit unit = request_unit(arena, rows, i, 0);
        ret_teacher->posts[ret_teacher->unit_count] = wire_member(unit.code);
        ret_teacher->units[ret_teacher->unit_count++] = unit;
    }
}

const struct unit *
teacher_unit(const struct known_teacher *teacher, const char *code)
{
    for (size_t i = 0; i < teacher->unit_count; i++)
        if (strcmp(teacher->units[i].code, code) == 0)
            return &teacher->units[i];
    return NULL;
}

void
unit_params(struct db_params *params, const char *code)
{
    db_text(params, code);
    db_time(params, clock_now() - pulls_counted);
}

void
unit_send(struct db *db, const char *code)
{
    struct db_params params = {0};

    unit_params(&params, code);
    db_send(db, "unit_command", &params);
    db_params_free(&params);
}

void
unit_read(struct arena *arena, const PGresult *rows,
          struct known_unit *ret_unit)
{
    *ret_unit = (struct known_unit){.unit.code = ""};
    if (rows == NULL || PQntuples(rows) == 0)
        return;
    ret_unit->unit = request_unit(arena, rows, 0, 0);
    ret_unit->version = db_get_int(rows, 0, 5);
    ret_unit->recent_pulls = db_get_int(rows, 0, 6);
}

struct unit
unit_own(const struct principal *principal)
{
    return (struct unit){
        .code = wire_member(principal->officer.organization),
        .kind = principal->officer.kind,
    };
}

/* --- numbers ------------------------------------------------------------ */

bool
command_number(struct http_request *request, struct http_response *response,
               const char *pointer, const char *number,
               struct identity_number *ret_number)
{
    enum identity_verdict verdict =
        identity_read(number, clock_now(), ret_number);

    if (verdict != IDENTITY_OK) {
        struct http_error error = {pointer, identity_refusal(verdict), NULL};
        http_problem(request, response, identity_refusal(verdict), &error, 1);
    }
    return verdict == IDENTITY_OK;
}

bool
command_person(struct http_request *request, struct http_response *response,
               const char *pointer, const char *number,
               enum person_search search, struct identity *ret_identity,
               struct identity_number *ret_number)
{
    struct identity_number checked;
    int64_t now = clock_now();

    if (!command_number(request, response, pointer, number, &checked))
        return false;
    struct db *db = pool_take(gateway.pool, clock_monotonic() + SECONDS(1));
    if (db == NULL) {
        request_unavailable(request, response, "no_connection");
        return false;
    }
    enum db_end end = search == PERSON_PROPOSED
                          ? identity_resolve(db, &checked, now, ret_identity)
                          : identity_find(db, &checked, ret_identity);
    pool_give(gateway.pool, db);
    if (end != DB_OK)
        request_unavailable(request, response, "identity_not_read");
    if (end == DB_OK && search == PERSON_DERIVED)
        identity_derive(&checked, ret_identity);
    if (end == DB_OK && ret_number != NULL)
        *ret_number = checked;
    return end == DB_OK;
}
