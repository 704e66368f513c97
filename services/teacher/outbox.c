/* The messages that the teacher service sends: a row each, for documents and
 * checks.
 *
 * Facts are built where they are decided (do_*.c, move.c), states by the
 * snapshots of the stores. */
#include "teacher/teacher.h"

#include "chassis/lane/service_tables.h"

#define SAID(Message, name, kind, key, help)                                   \
    {&inservice__teacher__v1__##name##__descriptor, kind, key, help},
#define EVENT(Message, name, key, help)                                        \
    SAID(Message, name, TOPIC_EVENT, key, help)
#define STATE(Message, name, key, help)                                        \
    SAID(Message, name, TOPIC_STATE, key, help)

const struct output teacher_outputs[] = {
#include "teacher/messages.def"
    {0},
};
