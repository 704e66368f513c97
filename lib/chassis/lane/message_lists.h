/* The rows and lists of messages.def as members of a struct handler, for
 * inbox.c.
 *
 * The including file defines PACKAGE first: "inservice.teacher.v1.".
 */
#pragma once

/* Rows of a handlers' table. `of` is the package of the message: teacher. */
#define HANDLER_ROW(kind_, of, message_, keys_, handle_, ...)                  \
    {.kind = kind_,                                                            \
     .message = &inservice__##of##__v1__##message_##__descriptor,              \
     .keys = keys_,                                                            \
     .handle = handle_,                                                        \
     __VA_ARGS__},
#define DO_ROW(of, name, ...)                                                  \
    HANDLER_ROW(HANDLER_DO, of, name, name##_keys, do_##name, __VA_ARGS__)
#define ON_ROW(of, name, ...)                                                  \
    HANDLER_ROW(HANDLER_ON, of, name, name##_keys, on_##name, __VA_ARGS__)
#define VIEW_ROW(of, message_, name)                                           \
    HANDLER_ROW(HANDLER_VIEW, of, message_, name##_keys, view_##name, SYSTEM)

#define REFUSES(...)                                                           \
    .refusals = (const char *const[])                                          \
    {                                                                          \
        __VA_ARGS__, NULL                                                      \
    }
#define ROUTES(numbers) .routes = numbers
#define SYSTEM          .routes = ""
#define SAYS(...)       .facts = NAMES(__VA_ARGS__)
#define ORDERS(...)     .orders = NAMES(__VA_ARGS__)

/* One to four messages of PACKAGE, by their full names. */
#define NAMES(...)                                                             \
    (const char *const[])                                                      \
    {                                                                          \
        FIFTH(__VA_ARGS__, NAMES4, NAMES3, NAMES2, NAMES1)                     \
        (__VA_ARGS__), NULL                                                    \
    }
#define FIFTH(a, b, c, d, names, ...) names
#define NAMES1(a)                     PACKAGE #a
#define NAMES2(a, b)                  NAMES1(a), NAMES1(b)
#define NAMES3(a, b, c)               NAMES2(a, b), NAMES1(c)
#define NAMES4(a, b, c, d)            NAMES2(a, b), NAMES2(c, d)
