/* code_list.c: see code_list.h. */
#include "rules/code_list.h"

#include <string.h>

bool
code_ok(const char *code, size_t max)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789_-";
    size_t size = strlen(code);

    return size > 0 && size <= max && strspn(code, allowed) == size;
}

size_t
code_list_room(char *const *codes, size_t count)
{
    size_t size = 1;

    for (size_t i = 0; i < count; i++)
        size += strlen(codes[i]) + 1;
    return size;
}

char *
code_list_join(char *const *codes, size_t count, char *ret_list)
{
    char *end = ret_list;

    *end = '\0';
    for (size_t i = 0; i < count; i++) {
        if (codes[i][0] == '\0' || code_list_has(ret_list, codes[i]))
            continue;
        if (end > ret_list)
            *end++ = ' ';
        end = stpcpy(end, codes[i]);
    }
    return ret_list;
}

size_t
code_list_split(char *list, char **ret_codes, size_t max)
{
    size_t count = 0;
    char *rest = NULL;

    if (list == NULL)
        return 0;
    for (char *code = strtok_r(list, " ", &rest); code != NULL && count < max;
         code = strtok_r(NULL, " ", &rest))
        ret_codes[count++] = code;
    return count;
}

bool
code_list_has(const char *list, const char *code)
{
    size_t size = strlen(code);

    for (const char *at = list; at != NULL && *at != '\0';) {
        size_t length = strcspn(at, " ");
        if (length == size && memcmp(at, code, size) == 0)
            return true;
        at += length + (at[length] == ' ');
    }
    return false;
}

bool
code_list_is(const char *list, char *const *codes, size_t count)
{
    size_t in_list = list != NULL && list[0] != '\0', distinct = 0;

    for (const char *at = list; at != NULL && *at != '\0'; at++)
        in_list += *at == ' ';
    for (size_t i = 0; i < count; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++)
            again = again || strcmp(codes[i], codes[j]) == 0;
        if (!code_list_has(list, codes[i]))
            return false;
        distinct += !again;
    }
    return distinct == in_list;
}
