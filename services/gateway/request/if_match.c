/* if_match.c: see if_match.h. Called by request.c, and by the fuzzer. */
#include "gateway/request/if_match.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 18 };

/* The version in a tag of the gateway's form; -1: another form. */
static int64_t
version_of(const char *text, size_t size)
{
    size_t digits = strspn(text, "0123456789");
    size_t digest = size > digits ? size - digits : 0;

    if (digits == 0 || digits > DIGITS_MAX || digits > size ||
        (text[0] == '0' && digits > 1))
        return -1;
    if (digest > 0 &&
        (digest != 1 + 2 * TAG_DIGEST || text[digits] != '-' ||
         strspn(text + digits + 1, "0123456789abcdef") < 2 * TAG_DIGEST))
        return -1;
    return strtoll(text, NULL, 10);
}

/* False: the list is full. */
static bool
add(struct if_match *if_match, int64_t version)
{
    if (version < 0)
        return true;
    for (size_t i = 0; i < if_match->count; i++)
        if (if_match->versions[i] == version)
            return true;
    if (if_match->count == IF_MATCH_VERSIONS_MAX)
        return false;
    if_match->versions[if_match->count++] = version;
    return true;
}

/* The bytes inside an entity tag: %x21, %x23-7E and those above. */
static size_t
opaque_size(const char *text)
{
    size_t size = 0;

    while ((unsigned char)text[size] > 0x20 && text[size] != '"' &&
           text[size] != 0x7f)
        size++;
    return size;
}

/* Reads one tag at `text`. Returns its length; 0: no tag. */
static size_t
read_tag(const char *text, struct if_match *if_match, bool *ret_room)
{
    size_t weak = strncmp(text, "W/", 2) == 0 ? 2 : 0;
    const char *opaque = text + weak + 1;

    if (text[weak] != '"')
        return 0;
    size_t size = opaque_size(opaque);
    if (opaque[size] != '"')
        return 0;
    *ret_room = weak > 0 || add(if_match, version_of(opaque, size));
    return weak + size + 2;
}

enum if_match_kind
if_match_read(const char *text, struct if_match *ret_if_match)
{
    static const char blanks[] = " \t";
    const char *at = text + strspn(text, " \t,");
    size_t tags = 0;

    *ret_if_match = (struct if_match){0};
    if (text[strspn(text, blanks)] == '*')
        return strspn(at + 1, blanks) == strlen(at + 1) ? IF_MATCH_ANY
                                                        : IF_MATCH_BAD;
    while (*at != '\0') {
        bool room = true;
        size_t size = read_tag(at, ret_if_match, &room);
        if (size == 0 || !room)
            return IF_MATCH_BAD;
        tags++;
        at += size;
        at += strspn(at, blanks);
        if (*at != ',' && *at != '\0')
            return IF_MATCH_BAD;
        at += strspn(at, " \t,");
    }
    return tags > 0 ? IF_MATCH_TAGS : IF_MATCH_BAD;
}
