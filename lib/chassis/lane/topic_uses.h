/* The topics of a service and what it does with them, from its tables. */
#pragma once

#include <stddef.h>

#include "chassis/kafka/kafka_checkup.h"
#include "chassis/lane/service_tables.h"

/* Returns how many there are; each topic is once in `ret_uses`. */
size_t topic_uses(const struct service *service,
                  struct topic_use ret_uses[USES_MAX]);
/* Prints them, and the group, for the broker's rights. */
void topic_uses_print(const struct service *service);
