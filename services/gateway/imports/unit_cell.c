/* unit_cell.c: the checks of a row's own cells. Called for each row of the dry
 * run; unit_link.c compares it with other rows and known units. Each cell is
 * first brought to its stored form (rules/text.h) and kept so; codes and
 * addresses become ASCII. Never guesses: a word in no table is a fault that a
 * person corrects (O1). */
#include "gateway/imports/unit_list.h"

#include <string.h>

#include "rules/fold.h"
#include "rules/text.h"
#include "rules/utf8.h"

enum { SHOWN_MAX = 60 };

void
unit_line_fault(struct unit_line *line, enum unit_column column,
                const char *code)
{
    for (size_t i = 0; i < line->fault_count; i++)
        if (line->faults[i].column == column)
            return;
    line->faults[line->fault_count++] = (struct unit_fault){column, code};
}

/* --- one cell: the fault's code, or NULL -------------------------------- */

/* 1.23E+08, 14998.0 or 14,998: a code that a spreadsheet took for a number. */
static bool
is_number(const char *cell)
{
    return strchr("0123456789", cell[0]) != NULL &&
           cell[strspn(cell, "0123456789.,+-Ee")] == '\0' &&
           strpbrk(cell, ".,+") != NULL;
}

static const char *
check_code(struct arena *arena, struct unit_line *line, enum unit_column column)
{
    const char *cell = line->cells[column];
    char *code = arena_alloc(arena, ORGANIZATION_CODE_SIZE);

    if (!organization_code_read(cell, code))
        return is_number(cell) ? "CODE_IS_NUMBER" : "CODE_BAD";
    line->cells[column] = code;
    return NULL;
}

/* Removes a leading number in brackets, as the ministry's lists write words of
 * their code lists: [02]宜蘭縣. */
