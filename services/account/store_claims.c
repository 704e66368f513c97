/* Claim rows: the holders of a person, a login name, the platform; and the lock
 * of mergers, which has no holder.
 *
 * They have no facts and no lane. The shell inserts and locks them before any
 * decision, so two lanes never give the same thing twice. A row without
 * account_id is free. Serves B11, B14; the founding.
 */
#include "account/account.h"

static const struct db_column platform_columns[] = {
    DB_COLUMN(platform_claim, name, DB_TEXT),
    DB_COLUMN(platform_claim, organization, DB_TEXT),
    {0},
};

const struct store platform_claims = {
    .name = "platform_claim",
    .kind = STORE_CLAIM,
    .size = sizeof(struct platform_claim),
    .columns = platform_columns,
    .key = offsetof(struct platform_claim, name),
    .key_type = DB_TEXT,
};

static const struct db_column holder_columns[] = {
    DB_COLUMN(holder_claim, person_id, DB_UUID),
    DB_COLUMN(holder_claim, account_id, DB_UUID),
    DB_COLUMN(holder_claim, organization, DB_TEXT),
    {0},
};

const struct store holder_claims = {
    .name = "holder_claim",
    .kind = STORE_CLAIM,
    .size = sizeof(struct holder_claim),
    .columns = holder_columns,
    .key = offsetof(struct holder_claim, person_id),
    .key_type = DB_UUID,
};

static const struct db_column login_columns[] = {
    DB_COLUMN(login_claim, folded, DB_TEXT),
    DB_COLUMN(login_claim, account_id, DB_UUID),
    {0},
};

const struct store login_claims = {
    .name = "login_claim",
    .kind = STORE_CLAIM,
    .size = sizeof(struct login_claim),
    .columns = login_columns,
    .key = offsetof(struct login_claim, folded),
    .key_type = DB_TEXT,
};

/* A claim is inserted under its key, so the key must be one. */
void
keys_holder(struct keys *keys, const char *person_id)
{
    if (is_id(person_id))
        keys_row(keys, &holder_claims, person_id);
}

struct holder_claim *
holder_claim_of(struct decision *decision, const char *person_id)
{
    return is_id(person_id) ? row_find(decision, &holder_claims, person_id)
                            : NULL;
}

void
keys_login(struct keys *keys, const char *login)
{
    char folded[LOGIN_LENGTH_MAX + 1];

    if (!is_empty(login) && fold_login(login, folded))
        keys_row(keys, &login_claims, folded);
}

struct login_claim *
login_claim_of(struct decision *decision, const char *login)
{
    char folded[LOGIN_LENGTH_MAX + 1];

    if (is_empty(login) || !fold_login(login, folded))
        return NULL;
    return row_find(decision, &login_claims, folded);
}

bool
login_is_of(const struct login_claim *claim, const char *account_id)
{
    return claim != NULL && same_text(claim->account_id, account_id);
}

bool
login_free_for(const struct login_claim *claim, const char *account_id)
{
    return is_empty(claim->account_id) ||
           same_text(claim->account_id, account_id);
}

bool
holder_free_for(const struct holder_claim *claim, const char *account_id)
{
    return is_empty(claim->account_id) ||
           same_text(claim->account_id, account_id);
}

void
login_take(struct decision *decision, struct login_claim *claim,
           const char *account_id)
{
    claim->account_id = account_id;
    row_change(decision, claim);
}

void
holder_take(struct decision *decision, struct holder_claim *claim,
            const struct business_account *account)
{
    claim->account_id = account == NULL ? NULL : account->account_id;
    claim->organization = account == NULL ? NULL : account->organization;
    row_change(decision, claim);
}
