/* import_rows.c: writes an import with all its rows, in one transaction and one
 * round trip. Called by route 73. A row of state NEW stores its command's bytes
 * without the head, so the worker needs no code for the kind of import. */
#include "gateway/imports/import_rows.h"

#include "gateway/operations/operations.h"
#include "gateway/request/pool.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__AddOrganization AddOrganization;

enum { ROWS_OF_STATEMENT = 1000 };

/* Protobuf texts are `char *` and never written to. */
static char *
text_of(struct arena *arena, const struct unit_line *line,
        enum unit_column column)
{
    return arena_strdup(arena, line->cells[column]);
}

static struct packed
pack_line(struct arena *arena, const struct unit_line *line)
{
    AddOrganization m;

    inservice__account__v1__add_organization__init(&m);
    m.code = text_of(arena, line, UNIT_CODE);
    m.name = text_of(arena, line, UNIT_NAME);
    m.kind = (Inservice__Common__V1__OrganizationKind)line->kind;
    m.county = text_of(arena, line, UNIT_COUNTY);
    m.establishment = text_of(arena, line, UNIT_ESTABLISHMENT);
    m.managing_centre = text_of(arena, line, UNIT_CENTRE);
    m.parent_code = text_of(arena, line, UNIT_PARENT);
    m.phone = text_of(arena, line, UNIT_PHONE);
    m.email = text_of(arena, line, UNIT_EMAIL);
    m.address = text_of(arena, line, UNIT_ADDRESS);
    m.website = text_of(arena, line, UNIT_WEBSITE);
    return command_pack(arena, &m.base);
}

struct import_row {
    int32_t row;
    enum wave wave;
    enum row_state state;
    const char *lane_key, *cells, *faults;
    struct packed command; /* empty unless the row is new */
    bool warned;
};

/* In the order of import_row_insert.sql. */
static const struct db_column columns[] = {
    DB_COLUMN(import_row, row, DB_INT4),
    DB_COLUMN(import_row, wave, DB_INT2),
    DB_COLUMN(import_row, state, DB_INT2),
    DB_COLUMN(import_row, lane_key, DB_TEXT),
    DB_COLUMN(import_row, cells, DB_TEXT),
    DB_COLUMN(import_row, faults, DB_TEXT),
    DB_COLUMN_PAIR("command", import_row, command.data, command.size),
    DB_COLUMN(import_row, warned, DB_BOOL),
    {0},
};

static struct import_row *
row_of(struct arena *arena, const struct unit_line *line)
{
    struct import_row *row = ARENA_NEW(arena, struct import_row);

    *row = (struct import_row){
        .row = line->row,
        .wave = line->wave,
        .state = line->state,
        .lane_key = line->cells[UNIT_CODE],
        .cells = unit_cells_json(arena, line),
        .faults = unit_faults_json(arena, line),
        .warned = line->warned,
    };
    if (line->state == ROW_NEW)
        row->command = pack_line(arena, line);
    return row;
}

/* --- statements --------------------------------------------------------- */

static void
send_import(struct db *db, const struct import_entry *entry,
            struct db_params *params)
{
    struct bytes report = {0};
    bool faulty = entry->list->in_state[ROW_FAULTY] > 0;

    unit_list_report(entry->list, &report);
    db_clear(params);
    db_uuid(params, entry->import_id);
    db_text(params, entry->scope);
    db_text(params, entry->key);
    db_bytes(params, entry->request_hash, SEAL_DIGEST);
    db_int2(params, IMPORT_ORGANIZATIONS);
    db_text(params, entry->organization);
    db_int2(params, faulty ? IMPORT_FAULTY : IMPORT_READY);
    db_text(params, bytes_text(&report));
    db_time(params, entry->at);
    db_int4(params, (int32_t)entry->list->warned);
    db_send(db, "import_insert", params);
    bytes_free(&report);
}

static void
send_rows(struct db *db, const struct import_entry *entry, size_t from,
          size_t count, struct arena *arena, struct db_params *params)
{
    const void *rows[ROWS_OF_STATEMENT];

    for (size_t i = 0; i < count; i++)
        rows[i] = row_of(arena, &entry->list->lines[from + i]);
    db_clear(params);
    db_uuid(params, entry->import_id);
    db_encode(columns, rows, count, params);
    db_send(db, "import_row_insert", params);
}

static size_t
send_all(struct db *db, const struct import_entry *entry)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    struct arena *arena = arena_new(0);
    size_t statements = 1;

    send_import(db, entry, &params);
    for (size_t from = 0; from < entry->list->count;) {
        size_t left = entry->list->count - from;
        size_t count = left < ROWS_OF_STATEMENT ? left : ROWS_OF_STATEMENT;
        send_rows(db, entry, from, count, arena, &params);
        arena_reset(arena);
        from += count;
        statements++;
    }
    db_sync(db);
    arena_free(arena);
    return statements;
}

enum import_written
import_write(struct db *db, const struct import_entry *entry)
{
    CLEANUP(result_clear) PGresult *inserted = NULL;
    size_t statements = send_all(db, entry);
    enum db_end end = db_next(db, &inserted);

    if (end == DB_OK)
        end = db_end_after(db, statements - 1);
    gateway_db_failed(db, end, "import_write");
    if (end != DB_OK)
        return IMPORT_NOT_WRITTEN;
    return PQntuples(inserted) == 1 ? IMPORT_WRITTEN : IMPORT_REPEATED;
}
