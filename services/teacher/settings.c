/* The settings of the teacher service; `teacher settings` prints them. The pure
 * core reads no other values from outside. */
#include "teacher/teacher.h"

#include "chassis/base/settings.h"

struct teacher_settings teacher_settings = {
    .plan_days = 90,
    .undo_days = 30,
    .pulls_per_day = 40,
    .look_up_hours = 24,
    .semester_opens_days = 45,
};

const struct setting teacher_setting_rows[] = {
    {"PLAN_DAYS", SETTING_INT, &teacher_settings.plan_days, "90", 0, 400, NULL,
     false, "How many days ahead a move may be planned (T1)."},
    UNDO_DAYS_SETTING(&teacher_settings.undo_days),
    {"PULLS_PER_DAY", SETTING_INT, &teacher_settings.pulls_per_day, "40", 1,
     100000, NULL, false,
     "Teachers one school may pull from others in a day; more are refused."},
    {"LOOK_UP_HOURS", SETTING_INT, &teacher_settings.look_up_hours, "24", 1,
     720, NULL, false,
     "Hours after a look-up in which its unit may pull the teacher (T1)."},
    {"SEMESTER_OPENS_DAYS", SETTING_INT, &teacher_settings.semester_opens_days,
     "45", 0, 150, NULL, false,
     "Days before a semester begins from which teachers may confirm their "
     "record for it and schools may be reviewed (T6)."},
    {0},
};
