/* The route table, compiled at start into a tree of path segments.
 *
 * Asked once per request with the raw path: segments are decoded one by one, so
 * that an encoded slash can never become a border, and a literal segment wins
 * over a parameter. Must never accept a path that two readers could take for
 * two paths: dot segments, encoded slashes, broken escapes are a bad path.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "chassis/http/http_internal.h"
#include "chassis/base/wire_text.h"

enum { NODE_METHODS_MAX = 8, ALLOW_TEXT = 96 };

struct route_node {
    const char *segment; /* NULL: a parameter */
    struct route_node *next, *children, *parameter;
    const struct http_route *routes[NODE_METHODS_MAX];
    size_t route_count;
    char allow[ALLOW_TEXT];
};

struct route_table {
    struct arena *arena;
    struct route_node root;
};

struct path {
    const char *segments[HTTP_SEGMENTS_MAX];
    size_t count;
};

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

char *
percent_decode(struct arena *arena, const char *text, size_t size, bool form)
{
    char *out = arena_alloc(arena, size + 1);
    size_t n = 0;

    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (c == '+' && form)
            c = ' ';
        if (c == '%') {
            int high = size - i > 2 ? hex_value(text[i + 1]) : -1;
            int low = size - i > 2 ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return NULL;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (c == '\0')
            return NULL;
        out[n++] = c;
    }
    return wire_text_valid((const uint8_t *)out, n) ? out : NULL;
}

/* --- compiling ---------------------------------------------------------- */

static struct route_node *
child_of(struct route_table *table, struct route_node *node,
         const char *segment, size_t size)
{
    bool parameter = segment[0] == '{' && segment[size - 1] == '}';
    if (parameter) {
        if (node->parameter == NULL)
            node->parameter = ARENA_NEW(table->arena, struct route_node);
        return node->parameter;
    }
    for (struct route_node *c = node->children; c != NULL; c = c->next) {
        if (strncmp(c->segment, segment, size) == 0 && c->segment[size] == '\0')
            return c;
    }
    struct route_node *child = ARENA_NEW(table->arena, struct route_node);
    child->segment = arena_strndup(table->arena, segment, size);
    child->next = node->children;
    node->children = child;
    return child;
}

/* The node of a path; NULL when the path is not well-formed. */
static struct route_node *
node_of(struct route_table *table, const char *path)
{
    struct route_node *node = &table->root;
    size_t parameters = 0;
    size_t segments = 0;

    if (path[0] != '/')
        return NULL;
    if (path[1] == '\0')
        return node;
    while (*path == '/') {
        size_t size = strcspn(++path, "/");
        if (size == 0 || ++segments > HTTP_SEGMENTS_MAX)
            return NULL;
        if (path[0] == '{' && ++parameters > HTTP_PARAMS_MAX)
            return NULL;
        node = child_of(table, node, path, size);
        path += size;
    }
    return node;
}

static bool
node_add(struct route_node *node, const struct http_route *route)
{
    if (node->route_count == NODE_METHODS_MAX)
        return false;
    for (size_t i = 0; i < node->route_count; i++) {
        if (strcmp(node->routes[i]->method, route->method) == 0)
            return false;
    }
    node->routes[node->route_count++] = route;

    size_t used = strlen(node->allow);
    snprintf(node->allow + used, sizeof(node->allow) - used, "%s%s%s",
             used > 0 ? ", " : "", route->method,
             strcmp(route->method, "GET") == 0 ? ", HEAD" : "");
    return true;
}

static void
close_allow(struct route_node *node)
{
    if (node == NULL)
        return;
    size_t used = strlen(node->allow);
    if (node->route_count > 0)
        snprintf(node->allow + used, sizeof(node->allow) - used, ", OPTIONS");
    for (struct route_node *c = node->children; c != NULL; c = c->next)
        close_allow(c);
    close_allow(node->parameter);
}

struct route_table *
route_table_new(const struct http_route *routes, char ret_error[256])
{
    struct arena *arena = arena_new(0);
    struct route_table *table = ARENA_NEW(arena, struct route_table);
    table->arena = arena;

    for (const struct http_route *r = routes; r->path != NULL; r++) {
        struct route_node *node = node_of(table, r->path);
        if (node == NULL || !node_add(node, r)) {
            snprintf(ret_error, 256, "route %s %s: %s", r->method, r->path,
                     node == NULL ? "not a path" : "given twice");
            arena_free(arena);
            return NULL;
        }
    }
    close_allow(&table->root);
    return table;
}

void
route_table_free(struct route_table *table)
{
    if (table != NULL)
        arena_free(table->arena);
}

/* --- finding ------------------------------------------------------------ */

static bool
fits_segment(const char *segment)
{
    return strcmp(segment, ".") != 0 && strcmp(segment, "..") != 0 &&
           strchr(segment, '/') == NULL && strchr(segment, '\\') == NULL;
}

static enum route_found
split(const char *raw, struct arena *arena, struct path *ret_path)
{
    if (raw[0] != '/')
        return ROUTE_BAD_PATH;
    if (raw[1] == '\0' || raw[1] == '?')
        return ROUTE_FOUND;
    while (*raw == '/') {
        size_t size = strcspn(++raw, "/?");
        const char *segment = percent_decode(arena, raw, size, false);
        if (segment == NULL || !fits_segment(segment))
            return ROUTE_BAD_PATH;
        if (size == 0 || ret_path->count == HTTP_SEGMENTS_MAX)
            return ROUTE_UNKNOWN;
        ret_path->segments[ret_path->count++] = segment;
        raw += size;
    }
    return ROUTE_FOUND;
}

/* The deepest fitting node that has routes; literals are tried first. At most
 * HTTP_SEGMENTS_MAX deep. */
static const struct route_node *
descend(const struct route_node *node, const struct path *path, size_t at,
        size_t parameter, const char **ret_params)
{
    if (at == path->count)
        return node->route_count > 0 ? node : NULL;

    const char *segment = path->segments[at];
    const struct route_node *found = NULL;
    for (const struct route_node *c = node->children; c != NULL; c = c->next) {
        if (strcmp(c->segment, segment) == 0)
            found = descend(c, path, at + 1, parameter, ret_params);
    }
    if (found == NULL && node->parameter != NULL) {
        found =
            descend(node->parameter, path, at + 1, parameter + 1, ret_params);
        if (found != NULL)
            ret_params[parameter] = segment;
    }
    return found;
}

enum route_found
route_find(const struct route_table *table, const char *method,
           const char *path, struct arena *arena,
           const char *ret_params[HTTP_PARAMS_MAX],
           const struct http_route **ret_route, const char **ret_allow)
{
    struct path segments = {0};
    enum route_found found = split(path, arena, &segments);
    if (found != ROUTE_FOUND)
        return found;

    const struct route_node *node =
        descend(&table->root, &segments, 0, 0, ret_params);
    if (node == NULL)
        return ROUTE_UNKNOWN;
    *ret_allow = node->allow;
    for (size_t i = 0; i < node->route_count; i++) {
        if (strcmp(node->routes[i]->method, method) == 0) {
            *ret_route = node->routes[i];
            return ROUTE_FOUND;
        }
    }
    return strcmp(method, "OPTIONS") == 0 ? ROUTE_OPTIONS : ROUTE_WRONG_METHOD;
}
