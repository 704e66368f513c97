/* http_post_teacher: route 34, a school enters a teacher, or pulls one.
 *
 * The number becomes a person (identity) and goes on sealed. If-Match carries
 * the version of a look-up: without it the teacher is expected to be new. Which
 * of the two it is, and whether it may be, is the teacher service's (T1, T3,
 * T4, T7, T11, T12).
 */
#include "gateway/command.h"
#include "gateway/routes.h"

#include "rules/post.h"

#include "gateway/identity/identity.h"

#include "inservice/teacher/v1/commands.pb-c.h"

typedef Inservice__Teacher__V1__RegisterTeacher Register;

enum { SUBJECTS_NAMED_MAX = 50 };

struct wish {
    Register command;
    const char *number;
    const char *organization; /* "": the officer's own */
    struct known_unit unit;
};

static void
send_unit(struct db *db, struct http_request *request)
{
    const struct wish *wish = request->context;

    unit_send(db, wish->organization);
}

static void
read_form(struct form *form, struct wish *wish)
{
    Register *command = &wish->command;

    inservice__teacher__v1__register_teacher__init(command);
    wish->number = form_text(form, "number", 1, 64);
    wish->organization = form_narrow(form, "organization", 0, 16);
    command->name = wire_member(form_text(form, "name", 1, 200));
    command->sex = (Inservice__Teacher__V1__Sex)form_word(
        form, "sex", &number_sex_words, false);
    command->email = wire_member(form_email(form, "email", false));
    command->post = (Inservice__Teacher__V1__PostKind)form_word(
        form, "post", &post_kind_words, false);
    command->title = wire_member(form_text(form, "title", 0, 64));
    command->stage = wire_member(form_text(form, "stage", 0, 64));
    command->unit_note = wire_member(form_text(form, "unitNote", 0, 300));
    command->n_subjects =
        form_codes(form, "subjects", SUBJECTS_NAMED_MAX, &command->subjects);
    command->effective_on = wire_member(form_day(form, "effectiveOn"));
    if (command->post ==
        INSERVICE__TEACHER__V1__POST_KIND__POST_KIND_UNSPECIFIED)
        command->post = INSERVICE__TEACHER__V1__POST_KIND__POST_KIND_PRIMARY;
}

/* The officer's own unit, where none was named: known only after the session.
 */
static bool
read_own_unit(struct http_request *request, struct http_response *response,
              struct wish *wish)
{
    struct db_params params = {0};

    wish->organization = unit_own(request_principal(request)).code;
    if (*wish->organization == '\0')
        return true; /* a teacher: refused by authority */
    unit_params(&params, wish->organization);
    CLEANUP(result_clear)
    PGresult *rows = request_query(request, response, "unit_command", &params);
    db_params_free(&params);
    if (rows == NULL)
        return false;
    unit_read(request->arena, rows, &wish->unit);
    return true;
}

static bool
read_unit(struct http_request *request, struct http_response *response,
          struct wish *wish)
{
    CLEANUP(result_clear) PGresult *rows = NULL;
    struct db *db;

    request->context = wish;
    if (!request_begin(request, response, send_unit, &db))
        return false;
    if (db_next(db, &rows) != DB_OK) {
        pool_give(gateway.pool, db);
        request_unavailable(request, response, "unit_not_read");
        return false;
    }
    unit_read(request->arena, rows, &wish->unit);
    if (!request_end_trip(request, response, db))
        return false;
    return *wish->organization != '\0' ||
           read_own_unit(request, response, wish);
}

static bool
is_allowed(struct http_request *request, struct http_response *response,
           const struct wish *wish)
{
    const struct target target = {.unit = &wish->unit.unit,
                                  .subject = SUBJECT_TEACHERS};

    return request_allows(request, response, &target, false);
}

/* Person, sealed number and kind; the sex from the number, if not given. */
static bool
read_person(struct http_request *request, struct http_response *response,
            struct wish *wish)
{
    Register *command = &wish->command;
    struct identity *identity = ARENA_NEW(request->arena, struct identity);
    struct identity_number number;

    if (!command_person(request, response, "/number", wish->number, true,
                        identity, &number))
        return false;
    if (command->sex == INSERVICE__TEACHER__V1__SEX__SEX_UNSPECIFIED)
        command->sex = (Inservice__Teacher__V1__Sex)number.sex;
    command->person_id = identity->person_id;
    command->number_sealed.data = identity->sealed;
    command->number_sealed.len = identity->sealed_size;
    command->number_kind = (Inservice__Teacher__V1__NumberKind)identity->kind;
    return true;
}

static void
submit(struct http_request *request, struct http_response *response,
       struct wish *wish, int64_t version)
{
    Register *command = &wish->command;

    command->order = order_new(request, version);
    command->organization = wire_member(wish->unit.unit.code);
    command->unit_kind =
        (Inservice__Common__V1__OrganizationKind)wish->unit.unit.kind;
    command->unit_status =
        (Inservice__Common__V1__OrganizationStatus)wish->unit.unit.state;
    command->unit_version = wish->unit.version;
    command->recent_pulls = (uint32_t)wish->unit.recent_pulls;
    teacher_submit(request, response, &command->base, command->person_id,
                   version < 0 ? 201 : 200);
}

void
http_post_teacher(struct http_request *request, struct http_response *response)
{
    struct wish *wish = ARENA_NEW(request->arena, struct wish);
    struct form form;
    int64_t version;

    if (!form_open(&form, request, response))
        return;
    read_form(&form, wish);
    if (!read_unit(request, response, wish) || !form_close(&form, response) ||
        !is_allowed(request, response, wish) ||
        !request_if_match(request, response, false, &version) ||
        !read_person(request, response, wish))
        return;

    submit(request, response, wish, version);
}
