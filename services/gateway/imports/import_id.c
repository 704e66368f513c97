/* import_id.c: words of imports, and the command id of a row.
 *
 * The id is derived from the import and ends with the row's number: a command
 * sent twice is decided once, and an outcome names its row without an index.
 * Pure.
 */
#include "gateway/imports/import.h"

#include <string.h>

static const struct word kinds[] = {
    {IMPORT_ORGANIZATIONS, "ORGANIZATIONS", "機關學校"},
};
static const struct word states[] = {
    {IMPORT_FAULTY, "FAULTY", "檔案有錯誤"},
    {IMPORT_READY, "READY", "待確認"},
    {IMPORT_COMMITTING, "COMMITTING", "匯入中"},
    {IMPORT_DONE, "DONE", "已完成"},
    {IMPORT_LAPSED, "LAPSED", "已逾時"},
};
static const struct word rows[] = {
    {ROW_FAULTY, "FAULTY", "有錯誤"},
    {ROW_SAME, "SAME", "已存在且相同"},
    {ROW_DIFFERING, "DIFFERING", "已存在但不同"},
    {ROW_NEW, "NEW", "新增"},
    {ROW_DONE, "DONE", "已完成"},
    {ROW_REFUSED, "REFUSED", "未通過"},
};

const struct words import_kind_words = {"import kind", kinds, COUNT_OF(kinds)};
const struct words import_state_words = {"import state", states,
                                         COUNT_OF(states)};
const struct words row_state_words = {"import row state", rows, COUNT_OF(rows)};

enum { NUMBER_AT = 12 }; /* the last four of 16 bytes */

static void
base_of(const char *import_id, uint8_t ret_bytes[16])
{
    const char *const parts[] = {"import", import_id};
    char id[UUID_TEXT];

    memset(ret_bytes, 0, 16);
    uuid_derive(parts, COUNT_OF(parts), id);
    if (!uuid_parse(id, ret_bytes))
        return; /* impossible: uuid_derive() made it */
}

void
import_command_id(const char *import_id, int32_t row, char ret_id[UUID_TEXT])
{
    uint8_t bytes[16];

    base_of(import_id, bytes);
    for (int i = 0; i < 4; i++)
        bytes[NUMBER_AT + i] = (uint8_t)((uint32_t)row >> (24 - 8 * i));
    uuid_format(bytes, ret_id);
}

bool
import_command_row(const char *import_id, const char *command_id,
                   int32_t *ret_row)
{
    uint8_t base[16], bytes[16];
    uint32_t row = 0;

    base_of(import_id, base);
    if (!uuid_parse(command_id, bytes) || memcmp(base, bytes, NUMBER_AT) != 0)
        return false;
    for (int i = 0; i < 4; i++)
        row = row << 8 | bytes[NUMBER_AT + i];
    *ret_row = (int32_t)row;
    return true;
}
