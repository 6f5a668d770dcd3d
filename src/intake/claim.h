/*
 * How does a drop leave the inbox, and where does it end? By one durable rename into .work/ID, so that an operator's
 * hand, a second office and a crash all see it in exactly one place; and from there to nothing (its content is in vault
 * and catalog) or to rejected/.
 */
#pragma once
#include "base/error.h"
#include "base/id.h"

/* Folders of a site that a drop passes through; borrowed descriptors. */
struct plc_intake_dirs {
        int inbox, work, rejected, done;
};

/* What is claimed: .work/ID/NAME, and NAME.json beside a photo that has a sidecar. */
struct plc_claim {
        char id[PLC_ID_SIZE]; /* becomes the submission's id */
        char *name;           /* as it was in the inbox */
};
void plc_claim_free(struct plc_claim *claim);
typedef struct plc_claim plc_claim;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_claim, plc_claim_free)

/*
 * NOT_FOUND if it is not in the inbox any more. The markers NAME.ready are removed with it. id: a new one of base/id.h,
 * or NULL to have one made.
 */
struct plc_claim *plc_claim_take(const struct plc_intake_dirs *dirs, const char *name, const char *id, GError **error);
/* The same for a path that is not in the inbox: copied (no links followed), the original stays. */
struct plc_claim *plc_claim_copy(const struct plc_intake_dirs *dirs, const char *path, const char *id, GError **error);
/* What an earlier office left in .work, in order of ids. Halves of a claim are put back or removed first. */
bool plc_claim_recover(const struct plc_intake_dirs *dirs, GPtrArray *out_claims, GError **error);

/* Opens what was claimed: out_fd is .work/ID (to find NAME in); out_is_folder tells whether NAME is a folder.
 * UNSAFE_FILE for links, devices, FIFOs and hard-linked files. */
bool plc_claim_open(const struct plc_intake_dirs *dirs, const struct plc_claim *claim, int *out_fd, bool *out_is_folder,
                    GError **error);
/* Files of the drop that it does not name are nobody's to delete: moved to done/DATE/NAME.left-out/. */
bool plc_claim_set_aside(const struct plc_intake_dirs *dirs, const struct plc_claim *claim, int folder_fd,
                         const char *const *files, int64_t now_ms, GError **error);
/* Its content is safe elsewhere: gone from .work. */
bool plc_claim_remove(const struct plc_intake_dirs *dirs, const struct plc_claim *claim, GError **error);
/*
 * Moved whole to rejected/DATE/NAME, beside NAME.reason.txt (for people) and NAME.reason.json (schema placet.reason/1).
 * The reason is durable before the drop moves. A name taken on that day gets -2, -3, ….
 */
bool plc_claim_reject(const struct plc_intake_dirs *dirs, const struct plc_claim *claim, const GError *why,
                      int64_t now_ms, GError **error);
/*
 * done/DATE/NAME.result.json; a name taken by another answer gets -2, -3, …. key: plc_answer_key, or
 * PLC_ANSWER_UNCHANGED and the submission's id for a drop that was known already: an answer is written over by the same
 * key alone (so that a crash leaves one).
 */
#define PLC_ANSWER_UNCHANGED "unchanged:"
/* Of one revision. Free with g_free. */
char *plc_answer_key(const char *submission, int64_t revision);
bool plc_answer_write(const struct plc_intake_dirs *dirs, const char *name, const char *key, const char *json,
                      int64_t now_ms, GError **error);
