/* Shared by the routes of code tables (T14). */
#pragma once

#include "chassis/http/http.h"

/* A code as the files have it and route 85 reads it. */
enum code_column {
    CODE,
    LABEL,
    LABEL_EN,
    GROUP,
    VALID_FROM,
    VALID_UNTIL,
    MEMBERS,
    CODE_COLUMNS,
};

/* The day of the query parameter `on`; today in Taiwan where it is absent. */
const char *code_table_day(struct http_request *request);
/* The table's Chinese name; NULL: it has only its own. */
const char *code_table_label(const char *table);
/* Answers 200 with the body and, as ETag, its digest, which covers the day. */
void code_table_answer(struct http_request *request,
                       struct http_response *response);
