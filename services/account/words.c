/* Texts and times between rows and messages. Rows may hold NULL; messages use
 * "" or 0. Both mean "none". */
#include "account/account.h"

#include <string.h>

#include "chassis/base/clock.h"

#include "rules/fold.h"
#include "rules/text.h"

bool
is_empty(const char *text)
{
    return text == NULL || text[0] == '\0';
}

bool
is_id(const char *text)
{
    uint8_t binary[16];

    return text != NULL && uuid_parse(text, binary);
}

bool
is_code(const char *text)
{
    return text != NULL && organization_code_ok(text);
}

bool
is_contact(const char *name, const char *phone, const char *email)
{
    return text_is_stored(name, 1, TEXT_NAME_MAX) &&
           text_is_stored(phone, 0, TEXT_PHONE_MAX) &&
           (*phone == '\0' || phone_shape_ok(phone)) &&
           (*email == '\0' || email_shape_ok(email));
}

bool
is_person(const char *name, const char *phone, const char *email)
{
    return is_contact(name, phone, email) && text_is_name(name);
}

bool
same_text(const char *one, const char *other)
{
    return !is_empty(one) && !is_empty(other) && strcmp(one, other) == 0;
}

bool
code_listed(char *const *codes, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (same_text(codes[i], code))
            return true;
    return false;
}

int64_t
wire_time(int64_t at)
{
    return at == DB_NO_TIME ? 0 : at;
}

const char *
lapse_timer(struct decision *decision, const char *account_id)
{
    return arena_printf(decision->arena, "lapse/%s", account_id);
}
