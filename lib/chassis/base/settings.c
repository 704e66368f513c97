/* Settings: reads the tables' values once, at start, and prints the tables.
 *
 * Called by the start-up code only. The environment wins over the file, the
 * file over the default. All faults are reported, one line each, and nothing
 * starts with a wrong value. Never prints the value of a secret row. Values are
 * kept forever: the process has one configuration.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chassis/base/arena.h"
#include "chassis/base/clock.h"
#include "chassis/base/secret_file.h"
#include "chassis/base/settings.h"

#define PREFIX "INSERVICE_"

enum { NAME_MAX_BYTES = 64, LINES_MAX = 256 };

/* All values, forever. */
static struct arena *texts;

/* One NAME=value of the file. */
struct line {
    char *name; /* without the prefix */
    char *value;
    int number;
};

struct reading {
    const struct setting *tables[2];
    const char *file;
    struct line lines[LINES_MAX];
    size_t line_count;
    FILE *errors;
    bool fine;
};

struct suffix {
    const char *name;
    int64_t factor;
};

static const struct suffix duration_units[] = {
    {"us", 1},
    {"ms", MILLISECONDS(1)},
    {"s", SECONDS(1)},
    {"min", SECONDS(60)},
    {"h", SECONDS(3600)},
    {"d", DAYS(1)},
    {NULL, 0},
};
static const struct suffix size_units[] = {
    {"", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {NULL, 0},
};
static const struct suffix no_units[] = {{"", 1}, {NULL, 0}};

/* NULL: the type is no number. */
static const struct suffix *const units_of[] = {
    [SETTING_INT] = no_units,
    [SETTING_DURATION] = duration_units,
    [SETTING_SIZE] = size_units,
};

static const struct setting *
find_row(const struct reading *reading, const char *name)
{
    for (int t = 0; t < 2; t++)
        for (const struct setting *row = reading->tables[t];
             row != NULL && row->name != NULL; row++)
            if (strcmp(row->name, name) == 0)
                return row;
    return NULL;
}

/* A fault of the file. */
static void
file_fault(struct reading *reading, int number, const char *what,
           const char *detail)
{
    fprintf(reading->errors, "%s:%d: %s%s\n", reading->file, number, what,
            detail);
    reading->fine = false;
}

static char *
trim(char *text)
{
    text += strspn(text, " \t");
    size_t size = strlen(text);
    while (size > 0 && strchr(" \t\r\n", text[size - 1]) != NULL)
        text[--size] = '\0';
    return text;
}

/* Takes one line of the file. */
static void
take_line(struct reading *reading, const char *text, int number)
{
    char *name = trim(arena_strdup(texts, text));
    if (*name == '\0' || *name == '#')
        return;

    char *value = strchr(name, '=');
    if (value == NULL) {
        file_fault(reading, number, "expected NAME=value", "");
        return;
    }
    *value++ = '\0';
    name = trim(name);
    if (strncmp(name, PREFIX, strlen(PREFIX)) == 0)
        name += strlen(PREFIX);
    if (find_row(reading, name) == NULL) {
        file_fault(reading, number, "unknown setting ", name);
        return;
    }
    for (size_t i = 0; i < reading->line_count; i++) {
        if (strcmp(reading->lines[i].name, name) == 0) {
            file_fault(reading, number, "given twice: ", name);
            return;
        }
    }
    if (reading->line_count == LINES_MAX) {
        file_fault(reading, number, "too many lines", "");
        return;
    }
    reading->lines[reading->line_count++] =
        (struct line){name, trim(value), number};
}

/* A misspelt variable would leave its setting at the default, unseen. */
static void
check_environment(struct reading *reading)
{
    /* Read elsewhere: by service_main(), by test builds, by the tests. */
    static const char *const others[] = {"SETTINGS", "FAILPOINT",
                                         "CLOCK_OFFSET", "SHARED"};

    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        if (strncmp(*entry, PREFIX, strlen(PREFIX)) != 0)
            continue;
        const char *text = *entry + strlen(PREFIX);
        char *name = arena_strndup(texts, text, strcspn(text, "="));
        bool known = find_row(reading, name) != NULL;
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
            known = known || strcmp(name, others[i]) == 0;
        if (known)
            continue;
        fprintf(reading->errors,
                PREFIX "%s (environment) is no setting of "
                       "this program\n",
                name);
        reading->fine = false;
    }
}

/* Secrets in a file that other users may read are a fault. */
static void
check_file_mode(struct reading *reading, FILE *stream)
{
    struct stat stat;
    if (fstat(fileno(stream), &stat) != 0 || (stat.st_mode & S_IROTH) == 0)
        return;
    for (size_t i = 0; i < reading->line_count; i++) {
        const struct line *line = &reading->lines[i];
        const struct setting *row = find_row(reading, line->name);
        if (row != NULL && row->secret && row->type != SETTING_FILE)
            file_fault(
                reading, line->number,
                "secret in a file that everybody may read: ", line->name);
    }
}

static void
read_file(struct reading *reading)
{
    FILE *stream = fopen(reading->file, "re");
    if (stream == NULL) {
        fprintf(reading->errors, "%s: %s\n", reading->file, strerror(errno));
        reading->fine = false;
        return;
    }
    char *text = NULL;
    size_t room = 0;
    for (int number = 1; getline(&text, &room, stream) >= 0; number++)
        take_line(reading, text, number);
    free(text);
    check_file_mode(reading, stream);
    fclose(stream);
}

