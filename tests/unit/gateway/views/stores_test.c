/* The views through the real batch: newer wins, older is nothing, a disabling
 * leaves a floor, a tombstone empties, the list of stores is complete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rules/role.h"

#include "inservice/account/v1/states.pb-c.h"

#include "gateway/views/views.h"
#include "gateway/gateway.h"

#include "for_case.h"

typedef Inservice__Account__V1__BusinessAccountState AccountState;
typedef Inservice__Teacher__V1__TeacherState TeacherState;

#define ACCOUNT       "00000001-0000-4000-8000-000000000000"
#define PERSON        "10000001-0000-4000-8000-000000000000"
#define TEXT(literal) ((char *)(uintptr_t)(literal))

static struct message message;
static int64_t incarnation; /* of the messages that follow */
static uint8_t wire[4096];

static int
open_batch(void **state)
{
    (void)state;
    batch = batch_new(&gateway_core);
    return 0;
}

/* One state (NULL: a tombstone) against the row the table has, if any. */
static void
hear(const char *type, const char *key, const ProtobufCMessage *body)
{
    message = (struct message){
        .topic = "state",
        .kind = TOPIC_STATE,
        .key = key,
        .type = type,
        .id = "e",
        .sequence = 1,
        .incarnation = incarnation,
        .value = body == NULL ? NULL : wire,
        .size = body == NULL ? 0 : protobuf_c_message_pack(body, wire),
    };
    batch_begin(batch, 0);
    batch_add(batch, &message);
}

static AccountState
account(Inservice__Common__V1__Fact *fact, int64_t version, int status,
        int64_t since)
{
    AccountState state;

    inservice__common__v1__fact__init(fact);
    inservice__account__v1__business_account_state__init(&state);
    fact->version = version;
    state.fact = fact;
    state.account_id = TEXT(ACCOUNT);
    state.person_id = TEXT(PERSON);
    state.organization = TEXT("014301");
    state.name = TEXT("臺大");
    state.status = (Inservice__Account__V1__AccountStatus)status;
    /* As the owner says it: an ACTIVE account was never disabled. */
    if (status == ACCOUNT_DISABLED)
        state.disabled_at = since;
    else
        state.enabled_at = since;
    return state;
}

/* Decides one state on top of `known` (NULL: no row); the row to be saved or
 * NULL when nothing changes. */
static const struct v_business_account *
see_account(const struct v_business_account *known, int64_t version, int status,
            int64_t since)
{
    Inservice__Common__V1__Fact fact;
    AccountState state = account(&fact, version, status, since);
    void *const *rows;

    hear("inservice.account.v1.BusinessAccountState", ACCOUNT, &state.base);
    if (known != NULL) {
        struct v_business_account *row =
            batch_blank(batch, &v_business_account_store);
        struct row head = row->row;
        *row = *known;
        row->row = head;
        batch_put(batch, row);
    }
    assert_int_equal(batch_decide(batch), DONE);
    assert_null(message.broken);
    return batch_dirty(batch, &v_business_account_store, &rows) == 1 ? rows[0]
                                                                     : NULL;
}

static void
test_newer_wins_older_is_nothing(void **state)
{
    struct v_business_account known = {.account_id = ACCOUNT, .version = 5};

    (void)state;
    assert_null(see_account(&known, 4, ACCOUNT_ACTIVE, 0));
    assert_null(see_account(&known, 5, ACCOUNT_ACTIVE, 0));
    const struct v_business_account *row =
        see_account(&known, 6, ACCOUNT_ACTIVE, 0);
    assert_non_null(row);
    assert_int_equal(row->version, 6);
    assert_string_equal(row->folded, "台大");
    assert_int_equal(row->disabled_at, DB_NO_TIME);
}

static void
test_disabling_leaves_a_floor(void **state)
{
    const struct v_business_account *row =
        see_account(NULL, 2, ACCOUNT_ACTIVE, 66);
    struct v_business_account known = *row;

    (void)state;
    assert_int_equal(known.session_floor, 2);
    known = *see_account(&known, 3, ACCOUNT_ACTIVE, 66);
    assert_int_equal(known.session_floor, 2);
    known = *see_account(&known, 4, ACCOUNT_DISABLED, 77);
    assert_int_equal(known.session_floor, 5);
    known = *see_account(&known, 5, ACCOUNT_ACTIVE, 88);
    assert_int_equal(known.session_floor, 5);
    known = *see_account(&known, 6, ACCOUNT_ACTIVE, 88);
    assert_int_equal(known.session_floor, 5);
}

