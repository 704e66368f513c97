/* RegisterTeacher: enters a person at a school, or pulls one from another.
 *
 * If the person is on file, this is the move: the new school pulls. A pull
 * needs no release. It needs an audited look-up by the same unit (number and
 * name) and the version seen. The person's data on file stays; the post's data
 * is the school's. Never reads the ID number. T1, T3, T4, T7, T11, T12. */
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/seal.h"

#include "rules/fold.h"
#include "rules/identity.h"
#include "rules/text.h"

#include "teacher/teacher.h"

/* Two gateways with different clocks may write the look-up and the order. */
static const int64_t clocks_differ = SECONDS(60);

static struct post_codes
named_codes(const RegisterTeacher *command)
{
    return (struct post_codes){
        .title = command->title,
        .stage = command->stage,
        .subjects = command->subjects,
        .n_subjects = command->n_subjects,
    };
}

void
register_teacher_keys(struct keys *keys, const void *message)
{
    const RegisterTeacher *command = message;
    struct post_codes named = named_codes(command);

    teacher_keys(keys, command->person_id);
    keys_row(keys, &units, command->organization);
    post_codes_keys(keys, &named);
    actor_keys(keys, command->order);
}

static const char *
objection_to_officer(struct decision *decision, const RegisterTeacher *command)
{
    struct unit unit = unit_read(decision, command->organization);
    struct officer officer;

    const char *objection = actor_find(decision, &officer);
    if (objection != NULL)
        return objection;
    if (!authority_holds(&officer, &unit, PERMISSION_TEACHER_ACCOUNT_MANAGEMENT,
                         BY_OWN))
        return "NOT_PERMITTED";
    if (!organization_has_teachers(unit.kind))
        return "UNIT_HAS_NO_TEACHERS";
    /* The gateway may have seen a closing that our copy has not. */
    if (!organization_is_open(unit.state) ||
        !organization_is_open((enum organization_state)command->unit_status))
        return "ORGANIZATION_CLOSED";
    return NULL;
}

/* The lane would park the key of a row that cannot be written. */
static bool
is_id(const char *text)
{
    uint8_t binary[16];

    return uuid_parse(text, binary);
}

/* Only the gateway can open it; its length and the id of a key show that it is
 * one. */
static bool
is_sealed_number(const ProtobufCBinaryData *sealed)
{
    return sealed->len == SEAL_OVERHEAD + IDENTITY_LENGTH &&
           sealed->data[0] != 0;
}

/* For a person on file the name is only compared, never stored. */
static bool
texts_stored(struct decision *decision, const RegisterTeacher *command,
             const struct teacher *teacher)
{
    return !text_is_empty(command->name) &&
           (teacher != NULL || is_name(decision, command->name)) &&
           (command->email[0] == '\0' || email_shape_ok(command->email)) &&
           text_is_stored(command->unit_note, 0, TEXT_NOTE_MAX);
}

static const char *
objection_to_form(struct decision *decision, const RegisterTeacher *command,
                  const struct teacher *teacher, char ret_day[DAY_TEXT])
{
    struct post_codes named = named_codes(command);

    if (!is_sealed_number(&command->number_sealed) || command->number_kind == 0)
        return "ID_NUMBER_INVALID";
    if (!is_id(command->person_id) ||
        !texts_stored(decision, command, teacher) ||
        word_name(&post_kind_words, (int)command->post) == NULL ||
        too_many_subjects(decision, command->n_subjects) ||
        !move_day(decision, command->effective_on, ret_day))
        return "BAD_FORM";
    return post_codes_known(decision, &named, ret_day) ? NULL : "CODE_UNKNOWN";
}

/* A secondary post may become the primary one; no other post is held twice.
 */
static bool
is_here_already(struct decision *decision, const RegisterTeacher *command)
{
    const struct post *post =
        post_at(decision, command->person_id, command->organization);

    return post != NULL && !(post->kind == POST_SECONDARY &&
                             (int)command->post == POST_PRIMARY);
}

