/* The handlers behind the route table, one a route; each lives in a file of its
 * own name, in the folder of its subject. Only routes.c and tests include this.
 */
#pragma once

#include "chassis/http/http.h"

#define ROUTE(number, handle, ...) http_handler handle;
#include "gateway/routes.def"
#undef ROUTE
http_handler import_admit; /* 73, before the body */

/* What machines ask: no number, no sign-in. */
http_handler http_get_openapi;
http_handler http_get_api_catalog;

/* Gives every row the method and path of its rule; false, with the first
 * fault, where a row has no rule or a rule no row. Once, at start. */
bool routes_fill(char ret_error[256]);
/* Host command `routes`: number, method, path, query parameters, demands; a
 * route a line, tab-separated. */
int routes_print(int argc, char **argv);
