/* What the teacher service says: a row per message, for documents and checks.
 *
 * Facts are built where they are decided (do_*.c, move.c); states by the
 * snapshots of the stores.
 */
#include "teacher/teacher.h"

#include "chassis/lane/service_tables.h"

#define SAID(Message, name, kind, key, help)                                   \
    {                                                                          \
        "inservice.teacher.v1." #Message, kind,                                \
            &inservice__teacher__v1__##name##__descriptor, key, help           \
    }
#define EVENT(Message, name, key, help)                                        \
    SAID(Message, name, TOPIC_EVENT, key, help)
#define STATE(Message, name, key, help)                                        \
    SAID(Message, name, TOPIC_STATE, key, help)

const struct output teacher_outputs[] = {
    EVENT(TeacherRegistered, teacher_registered, "person_id",
          "A person has a post at a school and has lost none for it (T1)."),
    EVENT(TeacherTransferred, teacher_transferred, "person_id",
          "The primary post went from one school to another (T1)."),
    EVENT(TeacherLeft, teacher_left, "person_id",
          "A post ended: resigned, moved or retired (T2, T15)."),
    EVENT(TeacherUpdated, teacher_updated, "person_id",
          "Fields of the record or of a post changed (T5, T10)."),
    EVENT(MovePlanned, move_planned, "person_id",
          "A move is set for a later day (T1, T2)."),
    EVENT(MoveUndone, move_undone, "person_id",
          "A move, planned or done, was taken back (T1, T15)."),
    EVENT(CodeTableRevised, code_table_revised, "table",
          "Rows of a code table changed (T14)."),
    STATE(TeacherState, teacher_state, "person_id",
          "A teacher's record with posts and moves; personal."),
    STATE(CodeTableState, code_table_state, "table", "A code table, whole."),
    {0},
};
