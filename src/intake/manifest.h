/*
 * What does a drop say about itself? submission.json (schema placet.submission/1, schemas/json/submission.schema.json),
 * or the sidecar of one photo, read strictly into plain structs; and whether the files it names are there.
 *
 * It is called manifest here, because a submission is what the catalog keeps of it.
 *
 * Strings are NULL where not given, times PLC_TIME_NEVER, and belong to the submission. Words of a list (origin, kind,
 * role …) point to static text. All text is UTF-8 as written: normalising, masking and sealing come later.
 */
#pragma once
#include "base/error.h"
#include "preset/scope.h"
#include "text/detect.h"

/* A file that the drop names, and what was found (plc_manifest_check_files). */
struct plc_manifest_file {
        char *name;            /* in the drop's folder; NULL: no file */
        char *sha256;          /* announced; NULL: not announced */
        char found_sha256[65]; /* "" until checked */
        int64_t found_bytes;
};

/* Evidence of a consent or a release: exactly one of file.name and text, or neither where it is not given. */
struct plc_manifest_evidence {
        struct plc_manifest_file file;
        char *text; /* what was clicked, ticked or answered */
};

struct plc_manifest_person {
        char *id;         /* the operator's, for one human being */
        const char *kind; /* self, adult, minor, unknown */
        bool has_release;
        struct plc_manifest_evidence release;
        int64_t release_captured_at;
        bool release_by_guardian; /* signed by the guardian of a minor */
};

struct plc_manifest_tag {
        double x, y;   /* fractions of the upright photo */
        char *product; /* an id, sku or gtin of products */
};

struct plc_manifest_photo {
        struct plc_manifest_file file;
        const char *role; /* scene, closeup, result, unboxing, before, after, other; "other" where not given */
        char *caption;
        char *alt_lang, *alt_text;
        int64_t taken_at;
        bool has_focal, has_box;
        double focal_x, focal_y;           /* fractions of the upright photo */
        double box_x, box_y, box_w, box_h; /* likewise; inside it */
        size_t n_tags;
        struct plc_manifest_tag *tags;
        const char *people; /* none, self, others, unknown; "unknown" where not given */
        size_t n_persons;
        struct plc_manifest_person *persons;
        const char *digital_source_type; /* IPTC newscodes term; NULL: not declared */
        char said_sha256[65]; /* over its JSON without name and hash of the file, as json_sha256; "": nothing was said
                               */
};

struct plc_manifest_product {
        char *id, *sku, *gtin, *url; /* at least one of id, sku, gtin */
        bool primary;                /* at most one; the first where none says so */
};

struct plc_manifest_translation {
        char *lang, *title, *body;
        const char *by; /* author, human, machine */
};

struct plc_manifest_review {
        char *external_id;
        const char *kind; /* review, tutorial, unboxing, qa, comparison, fit, story */
        bool has_rating;
        double rating, rating_min, rating_max;
        char *title, *summary, *body;
        char **pros, **cons;      /* NULL: none */
        int recommended;          /* 1, 0, -1: not said */
        char experience_date[11]; /* YYYY-MM-DD, "": not given */
        int64_t written_at;
        char *language_hint; /* BCP 47 */
        size_t n_translations;
        struct plc_manifest_translation *translations;
        bool has_engagement;
        int64_t likes, comments, shares, engagement_at;
};

struct plc_manifest_contributor {
        char *id; /* the source's; found again by HMAC of source and id */
        char *display_name, *email, *country, *locale;
        bool blank_name;      /* display_name was given, but shows nothing */
        const char *age_band; /* adult, 16-17, 13-15, under13, unknown; NULL: not given */
        bool has_guardian;
        char *guardian_name, *guardian_email;
        struct plc_manifest_evidence guardian_evidence;
        const char *credit; /* required, optional, forbidden; NULL: not given */
};

struct plc_manifest_consent {
        char *terms;
        int64_t version;
        char *text_sha256; /* NULL: not given, which makes it an attestation at best */
        int64_t captured_at;
        struct plc_manifest_evidence evidence;
        struct plc_terms_scope scope; /* narrower than the terms; each dimension NULL where it is not narrowed */
        int64_t not_before, not_after;
};

