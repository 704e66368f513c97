/* The account service: tables handed to the chassis. */
#include "account/account.h"

#include "chassis/service.h"

#include "account_sql.h"

int
main(int argc, char **argv)
{
    const struct service service = {
        .core = account_core,
        .inputs = account_inputs,
        .outputs = account_outputs,
        .settings = account_setting_rows,
        .host_commands = account_host_commands,
        .queries = account_queries,
        .migrations = account_migrations,
    };

    return service_main(&service, argc, argv);
}
