/* main.c: the gateway as tables, handed to the chassis. Nothing else is here,
 * so that tests link everything but main().
 */
#include "gateway/gateway.h"
#include "gateway/events.h"
#include "gateway/metrics.h"
#include "gateway/operations/operations.h"

#include "chassis/service.h"

#include "gateway_sql.h"

int
main(int argc, char **argv)
{
    const struct service service = {
        .core = gateway_core,
        .inputs = gateway_inputs,
        .commands = operation_services,
        .settings = gateway_setting_rows,
        .metrics = gateway_metrics,
        .events = gateway_events,
        .queries = gateway_queries,
        .migrations = gateway_migrations,
        .host_commands = gateway_host_commands,
        .open = gateway_open,
        .close = gateway_close,
        .checkup = gateway_checkup,
        .run = gateway_run,
    };

    return service_main(&service, argc, argv);
}
