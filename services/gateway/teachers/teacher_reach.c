/* See teacher_reach.h. Asks the rules for each of the teacher's units. A caller
 * who reaches none of them does not learn which exist. */
#include "gateway/teachers/teacher_reach.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "gateway/request/request.h"

struct unit *
teacher_units(struct arena *arena, const PGresult *rows, int column)
{
    int count = PQntuples(rows);
    struct unit *units = ARENA_ARRAY(arena, struct unit, (size_t)count + 1);

    for (int i = 0; i < count; i++)
        units[i] = request_unit(arena, rows, i, column);
    return units;
}

struct unit
teacher_unit_nearest(struct http_request *request, const PGresult *rows,
                     int column)
{
    const struct officer *officer = &request_principal(request)->officer;

    for (int row = 0; row < PQntuples(rows); row++) {
        struct unit unit = request_unit(request->arena, rows, row, column);
        if (reach_of(officer, &unit) == REACH_OWN)
            return unit;
    }
    return request_unit(request->arena, rows, 0, column);
}

static bool
sees_full(const struct officer *officer, const struct unit *units, size_t count,
          const char *account_id, const char *person_id)
{
    if (authority_is_self(officer, account_id, person_id))
        return true;
    for (size_t i = 0; i < count; i++)
        if (authority_sees_full(officer, &units[i]))
            return true;
    return false;
}

bool
teacher_allows(struct http_request *request, struct http_response *response,
               const struct unit *units, size_t count, const char *account_id,
               const char *person_id, bool *ret_full)
{
    static const struct unit nowhere = {.code = ""};
    const struct officer *officer = &request_principal(request)->officer;

    if (count == 0) {
        units = &nowhere;
        count = 1;
    }
    struct target *targets = ARENA_ARRAY(request->arena, struct target, count);
    for (size_t i = 0; i < count; i++)
        targets[i] = (struct target){.unit = &units[i],
                                     .account_id = account_id,
                                     .person_id = person_id,
                                     .subject = SUBJECT_TEACHERS};
    if (ret_full != NULL)
        *ret_full = sees_full(officer, units, count, account_id, person_id);
    return request_allows_any(request, response, targets, count);
}

static bool
reads_note(const struct officer *officer, const char *place,
           const struct unit *units, size_t count)
{
    struct unit unit = {.code = place};

    for (size_t i = 0; i < count; i++)
        if (strcmp(units[i].code, place) == 0)
            unit = units[i];
    return authority_sees_full(officer, &unit);
}

static void
hide_note(json_t *post, const struct officer *officer, const struct unit *units,
          size_t count)
{
    const char *place =
        json_string_value(json_object_get(post, "organization"));

    if (place != NULL && !reads_note(officer, place, units, count))
        json_object_set_new(post, "unitNote", json_null());
}

void
teacher_add_record(struct bytes *out, struct http_request *request,
                   const char *record, const struct unit *units, size_t count)
{
    const struct officer *officer = &request_principal(request)->officer;

    if (strstr(record, "\"unitNote\":\"") == NULL) {
        bytes_add_text(out, record); /* no note at all */
        return;
    }
    json_t *whole =
        json_loads(arena_printf(request->arena, "{%s}", record), 0, NULL);
    json_t *posts = json_object_get(whole, "posts");
    json_t *moves = json_object_get(whole, "moves");
    for (size_t i = 0; i < json_array_size(posts); i++)
        hide_note(json_array_get(posts, i), officer, units, count);
    for (size_t i = 0; i < json_array_size(moves); i++)
        hide_note(json_object_get(json_array_get(moves, i), "plannedPost"),
                  officer, units, count);
    char *text = json_dumps(whole, JSON_COMPACT);
    if (text != NULL)
        bytes_add(out, text + 1, strlen(text) - 2);
    free(text);
    json_decref(whole);
}
