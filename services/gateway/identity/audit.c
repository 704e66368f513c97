/* Writes the audit table: each look-up, with its author, its subject and its
 * purpose (I11).
 *
 * Called before anything is shown, by handlers and by host commands. Rows are
 * only added. A row never holds the value that was looked up, only the person
 * who was found. */
#include "gateway/request/request.h"

#include "gateway/identity/identity.h"

static void
add_entry(struct db_params *params, const struct audit_entry *entry)
{
    char id[UUID_TEXT];

    uuid_v7(id);
    db_uuid(params, id);
    db_time(params, clock_now());
    db_uuid(params, entry->actor);
    db_text(params, entry->organization);
    db_text(params, entry->client);
    db_text(params, entry->what);
    db_text(params, entry->subject);
    db_text(params, entry->purpose);
    db_text(params, entry->result);
    db_text(params, entry->trace_id);
}

enum db_end
audit_write(struct db *db, const struct audit_entry *entry)
{
    struct db_params params = {0};

    add_entry(&params, entry);
    enum db_end end = db_query(db, "audit_insert", &params, NULL);
    db_params_free(&params);
    return end;
}

void
audit_send(struct db *db, const struct audit_entry *entry)
{
    struct db_params params = {0};

    add_entry(&params, entry);
    db_send(db, "audit_insert", &params);
    db_params_free(&params);
}

bool
audit_write_request(struct http_request *request,
                    struct http_response *response, const char *what,
                    const char *subject, const char *purpose,
                    const char *result)
{
    const struct principal *principal = request_principal(request);
    const char *unit = principal->officer.organization;
    struct db_params params = {0};

    add_entry(&params, &(struct audit_entry){
                           .actor = principal->account_id,
                           .organization = unit != NULL ? unit : "",
                           .client = request->client->address,
                           .what = what,
                           .subject = subject,
                           .purpose = purpose,
                           .result = result,
                           .trace_id = request->trace_id,
                       });
    PGresult *noted = request_query(request, response, "audit_insert", &params);
    db_params_free(&params);
    if (noted == NULL)
        return false;
    PQclear(noted);
    return true;
}
