/* The statements of a store, made from its table of columns.
 *
 * `<service> statements` prints them, `make statements` writes them into
 * sql/query/. A file that needs more than this begins with "-- By hand:".
 */
#include "chassis/lane/statements.h"

#include <string.h>

#include "chassis/base/bytes.h"

enum { INDENT = 4, WIDTH = 80 };

/* Items with commas between, in lines of at most WIDTH characters. */
struct list {
    FILE *out;
    size_t at;         /* characters of the present line; 0: no item yet */
    struct bytes item; /* the next one, built here */
};

static void
list_begin(struct list *list)
{
    list->at = 0;
    bytes_clear(&list->item);
}

static void
list_item(struct list *list)
{
    size_t with_commas = list->item.size + strlen(", ") + strlen(",");
    bool breaks = list->at + with_commas > WIDTH;

    if (list->at > 0)
        fputs(breaks ? ",\n" : ", ", list->out);
    if (list->at == 0 || breaks) {
        fprintf(list->out, "%*s", INDENT, "");
        list->at = INDENT + list->item.size;
    } else {
        list->at += list->item.size + strlen(", ");
    }
    fputs(bytes_text(&list->item), list->out);
    bytes_clear(&list->item);
}

static const char *
type_name(enum db_type type)
{
    switch (type) {
    case DB_BOOL:
        return "boolean";
    case DB_BYTES:
        return "bytea";
    case DB_INT8:
        return "bigint";
    case DB_INT2:
        return "smallint";
    case DB_INT4:
        return "integer";
    case DB_TEXT:
        return "text";
    case DB_DATE:
        return "date";
    case DB_TIME:
        return "timestamptz";
    case DB_UUID:
        return "uuid";
    }
    return "";
}

static const char *
column_at(const struct store *store, size_t offset)
{
    const struct db_column *c = store->columns;

    while (c->name != NULL && c->offset != offset)
        c++;
    return c->name;
}

static const char *
table_of(const struct store *store)
{
    return store->table != NULL ? store->table : store->name;
}

static void
print_columns(const struct store *store, struct list *list)
{
    list_begin(list);
    for (const struct db_column *c = store->columns; c->name != NULL; c++) {
        bytes_add_text(&list->item, c->name);
        list_item(list);
    }
}

static void
print_head(const struct store *store, const char *what, FILE *out)
{
    fprintf(out, "-- file: %s_%s.sql\n", store->name, what);
}

static void
print_load(const struct store *store, struct list *list)
{
    const char *key = column_at(store, store->key);

    print_head(store, "load", list->out);
    fprintf(list->out, "SELECT\n");
    print_columns(store, list);
    fprintf(list->out, "\nFROM %s\nWHERE %s = ANY($1::%s[])\nORDER BY %s\n",
            table_of(store), key, type_name(store->key_type), key);
    if (store->kind == STORE_CLAIM)
        fprintf(list->out, "FOR UPDATE\n");
}

static void
print_load_children(const struct store *store, struct list *list)
{
    const char *parent = column_at(store, store->parent);

    print_head(store, "load_children", list->out);
    fprintf(list->out, "SELECT\n");
    print_columns(store, list);
    fprintf(list->out, "\nFROM %s\nWHERE %s = ANY($1::%s[])\nORDER BY %s, %s\n",
            table_of(store), parent, type_name(store->parent_type), parent,
            store->columns[0].name);
}

static void
print_save(const struct store *store, struct list *list)
{
    const struct db_column *columns = store->columns;

    print_head(store, "save", list->out);
    fprintf(list->out, "INSERT INTO %s (\n", table_of(store));
    print_columns(store, list);
    fprintf(list->out, "\n)\nSELECT\n");
    list_begin(list);
    for (int i = 0; columns[i].name != NULL; i++) {
        bytes_printf(&list->item, "unnest($%d::%s[])", i + 1,
                     type_name(columns[i].type));
        list_item(list);
    }
    fprintf(list->out, "\nON CONFLICT (%s) DO UPDATE SET\n", columns[0].name);
    list_begin(list);
    for (const struct db_column *c = columns + 1; c->name != NULL; c++) {
        bytes_printf(&list->item, "%s = excluded.%s", c->name, c->name);
        list_item(list);
    }
    fprintf(list->out, "\n");
}

static void
print_insert(const struct store *store, FILE *out)
{
    print_head(store, "insert", out);
    fprintf(out,
            "INSERT INTO %s (%s)\nSELECT k\nFROM unnest($1::%s[]) AS k\n"
            "ORDER BY k\nON CONFLICT DO NOTHING\n",
            table_of(store), column_at(store, store->key),
            type_name(store->key_type));
}

static void
print_age_and_sweep(const struct store *store, FILE *out)
{
    print_head(store, "age", out);
    fprintf(out, "UPDATE %s SET version = 0, incarnation = -1\n",
            table_of(store));
    print_head(store, "missing", out);
    fprintf(out,
            "SELECT count(*), min(%s::text) FROM %s WHERE incarnation = -1\n",
            column_at(store, store->key), table_of(store));
    print_head(store, "sweep", out);
    fprintf(out, "DELETE FROM %s WHERE incarnation = -1\n", table_of(store));
}

static void
print_walk(const struct store *store, FILE *out)
{
    const char *key = column_at(store, store->key);
    const char *lane_key =
        store->lane_key == 0 ? key : column_at(store, store->lane_key);

    print_head(store, "walk", out);
    fprintf(out,
            "SELECT %s::text, %s::text, version\nFROM %s\nWHERE %s > $1::%s\n"
            "ORDER BY %s LIMIT $2::integer\n",
            key, lane_key, table_of(store), key, type_name(store->key_type),
            key);
}

void
store_statements(const struct store *const *stores, FILE *out)
{
    struct list list = {.out = out};

    for (; *stores != NULL; stores++) {
        const struct store *store = *stores;
        if (store->key > 0 && store->kind != STORE_CHILD)
            print_load(store, &list);
        if (store->parent > 0)
            print_load_children(store, &list);
        if (store->kind != STORE_HINT)
            print_save(store, &list);
        if (store->kind == STORE_CLAIM)
            print_insert(store, out);
        if (store->kind == STORE_COPY)
            print_age_and_sweep(store, out);
        if (store->state_type != NULL)
            print_walk(store, out);
    }
    bytes_free(&list.item);
}
