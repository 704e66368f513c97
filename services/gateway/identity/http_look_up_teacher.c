/* Route 33, POST /v1/teachers/look-up: is this person on file, and where?
 *
 * Serves T1: a pull follows a look-up by ID number and name. An unknown number
 * and a wrong name get the same answer, so a guess reveals nothing. The answer
 * is masked, and without the notes of other schools. Look-ups are counted per
 * officer and unit. Those without a match are counted per name, because a
 * caller who guesses numbers knows the name. Every look-up, even a refused one,
 * leaves an audit row with its purpose before anything is shown. */
#include "gateway/routes.h"

#include <stdio.h>
#include <string.h>

#include "chassis/base/clock.h"

#include "rules/organization.h"
#include "rules/text.h"

#include "gateway/identity/identity.h"
#include "gateway/limits/budget.h"
#include "gateway/request/form.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"
#include "gateway/sessions/sessions.h"
#include "gateway/teachers/teacher_reach.h"
#include "gateway/views/views.h"
#include "gateway/metrics.h"

enum { CLAIM_OFFICER, CLAIM_UNIT, CLAIM_MISS, CLAIMS };

struct look_up {
    struct identity_number number;
    const char *name; /* folded */
    const char *purpose;
};

static bool
read_form(struct http_request *request, struct http_response *response,
          struct look_up *ret)
{
    struct form form;
    form_open(&form, request);

    const char *number = form_text(&form, "number", 1, 40);
    const char *name = form_text(&form, "name", 1, TEXT_NAME_MAX);
    ret->purpose = form_text(&form, "purpose", 1, TEXT_PURPOSE_MAX);
    enum identity_verdict verdict =
        identity_read(number, clock_now(), &ret->number);
    if (number[0] != '\0' && verdict != IDENTITY_OK)
        form_refusal(&form, "number", identity_refusal(verdict));
    ret->name = view_folded(request->arena, name);
    return form_close(&form, response);
}

enum column {
    PERSON_ID,
    VERSION,
    FOLDED,
    MASKED_HEAD,
    RECORD,
    CODE,
    NAME,
    KIND,
    PHONE,
};

static void
show(struct http_request *request, struct http_response *response,
     const PGresult *row)
{
    struct bytes *out = &response->body;
    char etag[32];

    bytes_add_text(out, db_get_text(row, 0, MASKED_HEAD));
    bytes_add_char(out, ',');
    teacher_add_record(out, request, db_get_text(row, 0, RECORD), NULL, 0);
    if (db_is_null(row, 0, CODE)) {
        json_raw(out, "currentUnit", NULL);
    } else {
        json_open(out, "currentUnit", '{');
        json_text(out, "code", db_get_text(row, 0, CODE));
        json_text(out, "name", db_get_text(row, 0, NAME));
        json_word(out, "kind", &organization_kind_words,
                  (int)db_get_int(row, 0, KIND));
        json_text(out, "phone", db_get_text(row, 0, PHONE));
        json_close(out, '}');
    }
    json_close(out, '}');
    snprintf(etag, sizeof(etag), "\"%lld\"",
             (long long)db_get_int(row, 0, VERSION));
    http_set_header(response, "ETag", etag);
    http_set_header(response, "Cache-Control", "no-store");
    http_answer(response, 200);
}

/* Whether there is a match; only a look-up without one takes from the misses.
 */
static bool
judge(struct http_request *request, const struct look_up *look_up,
      const PGresult *row, const struct budget_claim *claims)
{
    bool match = PQntuples(row) == 1 &&
                 strcmp(db_get_text(row, 0, FOLDED), look_up->name) == 0;

    if (match)
        budget_give_back(request, &claims[CLAIM_MISS], 1);
    metric_add(look_ups_total,
               match ? "result=\"shown\"" : "result=\"no_match\"", 1);
    return match;
}

static void
answer(struct http_request *request, struct http_response *response,
       const struct look_up *look_up, const PGresult *row, bool match)
{
    const char *person = PQntuples(row) == 1
                             ? db_copy_uuid(request->arena, row, 0, PERSON_ID)
                             : "";

    if (!audit_write_request(request, response, "TEACHER_LOOK_UP", person,
                             look_up->purpose, match ? "SHOWN" : "NO_MATCH"))
        return;
    if (match)
        show(request, response, row);
    else
        http_problem(request, response, "NO_MATCH", NULL, 0);
}

/* A refused try is audited too. Returns false with the problem in the response.
 */
static bool
spend(struct http_request *request, struct http_response *response,
      const struct look_up *look_up, struct budget_claim claims[CLAIMS])
{
    const struct principal *principal = request_principal(request);
    const char *unit = principal->officer.organization;

    claims[CLAIM_OFFICER] = (struct budget_claim){BUDGET_LOOK_UPS_OF_OFFICER,
                                                  principal->account_id};
    claims[CLAIM_UNIT] = (struct budget_claim){BUDGET_LOOK_UPS_OF_UNIT, unit};
    claims[CLAIM_MISS] = (struct budget_claim){
        BUDGET_LOOK_UP_MISSES_OF_NAME,
        budget_private(request->arena, look_up->name, unit)};
    return budget_spend_audited(request, response, claims, CLAIMS,
                                &(struct budget_note){
                                    .what = "TEACHER_LOOK_UP",
                                    .subject = "",
                                    .purpose = look_up->purpose,
                                });
}

void
http_look_up_teacher(struct http_request *request,
                     struct http_response *response)
{
    static const struct target target = {.subject = SUBJECT_TEACHERS};
    CLEANUP(db_params_free) struct db_params params = {0};
    struct budget_claim claims[CLAIMS];
    struct look_up look_up;
    uint8_t mac[SEAL_DIGEST];

    if (!request_session(request, response) ||
        !request_allows(request, response, &target, false) ||
        !read_form(request, response, &look_up) ||
        !spend(request, response, &look_up, claims))
        return;
    identity_mac(look_up.number.text, mac);
    db_bytes(&params, mac, sizeof(mac));
    CLEANUP(result_clear)
    PGresult *row =
        request_query(request, response, "look_up_teacher", &params);
    if (row == NULL)
        return;
    answer(request, response, &look_up, row,
           judge(request, &look_up, row, claims));
}
