/* The ends of commands that an import gave, for store_operation.c. */
#pragma once

#include "chassis/lane/handler.h"
#include "chassis/lane/store.h"

#include "gateway/imports/import.h"
#include "gateway/operations/operations.h"

extern const struct store import_outcome_store;
/* Whether the import gave this command; false for other ids. */
bool import_has_command(const char *import_id, const char *command_id);
/* Its row is import_outcome_store's of the command's id. */
void end_import_row(struct decision *decision, const char *import_id,
                    const char *command_id, const struct ended *ended);
