/* Fuzzer of how a request is framed: the gate against two other readers.
 *
 * `strict_*` knows RFC 9112 alone and reads the bytes as they come. `library_*`
 * does to a header block what libmicrohttpd does to it (a line ends with a bare
 * LF, too; NUL for the first colon and the line ends), which is what the gate
 * reads. A block passes the gate if and only if the strict reader takes it, and
 * both know the same lengths. Chunks pass in no form. The first byte picks what
 * is tried.
 */
#include <stdio.h>
#include <strings.h>

#include "chassis/http/http_internal.h"

#include "tests/fuzz/fuzz.h"

/* --- RFC 9112, by the letter -------------------------------------------- */

struct framing {
    size_t headers, hosts, lengths, encodings;
    unsigned long long length;
};

static bool
strict_token(unsigned char c)
{
    return c > 0x20 && c < 0x7f && strchr("\"(),/:;<=>?@[\\]{}", c) == NULL;
}

/* DIGIT+, as few as fit in 64 bits. */
static bool
strict_length(const char *text, size_t size, unsigned long long *ret_length)
{
    *ret_length = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *ret_length = *ret_length * 10 + (unsigned)(text[i] - '0');
    }
    return size > 0 && size <= 18;
}

static bool
strict_note(struct framing *framing, const char *name, size_t name_size,
            const char *value, size_t size)
{
    framing->headers++;
    if (name_size == 4 && strncasecmp(name, "host", 4) == 0)
        framing->hosts++;
    if (name_size == 17 && strncasecmp(name, "transfer-encoding", 17) == 0)
        framing->encodings++;
    if (name_size != 14 || strncasecmp(name, "content-length", 14) != 0)
        return true;
    framing->lengths++;
    return strict_length(value, size, &framing->length);
}

