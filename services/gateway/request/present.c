/* present.c: the present state of a thing, for the answer 412.
 *
 * The thing is named by the route's path up to its first {id}. Its own GET is
 * called, so the caller sees only what they may see. Without such a GET, or if
 * it does not answer 200, the 412 names the version alone. The read model may
 * be a moment late: the state names its own version.
 */
#include "gateway/gateway.h"

#include <string.h>

#include "gateway/request/request.h"

/* The route that reads the thing of `path`, or NULL. */
static const struct http_route *
reading_route(const char *path)
{
    const char *id = strstr(path, "{id}");
    size_t size = id == NULL ? 0 : (size_t)(id - path) + strlen("{id}");

    if (size == 0)
        return NULL;
    for (const struct http_route *r = gateway_routes; r->path != NULL; r++)
        if (strcmp(r->method, "GET") == 0 && strlen(r->path) == size &&
            strncmp(r->path, path, size) == 0)
            return r;
    return NULL;
}

json_t *
present_state(struct http_request *request, struct http_response *response)
{
    const struct http_route *asked = request->route;
    const struct http_route *reading =
        asked == NULL ? NULL : reading_route(asked->path);
    json_t *state = NULL;

    if (reading == NULL)
        return NULL;
    request->route = reading;
    reading->handle(request, response);
    request->route = asked;
    if (response->status == 200)
        state = json_loadb(response->body.data, response->body.size,
                           JSON_REJECT_DUPLICATES, NULL);
    bytes_clear(&response->body);
    response->status = 0;
    return state;
}
