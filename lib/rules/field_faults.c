/* field_faults.c: the table of field_faults.h. Rows of forms first, in the
 * order of their enum; then rows that only imported files or owners' refusals
 * have, by code. */
#include "rules/field_faults.h"

#include <string.h>

#include "attributes.h"

#define LIST_TEXT "此欄位應為文字清單，且項目數不可超過上限。"

/* clang-format off */
static const struct {
    const char *form, *cell; /* codes; NULL: not there */
    const char *text;
} faults[] = {
    [FAULT_ADDRESS_NOT_ASCII] = {"FIELD_BAD", NULL,
     "電子郵件不支援英文以外的字元；中文網域請改填 xn-- 開頭的形式。"},
    [FAULT_CHARACTERS] = {"FIELD_BAD", "TEXT_BAD", "含有不可使用的字元（例如換行或 �），請刪除或改填正確的文字。"},
    [FAULT_CODE] = {"FIELD_BAD", NULL, "請填寫代碼。"},
    [FAULT_CONFIRMATION_CODE] = {"FIELD_BAD", NULL, "驗證碼為六位數字。"},
    [FAULT_COUNTY] = {"FIELD_BAD", "COUNTY_UNKNOWN", "查無此縣市。"},
    [FAULT_DAY] = {"FIELD_BAD", NULL, "應為確實存在的西元日期，例如 2026-08-01。"},
    [FAULT_EMAIL] = {"FIELD_BAD", "EMAIL_BAD", "電子郵件格式不正確。"},
    [FAULT_EMAIL_NOT_PROVEN] = {"EMAIL_NOT_PROVEN", NULL,
     "請先驗證這個電子郵件信箱，或以業務帳號登入並使用該帳號的信箱。"},
    [FAULT_EMAIL_OTHER] = {"FIELD_BAD", NULL,
     "電子郵件與已驗證的信箱不一致。"},
    [FAULT_ID] = {"FIELD_BAD", NULL, "識別碼格式不正確。"},
    [FAULT_KEY] = {"FIELD_BAD", NULL,
     "應為 1 至 255 個可見的 ASCII 字元。"},
    [FAULT_LISTED_TWICE] = {"FIELD_BAD", NULL, "同一項目只能列一次。"},
    [FAULT_LIST_TOO_LONG] = {"FIELD_TOO_LONG", NULL, LIST_TEXT},
    [FAULT_LOGIN] = {"FIELD_BAD", NULL,
     "帳號應為 3 至 32 個英文字母、數字或 . _ -，並以英文字母或數字開頭及結尾。"},
    [FAULT_MISSING] = {"FIELD_MISSING", "CELL_EMPTY", "此欄位必填。"},
    [FAULT_NAME] = {"NAME_BAD", "NAME_BAD",
     "姓名應含文字，且不可有 ?、□、〓 等遺失文字的記號；罕用字請改以正確的文字填寫。"},
    [FAULT_NOT_BOOLEAN] = {"FIELD_TYPE", NULL,
     "此欄位應為 true 或 false。"},
    [FAULT_NOT_INTEGER] = {"FIELD_TYPE", NULL, "此欄位應為整數。"},
    [FAULT_NOT_LIST] = {"FIELD_TYPE", NULL, LIST_TEXT},
    [FAULT_NOT_TEXT] = {"FIELD_TYPE", NULL, "此欄位應為文字。"},
    [FAULT_PHONE] = {"FIELD_BAD", "PHONE_BAD", "電話號碼格式不正確；請填區碼或手機的完整號碼，例如 03-9312021 分機 12。"},
    [FAULT_RANGE] = {"FIELD_BAD", NULL, "數值超出範圍。"},
    [FAULT_TOO_LONG] = {"FIELD_TOO_LONG", "TEXT_TOO_LONG", "內容太長。"},
    [FAULT_TOO_SHORT] = {"FIELD_TOO_SHORT", NULL, "內容太短。"},
    [FAULT_UNKNOWN_FIELD] = {"UNKNOWN_FIELD", NULL, "不支援此欄位。"},
    [FAULT_WEBSITE] = {"FIELD_BAD", "WEBSITE_BAD", "網址應以 http:// 或 https:// 開頭。"},
    [FAULT_WORD] = {"FIELD_BAD", NULL, "請選擇有效的選項"},

    {NULL, "CENTRE_AMBIGUOUS", "該縣市有多個區管中心，請於檔案中指明。"},
    {NULL, "CENTRE_NOT_ALLOWED", "區管中心不須填寫所屬區管中心。"},
    {NULL, "CENTRE_UNKNOWN", "查無此區管中心，或該縣市尚無區管中心。"},
    {NULL, "CODE_BAD", "代碼限英數字與連字號，至多 16 個字元。"},
    {NULL, "CODE_IS_NUMBER",
     "試算表已將代碼轉為數值（例如 1.23E+08），請先將此欄設為文字，再重新填寫代碼。"},
    {NULL, "CODE_TWICE", "此代碼在檔案中重複出現。"},
    {NULL, "COLUMN_MISSING", "缺少必要欄位"},
    {NULL, "COLUMN_TWICE", "欄位重複"},
    {NULL, "COLUMN_UNKNOWN", "無法辨識的欄位"},
    {NULL, "ENCODING_UNKNOWN",
     "無法辨識檔案的文字編碼，請以 UTF-8 或 Big5 的 CSV 格式儲存後重新上傳"},
    {NULL, "KIND_NOT_ALLOWED", "此類單位無法以匯入方式建立。"},
    {NULL, "KIND_UNKNOWN", "無法辨識的單位類別。"},
    {NULL, "NO_ROWS", "檔案沒有資料列。"},
    {NULL, "OUT_OF_RANGE", "應為今天或以後的日期；最晚可預定的日期"},
    {NULL, "PARENT_IS_BRANCH", "分班不能再有分班。"},
    {NULL, "PARENT_NOT_ALLOWED", "只有學校與幼兒園可填所屬本園或本校。"},
    {NULL, "PARENT_UNKNOWN", "查無所屬的本園或本校。"},
    {NULL, "QUOTE_MISPLACED", "引號前後有多餘的空白或文字。"},
    {NULL, "QUOTE_UNCLOSED", "引號未成對。"},
    {NULL, "ROW_TOO_LONG", "此列的欄數多於標題。"},
    {NULL, "SPREADSHEET_FILE", "這是試算表檔案，請另存為 CSV 格式後重新上傳。"},
    {NULL, "TEXT_LOST", "有文字在轉存時遺失（成為 �），請改填正確的文字。"},
    {NULL, "TEXT_PERHAPS_LOST",
     "可能有文字在轉存時遺失（成為 ?、□ 或 〓）。請改填正確的文字，或於確認匯入時接受。"},
    {NULL, "TOO_MANY_CELLS", "欄數過多。"},
    {NULL, "TOO_MANY_ROWS", "一個檔案至多 100,000 列，請分次匯入。"},
    {NULL, "ZEROS_LOST",
     "開頭的 0 可能已被試算表移除，請將此欄設為文字，並補回開頭的 0。"},
};
/* clang-format on */

const char *
field_fault_code(enum field_fault fault)
{
    return faults[fault].form;
}

const char *
field_fault_text(enum field_fault fault)
{
    return faults[fault].text;
}

const char *
cell_fault_text(const char *code)
{
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        if (faults[i].cell != NULL && strcmp(faults[i].cell, code) == 0)
            return faults[i].text;
    return NULL;
}