/* A decimal number followed by one of the units. */
static const char *
parse_number(const struct setting *row, const char *text, int64_t *ret_value)
{
    char *end = NULL;
    bool may_be_none = row->default_text != NULL && *row->default_text == '\0';
    errno = 0;
    *ret_value = 0;
    if (*text == '\0' && may_be_none)
        return NULL;
    long long number = strtoll(text, &end, 10);
    if (end == text || errno != 0 || strchr("-0123456789", text[0]) == NULL)
        return "is no number";

    const struct suffix *unit = units_of[row->type];
    while (unit->name != NULL && strcmp(unit->name, end) != 0)
        unit++;
    if (unit->name == NULL)
        return "has no known unit";

    int64_t value = 0;
    if (__builtin_mul_overflow((int64_t)number, unit->factor, &value))
        return "is too large";
    if ((row->min != 0 || row->max != 0) &&
        (value < row->min || value > row->max))
        return "is out of bounds";
    *ret_value = value;
    return NULL;
}

static bool
is_choice(const char *choices, const char *text)
{
    size_t length = strlen(text);
    while (*choices != '\0') {
        size_t size = strcspn(choices, "|");
        if (size == length && memcmp(choices, text, size) == 0)
            return true;
        choices += choices[size] == '|' ? size + 1 : size;
    }
    return false;
}

static const char *
check_path(const struct setting *row, const char *path)
{
    struct stat stat_;
    if (*path == '\0')
        return row->default_text == NULL ? "is empty" : NULL;
    if (stat(path, &stat_) != 0 || access(path, R_OK) != 0)
        return "names a file that cannot be read";
    if (row->secret && secret_file_fault(&stat_) != NULL)
        return "names a file that others than its owner may use";
    return NULL;
}

static const char *
parse_bool(const char *text, bool *ret_value)
{
    bool yes = strcmp(text, "true") == 0;
    if (!yes && strcmp(text, "false") != 0)
        return "is neither true nor false";
    *ret_value = yes;
    return NULL;
}

/* Stores the value; returns what is wrong with it, or NULL. */
static const char *
store(const struct setting *row, const char *text)
{
    const char *fault = NULL;

    switch (row->type) {
    case SETTING_INT:
    case SETTING_DURATION:
    case SETTING_SIZE:
        return parse_number(row, text, row->value);
    case SETTING_BOOL:
        return parse_bool(text, row->value);
    case SETTING_TEXT:
        if (*text == '\0' && row->default_text == NULL)
            fault = "is empty";
        break;
    case SETTING_CHOICE:
        if (!is_choice(row->choices, text))
            fault = "is none of the words allowed";
        break;
    case SETTING_FILE:
        fault = check_path(row, text);
        break;
    }
    if (fault == NULL)
        *(const char **)row->value = text;
    return fault;
}

/* The row's value as text, and its source; NULL: no value. */
static const char *
lookup(const struct reading *reading, const struct setting *row,
       char ret_origin[PATH_MAX])
{
    char variable[sizeof(PREFIX) + NAME_MAX_BYTES];
    snprintf(variable, sizeof(variable), PREFIX "%s", row->name);
    const char *text = getenv(variable);
    if (text != NULL) {
        snprintf(ret_origin, PATH_MAX, "environment");
        return text;
    }
    for (size_t i = 0; i < reading->line_count; i++) {
        const struct line *line = &reading->lines[i];
        if (strcmp(line->name, row->name) == 0) {
            snprintf(ret_origin, PATH_MAX, "%s:%d", reading->file,
                     line->number);
            return line->value;
        }
    }
    snprintf(ret_origin, PATH_MAX, "default");
    return row->default_text;
}

static void
read_row(struct reading *reading, const struct setting *row)
{
    char origin[PATH_MAX];
    const char *text = lookup(reading, row, origin);
    if (text == NULL) {
        fprintf(reading->errors, PREFIX "%s is missing: %s\n", row->name,
                row->help);
        reading->fine = false;
        return;
    }
    const char *fault = store(row, arena_strdup(texts, text));
    if (fault == NULL)
        return;
    fprintf(reading->errors, PREFIX "%s (%s) %s", row->name, origin, fault);
    if (!row->secret)
        fprintf(reading->errors, ": \"%s\"", text);
    if (row->choices != NULL)
        fprintf(reading->errors, ", expected %s", row->choices);
    fputc('\n', reading->errors);
    reading->fine = false;
}

/* A statement that runs longer than the session could write into a lane that
 * another process has taken meanwhile. */
static void
check_timeouts(struct reading *reading)
{
    if (!reading->fine ||
        chassis_settings.statement_timeout < chassis_settings.session_timeout)
        return;
    fprintf(reading->errors, PREFIX "STATEMENT_TIMEOUT must be below " PREFIX
                                    "SESSION_TIMEOUT\n");
    reading->fine = false;
}

bool
settings_read(const struct setting *service_rows, const char *file,
              FILE *errors)
{
    if (texts == NULL)
        texts = arena_new(0);
    struct reading *reading = ARENA_NEW(texts, struct reading);
    reading->tables[0] = chassis_setting_rows;
    reading->tables[1] = service_rows;
    reading->errors = errors;
    reading->fine = true;
    reading->file = file != NULL ? file : getenv(PREFIX "SETTINGS");

    if (reading->file != NULL && reading->file[0] != '\0')
        read_file(reading);
    check_environment(reading);
    for (int t = 0; t < 2; t++)
        for (const struct setting *row = reading->tables[t];
             row != NULL && row->name != NULL; row++)
            read_row(reading, row);

    check_timeouts(reading);
    return reading->fine;
}
