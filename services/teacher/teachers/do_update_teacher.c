/* UpdateTeacher: changes the named fields and leaves the rest.
 *
 * The primary school edits the person and its post; a secondary school only its
 * own post. Teachers edit everything of themselves except name and sex, by
 * which others find them, and the note, which is the school's. For a person
 * entered for a later day the planned post counts. If nothing changes, the
 * command succeeds and the version stays the same. T5, T10, T11, T14. */
#include <string.h>

#include "rules/fold.h"
#include "rules/text.h"

#include "teacher/teacher.h"

/* Whether a field of the command is present; 0 is protobuf-c's "not set". */
#define NAMES(command, field) ((command)->field##_presence_case != 0)

enum { FIELDS_MAX = 7 };

struct changes { /* names of what changed, for the fact */
    char *fields[FIELDS_MAX];
    size_t count;
};

static struct post_codes
named_codes(const UpdateTeacher *command)
{
    struct post_codes named = {0};

    if (NAMES(command, title))
        named.title = command->title;
    if (NAMES(command, stage))
        named.stage = command->stage;
    if (NAMES(command, subjects) && command->subjects != NULL) {
        named.subjects = command->subjects->codes;
        named.n_subjects = command->subjects->n_codes;
    }
    return named;
}

void
update_teacher_keys(struct keys *keys, const void *message)
{
    const UpdateTeacher *command = message;
    struct post_codes named = named_codes(command);

    teacher_keys(keys, command->person_id);
    if (command->organization[0] != '\0')
        keys_row(keys, &units, command->organization);
    else
        keys_children(keys, &units_of_persons, command->person_id);
    post_codes_keys(keys, &named);
    actor_keys(keys, command->order);
}

static struct post *
post_named(struct decision *decision, const UpdateTeacher *command)
{
    struct post *post =
        command->organization[0] == '\0'
            ? post_primary(decision, command->person_id)
            : post_at(decision, command->person_id, command->organization);

    return post != NULL ? post
                        : post_awaited(decision, command->person_id,
                                       command->organization);
}

/* The primary school edits the person's own fields. Without a primary school,
 * any school of the person may. */
static bool
person_is_of(struct decision *decision, const UpdateTeacher *command,
             const struct post *post)
{
    return post->kind == POST_PRIMARY ||
           (post_primary(decision, command->person_id) == NULL &&
            post_awaited(decision, command->person_id, "") == NULL);
}

/* The command almost always names the school; then one look-up finds it. */
static struct unit
unit_of_post(struct decision *decision, const UpdateTeacher *command,
             const struct post *post)
{
    if (command->organization[0] != '\0')
        return unit_read(decision, command->organization);
    return unit_of_place(decision, command->person_id, post->organization);
}

static bool
names_person(const UpdateTeacher *command)
{
    return NAMES(command, name) || NAMES(command, sex) || NAMES(command, email);
}

static bool
names_post(const UpdateTeacher *command)
{
    return NAMES(command, title) || NAMES(command, stage) ||
           NAMES(command, unit_note) || NAMES(command, subjects);
}

static const char *
objection_to_school(struct decision *decision, const UpdateTeacher *command,
                    const struct officer *officer, const struct post *post)
{
    if (post == NULL)
        return "NOT_AT_THIS_SCHOOL";
    struct unit unit = unit_of_post(decision, command, post);
    if (!authority_holds(officer, &unit, PERMISSION_TEACHER_ACCOUNT_MANAGEMENT,
                         BY_OWN))
        return "NOT_PERMITTED";
    if (names_person(command) && !person_is_of(decision, command, post))
        return "FIELD_NOT_YOURS";
    return NULL;
}

