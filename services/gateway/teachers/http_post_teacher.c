/* Route 34: a school enters a teacher, or pulls one.
 *
 * The number gives a person (identity) and is sent sealed. If-Match carries the
 * version of a look-up; without it the teacher must be new. Such a try is a
 * look-up: it is audited and counted before the number is searched. With
 * If-Match the command carries the audit row of the unit's own look-up. Without
 * such a row the owner answers as for a person on file, even if the number is
 * unknown. The teacher service decides (T1, T3, T4, T7, T11, T12). */
#include "gateway/routes.h"

#include "rules/post.h"
#include "rules/text.h"

#include "gateway/gateway.h"
#include "gateway/identity/identity.h"
#include "gateway/identity/person.h"
#include "gateway/limits/budget.h"
#include "gateway/operations/submit.h"
#include "gateway/organizations/organization.h"
#include "gateway/teachers/teacher_command.h"

#include "inservice/teacher/v1/commands.pb-c.h"

typedef Inservice__Teacher__V1__RegisterTeacher Register;

struct wish {
    Register command;
    const char *number;
    const char *named;        /* in the form, or "" */
    const char *organization; /* that one, or the officer's own */
    struct known_unit unit;
    struct identity_look_up seen; /* of a pull */
    Inservice__Teacher__V1__LookUp look_up;
};

static void
send_unit(struct db *db, struct http_request *request)
{
    const struct wish *wish = request->context;

    known_unit_send(db, wish->organization);
}

/* The name of a person on file is only compared, and may be an old one. */
static const char *
read_name(struct form *form)
{
    return http_header_list(form->request, "If-Match") != NULL
               ? form_text(form, "name", 1, TEXT_NAME_MAX)
               : form_name(form, "name");
}

static void
read_form(struct form *form, struct wish *wish)
{
    Register *command = &wish->command;

    inservice__teacher__v1__register_teacher__init(command);
    wish->number = form_text(form, "number", 1, 64);
    wish->named = wish->organization = organization_code_form(form, 0);
    command->name = wire_member(read_name(form));
    command->sex = (Inservice__Teacher__V1__Sex)form_word(
        form, "sex", &number_sex_words, false);
    command->email = wire_member(form_email(form, "email", false));
    command->post = (Inservice__Teacher__V1__PostKind)form_word(
        form, "post", &post_kind_words, false);
    command->title = wire_member(form_narrow(form, "title", 0, TEXT_CODE_MAX));
    command->stage = wire_member(form_narrow(form, "stage", 0, TEXT_CODE_MAX));
    command->unit_note =
        wire_member(form_text(form, "unitNote", 0, TEXT_NOTE_MAX));
    command->n_subjects =
        form_codes(form, "subjects", POST_SUBJECTS_MAX, &command->subjects);
    command->effective_on = wire_member(form_day(form, "effectiveOn"));
    if (command->post ==
        INSERVICE__TEACHER__V1__POST_KIND__POST_KIND_UNSPECIFIED)
        command->post = INSERVICE__TEACHER__V1__POST_KIND__POST_KIND_PRIMARY;
}

/* The officer's own unit if the form names none; known only after the session.
 */
static bool
read_own_unit(struct http_request *request, struct http_response *response,
              struct wish *wish)
{
    struct db_params params = {0};

    wish->organization = unit_own(request_principal(request)).code;
    if (*wish->organization == '\0')
        return true; /* a teacher: refused by authority */
    known_unit_params(&params, wish->organization);
    CLEANUP(result_clear)
    PGresult *rows = request_query(request, response, "unit_command", &params);
    db_params_free(&params);
    if (rows == NULL)
        return false;
    known_unit_read(request->arena, rows, &wish->unit);
    return true;
}

static bool
read_unit(struct http_request *request, struct http_response *response,
          struct wish *wish)
{
    request->context = wish;
    CLEANUP(result_clear)
    PGresult *rows = request_read(request, response, send_unit);
    if (rows == NULL)
        return false;
    known_unit_read(request->arena, rows, &wish->unit);
    return *wish->organization != '\0' ||
           read_own_unit(request, response, wish);
}

static bool
is_allowed(struct http_request *request, struct http_response *response,
           const struct wish *wish)
{
    const struct target target = {.unit = &wish->unit.unit,
                                  .subject = SUBJECT_TEACHERS};

    return request_allows_field(request, response, &target,
                                *wish->named != '\0' ? "/organization" : NULL);
}

/* A try that could reveal whether a number is on file leaves an audit row. */
static bool
note_try(struct http_request *request, struct http_response *response,
         const char *person_id, const char *result)
{
    return audit_write_request(request, response, "TEACHER_ENTRY", person_id,
                               "", result);
}

/* A try without a look-up counts as one. A refused try has its own audit row.
 */
static bool
spend_try(struct http_request *request, struct http_response *response)
{
    const struct principal *principal = request_principal(request);
    const struct budget_claim claims[] = {
        {BUDGET_LOOK_UPS_OF_OFFICER, principal->account_id},
        {BUDGET_LOOK_UPS_OF_UNIT, principal->officer.organization},
    };

    return budget_spend_audited(request, response, claims, COUNT_OF(claims),
                                &(struct budget_note){.what = "TEACHER_ENTRY",
                                                      .subject = "",
                                                      .purpose = ""});
}

