/* Codes of titles, stages and subjects: looked up, checked, joined.
 *
 * Code tables have lanes of their own (their names), so commands on a teacher
 * read single codes as hints. A code is accepted on a day if its table has it
 * and it is valid then. An empty code means "not known" and is accepted. Serves
 * T5, T14. */
#include <stdio.h>
#include <string.h>

#include "rules/field_faults.h"

#include "teacher/teacher.h"

char *
code_id(const char *table, const char *code, char ret_id[KEY_MAX])
{
    snprintf(ret_id, KEY_MAX, "%s/%s", table, code);
    return ret_id;
}

static void
code_keys(struct keys *keys, const char *table, const char *code)
{
    char id[KEY_MAX];

    if (code != NULL && code_ok(code, CODE_MAX))
        keys_row(keys, &codes_elsewhere, code_id(table, code, id));
}

void
post_codes_keys(struct keys *keys, const struct post_codes *named)
{
    code_keys(keys, "title", named->title);
    code_keys(keys, "stage", named->stage);
    for (size_t i = 0; i < named->n_subjects && i < POST_SUBJECTS_MAX; i++)
        code_keys(keys, "subject", named->subjects[i]);
}

/* ISO dates compare as texts. What is no code is in no table: it is not looked
 * up, and not repeated in the answer. */
static bool
code_known(struct decision *decision, const char *table, const char *pointer,
           const char *code, const char *day)
{
    char id[KEY_MAX];

    if (code == NULL || code[0] == '\0')
        return true;
    bool sound = code_ok(code, CODE_MAX);
    const struct code *row =
        sound ? row_find(decision, &codes_elsewhere, code_id(table, code, id))
              : NULL;
    if (row != NULL &&
        (!row->valid_from || strcmp(row->valid_from, day) <= 0) &&
        (!row->valid_until || strcmp(day, row->valid_until) < 0))
        return true;
    refuse_detail(decision, pointer, "CODE_UNKNOWN", sound ? code : "");
    return false;
}

bool
post_codes_known(struct decision *decision, const struct post_codes *named,
                 const char *day)
{
    bool known = code_known(decision, "title", "/title", named->title, day);

    known = code_known(decision, "stage", "/stage", named->stage, day) && known;
    for (size_t i = 0; i < named->n_subjects; i++) {
        const char *pointer = arena_printf(decision->arena, "/subjects/%zu", i);
        known =
            code_known(decision, "subject", pointer, named->subjects[i], day) &&
            known;
    }
    return known;
}

bool
too_many_subjects(struct decision *decision, size_t count)
{
    if (count > POST_SUBJECTS_MAX)
        refuse_detail(decision, "/subjects",
                      field_fault_code(FAULT_LIST_TOO_LONG), "");
    return count > POST_SUBJECTS_MAX;
}

char *
codes_join(struct arena *arena, char *const *list, size_t count)
{
    char *joined = arena_alloc(arena, code_list_room(list, count));

    return code_list_join(list, count, joined);
}

size_t
codes_split(struct arena *arena, const char *text, char ***ret_list)
{
    size_t max = strlen(text) / 2 + 1;

    *ret_list = ARENA_ARRAY(arena, char *, max);
    return code_list_split(arena_strdup(arena, text), *ret_list, max);
}
