/* Compiler attributes, named after what they promise. No code. Every header of
 * lib may include it.
 */
#pragma once

#define WARN_UNUSED              __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define CLEANUP(function)        __attribute__((cleanup(function)))
#define NORETURN                 __attribute__((noreturn))
#define COUNT_OF(array)          (sizeof(array) / sizeof((array)[0]))
