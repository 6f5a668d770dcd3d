/* Does an excerpt of any text keep to its room and to the words of the text? The first byte is the room. */
#include "fuzz/text_words.h"
#include "text/excerpt.h"
#include "text/sentences.h"
#include <string.h>
#include <unicode/uchar.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static GString *one_line(const char *text)
{
        GString *line = g_string_new(NULL);
        bool space = false;
        for (const char *c = text; *c; c = g_utf8_next_char(c)) {
                if (u_isUWhiteSpace((UChar32)g_utf8_get_char(c))) {
                        space = line->len > 0;
                        continue;
                }
                if (space)
                        g_string_append_c(line, ' ');
                space = false;
                g_string_append_unichar(line, g_utf8_get_char(c));
        }
        return line;
}

static bool is_edge(const GArray *words, size_t at)
{
        for (guint i = 0; i < words->len; i++) {
                if (g_array_index(words, struct plc_word, i).end == at)
                        return true;
        }
        return at == 0;
}

/* Does it stand in the line like that, from the edge of a word to the edge of one? */
static bool is_quoted(const GString *line, const GArray *words, const char *quote, size_t size)
{
        g_autofree char *piece = g_strndup(quote, size);
        for (const char *hit = strstr(line->str, piece); hit; hit = strstr(hit + 1, piece)) {
                if (is_edge(words, (size_t)(hit - line->str)) && is_edge(words, (size_t)(hit - line->str) + size))
                        return true;
        }
        return false;
}

/* Without the ellipses, which the text may have of its own as well, it is a run of whole words of the text. */
static void check_words(const char *text, const struct plc_excerpt *excerpt)
{
        static const char *const before[] = {"", PLC_ELLIPSIS " "}, *const behind[] = {"", PLC_ELLIPSIS,
                                                                                       " " PLC_ELLIPSIS};
        g_autoptr(GString) line = one_line(text);
        g_autoptr(GArray) words = NULL;
        bool quoted = false;
        g_assert_true(plc_words(line->str, line->len, &words, NULL));
        for (size_t i = 0; i < G_N_ELEMENTS(before) * G_N_ELEMENTS(behind); i++) {
                const char *first = before[i % 2], *last = behind[i / 2];
                if (!g_str_has_prefix(excerpt->text, first) || !g_str_has_suffix(excerpt->text, last) ||
                    strlen(excerpt->text) < strlen(first) + strlen(last))
                        continue;
                quoted = quoted || is_quoted(line, words, excerpt->text + strlen(first),
                                             strlen(excerpt->text) - strlen(first) - strlen(last));
        }
        g_assert_true(quoted);
        g_assert_true(excerpt->shortened || strcmp(excerpt->text, line->str) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        if (size < 1)
                return 0;
        size_t limit = 1 + data[0];
        g_autofree char *text = fuzz_text(data + 1, size - 1);
        g_autoptr(GArray) clusters = NULL;
        struct plc_excerpt first, second;
        if (!text)
                return 0;
        g_assert_true(plc_text_excerpt(text, limit, &first, NULL));
        g_assert_true(plc_text_excerpt(text, limit, &second, NULL));
        g_assert_cmpstr(first.text, ==, second.text);
        if (text[0] != '\0')
                fuzz_check(first.text, text);
        g_assert_true(plc_clusters(first.text, strlen(first.text), &clusters, NULL));
        g_assert_cmpuint(clusters->len, <=, limit);
        g_assert_cmpuint(strlen(first.text), <=, strlen(text) + strlen(PLC_ELLIPSIS) * 2 + 2);
        check_words(text, &first);
        plc_excerpt_clear(&first);
        plc_excerpt_clear(&second);
        return 0;
}
