/* import_words.c: what the codes of faults mean to people (zh-TW). Called where
 * faults are shown: once for each cause, not for each row. A code without words
 * is none.
 */
#include "gateway/imports/import.h"

#include <string.h>

static const struct {
    const char *code, *text;
} words[] = {
    {"CELL_EMPTY", "此欄位必填。"},
    {"CENTRE_AMBIGUOUS", "該縣市有多個區管中心，請於檔案中指明。"},
    {"CENTRE_NOT_ALLOWED", "區管中心不須填寫所屬區管中心。"},
    {"CENTRE_UNKNOWN", "查無此區管中心，或該縣市尚無區管中心。"},
    {"CODE_BAD", "代碼限英數字與連字號，至多 16 個字元。"},
    {"CODE_IS_NUMBER", "試算表已將代碼轉為數值（例如 "
                       "1.23E+08），請先將此欄設為文字，再重新填寫代碼。"},
    {"CODE_TWICE", "此代碼在檔案中重複出現。"},
    {"COLUMN_MISSING", "缺少必要欄位"},
    {"COLUMN_TWICE", "欄位重複"},
    {"COLUMN_UNKNOWN", "無法辨識的欄位"},
    {"COUNTY_UNKNOWN", "查無此縣市。"},
    {"EMAIL_BAD", "電子郵件格式不正確。"},
    {"ENCODING_UNKNOWN",
     "無法辨識檔案的文字編碼，請以 UTF-8 或 Big5 的 CSV 格式儲存後重新上傳"},
    {"KIND_NOT_ALLOWED", "此類單位無法以匯入方式建立。"},
    {"KIND_UNKNOWN", "無法辨識的單位類別。"},
    {"NO_ROWS", "檔案沒有資料列。"},
    {"PARENT_IS_BRANCH", "分班不能再有分班。"},
    {"PARENT_NOT_ALLOWED", "只有學校與幼兒園可填所屬本園或本校。"},
    {"PARENT_UNKNOWN", "查無所屬的本園或本校。"},
    {"PHONE_BAD", "電話號碼格式不正確。"},
    {"QUOTE_MISPLACED", "引號前後有多餘的空白或文字。"},
    {"QUOTE_UNCLOSED", "引號未成對。"},
    {"ROW_TOO_LONG", "此列的欄數多於標題。"},
    {"SPREADSHEET_FILE", "這是試算表檔案，請另存為 CSV 格式後重新上傳。"},
    {"TEXT_BAD", "含有不可使用的字元。"},
    {"TEXT_LOST", "有文字在轉存時遺失（成為 �），請改填正確的文字。"},
    {"TEXT_PERHAPS_LOST", "可能有文字在轉存時遺失（成為 ?、□ 或 〓）。"
                          "請改填正確的文字，或於確認匯入時接受。"},
    {"TEXT_TOO_LONG", "文字太長。"},
    {"TOO_MANY_CELLS", "欄數過多。"},
    {"TOO_MANY_ROWS", "一個檔案至多 100,000 列，請分次匯入。"},
    {"ZEROS_LOST",
     "開頭的 0 可能已被試算表移除，請將此欄設為文字，並補回開頭的 0。"},
};

const char *
import_fault_text(const char *code)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(words[i].code, code) == 0)
            return words[i].text;
    return NULL;
}
