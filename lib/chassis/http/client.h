/* The sender of a request, as the network shows it: the client's address and
 * the networks that contain it.
 *
 * The HTTP server fills one for each connection and, if the peer is a trusted
 * proxy, one for each request. Limits count by `host` and `network`, logs and
 * the audit show `address`. An IPv4 address mapped into IPv6 is IPv4. Never
 * resolves a name.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

/* The longest IPv6 text (46 with its NUL) and "/128" after it. */
enum { CLIENT_TEXT = 50, NETWORKS_MAX = 64 };

struct sockaddr;

struct http_client {
    char address[CLIENT_TEXT]; /* "192.0.2.7", "2001:db8::7"; "?": unknown */
    char host[CLIENT_TEXT];    /* what one host owns: the IPv4 address itself,
                                  or the IPv6 /64 */
    char network[CLIENT_TEXT]; /* its neighbours: IPv4 /24 or IPv6 /48 */
    /* The same as keys of shares and buckets (chassis/base/shares.h). */
    uint64_t host_key, network_key;
};

/* 16 bytes; IPv4 stands in ::ffff:0:0/96. */
struct http_address {
    uint8_t bytes[16];
};

/* The networks of a list setting. */
struct http_networks {
    struct {
        struct http_address address;
        uint8_t prefix; /* of 128 bits */
    } rows[NETWORKS_MAX];
    size_t count;
};

/* "192.0.2.7", "2001:db8::7", "::ffff:192.0.2.7". False: no address. */
bool address_parse(const char *text, size_t size,
                   struct http_address *ret_address) WARN_UNUSED;
/* An IPv4 or IPv6 socket address; false: another family, or NULL. */
bool address_of_socket(const struct sockaddr *peer,
                       struct http_address *ret_address) WARN_UNUSED;
/* Addresses and networks ("10.0.0.0/8, 2001:db8::/32") with commas or blanks
 * between them. NULL, or the item at fault (static text): no network, or bits
 * set after the prefix, or more than NETWORKS_MAX. */
const char *networks_parse(const char *list,
                           struct http_networks *ret_networks) WARN_UNUSED;
bool networks_have(const struct http_networks *networks,
                   const struct http_address *address) WARN_UNUSED;

/* `address` NULL: unknown ("?"). */
void client_name(const struct http_address *address,
                 struct http_client *ret_client);
/* The header that a trusted proxy writes. */
enum client_header { CLIENT_X_FORWARDED_FOR, CLIENT_FORWARDED };
/* The rightmost address of the list that is not a trusted proxy's. `list` is
 * the header's value, repeated ones joined by commas. False if there is none,
 * or the list is malformed before it: then the peer counts. */
bool client_forwarded(enum client_header header, const char *list,
                      const struct http_networks *proxies,
                      struct http_address *ret_address) WARN_UNUSED;
