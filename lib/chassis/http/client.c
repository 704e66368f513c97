/* Addresses, networks, and the list that proxies write (RFC 7239).
 *
 * The list is read from its right end, because a trusted proxy wrote only that;
 * the client may have written everything to the left. A quoted text with a
 * comma is malformed: no address has one, and a client could hide the proxy's
 * item in an open quote.
 */
#include "chassis/http/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "chassis/base/shares.h"

enum {
    MAPPED_BITS = 96, /* ::ffff:0:0/96 */
    HOPS_MAX = 16,    /* of one request through trusted proxies */
};

_Static_assert((int)CLIENT_TEXT == (int)INET6_ADDRSTRLEN + 4, "fits all");

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool
is_ipv4(const struct http_address *address)
{
    return memcmp(address->bytes, mapped, sizeof(mapped)) == 0;
}

bool
address_parse(const char *text, size_t size, struct http_address *ret_address)
{
    char copy[INET6_ADDRSTRLEN];
    struct in_addr v4;

    if (size >= sizeof(copy) || memchr(text, '\0', size) != NULL)
        return false;
    memcpy(copy, text, size);
    copy[size] = '\0';
    if (inet_pton(AF_INET, copy, &v4) == 1) {
        memcpy(ret_address->bytes, mapped, sizeof(mapped));
        memcpy(ret_address->bytes + sizeof(mapped), &v4, sizeof(v4));
        return true;
    }
    return inet_pton(AF_INET6, copy, ret_address->bytes) == 1;
}

bool
address_of_socket(const struct sockaddr *peer, struct http_address *ret_address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (peer != NULL && peer->sa_family == AF_INET) {
        memcpy(&v4, peer, sizeof(v4));
        memcpy(ret_address->bytes, mapped, sizeof(mapped));
        memcpy(ret_address->bytes + sizeof(mapped), &v4.sin_addr, 4);
        return true;
    }
    if (peer != NULL && peer->sa_family == AF_INET6) {
        memcpy(&v6, peer, sizeof(v6));
        memcpy(ret_address->bytes, &v6.sin6_addr, 16);
        return true;
    }
    return false;
}

/* The address with all bits after the prefix 0. */
static struct http_address
masked(const struct http_address *address, unsigned prefix)
{
    struct http_address out = *address;

    for (unsigned i = 0; i < sizeof(out.bytes); i++) {
        unsigned kept = prefix <= 8 * i ? 0 : prefix - 8 * i;
        if (kept < 8)
            out.bytes[i] &= (uint8_t)(0xff00u >> kept);
    }
    return out;
}

/* --- networks ----------------------------------------------------------- */

/* "10.0.0.0/8"; without a prefix the one address. */
static bool
read_network(const char *text, size_t size, struct http_address *ret_address,
             uint8_t *ret_prefix)
{
    const char *slash = memchr(text, '/', size);
    size_t address_size = slash == NULL ? size : (size_t)(slash - text);
    if (!address_parse(text, address_size, ret_address))
        return false;

    /* A dotted address counts its 32 bits, also if it is written mapped. */
    bool dotted = memchr(text, ':', address_size) == NULL;
    unsigned bits = dotted ? 128 - MAPPED_BITS : 128;
    unsigned prefix = bits;
    if (slash != NULL) {
        size_t digits = size - address_size - 1;
        if (digits == 0 || digits > 3 ||
            strspn(slash + 1, "0123456789") < digits)
            return false;
        prefix = (unsigned)strtoul(slash + 1, NULL, 10);
        if (prefix > bits)
            return false;
    }
    *ret_prefix = (uint8_t)(prefix + (128 - bits));
    struct http_address network = masked(ret_address, *ret_prefix);
    return memcmp(&network, ret_address, sizeof(network)) == 0;
}

const char *
networks_parse(const char *list, struct http_networks *ret_networks)
{
    static _Thread_local char bad[CLIENT_TEXT];
    const char *at = list + strspn(list, ", \t");

    *ret_networks = (struct http_networks){0};
    while (*at != '\0') {
        size_t size = strcspn(at, ", \t");
        size_t row = ret_networks->count;
        if (row == NETWORKS_MAX ||
            !read_network(at, size, &ret_networks->rows[row].address,
                          &ret_networks->rows[row].prefix)) {
            snprintf(bad, sizeof(bad), "%.*s", (int)size, at);
            return bad;
        }
        ret_networks->count++;
        at += size;
        at += strspn(at, ", \t");
    }
    return NULL;
}

