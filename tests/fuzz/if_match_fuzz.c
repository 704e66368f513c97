/* Fuzzer of If-Match, against a second reader that knows the grammar alone:
 * both call the same texts a list, and a version is found if and only if its
 * tag stands there as we write it.
 */
#include <stdio.h>

#include "gateway/request/if_match.h"

#include "tests/fuzz/fuzz.h"

/* Takes one entity tag off the front; NULL: there is none. */
static const char *
take_tag(const char *at)
{
    if (at[0] == 'W' && at[1] == '/')
        at += 2;
    if (*at++ != '"')
        return NULL;
    for (; *at != '"'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c <= 0x20 || c == 0x7f)
            return NULL;
    }
    return at + 1;
}

/* #entity-tag, by states: a comma is due after each tag. */
static bool
is_list(const char *at)
{
    size_t tags = 0;
    bool comma = true;

    while (*at != '\0') {
        if (*at == ',') {
            comma = true;
            at++;
        } else if (*at == ' ' || *at == '\t') {
            at++;
        } else {
            at = comma ? take_tag(at) : NULL;
            if (at == NULL)
                return false;
            comma = false;
            tags++;
        }
    }
    return tags > 0;
}

static bool
is_any(const char *text)
{
    text += strspn(text, " \t");
    return text[0] == '*' && strspn(text + 1, " \t") == strlen(text + 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *text = fuzz_text(data, n);
    struct if_match read;
    enum if_match_kind kind = if_match_read(text, &read);

    insist((kind == IF_MATCH_ANY) == is_any(text));
    if (kind == IF_MATCH_TAGS)
        insist(is_list(text));
    else if (kind == IF_MATCH_BAD)
        insist(!is_list(text) || read.count == IF_MATCH_VERSIONS_MAX);
    for (size_t i = 0; kind == IF_MATCH_TAGS && i < read.count; i++) {
        char tag[32];
        snprintf(tag, sizeof(tag), "\"%lld", (long long)read.versions[i]);
        const char *at = strstr(text, tag);
        while (at != NULL && strchr("\"-", at[strlen(tag)]) == NULL)
            at = strstr(at + 1, tag);
        insist(read.versions[i] >= 0 && at != NULL);
    }
    free(text);
    return 0;
}