struct plc_manifest {
        char *id;     /* the operator's; NULL for a bare photo */
        char *source; /* NULL for a bare photo: trusted by nobody */
        int64_t collected_at;
        char *campaign;
        char *prompt_id;
        int64_t prompt_version; /* 0: not given */
        const char *origin;     /* review, community_post */
        bool has_contributor, has_review;
        struct plc_manifest_contributor contributor;
        struct plc_manifest_review review;
        size_t n_products;
        struct plc_manifest_product *products;
        size_t n_photos;
        struct plc_manifest_photo *photos;
        char **tags;                           /* NULL: none */
        const char *connection, *verification; /* of the rights model; "unknown" and "none" where not given */
        size_t n_consents;
        struct plc_manifest_consent *consents;
        char json_sha256[65]; /* over the JSON with sorted members and without spaces; "" for a bare photo */
        /* Likewise: of what it says of review and photos alike (all but these, consents and collected_at), and of the
         * review; "": none. */
        char around_sha256[65], review_sha256[65];
        const char *charset, *charset_by; /* of its file, and how that was known (plc_charset_by_name); NULL: UTF-8 */
};

void plc_manifest_free(struct plc_manifest *manifest);
typedef struct plc_manifest plc_manifest;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_manifest, plc_manifest_free)

struct plc_manifest_limits {
        size_t max_json_bytes;
        int max_json_depth;
        size_t max_photos;
        int64_t max_photo_bytes, max_evidence_bytes; /* of one file */
        size_t max_folder_files;                     /* named or not */
        int64_t now_ms; /* times of consent, writing and collection more than 5 minutes after it are faults; 0: not
                           looked at */
};
/* 1 MiB, 32 levels, 20 photos, 40 MB a photo, 10 MiB a piece of evidence, 200 files, now 0. */
extern const struct plc_manifest_limits plc_manifest_default_limits;

enum plc_manifest_form {
        PLC_MANIFEST_FOLDER,  /* submission.json: at least a review or a photo */
        PLC_MANIFEST_SIDECAR, /* photo.jpg.json: of exactly the one photo, which need not be named */
};

/*
 * `file` is the name that faults tell ("submission.json"); `photo_name` is the sidecar's photo, NULL in a folder.
 * Codes: BAD_JSON, TOO_BIG, BAD_VALUE, UNKNOWN_MEMBER, MISSING_MEMBER, TOO_MANY_PHOTOS, UNSUPPORTED (video, remote
 * photos). Every error has a remedy.
 */
plc_manifest *plc_manifest_parse(const char *data, size_t size, const char *file, enum plc_manifest_form form,
                                 const char *photo_name, const struct plc_manifest_limits *limits, GError **error);
/*
 * The same of bytes in any charset: RFC 8259 §8.1 asks for UTF-8; what old shop systems export is read as what it is
 * (text/charset.h). `declared`, `detector`: may be NULL. BAD_TEXT as well.
 */
plc_manifest *plc_manifest_read(const char *data, size_t size, const char *file, enum plc_manifest_form form,
                                const char *photo_name, const struct plc_manifest_limits *limits, const char *declared,
                                const plc_detector *detector, GError **error);
/* A photo that came alone: nothing is known, so nothing may be shown until someone records rights. */
plc_manifest *plc_manifest_bare(const char *photo_name);

/*
 * Every file named is an ordinary file of the folder, not empty, within its limit, and the one announced; nothing in
 * the folder is a link, a folder or a device. Fills found_sha256 and found_bytes. Codes: MISSING_FILE, UNSAFE_FILE,
 * TOO_LARGE, HASH_MISMATCH, TOO_BIG. `file` as above, also the name of the JSON itself in the folder. out_notes:
 * sentences about files that nobody named; g_strfreev.
 */
bool plc_manifest_check_files(plc_manifest *manifest, const char *file, int dir_fd,
                              const struct plc_manifest_limits *limits, char ***out_notes, GError **error);

/* Names in the folder that check_files told a note of, in the same order; g_strfreev. */
bool plc_manifest_unnamed(plc_manifest *manifest, const char *file, int dir_fd, char ***out, GError **error);

/* submission.json of the folder, parsed; limits NULL: the defaults. */
plc_manifest *plc_manifest_read_folder(int dir_fd, const struct plc_manifest_limits *limits, GError **error);
/* All that is named is there, whatever it is: the copying of this folder has ended. */
bool plc_manifest_files_present(plc_manifest *manifest, int dir_fd);

/* "Same id and same bytes": SHA-256 over json_sha256 and the names and hashes of all files, in their order. After
 * check_files. */
void plc_manifest_content_hash(const plc_manifest *manifest, char out[65]);
/* "The same, of which the same is said": SHA-256 over its own JSON and what stands around it, of a photo its bytes and
 * releases too. After check_files. */
void plc_manifest_review_hash(const plc_manifest *manifest, char out[65]);
void plc_manifest_photo_hash(const plc_manifest *manifest, const struct plc_manifest_photo *photo, char out[65]);

/* Every file named, photos first, then evidence: struct plc_manifest_file, borrowed. Free the array with
 * g_ptr_array_unref. */
GPtrArray *plc_manifest_files(plc_manifest *manifest);
