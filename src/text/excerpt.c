/* How is a long text quoted in little room? */
#include "text/excerpt.h"
#include "text/pii.h"
#include "text/sentences.h"
#include "text/utf8.h"
#include <string.h>
#include <unicode/uchar.h>

/* One line: every run of white space is a single space, none at the ends. */
static char *one_line(const char *utf8, size_t size)
{
        GString *line = g_string_sized_new(size + 1);
        size_t start = 0; /* of the run that is not white space */
        for (size_t at = 0; at <= size;) {
                size_t here = at;
                int32_t c = at < size ? plc_utf8_next(utf8, size, &at) : ' ';
                if ((c > ' ' && c < 0x7f) || !u_isUWhiteSpace(c))
                        continue;
                if (here > start && line->len > 0)
                        g_string_append_c(line, ' ');
                g_string_append_len(line, utf8 + start, (gssize)(here - start));
                start = at;
                if (here == size)
                        break;
        }
        return g_string_free(line, FALSE);
}

/* The last sentence end up to `end` bytes; 0 if there is none. */
static uint32_t last_sentence(const GArray *sentences, uint32_t end)
{
        uint32_t best = 0;
        for (guint i = 0; i < sentences->len && g_array_index(sentences, uint32_t, i) <= end; i++)
                best = g_array_index(sentences, uint32_t, i);
        return best;
}

static uint32_t clusters_up_to(const GArray *clusters, uint32_t end)
{
        uint32_t low = 0, high = clusters->len;
        while (low < high) {
                uint32_t middle = (low + high) / 2;
                if (g_array_index(clusters, uint32_t, middle) <= end)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

/* Is it something to be quoted? An emoji says as much as a word. */
static bool says_something(const char *line, const struct plc_word *word)
{
        int32_t c = (int32_t)g_utf8_get_char(line + word->start);
        return word->letters || u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) ||
               u_hasBinaryProperty(c, UCHAR_REGIONAL_INDICATOR);
}

/* "state-of-the-art" is not quoted in part. */
static bool goes_on(const char *line, uint32_t end)
{
        static const char *const hyphens[] = {"-", "\xe2\x80\x90", "\xe2\x80\x91"};
        for (size_t i = 0; i < G_N_ELEMENTS(hyphens); i++) {
                if (g_str_has_prefix(line + end, hyphens[i]))
                        return g_unichar_isalnum(g_utf8_get_char(line + end + strlen(hyphens[i])));
        }
        return false;
}

/* The end of the last whole word within `end` bytes, so that a number keeps its sign and a word its apostrophe; no
 * trailing comma. */
static uint32_t last_word(const char *line, const GArray *words, uint32_t end)
{
        uint32_t best = 0;
        for (guint i = 0; i < words->len; i++) {
                const struct plc_word *word = &g_array_index(words, struct plc_word, i);
                if (word->end > end)
                        break;
                if (says_something(line, word) && !goes_on(line, word->end))
                        best = word->end;
        }
        return best;
}

static uint32_t without_space(const char *text, uint32_t end)
{
        while (end > 0 && text[end - 1] == ' ')
                end--;
        return end;
}

/* What is quoted: from `start` to `end` of the line. */
struct cut {
        uint32_t start, end;
        bool sentences; /* whole ones */
};

static uint32_t clusters_between(const GArray *clusters, uint32_t start, uint32_t end)
{
        return clusters_up_to(clusters, end) - clusters_up_to(clusters, start);
}

/* Is the sentence before this end one of which something was masked? Others say more of the product. */
static bool is_masked(const char *line, const GArray *sentences, guint i)
{
        uint32_t start = i > 0 ? g_array_index(sentences, uint32_t, i - 1) : 0;

        return g_strstr_len(line + start, g_array_index(sentences, uint32_t, i) - start, PLC_PII_MASK) != NULL;
}

/* The end of the sentences before the first that is masked. */
static uint32_t end_of_plain(const char *line, const GArray *sentences)
{
        guint i = 0;

        while (i < sentences->len && !is_masked(line, sentences, i))
                i++;
        return i > 0 ? g_array_index(sentences, uint32_t, i - 1) : 0;
}

/* The longest run of whole sentences behind the first that fits between two ellipses, none of them masked; the first of
 * equal ones. */
static struct cut best_later(const char *line, const GArray *sentences, const GArray *clusters, size_t limit)
{
        struct cut best = {.sentences = true};
        uint32_t most = 0;
        guint to = 1; /* a run that fits still does without its first sentence: both ends only go on */
        for (guint from = 1; from < sentences->len; from++) {
                uint32_t start = g_array_index(sentences, uint32_t, from - 1);
                for (to = MAX(to, from); to < sentences->len; to++) {
                        uint32_t end = without_space(line, g_array_index(sentences, uint32_t, to));
                        uint32_t count = clusters_between(clusters, start, end);
                        bool last = to + 1 == sentences->len;
                        if (count + (last ? 2 : 4) > limit || is_masked(line, sentences, to))
                                break;
                        if (count > most) {
                                most = count;
                                best.start = start;
                                best.end = end;
                        }
                }
        }
        return best;
}

/* "Dr. Müller", "ca. 3": words with whose full stop no sentence ends, and those with which none does before a figure.
 */
static const char *const titles[] = {"dr",   "mr",  "mrs",  "ms",   "prof", "st",  "hr",   "fr",   "herr", "mme",
                                     "mlle", "dra", "sra",  "srta", "dott", "sig", "avv",  "dhr",  "mevr", "ing",
                                     "mag",  "bzw", "inkl", "evtl", "ggf",  "sog", "resp", "incl", "esp",  "tzv",
                                     "tzw",  "np",  "např", "tzn",  "ul",   "ул",  "напр", "нпр",  "örn"};
static const char *const before_figures[] = {"ca",  "approx", "nr",   "no",    "art",   "max",   "min",
                                             "vol", "fig",    "ok",   "env",   "aprox", "circa", "cca",
                                             "núm", "tel",    "rund", "zirka", "ung"};

static bool among(const char *word, const char *const *list, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                if (strcmp(word, list[i]) == 0)
                        return true;
        }
        return false;
}

