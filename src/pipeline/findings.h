/* What should a moderator know of an item's words, and where does it stand? One list, sealed with the texts. */
#pragma once
#include "text/flags.h"
#include "text/pii.h"

struct plc_findings {
        GString *json;    /* an array of {kind, field, n, start, end, words}, as `placet show` gives it */
        GPtrArray *flags; /* names of the kinds, each once: static text */
};

void plc_findings_begin(struct plc_findings *findings);
/* Positions in FIELD_raw, the words as written; what they are stands there and nowhere else. */
void plc_findings_personal(struct plc_findings *findings, const char *field, int64_t n, const struct plc_pii *personal);
/* Positions in FIELD as published, with the words. */
void plc_findings_flags(struct plc_findings *findings, const char *field, int64_t n, const char *text,
                        const GArray *flags);
/* The text was UTF-8 read in another charset, `times` over, and is set right. */
void plc_findings_repaired(struct plc_findings *findings, const char *field, int64_t n, unsigned times);
/* The file that it came in is not UTF-8, and was read as that charset; told to the moderator where it was guessed. */
void plc_findings_charset(struct plc_findings *findings, const char *file, const char *charset, const char *by);
/* The whole array, or NULL if there is nothing; free with g_free. Ends the findings. */
char *plc_findings_end(struct plc_findings *findings);
