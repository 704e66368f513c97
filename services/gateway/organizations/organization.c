/* organization.c: see organization.h. Called by routes 1 and 2, so that both
 * show the same columns. Never shows active_chiefs or an e-mail of a person.
 */
#include "gateway/organizations/organization.h"

#include "rules/organization.h"

const char *
organization_code_typed(struct arena *arena, const char *text)
{
    char *code = arena_alloc(arena, ORGANIZATION_CODE_SIZE);

    return organization_code_read(text, code) ? code : text;
}

const char *
organization_code_field(struct form *form, const char *name, size_t min)
{
    return organization_code_typed(
        form->request->arena,
        form_narrow(form, name, min, ORGANIZATION_CODE_SIZE - 1));
}

const char *
organization_code_form(struct form *form, size_t min)
{
    return organization_code_field(form, "organization", min);
}

void
organization_render(struct bytes *out, const PGresult *result, int row)
{
    static const char *const texts[] = {
        "county", "establishment", "managingCentre", "parentCode",
        "phone",  "address",       "website",
    };
    int column = 4;

    json_open(out, NULL, '{');
    json_text(out, "code", db_get_text(result, row, 0));
    json_int(out, "version", db_get_int(result, row, 1));
    json_text(out, "name", db_get_text(result, row, 2));
    json_word(out, "kind", &organization_kind_words,
              (int)db_get_int(result, row, 3));
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        json_text(out, texts[i], db_get_text(result, row, column++));
    json_word(out, "status", &organization_state_words,
              (int)db_get_int(result, row, column++));
    json_text(out, "mergedInto", db_get_text(result, row, column));
}
