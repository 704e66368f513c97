/* ReviseCodeTable: seeded by the system, revised by the platform. T14. */
#include "given.h"

static CodeRow *
given_row(const char *code, const char *label)
{
    CodeRow *row = ARENA_NEW(fixture_arena(fixture), CodeRow);

    inservice__teacher__v1__code_row__init(row);
    row->code = wire_member(code);
    row->label = wire_member(label);
    return row;
}

static ReviseCodeTable *
given_revision(enum who who, CodeRow **rows, size_t count)
{
    ReviseCodeTable *command =
        ARENA_NEW(fixture_arena(fixture), ReviseCodeTable);

    inservice__teacher__v1__revise_code_table__init(command);
    command->order = given_order(who);
    command->table = wire_member("title");
    command->rows = rows;
    command->n_rows = count;
    return command;
}

static void
test_seed_and_revise(void **state)
{
    static char *gone[] = {(char *)(uintptr_t) "T02"};
    static char *members[] = {(char *)(uintptr_t) "T01",
                              (char *)(uintptr_t) "T03"};
    CodeRow *rows[] = {given_row("T01", "校長"), given_row("T02", "主任")};
    ReviseCodeTable *command = given_revision(SYSTEM, rows, 2);

    (void)state;
    assert_done(fixture, "title", &command->base);
    const CodeTableState *now = SAID_ONCE(code_table_state);
    assert_string_equal(
        ((const CodeTableRevised *)SAID_ONCE(code_table_revised))->table,
        "title");
    assert_int_equal(now->fact->version, 1);
    assert_int_equal(now->n_rows, 2);

    rows[0] = given_row("T01", "園長");
    rows[0]->valid_until = wire_member("2027-08-01");
    rows[1] = given_row("T04", "視導");
    rows[1]->members = members;
    rows[1]->n_members = 2;
    rows[1]->group = wire_member("G01");
    command = given_revision(PLATFORM_CHIEF, rows, 2);
    command->removed_codes = gone;
    command->n_removed_codes = 1;
    assert_done(fixture, "title", &command->base);
    now = SAID_ONCE(code_table_state);
    assert_int_equal(now->fact->version, 2);
    assert_int_equal(now->n_rows, 2);
    assert_string_equal(now->rows[0]->label, "園長");
    assert_string_equal(now->rows[0]->valid_until, "2027-08-01");
    assert_string_equal(now->rows[1]->code, "T04");
    assert_string_equal(now->rows[0]->group, "");
    assert_string_equal(now->rows[1]->group, "G01");
    assert_int_equal(now->rows[1]->n_members, 2);
    assert_string_equal(now->rows[1]->members[1], "T03");
}

static void
as_operator(ReviseCodeTable *command)
{
    command->order = given_order(NORTH_CHIEF);
}

static void
as_client(ReviseCodeTable *command)
{
    command->order = given_order(STRANGER);
}

static void
of_odd_table(ReviseCodeTable *command)
{
    command->table = wire_member("a table");
}

static void
with_blank_in_code(ReviseCodeTable *command)
{
    command->rows[0]->code = wire_member("T 1");
}

static void
with_long_code(ReviseCodeTable *command)
{
    command->rows[0]->code = wire_member("T12345678901234567890123456789012");
}

static void
without_label(ReviseCodeTable *command)
{
    command->rows[0]->label = wire_member("");
}

static void
with_odd_day(ReviseCodeTable *command)
{
    command->rows[0]->valid_from = wire_member("2026-02-30");
}

static void
ending_before_it_begins(ReviseCodeTable *command)
{
    command->rows[0]->valid_from = wire_member("2026-08-01");
    command->rows[0]->valid_until = wire_member("2026-08-01");
}

static void
with_odd_member(ReviseCodeTable *command)
{
    static char *members[] = {(char *)(uintptr_t) "T 1"};

    command->rows[0]->members = members;
    command->rows[0]->n_members = 1;
}

static void
with_odd_group(ReviseCodeTable *command)
{
    command->rows[0]->group = wire_member("G 1");
}

static void
as_newcomer(ReviseCodeTable *command)
{
    command->order = given_order(NEWCOMER);
}

static void
with_wrong_version(ReviseCodeTable *command)
{
    command->order = given_order_on(PLATFORM_CHIEF, 1);
}

static void
test_refusals(void **state)
{
    static const struct {
        const char *code;
        void (*spoil)(ReviseCodeTable *command);
    } cases[] = {
        {"NOT_PERMITTED", as_operator},  {"UNKNOWN_ACTOR", as_client},
        {"BAD_FORM", of_odd_table},      {"BAD_FORM", with_blank_in_code},
        {"BAD_FORM", with_long_code},    {"BAD_FORM", without_label},
        {"BAD_FORM", with_odd_day},      {"BAD_FORM", ending_before_it_begins},
        {"BAD_FORM", with_odd_member},   {"BAD_FORM", with_odd_group},
        {"CHANGED", with_wrong_version}, {"ACTOR_NOT_KNOWN_YET", as_newcomer},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CodeRow *rows[] = {given_row("T01", "校長")};
        ReviseCodeTable *command = given_revision(PLATFORM_CHIEF, rows, 1);
        cases[i].spoil(command);
        print_message("row %zu %s\n", i, cases[i].code);
        assert_refused(fixture, command->table, &command->base, cases[i].code);
    }
}

CASES(revise_code_table, CASE(test_seed_and_revise), CASE(test_refusals));
