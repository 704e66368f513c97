/* The lists in a row of messages.def, as inbox.c puts them into a struct
 * handler.
 *
 * The including file defines PACKAGE first: "inservice.teacher.v1.".
 */
#pragma once

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
