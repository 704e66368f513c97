/* The teacher service: tables handed to the chassis. */
#include "teacher/teacher.h"

#include "chassis/service.h"

#include "teacher_sql.h"

int
main(int argc, char **argv)
{
    const struct service service = {
        .core = teacher_core,
        .inputs = teacher_inputs,
        .outputs = teacher_outputs,
        .settings = teacher_setting_rows,
        .queries = teacher_queries,
        .migrations = teacher_migrations,
    };

    return service_main(&service, argc, argv);
}
