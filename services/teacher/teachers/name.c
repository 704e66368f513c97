/* The name of a person who is entered or renamed. Names on file are only
 * compared. Serves T7. */
#include "rules/field_faults.h"
#include "rules/text.h"

#include "teacher/teacher.h"

bool
is_name(struct decision *decision, const char *name)
{
    if (!text_is_stored(name, 1, TEXT_NAME_MAX))
        return false;
    if (!text_is_name(name))
        refuse_detail(decision, "/name", field_fault_code(FAULT_NAME), "");
    return text_is_name(name);
}
