/* How are the pieces of a submission read alike? Inside src/intake/manifest*.c only. */
#pragma once
#include "base/json.h"
#include "intake/manifest.h"

struct plc_manifest_reading {
        plc_manifest *manifest;
        const struct plc_manifest_limits *limits;
        enum plc_manifest_form form;
        const char *file, *photo_name;
        GError **error;
};
typedef struct plc_manifest_reading reading;

/* Free text of at most max_chars characters; "" is as good as absent, so *out stays NULL (a fault where it is
 * required). */
bool plc_sub_text(reading *r, plc_json *node, const char *name, plc_need need, size_t max_chars, char **out);
/* The same on one line: no control characters. */
bool plc_sub_line(reading *r, plc_json *node, const char *name, plc_need need, size_t max_chars, char **out);
/* An identifier: one line, not empty. */
bool plc_sub_id(reading *r, plc_json *node, const char *name, plc_need need, char **out);
bool plc_sub_texts(reading *r, plc_json *node, const char *name, size_t max, size_t max_chars, char ***out);
/* *out is the word of the NULL-terminated list, static text. */
bool plc_sub_word(reading *r, plc_json *node, const char *name, plc_need need, const char *const *words,
                  const char **out);
bool plc_sub_language(reading *r, plc_json *node, const char *name, plc_need need, char **out);
bool plc_sub_email(reading *r, plc_json *node, const char *name, char **out);
bool plc_sub_url(reading *r, plc_json *node, const char *name, char **out);
bool plc_sub_sha256(reading *r, plc_json *node, const char *name, char **out);
/* Not later than now (with 5 minutes for clocks that differ). */
bool plc_sub_past(reading *r, plc_json *node, const char *name, plc_need need, int64_t *out);
/* A file of the drop's folder, by a safe name. */
bool plc_sub_file(reading *r, plc_json *node, plc_need need, struct plc_manifest_file *out);
/* {file, sha256?} or {text}; *out_there says whether there was one. */
bool plc_sub_evidence(reading *r, plc_json *node, const char *name, plc_need need, struct plc_manifest_evidence *out,
                      bool *out_there);
/* The object has no other members, and none that is null. */
bool plc_sub_done(reading *r, plc_json *node);

/* A list of objects into an array of `size` bytes each; *out and *out_n are set before the elements are read, so that
 * what was read is freed with the rest. */
typedef bool (*plc_sub_read_fn)(reading *r, plc_json *node, void *out);
bool plc_sub_objects(reading *r, plc_json *node, const char *name, size_t max, size_t size, void *out, size_t *out_n,
                     plc_sub_read_fn read);

/* The members of the document, one reader each; absent ones leave the submission as it is. */
bool plc_sub_read_contributor(reading *r, plc_json *root);
bool plc_sub_read_review(reading *r, plc_json *root);
bool plc_sub_read_products(reading *r, plc_json *root);
bool plc_sub_read_photos(reading *r, plc_json *root);
bool plc_sub_read_consents(reading *r, plc_json *root);
/* What holds between members: times in order, tags that name a product, one human being one kind. */
bool plc_sub_check_meaning(reading *r, plc_json *root);
/* What the photo or the whole says about film: refused in one sentence. */
bool plc_sub_no_video(reading *r, plc_json *node);

/* Gives the error (if there is one) a remedy that ends with how to hand the drop in again. */
void plc_sub_remedy(GError *fault, enum plc_manifest_form form, GError **error);
/* A name as it may stand in a sentence: valid UTF-8, no control characters. Free with g_free. */
char *plc_sub_shown(const char *name);
void plc_sub_evidence_clear(struct plc_manifest_evidence *evidence);
/* SHA-256 of the tree with its members sorted by bytes: the same for the same content however it was laid out.
 * leave_out: members of the root that do not count, or NULL. */
void plc_sub_json_hash(plc_json *root, const char *const *leave_out, char out[65]);
