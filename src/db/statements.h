/* How is a file of named statements cut into its blocks? */
#pragma once
#include "base/error.h"

/*
 * name → SQL (both owned by the table), with the marked alternatives of `dialect` taken and those of others left out.
 * INTERNAL: text before the first name, a name twice, an empty block, a comment without end.
 */
GHashTable *plc_statements_parse(const char *text, const char *dialect, GError **error);
