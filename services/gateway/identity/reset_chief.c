/* Host command reset-chief: a CHIEF of the platform cannot sign in, and no
 * other one can give them a ticket.
 *
 * Prints a one-time ticket with which the CHIEF sets a new password; redeeming
 * it removes the second factor, too. For an ACTIVE account only, and audited
 * with the client "host". Impossible over HTTP. */
#include <stdio.h>
#include <string.h>

#include "chassis/base/clock.h"

#include "rules/fold.h"
#include "rules/role.h"

#include "gateway/gateway.h"
#include "gateway/identity/founding.h"
#include "gateway/identity/identity.h"
#include "gateway/request/pool.h"
#include "gateway/sessions/sessions.h"

static int
fail(const char *what, const char *detail)
{
    fprintf(stderr, "reset-chief: %s%s%s\n", what,
            detail[0] != '\0' ? ": " : "", detail);
    return 1;
}

/* Columns of platform_chief: account and organization. */
static int
give_ticket(struct db *db, const PGresult *row, const char *login)
{
    char token[SEAL_TOKEN_TEXT];
    const char *account_id = db_get_text(row, 0, 0);
    const struct audit_entry entry = {
        .actor = "",
        .organization = db_get_text(row, 0, 1),
        .client = "host",
        .what = "CHIEF_RESET",
        .subject = account_id,
        .purpose = "reset-chief",
        .result = "TICKET_PRINTED",
        .trace_id = "",
    };

    if (audit_write(db, &entry) != DB_OK ||
        ticket_make(db, TICKET_RESET_TOTP, account_id, ACCOUNT_BUSINESS,
                    token) != DB_OK)
        return fail("the ticket was not written", db_error(db));
    printf("account %s\nlogin %s\nticket %s\n", account_id, login, token);
    return 0;
}

static int
reset(struct db *db, const char *login)
{
    struct db_params params = {0};
    PGresult *row = NULL;

    db_text(&params, login);
    enum db_end end = db_query(db, "platform_chief", &params, &row);
    db_params_free(&params);
    int status;
    if (end != DB_OK)
        status = fail("the database does not answer", db_error(db));
    else if (PQntuples(row) == 0)
        status = fail("no ACTIVE CHIEF of the platform has this login", login);
    else
        status = give_ticket(db, row, login);
    PQclear(row);
    return status;
}

int
reset_chief(int argc, char **argv)
{
    char login[LOGIN_LENGTH_MAX + 1], error[256];

    if (argc != 1 || !fold_login(argv[0], login)) {
        fputs("usage: gateway reset-chief LOGIN\n"
              "  prints a one-time ticket for a CHIEF of the platform who "
              "cannot sign in\n",
              stderr);
        return 2;
    }
    if (!gateway_open(error))
        return fail("cannot start", error);
    struct db *db = pool_take(gateway.pool, clock_monotonic() + SECONDS(10));
    int status = db != NULL ? reset(db, login)
                            : fail("the database does not answer", "");
    if (db != NULL)
        pool_give(gateway.pool, db);
    gateway_close();
    return status;
}
