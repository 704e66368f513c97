/* inbox.c: which topics the gateway hears, and what each message does.
 *
 * Read by the lane of views (group `gateway-view`) and by the documents. The
 * first topic's group decides who owns a lane. Views follow state for ever;
 * reactors follow events; outcomes end operations. A colleague adds a row here
 * and a store below, nothing else.
 */
#include "gateway/identity/identity.h"

#include "gateway/gateway.h"
#include "gateway/imports/import_outcome.h"
#include "gateway/mail/mail.h"
#include "gateway/operations/operations.h"
#include "gateway/views/views.h"

#include "inservice/account/v1/events.pb-c.h"
#include "inservice/account/v1/states.pb-c.h"
#include "inservice/common/v1/outcome.pb-c.h"
#include "inservice/course/v1/events.pb-c.h"

const struct input gateway_inputs[] = {
    {"inservice.account.state.v1", TOPIC_STATE},
    {"inservice.teacher.state.v1", TOPIC_STATE},
    {"inservice.account.event.v1", TOPIC_EVENT},
    {"inservice.account.outcome.v1", TOPIC_OUTCOME},
    {"inservice.teacher.outcome.v1", TOPIC_OUTCOME},
    {"inservice.course.event.v1", TOPIC_EVENT},
    /* Nobody but an operator: release and discard what is parked here. */
    {"inservice.gateway.command.v1", TOPIC_COMMAND},
    {0},
};

#define VIEW(package, message_, prefix, name)                                  \
    .kind = HANDLER_VIEW, .type = "inservice." package "." #message_,          \
    .message = &prefix##__descriptor, .keys = view_##name##_keys,              \
    .handle = view_##name, .routes = ""

#define ON(package, message_, prefix, name)                                    \
    .kind = HANDLER_ON, .type = "inservice." package "." #message_,            \
    .message = &prefix##__descriptor, .keys = on_##name##_keys,                \
    .handle = on_##name, .routes = ""

static const struct handler handlers[] = {
    {VIEW("account.v1", OrganizationState,
          inservice__account__v1__organization_state, organization)},
    {VIEW("account.v1", BusinessAccountState,
          inservice__account__v1__business_account_state, business_account)},
    {VIEW("account.v1", TeacherAccountState,
          inservice__account__v1__teacher_account_state, teacher_account)},
    {VIEW("teacher.v1", TeacherState, inservice__teacher__v1__teacher_state,
          teacher)},
    {VIEW("teacher.v1", CodeTableState,
          inservice__teacher__v1__code_table_state, code_table)},
    {VIEW("course.v1", CourseStateChanged,
          inservice__course__v1__course_state_changed, course),
     .any_value = true},
    {VIEW("course.v1", CourseOwnerSettled,
          inservice__course__v1__course_owner_settled, course_owner)},
    {ON("account.v1", BusinessAccountEnabled,
        inservice__account__v1__business_account_enabled,
        business_account_enabled)},
    {ON("account.v1", TeacherAccountEnabled,
        inservice__account__v1__teacher_account_enabled,
        teacher_account_enabled)},
    {ON("account.v1", TeacherAccountChanged,
        inservice__account__v1__teacher_account_changed,
        teacher_account_changed)},
    {.kind = HANDLER_ON,
     .type = "inservice.common.v1.Outcome",
     .message = &inservice__common__v1__outcome__descriptor,
     .keys = on_outcome_keys,
     .handle = on_outcome,
     .routes = ""},
    {0},
};

/* The order in which rows are locked. */
static const struct store *const stores[] = {
    &v_organization_store,
    &v_business_account_store,
    &v_teacher_account_store,
    &v_teacher_store,
    &v_course_store,
    &v_code_table_store,
    &operation_outcome_store,
    &import_outcome_store,
    &identity_confirmation_store,
    &mail_store,
    NULL,
};

const struct core gateway_core = {
    .name = "gateway",
    .handlers = handlers,
    .stores = stores,
};
