/* How is a JSON Lines text cut into lines? */
#include "rights/lines.h"

#include <string.h>

bool plc_lines_next(struct plc_lines *lines, const char **out_line, size_t *out_size)
{
        const char *feed;
        size_t left = (size_t)(lines->end - lines->at);

        if (left == 0)
                return false;
        feed = memchr(lines->at, '\n', left);
        *out_line = lines->at;
        *out_size = feed != NULL ? (size_t)(feed - lines->at) : left;
        lines->at += *out_size + (feed != NULL);
        lines->number++;
        return true;
}

bool plc_line_is_blank(const char *line, size_t size)
{
        for (size_t i = 0; i < size; i++)
                if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
                        return false;
        return true;
}
