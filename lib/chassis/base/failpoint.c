/* Failpoints: named places where a test kills, stops or fails the process.
 *
 * Called through FAILPOINT() by the shell and through failpoint_list() by the
 * command `failpoints`. Names stand in a section of the program, so the list is
 * complete. A release build has none of this. A rule that is malformed or names
 * no failpoint is an ERROR event, so the test that set it fails.
 */
#include <stdlib.h>
#include <string.h>

#include "chassis/base/failpoint.h"

#ifdef FAILPOINTS
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "attributes.h"
#include "chassis/base/log.h"

enum { RULES_MAX = 16, NAME_MAX_BYTES = 96 };

enum action {
    ACTION_KILL,
    ACTION_STOP,
    ACTION_FAIL,
};

static const char *const action_names[] = {
    [ACTION_KILL] = "kill",
    [ACTION_STOP] = "stop",
    [ACTION_FAIL] = "fail",
};

struct rule {
    char name[NAME_MAX_BYTES]; /* of the failpoint */
    char type[NAME_MAX_BYTES]; /* class of work; "": any */
    enum action action;
    long skip;
    atomic_long hits;
};

/* The linker gives the bounds of the section; weak: it may be empty. */
extern const struct failpoint __start_failpoints[] __attribute__((weak));
extern const struct failpoint __stop_failpoints[] __attribute__((weak));

static struct rule rules[RULES_MAX];
static size_t rule_count;
static const char *_Atomic present_types;
static pthread_once_t from_environment = PTHREAD_ONCE_INIT;

static bool
is_known(const char *name)
{
    for (const struct failpoint *point = __start_failpoints;
         point < __stop_failpoints; point++)
        if (strcmp(point->name, name) == 0)
            return true;
    return false;
}

static bool
copy_part(char to[NAME_MAX_BYTES], const char *from, size_t size)
{
    if (size >= NAME_MAX_BYTES)
        return false;
    memcpy(to, from, size);
    to[size] = '\0';
    return true;
}

static bool
parse_action(const char *text, size_t size, enum action *ret_action)
{
    for (size_t i = 0; i < COUNT_OF(action_names); i++) {
        if (strlen(action_names[i]) != size ||
            memcmp(action_names[i], text, size) != 0)
            continue;
        *ret_action = (enum action)i;
        return true;
    }
    return false;
}

/* "name[@type]:action[:skip]" */
static bool
parse_rule(const char *text, struct rule *rule)
{
    size_t whole = strcspn(text, ":");
    size_t name = strcspn(text, ":@");
    size_t type = name < whole ? whole - name - 1 : 0;
    if (text[whole] != ':' || name == 0)
        return false;
    if (!copy_part(rule->name, text, name) ||
        !copy_part(rule->type, text + name + 1, type))
        return false;

    const char *action = text + whole + 1;
    size_t size = strcspn(action, ":");
    if (!parse_action(action, size, &rule->action))
        return false;
    rule->skip = 0;
    if (action[size] == ':') {
        char *end = NULL;
        rule->skip = strtol(action + size + 1, &end, 10);
        if (end == action + size + 1 || *end != '\0' || rule->skip < 0)
            return false;
    }
    atomic_store(&rule->hits, 0);
    return true;
}

bool
failpoint_set(const char *text)
{
    char one[3 * NAME_MAX_BYTES];
    bool fine = true;

    rule_count = 0;
    while (*text != '\0') {
        size_t size = strcspn(text, ",");
        bool fits = size < sizeof(one) && rule_count < RULES_MAX;
        if (fits) {
            memcpy(one, text, size);
            one[size] = '\0';
        }
        if (fits && parse_rule(one, &rules[rule_count]) &&
            is_known(rules[rule_count].name)) {
            rule_count++;
        } else {
            log_event(failpoint_refused, log_str("rules", text));
            fine = false;
        }
        text += text[size] == ',' ? size + 1 : size;
    }
    return fine;
}

static void
read_environment(void)
{
    const char *text = getenv("INSERVICE_FAILPOINT");
    if (text != NULL && rule_count == 0)
        (void)!failpoint_set(text);
}

void
failpoint_class(const char *types)
{
    atomic_store(&present_types, types);
}

/* One of the words in `types` is `type`, or ends with a dot and `type`. */
static bool
works_on(const char *types, const char *type)
{
    size_t length = strlen(type);

    while (types != NULL && *types != '\0') {
        size_t size = strcspn(types, " ,");
        if (size >= length &&
            memcmp(types + size - length, type, length) == 0 &&
            (size == length || types[size - length - 1] == '.'))
            return true;
        types += size + strspn(types + size, " ,");
    }
    return false;
}

static bool
act(struct rule *rule)
{
    if (atomic_fetch_add(&rule->hits, 1) != rule->skip)
        return false;

    log_event(failpoint_hit, log_str("name", rule->name),
              log_str("action", action_names[rule->action]));
    if (rule->action == ACTION_FAIL)
        return true;
    kill(getpid(), rule->action == ACTION_KILL ? SIGKILL : SIGSTOP);
    return false;
}

bool
failpoint_hit(const struct failpoint *point)
{
    pthread_once(&from_environment, read_environment);
    for (size_t i = 0; i < rule_count; i++) {
        if (strcmp(rules[i].name, point->name) != 0)
            continue;
        if (rules[i].type[0] != '\0' &&
            !works_on(atomic_load(&present_types), rules[i].type))
            continue;
        if (act(&rules[i]))
            return true;
    }
    return false;
}

static int
by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

void
failpoint_list(FILE *out)
{
    size_t count = (size_t)(__stop_failpoints - __start_failpoints);
    const char **names = calloc(count + 1, sizeof(*names));
    if (names == NULL)
        return;

    for (size_t i = 0; i < count; i++)
        names[i] = __start_failpoints[i].name;
    qsort(names, count, sizeof(*names), by_name);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
            fprintf(out, "%s\n", names[i]);
    free(names);
}
#else
void
failpoint_list(FILE *out)
{
    (void)out;
}
#endif
