/* Prints the tables of settings as Markdown: the code is the documentation.
 *
 * Called by the command `settings` and by the check that docs are current.
 * Prints defaults and bounds, never present values, because some are secret.
 */
#include <inttypes.h>

#include "attributes.h"
#include "chassis/base/clock.h"
#include "chassis/base/settings.h"

static const char *const type_names[] = {
    [SETTING_TEXT] = "text",          [SETTING_INT] = "number",
    [SETTING_BOOL] = "true or false", [SETTING_DURATION] = "duration",
    [SETTING_SIZE] = "size",          [SETTING_CHOICE] = "choice",
    [SETTING_FILE] = "file",
};

struct step {
    const char *unit;
    int64_t size;
};

static const struct step duration_steps[] = {
    {"d", DAYS(1)},    {"h", SECONDS(3600)},    {"min", SECONDS(60)},
    {"s", SECONDS(1)}, {"ms", MILLISECONDS(1)}, {"us", 1},
};
static const struct step size_steps[] = {
    {"GiB", 1 << 30},
    {"MiB", 1 << 20},
    {"KiB", 1 << 10},
    {"", 1},
};

/* The value in the largest unit that divides it. */
static void
print_steps(FILE *out, int64_t value, const struct step *steps, size_t count)
{
    size_t i = 0;
    while (i < count - 1 && (value == 0 || value % steps[i].size != 0))
        i++;
    fprintf(out, "%" PRId64 "%s", value / steps[i].size, steps[i].unit);
}

static void
print_value(FILE *out, const struct setting *row, int64_t value)
{
    if (row->type == SETTING_DURATION)
        print_steps(out, value, duration_steps, COUNT_OF(duration_steps));
    else if (row->type == SETTING_SIZE)
        print_steps(out, value, size_steps, COUNT_OF(size_steps));
    else
        fprintf(out, "%" PRId64, value);
}

/* A "|" would end the cell. */
static void
print_choices(FILE *out, const char *choices)
{
    for (; *choices != '\0'; choices++) {
        if (*choices == '|')
            fputs(", ", out);
        else
            fputc(*choices, out);
    }
}

static void
print_row(FILE *out, const struct setting *row)
{
    fprintf(out, "| `INSERVICE_%s` | %s", row->name, type_names[row->type]);
    if (row->choices != NULL) {
        fputs(": ", out);
        print_choices(out, row->choices);
    }
    if (row->min != 0 || row->max != 0) {
        fputs(", ", out);
        print_value(out, row, row->min);
        fputs(" to ", out);
        print_value(out, row, row->max);
    }
    fputs(row->secret ? ", secret | " : " | ", out);
    if (row->default_text == NULL)
        fputs("required", out);
    else if (row->default_text[0] == '\0')
        fputs("none", out);
    else
        fprintf(out, "`%s`", row->default_text);
    fprintf(out, " | %s |\n", row->help);
}

void
settings_document(const struct setting *service_rows, FILE *out)
{
    const struct setting *tables[] = {chassis_setting_rows, service_rows};

    fputs("| setting | value | default | meaning |\n|---|---|---|---|\n", out);
    for (size_t t = 0; t < COUNT_OF(tables); t++)
        for (const struct setting *row = tables[t];
             row != NULL && row->name != NULL; row++)
            print_row(out, row);
}
