/* The metrics that every Prometheus client shows about its process (process_…),
 * read from the kernel when they are printed. */
#pragma once

#include <stdio.h>

#include "chassis/base/bytes.h"

void process_metrics_print(struct bytes *out);
/* Rows of the metrics' document. */
void process_metrics_document(FILE *out);
