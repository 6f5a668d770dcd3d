/*
 * What does the world see? The published index (public/index.db): the office writes it through plc_index_writer,
 * placet-serve reads it through src/index/reader.h, and nothing that nobody may see ever gets into it.
 *
 * A publication: begin → put or remove whole items, summaries, bundles → commit. Readers see all of it or nothing. An
 * item is put with all its segments and renditions at once; putting it again replaces them. The JSON of the answers is
 * made here, not by the publisher.
 */
#pragma once
#include "base/error.h"
#include "index/territory.h"

enum plc_index_kind { PLC_INDEX_REVIEW, PLC_INDEX_PHOTO };

/* What is done to the item where it is shown; resizing is always implied. */
enum plc_index_edit { PLC_INDEX_EDIT_NONE, PLC_INDEX_EDIT_CROP, PLC_INDEX_EDIT_EXCERPT, PLC_INDEX_EDIT_TRANSLATE };

/* pdp, home, landing, email, feed: what placet-serve answers for. Segments and renditions of other channels (ads!) are
 * refused. */
bool plc_index_channel_public(const char *channel);

struct plc_index_translation {
        const char *language; /* BCP 47 */
        const char *body;
        const char *by; /* author, human, machine */
};

/* A product in a photo; x and y are fractions of the upright photo, has_point false if only the product is known. */
struct plc_index_tag {
        const char *product;
        bool has_point;
        double x, y;
};

/* All strings UTF-8, borrowed for the call; NULL where there is none. Zero what does not apply. */
struct plc_index_item {
        const char *id; /* our item id */
        enum plc_index_kind kind;
        const char *group; /* the same for a review and its photos, any opaque id; it is never shown */
        const char *owner; /* SHA-256, in hex, of the token of the contributor's own page; or NULL. It is never shown */
        int64_t written_at;       /* ms UTC; lists are newest first by it */
        const char *language;     /* of text (review) or of alt (photo), BCP 47; NULL is und */
        const char *verification; /* order, email, receipt, merchant, none or NULL */
        /* Name and country: stored only if a segment with identity is put along, shown only through such a segment. */
        const char *author;        /* display name; the credit line of a photo */
        const char *country;       /* ISO alpha-2 */
        const char *const *labels; /* the submission's tags, NULL-terminated: for filters, never shown; or NULL */

        /* Reviews. */
        bool has_rating;
        double rating, rating_min, rating_max;
        const char *title;
        const char *text;    /* masked, NFC */
        const char *excerpt; /* shown only through a segment with edits excerpt, unless it equals the text */
        const struct plc_index_translation *translations;
        size_t n_translations;

        /* Photos. */
        const char *key; /* 26 characters of plc_key_new, kept by the publisher for the life of the item: /m/{key}/… */
        int position;    /* within its submission, from 0 */
        uint32_t width, height; /* of the upright photo, pixels */
        const char *role;       /* scene, closeup, … */
        const char *alt;
        const char *placeholder; /* "thumbhash:…" */
        const char *source_type; /* IPTC digital source type if it must be told (KEEP_SOURCE_TYPE) */
        const struct plc_index_tag *tags;
        size_t n_tags;
};

/* One verdict of decide(), over the time in which it holds and the territories in which it is the same, duties
 * included. */
struct plc_index_segment {
        const char *product;  /* "" for the question without product (bundles without product) */
        const char *channel;  /* public ones only */
        const char *language; /* as asked; "" the question without language; NULL: every one, asked or not */
        enum plc_index_edit edit;
        bool identity;
        int64_t from_ms, until_ms; /* half-open; until PLC_TIME_NEVER if it has no end */
        struct plc_index_territories territories;
        const char *duties; /* "CREDIT DISCLOSE(incentive)": space-separated, NULL or "" for none */
};

struct plc_index_rendition {
        const char *preset; /* pdp-card */
        const char
                *name; /* the last part of its URL, unique within the item: pdp-card.640.webp; [a-z0-9.-], ≤ 96 bytes */
        const char *channel;   /* the preset's; public ones only */
        const char *sha256;    /* hex, of the file in public/assets */
        const char *extension; /* of that file: webp, jpg */
        const char *type;      /* image/webp */
        uint32_t width, height;
        int64_t bytes;
        bool cropped; /* shows less than the whole photo: needs a segment with edits crop */
        /* What of the upright photo it shows, as fractions, beyond 0 and 1 where the photo lies on a ground; all 0
         * where it shows just the photo. Points of tags are carried through it. */
        double crop_x, crop_y, crop_w, crop_h;
};

/* Over all approved reviews not withdrawn, erased or held, in no territory fewer (16 CFR 465). */
struct plc_index_summary {
        int64_t count;
        double average;   /* of ratings mapped to 1 … 5; 0 if count is 0 */
        int64_t stars[5]; /* [0] is one star */
};

