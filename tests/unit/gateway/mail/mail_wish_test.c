/* mail_wish_test.c: the reactors' wishes: one mail for each enabling and for
 * each new address of a teacher, none for the founding, none for roaming, none
 * twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/base/wire.h"

#include "rules/role.h"

#include "inservice/account/v1/events.pb-c.h"

#include "gateway/gateway.h"
#include "gateway/mail/mail.h"

#include "core_fixture.h"

typedef Inservice__Account__V1__BusinessAccountEnabled BusinessEnabled;
typedef Inservice__Account__V1__TeacherAccountEnabled TeacherEnabled;
typedef Inservice__Account__V1__TeacherAccountChanged TeacherChanged;
typedef Inservice__Common__V1__Fact Fact;

#define TOPIC "inservice.account.event.v1"

static Fact *
fact_of(struct fixture *fixture, int64_t version)
{
    Fact *fact = ARENA_NEW(fixture_arena(fixture), Fact);

    inservice__common__v1__fact__init(fact);
    fact->version = version;
    fact->at = FIXTURE_START;
    return fact;
}

static char *
text_of(struct fixture *fixture, const char *text)
{
    return arena_strdup(fixture_arena(fixture), text);
}

static void
hear_business(struct fixture *fixture, int64_t version, int status_before)
{
    BusinessEnabled event;
    const char *id = fixture_id(fixture, 1);

    inservice__account__v1__business_account_enabled__init(&event);
    event.fact = fact_of(fixture, version);
    event.account_id = text_of(fixture, id);
    event.organization = text_of(fixture, "100301");
    event.person_id = text_of(fixture, fixture_id(fixture, 2));
    event.status_before = (unsigned)status_before;
    fixture_hear(fixture, TOPIC_EVENT, TOPIC, "100301", id, version,
                 &event.base);
}

static void
hear_teacher(struct fixture *fixture, int64_t version, int source)
{
    TeacherEnabled event;
    const char *id = fixture_id(fixture, 3);
    const char *person = fixture_id(fixture, 4);

    inservice__account__v1__teacher_account_enabled__init(&event);
    event.fact = fact_of(fixture, version);
    event.account_id = text_of(fixture, id);
    event.person_id = text_of(fixture, person);
    event.source = (unsigned)source;
    fixture_hear(fixture, TOPIC_EVENT, TOPIC, person, id, version, &event.base);
}

static void
hear_changed(struct fixture *fixture, int64_t version, const char *one,
             const char *other)
{
    TeacherChanged event;
    char *fields[2] = {wire_member(one), wire_member(other)};
    const char *id = fixture_id(fixture, 3);
    const char *person = fixture_id(fixture, 4);

    inservice__account__v1__teacher_account_changed__init(&event);
    event.fact = fact_of(fixture, version);
    event.account_id = text_of(fixture, id);
    event.person_id = text_of(fixture, person);
    event.fields = fields;
    event.n_fields = other == NULL ? 1 : 2;
    fixture_hear(fixture, TOPIC_EVENT, TOPIC, person, id, version, &event.base);
}

static bool
is_wished(struct fixture *fixture, unsigned account, int version)
{
    const char *key = arena_printf(fixture_arena(fixture), "ACTIVATE/%s/%d",
                                   fixture_id(fixture, account), version);
    return fixture_row(fixture, &mail_store, key) != NULL;
}

static void
test_an_enabled_officer(void **state)
{
    struct fixture *fixture = fixture_new(&gateway_core);

    (void)state;
    hear_business(fixture, 2, ACCOUNT_PENDING);
    assert_true(is_wished(fixture, 1, 2));
    hear_business(fixture, 2, ACCOUNT_PENDING); /* the same fact again */
    hear_business(fixture, 4, ACCOUNT_DISABLED);
    assert_true(is_wished(fixture, 1, 4));
    fixture_free(fixture);
}

static void
test_the_founding_mails_nobody(void **state)
{
    struct fixture *fixture = fixture_new(&gateway_core);

    (void)state;
    hear_business(fixture, 1, ACCOUNT_STATUS_UNSPECIFIED);
    assert_false(is_wished(fixture, 1, 1));
    fixture_free(fixture);
}

static void
test_teachers(void **state)
{
    struct fixture *fixture = fixture_new(&gateway_core);

    (void)state;
    hear_teacher(fixture, 1, ENABLED_BY_OFFICER);
    assert_true(is_wished(fixture, 3, 1));
    hear_teacher(fixture, 5, ENABLED_BY_ROAMING);
    assert_false(is_wished(fixture, 3, 5));
    fixture_free(fixture);
}

/* F12: the ticket went to another address; a name alone mails nothing. */
static void
test_f12_a_new_address_is_a_new_wish(void **state)
{
    struct fixture *fixture = fixture_new(&gateway_core);
    const char *key = arena_printf(fixture_arena(fixture), "ADDRESS/%s/3",
                                   fixture_id(fixture, 3));

    (void)state;
    hear_changed(fixture, 2, "name", NULL);
    hear_changed(fixture, 3, "name", "email");
    assert_non_null(fixture_row(fixture, &mail_store, key));
    hear_changed(fixture, 3, "name", "email"); /* the same fact again */
    hear_changed(fixture, 4, "email", NULL);
    assert_false(is_wished(fixture, 3, 2));
    assert_null(fixture_row(fixture, &mail_store,
                            arena_printf(fixture_arena(fixture), "ADDRESS/%s/2",
                                         fixture_id(fixture, 3))));
    fixture_free(fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_enabled_officer),
        cmocka_unit_test(test_the_founding_mails_nobody),
        cmocka_unit_test(test_teachers),
        cmocka_unit_test(test_f12_a_new_address_is_a_new_wish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
