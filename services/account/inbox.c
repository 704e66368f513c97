/* The messages that the account service receives: its topics, stores and
 * handlers. messages.def has the rows of the handlers. */
#include "account/account.h"

const struct input account_inputs[] = {
    {"inservice.account.command.v1", TOPIC_COMMAND},
    {"inservice.teacher.event.v1", TOPIC_EVENT},
    {"inservice.teacher.state.v1", TOPIC_STATE},
    {"inservice.course.event.v1", TOPIC_EVENT},
    {0},
};

const struct store *const account_stores[] = {
    /* in locking order */
    &platform_claims,
    &holder_claims,
    &login_claims,
    &organizations,
    &business_accounts,
    &teacher_accounts,
    &unit_loads,
    &course_guards,
    &courses_settled,
    &affiliations,
    &officers,
    &other_units,
    &affiliations_elsewhere,
    &unit_dependents,
    &active_accounts,
    NULL,
};

#define PACKAGE "inservice.account.v1."
#include "chassis/lane/message_lists.h"

#define DO(Message, name, ...)         DO_ROW(account, name, __VA_ARGS__)
#define ON(of, Of, Message, name, ...) ON_ROW(of, name, __VA_ARGS__)

const struct handler account_handlers[] = {
#include "account/messages.def"
    {0},
};

const struct core account_core = {
    .name = "account",
    .handlers = account_handlers,
    .stores = account_stores,
};
