/*
 * What is a bundle, and what is in it? A definition (schema placet.bundle/1) is frozen into a numbered version: its
 * query is answered once, each item is decided for each of its channels and territories. Items leave by themselves when
 * they may no longer be shown, and come back when a hold is lifted; nothing else changes a version.
 */
#pragma once
#include "catalog/bundle.h"
#include "publish/publisher.h"

enum plc_bundle_order { PLC_BUNDLE_NEWEST, PLC_BUNDLE_OLDEST, PLC_BUNDLE_RATING, PLC_BUNDLE_RANDOM };

/* Strings are owned; NULL, 0 or -1 (kind) where not given. */
struct plc_bundle_definition {
        char *json; /* as it was read, and from where */
        char *file;
        bool frozen; /* plc_bundle_parse_frozen */
        char *name, *title;
        char **channels, **territories; /* territories may hold WW */
        char **placements;              /* ids of presets: of photos, only files of these are told */
        char *product, *tag, *campaign, *role, *language, *country;
        int kind; /* enum plc_item_kind, -1: any */
        bool photo_wanted_given, photo_wanted;
        int64_t min_width, min_height; /* pixels of the upright photo */
        double min_sharpness;          /* as placet show tells it */
        int64_t min_quality;           /* 0 to 100: how much there is to see in it */
        int64_t max_age_days;          /* since the text was written, or the photo received */
        char **pinned, **excluded;
        int order;
        bool keep_duplicates;                        /* else of photos that look alike the first one stays */
        int64_t per_contributor, per_country, limit; /* at most so many */
        bool kept;                                   /* the office fills it anew, in its window, as a new version */
        int64_t from_ms, until_ms;                   /* 0 and PLC_TIME_NEVER where not given */
};
/* `file` is what faults tell. NULL on failure. */
struct plc_bundle_definition *plc_bundle_parse(const char *json, size_t size, const char *file, GError **error);
/* One that was published: words of it that a new file may not hold any more say nothing, for who withdraws an item must
 * not be refused by a bundle that holds it. */
struct plc_bundle_definition *plc_bundle_parse_frozen(const char *json, const char *name, GError **error);
void plc_bundle_definition_free(struct plc_bundle_definition *definition);
typedef struct plc_bundle_definition plc_bundle_definition;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_bundle_definition, plc_bundle_definition_free)

/* May a person publish it here: channels, placements and pinned items that there are, a window that is not over? A kept
 * bundle whose placement was taken away since is filled without it. */
bool plc_bundle_fits(const struct plc_publisher *publisher, const plc_bundle_definition *definition, int64_t now_ms,
                     GError **error);

/* Codes and WW, as a definition has them. */
void plc_bundle_territories(char *const *codes, struct plc_index_territories *out);
/* 16 hex digits that change with the definition. */
#define PLC_BUNDLE_MARK_SIZE 17
void plc_bundle_mark(const plc_bundle_definition *definition, char out[PLC_BUNDLE_MARK_SIZE]);
/* Is it shown for this channel, in this territory, at this instant? */
bool plc_bundle_covers(const plc_bundle_definition *definition, const char *channel, const char *territory, int64_t at);

/* What it would hold if it were frozen now. */
struct plc_bundle_choice {
        GPtrArray *items;    /* ids in order, of char * */
        GPtrArray *left_out; /* matching or pinned items that are not in it, of struct plc_bundle_left_out */
};
struct plc_bundle_left_out {
        char item[PLC_ID_SIZE];
        const char *reason;      /* not_approved, not_allowed, near_duplicate, contributor, country, limit */
        char other[PLC_ID_SIZE]; /* near_duplicate: of which it is one; else "" */
};
void plc_bundle_choice_free(struct plc_bundle_choice *choice);
typedef struct plc_bundle_choice plc_bundle_choice;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_bundle_choice, plc_bundle_choice_free)
bool plc_bundle_choose(const struct plc_publisher *publisher, const plc_bundle_definition *definition, int64_t now_ms,
                       plc_bundle_choice **out, GError **error);

/*
 * What is written down of a version (schemas/json/bundle-manifest.schema.json): its items, what decide() said of each
 * for every channel and territory, and the files there were. Free with g_string_free.
 */
bool plc_bundle_manifest(const struct plc_publisher *publisher, const plc_bundle_definition *definition,
                         const plc_bundle *bundle, GString **out, GError **error);

/*
 * Before a version is frozen: asks for the files of the bundle's placements that were never made, so that the manifest
 * can tell them and mails have them. out_asked: ids of the items, of char *, for which jobs were queued. In a
 * transaction.
 */
bool plc_bundle_ask(const struct plc_publisher *publisher, const plc_bundle_definition *definition, int64_t now_ms,
                    GPtrArray **out_asked, GError **error);
/* Freezes the next version and shows it; durable when it returns. out_bundle: the version with its items. */
bool plc_bundle_publish(const struct plc_publisher *publisher, const plc_bundle_definition *definition, int64_t now_ms,
                        plc_bundle **out_bundle, GError **error);
/* Within an index publication: shows the latest version as the index has its items now. */
bool plc_bundle_show(const struct plc_publisher *publisher, const char *name, GError **error);
/* The latest version is shown no more, and its name is free for a next one. */
bool plc_bundle_withdraw(const struct plc_publisher *publisher, const char *name, int64_t now_ms, GError **error);
/* Every kept bundle whose window is open and that would hold other items now gets its next version; what is new in it
 * and has no files yet is asked for, and enters when it is called again with the files there. *out_next_ms: when the
 * next window opens; PLC_TIME_NEVER. */
bool plc_bundle_keep_all(const struct plc_publisher *publisher, int64_t now_ms, int64_t *out_next_ms, GError **error);
