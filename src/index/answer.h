/* What goes into an answer, item by item: shared by lists, bundles and what is found. */
#pragma once
#include "index/internal.h"
#include "index/view.h"

struct plc_index_builder {
        plc_index_reader *reader;
        const struct plc_index_question *q;
        const char *bundle; /* photos inside reviews only if they are in it; NULL: any */
        GString *out;
        struct plc_index_page *page;
};

/* Appends it, if the view lets it be shown, and counts it into the page. */
bool plc_index_write_item(struct plc_index_builder *builder, int64_t kind, const char *item, const char *product,
                          const struct plc_index_view *view, GError **error);
