/* How does an item look in a mail? HTML for programs that know neither style sheets nor new image types, and flat JSON
 * for templates. Text is escaped, addresses of ours begin with PLC_INDEX_EMAIL_BASE. */
#pragma once
#include "index/index.h"

/* A photo in one placement. */
struct plc_email_photo {
        const char *preset, *slot;
        int64_t width, height; /* CSS pixels */
};

struct plc_email_content {
        const struct plc_index_item *item;
        const char *language;              /* of labels */
        const char *title;                 /* of the bundle: what stands for an alternative text that nobody wrote */
        const char *connection;            /* to be disclosed; "" none */
        const char *product_url, *product; /* a template with {id}, and what goes in; NULL: no link */
        bool named, excerpt;               /* may name and country, may the excerpt be shown? */
        const struct plc_email_photo *photos;
        size_t n_photos; /* of a review: none */
};

/* What stands in one cell of a table; `photo` NULL for a review. Free with g_free. */
char *plc_email_html(const struct plc_email_content *content, const struct plc_email_photo *photo);
/* One object. Free with g_free. */
char *plc_email_json(const struct plc_email_content *content);
