/* The topics that the gateway receives, and the handler of each message.
 *
 * Read by the lane of views (group `inservice-gateway`) and by the documents.
 * The first topic's group decides which process owns a lane. Views follow
 * states forever; reactors follow events; outcomes end operations. A new
 * message needs a row here and a store below, nothing else. */
#include "gateway/identity/identity.h"

#include "gateway/accounts/account_history.h"
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
    /* Only operators write here: release and discard what this lane parked. */
    {"inservice.gateway.command.v1", TOPIC_COMMAND},
    {0},
};

#define HEARD(kind_, package, message_, keys_, handle_)                        \
    .kind = kind_,                                                             \
    .message = &inservice__##package##__v1__##message_##__descriptor,          \
    .keys = keys_, .handle = handle_, .routes = ""
#define VIEW(package, message_, name)                                          \
    HEARD(HANDLER_VIEW, package, message_, view_##name##_keys, view_##name)
#define ON(package, message_, name)                                            \
    HEARD(HANDLER_ON, package, message_, on_##name##_keys, on_##name)

static const struct handler handlers[] = {
    {VIEW(account, organization_state, organization)},
    {VIEW(account, business_account_state, business_account)},
    {VIEW(account, teacher_account_state, teacher_account)},
    {VIEW(teacher, teacher_state, teacher)},
    {VIEW(teacher, school_review_state, school_review)},
    {VIEW(teacher, code_table_state, code_table)},
    {VIEW(course, course_state_changed, course), .any_value = true},
    {VIEW(course, course_owner_settled, course_owner)},
    {ON(account, business_account_applied, account_event)},
    {ON(account, application_closed, account_event)},
    {ON(account, business_account_enabled, business_account_enabled)},
    {ON(account, business_account_changed, account_event)},
    {ON(account, business_account_disabled, account_event)},
    {ON(account, deletion_requested, account_event)},
    {ON(account, deletion_withdrawn, account_event)},
    {ON(account, business_account_deleted, account_event)},
    {ON(account, teacher_account_enabled, teacher_account_enabled)},
    {ON(account, teacher_account_changed, teacher_account_changed)},
    {ON(common, outcome, outcome)},
    {0},
};

/* The order in which rows are locked. */
static const struct store *const stores[] = {
    &v_organization_store,
    &v_business_account_store,
    &v_teacher_account_store,
    &v_teacher_store,
    &v_course_store,
    &v_school_review_store,
    &v_code_table_store,
    &operation_outcome_store,
    &import_outcome_store,
    &identity_confirmation_store,
    &mail_store,
    &account_history_store,
    NULL,
};

const struct core gateway_core = {
    .name = "gateway",
    .handlers = handlers,
    .stores = stores,
    .complete_keys = operation_complete_keys,
    .complete = operation_complete,
};
