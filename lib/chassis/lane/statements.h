/* The statements of a service's stores, as its tables of columns have them. */
#pragma once

#include <stdio.h>

#include "chassis/lane/store.h"

/* Prints each as its text after a line "-- file: <store>_load.sql". */
void store_statements(const struct store *const *stores, FILE *out);
