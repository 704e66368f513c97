/* The client's address: networks, lists of proxies, the names that are counted
 * and what a handler sees over real sockets.
 */
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "attributes.h"
#include "chassis/http/client.h"

#include "http_fixture.h"
#include "raw_client.h"

static struct http_networks
networks(const char *list)
{
    struct http_networks out;
    const char *bad = networks_parse(list, &out);
    if (bad != NULL)
        fail_msg("%s: %s", list, bad);
    return out;
}

static struct http_client
client(const char *text)
{
    struct http_address address;
    struct http_client out;
    if (!address_parse(text, strlen(text), &address))
        fail_msg("no address: %s", text);
    client_name(&address, &out);
    return out;
}

/* One IPv6 host has a /64. */
static void
test_s15_names_that_are_counted(void **state)
{
    static const struct {
        const char *text, *address, *host, *network;
    } cases[] = {
        {"192.0.2.77", "192.0.2.77", "192.0.2.77", "192.0.2.0/24"},
        {"::ffff:192.0.2.77", "192.0.2.77", "192.0.2.77", "192.0.2.0/24"},
        {"::ffff:c000:24d", "192.0.2.77", "192.0.2.77", "192.0.2.0/24"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64",
         "2001:db8:1::/48"},
        {"2001:DB8:1:2:ffff::1", "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64",
         "2001:db8:1::/48"},
        {"::1", "::1", "::/64", "::/48"},
        {"64:ff9b::192.0.2.1", "64:ff9b::c000:201", "64:ff9b::/64",
         "64:ff9b::/48"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_client c = client(cases[i].text);
        assert_string_equal(c.address, cases[i].address);
        assert_string_equal(c.host, cases[i].host);
        assert_string_equal(c.network, cases[i].network);
    }
    assert_true(client("2001:db8::1").host_key ==
                client("2001:db8::ffff:1").host_key);
    assert_true(client("2001:db8::1").host_key !=
                client("2001:db8:0:1::1").host_key);
    assert_true(client("192.0.2.1").host_key != client("192.0.2.2").host_key);
    assert_true(client("192.0.2.1").network_key ==
                client("192.0.2.2").network_key);

    struct http_client unknown;
    client_name(NULL, &unknown);
    assert_string_equal(unknown.address, "?");
}

static void
sockets_have_addresses(void **state)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    struct sockaddr other = {.sa_family = AF_UNIX};
    struct http_address address;
    struct http_client named;
    (void)state;

    v4.sin_addr.s_addr = htonl(0x7f000001);
    assert_true(address_of_socket((struct sockaddr *)&v4, &address));
    client_name(&address, &named);
    assert_string_equal(named.address, "127.0.0.1");
    v6.sin6_addr.s6_addr[15] = 1;
    assert_true(address_of_socket((struct sockaddr *)&v6, &address));
    client_name(&address, &named);
    assert_string_equal(named.address, "::1");
    assert_false(address_of_socket(&other, &address));
    assert_false(address_of_socket(NULL, &address));
}

static void
networks_are_read(void **state)
{
    static const char *const wrong[] = {
        "10.0.0.0/33",   "10.0.0.1/8",  "10.0.0.0/",      "10.0.0.0/8x",
        "10.0.0/8",      "localhost",   "2001:db8::1/32", "2001:db8::/129",
        "10.0.0.0/-1",   "/8",          "10.0.0.0/08888", "010.0.0.0/8",
        "::/0, nothing", "10.0.0.0 /8",
    };
    struct http_networks out;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        if (networks_parse(wrong[i], &out) == NULL)
            fail_msg("taken: %s", wrong[i]);
    assert_string_equal(networks_parse("10.0.0.0/8 bad,::1", &out), "bad");
    assert_int_equal(networks("").count, 0);
    assert_int_equal(networks(" , ").count, 0);
}

static void
addresses_are_in_their_networks(void **state)
{
    static const struct {
        const char *text;
        bool has;
    } cases[] = {
        {"10.255.0.1", true},        {"11.0.0.1", false},
        {"192.0.2.7", true},         {"192.0.2.8", false},
        {"::ffff:10.1.1.1", true},   {"2001:db8:7fff::1", true},
        {"2001:db8:8000::1", false}, {"172.31.0.1", true},
        {"172.32.0.1", false},       {"::a00:1", false},
    };
    struct http_networks out =
        networks("10.0.0.0/8,192.0.2.7 2001:db8::/33, ::ffff:172.16.0.0/108");
    struct http_address address;
    (void)state;

    assert_int_equal(out.count, 4);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(
            address_parse(cases[i].text, strlen(cases[i].text), &address));
        if (networks_have(&out, &address) != cases[i].has)
            fail_msg("%s", cases[i].text);
    }
    /* Every address; none. */
    assert_true(address_parse("203.0.113.1", 11, &address));
    out = networks("0.0.0.0/0");
    assert_true(networks_have(&out, &address));
    out = networks("");
    assert_false(networks_have(&out, &address));
}

struct list_case {
    enum client_header header;
    const char *list;
    const char *address; /* NULL: the peer counts */
};

#define XFF CLIENT_X_FORWARDED_FOR
#define FWD CLIENT_FORWARDED

