/* Who asks from where, for which channel, in which language? Parameters are refused unless they are exactly of their
 * form. */
#include "base/clock.h"
#include "base/json.h"
#include "serve/internal.h"
#include "text/language_tag.h"
#include <string.h>

#define LIMIT_MAX 50

static bool read_territory(plc_serve *s, const plc_http_request *request, struct plc_serve_question *q, GError **error)
{
        const char *given = plc_http_param(request, "territory");
        const char *header = s->config.territory_header;

        if (given != NULL && !plc_index_territory_known(given))
                return plc_http_bad_param(error, "territory", "an ISO 3166-1 code of two capitals, such as DE");
        if (given == NULL && header != NULL && header[0] != '\0') {
                q->territory_from_header = true;
                given = plc_http_header(request, header);
                if (given != NULL && !plc_index_territory_known(given))
                        given = NULL; /* a proxy's "unknown" */
        }
        if (given != NULL) {
                g_strlcpy(q->territory, given, sizeof q->territory);
                q->index.territory = q->territory;
        }
        return true;
}

void plc_serve_languages_forget(plc_serve *s)
{
        for (size_t i = 0; i < PLC_SERVE_LANGUAGES; i++)
                g_clear_pointer(&s->languages[i].labels, g_free);
}

/* NULL: no tag. */
static const struct plc_serve_language *look_up(plc_serve *s, const char *asked, const char *fallback)
{
        const char *const *site = s->config.languages;
        struct plc_serve_language *known = s->languages;
        int best = 0;

        for (size_t i = 0; i < PLC_SERVE_LANGUAGES; i++)
                if (known[i].labels != NULL && strcmp(known[i].asked, asked) == 0)
                        return &known[i];
        g_autofree char *tag = strlen(asked) < sizeof known->asked ? plc_text_canonical_tag(asked) : NULL;
        if (tag == NULL)
                return NULL;
        struct plc_serve_language *new = &known[s->next_language++ % PLC_SERVE_LANGUAGES];
        g_free(new->labels);
        g_strlcpy(new->asked, asked, sizeof new->asked);
        new->labels = g_strdup_printf("%s,%s", tag, fallback);
        new->site = "";
        for (size_t i = 0; site != NULL && site[i] != NULL; i++) {
                int score = plc_text_language_score(tag, site[i]);
                if (score > best) {
                        best = score;
                        new->site = site[i];
                }
        }
        return new;
}

static bool read_language(plc_serve *s, const plc_http_request *request, struct plc_serve_question *q, GError **error)
{
        const char *const *site = s->config.languages;
        const char *fallback = site != NULL && site[0] != NULL ? site[0] : "en";

        q->index.language = "";
        q->labels = fallback;
        q->lang = plc_http_param(request, "lang");
        if (q->lang == NULL)
                return true;
        const struct plc_serve_language *language = look_up(s, q->lang, fallback);
        if (language == NULL)
                return plc_http_bad_param(error, "lang", "a language tag (BCP 47), such as de or zh-Hant");
        q->index.language = language->site;
        q->labels = language->labels;
        return true;
}

bool plc_serve_question_begin(plc_serve *s, const plc_http_request *request, struct plc_serve_question *q,
                              GError **error)
{
        *q = (struct plc_serve_question){.index.channel = plc_http_param(request, "channel")};
        if (q->index.channel == NULL)
                q->index.channel = "pdp";
        else if (!plc_index_channel_public(q->index.channel))
                return plc_http_bad_param(error, "channel", "pdp, home, landing, email or feed");
        if (!read_territory(s, request, q, error) || !read_language(s, request, q, error) ||
            !plc_http_param_int(request, "limit", 1, LIMIT_MAX, PLC_INDEX_PAGE, &q->limit, error))
                return false;
        q->index.labels = q->labels;
        if (!plc_index_read_begin(s->reader, s->config.now(s->config.now_context), &q->state, error))
                return false;
        q->index.now = q->state.now;
        return true;
}

void plc_serve_question_end(plc_serve *s, struct plc_serve_question *q)
{
        plc_index_read_end(s->reader);
        q->labels = NULL;
}

/* --- cursors
 * --------------------------------------------------------------------------------------------------------------------
 */

char *plc_serve_cursor_write(char kind, int64_t number, const char *rest)
{
        char digits[PLC_DIGITS_MAX], *at = plc_digits(digits + sizeof digits, number);
        g_autoptr(GString) plain = g_string_sized_new(128);

        g_string_append_c(plain, kind);
        g_string_append_c(plain, '.');
        g_string_append_len(plain, at, digits + sizeof digits - at);
        g_string_append_c(plain, '.');
        g_string_append(plain, rest);
        char *out = g_base64_encode((const uint8_t *)plain->str, plain->len);
        g_strdelimit(out, "+", '-');
        g_strdelimit(out, "/", '_');
        out[strcspn(out, "=")] = '\0';
        return out;
}

bool plc_serve_cursor_read(const char *text, char kind, int64_t *out_number, char *out_rest)
{
        size_t length = strlen(text), size = 0;
        if (length == 0 || length > 128 || length % 4 == 1)
                return false;
        g_autofree char *padded = g_strconcat(text, &"==="[3 - (4 - length % 4) % 4], NULL);
        g_strdelimit(padded, "-", '+');
        g_strdelimit(padded, "_", '/');
        g_autofree char *plain = (char *)g_base64_decode(padded, &size);
        if (plain == NULL || size < 4 || plain[0] != kind || plain[1] != '.' || memchr(plain, '\0', size) != NULL)
                return false;
        char *end = NULL;
        int64_t number = g_ascii_strtoll(plain + 2, &end, 10);
        if (*end != '.' || strlen(end + 1) >= 64)
                return false;
        g_autofree char *again = plc_serve_cursor_write(kind, number, end + 1);
        if (strcmp(again, text) != 0)
                return false;
        *out_number = number;
        g_strlcpy(out_rest, end + 1, 64);
        return true;
}

/* --- caching
 * --------------------------------------------------------------------------------------------------------------------
 */

int64_t plc_serve_max_age(const struct plc_index_state *state, int64_t max_age, int64_t until)
{
        return CLAMP((MIN(until, state->dark_at) - state->now) / 1000, 0, max_age);
}

#define PUBLIC "public, max-age="
#define REVALIDATE ", must-revalidate"

void plc_serve_cache(plc_http_response *response, const struct plc_index_state *state, int64_t max_age, int64_t until)
{
        int64_t seconds = plc_serve_max_age(state, max_age, until);
        char value[64], *at = value + sizeof value;

        memcpy(at -= sizeof REVALIDATE, REVALIDATE, sizeof REVALIDATE);
        at = plc_digits(at, seconds);
        memcpy(at -= sizeof PUBLIC - 1, PUBLIC, sizeof PUBLIC - 1);
        plc_http_set(response, "Cache-Control", at);
}
