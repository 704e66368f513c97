/* The keys: shared by seal.c and seal_keys.c only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { SEAL_KEY = 32, SEAL_KEY_ID_MAX = 255 };

/* By key id; 0 is no id. */
struct seal_keys {
    int first; /* lowest id: digests, never rotates */
    int last;  /* highest id: seals */
    bool known[SEAL_KEY_ID_MAX + 1];
    uint8_t key[SEAL_KEY_ID_MAX + 1][SEAL_KEY];
};

/* Makes libsodium ready; cheap if it is ready. */
void seal_start(void);
