/* What the teacher service hears, and what each message leads to.
 *
 * One row per message: dispatch, documentation, metrics and the completeness
 * test read it; nothing about a command is written twice. A message that has no
 * row here is passed over. A new command begins here (see README.md).
 */
#include "teacher/teacher.h"

const struct input teacher_inputs[] = {
    {"inservice.teacher.command.v1", TOPIC_COMMAND},
    {"inservice.account.state.v1", TOPIC_STATE},
    {0},
};

/* Lock order: a parent before its children, for their rows refer to it. */
const struct store *const teacher_stores[] = {
    &teachers,
    &posts,
    &moves,
    &code_tables,
    &codes,
    &organization_copies,
    &officer_copies,
    &codes_elsewhere,
    &units,
    &units_of_persons,
    &officers,
    &officers_of_persons,
    NULL,
};

#define TEXTS(...)                                                             \
    (const char *const[])                                                      \
    {                                                                          \
        __VA_ARGS__, NULL                                                      \
    }
#define SAYS(...)       .facts = TEXTS(__VA_ARGS__)
#define REFUSES(...)    .refusals = TEXTS(__VA_ARGS__)
#define ROUTES(numbers) .routes = numbers
#define SYSTEM          .routes = ""

/* do_, view_: the name of the message and of its functions. */
#define DO(Message, name)                                                      \
    .kind = HANDLER_DO, .type = "inservice.teacher.v1." #Message,              \
    .message = &inservice__teacher__v1__##name##__descriptor,                  \
    .keys = name##_keys, .handle = do_##name
#define VIEW_OF(service, Message, descriptor_name, name)                       \
    .kind = HANDLER_VIEW, .type = "inservice." #service ".v1." #Message,       \
    .message = &inservice__##service##__v1__##descriptor_name##__descriptor,   \
    .keys = name##_keys, .handle = view_##name

#define FACT(Message) "inservice.teacher.v1." #Message

/* What any officer may hear who acts on a teacher. */
#define OFFICER "UNKNOWN_ACTOR", "ACTOR_NOT_KNOWN_YET", "NOT_PERMITTED"

const struct handler teacher_handlers[] = {
    /* teachers, lane of the person */
    {DO(RegisterTeacher, register_teacher),
     SAYS(FACT(TeacherRegistered), FACT(TeacherTransferred), FACT(MovePlanned),
          FACT(MoveUndone)),
     REFUSES(OFFICER, "UNIT_HAS_NO_TEACHERS", "ORGANIZATION_CLOSED",
             "ID_NUMBER_INVALID", "BAD_FORM", "CODE_UNKNOWN", "ALREADY_HERE",
             "TEACHER_ON_FILE", "TEACHER_CHANGED", "PULL_BRAKE"),
     ROUTES("34 77")},
    {DO(UpdateTeacher, update_teacher), SAYS(FACT(TeacherUpdated)),
     REFUSES(OFFICER, "NOT_FOUND", "NOT_AT_THIS_SCHOOL", "FIELD_NOT_YOURS",
             "CHANGED", "BAD_FORM", "CODE_UNKNOWN"),
     ROUTES("36")},
    {DO(LeaveSchool, leave_school),
     SAYS(FACT(TeacherLeft), FACT(MovePlanned), FACT(MoveUndone)),
     REFUSES(OFFICER, "HOLDS_CHIEF", "SELF_ACTION", "NOT_AT_THIS_SCHOOL",
             "CHANGED", "BAD_FORM"),
     ROUTES("37")},
    {DO(UndoMove, undo_move), SAYS(FACT(MoveUndone)),
     REFUSES(OFFICER, "NOT_LATEST_MOVE", "SELF_ACTION", "HOLDS_CHIEF",
             "CHANGED", "UNDO_TOO_LATE", "ORGANIZATION_CLOSED"),
     ROUTES("39")},
    {DO(CarryOutMove, carry_out_move),
     SAYS(FACT(TeacherRegistered), FACT(TeacherTransferred), FACT(TeacherLeft),
          FACT(MoveUndone)),
     REFUSES("NOT_PERMITTED"), SYSTEM},

    /* code tables, lane of the table's name */
    {DO(ReviseCodeTable, revise_code_table), SAYS(FACT(CodeTableRevised)),
     REFUSES(OFFICER, "BAD_FORM", "CHANGED"), ROUTES("86")},

    /* what the account service tells: lane of the unit */
    {VIEW_OF(account, OrganizationState, organization_state, organization),
     SYSTEM},
    {VIEW_OF(account, BusinessAccountState, business_account_state, officer),
     SYSTEM},

    /* lane of the person */
    {VIEW_OF(account, TeacherAccountState, teacher_account_state,
             teacher_account),
     SYSTEM},
    {0},
};

const struct core teacher_core = {
    .name = "teacher",
    .handlers = teacher_handlers,
    .stores = teacher_stores,
};