/* Proposes a new person. A repeated key costs nothing. Every other try is
 * counted before the number is searched, so a spent budget reveals nothing
 * about it. */
static bool
find_new(struct http_request *request, struct http_response *response,
         const struct identity_number *number, struct identity *ret_identity)
{
    enum db_end end = DB_LOST;

    if (operation_remembered(request, response) ||
        !spend_try(request, response))
        return false;
    struct db *db = pool_take(gateway.pool, clock_monotonic() + SECONDS(1));
    if (db != NULL) {
        end = identity_resolve(db, number, clock_now(), ret_identity);
        pool_give(gateway.pool, db);
    }
    if (end != DB_OK) {
        request_unavailable(request, response, "identity_read_failed");
        return false;
    }
    return note_try(request, response, ret_identity->person_id,
                    ret_identity->state == IDENTITY_PROPOSED ? "NEW"
                                                             : "ON_FILE");
}

/* A person on file that the officer's unit has looked up. */
static bool
find_looked_up(struct http_request *request, struct http_response *response,
               const struct identity_number *number, struct wish *wish,
               struct identity *ret_identity)
{
    const char *unit = request_principal(request)->officer.organization;
    struct db *db = pool_take(gateway.pool, clock_monotonic() + SECONDS(1));
    enum db_end end = DB_LOST;

    if (db != NULL) {
        end = identity_find_looked_up(db, number, unit, ret_identity,
                                      &wish->seen);
        pool_give(gateway.pool, db);
    }
    if (end != DB_OK) {
        request_unavailable(request, response, "identity_read_failed");
        return false;
    }
    if (ret_identity->person_id[0] != '\0')
        return note_try(request, response, ret_identity->person_id,
                        "LOOKED_UP");
    if (!operation_remembered(request, response) &&
        spend_try(request, response) &&
        note_try(request, response, "", "NOT_LOOKED_UP"))
        http_problem(request, response, "TEACHER_ON_FILE", NULL, 0);
    return false;
}

static void
set_look_up(struct wish *wish, const char *organization)
{
    Inservice__Teacher__V1__LookUp *look_up = &wish->look_up;

    inservice__teacher__v1__look_up__init(look_up);
    look_up->audit_id = wish->seen.audit_id;
    look_up->organization = wire_member(organization);
    look_up->at = wish->seen.at;
    wish->command.look_up = look_up;
}

/* Person, sealed number and kind; the sex from the number if the form has none.
 */
static bool
read_person(struct http_request *request, struct http_response *response,
            struct wish *wish, bool pull)
{
    Register *command = &wish->command;
    struct identity *identity = ARENA_NEW(request->arena, struct identity);
    struct identity_number number;

    if (!person_number(request, response, "/number", wish->number, &number) ||
        !(pull ? find_looked_up(request, response, &number, wish, identity)
               : find_new(request, response, &number, identity)))
        return false;
    if (pull)
        set_look_up(wish, request_principal(request)->officer.organization);
    if (command->sex == INSERVICE__TEACHER__V1__SEX__SEX_UNSPECIFIED)
        command->sex = (Inservice__Teacher__V1__Sex)number.sex;
    command->person_id = identity->person_id;
    command->number_sealed.data = identity->sealed;
    command->number_sealed.len = identity->sealed_size;
    command->number_kind = (Inservice__Teacher__V1__NumberKind)identity->kind;
    return true;
}

static void
fill_unit(Register *command, const struct known_unit *unit)
{
    command->organization = wire_member(unit->unit.code);
    command->unit_kind =
        (Inservice__Common__V1__OrganizationKind)unit->unit.kind;
    command->unit_status =
        (Inservice__Common__V1__OrganizationStatus)unit->unit.state;
    command->unit_version = unit->version;
    command->recent_pulls = (uint32_t)unit->recent_pulls;
}

/* A pull is counted before it is sent, because the read model shows it a moment
 * later. So parallel pulls do not pass the brake (T1). The teacher service
 * compares the count with its limit. */
static void
submit_pull(struct http_request *request, struct http_response *response,
            Register *command)
{
    const struct budget_claim claim = {BUDGET_PULLS_OF_UNIT,
                                       command->organization};
    int64_t counted;

    if (!budget_count(request, response, &claim, &counted))
        return;
    if (counted - 1 > command->recent_pulls)
        command->recent_pulls = (uint32_t)counted - 1;
    bool made = teacher_submit(request, response, &command->base,
                               command->person_id, 200);
    if (!made || response->status >= 400)
        budget_give_back(request, &claim, 1);
}

static void
submit(struct http_request *request, struct http_response *response,
       struct wish *wish, int64_t version)
{
    Register *command = &wish->command;

    command->order = order_new(request, version);
    fill_unit(command, &wish->unit);
    if (version < 0)
        teacher_submit(request, response, &command->base, command->person_id,
                       201);
    else
        submit_pull(request, response, command);
}

void
http_post_teacher(struct http_request *request, struct http_response *response)
{
    struct wish *wish = ARENA_NEW(request->arena, struct wish);
    struct form form;
    int64_t version;

    form_open(&form, request);
    read_form(&form, wish);
    if (!read_unit(request, response, wish) || !form_close(&form, response) ||
        !is_allowed(request, response, wish) ||
        !request_if_match(request, response, false, &version) ||
        !read_person(request, response, wish, version >= 0))
        return;

    submit(request, response, wish, version);
}
