/* The installation's keys: one set, the same on every machine. */
#pragma once

#include <stdbool.h>

#include "attributes.h"
#include "chassis/base/checkup.h"

/* Host command make-keys: makes the keys of a new installation in KEY_DIR. Keys
 * that are there stay. Impossible over HTTP; no gateway makes keys by itself,
 * because two of them would make different ones. */
int keys_make(int argc, char **argv);

/* Reads the keys. False: `ret_error` says what is wrong. */
bool keys_open(char ret_error[256]) WARN_UNUSED;
void keys_close(void);

/* `doctor`: there, readable, and (if `schema`) those of the database. Makes no
 * key known there. */
void keys_checkup(struct checkup *checkup, bool schema);

enum keys_fit { KEYS_FIT, KEYS_DIFFER, KEYS_UNKNOWN };
/* Compares the keys with those that the database knows, and makes new ones
 * known there: before anything is sealed, and again while the process runs.
 * KEYS_DIFFER, KEYS_UNKNOWN (the database is away): `ret_error` says which. */
enum keys_fit keys_compare(char ret_error[256]) WARN_UNUSED;
