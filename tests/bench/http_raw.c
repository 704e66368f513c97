/* What does the chassis' HTTP server cost above the bare library?
 *
 * `http_raw raw [SIZE]` answers every request with a static JSON of SIZE (300)
 * bytes by libmicrohttpd alone, `http_raw chassis [SIZE]` the same through
 * lib/chassis/http, both with one thread per connection. Prints "listening
 * <port>", serves until its standard input ends. `make bench` holds reads and
 * lists against it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include <microhttpd.h>

#include "attributes.h"
#include "chassis/base/clock.h"
#include "chassis/http/http.h"
#include "chassis/base/log.h"

enum { BODY_MIN = 16, BODY_SIZE = 300, BODY_MAX = 1 << 18, CONNECTIONS = 2048 };

static char body[BODY_MAX];
static size_t body_size = BODY_SIZE;

static enum MHD_Result
answer_raw(void *response, struct MHD_Connection *connection, const char *url,
           const char *method, const char *version, const char *upload,
           size_t *upload_size, void **context)
{
    static int seen;
    (void)url, (void)method, (void)version, (void)upload, (void)upload_size;

    if (*context == NULL) { /* headers only, as the library wants it */
        *context = &seen;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, response);
}

static void
answer_chassis(struct http_request *request, struct http_response *response)
{
    (void)request;
    bytes_add(&response->body, body, body_size);
    http_set_header(response, "ETag", "\"7\"");
    http_answer(response, 200);
}

static void
serve(unsigned port)
{
    printf("listening %u\n", port);
    fflush(stdout);
    while (getchar() != EOF)
        continue;
}

static int
run_raw(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body_size, body, MHD_RESPMEM_PERSISTENT);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    MHD_add_response_header(response, "Content-Type", "application/json");
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
            MHD_USE_POLL,
        0, NULL, NULL, answer_raw, response, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS, MHD_OPTION_END);
    if (daemon == NULL)
        return 1;
    serve(MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    MHD_stop_daemon(daemon);
    MHD_destroy_response(response);
    return 0;
}

static int
run_chassis(void)
{
    static const struct http_route routes[] = {
        {.method = "GET", .path = "/v1/teachers", .handle = answer_chassis},
        {.method = "GET",
         .path = "/v1/teachers/{id}",
         .handle = answer_chassis},
        {.path = NULL},
    };
    struct http_options options = {.address = "127.0.0.1",
                                   .routes = routes,
                                   .connection_max = CONNECTIONS};
    char error[256];
    struct http_server *server = http_start(&options, error);
    if (server == NULL) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    serve(http_port(server));
    http_stop(server, clock_monotonic() + SECONDS(5));
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc == 3)
        body_size = strtoul(argv[2], NULL, 10);
    if (body_size < BODY_MIN || body_size > BODY_MAX) {
        fprintf(stderr, "http_raw: %zu bytes are too few or too many\n",
                body_size);
        return 2;
    }
    memset(body, 'a', body_size);
    memcpy(body, "{\"text\":\"", 9);
    memcpy(body + body_size - 2, "\"}", 2);
    if (!log_open("http_raw", "info"))
        return 1;
    if (argc > 1 && strcmp(argv[1], "raw") == 0)
        return run_raw();
    if (argc > 1 && strcmp(argv[1], "chassis") == 0)
        return run_chassis();
    fprintf(stderr, "usage: http_raw raw|chassis [SIZE]\n");
    return 2;
}
