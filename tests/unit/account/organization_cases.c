/* FoundPlatform and AddOrganization. */
#include "given.h"

#include "rules/refusals.h"

static FoundPlatform *
founding(struct fixture *f, const char *code)
{
    FoundPlatform *m = ARENA_NEW(fixture_arena(f), FoundPlatform);

    inservice__account__v1__found_platform__init(m);
    m->order = fixture_order(f);
    m->code = wire_member(code);
    m->name = wire_member("教師進修網");
    m->account_id = given_account_id(f, 70);
    m->person_id = given_person_id(f, 70);
    m->holder = wire_member("王大明");
    m->email = wire_member("chief@example.tw");
    m->login = wire_member("Chief70");
    return m;
}

static void
test_founding_makes_platform_and_chief(void **state)
{
    struct fixture *f = *state;
    FoundPlatform *m = founding(f, "P00001");

    assert_done(f, "P00001", &m->base);
    const struct business_account *chief = account_now(f, 70);
    assert_int_equal(chief->status, ACCOUNT_ACTIVE);
    assert_int_equal(chief->permissions, PERMISSIONS_ALL);
    assert_int_equal(unit_now(f, "P00001")->active_chiefs, 1);
    assert_string_equal(login_holder(f, "chief70"), chief->account_id);
    assert_string_equal(person_holder(f, 70), chief->account_id);
    assert_int_equal(
        fixture_count(f,
                      &inservice__account__v1__organization_added__descriptor),
        1);
    assert_int_equal(
        fixture_count(
            f, &inservice__account__v1__business_account_enabled__descriptor),
        1);
    assert_string_equal(fixture_outcome(f)->done->subject, chief->account_id);
}

static void
test_founding_is_once_whatever_the_code(void **state)
{
    struct fixture *f = *state;

    assert_done(f, "P00001", &founding(f, "P00001")->base);
    assert_refused(f, "P00002", &founding(f, "P00002")->base,
                   "ALREADY_FOUNDED");
    assert_null(unit_now(f, "P00002"));
}

/* A code names a lane: in two cases it would be two units. */
static void
test_f10_founding_takes_a_code_in_its_one_form(void **state)
{
    static const char *const codes[] = {"p00001", "P 0001", "P0001 ",
                                        "P00001234567890123", "Ｐ00001"};
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT_OF(codes); i++)
        assert_refused(f, codes[i], &founding(f, codes[i])->base, "BAD_FORM");
    assert_done(f, "P00001", &founding(f, "P00001")->base);
}

static void
test_founding_is_the_hosts_alone(void **state)
{
    struct fixture *f = *state;
    FoundPlatform *m = founding(f, "P00001");

    m->order = order_by(f, PLATFORM_CHIEF);
    assert_refused(f, "P00001", &m->base, "NOT_PERMITTED");
}

static void
test_founding_needs_a_free_person_and_login(void **state)
{
    struct fixture *f = *state;
    FoundPlatform *m = founding(f, "P00001");

    m->login = given_login(f, CHIEF);
    assert_refused(f, "P00001", &m->base, "LOGIN_TAKEN");
    m = founding(f, "P00001");
    m->person_id = given_person_id(f, CHIEF);
    assert_refused(f, "P00001", &m->base, "ACCOUNT_HELD_ELSEWHERE");
    m = founding(f, "P00001");
    m->login = wire_member("no login");
    assert_refused(f, "P00001", &m->base, "BAD_FORM");
}

static AddOrganization *
adding(struct fixture *f, unsigned by, const char *code)
{
    AddOrganization *m = ARENA_NEW(fixture_arena(f), AddOrganization);

    inservice__account__v1__add_organization__init(m);
    m->order = order_by(f, by);
    m->code = wire_member(code);
    m->name = wire_member("臺北國小");
    m->kind = (unsigned)KIND_PRIMARY_SCHOOL;
    m->county = wire_member("臺北市");
    m->managing_centre = wire_member(CENTRE);
    return m;
}

