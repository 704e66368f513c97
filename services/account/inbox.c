/* What the account service hears, and what each message leads to.
 *
 * One row per message: dispatch, documentation, metrics and the completeness
 * test read it; nothing about a command is written twice. A fact that has no
 * row here is passed over.
 */
#include "account/account.h"

/* clang-format off */
const struct input account_inputs[] = {
    {"inservice.account.command.v1", TOPIC_COMMAND},
    {"inservice.teacher.event.v1", TOPIC_EVENT},
    {"inservice.teacher.state.v1", TOPIC_STATE},
    {"inservice.course.event.v1", TOPIC_EVENT},
    {0},
};

const struct store *const account_stores[] = { /* the order of locking */
    &platform_claims, &holder_claims, &login_claims,
    &organizations, &business_accounts, &teacher_accounts,
    &unit_loads, &course_guards, &courses_settled, &affiliations,
    &officers, &other_units, &affiliations_elsewhere,
    NULL,
};

#define TEXTS(...) (const char *const[]){__VA_ARGS__, NULL}
#define SAYS(...)  .facts = TEXTS(__VA_ARGS__)
#define REFUSES(...) .refusals = TEXTS(__VA_ARGS__)
#define ROUTES(numbers) .routes = numbers
#define SYSTEM .routes = ""

/* do_, on_: the name of the message and of its functions. */
#define DO(Message, name)                                                      \
    .kind = HANDLER_DO, .type = "inservice.account.v1." #Message,              \
    .message = &inservice__account__v1__##name##__descriptor,                  \
    .keys = name##_keys, .handle = do_##name
#define ON(service, Message, name)                                             \
    .kind = HANDLER_ON, .type = "inservice." #service ".v1." #Message,         \
    .message = &inservice__##service##__v1__##name##__descriptor,              \
    .keys = name##_keys, .handle = on_##name

#define FACT(Message) "inservice.account.v1." #Message

/* What any officer may hear who acts on an account or unit. */
#define OFFICER "UNKNOWN_ACTOR", "NOT_FOUND", "NOT_PERMITTED"