bool
networks_have(const struct http_networks *networks,
              const struct http_address *address)
{
    for (size_t i = 0; i < networks->count; i++) {
        struct http_address network = masked(address, networks->rows[i].prefix);
        if (memcmp(&network, &networks->rows[i].address, sizeof(network)) == 0)
            return true;
    }
    return false;
}

/* --- a client's names --------------------------------------------------- */

/* "192.0.2.0/24"; without "/…" where the prefix is the whole address. */
static void
write_network(const struct http_address *address, unsigned prefix,
              char ret_text[CLIENT_TEXT])
{
    char text[INET6_ADDRSTRLEN] = "?";
    bool v4 = is_ipv4(address);
    struct http_address network =
        masked(address, v4 ? prefix + MAPPED_BITS : prefix);

    inet_ntop(v4 ? AF_INET : AF_INET6,
              network.bytes + (v4 ? sizeof(mapped) : 0), text, sizeof(text));
    if (prefix == (v4 ? 32 : 128))
        snprintf(ret_text, CLIENT_TEXT, "%s", text);
    else
        snprintf(ret_text, CLIENT_TEXT, "%s/%u", text, prefix);
}

void
client_name(const struct http_address *address, struct http_client *ret_client)
{
    struct http_client client = {.address = "?", .host = "?", .network = "?"};

    if (address != NULL) {
        bool v4 = is_ipv4(address);
        write_network(address, v4 ? 32 : 128, client.address);
        write_network(address, v4 ? 32 : 64, client.host);
        write_network(address, v4 ? 24 : 48, client.network);
    }
    client.host_key = share_key(client.host);
    client.network_key = share_key(client.network);
    *ret_client = client;
}

/* --- the list of proxies ------------------------------------------------ */

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Takes blanks off both ends. */
static void
trim(const char **text, size_t *size)
{
    while (*size > 0 && is_blank((*text)[0])) {
        (*text)++;
        (*size)--;
    }
    while (*size > 0 && is_blank((*text)[*size - 1]))
        (*size)--;
}

/* "192.0.2.7", "192.0.2.7:80", "2001:db8::7", "[2001:db8::7]:80". */
static bool
read_node(const char *text, size_t size, struct http_address *ret_address)
{
    const char *port = NULL;

    if (size > 0 && text[0] == '[') {
        const char *end = memchr(text, ']', size);
        if (end == NULL || memchr(text, ':', (size_t)(end - text)) == NULL)
            return false;
        port = end + 1;
        if (!address_parse(text + 1, (size_t)(end - text) - 1, ret_address))
            return false;
    } else {
        const char *colon = memchr(text, ':', size);
        bool one =
            colon != NULL &&
            memchr(colon + 1, ':', size - (size_t)(colon + 1 - text)) == NULL;
        port = one ? colon : text + size;
        if (!address_parse(text, (size_t)(port - text), ret_address))
            return false;
    }
    size_t left = size - (size_t)(port - text);
    if (left == 0)
        return true;
    return port[0] == ':' && left >= 2 && left <= 6 &&
           strspn(port + 1, "0123456789") >= left - 1;
}

/* The value of `for=` in one element of Forwarded, without its quotes. */
static bool
find_for(const char **text, size_t *size)
{
    const char *at = *text;
    const char *end = at + *size;
    bool found = false;

    while (at < end) {
        const char *next = memchr(at, ';', (size_t)(end - at));
        const char *pair = at;
        size_t left = (size_t)((next == NULL ? end : next) - at);
        at = next == NULL ? end : next + 1;
        trim(&pair, &left);
        if (left < 4 || strncasecmp(pair, "for=", 4) != 0)
            continue;
        if (found)
            return false; /* given twice */
        found = true;
        *text = pair + 4;
        *size = left - 4;
    }
    if (!found)
        return false;
    const char *value = *text;
    bool quoted = *size > 0 && value[0] == '"';
    if (quoted && (*size < 2 || value[*size - 1] != '"'))
        return false;
    *text += quoted;
    *size -= quoted ? 2 : 0;
    return true;
}

bool
client_forwarded(enum client_header header, const char *list,
                 const struct http_networks *proxies,
                 struct http_address *ret_address)
{
    size_t end = strlen(list);

    for (int hop = 0; hop < HOPS_MAX; hop++) {
        size_t begin = end;
        while (begin > 0 && list[begin - 1] != ',')
            begin--;
        const char *item = list + begin;
        size_t size = end - begin;
        trim(&item, &size);
        if (header == CLIENT_FORWARDED && !find_for(&item, &size))
            return false;
        if (!read_node(item, size, ret_address))
            return false;
        if (!networks_have(proxies, ret_address))
            return true;
        if (begin == 0)
            return false; /* proxies only */
        end = begin - 1;
    }
    return false;
}
