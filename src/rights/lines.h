/* How is a JSON Lines text cut into lines? At every line feed; what follows the last one is a line if it is not empty.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct plc_lines {
        const char *at, *end;
        size_t number; /* of the line last given, from 1 */
};

/* False at the end. A line is given without its line feed. */
bool plc_lines_next(struct plc_lines *lines, const char **out_line, size_t *out_size);
/* Is there nothing in it but spaces, tabs and carriage returns? */
bool plc_line_is_blank(const char *line, size_t size);
