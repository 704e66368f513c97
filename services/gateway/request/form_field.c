/* Fields that several forms have in common; see form.h.
 *
 * Checks their form only: codes, days, ids, login names, addresses.
 */
#include "gateway/request/form.h"

#include <string.h>

#include "chassis/base/arena.h"
#include "chassis/base/clock.h"
#include "chassis/base/wire.h"

#include "rules/day.h"
#include "rules/fold.h"
#include "rules/role.h"
#include "rules/text.h"

size_t
form_codes(struct form *form, const char *name, size_t max, char ***ret_codes)
{
    json_t *list = form_member(form, name);
    size_t count = json_array_size(list);

    *ret_codes = ARENA_ARRAY(form->request->arena, char *, count + 1);
    if (list == NULL)
        return 0;
    if (!json_is_array(list) || count > max) {
        form_fault_limit(
            form, name,
            json_is_array(list) ? FAULT_LIST_TOO_LONG : FAULT_NOT_LIST,
            arena_printf(form->request->arena, "至多 %zu 項。", max));
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        const char *given = json_string_value(json_array_get(list, i));
        const char *place =
            arena_printf(form->request->arena, "%s/%zu", name, i);
        if (given == NULL)
            form_fault(form, place, FAULT_CODE);
        else
            (*ret_codes)[i] =
                wire_member(form_code_in_list(form, place, given));
    }
    return form->error_count > 0 ? 0 : count;
}

bool
form_permissions(struct form *form, const char *name, unsigned *ret_sum)
{
    char **names;
    size_t count = form_codes(form, name, permission_words.count, &names);
    unsigned sum = 0;

    for (size_t i = 0; i < count; i++) {
        int bit = 0;
        if (!word_value(&permission_words, names[i], &bit))
            form_fault_word(
                form, arena_printf(form->request->arena, "%s/%zu", name, i),
                &permission_words);
        sum |= (unsigned)bit;
    }
    *ret_sum = sum;
    return form_has(form, name);
}

const char *
form_day(struct form *form, const char *name)
{
    /* Another way to write a day may be longer. */
    const char *text = form_text(form, name, 0, TEXT_CODE_MAX);
    day_number day;

    if (*text != '\0' && !day_parse(text, &day))
        form_fault(form, name, FAULT_DAY);
    return text;
}

const char *
form_id(struct form *form, const char *name, bool required)
{
    const char *text = form_text(form, name, required ? 1 : 0, UUID_TEXT - 1);
    uint8_t binary[16];

    if (*text != '\0' && !uuid_parse(text, binary))
        form_fault(form, name, FAULT_ID);
    return text;
}

const char *
form_name(struct form *form, const char *name)
{
    const char *text = form_text(form, name, 1, TEXT_NAME_MAX);

    if (*text != '\0' && !text_is_name(text))
        form_fault(form, name, FAULT_NAME);
    return text;
}

const char *
form_login(struct form *form, const char *name, bool required)
{
    const char *text = form_text(form, name, required ? 1 : 0, 128);
    char folded[LOGIN_LENGTH_MAX + 1] = "";

    /* Folded: sign-in looks for the folded form (B14). */
    if (*text != '\0' && !fold_login(text, folded))
        form_fault(form, name, FAULT_LOGIN);
    return arena_strdup(form->request->arena, folded);
}

const char *
form_email(struct form *form, const char *name, bool required)
{
    const char *text =
        form_narrow(form, name, required ? 1 : 0, TEXT_EMAIL_MAX);

    if (*text != '\0' && !email_shape_ok(text))
        form_fault(form, name,
                   text_is_ascii(text) ? FAULT_EMAIL : FAULT_ADDRESS_NOT_ASCII);
    return text;
}

void
form_reason(struct form *form, Inservice__Common__V1__Order *order)
{
    order->force = form_bool(form, "force", false);
    order->reason = wire_member(
        form_text(form, "reason", order->force ? 1 : 0, TEXT_REASON_MAX));
}
