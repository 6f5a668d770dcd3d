/* What do the parts of a verification share? Where findings go. */
#pragma once
#include "site/verify.h"

struct plc_verifying {
        struct plc_site *site;
        const struct plc_verify_options *options;
        const char *part;
        GPtrArray *findings; /* of this part and this look, of struct plc_finding */
        int64_t checked;
        int64_t otherwise; /* how many changed settings would have otherwise */
        char *example;     /* the first of them */
};

/* One more is checked. */
void plc_verify_count(struct plc_verifying *verifying);
void plc_verify_damage(struct plc_verifying *verifying, const char *remedy, const char *format, ...)
        G_GNUC_PRINTF(3, 4);
/* What changed settings would have otherwise (plc_verify_options): no damage, and counted. */
void plc_verify_otherwise(struct plc_verifying *verifying, const char *item);
void plc_verify_note(struct plc_verifying *verifying, const char *remedy, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* verify_email.c */
struct plc_index_audit;
bool plc_verify_emails_of(struct plc_verifying *verifying, struct plc_index_audit *audit, const char *item,
                          GError **error);

/* A part: false only if it could not look at all, which is told as damage too. */
typedef bool plc_verify_part(struct plc_verifying *verifying, GError **error);
plc_verify_part plc_verify_chain, plc_verify_checkpoints, plc_verify_events, plc_verify_catalog, plc_verify_vault,
        plc_verify_records, plc_verify_keys, plc_verify_files, plc_verify_index, plc_verify_content, plc_verify_modes;
