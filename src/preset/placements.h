/*
 * What sizes and formats does each place take? The files of presets/placements/ (and of the site's own folder, which
 * wins by id), read strictly and compiled into the plan that the worker gets.
 */
#pragma once
#include "base/error.h"
#include "wire/plan.h"

#define PLC_PRESET_VERSION_SIZE 17 /* 16 hex digits and the closing zero */

struct plc_preset_source {
        char *id;   /* "META-API" */
        char *kind; /* official, official-3p, secondary, code, measured, design, memory */
        char *url;  /* NULL for measured, design, memory */
        char *says; /* what was read there */
};

struct plc_preset {
        struct plc_placement placement; /* the compiled form; placement.id is the preset's id */
        char *channel;                  /* a channel of preset/scope.h, or "internal" */
        char *platform;                 /* "meta" */
        char *title;
        char *notes;    /* NULL: none */
        char *overlay;  /* allowed, minimal-text, max-20pct-text, forbidden: what the place thinks of text on a photo */
        char *crop_key; /* name of the crop in the platform's own interface, NULL: none */
        double ratio_tolerance; /* the platform accepts a ratio off by this share; 0: not stated */
        char **groups;          /* named groups it belongs to, besides its channel; never NULL */
        char *file;             /* where it stands: "placements/ad-meta.json" */
        char *checked;          /* YYYY-MM-DD: when the sources were last read */
        GPtrArray *sources;     /* of const struct plc_preset_source: those that its size, limits and formats rest on */
        bool of_site;           /* from the site's own folder */
        char *overrides;        /* file of the shipped preset that it took the place of; NULL: none */
        bool is_public;         /* placet-serve may hand it out: its channel is public (never ad, never internal) */
        char version[PLC_PRESET_VERSION_SIZE]; /* changes exactly when a rendition would be made otherwise */
};

typedef struct plc_presets plc_presets;

/*
 * All *.json of `dir` (NULL: the placements that Placet ships) and of `site_dir` (NULL, or a folder that may not
 * exist), whose presets replace shipped ones of the same id. A file of more than 1 MiB, more than 256 files: TOO_BIG.
 */
plc_presets *plc_presets_load(const char *dir, const char *site_dir, GError **error);
/* One file alone, as `presets check FILE` reads it; NULL with file, pointer and rule in the error. */
plc_presets *plc_presets_load_file(const char *path, GError **error);
void plc_presets_free(plc_presets *presets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_presets, plc_presets_free)

/* Sorted by id. */
size_t plc_presets_size(const plc_presets *presets);
const struct plc_preset *plc_presets_at(const plc_presets *presets, size_t index);
const struct plc_preset *plc_presets_find(const plc_presets *presets, const char *id); /* NULL: none */

/*
 * "pdp,meta-feed-4x5,bench14" → their ids, each once, in the order asked for and within a group in the order written. A
 * word is an id, a channel's name, or a named group; NOT_FOUND (with the nearest name there is) otherwise. Free with
 * g_strfreev.
 */
char **plc_presets_expand(const plc_presets *presets, const char *words, GError **error);

/* 16 hex digits over all presets: renditions made under another version may be out of date (compare plc_preset.version
 * then). */
const char *plc_presets_version(const plc_presets *presets);