struct plc_index_bundle {
        const char *name; /* [a-z0-9-], ≤ 64 */
        int64_t version;
        const char *title;
        const char *channels; /* "pdp home": space-separated, public ones only; asked with another: not found */
        struct plc_index_territories
                territories;       /* asked with another, or with none if it is not the world: not found */
        int64_t from_ms, until_ms; /* its window, half-open; until PLC_TIME_NEVER if it has no end */
        const char *placements;    /* of its e-mails, ids between blanks; NULL: none */
        const char *mark;          /* of its definition: e-mails made under another one are not shown; NULL: "" */
};

struct plc_index_bundle_item {
        const char *item;    /* NULL: a place that stays free; by places pages go on */
        const char *product; /* the product of the question under which it was decided; "" none */
};

typedef struct plc_index_writer plc_index_writer;

/*
 * Makes index.db, -wal and -shm in the directory (0644 whatever the umask); one of another format is emptied. `dir` is
 * site/public. The caller holds office.lock. secure_delete, synchronous FULL, persistent WAL. `languages`: those of the
 * site's pages, the first is the one of labels for who names none; in the first PLC_INDEX_PACKED_LANGUAGES of them the
 * lists' first pages are kept compressed, and where they were others, all are compressed anew. NULL: as it was.
 */
#define PLC_INDEX_PACKED_LANGUAGES 4
bool plc_index_writer_open(const char *dir, const char *const *languages, plc_index_writer **out, GError **error);
void plc_index_writer_close(plc_index_writer *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_index_writer, plc_index_writer_close)

bool plc_index_begin(plc_index_writer *writer, GError **error);
/* The same, for a publication of everything: until it is committed or rolled back it may take a
 * gigabyte of memory (of a million reviews; of 100,000 a quarter). */
bool plc_index_begin_whole(plc_index_writer *writer, GError **error);
/*
 * Raises the version and sets the publication instant to now_ms (never back). If something was removed or replaced, or
 * the log is over 64 MiB, the write-ahead log is emptied too, so that removed bytes are nowhere; a reader in its way is
 * waited for up to 100 ms and then the next commit or renewal tries again.
 */
bool plc_index_commit(plc_index_writer *writer, int64_t now_ms, GError **error);
/* Without emptying the log, and with nothing compressed of the lists that change, for whoever waits for an item to be
 * dark: one flush of the disk instead of four. A plc_index_commit has to follow. */
bool plc_index_commit_first(plc_index_writer *writer, int64_t now_ms, GError **error);
void plc_index_rollback(plc_index_writer *writer);
/* For what must be nowhere any more before it is answered: BUSY if a reader stood in the way for 2 s. */
bool plc_index_empty_log(plc_index_writer *writer, GError **error);

/*
 * Within begin … commit. Without any segment the item is removed. A photo of which no rendition is given is stored and
 * shown nowhere. Fails with BAD_VALUE for what placet-serve must not have (a channel that is not public, an empty or
 * backward segment, no territories).
 */
bool plc_index_put_item(plc_index_writer *writer, const struct plc_index_item *item,
                        const struct plc_index_segment *segments, size_t n_segments,
                        const struct plc_index_rendition *renditions, size_t n_renditions, GError **error);
/* One that is not there is fine. Its places in bundles go too. */
bool plc_index_remove_item(plc_index_writer *writer, const char *item, GError **error);
bool plc_index_put_summary(plc_index_writer *writer, const char *product, const struct plc_index_summary *summary,
                           GError **error);
/* Replaces the version that was shown before; items in the order given. */
bool plc_index_put_bundle(plc_index_writer *writer, const struct plc_index_bundle *bundle,
                          const struct plc_index_bundle_item *items, size_t n_items, GError **error);
bool plc_index_remove_bundle(plc_index_writer *writer, const char *name, GError **error);
bool plc_index_has_item(plc_index_writer *writer, const char *item, bool *out, GError **error);
/* Ids of all items in the index, for the publisher's own comparison; free with g_ptr_array_unref. */
bool plc_index_list_items(plc_index_writer *writer, GPtrArray **out, GError **error);
/* Ids of items with a segment that has ended: their bytes still stand here. Reads all segments. Free as above. */
bool plc_index_list_expired(plc_index_writer *writer, int64_t now_ms, GPtrArray **out, GError **error);
/* Empties everything (placet index rebuild), within begin … commit. */
bool plc_index_clear(plc_index_writer *writer, GError **error);

/* Outside a publication: the office is alive at now_ms; lease_ms 0: no lease, nothing goes dark by itself. Once a
 * minute. */
bool plc_index_renew_lease(plc_index_writer *writer, int64_t now_ms, int64_t lease_ms, GError **error);
