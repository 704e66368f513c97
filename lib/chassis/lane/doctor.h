/* Host command `doctor`: looks at everything that a process needs. */
#pragma once

#include "chassis/lane/service_tables.h"

/* Prints a line for each part. Changes nothing, and needs nothing but sound
 * settings. Exit status: 1 when a fault was found. */
int doctor_run(const struct service *service);
/* The settings were refused; the reasons are printed. Returns 1. */
int doctor_settings_refused(void);
