/* One table for the tests of the lane: units by their code, which
 * AddOrganization adds. tests/lane links it, too. */
#pragma once

#include "chassis/lane/batch.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__AddOrganization AddOrganization;

#define TEXT(literal) ((char *)(uintptr_t)(literal))

struct unit_row {
    struct row row;
    const char *code, *name;
};

/* Says OrganizationState. */
extern const struct store units;
/* The lane and the row of an AddOrganization. */
void unit_keys(struct keys *keys, const void *message);
/* The row of the handler that decides about it. */
#define ADDS_UNITS(handle_)                                                    \
    {                                                                          \
        .kind = HANDLER_DO,                                                    \
        .message = &inservice__account__v1__add_organization__descriptor,      \
        .keys = unit_keys, .handle = handle_                                   \
    }
