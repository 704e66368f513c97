/* One schedule for the lane and for its model in tests/sim. model_test.c plays
 * it through the lane, model.c through the model. */
#pragma once

#include "lane/fixture.h"

#include "chassis/base/arena.h"

struct step {
    enum act {
        COMMAND, /* AddOrganization: code, name */
        TEACHER, /* TeacherState, newer than all before: person, name */
        RELEASE, /* an operator releases the key */
        AGAIN,   /* the first message of this key and name, the same bytes */
        WORK,    /* a new owner does all that waits, and ends in order */
        DIE,     /* a new owner dies in its first batch, at the failpoint */
        FREEZE,  /* a new owner stops there; another one does all that waits;
                  * then the first goes on */
        END,
    } act;
    const char *key; /* or the failpoint */
    const char *name;
};

/* The `messages` of the steps are sent in their order; those of teachers have a
 * sequence. Returns all that the model has stored and published, a line each,
 * or what it found wrong. The seed decides how messages come into batches. */
const char *model_run(struct arena *arena, uint64_t seed,
                      const struct step *schedule,
                      const struct given *messages);
