/*
 * What did a contributor agree to? The registered terms: which grants a version of a text gives, and that text's
 * SHA-256. A consent that names a registered text needs to say no more.
 */
#pragma once
#include "base/error.h"
#include "preset/scope.h"

enum plc_terms_layer { PLC_TERMS_LICENCE, PLC_TERMS_DATA, PLC_TERMS_LIKENESS };
const char *plc_terms_layer_name(enum plc_terms_layer layer); /* "licence" */

struct plc_terms_grant {
        enum plc_terms_layer layer; /* LIKENESS is of the contributor alone: nobody can sign for another adult */
        struct plc_terms_scope scope;
        int64_t days; /* from the day of consent */
};

struct plc_terms {
        char *id;
        int64_t version;
        char *language; /* of the text, BCP 47 */
        char *text_file;
        char text_sha256[65];  /* of text_file, compared at load */
        int64_t in_force_from; /* ms UTC */
        size_t n_grants;
        struct plc_terms_grant *grants;
        char *file; /* "terms/ugc-basic.json" */
        bool of_site;
};

typedef struct plc_terms_registry plc_terms_registry;

/*
 * All *.json of `dir` (NULL: the terms that Placet ships) and of `site_dir` (NULL, or a folder that may not exist),
 * each with its text file beside it. A text that is not the one announced: HASH_MISMATCH. The same id, version and
 * language twice: CONFLICT, unless it is the site's own over a shipped one.
 */
plc_terms_registry *plc_terms_load(const char *dir, const char *site_dir, GError **error);
void plc_terms_free(plc_terms_registry *registry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_terms_registry, plc_terms_free)

size_t plc_terms_size(const plc_terms_registry *registry);
const struct plc_terms *plc_terms_at(const plc_terms_registry *registry, size_t index);
/* The terms of this id and version whose text has this hash, in whichever language; NULL: not registered. Borrowed. */
const struct plc_terms *plc_terms_find(const plc_terms_registry *registry, const char *id, int64_t version,
                                       const char *text_sha256);
