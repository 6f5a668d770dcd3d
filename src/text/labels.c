/* In which words is a reader told how a review came about? */
#include "text/labels.h"
#include "text/language_tag.h"
#include "text/locale.h"
#include <glib.h>
#include <stdbool.h>
#include <string.h>

static const char *const names[][2] = {{"disclosure", "incentive"}, {"disclosure", "free_product"},
                                       {"disclosure", "affiliate"}, {"disclosure", "employee"},
                                       {"disclosure", "family"},    {"disclosure", "contest"},
                                       {"verification", "order"},   {"verification", "email"},
                                       {"verification", "receipt"}, {"verification", "merchant"}};

static const struct {
        const char *tag, *disclosure, *verification;
} languages[] = {
#define PLC_LABELS(tag, disclosure, verification) {tag, disclosure, verification},
#include "text/labels.def"
#undef PLC_LABELS
};

/* A list asks for the same few again and again, and ICU reads a pattern in ten times the time of an answer's item. */
static const char *label_of(size_t language, size_t name)
{
        static char *said[G_N_ELEMENTS(languages)][G_N_ELEMENTS(names)];
        char **one = &said[language][name];
        if (*one == NULL)
                *one = plc_locale_chosen(languages[language].tag,
                                         strcmp(names[name][0], "disclosure") == 0 ? languages[language].disclosure
                                                                                   : languages[language].verification,
                                         names[name][1]);
        return *one;
}

/* Scoring asks ICU; most rows are out of the question by their first two letters already. */
static bool may_match(const char *wanted, const char *tag)
{
        for (const char *c = wanted; *c; c++) {
                if (g_ascii_strncasecmp(c, tag, 2) == 0 ||
                    (strcmp(tag, "nb") == 0 &&
                     (g_ascii_strncasecmp(c, "no", 2) == 0 || g_ascii_strncasecmp(c, "nn", 2) == 0)))
                        return true;
        }
        return false;
}

/* A label in another script or of another region is still better read than English, so any nearness counts. */
static size_t best_language(const char *wanted)
{
        static char before[64]; /* one answer asks for the same list again and again */
        static size_t best_before;
        size_t best = 0; /* English stands first */
        int most = 0;

        if (wanted != NULL && before[0] != '\0' && strcmp(before, wanted) == 0)
                return best_before;
        for (size_t i = 0; wanted && i < G_N_ELEMENTS(languages); i++) {
                if (!may_match(wanted, languages[i].tag))
                        continue;
                int score = plc_text_language_score(wanted, languages[i].tag);
                if (score > most) {
                        most = score;
                        best = i;
                }
        }
        if (wanted != NULL && g_strlcpy(before, wanted, sizeof before) < sizeof before)
                best_before = best;
        else
                before[0] = '\0';
        return best;
}

const char *plc_text_label(const char *kind, const char *code, const char *wanted)
{
        for (size_t i = 0; kind && code && i < G_N_ELEMENTS(names); i++) {
                if (strcmp(kind, names[i][0]) == 0 && strcmp(code, names[i][1]) == 0)
                        return label_of(best_language(wanted), i);
        }
        return NULL;
}
