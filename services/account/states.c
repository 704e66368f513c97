/* The states of accounts: every way from one status to another, one row each.
 *
 * account_pass() is the only place that changes a status; `make test-house`
 * checks that. The command asks objection_to_transition() before it decides.
 * `account states` prints the table as diagrams, for docs/account-states.md. */
#include "account/account.h"

#include "chassis/lane/service_tables.h"

#include <stdio.h>
#include <stdlib.h>

#define NONE     ACCOUNT_STATUS_UNSPECIFIED
#define PENDING  ACCOUNT_PENDING
#define ACTIVE   ACCOUNT_ACTIVE
#define DISABLED ACCOUNT_DISABLED
#define DELETED  ACCOUNT_DELETED
#define CLOSED   ACCOUNT_CLOSED

/* `refusal` answers an account in another status; NULL: the command makes the
 * account. */
static const struct {
    enum account_kind kind;
    enum account_status from, to;
    const char *command;
    const char *refusal;
    const char *while_active; /* the refusal of an ACTIVE one, if another */
} transitions[] = {
#define TRANSITION(name, kind, from, to, command, ...)                         \
    [name] = {ACCOUNT_##kind, from, to, command, __VA_ARGS__},
#include "account/transitions.def"
#undef TRANSITION
};

static bool
starts_at(enum transition transition, int32_t status)
{
    return (int32_t)transitions[transition].from == status;
}

const char *
objection_to_transition(int32_t status, enum transition transition)
{
    if (starts_at(transition, status))
        return NULL;
    return status == ACCOUNT_ACTIVE && transitions[transition].while_active
               ? transitions[transition].while_active
               : transitions[transition].refusal;
}

enum transition
transition_from(int32_t status, enum transition one, enum transition other)
{
    return starts_at(other, status) ? other : one;
}

void
account_pass(int32_t *status, enum transition transition)
{
    if (!starts_at(transition, *status))
        abort(); /* the command has not asked objection_to_transition() */
    *status = (int32_t)transitions[transition].to;
}

/* --- the printed page --------------------------------------------------- */
static const char *
state_name(enum account_status status)
{
    return status == NONE ? "[*]"
                          : word_name(&account_status_words, (int)status);
}

static void
print_diagram(FILE *out, enum account_kind kind)
{
    fputs("```mermaid\nstateDiagram-v2\n", out);
    for (size_t i = 0; i < COUNT_OF(transitions); i++)
        if (transitions[i].kind == kind)
            fprintf(out, "    %s --> %s: %s\n", state_name(transitions[i].from),
                    state_name(transitions[i].to), transitions[i].command);
    fputs("    CLOSED --> [*]\n", out);
    if (kind == ACCOUNT_BUSINESS)
        fputs("    DELETED --> [*]\n", out);
    fputs("```\n", out);
}

static void
print_table(FILE *out, enum account_kind kind)
{
    fputs("\n| from | command | to | refused otherwise |\n|---|---|---|---|\n",
          out);
    for (size_t i = 0; i < COUNT_OF(transitions); i++)
        if (transitions[i].kind == kind)
            fprintf(
                out, "| %s | %s | %s | %s |\n",
                transitions[i].from == NONE ? "-"
                                            : state_name(transitions[i].from),
                transitions[i].command, state_name(transitions[i].to),
                transitions[i].refusal == NULL ? "-" : transitions[i].refusal);
}

static int
print_states(int argc, char **argv)
{
    (void)argc, (void)argv;
    puts("## Business accounts\n");
    print_diagram(stdout, ACCOUNT_BUSINESS);
    print_table(stdout, ACCOUNT_BUSINESS);
    puts("\n## Teacher accounts\n");
    print_diagram(stdout, ACCOUNT_TEACHER);
    print_table(stdout, ACCOUNT_TEACHER);
    return 0;
}

static int
print_authority(int argc, char **argv)
{
    (void)argc, (void)argv;
    authority_print(stdout);
    return 0;
}

const struct host_command account_host_commands[] = {
    {"states", "the states of accounts, as Markdown", print_states, true},
    {"authority", "who may change which account, as Markdown", print_authority,
     true},
    {0},
};
