/* The person of an ID number that an officer or applicant has entered.
 */
#pragma once

#include <stdbool.h>

#include "chassis/http/http.h"

#include "gateway/identity/identity.h"

/* The person and the sealed number of a typed number; `ret_number` may be NULL.
 * Returns false with 422 or 503 in the response. */
enum person_search {
    PERSON_KNOWN,    /* an unknown number gives an empty person_id */
    PERSON_PROPOSED, /* an unknown number is stored as a new person */
    PERSON_DERIVED,  /* the same person, but not stored */
};
/* Only checks the number. Returns false with 422 in the response. */
bool person_number(struct http_request *request, struct http_response *response,
                   const char *pointer, const char *number,
                   struct identity_number *ret_number) WARN_UNUSED;
bool person_of_number(struct http_request *request,
                      struct http_response *response, const char *pointer,
                      const char *number, enum person_search search,
                      struct identity *ret_identity,
                      struct identity_number *ret_number) WARN_UNUSED;
