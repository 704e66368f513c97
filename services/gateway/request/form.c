/* Reads JSON bodies for all handlers; see form.h.
 *
 * Decides whether a field is well formed, nothing about its meaning. Brings
 * every text to its stored form (rules/text.h), so no handler can forget it.
 * Limits count characters as a person counts them.
 */
#include "gateway/request/form.h"

#include <string.h>

#include "chassis/base/arena.h"

#include "rules/fold.h"
#include "rules/text.h"
#include "rules/utf8.h"

void
form_open(struct form *form, struct http_request *request)
{
    const char *code = NULL;

    *form = (struct form){.request = request};
    form->body = http_json(request, &code);
    if (form->body == NULL)
        form->errors[form->error_count++] =
            (struct http_error){.pointer = "", .code = code};
}

/* One fault of a field is enough: the next ones only follow from it. */
static bool
has_fault(const struct form *form, const char *pointer)
{
    for (size_t i = 0; i < form->error_count; i++)
        if (strcmp(form->errors[i].pointer, pointer) == 0)
            return true;
    return false;
}

static void
add_fault(struct form *form, const char *name, const char *code,
          const char *detail)
{
    if (form->body == NULL || form->error_count == HTTP_ERRORS_MAX)
        return;
    const char *pointer = arena_printf(form->request->arena, "/%s", name);
    if (has_fault(form, pointer))
        return;
    form->errors[form->error_count++] = (struct http_error){
        .pointer = pointer,
        .code = code,
        .detail = detail,
    };
}

void
form_fault(struct form *form, const char *name, enum field_fault fault)
{
    add_fault(form, name, field_fault_code(fault), field_fault_text(fault));
}

void
form_fault_limit(struct form *form, const char *name, enum field_fault fault,
                 const char *limit)
{
    add_fault(form, name, field_fault_code(fault),
              arena_printf(form->request->arena, "%s%s",
                           field_fault_text(fault), limit));
}

static void
fault_too_long(struct form *form, const char *name, size_t max)
{
    form_fault_limit(
        form, name, FAULT_TOO_LONG,
        arena_printf(form->request->arena, "至多 %zu 個字。", max));
}

void
form_fault_word(struct form *form, const char *name, const struct words *words)
{
    struct arena *arena = form->request->arena;
    const char *text = field_fault_text(FAULT_WORD);
    const char *sign = "：";

    for (size_t i = 0; i < words->count; i++) {
        text = arena_printf(arena, "%s%s%s（%s）", text, sign,
                            words->rows[i].label, words->rows[i].name);
        sign = "、";
    }
    add_fault(form, name, field_fault_code(FAULT_WORD),
              arena_printf(arena, "%s。", text));
}

void
form_refusal(struct form *form, const char *name, const char *code)
{
    add_fault(form, name, code, NULL);
}

static bool
was_asked(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->asked_count; i++) {
        if (strcmp(form->asked[i], name) == 0)
            return true;
    }
    return false;
}

/* A JSON pointer escapes ~ and / only. */
static const char *
pointer_name(struct arena *arena, const char *name)
{
    char *text = arena_alloc(arena, 2 * strlen(name) + 1);
    char *at = text;

    for (; *name != '\0'; name++) {
        bool special = *name == '~' || *name == '/';
        *at++ = special ? '~' : *name;
        if (special)
            *at++ = *name == '~' ? '0' : '1';
    }
    return text;
}

bool
form_close(struct form *form, struct http_response *response)
{
    const char *name;
    json_t *value;

    json_object_foreach(form->body, name, value)
    {
        if (!was_asked(form, name))
            form_fault(form, pointer_name(form->request->arena, name),
                       FAULT_UNKNOWN_FIELD);
    }
    if (form->error_count == 0)
        return true;
    http_problem(form->request, response, "BAD_FORM", form->errors,
                 form->error_count);
    return false;
}

json_t *
form_member(struct form *form, const char *name)
{
    json_t *value = json_object_get(form->body, name);

    if (form->asked_count < FORM_FIELDS_MAX && !was_asked(form, name))
        form->asked[form->asked_count++] = name;
    return json_is_null(value) ? NULL : value;
}

bool
form_names(struct form *form, const char *name)
{
    return form_has(form, name) || json_object_get(form->body, name) != NULL;
}

