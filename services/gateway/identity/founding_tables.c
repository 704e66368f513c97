/* The code tables of a new installation, as commands to their owner (T14).
 *
 * Called by found-platform. The tables are CSV files: those in CODE_TABLES_DIR,
 * and the program's own for a table without a file there. Each command's id is
 * derived from the table's content. So a repetition is answered from the inbox,
 * and other rows make another command. */
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/seal.h"

#include "inservice/common/v1/order.pb-c.h"
#include "inservice/teacher/v1/commands.pb-c.h"

#include "gateway/code_tables/code_file.h"
#include "gateway/gateway.h"
#include "gateway/identity/founding.h"

typedef Inservice__Teacher__V1__ReviseCodeTable ReviseCodeTable;

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

/* Table and content, before the order is set. */
static const char *
content_of(struct arena *arena, const ReviseCodeTable *command)
{
    size_t size = protobuf_c_message_get_packed_size(&command->base);
    uint8_t *bytes = arena_alloc(arena, size);
    uint8_t digest[SEAL_DIGEST];

    protobuf_c_message_pack(&command->base, bytes);
    seal_digest(bytes, size, digest);
    return seal_hex(digest, sizeof(digest),
                    arena_alloc(arena, 2 * SEAL_DIGEST + 1));
}

/* --- the files ---------------------------------------------------------- */

enum { FILE_MAX = 1024 * 1024 };

/* Returns false if the folder has no such file; then the program's own is used.
 */
static bool
read_own(struct arena *arena, const char *path, char **ret_bytes,
         size_t *ret_size)
{
    FILE *file = fopen(path, "rbe");

    if (file == NULL)
        return false;
    *ret_bytes = arena_alloc(arena, FILE_MAX);
    *ret_size = fread(*ret_bytes, 1, FILE_MAX, file);
    fclose(file);
    return true;
}

/* Returns NULL, with the file and its fault in `ret_fault`. */
static ReviseCodeTable *
read_table(struct arena *arena, const char *name, const char **ret_fault)
{
    const char *folder = gateway_settings.code_tables_dir;
    char *path = arena_printf(arena, "%s/%s.csv", folder, name), *bytes;
    const char *fault;
    size_t size;

    if (folder[0] == '\0' || !read_own(arena, path, &bytes, &size)) {
        path = arena_printf(arena, "%s.csv", name);
        bytes = arena_strdup(arena, code_file_built_in(name));
        size = strlen(bytes);
    }
    ReviseCodeTable *table = code_file_read(arena, name, bytes, size, &fault);
    if (table == NULL)
        *ret_fault = arena_printf(arena, "%s, %s", path, fault);
    return table;
}

/* Reads every table before it sends the first. */
static const char *
read_tables(struct arena *arena, ReviseCodeTable **tables, size_t count)
{
    const char *fault = NULL;

    for (size_t i = 0; i < count; i++) {
        tables[i] = read_table(arena, code_file_tables[i], &fault);
        if (tables[i] == NULL)
            return fault;
    }
    for (size_t i = 0; i < count; i++) {
        fault = code_file_check(arena, tables, count, tables[i]);
        if (fault != NULL)
            return arena_printf(arena, "%s.csv, %s", tables[i]->table, fault);
        tables[i]->order = founding_order(arena, content_of(arena, tables[i]));
    }
    return NULL;
}

const char *
founding_seed_tables(struct courier *courier, struct arena *arena,
                     int64_t deadline)
{
    size_t count = 0;

    while (code_file_tables[count] != NULL)
        count++;
    ReviseCodeTable **tables = ARENA_ARRAY(arena, ReviseCodeTable *, count);
    const char *fault = read_tables(arena, tables, count);
    if (fault != NULL)
        return fault;
    for (size_t i = 0; i < count; i++) {
        const char *code = NULL;
        enum end end = courier_deliver(courier, "teacher", tables[i]->table,
                                       &tables[i]->base, deadline, &code);
        if (end == REFUSED)
            return arena_printf(arena, "%s: %s", tables[i]->table, code);
        if (end != DONE)
            return arena_printf(arena,
                                "%s: the teacher service has not answered",
                                tables[i]->table);
    }
    return NULL;
}
