/* unit_read.c and unit_cell.c: headings, rows and the checks of single cells.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rules/field_faults.h"

#include "gateway/imports/unit_list.h"

#include "for_case.h"

static bool
read_list(const char *file, struct unit_list *list, struct file_fault *fault)
{
    return unit_list_read(list, arena, file, strlen(file), fault);
}

/* --- the file ----------------------------------------------------------- */
static const struct {
    const char *file, *code;
    int32_t row;
} files[] = {
    {"", "NO_ROWS", 0},
    {"code,name,kind,county\r\n", "NO_ROWS", 0},
    {"code,name,kind,county\r\n\r\n,,,\r\n", "NO_ROWS", 0},
    {"code,name,kind\r\n", "COLUMN_MISSING", 1},
    {"code,name,kind,county,secret\r\n", "COLUMN_UNKNOWN", 1},
    {"code,name,kind,county,,name\r\n", "COLUMN_UNKNOWN", 1},
    {"code,name,kind,county,代碼\r\n", "COLUMN_TWICE", 1},
    {"code,name,kind,county\r\n1,\"a\r\n", "QUOTE_UNCLOSED", 2},
    {"\"code\r\n", "QUOTE_UNCLOSED", 1},
    {"\xFF\xFF", "ENCODING_UNKNOWN", 1}, /* lost characters in the heading */
    {"code,name,kind,county,\xFF\r\n1,a,b,c,d", "ENCODING_UNKNOWN", 1},
    {"code,name,kind,county\r\n1, \"a\",b,c", "QUOTE_MISPLACED", 2},
    {"PK\x03\x04", "SPREADSHEET_FILE", 0},
};

static void
files_that_cannot_be_read(void **state)
{
    struct unit_list list;
    struct file_fault fault;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        assert_false(read_list(files[i].file, &list, &fault));
        assert_string_equal(fault.code, files[i].code);
        assert_int_equal(fault.row, files[i].row);
        assert_int_equal(fault.columns,
                         strncmp(files[i].code, "COLUMN_", 7) == 0);
        assert_non_null(cell_fault_text(fault.code));
    }
}

static void
too_many_rows(void **state)
{
    struct bytes file = {0};
    struct unit_list list;
    struct file_fault fault;

    (void)state;
    bytes_add_text(&file, "code,name,kind,county\n");
    for (int i = 0; i <= IMPORT_ROWS_MAX; i++)
        bytes_add_text(&file, "1,a,b,c\n");
    assert_false(unit_list_read(&list, arena, file.data, file.size, &fault));
    assert_string_equal(fault.code, "TOO_MANY_ROWS");
    assert_int_equal(fault.row, IMPORT_ROWS_MAX + 2);
    bytes_free(&file);
}

/* Offices leave rows free above the heading. */
static void
test_f20_blank_rows_above_the_heading(void **state)
{
    static const char *const above[] = {"\r\n", "\n\n", ",,,\r\n",
                                        "\r\n;;;\r\n"};
    struct unit_list list;
    struct file_fault fault;
    char file[200];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(above); i++) {
        char separator = strchr(above[i], ';') ? ';' : ',';
        snprintf(file, sizeof file, "%scode%cname%ckind%ccounty\n1%ca%cb%cc\n",
                 above[i], separator, separator, separator, separator,
                 separator, separator);
        assert_true(read_list(file, &list, &fault));
        assert_int_equal(list.count, 1);
        assert_string_equal(list.lines[0].cells[UNIT_CODE], "1");
    }
    assert_false(read_list("\n\ncode,name,kind\n", &list, &fault));
    assert_string_equal(fault.code, "COLUMN_MISSING");
    assert_int_equal(fault.row, 3);
}

static void
headings_in_any_order_and_language(void **state)
{
    struct unit_list list;
    struct file_fault fault;

    (void)state;
    assert_true(
        read_list("縣市, Code ,學校名稱,類別,區管中心,,\n"
                  "台北市,=\"001301\",　臺中國小　,ＫＩＮＤＥＲＧＡＲＴＥＮ,\n",
                  &list, &fault));
    assert_int_equal(list.count, 1);
    const struct unit_line *line = &list.lines[0];
    assert_int_equal(line->fault_count, 0);
    assert_int_equal(line->row, 2);
    assert_string_equal(line->cells[UNIT_CODE], "001301");
    assert_string_equal(line->cells[UNIT_NAME], "臺中國小");
    assert_string_equal(line->cells[UNIT_COUNTY], "臺北市");
    assert_string_equal(line->cells[UNIT_CENTRE], "");
    assert_int_equal(line->kind, KIND_KINDERGARTEN);
}

