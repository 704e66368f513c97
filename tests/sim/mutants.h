/* The list of planted flaws; see mutants.c. */
#pragma once

#include <stdbool.h>

/* Runs every mutant; `run` returns whether all held. True if nine of ten were
 * noticed. */
bool mutants_run(bool (*run)(const void *), const void *context);
