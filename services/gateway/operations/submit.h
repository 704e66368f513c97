/* Submits commands, for the handlers of commands. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "chassis/db/db.h"
#include "chassis/http/http.h"
#include "chassis/lane/handler.h"
#include "chassis/lane/store.h"

/* A command with its Order from order_new(). */
struct submission {
    const char *lane_key;
    const char *service;             /* "account" or "teacher" */
    const ProtobufCMessage *command; /* order filled in */
    const char *subject;     /* id of the thing, for Location and ETag */
    const char *location;    /* resource path when done, or NULL */
    int done_status;         /* 200 or 201 */
    const char *replay_hash; /* NULL: hash of method, path and body */
    const char *scope;       /* NULL: the principal's account */
    bool receipt;            /* the answer carries the subject's receipt */
    bool only_repeats;       /* the key is known: nothing was counted, so a
                              * stored 429 or 503 is answered, not decided
                              * again */
};

/* A new Order in the request's arena: command and operation ids, actor as the
 * principal stands, at, expected version (-1: not asked). */
Order *order_new(struct http_request *request, int64_t expected_version);
/* Sets the expected version; -1: not asked. */
void order_expect(Order *order, int64_t version);
/* The same with the other versions that the request's If-Match names. */
void order_expect_request(struct http_request *request, Order *order,
                          int64_t version);
/* Accepts, sends, waits as Prefer says and answers: 200/201 with ETag, the
 * refusal's problem, or 202 + Location. Handles Idempotency-Key (missing 400,
 * other body 422, in flight the same 202, answered the same answer; a stored
 * 429 or 503 is decided again). Sleeps: the caller has given its connection
 * back. True: this request made the command, whatever became of it. */
bool operation_submit(struct http_request *request,
                      struct http_response *response,
                      const struct submission *submission);
/* Answers a known key again, if its own command has changed the state since,
 * and returns true. False: the key is not known. */
bool operation_remembered(struct http_request *request,
                          struct http_response *response) WARN_UNUSED;
/* Whether the stored refusal in this column is one that only time ends: the
 * same key is decided again. NULL there: no refusal. */
bool operation_decides_again(const PGresult *rows, int column) WARN_UNUSED;