/* Compaction kept only the state after it: the floor is there all the same. */
static void
test_a_disabling_never_seen_leaves_a_floor(void **state)
{
    struct v_business_account known = *see_account(NULL, 2, ACCOUNT_ACTIVE, 66);

    (void)state;
    known = *see_account(&known, 4, ACCOUNT_ACTIVE, 88);
    assert_int_equal(known.session_floor, 4);
}

/* Rule 11: the owner went back to a backup and counts on from there. */
static void
test_a_new_life_wins_over_any_version(void **state)
{
    struct v_business_account known = {.account_id = ACCOUNT,
                                       .version = 9,
                                       .incarnation = 1,
                                       .enabled_at = 66,
                                       .session_floor = 8};

    (void)state;
    incarnation = 2;
    known = *see_account(&known, 4, ACCOUNT_ACTIVE, 66);
    assert_int_equal(known.version, 4);
    assert_int_equal(known.incarnation, 2);
    assert_int_equal(known.session_floor, 4);
    assert_null(see_account(&known, 4, ACCOUNT_ACTIVE, 0));
    incarnation = 1; /* sent before the restore, received late */
    assert_null(see_account(&known, 10, ACCOUNT_ACTIVE, 0));
    incarnation = 0;
}

static const struct v_teacher *
see_teacher(TeacherState *state, struct v_teacher *known)
{
    void *const *rows;

    hear("inservice.teacher.v1.TeacherState", PERSON,
         state == NULL ? NULL : &state->base);
    if (known != NULL) {
        struct v_teacher *row = batch_blank(batch, &v_teacher_store);
        struct row head = row->row;
        *row = *known;
        row->row = head;
        batch_put(batch, row);
    }
    assert_int_equal(batch_decide(batch), DONE);
    return batch_dirty(batch, &v_teacher_store, &rows) == 1 ? rows[0] : NULL;
}

static void
test_documents_of_a_teacher(void **state)
{
    Inservice__Common__V1__Fact fact;
    Inservice__Teacher__V1__Post post, *posts[] = {&post};
    TeacherState teacher;

    (void)state;
    inservice__common__v1__fact__init(&fact);
    inservice__teacher__v1__post__init(&post);
    inservice__teacher__v1__teacher_state__init(&teacher);
    fact.version = 1;
    post.organization = TEXT("014301");
    post.kind = INSERVICE__TEACHER__V1__POST_KIND__POST_KIND_PRIMARY;
    teacher.fact = &fact;
    teacher.person_id = TEXT(PERSON);
    teacher.name = TEXT("謝得威");
    teacher.email = TEXT("wei@example.tw");
    teacher.posts = posts;
    teacher.n_posts = 1;
    const struct v_teacher *row = see_teacher(&teacher, NULL);

    assert_non_null(row);
    assert_non_null(strstr(row->head, "\"name\":\"謝得威\""));
    assert_non_null(strstr(row->head, "wei@example.tw"));
    assert_null(strstr(row->masked_head, "謝得威"));
    assert_null(strstr(row->masked_head, "wei@"));
    assert_non_null(strstr(row->masked_head, "\"name\":\"謝O威\""));
    assert_string_equal(row->masked_name, "謝O威");
    assert_non_null(strstr(row->posts, "\"organization\":\"014301\""));
    post.until = TEXT("2026-08-01");
    fact.version = 2;
    row = see_teacher(&teacher, NULL);
    assert_string_equal(row->posts, "[]");
    assert_non_null(strstr(row->record, "\"until\":\"2026-08-01\""));
}

static TeacherState
teacher_of(Inservice__Common__V1__Fact *fact)
{
    TeacherState state;

    inservice__common__v1__fact__init(fact);
    inservice__teacher__v1__teacher_state__init(&state);
    fact->version = 2;
    state.fact = fact;
    state.person_id = TEXT(PERSON);
    state.name = TEXT("謝得威");
    return state;
}

/* The row of the first version, without post and move. */
static struct v_teacher
teacher_known(void)
{
    static char record[512];
    Inservice__Common__V1__Fact fact;
    TeacherState teacher = teacher_of(&fact);
    const struct v_teacher *row = see_teacher(&teacher, NULL);

    assert_string_equal(row->posts, "[]");
    assert_string_equal(row->moves, "[]");
    snprintf(record, sizeof record, "%s", row->record);
    return (struct v_teacher){
        .person_id = PERSON, .version = 1, .name = "謝得威", .record = record};
}

/* The rows of posts and moves are written when record, name or life of the
 * owner are others than those last written, and only then. */