static const char *
objection_to_editor(struct decision *decision, const UpdateTeacher *command,
                    const struct post *post)
{
    struct officer officer;

    const char *objection = actor_find(decision, &officer);
    if (objection != NULL)
        return objection;
    if (!authority_is_self(&officer, NULL, command->person_id))
        return objection_to_school(decision, command, &officer, post);
    if (NAMES(command, name) || NAMES(command, sex) ||
        NAMES(command, unit_note))
        return "FIELD_NOT_YOURS";
    return post == NULL && names_post(command) ? "NOT_AT_THIS_SCHOOL" : NULL;
}

static const char *
objection_to_fields(struct decision *decision, const UpdateTeacher *command,
                    const struct teacher *teacher, const struct post *post)
{
    struct post_codes named = named_codes(command);
    char today[DAY_TEXT];
    const char *day = day_text(day_of(decision->now), today);

    if (version_differs(decision, teacher))
        return "CHANGED";
    if ((NAMES(command, name) && !is_name(decision, command->name)) ||
        (NAMES(command, email) && command->email[0] != '\0' &&
         !email_shape_ok(command->email)) ||
        (NAMES(command, unit_note) &&
         !text_is_stored(command->unit_note, 0, TEXT_NOTE_MAX)) ||
        too_many_subjects(decision, named.n_subjects))
        return "BAD_FORM";
    if (post != NULL && post->state == POST_PLANNED)
        day = post->since;
    return post_codes_known(decision, &named, day) ? NULL : "CODE_UNKNOWN";
}

static void
note(struct changes *changes, const char *field)
{
    changes->fields[changes->count++] = wire_member(field);
}

static void
set_text(struct changes *changes, const char *field, bool named,
         const char *value, const char **member)
{
    if (!named || strcmp(*member, value) == 0)
        return;
    *member = value;
    note(changes, field);
}

static void
change_person(const UpdateTeacher *command, struct teacher *teacher,
              struct changes *changes)
{
    set_text(changes, "name", NAMES(command, name), command->name,
             &teacher->name);
    set_text(changes, "email", NAMES(command, email), command->email,
             &teacher->email);
    if (NAMES(command, sex) && teacher->sex != (int32_t)command->sex) {
        teacher->sex = (int32_t)command->sex;
        note(changes, "sex");
    }
}

static void
change_post(struct decision *decision, const UpdateTeacher *command,
            struct post *post, struct changes *changes)
{
    struct post_codes named = named_codes(command);
    size_t before = changes->count;

    set_text(changes, "title", NAMES(command, title), command->title,
             &post->title);
    set_text(changes, "stage", NAMES(command, stage), command->stage,
             &post->stage);
    set_text(changes, "unit_note", NAMES(command, unit_note),
             command->unit_note, &post->unit_note);
    set_text(changes, "subjects", NAMES(command, subjects),
             codes_join(decision->arena, named.subjects, named.n_subjects),
             &post->subjects);
    if (changes->count > before)
        row_change(decision, post);
}

enum end
do_update_teacher(struct decision *decision, const void *message)
{
    const UpdateTeacher *command = message;
    struct teacher *teacher = row_find(decision, &teachers, command->person_id);
    struct post *post = post_named(decision, command);
    TeacherUpdated fact;
    struct changes changes = {0};

    subject(decision, teacher);
    if (teacher == NULL)
        return refuse(decision, "NOT_FOUND");
    const char *objection = objection_to_editor(decision, command, post);
    if (objection == NULL)
        objection = objection_to_fields(decision, command, teacher, post);
    if (objection != NULL)
        return refuse(decision, objection);

    change_person(command, teacher, &changes);
    if (names_post(command))
        change_post(decision, command, post, &changes);
    if (changes.count == 0)
        return DONE;
    row_change(decision, teacher);

    inservice__teacher__v1__teacher_updated__init(&fact);
    fact.person_id = wire_member(teacher->person_id);
    fact.fields = changes.fields;
    fact.n_fields = changes.count;
    if (names_post(command))
        fact.organization = wire_member(post->organization);
    say(decision, teacher, &fact.base);
    return DONE;
}
