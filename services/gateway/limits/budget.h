/* Budgets: how often a holder may do something within an hour or a day.
 *
 * One statement counts and takes, before any other write, so parallel requests
 * never pass a limit. Handlers name their budgets here; limits are settings.
 * Rows are durable and shared by all gateways. lib/rules decides who may do it
 * at all. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chassis/base/arena.h"
#include "chassis/db/db.h"
#include "chassis/http/http.h"

enum { BUDGET_CLAIMS_MAX = 6 };

enum budget { /* the rows of the table in budget.c, in its order */
              BUDGET_CODES_OF_CLIENT,
              BUDGET_CODES_OF_NETWORK,
              BUDGET_CODES_OF_MAILBOX_AND_CLIENT,
              BUDGET_FIRST_CODES_OF_MAILBOX_AND_NETWORK,
              BUDGET_CODES_OF_MAILBOX,
              BUDGET_APPLICATIONS_OF_CLIENT,
              BUDGET_APPLICATIONS_OF_NETWORK,
              BUDGET_APPLICATIONS_OF_MAILBOX,
              BUDGET_APPLICATIONS_OF_MAILBOX_AT_UNIT,
              BUDGET_TICKETS_OF_ACCOUNT,
              BUDGET_LOOK_UPS_OF_OFFICER,
              BUDGET_LOOK_UPS_OF_UNIT,
              BUDGET_LOOK_UP_MISSES_OF_NAME,
              BUDGET_NUMBERS_OF_OFFICER,
              BUDGET_NUMBERS_OF_UNIT,
              BUDGET_NUMBERS_OF_SUBJECT,
              BUDGET_PULLS_OF_UNIT,
              BUDGETS,
};

/* Takes one from the budget of this holder. Requests that share budgets name
 * them in the same order, which is the order of locks. */
struct budget_claim {
    enum budget budget;
    const char *holder; /* an id, a code or an address */
};

struct budget_result {
    size_t passed;                      /* claims that had something left */
    int64_t counted[BUDGET_CLAIMS_MAX]; /* with this one, of each that passed */
    const char *code; /* the refusal of the one that had nothing left */
    int64_t wait;     /* µs until it is full again */
};

/* Takes from all or from none, in one round trip. passed < count: the claim at
 * `passed` had nothing left. Each refusal counts in budget_refused_total. */
enum db_end budget_take(struct db *db, const struct budget_claim *claims,
                        size_t count,
                        struct budget_result *ret_result) WARN_UNUSED;
/* The same for a handler. Returns false with 429 and Retry-After, or 503, in
 * the response. */
bool budget_spend(struct http_request *request, struct http_response *response,
                  const struct budget_claim *claims, size_t count) WARN_UNUSED;
/* Takes one where another service has the limit. `ret_counted` includes this
 * one. Returns false with 503 in the response. */
bool budget_count(struct http_request *request, struct http_response *response,
                  const struct budget_claim *claim,
                  int64_t *ret_counted) WARN_UNUSED;
/* budget_spend() for tries that must leave an audit row. A refused try leaves
 * "TOO_MANY"; the caller writes the row of any other. */
struct budget_note {
    const char *what, *subject, *purpose; /* as in struct audit_entry */
};
bool budget_spend_audited(struct http_request *request,
                          struct http_response *response,
                          const struct budget_claim *claims, size_t count,
                          const struct budget_note *note) WARN_UNUSED;
/* Puts the 429 of a refused claim into the response, with Retry-After. */
void budget_refuse(struct http_request *request, struct http_response *response,
                   const struct budget_result *result);
/* Gives back a claim that does not count after all. If this fails, it stays
 * taken. */
void budget_give_back(struct http_request *request,
                      const struct budget_claim *claims, size_t count);

/* A holder that is personal (a mailbox, a name) as a keyed digest; two parts,
 * the second may be NULL. Letter case does not matter. */
const char *budget_private(struct arena *arena, const char *text,
                           const char *more);
