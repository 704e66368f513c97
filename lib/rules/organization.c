/* organization.c: the tables of organization.h. Called by services and by the
 * import, which reads real lists. Never guesses a kind: a word that is not in
 * the table is an error that a person corrects. Serves O1, O3. */
#include "rules/organization.h"

#include "attributes.h"

#include "rules/fold.h"

#include <string.h>

/* The longest word of the tables below, folded, fits well within this. */
#define WORD_SIZE 64

/* clang-format off */
static const struct word kind_rows[] = {
    {KIND_PRIMARY_SCHOOL, "PRIMARY_SCHOOL", "國民小學"},
    {KIND_JUNIOR_HIGH, "JUNIOR_HIGH", "國民中學"},
    {KIND_SENIOR_HIGH, "SENIOR_HIGH", "高級中等學校"},
    {KIND_SPECIAL_SCHOOL, "SPECIAL_SCHOOL", "特殊教育學校"},
    {KIND_KINDERGARTEN, "KINDERGARTEN", "幼兒園"},
    {KIND_UNIVERSITY, "UNIVERSITY", "大專校院"},
    {KIND_LEGAL_PERSON, "LEGAL_PERSON", "法人"},
    {KIND_SOCIAL_EDUCATION, "SOCIAL_EDUCATION", "社會教育機構"},
    {KIND_REGIONAL_CENTRE, "REGIONAL_CENTRE", "區管中心"},
    {KIND_PLATFORM, "PLATFORM", "平臺"},
};

static const struct word state_rows[] = {
    {ORGANIZATION_ACTIVE, "ACTIVE", "運作中"},
    {ORGANIZATION_SUSPENDED, "SUSPENDED", "停辦中"},
    {ORGANIZATION_CLOSED, "CLOSED", "已裁撤"},
    {ORGANIZATION_MERGED_INTO, "MERGED_INTO", "已整併"},
};
/* clang-format on */

const struct words organization_kind_words = {"organization kind", kind_rows,
                                              COUNT_OF(kind_rows)};
const struct words organization_state_words = {"organization state", state_rows,
                                               COUNT_OF(state_rows)};

/* clang-format off */
static const enum organization_group groups[] = {
    [KIND_UNSPECIFIED] = GROUP_NONE,
    [KIND_PRIMARY_SCHOOL] = GROUP_K12,
    [KIND_JUNIOR_HIGH] = GROUP_K12,
    [KIND_SENIOR_HIGH] = GROUP_K12,
    [KIND_SPECIAL_SCHOOL] = GROUP_K12,
    [KIND_KINDERGARTEN] = GROUP_K12,
    [KIND_UNIVERSITY] = GROUP_HIGHER,
    [KIND_LEGAL_PERSON] = GROUP_HIGHER,
    [KIND_SOCIAL_EDUCATION] = GROUP_HIGHER,
    [KIND_REGIONAL_CENTRE] = GROUP_CENTRE,
    [KIND_PLATFORM] = GROUP_PLATFORM,
};

/* Other words for the kinds, from real lists. */
static const struct {
    const char *text;
    enum organization_kind kind;
} aliases[] = {
    {"國小", KIND_PRIMARY_SCHOOL},
    {"國中", KIND_JUNIOR_HIGH},
    {"國民中小學", KIND_JUNIOR_HIGH},
    {"國中小", KIND_JUNIOR_HIGH},
    {"高中", KIND_SENIOR_HIGH},
    {"高中職", KIND_SENIOR_HIGH},
    {"高職", KIND_SENIOR_HIGH},
    {"高級中學", KIND_SENIOR_HIGH},
    {"完全中學", KIND_SENIOR_HIGH},
    {"特教學校", KIND_SPECIAL_SCHOOL},
    {"特殊學校", KIND_SPECIAL_SCHOOL},
    {"幼兒園分班", KIND_KINDERGARTEN},
    {"分班", KIND_KINDERGARTEN},
    {"幼稚園", KIND_KINDERGARTEN},
    {"大學", KIND_UNIVERSITY},
    {"學院", KIND_UNIVERSITY},
    {"專科學校", KIND_UNIVERSITY},
    {"大專院校", KIND_UNIVERSITY},
    {"財團法人", KIND_LEGAL_PERSON},
    {"社團法人", KIND_LEGAL_PERSON},
    {"社教機構", KIND_SOCIAL_EDUCATION},
    {"教育局", KIND_REGIONAL_CENTRE},
    {"教育處", KIND_REGIONAL_CENTRE},
    {"教育局/處", KIND_REGIONAL_CENTRE},
    {"教師進修網", KIND_PLATFORM},
    {"全教網", KIND_PLATFORM},
};