static void
empty_lines_count(void **state)
{
    struct unit_list list;
    struct file_fault fault;

    (void)state;
    assert_true(read_list("code,name,kind,county\n\n1,a,國小,臺北市\n,,,\n"
                          "2,b,國中,臺北市",
                          &list, &fault));
    assert_int_equal(list.count, 2);
    assert_int_equal(list.lines[0].row, 3);
    assert_int_equal(list.lines[1].row, 5);
}

/* Spreadsheets leave rows of blanks, and a heading may come again. */
static void
test_f20_rows_that_are_none(void **state)
{
    struct unit_list list;
    struct file_fault fault;

    (void)state;
    assert_true(read_list("code,name,kind,county, ,\n"
                          "代碼,名稱,類別,縣市,,\n"
                          "1,a,國小,臺北市,,\n"
                          " ,\xE3\x80\x80,,,,\n"
                          "CODE,Name,kind,county,,\n"
                          "2,name,國中,臺北市,,\n",
                          &list, &fault));
    assert_int_equal(list.count, 2);
    assert_int_equal(list.lines[0].row, 3);
    assert_int_equal(list.lines[1].row, 6);
    assert_string_equal(list.lines[1].cells[UNIT_NAME], "name");
    /* Headings in other places are no heading. */
    assert_true(read_list("code,name,kind,county\nname,code,kind,county\n",
                          &list, &fault));
    assert_int_equal(list.count, 1);
}

/* The file that Excel calls "Unicode text". */
static void
test_f20_excels_unicode_text(void **state)
{
    static const char text[] = "c o d e \t n a m e \t k i n d \t "
                               "c o u n t y \r \n 0 1 \t a \t P R I M A R Y "
                               "_ S C H O O L \t T P E \r \n ";
    char file[sizeof text + 1] = "\xFF\xFE";
    struct unit_list list;
    struct file_fault fault;

    (void)state;
    for (size_t i = 0; i + 1 < sizeof text; i++)
        file[i + 2] = (char)(i % 2 == 0 ? text[i] : '\0');
    assert_true(unit_list_read(&list, arena, file, sizeof text + 1, &fault));
    assert_int_equal(list.count, 1);
    assert_int_equal(list.lines[0].fault_count, 0);
    assert_string_equal(list.lines[0].cells[UNIT_CODE], "01");
    assert_string_equal(list.encoding, "UTF-16");
}

/* Headings and cells pass the same door as forms. */
static void
test_f02_invisible_characters_in_a_file(void **state)
{
    struct unit_list list;
    struct file_fault fault;

    (void)state;
    assert_true(
        read_list("代\u200B碼,學校\u3000名稱\uFEFF,類別,縣市,E\u2011mail,電話\n"
                  "014XA1\u201002\u200E,瓦\u200B拉米\u2027國小,國小\u200E,"
                  "臺\u00AD北市,ａ@ｂ.tw,02\u20132720\uFF0D8889\n",
                  &list, &fault));
    const struct unit_line *line = &list.lines[0];
    assert_int_equal(line->fault_count, 0);
    assert_string_equal(line->cells[UNIT_CODE], "014XA1-02");
    assert_string_equal(line->cells[UNIT_NAME], "瓦拉米\u2027國小");
    assert_string_equal(line->cells[UNIT_COUNTY], "臺北市");
    assert_string_equal(line->cells[UNIT_EMAIL], "a@b.tw");
    assert_string_equal(line->cells[UNIT_PHONE], "02-2720-8889");
    assert_int_equal(line->kind, KIND_PRIMARY_SCHOOL);
}

