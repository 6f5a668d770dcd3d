/* How is a lost index made anew? From catalog and vault alone: public/ is never backed up. */
#pragma once
#include "catalog/rendition.h"
#include "publish/publisher.h"

struct plc_rebuilt {
        int64_t items;        /* in the catalog */
        int64_t missing;      /* placements whose files are gone: they are queued to be rendered again */
        GPtrArray *to_render; /* ids of the items that they are of, of char *; free with g_ptr_array_unref */
        int64_t left_out;     /* items whose sealed data does not open: shown nowhere */
};

/*
 * Empties the index and writes it again, in one publication: readers see the old one or the new one. Items with files
 * that are gone are queued for render. out may be NULL. Needs no transaction.
 */
bool plc_publish_rebuild(const struct plc_publisher *publisher, int64_t now_ms, struct plc_rebuilt *out,
                         GError **error);

/* Are all files of the placement there? */
bool plc_publish_has_files(const struct plc_publisher *publisher, const plc_placed *placed, bool *out, GError **error);
