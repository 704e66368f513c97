/* Short names for the generated messages this service reads and says. A new
 * message gets its line here, its row in inbox.c or outbox.c, and its file. */
#pragma once

#include "inservice/account/v1/states.pb-c.h"
#include "inservice/teacher/v1/commands.pb-c.h"
#include "inservice/teacher/v1/events.pb-c.h"
#include "inservice/teacher/v1/states.pb-c.h"

/* Commands. */
typedef Inservice__Teacher__V1__RegisterTeacher RegisterTeacher;
typedef Inservice__Teacher__V1__UpdateTeacher UpdateTeacher;
typedef Inservice__Teacher__V1__LeaveSchool LeaveSchool;
typedef Inservice__Teacher__V1__UndoMove UndoMove;
typedef Inservice__Teacher__V1__CarryOutMove CarryOutMove;
typedef Inservice__Teacher__V1__ReviseCodeTable ReviseCodeTable;

/* States we hear. */
typedef Inservice__Account__V1__OrganizationState OrganizationState;
typedef Inservice__Account__V1__BusinessAccountState BusinessAccountState;
typedef Inservice__Account__V1__TeacherAccountState TeacherAccountState;

/* Facts we say. */
typedef Inservice__Teacher__V1__TeacherRegistered TeacherRegistered;
typedef Inservice__Teacher__V1__TeacherTransferred TeacherTransferred;
typedef Inservice__Teacher__V1__TeacherLeft TeacherLeft;
typedef Inservice__Teacher__V1__TeacherUpdated TeacherUpdated;
typedef Inservice__Teacher__V1__MovePlanned MovePlanned;
typedef Inservice__Teacher__V1__MoveUndone MoveUndone;
typedef Inservice__Teacher__V1__CodeTableRevised CodeTableRevised;

/* States we publish, and what they are made of. */
typedef Inservice__Teacher__V1__TeacherState TeacherState;
typedef Inservice__Teacher__V1__Post PostState;
typedef Inservice__Teacher__V1__Move MoveState;
typedef Inservice__Teacher__V1__CodeTableState CodeTableState;
typedef Inservice__Teacher__V1__CodeRow CodeRow;