/* 200 characters of a name, whatever their bytes. */
static void
test_f16_cells_count_characters(void **state)
{
    char file[1200] = "code,name,kind,county\n1,";
    struct unit_list list;
    struct file_fault fault;

    (void)state;
    size_t used = strlen(file);
    for (int i = 0; i < 200; i++, used += 3)
        memcpy(file + used, "國", 3);
    memcpy(file + used, ",國小,TPE\n", sizeof ",國小,TPE\n");
    assert_true(read_list(file, &list, &fault));
    assert_int_equal(list.lines[0].fault_count, 0);
    memcpy(file + used, "x,國小,TPE\n", sizeof "x,國小,TPE\n");
    assert_true(read_list(file, &list, &fault));
    assert_string_equal(list.lines[0].faults[0].code, "TEXT_TOO_LONG");
}

/* --- cells -------------------------------------------------------------- */
static const struct {
    const char *row; /* of code,name,kind,county,phone,email,establishment */
    const char *faults;
} rows[] = {
    {"014XA1-02,a,分班,宜蘭縣,03-9312021,a@b.tw,公立", ""},
    {"1234567890123456,a,國小,TPE,,,", ""},
    {"12345678901234567,a,國小,TPE,,,", "code:CODE_BAD "},
    {"a b,a,國小,TPE,,,", "code:CODE_BAD "},
    {",,,,,,x",
     "code:CELL_EMPTY name:CELL_EMPTY kind:CELL_EMPTY county:CELL_EMPTY "},
    {"1,a,學店,TPE,,,", "kind:KIND_UNKNOWN "},
    {"1,a,PLATFORM,TPE,,,", "kind:KIND_NOT_ALLOWED "},
    {"1,a,國小,火星,,,", "county:COUNTY_UNKNOWN "},
    {"1,a,國小,TPE,12,,", "phone:PHONE_BAD "},
    {"1,a,國小,TPE,,nobody,", "email:EMAIL_BAD "},
    {"1,a\tb,國小,TPE,,,", "name:TEXT_BAD "},
    {"1,\"a\nb\",國小,TPE,,,", "name:TEXT_BAD "},
    {"1,a\xE2\x80\xAE,國小,TPE,,,", "name:TEXT_BAD "},
    {"1,\u3164\u200B,國小,TPE,,,", "name:CELL_EMPTY "},
    {"1,\u0301,國小,TPE,,,", "name:CELL_EMPTY "},
    {"1,a,國小,TPE,,a@\u6559.tw,", "email:EMAIL_BAD "},
    {"1,a,國小,TPE,,,,", ""},
    {"1,a,國小,TPE,,,,x", "row:ROW_TOO_LONG "},
    {"1,a", "kind:CELL_EMPTY county:CELL_EMPTY "},
    /* F9: codes that a spreadsheet changed */
    {"1.23E+08,a,國小,TPE,,,", "code:CODE_IS_NUMBER "},
    {"１．２３Ｅ＋０８,a,國小,TPE,,,", "code:CODE_IS_NUMBER "},
    {"14998.0,a,國小,TPE,,,", "code:CODE_IS_NUMBER "},
    {"\"14,998\",a,國小,TPE,,,", "code:CODE_IS_NUMBER "},
    {"A1.5,a,國小,TPE,,,", "code:CODE_BAD "},
    {"990E05,a,國小,TPE,,,", ""},
    /* F10 */
    {"014xa1-02,a,分班,宜蘭縣,,,", ""},
    /* F19: the ministry's own words */
    {"1,a,國小,[02]宜蘭縣,,,", ""},
    {"1,a,國小,［０２］ 宜蘭縣,,,", ""},
    {"1,a,[C]國小,[01]新北市,,,[1]公立", ""},
    {"1,a,國小,[02],,,", "county:COUNTY_UNKNOWN "},
    {"1,a,國小,[]宜蘭縣,,,", "county:COUNTY_UNKNOWN "},
    {"1,a,國小,[02]火星,,,", "county:COUNTY_UNKNOWN "},
    {"1,a,國小,宜蘭縣[02],,,", "county:COUNTY_UNKNOWN "},
    /* F3: U+FFFD is never typed */
    {"1,縣立瓦�國民小學,國小,TPE,,,", "name:TEXT_LOST "},
    {"1�,a,國小,TPE,,,", "code:TEXT_LOST "},
    {"1,a,國小,宜�縣,,�,�", "county:TEXT_LOST establishment:TEXT_LOST "
                            "email:TEXT_LOST "},
    /* F11: characters that users have drawn are characters */
    {"1,瓦\xEE\x80\x80國小,國小,TPE,,,", ""},
};

