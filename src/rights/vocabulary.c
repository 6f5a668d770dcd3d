/* Which words may stand in events, policies and questions? */
#include "rights/vocabulary.h"

#include <glib.h>
#include <string.h>

const char *const plc_channel_words[] = {"pdp", "home", "landing",     "email", "social",
                                         "ad",  "feed", "marketplace", "print", NULL};
const char *const plc_layer_words[] = {"licence", "data", "likeness", NULL};
const char *const plc_subject_kind_words[] = {"photo", "review", NULL};
const char *const plc_provenance_words[] = {"camera", "ai", "unknown", NULL};
const char *const plc_person_kind_words[] = {"minor", "unknown", "adult", "self", NULL};
const char *const plc_edit_words[] = {"crop", "colour", "overlay", "excerpt", "translate", "composite", "ai", NULL};
const char *const plc_sublicensee_words[] = {"ad_platform", "retailer", "affiliate", NULL};
const char *const plc_credit_words[] = {"required", "optional", "forbidden", NULL};
const char *const plc_moderation_words[] = {"approved", "rejected", "pending", NULL};
const char *const plc_connection_words[] = {"none",   "incentive", "free_product", "affiliate", "employee",
                                            "family", "contest",   "unknown",      NULL};
const char *const plc_verification_words[] = {"order", "email", "receipt", "merchant", "none", NULL};

int plc_word_index(const char *const *words, const char *word)
{
        for (int i = 0; words[i] != NULL; i++)
                if (strcmp(words[i], word) == 0)
                        return i;
        return -1;
}

bool plc_territory_parse(const char *text, plc_territory *out)
{
        if (!g_ascii_isupper(text[0]) || !g_ascii_isupper(text[1]) || text[2] != '\0')
                return false;
        *out = (plc_territory)((text[0] - 'A') * 26 + (text[1] - 'A'));
        return true;
}

void plc_territory_format(plc_territory territory, char out[3])
{
        out[0] = (char)('A' + territory / 26);
        out[1] = (char)('A' + territory % 26);
        out[2] = '\0';
}

void plc_territories_add(struct plc_territories *set, plc_territory territory)
{
        set->bits[territory / 64] |= UINT64_C(1) << (territory % 64);
}

void plc_territories_union(struct plc_territories *set, const struct plc_territories *more)
{
        for (size_t i = 0; i < G_N_ELEMENTS(set->bits); i++)
                set->bits[i] |= more->bits[i];
}

bool plc_territories_has(const struct plc_territories *set, plc_territory territory)
{
        return (set->bits[territory / 64] >> (territory % 64) & 1) != 0;
}

bool plc_territories_match(const struct plc_territories *set, plc_territory territory)
{
        return plc_territories_has(set, territory) || plc_territories_has(set, PLC_TERRITORY_WORLD);
}

bool plc_language_valid(const char *tag_or_range)
{
        const char *at = tag_or_range;

        for (;;) {
                size_t size = 0;

                if (*at == '*') {
                        at++;
                } else {
                        while (g_ascii_isalnum(*at))
                                at++, size++;
                        if (size < 1 || size > 8)
                                return false;
                }
                if (*at == '\0')
                        return true;
                if (*at++ != '-')
                        return false;
        }
}

static size_t subtag_size(const char *at)
{
        size_t size = 0;

        while (at[size] != '\0' && at[size] != '-')
                size++;
        return size;
}

static const char *next_subtag(const char *at)
{
        at += subtag_size(at);
        return *at == '-' ? at + 1 : NULL;
}

static bool same_subtag(const char *a, const char *b)
{
        size_t size = subtag_size(a);

        return size == subtag_size(b) && g_ascii_strncasecmp(a, b, size) == 0;
}

bool plc_language_match(const char *range, const char *tag)
{
        if (*range != '*' && !same_subtag(range, tag))
                return false;
        range = next_subtag(range);
        tag = next_subtag(tag);
        while (range != NULL) {
                if (*range == '*') {
                        range = next_subtag(range);
                } else if (tag == NULL) {
                        return false;
                } else if (same_subtag(range, tag)) {
                        range = next_subtag(range);
                        tag = next_subtag(tag);
                } else if (subtag_size(tag) == 1) {
                        return false; /* a singleton begins an extension, which a range must name */
                } else {
                        tag = next_subtag(tag);
                }
        }
        return true;
}

bool plc_language_is_none(const char *tag)
{
        return tag == NULL || *tag == '\0' || same_subtag(tag, "und") || same_subtag(tag, "x");
}
