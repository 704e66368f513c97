/* Who may read a file with a secret. Called when settings and keys are read. */
#include "chassis/base/secret_file.h"

#include <stdbool.h>
#include <unistd.h>

#include "chassis/base/bytes.h"

static bool
in_group(gid_t group)
{
    gid_t groups[256];
    int count = getgroups((int)COUNT_OF(groups), groups);

    for (int i = 0; i < count; i++)
        if (groups[i] == group)
            return true;
    return getegid() == group;
}

const char *
secret_file_fault(const struct stat *stat)
{
    if ((stat->st_mode & (S_IWGRP | S_IXGRP | S_IRWXO)) != 0)
        return "others than its owner may use it";
    if ((stat->st_mode & S_IRGRP) != 0 && !in_group(stat->st_gid))
        return "a group may read it that is none of this process";
    return NULL;
}
