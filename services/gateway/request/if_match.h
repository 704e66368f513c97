/* If-Match of RFC 9110: `*`, or a list of entity tags.
 *
 * request.c asks for the versions that a request names; the owner compares them
 * with the present one. The comparison is strong: a weak tag, or a tag that the
 * gateway does not write ("01", "x"), never matches. The gateway writes "3" and
 * "3-<digest>"; a document's digest is not compared. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
    IF_MATCH_VERSIONS_MAX = 32,
    TAG_DIGEST = 8, /* bytes of a document's digest in its ETag */
};

enum if_match_kind {
    IF_MATCH_BAD,  /* no list of tags, or more than IF_MATCH_VERSIONS_MAX */
    IF_MATCH_ANY,  /* `*` */
    IF_MATCH_TAGS, /* perhaps none that can match */
};

struct if_match {
    int64_t versions[IF_MATCH_VERSIONS_MAX]; /* each once, in their order */
    size_t count;
};

enum if_match_kind if_match_read(const char *text,
                                 struct if_match *ret_if_match);
