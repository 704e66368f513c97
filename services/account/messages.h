/* Short names for the generated messages this service reads and says. A new
 * message gets its line here, its row in inbox.c or outbox.c, and its file. */
#pragma once

#include "inservice/account/v1/commands.pb-c.h"
#include "inservice/account/v1/events.pb-c.h"
#include "inservice/account/v1/states.pb-c.h"
#include "inservice/course/v1/events.pb-c.h"
#include "inservice/teacher/v1/events.pb-c.h"

/* Commands. */
typedef Inservice__Account__V1__FoundPlatform FoundPlatform;
typedef Inservice__Account__V1__AddOrganization AddOrganization;
typedef Inservice__Account__V1__ApplyForBusinessAccount ApplyForBusinessAccount;
typedef Inservice__Account__V1__ApplyForTeacherAccount ApplyForTeacherAccount;
typedef Inservice__Account__V1__CloseApplication CloseApplication;
typedef Inservice__Account__V1__EnableBusinessAccount EnableBusinessAccount;
typedef Inservice__Account__V1__DisableBusinessAccount DisableBusinessAccount;
typedef Inservice__Account__V1__SuspendLeaver SuspendLeaver;
typedef Inservice__Account__V1__DeleteBusinessAccount DeleteBusinessAccount;
typedef Inservice__Account__V1__EnableTeacherAccount EnableTeacherAccount;
typedef Inservice__Account__V1__DisableTeacherAccount DisableTeacherAccount;

/* Facts we hear. */
typedef Inservice__Teacher__V1__TeacherRegistered TeacherRegistered;
typedef Inservice__Teacher__V1__TeacherTransferred TeacherTransferred;
typedef Inservice__Teacher__V1__TeacherLeft TeacherLeft;
typedef Inservice__Course__V1__CourseStateChanged CourseStateChanged;
typedef Inservice__Course__V1__CourseOwnerSettled CourseOwnerSettled;

/* Facts we say. */
typedef Inservice__Account__V1__OrganizationAdded OrganizationAdded;
typedef Inservice__Account__V1__BusinessAccountApplied BusinessAccountApplied;
typedef Inservice__Account__V1__ApplicationClosed ApplicationClosed;
typedef Inservice__Account__V1__BusinessAccountEnabled BusinessAccountEnabled;
typedef Inservice__Account__V1__BusinessAccountDisabled BusinessAccountDisabled;
typedef Inservice__Account__V1__BusinessAccountDeleted BusinessAccountDeleted;
typedef Inservice__Account__V1__TeacherAccountApplied TeacherAccountApplied;
typedef Inservice__Account__V1__TeacherAccountEnabled TeacherAccountEnabled;
typedef Inservice__Account__V1__TeacherAccountDisabled TeacherAccountDisabled;

/* States we publish. */
typedef Inservice__Account__V1__OrganizationState OrganizationState;
typedef Inservice__Account__V1__BusinessAccountState BusinessAccountState;
typedef Inservice__Account__V1__TeacherAccountState TeacherAccountState;