const struct county counties[COUNTIES] = {
    {"TPE", "臺北市"}, {"NWT", "新北市"}, {"TAO", "桃園市"},
    {"TXG", "臺中市"}, {"TNN", "臺南市"}, {"KHH", "高雄市"},
    {"ILA", "宜蘭縣"}, {"HSQ", "新竹縣"}, {"MIA", "苗栗縣"},
    {"CHA", "彰化縣"}, {"NAN", "南投縣"}, {"YUN", "雲林縣"},
    {"CYQ", "嘉義縣"}, {"PIF", "屏東縣"}, {"TTT", "臺東縣"},
    {"HUA", "花蓮縣"}, {"PEN", "澎湖縣"}, {"KEE", "基隆市"},
    {"HSZ", "新竹市"}, {"CYI", "嘉義市"}, {"KIN", "金門縣"},
    {"LIE", "連江縣"},
};
/* clang-format on */

enum organization_group
organization_group_of(enum organization_kind kind)
{
    return (size_t)kind < COUNT_OF(groups) ? groups[kind] : GROUP_NONE;
}

bool
organization_has_teachers(enum organization_kind kind)
{
    return organization_group_of(kind) == GROUP_K12;
}

bool
organization_is_open(enum organization_state state)
{
    return state == ORGANIZATION_ACTIVE;
}

bool
organization_is_over(enum organization_state state)
{
    return state == ORGANIZATION_CLOSED || state == ORGANIZATION_MERGED_INTO;
}

/* Whether a word of a table equals the typed one (already folded). */
static bool
means(const char *word, const char *folded)
{
    char own[WORD_SIZE];

    return fold_name(word, own, sizeof own) && strcmp(own, folded) == 0;
}

bool
organization_kind_from_text(const char *text, enum organization_kind *ret_kind)
{
    char folded[WORD_SIZE];

    if (!fold_name(text, folded, sizeof folded))
        return false;
    for (size_t i = 0; i < COUNT_OF(kind_rows); i++) {
        if (means(kind_rows[i].name, folded) ||
            means(kind_rows[i].label, folded))
            return *ret_kind = (enum organization_kind)kind_rows[i].value, true;
    }
    for (size_t i = 0; i < COUNT_OF(aliases); i++)
        if (means(aliases[i].text, folded))
            return *ret_kind = aliases[i].kind, true;
    return false;
}

bool
organization_code_ok(const char *code)
{
    static const char allowed[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
    size_t size = strlen(code);

    return size > 0 && size < ORGANIZATION_CODE_SIZE &&
           strspn(code, allowed) == size;
}

bool
organization_code_read(const char *text, char ret[ORGANIZATION_CODE_SIZE])
{
    char code[ORGANIZATION_CODE_SIZE];

    if (!fold_width(text, code, sizeof code))
        return false;
    for (char *c = code; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    if (!organization_code_ok(code))
        return false;
    memcpy(ret, code, strlen(code) + 1);
    return true;
}

const struct county *
county_find(const char *text)
{
    char folded[WORD_SIZE];

    if (!fold_name(text, folded, sizeof folded))
        return NULL;
    for (size_t i = 0; i < COUNTIES; i++)
        if (means(counties[i].code, folded) || means(counties[i].name, folded))
            return &counties[i];
    return NULL;
}

bool
county_is_stored(const char *name)
{
    for (size_t i = 0; i < COUNTIES; i++)
        if (strcmp(counties[i].name, name) == 0)
            return true;
    return false;
}
