/* Health and metrics over HTTP, and announcing the port.
 *
 * /livez ignores database and broker, so that no process is restarted because
 * another one has a fault; /readyz says what the process can do now. Without
 * the broker the gateway still reads (200) and an owner does nothing (503).
 * Serves operators and tests.
 */
#include "chassis/http/health.h"

#include <stdio.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"
#include "chassis/base/process_metrics.h"
#include "chassis/base/notify.h"
#include "chassis/base/process.h"
#include "chassis/base/settings.h"

void
health_live(struct http_request *request, struct http_response *response)
{
    (void)request;
    bytes_add_text(&response->body, "{\"live\":true}");
    http_answer(response, 200);
}

static void
add_member(struct bytes *out, char before, const char *name, bool yes)
{
    bytes_add_char(out, before);
    bytes_add_json(out, name);
    bytes_add_text(out, yes ? ":true" : ":false");
}

void
health_ready(struct http_request *request, struct http_response *response)
{
    const char *reason;
    bool runs = process_is_ready(&reason);
    bool commands = runs && process_broker();
    bool reads = runs && process_reads();
    bool ready = reads || commands;

    (void)request;
    if (runs && !commands)
        reason = reads ? "The broker is away: reading goes on, commands are "
                         "accepted and wait."
                       : "The broker is away: commands wait.";
    add_member(&response->body, '{', "ready", ready);
    add_member(&response->body, ',', "reads", reads);
    add_member(&response->body, ',', "commands", commands);
    bytes_add_text(&response->body, ",\"reason\":");
    bytes_add_json(&response->body, reason);
    bytes_add_char(&response->body, '}');
    http_answer(response, ready ? 200 : 503);
}

void
health_metrics(struct http_request *request, struct http_response *response)
{
    (void)request;
    metrics_print(&response->body);
    process_metrics_print(&response->body);
    response->content_type = "text/plain; version=0.0.4; charset=utf-8";
    http_answer(response, 200);
}

const struct http_route health_routes[] = {
    {.method = "GET", .path = "/livez", .handle = health_live},
    {.method = "GET", .path = "/readyz", .handle = health_ready},
    {.method = "GET", .path = "/metrics", .handle = health_metrics},
    {.path = NULL},
};

static struct http_code_text
describe(const char *code, bool english)
{
    (void)english;
    if (strcmp(code, "NOT_FOUND") == 0)
        return (struct http_code_text){404, "Not found", "No such resource."};
    if (strcmp(code, "METHOD_NOT_ALLOWED") == 0)
        return (struct http_code_text){405, "Method not allowed",
                                       "See the Allow header."};
    return (struct http_code_text){400, "Bad request",
                                   "The request has no form known here."};
}

struct http_server *
health_start(char ret_error[256])
{
    struct http_options options = {
        .address = chassis_settings.listen_address,
        .port = (uint16_t)chassis_settings.listen_port,
        .routes = health_routes,
        .describe = describe,
        .body_max = 1024,
        .connection_max = 64,
        .connection_per_host_max = 32,
        .request_deadline = SECONDS(10),
        .idle_timeout = SECONDS(30),
    };

    return http_start(&options, ret_error);
}

/* Complete at once, for those who wait for the file. */
static bool
write_port(const char *path, int port)
{
    char other[4096];

    snprintf(other, sizeof other, "%s.new", path);
    FILE *file = fopen(other, "we");
    bool ok = file != NULL && fprintf(file, "%d\n", port) > 0;
    ok = file != NULL && fclose(file) == 0 && ok && rename(other, path) == 0;
    if (!ok)
        log_event(port_file_unwritable, log_str("path", path));
    return ok;
}

bool
health_announce(const struct http_server *server)
{
    const char *path = chassis_settings.port_file;

    log_event(listening, log_str("address", chassis_settings.listen_address),
              log_int("port", http_port(server)));
    if (path != NULL && path[0] != '\0' && !write_port(path, http_port(server)))
        return false;
    notify_manager("READY=1");
    return true;
}
