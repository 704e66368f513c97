/* Host command found-platform: the first start of an installation.
 *
 * Makes the platform, its first CHIEF and the code tables. Prints a ticket with
 * which the CHIEF sets their password (route 60). Ids are derived from the
 * arguments, so the same command may be repeated. It makes nothing twice, and
 * prints a new ticket until one is redeemed. Impossible over HTTP. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "chassis/base/clock.h"

#include "rules/fold.h"
#include "rules/organization.h"
#include "rules/refusals.h"
#include "rules/text.h"
#include "rules/role.h"

#include "gateway/gateway.h"
#include "gateway/identity/founding.h"
#include "gateway/identity/identity.h"
#include "gateway/request/pool.h"
#include "gateway/sessions/sessions.h"

#include "inservice/account/v1/commands.pb-c.h"
#include "inservice/common/v1/order.pb-c.h"

typedef Inservice__Account__V1__FoundPlatform FoundPlatform;

#define ANSWER_WITHIN SECONDS(60)

struct founding {
    const char *code, *name, *holder, *id_number, *email, *login, *phone;
    char folded[LOGIN_LENGTH_MAX + 1];
    char code_form[ORGANIZATION_CODE_SIZE]; /* of `code`, in its stored form */
    struct identity_number number;
    char person_id[UUID_TEXT];
    char account_id[UUID_TEXT];
};

static int
usage(void)
{
    fputs("usage: gateway found-platform --code CODE --name NAME --holder NAME"
          "\n"
          "                              --email ADDRESS --login LOGIN"
          " [--phone NUMBER]\n"
          "  reads the holder's ID number from standard input,"
          " where no list of processes shows it;\n"
          "  makes the platform and its first CHIEF and prints their one-time"
          " ticket; the services\n"
          "  account and teacher must be running. May be repeated with the"
          " same values.\n",
          stderr);
    return 2;
}

static int
fail(const char *what, const char *detail)
{
    fprintf(stderr, "found-platform: %s%s%s\n", what,
            detail[0] != '\0' ? ": " : "", detail);
    return 1;
}

static bool
read_options(int argc, char **argv, struct founding *founding)
{
    static const struct option options[] = {
        {"code", required_argument, NULL, 'c'},
        {"name", required_argument, NULL, 'n'},
        {"holder", required_argument, NULL, 'h'},
        {"email", required_argument, NULL, 'e'},
        {"login", required_argument, NULL, 'l'},
        {"phone", required_argument, NULL, 'p'},
        {0},
    };
    const struct {
        int letter;
        const char **value;
    } places[] = {
        {'c', &founding->code},   {'n', &founding->name},
        {'h', &founding->holder}, {'e', &founding->email},
        {'l', &founding->login},  {'p', &founding->phone},
    };
    int letter;

    founding->phone = "";
    /* getopt skips the first word, a program's name. */
    while ((letter = getopt_long(argc + 1, argv - 1, "", options, NULL)) !=
           -1) {
        size_t i = 0;
        while (i < COUNT_OF(places) && places[i].letter != letter)
            i++;
        if (i == COUNT_OF(places))
            return false;
        *places[i].value = optarg;
    }
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        if (*places[i].value == NULL)
            return false;
    }
    return optind == argc + 1;
}

/* One line of standard input. */
static bool
read_number(struct founding *founding)
{
    static char line[64];

    if (isatty(STDIN_FILENO))
        fputs("ID number of the holder: ", stderr);
    if (fgets(line, sizeof line, stdin) == NULL)
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    founding->id_number = line;
    return true;
}

/* Returns NULL if all is well. */
static const char *
check(struct founding *founding)
{
    const char *const texts[] = {founding->code, founding->name,
                                 founding->holder, founding->phone};

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (!text_is_stored(texts[i], 0, TEXT_NAME_MAX))
            return "a text is too long or has characters that cannot be used";
    }
    if (!organization_code_read(founding->code, founding->code_form))
        return "--code has 1 to 16 letters, digits and hyphens";
    founding->code = founding->code_form;
    if (text_is_empty(founding->name) || text_is_empty(founding->holder))
        return "--name and --holder must not be empty";
    if (!fold_login(founding->login, founding->folded))
        return "--login: 3 to 32 letters, digits and . _ -";
    if (!email_shape_ok(founding->email))
        return "--email is no address";
    if (identity_read(founding->id_number, clock_now(), &founding->number) !=
        IDENTITY_OK)
        return "the ID number on standard input is not valid";
    return NULL;
}

