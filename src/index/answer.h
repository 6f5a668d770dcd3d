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

/* --- join.c: what was made at publication (pieces.h), joined as this reader may see it; wherever it was read from */

/* Of one item; strings are lent, members of JSON without braces unless it is said. */
struct plc_index_said {
        const char *item, *language;
        const char *head, *named, *tail, *tags; /* named: NULL where there is none; tags: of photos */
        const char *excerpt;                    /* a JSON string, or NULL */
        const char *verification;               /* the method, or NULL */
        int64_t written_at;
        bool excerpt_is_text; /* it may be shown like the text */
        bool translated;      /* there are translations */
};

/* What of a photo may be shown in one channel; begin with zeros. */
struct plc_index_seen {
        char *size, *sources; /* NULL: nothing */
        GString *placements;
};
void plc_index_seen_clear(struct plc_index_seen *seen);
/* Rows come uncropped first. Is this one's kind among the level's edits? Then it is added. */
void plc_index_seen_add(struct plc_index_seen *seen, unsigned edits, bool cropped, const char *size,
                        const char *sources, const char *placements);

/* The best translation for this reader into *out, if it is allowed and suits them better than the text; else NULL. */
bool plc_index_find_translation(struct plc_index_builder *builder, const struct plc_index_said *said, unsigned edits,
                                char **out, GError **error);
/* Up to and into the array of its photos; then they, and plc_index_end_review. */
void plc_index_begin_review(struct plc_index_builder *builder, const struct plc_index_said *said,
                            const struct plc_index_level *level, bool named, const char *translation);
void plc_index_end_review(struct plc_index_builder *builder, const struct plc_index_level *level);
/* `alone`: not inside its review. */
void plc_index_write_photo(struct plc_index_builder *builder, const struct plc_index_said *said,
                           const struct plc_index_seen *seen, const struct plc_index_level *level, bool named,
                           bool alone);
