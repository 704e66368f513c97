/* import_words.c: what the codes of faults mean to people (zh-TW). Called where
 * faults are shown: once for each cause, not for each row. A code without words
 * is none.
 */
#include "gateway/imports/import.h"

#include <string.h>

static const struct {
    const char *code, *text;
} words[] = {
    {"CELL_EMPTY", "此欄必填。"},
    {"CENTRE_AMBIGUOUS", "該縣市有多個區管中心，請於檔案中指明。"},
    {"CENTRE_NOT_ALLOWED", "區管中心本身不再填區管中心。"},
    {"CENTRE_UNKNOWN", "查無此區管中心，或該縣市尚無區管中心。"},
    {"CODE_BAD", "代碼限英數字與連字號，至多 16 個字元。"},
    {"CODE_TWICE", "此代碼在檔案中重複出現。"},
    {"COLUMN_MISSING", "缺少必要欄位"},
    {"COLUMN_TWICE", "欄位重複"},
    {"COLUMN_UNKNOWN", "無法辨識的欄位"},
    {"COUNTY_UNKNOWN", "查無此縣市。"},
    {"EMAIL_BAD", "電子郵件格式不符。"},
    {"ENCODING_UNKNOWN", "檔案編碼須為 UTF-8 或 Big5。"},
    {"KIND_NOT_ALLOWED", "此類單位不由匯入建立。"},
    {"KIND_UNKNOWN", "無法辨識的單位類別。"},
    {"NO_ROWS", "檔案沒有資料列。"},
    {"PARENT_IS_BRANCH", "分班不能再有分班。"},
    {"PARENT_NOT_ALLOWED", "只有學校與幼兒園可填所屬本園或本校。"},
    {"PARENT_UNKNOWN", "查無所屬的本園或本校。"},
    {"PHONE_BAD", "電話格式不符。"},
    {"QUOTE_MISPLACED", "引號後面有多餘的文字。"},
    {"QUOTE_UNCLOSED", "引號未結束。"},
    {"ROW_TOO_LONG", "此列的欄數多於標題。"},
    {"TEXT_BAD", "含有不可用的字元。"},
    {"TEXT_TOO_LONG", "文字過長。"},
    {"TOO_MANY_CELLS", "欄數過多。"},
    {"TOO_MANY_ROWS", "一個檔案至多 100,000 列，請分次匯入。"},
};

const char *
import_fault_text(const char *code)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (strcmp(words[i].code, code) == 0)
            return words[i].text;
    return NULL;
}
