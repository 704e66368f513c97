/* The server the HTTP tests talk to: a few routes, short deadlines. */
#pragma once

#include <stdatomic.h>

#include "chassis/http/http.h"

extern struct http_server *fixture_server;
extern _Atomic int fixture_handled; /* handlers that ran */

/* cmocka's set-up and tear-down of a group. */
int fixture_start(void **state);
int fixture_stop(void **state);
