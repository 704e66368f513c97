/* rights VERB USER: gives a user of the broker the rights that a service needs,
 * or takes them. Reads the lines that `<service> topics` prints:
 *
 *     account topics | rights --grant User:inservice-account ADDRESS SECONDS
 *
 * so that rights and code are one table. Called by tools/stack and by the
 * operator who installs a broker; both may be repeated. It never touches a
 * right of another user.
 */
#include "kafka_admin.h"

enum { RIGHTS_MAX = 128 };

static struct {
    const char *user;
    rd_kafka_AclBinding_t *rows[RIGHTS_MAX];
    size_t count;
} wanted;

/* What a line's first word gives. */
static const struct word {
    const char *name;
    rd_kafka_ResourceType_t type;
    rd_kafka_AclOperation_t operations[3];
} words[] = {
    {"group", RD_KAFKA_RESOURCE_GROUP, {RD_KAFKA_ACL_OPERATION_READ}},
    {"describe", /* of a user that only looks; no service prints it */
     RD_KAFKA_RESOURCE_TOPIC,
     {RD_KAFKA_ACL_OPERATION_DESCRIBE,
      RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS}},
    {"read",
     RD_KAFKA_RESOURCE_TOPIC,
     {RD_KAFKA_ACL_OPERATION_READ, RD_KAFKA_ACL_OPERATION_DESCRIBE,
      RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS}},
    {"write",
     RD_KAFKA_RESOURCE_TOPIC,
     {RD_KAFKA_ACL_OPERATION_WRITE, RD_KAFKA_ACL_OPERATION_DESCRIBE,
      RD_KAFKA_ACL_OPERATION_DESCRIBE_CONFIGS}},
};

/* The same function makes the filter of one right and the right itself. */
typedef rd_kafka_AclBinding_t *
make_binding(rd_kafka_ResourceType_t, const char *,
             rd_kafka_ResourcePatternType_t, const char *, const char *,
             rd_kafka_AclOperation_t, rd_kafka_AclPermissionType_t, char *,
             size_t);

static bool
take_line(const char *line, make_binding *make)
{
    char word[16], name[256], error[ERROR_SIZE];

    if (sscanf(line, "%15s %255s", word, name) != 2)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].name, word) != 0)
            continue;
        for (size_t j = 0; j < 3 && words[i].operations[j] != 0; j++) {
            if (wanted.count == RIGHTS_MAX)
                return false;
            rd_kafka_AclBinding_t *row =
                make(words[i].type, name, RD_KAFKA_RESOURCE_PATTERN_LITERAL,
                     wanted.user, "*", words[i].operations[j],
                     RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, error, sizeof error);
            if (row == NULL)
                return false;
            wanted.rows[wanted.count++] = row;
        }
        return true;
    }
    return false;
}

static bool
read_lines(make_binding *make)
{
    char line[512];

    while (fgets(line, sizeof line, stdin) != NULL) {
        if (take_line(line, make))
            continue;
        fprintf(stderr, "rights: not a line of `topics`: %s", line);
        return false;
    }
    if (wanted.count == 0)
        fprintf(stderr, "rights: no line on standard input\n");
    return wanted.count > 0;
}

static bool
grant_went_well(struct client *client, rd_kafka_event_t *event)
{
    const rd_kafka_acl_result_t **rows;
    size_t n;

    rows = rd_kafka_CreateAcls_result_acls(
        rd_kafka_event_CreateAcls_result(event), &n);
    for (size_t i = 0; i < n; i++) {
        const rd_kafka_error_t *error = rd_kafka_acl_result_error(rows[i]);
        if (error != NULL)
            return fail(client, may_pass(rd_kafka_error_code(error)), "%s",
                        rd_kafka_error_string(error));
    }
    return true;
}

static bool
grant_all(struct client *client)
{
    rd_kafka_AdminOptions_t *options =
        client_options(client, RD_KAFKA_ADMIN_OP_CREATEACLS);

    rd_kafka_CreateAcls(client->rk, wanted.rows, wanted.count, options,
                        client->queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_event_t *event =
        client_answer(client, RD_KAFKA_EVENT_CREATEACLS_RESULT);
    bool well = event != NULL && grant_went_well(client, event);
    rd_kafka_event_destroy(event);
    return well;
}

static bool
revoke_went_well(struct client *client, rd_kafka_event_t *event)
{
    const rd_kafka_DeleteAcls_result_response_t **rows;
    size_t n;

    rows = rd_kafka_DeleteAcls_result_responses(
        rd_kafka_event_DeleteAcls_result(event), &n);
    for (size_t i = 0; i < n; i++) {
        const rd_kafka_error_t *error =
            rd_kafka_DeleteAcls_result_response_error(rows[i]);
        if (error != NULL)
            return fail(client, may_pass(rd_kafka_error_code(error)), "%s",
                        rd_kafka_error_string(error));
    }
    return true;
}

static bool
revoke_all(struct client *client)
{
    rd_kafka_AdminOptions_t *options =
        client_options(client, RD_KAFKA_ADMIN_OP_DELETEACLS);

    rd_kafka_DeleteAcls(client->rk, wanted.rows, wanted.count, options,
                        client->queue);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_event_t *event =
        client_answer(client, RD_KAFKA_EVENT_DELETEACLS_RESULT);
    bool well = event != NULL && revoke_went_well(client, event);
    rd_kafka_event_destroy(event);
    return well;
}

static const struct verb {
    const char *name;
    make_binding *make;
    bool (*const steps[2])(struct client *);
    const char *help;
} verbs[] = {
    {"--grant", rd_kafka_AclBinding_new, {grant_all, NULL}, "gives them"},
    {"--revoke",
     rd_kafka_AclBindingFilter_new,
     {revoke_all, NULL},
     "takes them"},
};

static int
usage(void)
{
    fprintf(stderr, "usage: SERVICE topics | rights VERB USER [ADDRESS "
                    "[SECONDS-TO-WAIT]]   (USER: User:NAME)\n");
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        fprintf(stderr, "  %-14s%s\n", verbs[i].name, verbs[i].help);
    return 2;
}

int
main(int argc, char **argv)
{
    const char *address = argc > 3 ? argv[3] : getenv("KAFKA_BOOTSTRAP");
    const struct verb *verb = NULL;

    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0] && argc > 2; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            verb = &verbs[i];
    if (verb == NULL || argc > 5 || strncmp(argv[2], "User:", 5) != 0)
        return usage();
    if (address == NULL || *address == '\0') {
        fprintf(stderr, "rights: no address and no KAFKA_BOOTSTRAP\n");
        return 2;
    }
    wanted.user = argv[2];
    int status = 2;
    if (read_lines(verb->make))
        status = admin_run("rights", verb->steps, address,
                           argc > 4 ? (int)strtol(argv[4], NULL, 10) : 0);
    rd_kafka_AclBinding_destroy_array(wanted.rows, wanted.count);
    return status;
}