/* Not only the import checks them: a message may come past it. */
static void
test_f06_county_and_website_are_what_they_say(void **state)
{
    static const struct {
        const char *county, *website, *code;
    } cases[] = {
        {"TPE", "", "BAD_FORM"},
        {"台北市", "", "BAD_FORM"},
        {"火星", "", "BAD_FORM"},
        {"臺北市 ", "", "BAD_FORM"},
        {"臺北市", "javascript:alert(1)", "BAD_FORM"},
        {"臺北市", "JavaScript:alert(1)", "BAD_FORM"},
        {"臺北市", "data:text/html,x", "BAD_FORM"},
        {"臺北市", "file:///etc/passwd", "BAD_FORM"},
        {"臺北市", "http:", "BAD_FORM"},
        {"臺北市", "https://", "BAD_FORM"},
        {"臺北市", "https:///x", "BAD_FORM"},
        {"臺北市", "http:javascript:x", "BAD_FORM"},
        {"臺北市", "https://www.example.edu.tw/", NULL},
        {"", "HTTP://學校.tw:8080/?a=b:c#d", NULL},
        {"連江縣", "www.example.edu.tw/a:b", NULL},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *code = arena_printf(fixture_arena(f), "014XB%zu", i);
        AddOrganization *m = adding(f, PLATFORM_CHIEF, code);
        m->county = wire_member(cases[i].county);
        m->website = wire_member(cases[i].website);
        fixture_send(f, code, &m->base);
        if (cases[i].code == NULL)
            assert_null(fixture_code(f));
        else
            assert_string_equal(fixture_code(f), cases[i].code);
    }
}

static void
test_a_unit_is_added(void **state)
{
    struct fixture *f = *state;

    assert_done(f, "014XA1", &adding(f, PLATFORM_CHIEF, "014XA1")->base);
    const OrganizationState *unit = fixture_said(
        f, &inservice__account__v1__organization_state__descriptor);
    assert_string_equal(unit->code, "014XA1");
    assert_string_equal(unit->managing_centre, CENTRE);
    assert_int_equal(unit->status, ORGANIZATION_ACTIVE);
    assert_int_equal(unit->fact->version, 1);
    assert_int_equal(
        fixture_count(f,
                      &inservice__account__v1__organization_added__descriptor),
        1);
}

static void
test_f10_a_unit_has_a_code_in_its_one_form(void **state)
{
    static const char *const codes[] = {"014xa1", "014XA1 ", "014XA1_2",
                                        "０14XA1"};
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT_OF(codes); i++)
        assert_refused(f, codes[i], &adding(f, PLATFORM_CHIEF, codes[i])->base,
                       "BAD_FORM");
    assert_done(f, "014XA1", &adding(f, PLATFORM_CHIEF, "014XA1")->base);
}

static void
test_a_centre_is_added(void **state)
{
    struct fixture *f = *state;
    AddOrganization *m = adding(f, PLATFORM_CHIEF, "BUREAU");

    m->kind = (unsigned)KIND_REGIONAL_CENTRE;
    m->managing_centre = wire_member("");
    assert_done(f, "BUREAU", &m->base);
}

/* A record on the topic without an actor is not the system's. */
static void
test_nobody_adds_units(void **state)
{
    struct fixture *f = *state;
    AddOrganization *m = adding(f, 0, "N1");

    assert_refused(f, "N1", &m->base, "UNKNOWN_ACTOR");
    m = adding(f, 0, "N1");
    m->order = order_unnamed(f);
    assert_refused(f, "N1", &m->base, "UNKNOWN_ACTOR");
}

static void
test_a_branch_names_its_kindergarten(void **state)
{
    struct fixture *f = *state;
    AddOrganization *m = adding(f, PLATFORM_CHIEF, "014XA1-02");

    m->kind = (unsigned)KIND_KINDERGARTEN;
    m->parent_code = wire_member("014XA1");
    assert_refused(f, "014XA1-02", &m->base, "ORGANIZATION_UNKNOWN");
    m = adding(f, PLATFORM_CHIEF, "014XA1-02");
    m->kind = (unsigned)KIND_KINDERGARTEN;
    m->parent_code = wire_member(SCHOOL);
    assert_done(f, "014XA1-02", &m->base);
    assert_string_equal(unit_now(f, "014XA1-02")->parent_code, SCHOOL);
}