/* One case a line, however long. */
/* clang-format off */
static const struct list_case lists[] = {
    {XFF, "203.0.113.9", "203.0.113.9"},
    {XFF, "1.1.1.1, 203.0.113.9", "203.0.113.9"},
    {XFF, "1.1.1.1,203.0.113.9,10.1.1.1 , 10.2.2.2", "203.0.113.9"},
    {XFF, "\"evil, 203.0.113.9", "203.0.113.9"},
    {XFF, ", ,203.0.113.9", "203.0.113.9"},
    {XFF, "203.0.113.9:4711", "203.0.113.9"},
    {XFF, "[2001:db8::7]:443", "2001:db8::7"},
    {XFF, "2001:db8::7", "2001:db8::7"},
    {XFF, "::ffff:203.0.113.9", "203.0.113.9"},
    {XFF, "::ffff:10.0.0.1", NULL},
    {XFF, "10.0.0.1, 10.0.0.2", NULL},
    {XFF, "", NULL},
    {XFF, "unknown", NULL},
    {XFF, "203.0.113.9,", NULL},
    {XFF, "203.0.113.9, 10.0.0.1,,10.0.0.2", NULL},
    {XFF, "203.0.113.9 1.1.1.1", NULL},
    {XFF, "203.0.113.009", NULL},
    {XFF, "203.0.113.9:", NULL},
    {XFF, "203.0.113.9:123456", NULL},
    {XFF, "203.0.113.9:8o", NULL},
    {XFF, "[203.0.113.9]", NULL},
    {XFF, "[2001:db8::7", NULL},
    {XFF, "[2001:db8::7]x", NULL},
    {XFF, "fe80::1%eth0", NULL},
    {XFF, "3405803785", NULL},
    {XFF, "0xcb.0.113.9", NULL},
    {FWD, "for=203.0.113.9", "203.0.113.9"},
    {FWD, "for=1.1.1.1, For=203.0.113.9;proto=https;by=10.0.0.1", "203.0.113.9"},
    {FWD, "proto=https; for=\"[2001:db8::7]:4711\" , for=10.0.0.1", "2001:db8::7"},
    {FWD, "for=\"203.0.113.9:80\"", "203.0.113.9"},
    {FWD, "for=\"open, for=203.0.113.9", "203.0.113.9"},
    {FWD, "for=1.1.1.1;for=203.0.113.9", NULL},
    {FWD, "by=203.0.113.9", NULL},
    {FWD, "for=_hidden", NULL},
    {FWD, "for=unknown, for=10.0.0.1", NULL},
    {FWD, "for=\"203.0.113.9", NULL},
    {FWD, "for=", NULL},
    {FWD, "for=\"", NULL},
    {FWD, "for=203.0.113.9;secret=\"a,b\"", NULL},
    {FWD, "203.0.113.9", NULL},
    {XFF, "9.9.9.9,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1,10.0.0.1", NULL},
};
/* clang-format on */

static void
test_p09_lists_of_proxies(void **state)
{
    struct http_networks proxies = networks("10.0.0.0/8");
    (void)state;

    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const struct list_case *c = &lists[i];
        struct http_address address;
        struct http_client named;
        bool found = client_forwarded(c->header, c->list, &proxies, &address);
        if (found != (c->address != NULL))
            fail_msg("%s: %d", c->list, found);
        if (!found)
            continue;
        client_name(&address, &named);
        assert_string_equal(named.address, c->address);
    }
}

/* --- over real sockets; the fixture trusts 127.0.0.2 -------------------- */

static void
insist_client(const char *from, const char *headers, const char *text)
{
    static struct raw_answer answer;
    char request[512];
    int connection = raw_open_from(from, http_port(fixture_server));

    snprintf(request, sizeof(request),
             "GET /v1/client HTTP/1.1\r\nHost: a\r\n%s\r\n", headers);
    raw_text(connection, request);
    raw_read(connection, false, &answer);
    close(connection);
    if (answer.status != 200 || strcmp(answer.body, text) != 0)
        fail_msg("wanted %s: %s", text, answer.text);
}

static void
test_p09_handlers_see_the_client(void **state)
{
    (void)state;
    insist_client("127.0.0.1", "", "127.0.0.1 127.0.0.0/24");
    insist_client("127.0.0.1", "X-Forwarded-For: 203.0.113.9\r\n",
                  "127.0.0.1 127.0.0.0/24");
    insist_client("127.0.0.2", "X-Forwarded-For: 203.0.113.9\r\n",
                  "203.0.113.9 203.0.113.0/24");
    insist_client("127.0.0.2",
                  "X-Forwarded-For: 1.1.1.1\r\nHop: x\r\n"
                  "X-Forwarded-For: 203.0.113.9\r\n"
                  "x-forwarded-for: 127.0.0.2\r\n",
                  "203.0.113.9 203.0.113.0/24");
    insist_client("127.0.0.2", "X-Forwarded-For: nonsense\r\n",
                  "127.0.0.2 127.0.0.0/24");
    insist_client("127.0.0.2", "Forwarded: for=203.0.113.9\r\n",
                  "127.0.0.2 127.0.0.0/24");
    insist_client("127.0.0.2", "", "127.0.0.2 127.0.0.0/24");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_s15_names_that_are_counted),
        cmocka_unit_test(sockets_have_addresses),
        cmocka_unit_test(networks_are_read),
        cmocka_unit_test(addresses_are_in_their_networks),
        cmocka_unit_test(test_p09_lists_of_proxies),
        cmocka_unit_test(test_p09_handlers_see_the_client),
    };
    return cmocka_run_group_tests_name("client", tests, fixture_start,
                                       fixture_stop);
}
