/* attributes.h: the one compiler attribute the rules need. Every header of
 * lib/rules may include it; it never defines anything another library does,
 * because the rules must build with libc alone. */
#pragma once

#define MUST_USE __attribute__((warn_unused_result))
