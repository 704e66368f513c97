/* ChangeOrganization, CloseOrganization and DisableAccounts (O3, O4). */
#include "given.h"

#define CHANGED &inservice__account__v1__organization_changed__descriptor
#define CLOSED  &inservice__account__v1__organization_closed__descriptor
#define DISABLE &inservice__account__v1__disable_business_account__descriptor
#define REST    &inservice__account__v1__disable_accounts__descriptor

#define CASE_OF(NAME)                                                          \
    INSERVICE__ACCOUNT__V1__CHANGE_ORGANIZATION__##NAME##_PRESENCE_##NAME
/* Names a field of the change. */
#define NAME_FIELD(m, field, NAME, value)                                      \
    ((m)->field = (value), (m)->field##_presence_case = CASE_OF(NAME))
#define NAME_TEXT(m, field, NAME, value)                                       \
    NAME_FIELD(m, field, NAME, wire_member(value))

static ChangeOrganization *
changing(struct fixture *f, unsigned by, const char *code)
{
    ChangeOrganization *m = ARENA_NEW(fixture_arena(f), ChangeOrganization);

    inservice__account__v1__change_organization__init(m);
    m->order = order_by(f, by);
    m->code = wire_member(code);
    return m;
}

static CloseOrganization *
closing(struct fixture *f, unsigned by, const char *code, const char *into)
{
    CloseOrganization *m = ARENA_NEW(fixture_arena(f), CloseOrganization);

    inservice__account__v1__close_organization__init(m);
    m->order = order_by(f, by);
    m->code = wire_member(code);
    m->into = wire_member(into);
    return m;
}

static void
given_dependents(struct fixture *f, const char *code, int32_t count)
{
    struct unit_dependents row = {.code = code, .count = count};

    fixture_put(f, &unit_dependents, &row);
}

static void
test_o4_the_platform_changes_a_unit(void **state)
{
    struct fixture *f = *state;
    ChangeOrganization *m = changing(f, PLATFORM_CHIEF, SCHOOL);

    given_unit(f, "NTPC", KIND_REGIONAL_CENTRE, NULL, 0);
    NAME_TEXT(m, name, NAME, "新名國小");
    NAME_TEXT(m, managing_centre, MANAGING_CENTRE, "NTPC");
    NAME_FIELD(m, kind, KIND, (unsigned)KIND_JUNIOR_HIGH);
    assert_done(f, SCHOOL, &m->base);
    const struct organization *unit = unit_now(f, SCHOOL);
    assert_string_equal(unit->name, "新名國小");
    assert_string_equal(unit->managing_centre, "NTPC");
    assert_int_equal(unit->kind, KIND_JUNIOR_HIGH);
    assert_int_equal(unit->row.version, 2);
    assert_int_equal(unit->active_chiefs, 1);
    const OrganizationChanged *fact = fixture_said(f, CHANGED);
    assert_int_equal(fact->n_fields, 3);
    assert_string_equal(fact->fields[0], "name");
    assert_string_equal(fact->managing_centre, "NTPC");
}

static void
test_what_is_the_same_is_no_change(void **state)
{
    struct fixture *f = *state;
    ChangeOrganization *m = changing(f, PLATFORM_CHIEF, SCHOOL);

    NAME_FIELD(m, kind, KIND, (unsigned)unit_now(f, SCHOOL)->kind);
    NAME_TEXT(m, website, WEBSITE, "");
    assert_done(f, SCHOOL, &m->base);
    assert_int_equal(unit_now(f, SCHOOL)->row.version, 1);
    assert_int_equal(fixture_count(f, CHANGED), 0);
}

static void
test_a_chief_changes_the_units_contact_data(void **state)
{
    struct fixture *f = *state;
    ChangeOrganization *m = changing(f, CHIEF, SCHOOL);

    NAME_TEXT(m, phone, PHONE, "02-2345678");
    NAME_TEXT(m, address, ADDRESS, "中山路 1 號");
    assert_done(f, SCHOOL, &m->base);
    assert_string_equal(unit_now(f, SCHOOL)->phone, "02-2345678");
    NAME_TEXT(m, name, NAME, "自改校名");
    m->order = order_by(f, CHIEF);
    assert_refused(f, SCHOOL, &m->base, "NOT_PERMITTED");
    m = changing(f, CONTACT, SCHOOL);
    NAME_TEXT(m, phone, PHONE, "02-2345679");
    assert_refused(f, SCHOOL, &m->base, "NOT_PERMITTED");
    m = changing(f, CENTRE_CHIEF, SCHOOL);
    NAME_TEXT(m, phone, PHONE, "02-2345679");
    assert_refused(f, SCHOOL, &m->base, "NOT_PERMITTED");
    m = changing(f, FOREIGN_CHIEF, SCHOOL);
    NAME_TEXT(m, phone, PHONE, "02-2345679");
    assert_refused(f, SCHOOL, &m->base, "NOT_FOUND");
}

static void
to_another_group(ChangeOrganization *m)
{
    NAME_FIELD(m, kind, KIND, (unsigned)KIND_UNIVERSITY);
}

static void
to_no_kind(ChangeOrganization *m)
{
    NAME_FIELD(m, kind, KIND, 99);
}

static void
to_closed(ChangeOrganization *m)
{
    NAME_FIELD(m, status, STATUS, (unsigned)ORGANIZATION_CLOSED);
}

static void
to_no_state(ChangeOrganization *m)
{
    NAME_FIELD(m, status, STATUS, 99);
}

static void
to_no_centre(ChangeOrganization *m)
{
    NAME_TEXT(m, managing_centre, MANAGING_CENTRE, "");
}

static void
to_a_school_as_centre(ChangeOrganization *m)
{
    NAME_TEXT(m, managing_centre, MANAGING_CENTRE, OTHER);
}

static void
to_no_name(ChangeOrganization *m)
{
    NAME_TEXT(m, name, NAME, "");
}

static void
to_a_script(ChangeOrganization *m)
{
    NAME_TEXT(m, website, WEBSITE, "javascript:alert(1)");
}

static void
to_its_own_branch(ChangeOrganization *m)
{
    NAME_TEXT(m, parent_code, PARENT_CODE, SCHOOL);
}

static void
to_an_unknown_branch(ChangeOrganization *m)
{
    NAME_TEXT(m, parent_code, PARENT_CODE, "NONE");
}

static void
to_an_old_version(ChangeOrganization *m)
{
    NAME_TEXT(m, name, NAME, "新名國小");
    expect_version(m->order, 7);
}

static void
test_what_is_not_changed(void **state)
{
    static const struct {
        const char *code;
        void (*spoil)(ChangeOrganization *m);
    } cases[] = {
        {"KIND_CHANGE_NOT_ALLOWED", to_another_group},
        {"BAD_FORM", to_no_kind},
        {"STATE_CHANGE_NOT_ALLOWED", to_closed},
        {"BAD_FORM", to_no_state},
        {"CENTRE_UNKNOWN", to_no_centre},
        {"CENTRE_UNKNOWN", to_a_school_as_centre},
        {"BAD_FORM", to_no_name},
        {"BAD_FORM", to_a_script},
        {"BAD_FORM", to_its_own_branch},
        {"ORGANIZATION_UNKNOWN", to_an_unknown_branch},
        {"CHANGED", to_an_old_version},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ChangeOrganization *m = changing(*state, PLATFORM_CHIEF, SCHOOL);
        cases[i].spoil(m);
        assert_refused(*state, SCHOOL, &m->base, cases[i].code);
    }
    ChangeOrganization *m = changing(*state, PLATFORM_CHIEF, "NONE");
    assert_refused(*state, "NONE", &m->base, "NOT_FOUND");
    m = changing(*state, 0, SCHOOL);
    assert_refused(*state, SCHOOL, &m->base, "UNKNOWN_ACTOR");
}

/* A chain of branches has no rule of reach. */
static void
test_o1_a_unit_with_branches_is_no_branch(void **state)
{
    struct fixture *f = *state;
    ChangeOrganization *m = changing(f, PLATFORM_CHIEF, SCHOOL);

    given_dependents(f, SCHOOL, 1);
    NAME_TEXT(m, parent_code, PARENT_CODE, OTHER);
    assert_refused(f, SCHOOL, &m->base, "HAS_UNITS");
    given_dependents(f, SCHOOL, 0);
    m->order = order_by(f, PLATFORM_CHIEF);
    assert_done(f, SCHOOL, &m->base);
}

static void
assert_becomes(struct fixture *f, const char *code,
               enum organization_state status)
{
    ChangeOrganization *m = changing(f, PLATFORM_CHIEF, code);

    NAME_FIELD(m, status, STATUS, (unsigned)status);
    assert_done(f, code, &m->base);
    assert_int_equal(unit_now(f, code)->status, status);
    assert_int_equal(unit_now(f, code)->closed_at, DB_NO_TIME);
}

static void
test_o3_states_that_a_unit_goes_through(void **state)
{
    struct fixture *f = *state;
    ChangeOrganization *m = changing(f, PLATFORM_CHIEF, "PLT");

    assert_becomes(f, SCHOOL, ORGANIZATION_SUSPENDED);
    assert_becomes(f, SCHOOL, ORGANIZATION_ACTIVE);
    assert_done(f, SCHOOL, &closing(f, PLATFORM_CHIEF, SCHOOL, "")->base);
    assert_becomes(f, SCHOOL, ORGANIZATION_ACTIVE);
    /* It alone can change this. */
    NAME_FIELD(m, status, STATUS, (unsigned)ORGANIZATION_SUSPENDED);
    assert_refused(f, "PLT", &m->base, "STATE_CHANGE_NOT_ALLOWED");
}

/* Otherwise a school would have no officer who enables its CHIEF (B8). */
static void
test_o4_relatives_that_are_closed(void **state)
{
    struct fixture *f = *state;
    ChangeOrganization *m = changing(f, PLATFORM_CHIEF, SCHOOL);
    struct unit_row centre = {.code = "KHH",
                              .kind = KIND_REGIONAL_CENTRE,
                              .status = ORGANIZATION_CLOSED};
    struct unit_row parent = {.code = OTHER,
                              .kind = KIND_JUNIOR_HIGH,
                              .status = ORGANIZATION_MERGED_INTO};

    fixture_put(f, &other_units, &centre);
    fixture_put(f, &other_units, &parent);
    NAME_TEXT(m, managing_centre, MANAGING_CENTRE, "KHH");
    assert_refused(f, SCHOOL, &m->base, "CENTRE_UNKNOWN");
    m = changing(f, PLATFORM_CHIEF, SCHOOL);
    NAME_TEXT(m, parent_code, PARENT_CODE, OTHER);
    assert_refused(f, SCHOOL, &m->base, "ORGANIZATION_UNKNOWN");
}

static void
assert_opens(struct fixture *f, int32_t centre_over, int32_t parent_over,
             const char *refusal)
{
    ChangeOrganization *m = changing(f, PLATFORM_CHIEF, SCHOOL);
    struct unit_dependents own = {
        .code = SCHOOL, .centre_over = centre_over, .parent_over = parent_over};

    fixture_put(f, &unit_dependents, &own);
    NAME_FIELD(m, status, STATUS, (unsigned)ORGANIZATION_ACTIVE);
    assert_refused(f, SCHOOL, &m->base, refusal);
    /* With a centre and a parent that work it opens. */
    m->order = order_by(f, PLATFORM_CHIEF);
    NAME_TEXT(m, managing_centre, MANAGING_CENTRE, "KHH");
    NAME_TEXT(m, parent_code, PARENT_CODE, "");
    assert_done(f, SCHOOL, &m->base);
    assert_done(f, SCHOOL, &closing(f, PLATFORM_CHIEF, SCHOOL, "")->base);
}

static void
test_o4_a_unit_opens_again_only_with_its_relatives(void **state)
{
    assert_done(*state, SCHOOL,
                &closing(*state, PLATFORM_CHIEF, SCHOOL, "")->base);
    assert_opens(*state, 1, 0, "CENTRE_UNKNOWN");
    assert_opens(*state, 0, 1, "ORGANIZATION_UNKNOWN");
}

static void
test_o3_a_merged_unit_stays_merged(void **state)
{
    struct fixture *f = *state;
    ChangeOrganization *m = changing(f, PLATFORM_CHIEF, SCHOOL);

    assert_done(f, SCHOOL, &closing(f, PLATFORM_CHIEF, SCHOOL, OTHER)->base);
    NAME_FIELD(m, status, STATUS, (unsigned)ORGANIZATION_ACTIVE);
    assert_refused(f, SCHOOL, &m->base, "STATE_CHANGE_NOT_ALLOWED");
}

static void
test_o3_a_unit_is_merged_into_another(void **state)
{
    struct fixture *f = *state;
    CloseOrganization *m = closing(f, PLATFORM_CHIEF, SCHOOL, OTHER);

    m->teacher_count = 31;
    m->into_version = 4;
    assert_done(f, SCHOOL, &m->base);
    const struct organization *unit = unit_now(f, SCHOOL);
    assert_int_equal(unit->status, ORGANIZATION_MERGED_INTO);
    assert_string_equal(unit->merged_into, OTHER);
    assert_int_equal(unit->closed_at, FIXTURE_START);
    const OrganizationClosed *fact = fixture_said(f, CLOSED);
    assert_string_equal(fact->into, OTHER);
    assert_int_equal(fact->into_version, 4);
    assert_int_equal(fixture_count(f, REST), 1);
}

static void
test_o3_what_is_not_closed(void **state)
{
    static const struct {
        const char *code, *unit, *into;
        unsigned by, teachers;
        int32_t dependents;
    } cases[] = {
        {"UNKNOWN_ACTOR", SCHOOL, "", 0, 0, 0},
        {"NOT_PERMITTED", SCHOOL, "", CENTRE_CHIEF, 0, 0},
        {"NOT_PERMITTED", SCHOOL, "", CHIEF, 0, 0},
        {"NOT_FOUND", SCHOOL, "", FOREIGN_CHIEF, 0, 0},
        {"NOT_FOUND", "NONE", "", PLATFORM_CHIEF, 0, 0},
        {"STATE_CHANGE_NOT_ALLOWED", "PLT", "", PLATFORM_CHIEF, 0, 0},
        {"HAS_UNITS", CENTRE, "", PLATFORM_CHIEF, 0, 1},
        {"HAS_TEACHERS", SCHOOL, "", PLATFORM_CHIEF, 1, 0},
        {"MERGER_CYCLE", SCHOOL, SCHOOL, PLATFORM_CHIEF, 1, 0},
        {"ORGANIZATION_UNKNOWN", SCHOOL, "NONE", PLATFORM_CHIEF, 1, 0},
        {"ORGANIZATION_CLOSED", SCHOOL, "SHUT", PLATFORM_CHIEF, 1, 0},
        {"UNIT_HAS_NO_TEACHERS", SCHOOL, COLLEGE, PLATFORM_CHIEF, 1, 0},
    };
    struct fixture *f = *state;
    struct unit_row shut = {.code = "SHUT",
                            .kind = KIND_PRIMARY_SCHOOL,
                            .status = ORGANIZATION_MERGED_INTO};

    fixture_put(f, &other_units, &shut);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CloseOrganization *m =
            closing(f, cases[i].by, cases[i].unit, cases[i].into);
        m->teacher_count = cases[i].teachers;
        given_dependents(f, cases[i].unit, cases[i].dependents);
        assert_refused(f, cases[i].unit, &m->base, cases[i].code);
    }
    CloseOrganization *m = closing(f, PLATFORM_CHIEF, SCHOOL, "");
    expect_version(m->order, 7);
    assert_refused(f, SCHOOL, &m->base, "CHANGED");
    assert_done(f, SCHOOL, &closing(f, PLATFORM_CHIEF, SCHOOL, "")->base);
    assert_refused(f, SCHOOL, &closing(f, PLATFORM_CHIEF, SCHOOL, "")->base,
                   "STATE_CHANGE_NOT_ALLOWED");
}

