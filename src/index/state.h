/* What does the index show of one item, as caches outside may have it? Asked by the writer before and after a change.
 */
#pragma once
#include "index/index.h"

struct plc_index_shown {
        bool there;
        char digest[65];    /* of all that can be seen of it from now on; its past does not count */
        GPtrArray *media;   /* "KEY/FILE" of its renditions, of char * */
        GPtrArray *bundles; /* names, of char * */
};
bool plc_index_shown(plc_index_writer *writer, const char *item, int64_t now_ms, struct plc_index_shown *out,
                     GError **error);
void plc_index_shown_clear(struct plc_index_shown *shown);
