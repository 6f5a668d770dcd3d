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
        /* Of the last item: most of a list say the same, and a label is looked for once. Begin with zeros. */
        char verified[32]; /* its method */
        size_t verified_at, verified_size;
};

/* Appends it, if the view lets it be shown, and counts it into the page. */
bool plc_index_write_item(struct plc_index_builder *builder, int64_t kind, const char *item, const char *product,
                          const struct plc_index_view *view, GError **error);

/* --- join.c: what was made at publication (pieces.h), joined as this reader may see it; wherever it was read from */

/* Of one item, as its row says it; strings are lent, members of JSON without braces unless it is said. */
struct plc_index_said {
        const char *item, *language;
        const char *head, *named, *tail, *tags; /* named: NULL where there is none; tags: of photos */
        const char *excerpt;                    /* the words, or NULL */
        const char *verification;               /* the method, or NULL */
        int64_t written_at;
        bool excerpt_is_text; /* it may be shown like the text */
        bool translated;      /* there may be translations */
};

/* Of the current row of the statement "item"; lent by it. */
void plc_index_read_said(const plc_rows *row, const char *item, struct plc_index_said *out);

/*
 * The same as it stands in an answer, commas included, in its order: what most readers are shown of a review is one run
 * of bytes. A photo has HEAD and NAMED alone; what follows there is of its pictures.
 */
enum plc_index_part {
        PLC_INDEX_PART_HEAD,         /* {…,"excerpt": */
        PLC_INDEX_PART_EXCERPT,      /* "…" or null */
        PLC_INDEX_PART_UNTRANSLATED, /* ,"translation":null */
        PLC_INDEX_PART_NAMED,        /* ,"author":…; empty where there is none */
        PLC_INDEX_PART_TAIL,
        PLC_INDEX_PARTS
};
struct plc_index_ready {
        const char *item, *language, *verification;
        int64_t written_at;
        bool excerpt_is_text, translated;
        const char *bytes;
        size_t sizes[PLC_INDEX_PARTS];
};
/* Appends the bytes to `space`, which *out borrows from as long as nothing more is appended. */
void plc_index_make_ready(enum plc_index_kind kind, const struct plc_index_said *said, GString *space,
                          struct plc_index_ready *out);
/* Appends what of a photo stands between its name and its placements, when this is the picture that is told of. */
void plc_index_make_lead(const struct plc_index_said *photo, const char *size, const char *sources, GString *out);

/* What of a photo may be shown in one channel; begin with zeros. All is lent. */
struct plc_index_seen {
        const char *lead; /* NULL: nothing */
        size_t lead_size;
        const char *placements[2]; /* of the uncropped, of the cropped; NULL: none */
};
/* Rows come uncropped first. Is this one's kind among the level's edits? Then it is added. */
void plc_index_seen_add(struct plc_index_seen *seen, unsigned edits, bool cropped, const char *lead, size_t lead_size,
                        const char *placements);

/* The best translation for this reader into *out, if it is allowed and suits them better than the text; else NULL. */
bool plc_index_find_translation(struct plc_index_builder *builder, const struct plc_index_ready *ready, unsigned edits,
                                char **out, GError **error);
/* Up to and into the array of its photos; then they, and plc_index_end_review. */
void plc_index_begin_review(struct plc_index_builder *builder, const struct plc_index_ready *ready,
                            const struct plc_index_level *level, bool named, const char *translation);
void plc_index_end_review(struct plc_index_builder *builder, const struct plc_index_level *level);
/* `alone`: not inside its review. */
void plc_index_write_photo(struct plc_index_builder *builder, const struct plc_index_ready *ready,
                           const struct plc_index_seen *seen, const struct plc_index_level *level, bool named,
                           bool alone);
