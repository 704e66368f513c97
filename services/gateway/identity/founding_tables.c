/* The code tables of a new installation, as commands to their owner (T14).
 *
 * Called by found-platform. The id of each command is derived from what the
 * table holds: repeated, it is answered from the inbox; with other rows, it is
 * another command.
 */
#include <stdio.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/seal.h"

#include "inservice/common/v1/order.pb-c.h"
#include "inservice/teacher/v1/commands.pb-c.h"

#include "gateway/data/code_tables.h"
#include "gateway/identity/founding.h"

typedef Inservice__Teacher__V1__ReviseCodeTable ReviseCodeTable;
typedef Inservice__Teacher__V1__CodeRow CodeRow;

Order *
founding_order(struct arena *arena, const char *about)
{
    Order *order = ARENA_NEW(arena, Order);

    inservice__common__v1__order__init(order);
    order->command_id = arena_alloc(arena, UUID_TEXT);
    uuid_derive((const char *const[]){"found-platform", about}, 2,
                order->command_id);
    order->at = clock_now();
    return order;
}

static void
split_members(struct arena *arena, const char *members, CodeRow *row)
{
    size_t count = 1;

    for (const char *c = members; *c != '\0'; c++)
        count += *c == ' ';
    row->members = ARENA_ARRAY(arena, char *, count);
    while (*members != '\0') {
        size_t size = strcspn(members, " ");
        row->members[row->n_members++] = arena_strndup(arena, members, size);
        members += size;
        members += strspn(members, " ");
    }
}

static CodeRow *
make_row(struct arena *arena, const struct code_seed *seed, size_t position)
{
    CodeRow *row = ARENA_NEW(arena, CodeRow);

    inservice__teacher__v1__code_row__init(row);
    row->code = arena_strdup(arena, seed->code);
    row->label = arena_strdup(arena, seed->label);
    row->label_en = arena_strdup(arena, seed->label_en);
    row->position = (uint32_t)position + 1;
    if (seed->members != NULL)
        split_members(arena, seed->members, row);
    return row;
}

/* Table and content, before the order is in. */
static const char *
content_of(struct arena *arena, const ReviseCodeTable *command)
{
    size_t size = protobuf_c_message_get_packed_size(&command->base);
    uint8_t *bytes = arena_alloc(arena, size);
    uint8_t digest[SEAL_DIGEST];
    char *text = arena_alloc(arena, 2 * SEAL_DIGEST + 1);

    protobuf_c_message_pack(&command->base, bytes);
    seal_digest(bytes, size, digest);
    for (size_t i = 0; i < SEAL_DIGEST; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return text;
}

static ReviseCodeTable *
make_command(struct arena *arena, const struct code_table_seed *seed)
{
    ReviseCodeTable *command = ARENA_NEW(arena, ReviseCodeTable);

    inservice__teacher__v1__revise_code_table__init(command);
    command->table = arena_strdup(arena, seed->table);
    command->n_rows = seed->count;
    command->rows = ARENA_ARRAY(arena, CodeRow *, seed->count);
    for (size_t i = 0; i < seed->count; i++)
        command->rows[i] = make_row(arena, &seed->rows[i], i);
    command->order = founding_order(arena, content_of(arena, command));
    return command;
}

const char *
founding_seed_tables(struct courier *courier, struct arena *arena,
                     int64_t deadline)
{
    for (const struct code_table_seed *seed = code_table_seeds;
         seed->table != NULL; seed++) {
        const ReviseCodeTable *command = make_command(arena, seed);
        const char *code = NULL;
        enum end end = courier_deliver(courier, "teacher", command->table,
                                       &command->base, deadline, &code);
        if (end == REFUSED)
            return arena_printf(arena, "%s: %s", seed->table, code);
        if (end != DONE)
            return arena_printf(
                arena, "%s: the teacher service has not answered", seed->table);
    }
    return NULL;
}
