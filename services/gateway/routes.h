/* The handlers of the route table, one per route. Each has a file of its own
 * name, in the folder of its subject. Only routes.c and tests include this. */
#pragma once

#include "chassis/http/http.h"

#define ROUTE(number, handle, ...) http_handler handle;
#include "gateway/routes.def"
#undef ROUTE
http_handler import_admit; /* 73, before the body */

/* Requests of machines: no number, no sign-in. */
http_handler http_get_metrics;
http_handler http_get_openapi;
http_handler http_get_api_catalog;

/* Gives every row the method and path of its rule. Returns false, with the
 * first fault, if a row has no rule or a rule has no row. Call it once, at
 * start. */
bool routes_fill(char ret_error[256]);
/* Host command `routes`: number, method, path, query parameters, demands. One
 * route per line, tab-separated. */
int routes_print(int argc, char **argv);
