/* See person.h. Answers the fault of a number, or 503. */
#include "gateway/identity/person.h"

#include "chassis/base/clock.h"

#include "gateway/gateway.h"
#include "gateway/request/request.h"

bool
person_number(struct http_request *request, struct http_response *response,
              const char *pointer, const char *number,
              struct identity_number *ret_number)
{
    enum identity_verdict verdict =
        identity_read(number, clock_now(), ret_number);

    if (verdict != IDENTITY_OK) {
        struct http_error error = {pointer, identity_refusal(verdict), NULL};
        http_problem(request, response, identity_refusal(verdict), &error, 1);
    }
    return verdict == IDENTITY_OK;
}

bool
person_of_number(struct http_request *request, struct http_response *response,
                 const char *pointer, const char *number,
                 enum person_search search, struct identity *ret_identity,
                 struct identity_number *ret_number)
{
    struct identity_number checked;
    int64_t now = clock_now();

    if (!person_number(request, response, pointer, number, &checked))
        return false;
    struct db *db = pool_take(gateway.pool, clock_monotonic() + SECONDS(1));
    if (db == NULL) {
        request_unavailable(request, response, "no_connection");
        return false;
    }
    enum db_end end = search == PERSON_PROPOSED
                          ? identity_resolve(db, &checked, now, ret_identity)
                          : identity_find(db, &checked, ret_identity);
    pool_give(gateway.pool, db);
    if (end != DB_OK)
        request_unavailable(request, response, "identity_read_failed");
    if (end == DB_OK && search == PERSON_DERIVED)
        identity_derive(&checked, ret_identity);
    if (end == DB_OK && ret_number != NULL)
        *ret_number = checked;
    return end == DB_OK;
}