static bool
resolve(struct db *db, struct founding *founding)
{
    struct identity identity;

    if (identity_resolve(db, &founding->number, clock_now(), &identity) !=
        DB_OK)
        return false;
    memcpy(founding->person_id, identity.person_id, UUID_TEXT);
    uuid_derive((const char *const[]){"found-platform account", founding->code,
                                      founding->person_id},
                3, founding->account_id);
    return true;
}

static FoundPlatform *
make_command(struct arena *arena, const struct founding *founding)
{
    FoundPlatform *command = ARENA_NEW(arena, FoundPlatform);

    inservice__account__v1__found_platform__init(command);
    command->code = arena_strdup(arena, founding->code);
    command->name = arena_strdup(arena, founding->name);
    command->account_id = arena_strdup(arena, founding->account_id);
    command->person_id = arena_strdup(arena, founding->person_id);
    command->holder = arena_strdup(arena, founding->holder);
    command->email = arena_strdup(arena, founding->email);
    command->login = arena_strdup(arena, founding->folded);
    command->phone = arena_strdup(arena, founding->phone);
    command->order = founding_order(
        arena, arena_printf(arena, "%s\n%s\n%s\n%s\n%s\n%s\n%s", command->code,
                            command->name, command->person_id, command->holder,
                            command->email, command->login, command->phone));
    return command;
}

static bool
has_password(struct db *db, const char *account_id, bool *ret_has)
{
    struct db_params params = {0};
    PGresult *row = NULL;

    db_uuid(&params, account_id);
    enum db_end end = db_query(db, "credential_find", &params, &row);
    db_params_free(&params);
    *ret_has = end == DB_OK && PQntuples(row) > 0;
    PQclear(row);
    return end == DB_OK;
}

/* After the owner's DONE, now or long ago. */
static int
give_ticket(struct db *db, const struct founding *founding)
{
    char token[SEAL_TOKEN_TEXT];
    bool has = false;
    const struct audit_entry entry = {
        .actor = "",
        .organization = founding->code,
        .client = "host",
        .what = "PLATFORM_FOUNDED",
        .subject = founding->account_id,
        .purpose = "found-platform",
        .result = "TICKET_PRINTED",
        .trace_id = "",
    };

    if (!has_password(db, founding->account_id, &has))
        return fail("the database does not answer", db_error(db));
    if (has)
        return fail("ALREADY_FOUNDED", "the first CHIEF has a password");
    if (audit_write(db, &entry) != DB_OK ||
        ticket_make(db, TICKET_ACTIVATE, founding->account_id, ACCOUNT_BUSINESS,
                    token) != DB_OK)
        return fail("the ticket was not written", db_error(db));
    printf("account %s\nlogin %s\nticket %s\n", founding->account_id,
           founding->folded, token);
    return 0;
}

static int
found(struct db *db, struct courier *courier, struct arena *arena,
      const struct founding *founding)
{
    const FoundPlatform *command = make_command(arena, founding);
    int64_t deadline = clock_monotonic() + ANSWER_WITHIN;
    const char *code = NULL;
    enum end end = courier_deliver(courier, "account", founding->code,
                                   &command->base, deadline, &code);

    if (end == REFUSED) {
        const struct refusal *refusal = refusal_find(code);
        return fail(code, refusal != NULL ? refusal->title_en : "");
    }
    if (end != DONE)
        return fail("the account service has not answered",
                    "is it running? repeat the command then");
    const char *tables = founding_seed_tables(courier, arena, deadline);
    int status = give_ticket(db, founding);
    if (tables != NULL)
        return fail("the code tables are not all there, repeat the command",
                    tables);
    return status;
}

static int
found_with_database(struct founding *founding, struct db *db)
{
    struct arena *arena = arena_new(0);
    char error[256];
    int status;

    if (!resolve(db, founding)) {
        status = fail("the database does not answer", db_error(db));
    } else {
        struct courier *courier = courier_new(arena, error);
        status = courier != NULL ? found(db, courier, arena, founding)
                                 : fail("Kafka does not answer", error);
        courier_free(courier);
    }
    arena_free(arena);
    return status;
}

int
found_platform(int argc, char **argv)
{
    struct founding founding = {0};
    char error[256];

    if (!read_options(argc, argv, &founding) || !read_number(&founding))
        return usage();
    const char *wrong = check(&founding);
    if (wrong != NULL)
        return fail(wrong, "");
    if (!gateway_open(error))
        return fail("cannot start", error);
    struct db *db = pool_take(gateway.pool, clock_monotonic() + SECONDS(10));
    int status = db != NULL ? found_with_database(&founding, db)
                            : fail("the database does not answer", "");
    if (db != NULL)
        pool_give(gateway.pool, db);
    gateway_close();
    return status;
}
