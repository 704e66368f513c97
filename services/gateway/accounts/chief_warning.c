/* The warning that a unit has no CHIEF after this command (B22).
 *
 * Called by routes 19 and 21 after the command. The read model has applied the
 * unit's state when the command is DONE. Only a warning: if the read fails, the
 * centre still has its task. */
#include "chassis/base/clock.h"

#include "gateway/accounts/account_command.h"
#include "gateway/gateway.h"
#include "gateway/request/pool.h"
#include "gateway/request/render.h"

static bool
may_leave_none(const struct known_account *account)
{
    return account->role == ROLE_CHIEF &&
           authority_needs_chief(account->unit.kind);
}

static void
write_warning(struct bytes *out)
{
    json_reopen(out);
    json_open(out, "warnings", '[');
    json_open(out, NULL, '{');
    json_text(out, "code", "UNIT_WITHOUT_CHIEF");
    json_text(out, "detail",
              "此單位已沒有啟用中的總負責人，請儘速啟用新任總負責人。");
    json_close(out, '}');
    json_close(out, ']');
    json_close(out, '}');
}

void
warn_without_chief(struct http_response *response,
                   const struct known_account *account)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    CLEANUP(result_clear) PGresult *row = NULL;

    if (response->status != 200 || !may_leave_none(account))
        return;
    struct db *db = pool_take(gateway.pool, clock_monotonic() + SECONDS(1));
    if (db == NULL)
        return;
    db_text(&params, account->unit.code);
    enum db_end end = db_query(db, "unit_chiefs", &params, &row);
    pool_give(gateway.pool, db);
    if (end == DB_OK && PQntuples(row) == 1 && db_get_int(row, 0, 0) == 0)
        write_warning(&response->body);
}