/* field-name ":" OWS field-value OWS, without its CRLF. */
static bool
strict_line(struct framing *framing, const char *line, size_t size)
{
    size_t name = 0;
    while (name < size && strict_token((unsigned char)line[name]))
        name++;
    if (name == 0 || name == size || line[name] != ':')
        return false;
    for (size_t i = name + 1; i < size; i++) {
        unsigned char c = (unsigned char)line[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    const char *value = line + name + 1;
    const char *end = line + size;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return strict_note(framing, line, name, value, (size_t)(end - value));
}

/* Lines with CRLF, the last one empty, nothing after it. */
static bool
strict_block(const char *bytes, size_t size, struct framing *ret_framing)
{
    size_t at = 0;

    *ret_framing = (struct framing){0};
    for (;;) {
        size_t end = at;
        while (end + 1 < size && (bytes[end] != '\r' || bytes[end + 1] != '\n'))
            end++;
        if (end + 1 >= size)
            return false;
        if (end == at)
            return end + 2 == size;
        if (!strict_line(ret_framing, bytes + at, end - at))
            return false;
        at = end + 2;
    }
}

/* --- the library --------------------------------------------------------- */

/* Reads the lines in place and finds where the headers begin. False: it refuses
 * a line by itself, or there are more than LINES_MAX. */
enum { LINES_MAX = 64 };

static bool
library_lines(char *bytes, size_t size, const char *ret_names[LINES_MAX],
              size_t *ret_headers)
{
    size_t at = 0;

    *ret_headers = 0;
    while (at < size) {
        char *end = memchr(bytes + at, '\n', size - at);
        if (end == NULL)
            return false;
        char *stop = end > bytes + at && end[-1] == '\r' ? end - 1 : end;
        bool empty = stop == bytes + at;
        *end = '\0';
        *stop = '\0';
        char *colon = strchr(bytes + at, ':');
        if (!empty && colon == NULL)
            return false;
        if (colon != NULL)
            *colon = '\0';
        if (!empty && *ret_headers == LINES_MAX)
            return false;
        if (!empty)
            ret_names[(*ret_headers)++] = bytes + at;
        at = (size_t)(end - bytes) + 1;
        if (empty)
            return at == size; /* the rest is the body */
    }
    return false;
}

/* The library writes NUL over line ends, so a NUL that came right before one
 * cannot be seen any more: "\0\r\n\n" is "\r\n\r\n" to the gate. Known, and
 * left: a block that ends so ends at the same byte for both readers. */
static bool
hides_nul(const char *bytes, size_t size)
{
    for (size_t i = 1; i < size; i++)
        if (bytes[i - 1] == '\0' && (bytes[i] == '\r' || bytes[i] == '\n'))
            return true;
    return false;
}

/* The gate walks over the block by the library's names. */
static bool
same_lines(const char *block, size_t size, const char *const *names,
           size_t headers)
{
    const char *at = block;

    for (size_t i = 0; i < headers; i++)
        if (!gate_line_is(&at, block + size, names[i]))
            return false;
    return true;
}

static void
try_block(const char *bytes, size_t size)
{
    const char *names[LINES_MAX];
    struct framing strict;
    struct gate_facts facts = {0};
    size_t headers = 0;
    bool fit = strict_block(bytes, size, &strict);
    if (hides_nul(bytes, size) || strict.headers > LINES_MAX)
        return;

    /* The end of the request line stands before the block. */
    char *copy = malloc(size + 2);
    insist(copy != NULL);
    memcpy(copy + 2, bytes, size);
    copy[0] = copy[1] = '\0';
    bool passes = library_lines(copy + 2, size, names, &headers) &&
                  gate_block(copy, size + 2, &facts) == NULL &&
                  same_lines(copy + 2, size, names, headers) &&
                  (size_t)facts.headers == headers;
    free(copy);

    insist(passes == fit);
    if (!passes)
        return;
    insist((size_t)facts.headers == strict.headers);
    insist((size_t)facts.hosts == strict.hosts);
    insist((size_t)facts.content_lengths == strict.lengths);
    insist((size_t)facts.transfer_encodings == strict.encodings);
    insist(strict.lengths == 0 || facts.content_length == strict.length);
    bool plain =
        strict.hosts == 1 && strict.lengths <= 1 && strict.encodings == 0;
    insist((gate_facts_check(&facts, true) == NULL) == plain);
    insist((gate_facts_check(&facts, false) == NULL) == plain);
}

/* --- the first line ------------------------------------------------------ */

/* method SP target SP "HTTP/1." DIGIT CRLF, after at most one empty line. */
static bool
strict_first_line(const char *bytes, size_t size, size_t *ret_end)
{
    size_t at = size >= 2 && bytes[0] == '\r' && bytes[1] == '\n' ? 2 : 0;
    size_t begin = at;

    while (at < size && strict_token((unsigned char)bytes[at]))
        at++;
    if (at == begin || at == size || bytes[at++] != ' ')
        return false;
    begin = at;
    while (at < size && bytes[at] != ' ' && bytes[at] != '\n')
        at++;
    if (at == begin || size - at < 11 || bytes[at] != ' ')
        return false;
    *ret_end = at + 11;
    return memcmp(bytes + at + 1, "HTTP/1.", 7) == 0 && bytes[at + 8] >= '0' &&
           bytes[at + 8] <= '9' && memcmp(bytes + at + 9, "\r\n", 2) == 0;
}

static void
try_first_line(const char *bytes, size_t size)
{
    bool whole = false;
    size_t end = 0;
    bool fit = strict_first_line(bytes, size, &end);
    const char *code = first_line_check(bytes, size, &whole);

    insist(whole == fit || size > FIRST_LINE_ROOM);
    if (!whole)
        return;
    insist(code == NULL);
    /* Piece by piece it is never refused, and not whole too early. */
    for (size_t part = 0; part < end; part++) {
        insist(first_line_check(bytes, part, &whole) == NULL);
        insist(!whole);
    }
}

/* --- the list of proxies ------------------------------------------------- */

static void
insist_client(const char *text, enum client_header header, const char *item)
{
    struct http_networks proxies;
    struct http_address found;
    struct http_client named;
    size_t size = strlen(text) + strlen(item) + 2;
    char *list = malloc(size);

    insist(list != NULL && networks_parse("10.0.0.0/8 ::1", &proxies) == NULL);
    if (client_forwarded(header, text, &proxies, &found))
        insist(!networks_have(&proxies, &found));
    /* The proxy's own item counts, whatever a client wrote. */
    snprintf(list, size, "%s,%s", text, item);
    insist(client_forwarded(header, list, &proxies, &found));
    client_name(&found, &named);
    insist(strcmp(named.address, "203.0.113.9") == 0);
    free(list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    size_t size = n - 1;
    char *text = fuzz_text(data + 1, size);
    /* Without a NUL, so that the sanitizer sees each byte too far. */
    char *bytes = malloc(size > 0 ? size : 1);
    insist(bytes != NULL);
    memcpy(bytes, data + 1, size);

    if (data[0] % 3 == 0)
        try_block(bytes, size);
    else if (data[0] % 3 == 1)
        try_first_line(bytes, size);
    if (data[0] % 3 == 2) {
        insist_client(text, CLIENT_X_FORWARDED_FOR, "203.0.113.9");
        insist_client(text, CLIENT_FORWARDED, "for=203.0.113.9;proto=https");
    }
    free(bytes);
    free(text);
    return 0;
}
