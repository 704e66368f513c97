/* A client that sends bytes as they are, for tests of requests that no library
 * would send. Every wait ends after RAW_PATIENCE; nothing sleeps. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RAW_PATIENCE_MS = 10000, RAW_ANSWER_MAX = 256 * 1024 };

struct raw_answer {
    int status;    /* of the first response; 0: none came */
    int responses; /* status lines seen */
    bool closed;   /* the server closed the connection */
    size_t size;
    const char *body; /* after the first header block, or "" */
    char text[RAW_ANSWER_MAX + 1];
};

/* A connection to 127.0.0.1; aborts the test when there is none. */
int raw_open(uint16_t port);
/* The same from another address of the loopback network, 127.x.y.z. */
int raw_open_from(const char *from, uint16_t port);
void raw_send(int connection, const void *bytes, size_t size);
void raw_text(int connection, const char *text);
/* Reads one response: its headers and as much body as they promise (none
 * after a HEAD request). */
void raw_read(int connection, bool head, struct raw_answer *ret_answer);
/* Reads until the server closes. */
void raw_read_all(int connection, struct raw_answer *ret_answer);
/* The value of a header of the first response, or NULL; valid until the next
 * call. */
const char *raw_header(const struct raw_answer *answer, const char *name);
/* Fails the test unless the answer is a problem with this code. */
void raw_insist_problem(const struct raw_answer *answer, const char *code);
