/* The step from PROPOSED to CURRENT, for the lane of views.
 *
 * Called by the views of teachers and of business accounts: a number is CURRENT
 * after an owner's state uses it. identity.c writes the rows. Here only their
 * state changes, and only forward, so a repeated or older state changes nothing
 * (B19). */
#include "gateway/identity/identity.h"

#include "inservice/teacher/v1/states.pb-c.h"

struct identity_confirmation {
    struct row row;
    const char *person_id;
    int32_t state; /* of the best number the person has */
};

static const struct db_column columns[] = {
    DB_COLUMN(identity_confirmation, person_id, DB_UUID),
    DB_COLUMN(identity_confirmation, state, DB_INT2),
    {0},
};

const struct store identity_confirmation_store = {
    .name = "identity_confirmation",
    .kind = STORE_RECORD,
    .size = sizeof(struct identity_confirmation),
    .columns = columns,
    .key = offsetof(struct identity_confirmation, person_id),
    .key_type = DB_UUID,
};

void
identity_confirm_keys(struct keys *keys, const char *person_id)
{
    keys_row(keys, &identity_confirmation_store, person_id);
}

void
identity_confirm(struct decision *decision, const char *person_id)
{
    if (person_id[0] == '\0')
        return;
    struct identity_confirmation *row =
        row_find(decision, &identity_confirmation_store, person_id);
    if (row == NULL || row->state != IDENTITY_PROPOSED)
        return;
    row->state = IDENTITY_CURRENT;
    row_change(decision, row);
}

void
view_identity_keys(struct keys *keys,
                   const Inservice__Teacher__V1__TeacherState *state)
{
    identity_confirm_keys(keys, state->person_id);
}

void
view_identity(struct decision *decision,
              const Inservice__Teacher__V1__TeacherState *state)
{
    if (state->number_sealed.len > 0)
        identity_confirm(decision, state->person_id);
}
