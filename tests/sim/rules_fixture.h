/* The steps of rules_test.c; see rules_fixture.c. */
#pragma once

#include "small.h"

#include "inservice/common/v1/operate.pb-c.h"

struct fixture {
    struct world *world;
    struct db *small, *hearer;
    struct owner *first, *second; /* of small */
    struct owner *ear;            /* of hearer */
    struct view *view;
    int64_t told;
    int lane_of_tellings;
};

struct fixture fixture_new(void);

/* Commands and facts. */
void grow(struct fixture *f, const char *code);
void pass_on(struct fixture *f, const char *code, const char *into);
void shrink(struct fixture *f, const char *code);
void send_again(struct fixture *f);
void release(struct fixture *f, const char *key);
/* Where a person is, by the teacher service, in lane f->lane_of_tellings. */
void tell_place(struct fixture *f, const char *person, int64_t version,
                bool left);

/* Owners. */
void give(struct fixture *f, const struct owner *owner); /* all lanes */
void step_to(struct fixture *f, struct owner *owner, enum owner_state state);
void work(struct fixture *f, struct owner *owner); /* all that waits */
void land(struct fixture *f, struct owner *owner); /* all in flight */

/* The owner runs another build of the service. */
void use_build(struct owner *owner, const struct core *core);

int64_t count_of(const struct fixture *f, const char *code);
const struct heard *heard_of_key(const struct fixture *f, const char *key);
void hold(struct fixture *f, bool held, const char *what);
