/* Handles the outcomes of import rows for on_outcome(). */
#pragma once

#include "chassis/lane/handler.h"
#include "chassis/lane/store.h"

#include "inservice/common/v1/outcome.pb-c.h"

#include "gateway/imports/import.h"

extern const struct store import_outcome_store;
bool outcome_is_of_import(const Inservice__Common__V1__Outcome *outcome);
void import_outcome_keys(struct keys *keys,
                         const Inservice__Common__V1__Outcome *outcome);
enum end import_outcome(struct decision *decision,
                        const Inservice__Common__V1__Outcome *outcome);
