/* See part.h. Called by gateway.c; logs nothing.
 */
#include "gateway/part.h"

size_t
parts_start(const struct part *parts, size_t count, char ret_error[256])
{
    size_t running = 0;

    ret_error[0] = '\0';
    while (running < count && parts[running].start(ret_error))
        running++;
    return running;
}

void
parts_stop(const struct part *parts, size_t running)
{
    while (running-- > 0)
        if (parts[running].stop != NULL)
            parts[running].stop();
}
