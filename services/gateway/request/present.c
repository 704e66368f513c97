/* present.c: what a thing is now, for who was told that it has changed (412).
 *
 * Called where a 412 is answered. The thing is what the route's path names up
 * to its first {id}; its own GET is asked, so the caller sees what he may see
 * and nothing else. No such GET, or it answers anything but 200: there is
 * nothing to show, and the 412 says the version alone. The read model may be a
 * moment behind its owner: the state shown names its own version.
 */
#include "gateway/gateway.h"

#include <string.h>

#include "gateway/request/request.h"

/* The row that reads what `path` names, or NULL. */
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
