/* Route 36: a merge patch of a teacher's record.
 *
 * Named fields change; null clears. An officer edits the post at their own
 * school unless the form names another; teachers edit their own data. The
 * teacher service decides which fields a caller may change (T5, T10, T14). */
#include "gateway/routes.h"

#include "rules/identity.h"
#include "rules/post.h"
#include "rules/text.h"

#include "gateway/operations/submit.h"
#include "gateway/organizations/organization.h"
#include "gateway/teachers/teacher_command.h"
#include "gateway/teachers/teacher_reach.h"

#include "inservice/teacher/v1/commands.pb-c.h"

typedef Inservice__Teacher__V1__UpdateTeacher Update;

/* The presence of a field and its value, by the generated names. */
#define SET(field, value, CASE)                                                \
    (command->field = (value),                                                 \
     command->field##_presence_case =                                          \
         INSERVICE__TEACHER__V1__UPDATE_TEACHER__##CASE)

static void
read_person(struct form *form, Update *command)
{
    if (form_names(form, "name"))
        SET(name, wire_member(form_name(form, "name")), NAME_PRESENCE_NAME);
    if (form_names(form, "sex"))
        SET(sex,
            (Inservice__Teacher__V1__Sex)form_word(form, "sex",
                                                   &number_sex_words, true),
            SEX_PRESENCE_SEX);
    if (form_names(form, "email"))
        SET(email, wire_member(form_email(form, "email", false)),
            EMAIL_PRESENCE_EMAIL);
}

static void
read_post(struct form *form, Update *command)
{
    if (form_names(form, "title"))
        SET(title, wire_member(form_narrow(form, "title", 0, TEXT_CODE_MAX)),
            TITLE_PRESENCE_TITLE);
    if (form_names(form, "stage"))
        SET(stage, wire_member(form_narrow(form, "stage", 0, TEXT_CODE_MAX)),
            STAGE_PRESENCE_STAGE);
    if (form_names(form, "unitNote"))
        SET(unit_note,
            wire_member(form_text(form, "unitNote", 0, TEXT_NOTE_MAX)),
            UNIT_NOTE_PRESENCE_UNIT_NOTE);
    if (!form_names(form, "subjects"))
        return;
    Inservice__Teacher__V1__Subjects *subjects =
        ARENA_NEW(form->request->arena, Inservice__Teacher__V1__Subjects);
    inservice__teacher__v1__subjects__init(subjects);
    subjects->n_codes =
        form_codes(form, "subjects", POST_SUBJECTS_MAX, &subjects->codes);
    SET(subjects, subjects, SUBJECTS_PRESENCE_SUBJECTS);
}

/* The school of the post: the named one, otherwise the officer's own, otherwise
 * the primary one. */
static const char *
post_meant(const struct http_request *request, const char *named,
           const struct known_teacher *teacher)
{
    const struct principal *principal = request_principal(request);

    if (*named != '\0' || principal->kind != PRINCIPAL_BUSINESS)
        return named;
    struct unit own = unit_own(principal);
    return known_teacher_unit(teacher, own.code) != NULL ? own.code : "";
}

void
http_patch_teacher(struct http_request *request, struct http_response *response)
{
    struct known_teacher teacher;
    struct form form;
    int64_t version;
    Update command;

    if (!known_teacher_open(request, response, &teacher) ||
        !teacher_allows(request, response, teacher.units, teacher.unit_count,
                        NULL, request->params[0], NULL))
        return;
    form_open(&form, request);
    inservice__teacher__v1__update_teacher__init(&command);
    read_person(&form, &command);
    read_post(&form, &command);
    const char *named = organization_code_form(&form, 0);
    if (!form_close(&form, response) ||
        !request_if_match(request, response, true, &version))
        return;

    command.order = order_new(request, version);
    command.person_id = wire_member(request->params[0]);
    command.organization = wire_member(post_meant(request, named, &teacher));
    teacher_submit(request, response, &command.base, command.person_id, 200);
}
