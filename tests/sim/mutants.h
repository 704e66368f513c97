/* The list of planted flaws; see mutants.c. */
#pragma once

#include <stdbool.h>

/* Runs every mutant; `run` tells whether all held. True when nine of ten were
 * noticed. */
bool mutants_run(bool (*run)(const void *), const void *context);
