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
bool plc_catalog_product_summary(plc_catalog *catalog, const char *product, struct plc_catalog_summary *out,
                                 GError **error);
