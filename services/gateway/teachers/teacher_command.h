/* Shared by the handlers of commands about teachers: a teacher and a unit in
 * the read model. A command carries what the gateway saw of them. The owner
 * decides by its own rows and copies; what was seen shows it whether a copy is
 * late. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "chassis/base/wire.h"

#include "gateway/request/request.h"

enum { POSTS_KNOWN_MAX = 64 };

/* The part of a teacher record that an account's command carries (rule 8). */
struct known_record {
    int64_t version, incarnation; /* 0: no record */
    const char *name, *email;
    char *posts[POSTS_KNOWN_MAX]; /* codes of the units */
    size_t post_count;
};
struct known_teacher {
    bool known;
    struct known_record record;
    struct unit units[POSTS_KNOWN_MAX]; /* those of the posts; primary first */
    size_t unit_count;
};
/* The columns that known_teacher_read() reads; a query's own follow. A row for
 * each unit. */
enum known_teacher_column {
    KNOWN_TEACHER_UNIT,
    KNOWN_TEACHER_VERSION = KNOWN_TEACHER_UNIT + UNIT_SQL_COLUMNS,
    KNOWN_TEACHER_NAME,
    KNOWN_TEACHER_EMAIL,
    KNOWN_TEACHER_MERGED_INTO,
    KNOWN_TEACHER_INCARNATION,
    KNOWN_TEACHER_COLUMNS,
};
/* Session and the teacher of params[0], in a round trip shared with others.
 * False: the problem is in the response (404: unknown, or merged). */
bool known_teacher_open(struct http_request *request,
                        struct http_response *response,
                        struct known_teacher *ret_teacher) WARN_UNUSED;
/* From the result of teacher_command or teacher_applicant. */
void known_teacher_read(struct arena *arena, const PGresult *rows,
                        struct known_teacher *ret_teacher);
/* The teacher's unit of this code, or NULL. */
const struct unit *known_teacher_unit(const struct known_teacher *teacher,
                                      const char *code);
struct known_unit {
    struct unit unit; /* code "": unknown */
    int64_t version;
    int64_t recent_pulls;
};
void known_unit_params(struct db_params *params, const char *code);
void known_unit_send(struct db *db, const char *code);
void known_unit_read(struct arena *arena, const PGresult *rows,
                     struct known_unit *ret_unit);
/* The officer's own unit, as their session has it. */
struct unit unit_own(const struct principal *principal);

/* Submits to the teacher service, about a person. Returns true if this request
 * made the command. */
bool teacher_submit(struct http_request *request,
                    struct http_response *response,
                    const ProtobufCMessage *command, const char *person_id,
                    int status);