bool
form_has(struct form *form, const char *name)
{
    return form_member(form, name) != NULL;
}

static const char *
read_text(struct form *form, const char *name, size_t min)
{
    json_t *value = form_member(form, name);

    if (value == NULL) {
        if (min > 0)
            form_fault(form, name, FAULT_MISSING);
        return NULL;
    }
    if (!json_is_string(value)) {
        form_fault(form, name, FAULT_NOT_TEXT);
        return NULL;
    }
    return json_string_value(value);
}

typedef enum text_verdict cleaning(const char *input, char *ret, size_t size);

/* The text after `clean`; NULL: the fault is noted. */
static const char *
take(struct form *form, const char *name, const char *given, size_t max,
     cleaning *clean)
{
    struct arena *arena = form->request->arena;
    size_t room = text_room(strlen(given));
    char *text = arena_alloc(arena, room);

    switch (clean(given, text, room)) {
    case TEXT_OK:
        break;
    case TEXT_BAD:
        form_fault(form, name, FAULT_CHARACTERS);
        return NULL;
    case TEXT_LONG:
        fault_too_long(form, name, max);
        return NULL;
    }
    if (text_fits(text, max))
        return text;
    fault_too_long(form, name, max);
    return NULL;
}

const char *
form_text(struct form *form, const char *name, size_t min, size_t max)
{
    const char *given = read_text(form, name, min);
    const char *text =
        given == NULL ? NULL : take(form, name, given, max, text_clean);

    if (text == NULL)
        return "";
    if (min > 0 && text_is_empty(text))
        form_fault(form, name, FAULT_MISSING);
    else if (utf8_graphemes(text) < min)
        form_fault_limit(
            form, name, FAULT_TOO_SHORT,
            arena_printf(form->request->arena, "至少 %zu 個字。", min));
    return text;
}

static const char *
narrowed(struct form *form, const char *name, const char *text, size_t max)
{
    size_t room = fold_room(strlen(text));
    char *narrow = arena_alloc(form->request->arena, room);

    if (!fold_width(text, narrow, room) || strlen(narrow) > max) {
        fault_too_long(form, name, max);
        return "";
    }
    return narrow;
}

const char *
form_narrow(struct form *form, const char *name, size_t min, size_t max)
{
    return narrowed(form, name, form_text(form, name, min, max), max);
}

const char *
form_code_in_list(struct form *form, const char *place, const char *given)
{
    const char *text = take(form, place, given, TEXT_CODE_MAX, text_clean);

    if (text == NULL)
        return "";
    if (text_is_empty(text))
        form_fault(form, place, FAULT_CODE);
    return narrowed(form, place, text, TEXT_CODE_MAX);
}

const char *
form_secret(struct form *form, const char *name, size_t max)
{
    const char *given = read_text(form, name, 1);
    const char *text =
        given == NULL ? NULL : take(form, name, given, max, text_secret);

    if (text == NULL)
        return "";
    if (*text == '\0')
        form_fault(form, name, FAULT_MISSING);
    return text;
}

int
form_word(struct form *form, const char *name, const struct words *words,
          bool required)
{
    const char *text = read_text(form, name, required ? 1 : 0);
    int value = 0;

    if (text != NULL && !word_value(words, text, &value))
        form_fault_word(form, name, words);
    return value;
}

bool
form_bool(struct form *form, const char *name, bool otherwise)
{
    json_t *value = form_member(form, name);

    if (value == NULL)
        return otherwise;
    if (!json_is_boolean(value))
        form_fault(form, name, FAULT_NOT_BOOLEAN);
    return json_is_true(value);
}

int64_t
form_int(struct form *form, const char *name, int64_t min, int64_t max,
         int64_t otherwise)
{
    json_t *value = form_member(form, name);

    if (value == NULL)
        return otherwise;
    int64_t number = json_integer_value(value);
    if (!json_is_integer(value))
        form_fault(form, name, FAULT_NOT_INTEGER);
    else if (number < min || number > max)
        form_fault_limit(form, name, FAULT_RANGE,
                         arena_printf(form->request->arena,
                                      "應為 %lld 至 %lld。", (long long)min,
                                      (long long)max));
    return number;
}
