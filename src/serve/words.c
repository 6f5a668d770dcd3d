/* In which language do pages and the widget speak to this reader? One of words.def; English where none suits. */
#include "base/clock.h"
#include "base/json.h"
#include "serve/internal.h"
#include "text/language_tag.h"
#include <string.h>

#define FAILED_MAX 12 /* sentences in widget.js, 45 bytes each when compressed: with them it has less than 8 KB */

static const struct plc_serve_words words[] = {
#define PLC_WORDS(...) {__VA_ARGS__},
#include "serve/words.def"
#undef PLC_WORDS
};

char *plc_serve_asked(const plc_http_request *request, const char *lang)
{
        const char *accept = plc_http_header(request, "Accept-Language");

        if (lang == NULL || accept == NULL)
                return g_strdup(lang != NULL ? lang : accept);
        return g_strconcat(lang, ",", accept, NULL);
}

size_t plc_serve_row_for(const char *wanted, const void *rows, size_t n, size_t size)
{
        size_t best = n;
        int best_score = 0;

        for (size_t i = 0; wanted != NULL && i < n; i++) {
                const char *const *language = (const void *)((const char *)rows + i * size);
                int score = plc_text_language_score(wanted, *language);
                if (score > best_score) {
                        best_score = score;
                        best = i;
                }
        }
        return best;
}

const struct plc_serve_words *plc_serve_words_for(const char *wanted)
{
        size_t row = plc_serve_row_for(wanted, words, G_N_ELEMENTS(words), sizeof words[0]);

        return &words[row < G_N_ELEMENTS(words) ? row : 0];
}

/* In Switzerland and Liechtenstein German has ss for ß (Amtliches Regelwerk, § 25 E2). Made once. */
static const struct plc_serve_words *swiss(const struct plc_serve_words *german)
{
        static struct plc_serve_words made;
        const void *from = german;
        void *to = &made;

        for (size_t i = 0; made.failed == NULL && i < sizeof made / sizeof(char *); i++) {
                GString *word = g_string_new(((const char *const *)from)[i]);

                g_string_replace(word, "ß", "ss", 0);
                ((char **)to)[i] = g_string_free(word, FALSE);
        }
        return &made;
}

struct plc_serve_words plc_serve_words_of_reader(const char *wanted, char room[PLC_SERVE_LOCALE_SIZE])
{
        struct plc_serve_words own = *plc_serve_words_for(wanted);
        g_autofree char *tag = plc_text_language_of_reader(wanted, own.language);

        if (strcmp(tag, "de-CH") == 0 || strcmp(tag, "de-LI") == 0)
                own = *swiss(plc_serve_words_for("de"));
        if (g_strlcpy(room, tag, PLC_SERVE_LOCALE_SIZE) < PLC_SERVE_LOCALE_SIZE)
                own.language = room;
        return own;
}

void plc_serve_write_failed(const plc_serve *s, GString *out)
{
        static const char *const english[] = {"en", NULL};
        const char *const *site = s->config.languages;
        g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

        site = site != NULL && site[0] != NULL ? site : english;
        plc_jw_object(out, NULL);
        for (; *site != NULL && g_hash_table_size(told) < FAILED_MAX; site++) {
                const struct plc_serve_words *w = plc_serve_words_for(*site);
                /* By the site's own name (no for nb) as the widget looks it up, but with a script where words.def has
                 * it */
                g_autofree char *name = strchr(w->language, '-') != NULL
                                                ? g_strdup(w->language)
                                                : g_ascii_strdown(*site, (gssize)strcspn(*site, "-_"));

                if (g_hash_table_contains(told, name))
                        continue;
                plc_jw_string(out, name, w->failed);
                g_hash_table_add(told, g_steal_pointer(&name));
        }
        plc_jw_end_object(out);
}

bool plc_route_words(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        struct plc_serve_question q;
        bool ok = plc_serve_question_begin(s, request, &q, error);

        if (ok) {
                char room[PLC_SERVE_LOCALE_SIZE];
                const struct plc_serve_words own = plc_serve_words_of_reader(q.labels, room), *w = &own;
                GString *out = g_string_new(NULL);
                plc_jw_object(out, NULL);
                plc_jw_string(out, "lang", w->language);
                plc_jw_string(out, "dir", plc_text_direction(w->language));
                plc_jw_string(out, "heading", w->heading);
                plc_jw_string(out, "more", w->more);
                plc_jw_string(out, "none", w->none);
                plc_jw_string(out, "photo", w->photo);
                plc_jw_string(out, "reviews", w->reviews);
                plc_jw_string(out, "translation", w->translation);
                plc_jw_string(out, "photos", w->photos);
                plc_jw_string(out, "all", w->all);
                plc_jw_string(out, "close", w->close);
                plc_jw_string(out, "previous", w->previous);
                plc_jw_string(out, "next", w->next);
                plc_jw_string(out, "report", w->report);
                plc_jw_string(out, "failed", w->failed);
                plc_jw_end_object(out);
                plc_serve_finish(s, request, &q, response, "application/json", out, NULL, PLC_TIME_NEVER);
        }
        plc_serve_question_end(s, &q);
        return ok;
}
