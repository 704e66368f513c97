/* Which semester teachers confirm and schools review. Pure. Serves T6. */
#include <string.h>

#include "teacher/teacher.h"

bool
semester_is_open(const char *semester, int64_t at)
{
    day_number today = day_of(at);
    day_number ahead = today + (day_number)teacher_settings.semester_opens_days;
    char text[SEMESTER_TEXT];

    return strcmp(semester, day_semester(today, text)) == 0 ||
           strcmp(semester, day_semester(ahead, text)) == 0;
}