static void
without_centre(AddOrganization *m)
{
    m->managing_centre = wire_member("");
}

static void
with_a_school_for_centre(AddOrganization *m)
{
    m->managing_centre = wire_member(SCHOOL);
}

static void
without_name(AddOrganization *m)
{
    m->name = wire_member("");
}

static void
as_platform(AddOrganization *m)
{
    m->kind = (unsigned)KIND_PLATFORM;
}

static void
as_a_centres_centre(AddOrganization *m)
{
    m->kind = (unsigned)KIND_REGIONAL_CENTRE;
}

static void
as_a_universitys_branch(AddOrganization *m)
{
    m->kind = (unsigned)KIND_UNIVERSITY;
    m->parent_code = wire_member(SCHOOL);
}

static void
as_a_branchs_branch(AddOrganization *m)
{
    m->kind = (unsigned)KIND_KINDERGARTEN;
    m->parent_code = wire_member("K1-01");
}

static void
with_invisible_name(AddOrganization *m)
{
    m->name = wire_member("新學校\u200B");
}

static void
with_lost_address(AddOrganization *m)
{
    m->address = wire_member("縣立瓦\uFFFD路");
}

static void
as_it_is(AddOrganization *m)
{
    (void)m;
}

static void
test_what_is_not_added(void **state)
{
    static const struct {
        const char *code;
        const char *unit;
        unsigned by;
        void (*spoil)(AddOrganization *m);
    } cases[] = {
        {"NOT_PERMITTED", "N1", CENTRE_CHIEF, as_it_is},
        {"NOT_PERMITTED", "N1", CHIEF, as_it_is},
        {"ORGANIZATION_EXISTS", SCHOOL, PLATFORM_CHIEF, as_it_is},
        {"CENTRE_UNKNOWN", "N1", PLATFORM_CHIEF, without_centre},
        {"CENTRE_UNKNOWN", "N1", PLATFORM_CHIEF, with_a_school_for_centre},
        {"BAD_FORM", "N1", PLATFORM_CHIEF, without_name},
        {"BAD_FORM", "N1", PLATFORM_CHIEF, as_platform},
        {"BAD_FORM", "N1", PLATFORM_CHIEF, with_invisible_name},
        {"BAD_FORM", "N1", PLATFORM_CHIEF, with_lost_address},
        {"BAD_FORM", "seventeen-letters", PLATFORM_CHIEF, as_it_is},
        {"BAD_FORM", "two words", PLATFORM_CHIEF, as_it_is},
        {"BAD_FORM", "N1", PLATFORM_CHIEF, as_a_centres_centre},
        {"BAD_FORM", "N1", PLATFORM_CHIEF, as_a_universitys_branch},
        {"ORGANIZATION_UNKNOWN", "N1", PLATFORM_CHIEF, as_a_branchs_branch},
    };

    given_branch(*state, "K1-01", KIND_KINDERGARTEN, "K1");

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AddOrganization *m = adding(*state, cases[i].by, cases[i].unit);
        cases[i].spoil(m);
        assert_refused(*state, cases[i].unit, &m->base, cases[i].code);
    }
}

CASES(organization,
      cmocka_unit_test_setup_teardown(test_founding_makes_platform_and_chief,
                                      given_nothing, forget_world),
      cmocka_unit_test_setup_teardown(test_founding_is_once_whatever_the_code,
                                      given_nothing, forget_world),
      cmocka_unit_test_setup_teardown(
          test_f10_founding_takes_a_code_in_its_one_form, given_nothing,
          forget_world),
      CASE(test_f06_county_and_website_are_what_they_say),
      CASE(test_founding_is_the_hosts_alone),
      CASE(test_founding_needs_a_free_person_and_login),
      CASE(test_a_unit_is_added),
      CASE(test_f10_a_unit_has_a_code_in_its_one_form),
      CASE(test_a_centre_is_added), CASE(test_nobody_adds_units),
      CASE(test_a_branch_names_its_kindergarten), CASE(test_what_is_not_added));
