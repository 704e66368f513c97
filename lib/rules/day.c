/* day.c: the calendar of day.h. Nothing here knows of locales or leap seconds;
 * a day is 86,400 seconds and begins at 16:00 UTC. Serves T1, T2, T6, T14. */
#include "rules/day.h"

#include <stdio.h>

#define DAY_MICROSECONDS (INT64_C(86400) * 1000000)
#define TAIWAN_AHEAD     (INT64_C(8) * 3600 * 1000000)
#define FIRST_YEAR       1900
#define LAST_YEAR        2999
#define REPUBLIC_BEFORE  1911 /* 民國 years count from 1912 */

struct date {
    int year;
    int month;
    int day;
};

day_number
day_of(int64_t at)
{
    int64_t local = at + TAIWAN_AHEAD;
    int64_t day = local / DAY_MICROSECONDS;

    return (day_number)(local % DAY_MICROSECONDS < 0 ? day - 1 : day);
}

int64_t
day_start(day_number day)
{
    return (int64_t)day * DAY_MICROSECONDS - TAIWAN_AHEAD;
}

/* The year is taken to begin in March, so that the leap day comes last; eras
 * are the 400 years after which the calendar repeats. */
static day_number
day_from_date(struct date date)
{
    int year = date.month <= 2 ? date.year - 1 : date.year;
    int month = (date.month + 9) % 12;
    int era = year / 400;
    int of_era = year % 400;
    int of_year = (153 * month + 2) / 5 + date.day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           719468;
}

static struct date
day_to_date(day_number day)
{
    int since = day + 719468;
    int era = (since >= 0 ? since : since - 146096) / 146097;
    int of_era = since - era * 146097;
    int year =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * year + year / 4 - year / 100);
    int month = (5 * of_year + 2) / 153;
    struct date date = {
        .year = year + era * 400 + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = of_year - (153 * month + 2) / 5 + 1,
    };

    return date;
}

/* A number of exactly `digits` digits at `text`; -1 if there is none. */
static int
digits_at(const char *text, int digits)
{
    int number = 0;

    for (int i = 0; i < digits; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

/* Each part is read only if the one before is sound: no text is read past its
 * end. */
static bool
date_parse(const char *text, struct date *ret_date)
{
    struct date date = {.year = digits_at(text, 4)};

    if (date.year < FIRST_YEAR || date.year > LAST_YEAR || text[4] != '-')
        return false;
    date.month = digits_at(text + 5, 2);
    if (date.month < 0 || text[7] != '-')
        return false;
    date.day = digits_at(text + 8, 2);
    if (date.day < 0 || text[10] != '\0')
        return false;
    *ret_date = date;
    return true;
}

bool
day_parse(const char *text, day_number *ret_day)
{
    struct date date;

    if (!date_parse(text, &date) || date.month < 1 || date.month > 12)
        return false;
    day_number day = day_from_date(date);
    struct date back = day_to_date(day);
    if (back.month != date.month || back.day != date.day)
        return false; /* 30 February would be 1 March */
    *ret_day = day;
    return true;
}

char *
day_text(day_number day, char ret_text[DAY_TEXT])
{
    struct date date = day_to_date(day);

    snprintf(ret_text, DAY_TEXT, "%04u-%02u-%02u", (unsigned)date.year % 10000,
             (unsigned)date.month % 100, (unsigned)date.day % 100);
    return ret_text;
}

char *
day_semester(day_number day, char ret_text[SEMESTER_TEXT])
{
    struct date date = day_to_date(day);
    int begun = date.month >= 8 ? date.year : date.year - 1;
    int half = date.month >= 2 && date.month <= 7 ? 2 : 1;

    snprintf(ret_text, SEMESTER_TEXT, "%d-%d",
             (begun - REPUBLIC_BEFORE) % 10000, half);
    return ret_text;
}
