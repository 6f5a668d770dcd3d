/*
 * What may be shown to this reader, here, now? The read side of public/index.db for placet-serve: it opens read-only,
 * waits for the file to exist, and reads one answer in one transaction, so an answer is of one publication.
 */
#pragma once
#include "index/index.h"

typedef struct plc_index_reader plc_index_reader;

struct plc_index_state {
        int64_t file;         /* another number when another file took the place of index.db */
        int64_t now;          /* max(clock, last publication): a clock set back opens nothing again */
        int64_t version;      /* of the publication */
        int64_t published_at; /* ms */
        int64_t renewed_at;   /* when the office was last alive */
        int64_t dark_at;      /* when the lease runs out; PLC_TIME_NEVER without a lease */
        bool stale;           /* the office has not been seen for an hour */
        bool dark;            /* the lease has run out: nothing may be shown */
};

/* `dir` is site/public; it need not hold an index yet. */
plc_index_reader *plc_index_reader_new(const char *dir);
void plc_index_reader_free(plc_index_reader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_index_reader, plc_index_reader_free)

/* UNREACHABLE (503) while there is no index. After true, every question until plc_index_read_end sees the same
 * publication. */
bool plc_index_read_begin(plc_index_reader *reader, int64_t clock_ms, struct plc_index_state *out, GError **error);
void plc_index_read_end(plc_index_reader *reader);
/*
 * From now on, what was begun for one question serves the next ones too, as long as nothing was committed since: that
 * is looked at for each. The caller says plc_index_read_rest whenever it has no more questions, before it waits for
 * anything: a reading that stays open keeps the office from emptying its log.
 */
void plc_index_read_linger(plc_index_reader *reader);
void plc_index_read_rest(plc_index_reader *reader);
/* The same state, for whoever keeps answers; where nothing was committed since the last question it costs no reading.
 */
bool plc_index_look(plc_index_reader *reader, int64_t clock_ms, struct plc_index_state *out, GError **error);

/*
 * What its contributor has taken back and the office has not recorded yet: from now on as if it were not there,
 * whatever the index says. An item, or all of an owner (index.h). Answers that were kept elsewhere are the caller's.
 */
void plc_index_hide(plc_index_reader *reader, const char *item, const char *owner);
void plc_index_hide_none(plc_index_reader *reader);
/* Within a reading. Where it cannot be said, it is hidden. */
bool plc_index_hides(plc_index_reader *reader, const char *item);

/* Where an item may be shown now or later, and until when at the latest. */
struct plc_index_shown_in {
        const char *channel;
        struct plc_index_territories territories;
        int64_t until;
};

/* One item on its contributor's own page; strings are lent for the call. */
struct plc_index_owned {
        const char *item;
        enum plc_index_kind kind;
        int64_t written_at;
        const char *language;                    /* BCP 47, or und */
        const char *head;                        /* members of an answer, without braces: title and text, or alt */
        const char *media;                       /* KEY/NAME of a rendition; NULL */
        const char *const *products;             /* with which it may be shown */
        const struct plc_index_shown_in *places; /* by channel; what differs in territories alone stands apart */
        size_t n_places;
        bool hidden;
};
/* Newest first, at most `limit`; within a reading. */
bool plc_index_list_owned(plc_index_reader *reader, const char *owner, int64_t now, size_t limit,
                          void (*visit)(const struct plc_index_owned *owned, void *data), void *data, GError **error);
/* Is it in the index, and the owner's, or another's? Neither: it is not there (any more). */
bool plc_index_owns(plc_index_reader *reader, const char *owner, const char *item, bool *out_theirs, bool *out_others,
                    GError **error);

struct plc_index_question {
        const char *channel;
        const char *territory; /* a known code, or NULL: only what every country may see */
        const char *language;  /* one of the site's languages as the publisher asked it, or "" */
        const char *labels;    /* BCP 47 list: in which language labels are, and translations wanted; or NULL */
        int64_t now;
};

/* A place in a list: after this item. The beginning: written_at PLC_TIME_NEVER, item "". */
struct plc_index_cursor {
        int64_t written_at;
        char item[64];
};

struct plc_index_page {
        size_t count;
        int64_t until; /* the first instant at which something in the answer may no longer be shown */
        bool more;
        struct plc_index_cursor next; /* where `more` goes on */
};

/* Items of an answer to whoever names no limit: of lists, this page alone is kept compressed. */
#define PLC_INDEX_PAGE 12

/*
 * Appends the items (JSON objects joined by commas) that may be shown for the product, newest first, at most `limit`.
 * At most 4000 segments are looked at for one answer; where they do not suffice, `more` is true and the page may be
 * short.
 */
bool plc_index_list(plc_index_reader *reader, const struct plc_index_question *question, enum plc_index_kind kind,
                    const char *product, const struct plc_index_cursor *after, size_t limit, GString *out_json,
                    struct plc_index_page *out_page, GError **error);

/* One item, as in a list of whichever of its products it may be shown for; NOT_FOUND alike for unknown, unapproved,
 * withdrawn, not begun and expired. */
bool plc_index_item_alone(plc_index_reader *reader, const struct plc_index_question *question, const char *item,
                          GString *out_json, struct plc_index_page *out_page, GError **error);

struct plc_index_bundle_head {
        int64_t version;
        char *title;
        int64_t until;
};
void plc_index_bundle_head_clear(struct plc_index_bundle_head *head);
/* NOT_FOUND alike for unknown, not begun, over, another channel, another territory. */
bool plc_index_bundle(plc_index_reader *reader, const struct plc_index_question *question, const char *name,
                      struct plc_index_bundle_head *out, GError **error);
/* In the bundle's order, after place `after` (0: from the beginning); next.written_at is then the last place. */
bool plc_index_bundle_list(plc_index_reader *reader, const struct plc_index_question *question, const char *name,
                           int64_t after, size_t limit, GString *out_json, struct plc_index_page *out_page,
                           GError **error);

/* count 0 and average 0 for a product that nobody reviewed. */
bool plc_index_get_summary(plc_index_reader *reader, const char *product, struct plc_index_summary *out,
                           GError **error);

/* The same, and what plc_index_list needs next of this product, within this reading. */
bool plc_index_get_list_summary(plc_index_reader *reader, const char *product, struct plc_index_summary *out,
                                GError **error);

/*
 * These items as plc_index_list has appended them, compressed when they were published; within the same reading. False:
 * they are not among what is kept so. It is looked for by what was written, so it is right whatever the question was.
 */
struct plc_gzip_piece;
bool plc_index_packed(plc_index_reader *reader, const char *product, const char *items, size_t size,
                      struct plc_gzip_piece *out);

struct plc_index_media {
        char *asset; /* key in public/assets: sha256.ext */
        char *type;
        int64_t bytes;
        int64_t until; /* PLC_TIME_NEVER without end */
};
void plc_index_media_clear(struct plc_index_media *media);
/* NOT_FOUND alike for unknown, unapproved, withdrawn, not begun and expired. */
bool plc_index_get_media(plc_index_reader *reader, const char *key, const char *name, int64_t now,
                         struct plc_index_media *out, GError **error);
