/* In which language do pages and the widget speak to this reader? One of words.def; English where none suits. */
#include "base/clock.h"
#include "base/json.h"
#include "serve/internal.h"
#include "text/language_tag.h"

static const struct plc_serve_words words[] = {
#define PLC_WORDS(...) {__VA_ARGS__},
#include "serve/words.def"
#undef PLC_WORDS
};

const struct plc_serve_words *plc_serve_words_for(const char *wanted)
{
        const struct plc_serve_words *best = &words[0];
        int best_score = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
                int score = plc_text_language_score(wanted, words[i].language);
                if (score > best_score) {
                        best_score = score;
                        best = &words[i];
                }
        }
        return best;
}

void plc_serve_write_failed(GString *out)
{
        plc_jw_object(out, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
                plc_jw_string(out, words[i].language, words[i].failed);
        plc_jw_end_object(out);
}

bool plc_route_words(const plc_http_request *request, plc_http_response *response, void *context, GError **error)
{
        plc_serve *s = context;
        struct plc_serve_question q;
        bool ok = plc_serve_question_begin(s, request, &q, error);

        if (ok) {
                const struct plc_serve_words *w = plc_serve_words_for(q.labels);
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
                plc_jw_end_object(out);
                plc_serve_finish(s, request, &q, response, "application/json", out, NULL, PLC_TIME_NEVER);
        }
        plc_serve_question_end(s, &q);
        return ok;
}