static void
test_rows_are_spread_when_they_changed(void **state)
{
    Inservice__Common__V1__Fact fact;
    struct v_teacher known = teacher_known();
    TeacherState teacher = teacher_of(&fact);

    (void)state;
    teacher.email = TEXT("wei@example.tw");
    const struct v_teacher *row = see_teacher(&teacher, &known);
    assert_null(row->posts);
    assert_null(row->moves);
    assert_non_null(strstr(row->head, "wei@"));
    teacher.name = TEXT("謝得勝");
    assert_string_equal(see_teacher(&teacher, &known)->posts, "[]");
    teacher.name = TEXT("謝得威");
    incarnation = 1;
    row = see_teacher(&teacher, &known);
    assert_string_equal(row->posts, "[]");
    assert_string_equal(row->moves, "[]");
    incarnation = 0;
}

static void
test_posts_and_moves_are_spread_apart(void **state)
{
    Inservice__Common__V1__Fact fact;
    Inservice__Teacher__V1__Post post, *posts[] = {&post};
    Inservice__Teacher__V1__Move move, *moves[] = {&move};
    struct v_teacher known = teacher_known();
    TeacherState teacher = teacher_of(&fact);

    (void)state;
    inservice__teacher__v1__post__init(&post);
    inservice__teacher__v1__move__init(&move);
    post.organization = TEXT("014301");
    move.move_id = TEXT(ACCOUNT);
    teacher.posts = posts;
    teacher.moves = moves;
    teacher.n_posts = 1;
    const struct v_teacher *row = see_teacher(&teacher, &known);
    assert_non_null(strstr(row->posts, "014301"));
    assert_null(row->moves);
    teacher.n_posts = 0;
    teacher.n_moves = 1;
    row = see_teacher(&teacher, &known);
    assert_null(row->posts);
    assert_non_null(strstr(row->moves, ACCOUNT));
}

/* One more state of the same batch; its move is done, or planned. */
static void
hear_move(int64_t version, const char *move_id, bool done)
{
    static uint8_t wires[4][1024];
    static struct message messages[4];
    Inservice__Common__V1__Fact fact;
    Inservice__Teacher__V1__Move move, *moves[] = {&move};
    TeacherState teacher = teacher_of(&fact);

    inservice__teacher__v1__move__init(&move);
    move.move_id = TEXT(move_id);
    move.done_at = done;
    fact.version = version;
    teacher.moves = moves;
    teacher.n_moves = 1;
    messages[version] = (struct message){
        .topic = "state",
        .kind = TOPIC_STATE,
        .key = PERSON,
        .type = "inservice.teacher.v1.TeacherState",
        .id = "e",
        .sequence = version,
        .value = wires[version],
        .size = protobuf_c_message_pack(&teacher.base, wires[version]),
    };
    batch_add(batch, &messages[version]);
}

/* A gateway that catches up receives many states of a person at once; a settled
 * move that a later one does not name stays, a plan does not. */
static void
test_moves_of_all_states_of_a_batch_are_kept(void **state)
{
    void *const *rows;

    (void)state;
    batch_begin(batch, 0);
    hear_move(1, "20000001-0000-4000-8000-000000000000", true);
    hear_move(2, "20000002-0000-4000-8000-000000000000", false);
    hear_move(3, "20000003-0000-4000-8000-000000000000", true);
    assert_int_equal(batch_decide(batch), DONE);
    assert_int_equal(batch_dirty(batch, &v_teacher_store, &rows), 1);
    const struct v_teacher *row = rows[0];
    assert_non_null(strstr(row->moves, "20000001"));
    assert_null(strstr(row->moves, "20000002"));
    assert_non_null(strstr(row->moves, "20000003"));
}

static void
test_tombstone_empties(void **state)
{
    struct v_teacher known = {
        .person_id = PERSON, .version = 3, .name = "謝得威", .head = "{"};

    (void)state;
    const struct v_teacher *row = see_teacher(NULL, &known);
    assert_non_null(row);
    assert_string_equal(row->name, "");
    assert_string_equal(row->head, "");
    assert_string_equal(row->record, "");
    assert_string_equal(row->posts, "[]");
    assert_int_equal(row->version, 3);
    assert_null(see_teacher(NULL, NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_newer_wins_older_is_nothing),
        cmocka_unit_test(test_disabling_leaves_a_floor),
        cmocka_unit_test(test_a_disabling_never_seen_leaves_a_floor),
        cmocka_unit_test(test_a_new_life_wins_over_any_version),
        cmocka_unit_test(test_documents_of_a_teacher),
        cmocka_unit_test(test_rows_are_spread_when_they_changed),
        cmocka_unit_test(test_posts_and_moves_are_spread_apart),
        cmocka_unit_test(test_moves_of_all_states_of_a_batch_are_kept),
        cmocka_unit_test(test_tombstone_empties),
    };

    return cmocka_run_group_tests(tests, open_batch, batch_end);
}
