/* Short names for the messages in messages.def. */
#pragma once

#include "inservice/account/v1/events.pb-c.h"
#include "inservice/account/v1/states.pb-c.h"
#include "inservice/teacher/v1/commands.pb-c.h"
#include "inservice/teacher/v1/events.pb-c.h"
#include "inservice/teacher/v1/states.pb-c.h"

#define DO(Message, ...) typedef Inservice__Teacher__V1__##Message Message;
#define ON(of, Of, Message, ...)                                               \
    typedef Inservice__##Of##__V1__##Message Message;
#define VIEW(of, Of, Message, ...)                                             \
    typedef Inservice__##Of##__V1__##Message Message;
#define EVENT(Message, ...) typedef Inservice__Teacher__V1__##Message Message;
#define STATE(Message, ...) typedef Inservice__Teacher__V1__##Message Message;
#include "teacher/messages.def"

/* Parts of the states. */
typedef Inservice__Teacher__V1__Post PostState;
typedef Inservice__Teacher__V1__Move MoveState;
typedef Inservice__Teacher__V1__CodeRow CodeRow;