/* Does no sentence end at `end`, because the full stop there is that of a shortened word? "z. B.", "Mr. Smith". */
static bool is_shortened(const char *line, size_t size, uint32_t end)
{
        const char *stop = line + without_space(line, end), *word = stop;
        if (stop == line || end >= size || *--stop != '.')
                return false;
        for (word = stop; word > line && g_unichar_isalpha(g_utf8_get_char(g_utf8_prev_char(word)));)
                word = g_utf8_prev_char(word);
        g_autofree char *lower = g_utf8_strdown(word, stop - word);
        if (g_utf8_strlen(lower, -1) == 1)
                return true;
        return among(lower, titles, G_N_ELEMENTS(titles)) ||
               (g_ascii_isdigit(line[end]) && among(lower, before_figures, G_N_ELEMENTS(before_figures)));
}

/* Without the ends inside a word ("schön.Aber" is one to ICU, and two sentences) and those behind a shortened one. */
static void keep_word_edges(const char *line, size_t size, GArray *sentences, const GArray *words)
{
        guint kept = 0;
        for (guint i = 0, k = 0; i < sentences->len; i++) {
                uint32_t end = g_array_index(sentences, uint32_t, i);
                while (k < words->len && g_array_index(words, struct plc_word, k).end < end)
                        k++;
                if (k < words->len && g_array_index(words, struct plc_word, k).end == end &&
                    !is_shortened(line, size, end))
                        g_array_index(sentences, uint32_t, kept++) = end;
        }
        g_array_set_size(sentences, kept);
}

static bool choose(const char *line, size_t size, const GArray *clusters, size_t limit, struct cut *out, GError **error)
{
        uint32_t room = limit > 1 ? g_array_index(clusters, uint32_t, limit - 2) : 0; /* one cluster is the ellipsis */
        g_autoptr(GArray) sentences = NULL;
        g_autoptr(GArray) words = NULL;
        if (!plc_sentences(line, size, &sentences, error) || !plc_words(line, size, &words, error))
                return false;
        keep_word_edges(line, size, sentences, words);
        /* The space behind a sentence belongs to it, and may stand just beyond the room. */
        uint32_t reach = room < size && line[room] == ' ' ? room + 1 : room;
        uint32_t end = without_space(line, last_sentence(sentences, reach));
        uint32_t plain = without_space(line, MIN(end, end_of_plain(line, sentences)));
        if ((size_t)clusters_up_to(clusters, plain) * 3 >= limit) {
                *out = (struct cut){0, plain, true};
                return true;
        }
        /* Whole sentences from further on, rather than a piece of a long one. */
        struct cut later = best_later(line, sentences, clusters, limit);
        if ((size_t)clusters_between(clusters, later.start, later.end) * 2 >= limit) {
                *out = later;
                return true;
        }
        if ((size_t)clusters_up_to(clusters, end) * 3 >= limit) {
                *out = (struct cut){0, end, true};
                return true;
        }
        *out = (struct cut){0, last_word(line, words, room), false};
        return true;
}

bool plc_text_excerpt(const char *utf8, size_t limit, struct plc_excerpt *out, GError **error)
{
        g_return_val_if_fail(limit >= 1, false);
        if (!g_utf8_validate(utf8, -1, NULL))
                return plc_fail(error, PLC_E_BAD_TEXT, "the text is not UTF-8");
        g_autofree char *line = one_line(utf8, strlen(utf8));
        size_t size = strlen(line);
        g_autoptr(GArray) clusters = NULL;
        if (!plc_clusters(line, size, &clusters, error))
                return false;
        if (clusters->len <= limit) {
                *out = (struct plc_excerpt){g_steal_pointer(&line), false};
                return true;
        }
        struct cut cut;
        if (!choose(line, size, clusters, limit, &cut, error))
                return false;
        /* Beside a sentence the ellipsis stands apart, as the next one did, if there is room. */
        size_t taken = clusters_between(clusters, cut.start, cut.end) + (cut.start > 0 ? 2 : 0);
        bool apart = cut.sentences && line[cut.end] == ' ' && taken + 2 <= limit;
        out->text = g_strdup_printf("%s%.*s%s%s", cut.start > 0 ? PLC_ELLIPSIS " " : "", (int)(cut.end - cut.start),
                                    line + cut.start, apart ? " " : "", cut.end < size ? PLC_ELLIPSIS : "");
        out->shortened = true;
        return true;
}

void plc_excerpt_clear(struct plc_excerpt *excerpt)
{
        g_clear_pointer(&excerpt->text, g_free);
        excerpt->shortened = false;
}
