/* What do the reviews of a product say on average? All that count, whatever may be shown where (16 CFR 465). */
#pragma once
#include "catalog/catalog.h"

struct plc_catalog_summary {
        int64_t count;
        double average;   /* of ratings mapped to 1 … 5; 0 if count is 0 */
        int64_t stars[5]; /* [0] is one star; a rating between two counts for the nearer, a half for the upper */
};

/* Whether the item's rating counts: the publisher decides it. */
bool plc_catalog_set_counted(plc_catalog *catalog, const char *item, bool counted, GError **error);
/* All ratings again, by what was told last of their items. */
bool plc_catalog_count_anew(plc_catalog *catalog, GError **error);
/* Are they so? An older Placet leaves them as they were. *out_product: the first for which not; free with g_free; NULL:
 * all are. */
bool plc_catalog_counted_otherwise(plc_catalog *catalog, char **out_product, GError **error);
bool plc_catalog_product_summary(plc_catalog *catalog, const char *product, struct plc_catalog_summary *out,
                                 GError **error);

/* What became of the reviews with so many stars; those of nobody any more (erased, replaced) are not told. */
struct plc_catalog_moderated {
        int64_t approved, rejected, waiting;
};
/* out[0]: one star. For whoever has to show that moderation does not look at the stars (16 CFR 465). */
bool plc_catalog_moderated_by_stars(plc_catalog *catalog, struct plc_catalog_moderated out[5], GError **error);
