/*
 * How does what takes away still find room on a full disk? Some bytes are kept as a file, beside what they are for, and
 * are let go of when nothing else is left. Whoever would fill the disk asks first whether they are there.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define PLC_RESERVE_NAME ".reserve"

/* Is it there, or could it be made now? It is made only where half as much again stays free. */
bool plc_reserve_keep(int dirfd, size_t bytes);
/* Whether there was one to let go of: once is enough to try again what failed with NO_SPACE. */
bool plc_reserve_spend(int dirfd);
