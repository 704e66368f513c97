/* The gate: refuses requests that two programs could read differently.
 *
 * Called once per request, when its headers are complete and before its body is
 * read or a handler runs. The library accepts two lengths, a length beside
 * chunks, bare CR and LF, NUL and folded lines; each of them can hide a second
 * request inside the first. So the header block is read a second time here,
 * from the library's own memory, and anything that is not plainly `name: value
 * CRLF` is refused.
 */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "chassis/http/http_internal.h"

enum { CONTENT_LENGTH_DIGITS = 18 };

static bool
is_token_char(char c)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
        (c >= 'a' && c <= 'z'))
        return true;
    return c != '\0' && strchr(others, c) != NULL;
}

static bool
is_value_char(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

/* Digits only; anything else is not a length. */
static bool
read_length(const char *value, size_t size, uint64_t *ret_length)
{
    if (size == 0 || size > CONTENT_LENGTH_DIGITS)
        return false;

    uint64_t length = 0;
    for (size_t i = 0; i < size; i++) {
        if (value[i] < '0' || value[i] > '9')
            return false;
        length = length * 10 + (uint64_t)(value[i] - '0');
    }
    *ret_length = length;
    return true;
}

/* Notes the headers that frame a request. NULL, or the code. */
static const char *
note_header(const char *name, const char *value, size_t value_size,
            struct gate_facts *facts)
{
    facts->headers++;
    if (strcasecmp(name, "host") == 0) {
        facts->hosts++;
    } else if (strcasecmp(name, "content-length") == 0) {
        facts->content_lengths++;
        if (!read_length(value, value_size, &facts->content_length))
            return "BAD_FRAMING";
    } else if (strcasecmp(name, "transfer-encoding") == 0) {
        facts->transfer_encodings++;
        facts->chunked =
            value_size == 7 && strncasecmp(value, "chunked", 7) == 0;
    } else if (strcasecmp(name, "expect") == 0) {
        facts->expects = true;
    }
    return NULL;
}

/* One line `name NUL blanks value NUL NUL`; moves `at` past it. */
static const char *
read_line(const char **at, const char *end, struct gate_facts *facts)
{
    const char *name = *at;
    const char *p = name;
    while (p < end && is_token_char(*p))
        p++;
    if (p == name || p == end || *p != '\0')
        return "BAD_FRAMING";
    p++;
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;

    const char *value = p;
    while (p < end && is_value_char(*p))
        p++;
    if (end - p < 2 || p[0] != '\0' || p[1] != '\0')
        return "BAD_FRAMING";
    *at = p + 2;
    while (p > value && (p[-1] == ' ' || p[-1] == '\t'))
        p--;
    return note_header(name, value, (size_t)(p - value), facts);
}

const char *
gate_block(const char *block, size_t size, struct gate_facts *ret_facts)
{
    const char *at = block;
    const char *end = block + size;
    struct gate_facts facts = {0};

    if (size < 2 || at[0] != '\0' || at[1] != '\0')
        return "BAD_FRAMING"; /* the request line did not end with CRLF */
    at += 2;
    while (end - at > 2) {
        const char *code = read_line(&at, end, &facts);
        if (code != NULL)
            return code;
    }
    if (end - at != 2 || at[0] != '\0' || at[1] != '\0')
        return "BAD_FRAMING";
    *ret_facts = facts;
    return NULL;
}

bool
gate_line_is(const char **at, const char *end, const char *name)
{
    struct gate_facts facts = {0};

    return *at == name && read_line(at, end, &facts) == NULL;
}

const char *
gate_target(const char *uri, size_t size)
{
    if (size > HTTP_URI_MAX)
        return "URI_TOO_LONG";
    if (size == 0 || uri[0] != '/')
        return "BAD_FRAMING";
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)uri[i];
        if (byte <= 0x20 || byte >= 0x7f || byte == '#' || byte == '\\')
            return "BAD_FRAMING";
    }
    return NULL;
}

/* A body needs Content-Length: chunks are read in too many ways (a program
 * before this one may take a bare LF for the end of a line). */
const char *
gate_facts_check(const struct gate_facts *facts, bool http_1_1)
{
    if (facts->hosts != 1 || facts->content_lengths > 1 ||
        facts->transfer_encodings > 1)
        return "BAD_FRAMING";
    if (facts->transfer_encodings == 0)
        return NULL;
    bool plain = facts->chunked && facts->content_lengths == 0 && http_1_1;
    return plain ? "LENGTH_REQUIRED" : "BAD_FRAMING";
}

/* The bytes from after the version to the end of the headers; NULL when they
 * do not add up. */
static const char *
header_block(const struct http_connection *connection, size_t *ret_size)
{
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(
        connection->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    const char *method = connection->info->request->http_verb;
    if (size == NULL || method == NULL)
        return NULL;

    /* method, blank, target, blank, "HTTP/1.1" */
    size_t line = strlen(method) + 1 + connection->uri_size + 1 + 8;
    if (size->header_size < line)
        return NULL;
    *ret_size = size->header_size - line;
    return connection->uri + connection->uri_size + 1 + 8;
}

/* Walks over the lines as the library names its headers. */
struct walk {
    const char *at, *end;
    bool same;
    const char *const *single; /* the service's headers of one value */
    struct gate_seen seen;
};

/* Two programs may take different ones of two values. `host` and
 * `content-length` are counted above; lists may come in several lines. */
static const char *const single_headers[] = {
    "Authorization", "Content-Type", "Content-Encoding", "Cookie", NULL};

static bool
seen_again(const char *const *names, const char *name, uint32_t *seen)
{
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        if (strcasecmp(names[i], name) != 0)
            continue;
        uint32_t bit = UINT32_C(1) << i;
        bool again = (*seen & bit) != 0;
        *seen |= bit;
        return again;
    }
    return false;
}

bool
gate_header_again(const char *const *single, const char *name,
                  struct gate_seen *seen)
{
    return seen_again(single_headers, name, &seen->own) ||
           seen_again(single, name, &seen->service);
}

static enum MHD_Result
step(void *walk_, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct walk *walk = walk_;
    (void)kind, (void)value;

    if (gate_header_again(walk->single, name, &walk->seen))
        walk->seen.again = true;
    walk->same = walk->same && gate_line_is(&walk->at, walk->end, name);
    return walk->same ? MHD_YES : MHD_NO;
}

static const char *
check(const struct http_connection *connection, struct gate_facts *ret_facts)
{
    size_t size = 0;

    const char *block = header_block(connection, &size);
    if (block == NULL)
        return "BAD_FRAMING";
    if (size > HTTP_HEADERS_MAX)
        return "HEADERS_TOO_LARGE";

    const char *code = gate_block(block, size, ret_facts);
    if (code != NULL)
        return code;
    /* Compared with the library's headers, because a NUL of the client's looks
     * like one that the library wrote. */
    struct walk walk = {.at = block + 2,
                        .end = block + size,
                        .same = true,
                        .single = connection->server->options.single_headers};
    int seen = MHD_get_connection_values(connection->mhd, MHD_HEADER_KIND, step,
                                         &walk);
    if (!walk.same || seen != ret_facts->headers)
        return "BAD_FRAMING";
    code = gate_facts_check(ret_facts, block[-1] == '1');
    return code == NULL && walk.seen.again ? "REPEATED_HEADER" : code;
}

void
gate_run(struct http_connection *connection)
{
    struct gate_facts facts = {0};
    bool answered = false;

    const char *code = check(connection, &facts);
    if (code == NULL)
        code = http_admit(connection, &facts, &answered);
    if (code != NULL && !answered)
        http_connection_refuse(connection, code);
}