static bool
pulls_too_many(struct decision *decision, const RegisterTeacher *command)
{
    return (int)command->post == POST_PRIMARY &&
           post_primary(decision, command->person_id) != NULL &&
           command->recent_pulls >= teacher_settings.pulls_per_day;
}

/* T1: the unit of the pulling officer has looked the person up recently. */
static bool
has_looked_up(const struct decision *decision, const RegisterTeacher *command)
{
    const Inservice__Teacher__V1__LookUp *look_up = command->look_up;
    const Order *order = decision->order;
    int64_t look_up_hours = teacher_settings.look_up_hours;

    return look_up != NULL && is_id(look_up->audit_id) &&
           order->expected_version_presence_case != 0 &&
           strcmp(look_up->organization, order->actor->organization) == 0 &&
           look_up->at > 0 && look_up->at - clocks_differ <= order->at &&
           order->at - look_up->at <= SECONDS(3600) * look_up_hours;
}

/* For a person on file. The answer is always TEACHER_ON_FILE until the school
 * proves its look-up and the name, so a guess reveals nothing (T1). Then T12
 * lets one of two schools win. No refusal carries the version, because
 * subject() is called after the decision. */
static const char *
objection_to_pull(struct decision *decision, const RegisterTeacher *command,
                  const struct teacher *teacher)
{
    if (teacher == NULL)
        return version_differs(decision, NULL) ? "TEACHER_ON_FILE" : NULL;
    if (is_here_already(decision, command))
        return "ALREADY_HERE";
    if (!has_looked_up(decision, command) ||
        !fold_same_name(command->name, teacher->name))
        return "TEACHER_ON_FILE";
    if (version_differs(decision, teacher))
        return "TEACHER_CHANGED";
    if (pulls_too_many(decision, command))
        return "PULL_BRAKE";
    return post_count(decision, command->person_id) < POSTS_MAX ? NULL
                                                                : "BAD_FORM";
}

static struct teacher *
teacher_add(struct decision *decision, const RegisterTeacher *command)
{
    struct teacher *teacher = row_add(decision, &teachers, command->person_id);

    teacher->number_sealed.data = command->number_sealed.data;
    teacher->number_sealed.size = command->number_sealed.len;
    teacher->number_kind = (int32_t)command->number_kind;
    teacher->name = command->name;
    teacher->sex = (int32_t)command->sex;
    teacher->email = command->email;
    teacher->confirmed_at = DB_NO_TIME;
    return teacher;
}

/* The post is PLANNED until its move is carried out, even if that is at once.
 */
static void
post_add(struct decision *decision, const RegisterTeacher *command,
         const struct move *move)
{
    struct post *post = row_add_child(decision, &posts, move->person_id);

    post->post_id = move->move_id;
    post->organization = move->to_organization;
    post->kind = move->kind;
    post->state = POST_PLANNED;
    post->title = command->title;
    post->stage = command->stage;
    post->unit_note = command->unit_note;
    post->subjects =
        codes_join(decision->arena, command->subjects, command->n_subjects);
    post->since = move->effective_on;
    post->source = move->cause;
}

enum end
do_register_teacher(struct decision *decision, const void *message)
{
    const RegisterTeacher *command = message;
    struct teacher *teacher = row_find(decision, &teachers, command->person_id);
    const struct post *primary = post_primary(decision, command->person_id);
    char day[DAY_TEXT] = "";

    const char *objection = objection_to_officer(decision, command);
    if (objection == NULL)
        objection = objection_to_form(decision, command, teacher, day);
    if (objection == NULL)
        objection = objection_to_pull(decision, command, teacher);
    if (objection != NULL)
        return refuse(decision, objection);

    if (teacher == NULL)
        teacher = teacher_add(decision, command);
    subject(decision, teacher);
    struct move *move = move_add(decision, teacher, day);
    move->to_organization = command->organization;
    move->cause = MOVE_REGISTERED;
    move->kind = (int32_t)command->post;
    if (primary != NULL && move->kind == POST_PRIMARY)
        move->from_organization = primary->organization;
    post_add(decision, command, move);

    move_order(decision, teacher, move);
    return DONE;
}
