/* The messages of state types, for comparing states. */
#include <string.h>

#include "sim_internal.h"

#include "inservice/account/v1/states.pb-c.h"
#include "inservice/teacher/v1/states.pb-c.h"

const ProtobufCMessageDescriptor *
state_descriptor(const char *type)
{
    static const ProtobufCMessageDescriptor *const types[] = {
        &inservice__account__v1__organization_state__descriptor,
        &inservice__account__v1__business_account_state__descriptor,
        &inservice__account__v1__teacher_account_state__descriptor,
        &inservice__teacher__v1__teacher_state__descriptor,
        &inservice__teacher__v1__school_review_state__descriptor,
        &inservice__teacher__v1__code_table_state__descriptor,
    };

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i]->name, type) == 0)
            return types[i];
    return NULL;
}
