/* Files with secrets: keys, and settings of the Kafka client. */
#pragma once

#include <sys/stat.h>

#include "attributes.h"

/* NULL if only its owner, and groups of this process, may read the file;
 * otherwise what is wrong with it (static text). A secret mounted into a
 * container belongs to root and to a group that the process was given. */
const char *secret_file_fault(const struct stat *stat) WARN_UNUSED;