static const char *
without_number(struct arena *arena, const char *cell)
{
    static const char digits_and_letters[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t room = fold_room(strlen(cell)), size;
    char *narrow = arena_alloc(arena, room);

    if (!fold_width(cell, narrow, room) || narrow[0] != '[')
        return cell;
    size = strspn(narrow + 1, digits_and_letters);
    return size > 0 && narrow[1 + size] == ']' ? narrow + size + 2 : cell;
}

static const char *
check_kind(struct arena *arena, struct unit_line *line, enum unit_column column)
{
    const char *word = without_number(arena, line->cells[column]);

    if (!organization_kind_from_text(word, &line->kind))
        return "KIND_UNKNOWN";
    /* Only the host's command founds the platform. */
    return line->kind == KIND_PLATFORM ? "KIND_NOT_ALLOWED" : NULL;
}

static const char *
check_county(struct arena *arena, struct unit_line *line,
             enum unit_column column)
{
    const struct county *county =
        county_find(without_number(arena, line->cells[column]));

    if (county == NULL)
        return "COUNTY_UNKNOWN";
    line->cells[column] = county->name;
    return NULL;
}

/* Not in our tables: any word is accepted. */
static const char *
check_establishment(struct arena *arena, struct unit_line *line,
                    enum unit_column column)
{
    line->cells[column] = without_number(arena, line->cells[column]);
    return NULL;
}

static const char *
check_phone(struct arena *arena, struct unit_line *line,
            enum unit_column column)
{
    (void)arena;
    return phone_shape_ok(line->cells[column]) ? NULL : "PHONE_BAD";
}

static const char *
check_email(struct arena *arena, struct unit_line *line,
            enum unit_column column)
{
    (void)arena;
    return email_shape_ok(line->cells[column]) ? NULL : "EMAIL_BAD";
}

static const char *
check_website(struct arena *arena, struct unit_line *line,
              enum unit_column column)
{
    (void)arena;
    return website_shape_ok(line->cells[column]) ? NULL : "WEBSITE_BAD";
}

/* Headings are folded: lower case, 台, no blanks between Chinese characters. */
const struct unit_column_rule unit_columns[UNIT_COLUMNS] = {
    [UNIT_CODE] = {.name = "code",
                   .headings = {"code", "代碼", "學校代碼", "機關代碼",
                                "單位代碼"},
                   .max = 60,
                   .required = true,
                   .narrow = true,
                   .check = check_code},
    [UNIT_NAME] = {.name = "name",
                   .headings = {"name", "名稱", "學校名稱", "機關名稱",
                                "單位名稱"},
                   .max = TEXT_UNIT_NAME_MAX,
                   .required = true},
    [UNIT_KIND] = {.name = "kind",
                   .headings = {"kind", "類別", "學校類別", "單位類別"},
                   .max = 60,
                   .required = true,
                   .check = check_kind},
    [UNIT_COUNTY] = {.name = "county",
                     .headings = {"county", "縣市", "縣市名稱", "縣市別",
                                  "所在縣市"},
                     .max = 60,
                     .required = true,
                     .check = check_county},
    [UNIT_ESTABLISHMENT] = {.name = "establishment",
                            .headings = {"establishment", "公私立", "公/私立",
                                         "設立別"},
                            .max = 60,
                            .check = check_establishment},
    [UNIT_CENTRE] = {.name = "managingCentre",
                     .headings = {"managing_centre", "區管中心", "區管中心代碼",
                                  "managingcentre"},
                     .max = 60,
                     .narrow = true,
                     .check = check_code},
    [UNIT_PARENT] = {.name = "parentCode",
                     .headings = {"parent_code", "本園代碼", "本校代碼",
                                  "parentcode"},
                     .max = 60,
                     .narrow = true,
                     .check = check_code},
    [UNIT_PHONE] = {.name = "phone",
                    .headings = {"phone", "電話"},
                    .max = 60,
                    .narrow = true,
                    .check = check_phone},
    [UNIT_EMAIL] = {.name = "email",
                    .headings = {"email", "電子郵件", "e-mail"},
                    .max = TEXT_EMAIL_MAX,
                    .narrow = true,
                    .check = check_email},
    [UNIT_ADDRESS] = {.name = "address",
                      .headings = {"address", "地址"},
                      .max = TEXT_ADDRESS_MAX},
    [UNIT_WEBSITE] = {.name = "website",
                      .headings = {"website", "網址"},
                      .max = TEXT_ADDRESS_MAX,
                      .narrow = true,
                      .check = check_website},
};

const char *
unit_column_name(enum unit_column column)
{
    return column < UNIT_COLUMNS ? unit_columns[column].name : NULL;
}

/* The beginning of a cell that is too long, whole characters. */
static const char *
beginning(struct arena *arena, const char *cell)
{
    struct utf8_cursor cursor = utf8_cursor_of(cell);
    const char *start, *end = cell;
    size_t length;
    uint32_t code;

    while (utf8_next_grapheme(&cursor, &start, &length, &code) &&
           cursor.at - cell <= SHOWN_MAX)
        end = cursor.at;
    return arena_printf(arena, "%.*s…", (int)(end - cell), cell);
}

/* The stored form of a cell; most cells have it already. */
static const char *
in_one_form(struct arena *arena, const char *cell, int column,
            enum text_verdict *ret_verdict)
{
    const size_t long_ago = 4 * text_bytes_max(unit_columns[column].max);
    size_t size = strlen(cell);
    size_t room =
        unit_columns[column].narrow ? fold_room(size) : text_room(size);

    *ret_verdict = size > long_ago ? TEXT_LONG : TEXT_OK;
    if (size == 0 || size > long_ago)
        return cell;
    char *form = arena_alloc(arena, room);
    *ret_verdict = text_clean(cell, form, room);
    if (*ret_verdict != TEXT_OK)
        return cell;
    if (unit_columns[column].narrow && !fold_width(form, form, room))
        *ret_verdict = TEXT_LONG;
    return form;
}

static const char *
check_cell(struct arena *arena, struct unit_line *line, int column)
{
    const char *raw = line->cells[column];
    enum text_verdict verdict;
    const char *cell = in_one_form(arena, raw, column, &verdict);

    if (unit_cell_broken(raw))
        return "TEXT_LOST";
    if (column != UNIT_WEBSITE && unit_cell_lost(raw))
        line->lost |= 1u << column;
    line->cells[column] = cell;
    if (verdict == TEXT_BAD)
        return "TEXT_BAD";
    if (verdict == TEXT_LONG || !text_fits(cell, unit_columns[column].max)) {
        line->cells[column] = beginning(arena, cell);
        return "TEXT_TOO_LONG";
    }
    if (text_is_empty(cell)) {
        line->cells[column] = "";
        return unit_columns[column].required ? "CELL_EMPTY" : NULL;
    }
    return unit_columns[column].check
               ? unit_columns[column].check(arena, line,
                                            (enum unit_column)column)
               : NULL;
}

void
unit_line_check(struct arena *arena, struct unit_line *line)
{
    for (int column = 0; column < UNIT_COLUMNS; column++) {
        const char *code = check_cell(arena, line, column);
        if (code != NULL)
            unit_line_fault(line, (enum unit_column)column, code);
    }
}
