/* The messages that the teacher service receives: its topics, stores and
 * handlers. messages.def has the rows of the handlers. */
#include "teacher/teacher.h"

const struct input teacher_inputs[] = {
    {"inservice.teacher.command.v1", TOPIC_COMMAND},
    {"inservice.account.event.v1", TOPIC_EVENT},
    {"inservice.account.state.v1", TOPIC_STATE},
    {0},
};

/* Lock order: a parent before its children, because their rows refer to it. */
const struct store *const teacher_stores[] = {
    &teachers,
    &posts,
    &moves,
    &school_reviews,
    &code_tables,
    &codes,
    &organization_copies,
    &officer_copies,
    &codes_elsewhere,
    &units,
    &units_of_persons,
    &officers,
    &officers_of_persons,
    &persons_at_units,
    NULL,
};

#define PACKAGE "inservice.teacher.v1."
#include "chassis/lane/message_lists.h"

#define DO(Message, name, ...)               DO_ROW(teacher, name, __VA_ARGS__)
#define ON(of, Of, Message, name, ...)       ON_ROW(of, name, __VA_ARGS__)
#define VIEW(of, Of, Message, message, name) VIEW_ROW(of, message, name)

const struct handler teacher_handlers[] = {
#include "teacher/messages.def"
    {0},
};

const struct core teacher_core = {
    .name = "teacher",
    .handlers = teacher_handlers,
    .stores = teacher_stores,
};
