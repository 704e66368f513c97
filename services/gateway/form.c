/* Reads JSON bodies for all handlers; see form.h.
 *
 * Decides what is a well-formed field and nothing about its meaning. Texts are
 * trimmed and checked here so that no handler forgets it: one line, no control
 * characters, no bidirectional tricks (rules/utf8.h).
 */
#include "gateway/form.h"

#include <string.h>

#include "chassis/base/arena.h"

#include "rules/fold.h"
#include "rules/utf8.h"

/* Bytes of a full-width sign for one of ASCII. */
enum { FULL_WIDTH = 3 };

bool
form_open(struct form *form, struct http_request *request,
          struct http_response *response)
{
    *form = (struct form){.request = request};
    form->body = http_json(request, response);
    return form->body != NULL;
}

void
form_fault(struct form *form, const char *name, const char *code,
           const char *detail)
{
    if (form->error_count == HTTP_ERRORS_MAX)
        return;
    form->errors[form->error_count++] = (struct http_error){
        .pointer = arena_printf(form->request->arena, "/%s", name),
        .code = code,
        .detail = detail,
    };
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

/* A JSON pointer escapes two signs; other signs of a strange name may stay. */
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
                       "UNKNOWN_FIELD", "此處不接受這個欄位。");
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
            form_fault(form, name, "FIELD_MISSING", "此欄位必填。");
        return NULL;
    }
    if (!json_is_string(value)) {
        form_fault(form, name, "FIELD_TYPE", "此欄位應為文字。");
        return NULL;
    }
    return json_string_value(value);
}

/* Without the blanks people paste around a value; NULL when ill-formed. */
static const char *
trim(struct arena *arena, const char *text)
{
    struct utf8_cursor cursor = utf8_cursor_of(text);
    const char *first = NULL;
    const char *end = text;
    uint32_t code;

    while (cursor.at < cursor.end) {
        const char *start = cursor.at;
        if (!utf8_next(&cursor, &code))
            return NULL;
        if (utf8_is_blank(code))
            continue;
        if (first == NULL)
            first = start;
        end = cursor.at;
    }
    return first == NULL ? ""
                         : arena_strndup(arena, first, (size_t)(end - first));
}

const char *
form_text(struct form *form, const char *name, size_t min, size_t max)
{
    const char *given = read_text(form, name, min);
    if (given == NULL)
        return "";

    const char *text = trim(form->request->arena, given);
    if (text == NULL || !utf8_one_line(text)) {
        form_fault(form, name, "FIELD_BAD", "含有不可使用的字元。");
        return "";
    }
    if (strlen(text) < min)
        form_fault(form, name, min == 1 ? "FIELD_MISSING" : "FIELD_TOO_SHORT",
                   min == 1 ? "此欄位必填。" : "內容太短。");
    if (strlen(text) > max)
        form_fault(form, name, "FIELD_TOO_LONG", "內容太長。");
    return text;
}

const char *
form_narrow(struct form *form, const char *name, size_t min, size_t max)
{
    const char *text = form_text(form, name, min, FULL_WIDTH * max);
    size_t length = strlen(text);
    char *narrow = arena_alloc(form->request->arena, length + 1);

    if (!fold_width(text, narrow, length + 1))
        return text; /* cannot be: it is well-formed, and gets no longer */
    if (length <= FULL_WIDTH * max && strlen(narrow) > max)
        form_fault(form, name, "FIELD_TOO_LONG", "內容太長。");
    return narrow;
}

const char *
form_secret(struct form *form, const char *name, size_t max)
{
    const char *text = read_text(form, name, 1);
    if (text == NULL)
        return "";
    if (*text == '\0')
        form_fault(form, name, "FIELD_MISSING", "此欄位必填。");
    if (strlen(text) > max)
        form_fault(form, name, "FIELD_TOO_LONG", "內容太長。");
    return text;
}

int
form_word(struct form *form, const char *name, const struct words *words,
          bool required)
{
    const char *text = read_text(form, name, required ? 1 : 0);
    int value = 0;

    if (text != NULL && !word_value(words, text, &value))
        form_fault(form, name, "FIELD_BAD", "不在可選的值之中。");
    return value;
}

bool
form_bool(struct form *form, const char *name, bool otherwise)
{
    json_t *value = form_member(form, name);

    if (value == NULL)
        return otherwise;
    if (!json_is_boolean(value))
        form_fault(form, name, "FIELD_TYPE", "此欄位應為 true 或 false。");
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
        form_fault(form, name, "FIELD_TYPE", "此欄位應為整數。");
    else if (number < min || number > max)
        form_fault(form, name, "FIELD_BAD", "數值超出範圍。");
    return number;
}