/* ?, □ and 〓 where a character was, and where they were typed. */
static void
test_f03_marks_of_lost_characters(void **state)
{
    static const struct {
        const char *cell;
        bool lost;
    } cells[] = {
        {"縣立瓦?國民小學", true},
        {"縣立瓦??國民小學", true},
        {"?立國民小學", true},
        {"縣立國民小?", true},
        {"立?國??小", true},
        {"Caf?s", true},
        {"Nguy?n", true},
        {"縣立A?國小", true},
        {"瓦□國小", true},
        {"瓦〓國小", true},
        {"□", true},
        {"#N/A", true}, /* a formula without a value */
        {"#REF!", true},
        {"#DIV/0!", true},
        {"#1 國小", false},
        {"縣立瓦？國民小學", false}, /* full width: typed */
        {"Why? School", false},
        {"Why?", false},
        {"?", false},
        {"5 ? 6", false},
        {"○○國民小學", false}, /* a name that is hidden */
        {"瓦國小", false},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cells); i++)
        if (unit_cell_lost(cells[i].cell) != cells[i].lost)
            fail_msg("%s", cells[i].cell);
    assert_true(unit_cell_broken("a\xEF\xBF\xBD"));
    assert_false(unit_cell_broken("瓦?"));
}

/* An address on the web has question marks of its own. */
static void
test_f03_not_in_addresses_of_the_web(void **state)
{
    struct unit_list list;
    struct file_fault fault;

    (void)state;
    assert_true(read_list("code,name,kind,county,website,address\n"
                          "1,a,國小,TPE,http://x.tw/?校=1,\n"
                          "2,a,國小,TPE,,某?路\n",
                          &list, &fault));
    assert_int_equal(list.lines[0].lost, 0);
    assert_int_equal(list.lines[1].lost, 1u << UNIT_ADDRESS);
}

static void
each_cell_is_checked(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *file = arena_printf(
            arena, "code,name,kind,county,phone,email,establishment\n%s\n",
            rows[i].row);
        struct bytes got = {0};
        struct unit_list list;
        struct file_fault fault;
        assert_true(read_list(file, &list, &fault));
        for (size_t f = 0; f < list.lines[0].fault_count; f++) {
            const char *column =
                unit_column_name(list.lines[0].faults[f].column);
            bytes_printf(&got, "%s:%s ", column != NULL ? column : "row",
                         list.lines[0].faults[f].code);
            assert_non_null(cell_fault_text(list.lines[0].faults[f].code));
        }
        assert_string_equal(bytes_text(&got), rows[i].faults);
        bytes_free(&got);
    }
}

/* The report of a row stays small, whatever the row holds. */
static void
long_cells_are_cut(void **state)
{
    struct bytes file = {0};
    struct unit_list list;
    struct file_fault fault;

    (void)state;
    bytes_add_text(&file, "code,name,kind,county\n1,");
    for (int i = 0; i < 1000; i++)
        bytes_add_text(&file, "臺");
    bytes_add_text(&file, ",國小,TPE\n");
    assert_true(unit_list_read(&list, arena, file.data, file.size, &fault));
    assert_string_equal(list.lines[0].faults[0].code, "TEXT_TOO_LONG");
    assert_true(strlen(list.lines[0].cells[UNIT_NAME]) < 70);
    bytes_free(&file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(too_many_rows),
        cmocka_unit_test(headings_in_any_order_and_language),
        cmocka_unit_test(test_f02_invisible_characters_in_a_file),
        cmocka_unit_test(test_f16_cells_count_characters),
        cmocka_unit_test(empty_lines_count),
        cmocka_unit_test(test_f20_rows_that_are_none),
        cmocka_unit_test(test_f20_excels_unicode_text),
        cmocka_unit_test(each_cell_is_checked),
        cmocka_unit_test(test_f20_blank_rows_above_the_heading),
        cmocka_unit_test(test_f03_marks_of_lost_characters),
        cmocka_unit_test(test_f03_not_in_addresses_of_the_web),
        cmocka_unit_test(long_cells_are_cut),
    };

    return cmocka_run_group_tests(tests, arena_begin, arena_end);
}
