/* Route 37: 離職, 轉校 or 退休.
 *
 * An officer of the school takes the teacher out of it; only a fellow CHIEF or
 * the centre lets a CHIEF go. The command carries the leaver's role there, from
 * the read model (T2, T11, T15). A caller learns nothing about a teacher who is
 * out of reach. */
#include "gateway/routes.h"

#include <string.h>

#include "rules/post.h"

#include "gateway/operations/submit.h"
#include "gateway/organizations/organization.h"
#include "gateway/teachers/teacher_command.h"

#include "inservice/teacher/v1/commands.pb-c.h"

typedef Inservice__Teacher__V1__LeaveSchool Leave;

struct known {
    const char *organization; /* "": where the teacher has a post, the officer's
                               * own unit first */
    bool named;               /* the form names the organization */
    struct known_unit unit;
    struct known_teacher teacher;
    const char *officer_organization;
    enum role officer_role;
    int64_t officer_version;
};

enum result { OFFICER, TEACHER, NAMED_UNIT, RESULTS }; /* of send_known() */

static void
send_known(struct db *db, struct http_request *request)
{
    const struct known *known = request->context;
    struct db_params params = {0};

    db_uuid(&params, request->params[0]);
    db_send(db, "officer_role", &params);
    db_clear(&params);
    db_array(&params, DB_UUID, 1);
    db_uuid(&params, request->params[0]);
    db_send(db, "teacher_command", &params);
    db_params_free(&params);
    known_unit_send(db, known->organization);
}

static void
take_officer(struct arena *arena, const PGresult *rows, struct known *known)
{
    known->officer_organization = "";
    if (PQntuples(rows) == 0)
        return;
    known->officer_organization = db_copy_text(arena, rows, 0, 0);
    known->officer_role = (enum role)db_get_int(rows, 0, 1);
    known->officer_version = db_get_int(rows, 0, 2);
}

/* The first of the teacher's units that the officer reaches, or NULL. */
static const struct unit *
unit_in_reach(const struct http_request *request,
              const struct known_teacher *teacher)
{
    const struct officer *officer = &request_principal(request)->officer;

    for (size_t i = 0; i < teacher->unit_count; i++)
        if (reach_of(officer, &teacher->units[i]) != REACH_NONE)
            return &teacher->units[i];
    return NULL;
}

/* If the form names no unit: the officer's own if the teacher is there,
 * otherwise one within reach. */
static void
choose_unit(const struct http_request *request, struct known *known)
{
    struct unit own = unit_own(request_principal(request));
    const struct unit *unit = known_teacher_unit(&known->teacher, own.code);

    if (unit == NULL)
        unit = unit_in_reach(request, &known->teacher);
    known->unit.unit = unit != NULL ? *unit : own;
    known->organization = known->unit.unit.code;
}

static void
take(const struct http_request *request, PGresult *const rows[RESULTS],
     struct known *known)
{
    take_officer(request->arena, rows[OFFICER], known);
    known_teacher_read(request->arena, rows[TEACHER], &known->teacher);
    known_unit_read(request->arena, rows[NAMED_UNIT], &known->unit);
    if (*known->organization == '\0')
        choose_unit(request, known);
    if (strcmp(known->officer_organization, known->organization) != 0) {
        /* Their account is at another school, so the command carries none. */
        known->officer_role = ROLE_UNSPECIFIED;
        known->officer_version = 0;
    }
}

static bool
read_known(struct http_request *request, struct http_response *response,
           struct known *known)
{
    PGresult *rows[RESULTS] = {NULL};
    const char *id;

    request->context = known;
    bool read = request_id(request, response, 0, &id) &&
                request_read_many(request, response, send_known, rows, RESULTS);
    if (read)
        take(request, rows, known);
    for (size_t i = 0; i < RESULTS; i++)
        PQclear(rows[i]);
    return read;
}

static bool
is_allowed(struct http_request *request, struct http_response *response,
           const struct known *known)
{
    bool near = unit_in_reach(request, &known->teacher) != NULL;
    const struct target target = {
        .unit = near ? &known->unit.unit : &known->teacher.units[0],
        .person_id = request->params[0],
        .role = known->officer_role,
        .subject = SUBJECT_TEACHERS,
    };

    if (*known->unit.unit.code != '\0' && known->teacher.unit_count > 0)
        return request_allows(request, response, &target, false);
    request_turn_away(request, response, "NOT_FOUND");
    return false;
}

/* Whether the caller could have taken the teacher out of the unit of this row.
 * The leaver's role is no longer known. ROLE_CHIEF lets the centre count, too.
 */
static bool
may_know(struct http_request *request, const PGresult *rows, int row,
         const struct known *known)
{
    struct unit unit = request_unit(request->arena, rows, row, 0);
    struct caller caller = request_caller(request, false);
    const struct target target = {
        .unit = &unit,
        .person_id = request->params[0],
        .role = ROLE_CHIEF,
        .subject = SUBJECT_TEACHERS,
    };

    if (known->named && strcmp(known->organization, unit.code) != 0)
        return false;
    return authority_check(route_by_number(37), &caller, &target) ==
           AUTHORITY_ALLOWED;
}

/* The answer about a teacher out of reach. A caller whose unit the teacher has
 * left learns it, because the list of moves (route 38) shows it, too. */
static void
turn_away(struct http_request *request, struct http_response *response,
          const struct known *known)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    bool left = false;

    db_uuid(&params, request->params[0]);
    CLEANUP(result_clear)
    PGresult *rows = request_query(request, response, "teacher_left", &params);
    if (rows == NULL)
        return;
    for (int row = 0; row < PQntuples(rows); row++)
        left = left || may_know(request, rows, row, known);
    if (left)
        request_turn_away(request, response, "NOT_AT_THIS_SCHOOL");
    else /* answers 401, 403 or 404 */
        (void)!is_allowed(request, response, known);
}

/* A teacher out of reach is refused before the form is checked. */
static bool
is_in_reach(struct http_request *request, struct http_response *response,
            const struct known *known)
{
    if (unit_in_reach(request, &known->teacher) != NULL)
        return true;
    turn_away(request, response, known);
    return false;
}

static void
submit(struct http_request *request, struct http_response *response,
       const struct known *known, Leave *command, int64_t version)
{
    command->order = order_new(request, version);
    command->person_id = wire_member(request->params[0]);
    command->organization = wire_member(known->organization);
    command->officer_role = (Inservice__Common__V1__Role)known->officer_role;
    command->officer_version = known->officer_version;
    teacher_submit(request, response, &command->base, command->person_id, 200);
}

void
http_leave_school(struct http_request *request, struct http_response *response)
{
    struct known known = {0};
    struct form form;
    int64_t version;
    Leave command;

    form_open(&form, request);
    inservice__teacher__v1__leave_school__init(&command);
    known.organization = organization_code_form(&form, 0);
    known.named = *known.organization != '\0';
    command.reason = (Inservice__Teacher__V1__LeaveReason)form_word(
        &form, "reason", &leave_reason_words, true);
    command.effective_on = wire_member(form_day(&form, "effectiveOn"));
    if (!read_known(request, response, &known) ||
        !is_in_reach(request, response, &known) ||
        !form_close(&form, response) ||
        !is_allowed(request, response, &known) ||
        !request_if_match(request, response, true, &version))
        return;

    submit(request, response, &known, &command, version);
}
