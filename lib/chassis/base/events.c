/* The table of every service's log events; `<service> events` prints it. */
#include "chassis/base/log.h"

#define EVENT EVENT_DEFINED
#include "chassis/base/events.def"
#undef EVENT

#define EVENT EVENT_LISTED
static const struct event *const chassis_events[] = {
#include "chassis/base/events.def"
    NULL,
};

static void
document_rows(const struct event *const *rows, FILE *out)
{
    for (; rows != NULL && *rows != NULL; rows++)
        fprintf(out, "| `%s` | %s | %s | %s | %s |\n", (*rows)->name,
                log_level_name((*rows)->level), (*rows)->part, (*rows)->meaning,
                (*rows)->action);
}

void
events_document(const struct event *const *service_rows, FILE *out)
{
    fputs("| event | level | part | meaning | what to do |\n"
          "|---|---|---|---|---|\n",
          out);
    document_rows(chassis_events, out);
    document_rows(service_rows, out);
}
