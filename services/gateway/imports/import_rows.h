/* Writes a checked file as an import with its rows. */
#pragma once

#include "gateway/imports/unit_list.h"

enum import_written { IMPORT_WRITTEN, IMPORT_REPEATED, IMPORT_NOT_WRITTEN };

struct import_entry {
    const char *import_id;
    const char *scope, *key;
    const uint8_t *request_hash;
    const char *organization;
    const struct unit_list *list;
    int64_t at;
};

/* Writes import and rows in one transaction. REPEATED: the key was used before;
 * nothing is written. */
enum import_written import_write(struct db *db,
                                 const struct import_entry *entry);
