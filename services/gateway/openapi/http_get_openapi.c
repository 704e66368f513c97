/* http_get_openapi: the OpenAPI 3.1 document of these routes, and the place
 * where catalogs look for it (RFC 9727). The build makes it from openapi.yaml
 * beside this file; a test compares it with the route table. No sign-in. */
#include "gateway/routes.h"

#include "gateway_openapi.h"

void
http_get_openapi(struct http_request *request, struct http_response *response)
{
    (void)request;
    bytes_add(&response->body, openapi_json, sizeof openapi_json - 1);
    response->content_type = "application/openapi+json;version=3.1";
    http_answer(response, 200);
}

void
http_get_api_catalog(struct http_request *request,
                     struct http_response *response)
{
    static const char catalog[] =
        "{\"linkset\":[{\"anchor\":\"/v1\",\"service-desc\":[{\"href\":"
        "\"/openapi.json\",\"type\":\"application/openapi+json;version=3.1\"}],"
        "\"status\":[{\"href\":\"/readyz\",\"type\":\"application/json\"}]}]}";

    (void)request;
    bytes_add(&response->body, catalog, sizeof catalog - 1);
    response->content_type =
        "application/linkset+json;"
        "profile=\"https://www.rfc-editor.org/info/rfc9727\"";
    http_answer(response, 200);
}
