/* day.h: the dates of the rules: days in Taiwan's time, school years and their
 * halves. Called wherever a day is compared or counted: moves planned ahead,
 * undo, validity of codes, reviews. Pure arithmetic of the Gregorian calendar
 * at UTC+8; it never asks the machine for a time zone (Taiwan has had no summer
 * time since 1979). Serves T1, T2, T3, T6, T14. */
#pragma once

#include "attributes.h"

#include <stdbool.h>
#include <stdint.h>

/* A day as a number: days since 1970-01-01. Days are compared and counted as
 * plain integers. */
typedef int32_t day_number;

/* Bytes that the text of a day needs, with its NUL. */
#define DAY_TEXT 11

/* Longest text of a semester ("114-1"), with its NUL. */
#define SEMESTER_TEXT 12

/* The day in Taiwan at a time in microseconds since 1970 UTC. */
day_number day_of(int64_t at);

/* The moment a day begins in Taiwan, microseconds since 1970 UTC. */
int64_t day_start(day_number day);

/* "2026-08-01", years 1900 to 2999. False for anything else, 2026-02-29 too. */
WARN_UNUSED bool day_parse(const char *text, day_number *ret_day);

/* Writes "2026-08-01" and returns the buffer. */
char *day_text(day_number day, char ret_text[DAY_TEXT]);

/* Writes the school year and half a day lies in, "114-1" (August to January) or
 * "114-2" (February to July), and returns the buffer. */
char *day_semester(day_number day, char ret_text[SEMESTER_TEXT]);