static DisableAccounts *
disabling_all(struct fixture *f, Order *order, const char *code)
{
    DisableAccounts *m = ARENA_NEW(fixture_arena(f), DisableAccounts);

    inservice__account__v1__disable_accounts__init(m);
    m->order = order;
    m->organization = wire_member(code);
    return m;
}

static void
given_active(struct fixture *f, unsigned n)
{
    struct active_account row = {.account_id = given_account_id(f, n),
                                 .organization = SCHOOL};

    fixture_put(f, &active_accounts, &row);
}

static void
test_o3_accounts_of_a_closed_unit_are_disabled(void **state)
{
    struct fixture *f = *state;

    given_active(f, CHIEF);
    given_active(f, CONTACT);
    assert_done(f, SCHOOL, &closing(f, PLATFORM_CHIEF, SCHOOL, OTHER)->base);
    assert_done(f, SCHOOL, &disabling_all(f, fixture_order(f), SCHOOL)->base);
    assert_int_equal(fixture_count(f, DISABLE), 2);
    assert_int_equal(fixture_count(f, REST), 0);
    const DisableBusinessAccount *order = fixture_said(f, DISABLE);
    assert_int_equal(order->cause, DISABLED_MERGED);
    DisableBusinessAccount last = *order;
    last.account_id = given_account_id(f, CHIEF);
    last.order = fixture_order(f);
    assert_done(f, SCHOOL, &last.base); /* B22 asks for no CHIEF here */
    assert_int_equal(account_now(f, CHIEF)->status, ACCOUNT_DISABLED);
    assert_int_equal(account_now(f, CHIEF)->cause, DISABLED_MERGED);
    assert_int_equal(unit_now(f, SCHOOL)->active_chiefs, 0);
}