const struct handler account_handlers[] = {
    /* organizations */
    {DO(FoundPlatform, found_platform),
     SAYS(FACT(OrganizationAdded), FACT(BusinessAccountEnabled)),
     REFUSES("NOT_PERMITTED", "BAD_FORM", "ALREADY_FOUNDED", "LOGIN_TAKEN",
             "ACCOUNT_HELD_ELSEWHERE"),
     SYSTEM},
    {DO(AddOrganization, add_organization),
     SAYS(FACT(OrganizationAdded)),
     REFUSES("UNKNOWN_ACTOR", "NOT_PERMITTED", "BAD_FORM",
             "ORGANIZATION_EXISTS", "CENTRE_UNKNOWN", "ORGANIZATION_UNKNOWN"),
     ROUTES("77")},

    /* applications, of both kinds of account */
    {DO(ApplyForBusinessAccount, apply_for_business_account),
     SAYS(FACT(BusinessAccountApplied)),
     REFUSES("UNKNOWN_ACTOR", "NOT_PERMITTED", "BAD_FORM",
             "ORGANIZATION_UNKNOWN", "ORGANIZATION_CLOSED", "ROLE_NOT_FOR_KIND",
             "APPLICATIONS_FULL", "LOGIN_TAKEN", "CHANGED"),
     ROUTES("12")},
    {DO(ApplyForTeacherAccount, apply_for_teacher_account),
     SAYS(FACT(TeacherAccountApplied)),
     REFUSES("UNKNOWN_ACTOR", "NOT_PERMITTED", "BAD_FORM",
             "ORGANIZATION_UNKNOWN", "ORGANIZATION_CLOSED",
             "UNIT_HAS_NO_TEACHERS",
             "TOO_MANY_APPLICATIONS", "APPLICATIONS_FULL", "LOGIN_TAKEN",
             "CHANGED"),
     ROUTES("12")},
    {DO(CloseApplication, close_application),
     SAYS(FACT(ApplicationClosed)),
     REFUSES(OFFICER, "BAD_FORM", "CHANGED", "NOT_PENDING", "SELF_ACTION"),
     ROUTES("15")},

    /* business accounts */
    {DO(EnableBusinessAccount, enable_business_account),
     SAYS(FACT(BusinessAccountEnabled)),
     REFUSES(OFFICER, "SELF_ACTION", "CHANGED", "BAD_FORM", "NOT_DISABLED",
             "NOT_PENDING", "ORGANIZATION_CLOSED", "ROLE_NOT_FOR_KIND", "WIDER_THAN_ROLE",
             "IDENTITY_NOT_CONFIRMED", "LOGIN_TAKEN", "NOT_AT_THIS_SCHOOL",
             "ACCOUNT_HELD_ELSEWHERE"),
     ROUTES("16 20")},
    {DO(DisableBusinessAccount, disable_business_account),
     SAYS(FACT(BusinessAccountDisabled)),
     REFUSES(OFFICER, "SELF_ACTION", "CHANGED", "BAD_FORM", "NOT_ACTIVE",
             "LAST_CHIEF"),
     ROUTES("21")},
    {DO(RecountCourses, recount_courses),
     REFUSES("NOT_PERMITTED", "NOT_FOUND"),
     SYSTEM},
    {DO(SuspendLeaver, suspend_leaver),
     SAYS(FACT(BusinessAccountDisabled)),
     REFUSES("NOT_PERMITTED", "NOT_FOUND", "NOT_ACTIVE", "TEACHER_CHANGED",
             "LAST_CHIEF"),
     SYSTEM},
    {DO(ResumeBusinessAccount, resume_business_account),
     SAYS(FACT(BusinessAccountEnabled)),
     REFUSES("NOT_PERMITTED", "NOT_FOUND", "NOT_DISABLED", "TEACHER_CHANGED",
             "ORGANIZATION_CLOSED"),
     SYSTEM},
    {DO(DeleteBusinessAccount, delete_business_account),
     SAYS(FACT(BusinessAccountDeleted)),
     REFUSES(OFFICER, "SELF_ACTION", "CHANGED", "STILL_ACTIVE", "NOT_DISABLED",
             "COURSE_STATES_UNKNOWN", "COURSES_OPEN"),
     ROUTES("22")},

    /* teacher accounts */
    {DO(EnableTeacherAccount, enable_teacher_account),
     SAYS(FACT(TeacherAccountEnabled)),
     REFUSES(OFFICER, "BAD_FORM", "SELF_ACTION", "CHANGED",
             "IDENTITY_NOT_CONFIRMED", "NOT_AT_THIS_SCHOOL", "NO_TEACHER_RECORD",
             "NOT_DISABLED", "NOT_PENDING", "ALREADY_ENABLED", "LOGIN_TAKEN"),
     ROUTES("12 16 27")},
    {DO(DisableTeacherAccount, disable_teacher_account),
     SAYS(FACT(TeacherAccountDisabled)),
     REFUSES(OFFICER, "SELF_ACTION", "CHANGED", "BAD_FORM", "NOT_ACTIVE"),
     SYSTEM},

    /* what the teacher service tells: lane of the person */
    {ON(teacher, TeacherRegistered, teacher_registered), SYSTEM},
    {ON(teacher, TeacherTransferred, teacher_transferred),
     SAYS(FACT(SuspendLeaver)), SYSTEM},
    {ON(teacher, TeacherLeft, teacher_left), SAYS(FACT(SuspendLeaver)), SYSTEM},
    {ON(teacher, MoveUndone, move_undone),
     SAYS(FACT(SuspendLeaver), FACT(ResumeBusinessAccount)), SYSTEM},

    {ON(teacher, TeacherState, teacher_state),
     SAYS(FACT(TeacherAccountChanged)), SYSTEM},

    /* what the course system tells: lane of the unit */
    {ON(course, CourseStateChanged, course_state_changed), .any_value = true,
     SAYS(FACT(RecountCourses)), SYSTEM},
    {ON(course, CourseOwnerSettled, course_owner_settled), SYSTEM},
    {0},
};
/* clang-format on */

const struct core account_core = {
    .name = "account",
    .handlers = account_handlers,
    .stores = account_stores,
};
