/* GET /metrics: numbers for the monitoring, on the port that everybody reaches.
 *
 * They show how busy the service is and who is refused, so only the networks of
 * METRICS_FROM read them; for anybody else the address does not exist. */
#include "gateway/routes.h"

#include <string.h>

#include "chassis/http/client.h"
#include "chassis/http/health.h"

#include "gateway/gateway.h"

static bool
may_read(const struct http_request *request)
{
    const char *text = request->client->address;
    struct http_networks networks;
    struct http_address address;

    return networks_parse(gateway_settings.metrics_from, &networks) == NULL &&
           address_parse(text, strlen(text), &address) &&
           networks_have(&networks, &address);
}

void
http_get_metrics(struct http_request *request, struct http_response *response)
{
    if (may_read(request))
        health_metrics(request, response);
    else
        http_problem(request, response, "NOT_FOUND", NULL, 0);
}