/* B3: a unit may have any number of accounts. */
static void
test_o3_many_accounts_are_disabled_page_by_page(void **state)
{
    struct fixture *f = *state;

    for (unsigned n = 10; n < 210; n++)
        given_active(f, n);
    assert_done(f, SCHOOL, &closing(f, PLATFORM_CHIEF, SCHOOL, "")->base);
    assert_done(f, SCHOOL, &disabling_all(f, fixture_order(f), SCHOOL)->base);
    assert_int_equal(fixture_count(f, DISABLE), 200);
    assert_int_equal(fixture_count(f, REST), 1);
}

static void
test_o3_only_the_system_disables_all(void **state)
{
    struct fixture *f = *state;

    given_active(f, CONTACT);
    assert_refused(f, SCHOOL,
                   &disabling_all(f, order_by(f, PLATFORM_CHIEF), SCHOOL)->base,
                   "NOT_PERMITTED");
    assert_refused(f, "NONE", &disabling_all(f, fixture_order(f), "NONE")->base,
                   "NOT_FOUND");
    /* It was opened again. */
    assert_done(f, SCHOOL, &disabling_all(f, fixture_order(f), SCHOOL)->base);
    assert_int_equal(fixture_count(f, DISABLE), 0);
}

CASES(unit_life, CASE(test_o4_the_platform_changes_a_unit),
      CASE(test_what_is_the_same_is_no_change),
      CASE(test_a_chief_changes_the_units_contact_data),
      CASE(test_what_is_not_changed),
      CASE(test_o1_a_unit_with_branches_is_no_branch),
      CASE(test_o3_states_that_a_unit_goes_through),
      CASE(test_o4_relatives_that_are_closed),
      CASE(test_o4_a_unit_opens_again_only_with_its_relatives),
      CASE(test_o3_a_merged_unit_stays_merged),
      CASE(test_o3_a_unit_is_merged_into_another),
      CASE(test_o3_what_is_not_closed),
      CASE(test_o3_accounts_of_a_closed_unit_are_disabled),
      CASE(test_o3_many_accounts_are_disabled_page_by_page),
      CASE(test_o3_only_the_system_disables_all));
