/* The results of a fixture's last message: its end, messages and outcome; see
 * core_fixture.h. */
#include "core_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core_fixture_internal.h"

const char *
fixture_code(const struct fixture *fixture)
{
    return fixture->code;
}

size_t
fixture_count(const struct fixture *fixture,
              const ProtobufCMessageDescriptor *type)
{
    size_t count = 0;

    for (size_t i = 0; i < fixture->said_count; i++)
        count += strcmp(fixture->said[i]->type, type->name) == 0;
    return count;
}

const void *
fixture_said(const struct fixture *fixture,
             const ProtobufCMessageDescriptor *type)
{
    for (size_t i = fixture->said_count; i > 0; i--) {
        const struct journal_row *row = fixture->said[i - 1];
        if (strcmp(row->type, type->name) == 0)
            return protobuf_c_message_unpack(
                type, arena_protobuf(fixture->arena), row->size, row->value);
    }
    return NULL;
}

const Inservice__Common__V1__Outcome *
fixture_outcome(const struct fixture *fixture)
{
    return fixture_said(fixture, &inservice__common__v1__outcome__descriptor);
}

void
fixture_assert_end(struct fixture *fixture, const char *lane_key,
                   ProtobufCMessage *command, const char *code,
                   const char *file, int line)
{
    enum end end = fixture_send(fixture, lane_key, command);
    const char *got = end == REFUSED ? fixture->code : "DONE";
    const char *wanted = code ? code : "DONE";

    if (strcmp(got, wanted) != 0) {
        print_error("%s: wanted %s, got %s\n", command->descriptor->short_name,
                    wanted, got);
        _fail(file, line);
    }
    if (end == REFUSED) /* the outcome and nothing else */
        _assert_int_equal(fixture->said_count, 1, file, line);
}
