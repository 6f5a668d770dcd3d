/* placet detect: which language is each line in? A line in, a code out, in order, however long the line or the stream.
 */
#include "base/file.h"
#include "base/json.h"
#include "cmd/cmd.h"
#include "text/charset.h"
#include "text/letters.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * Of a line only what the detector looks at is kept (32 KiB, and a character more, so that the detector sees that it
 * goes on); the rest is read past. Memory does not grow with the line.
 */
#define LINE_LIMIT (PLC_LETTERS_LIMIT + 4)
#define CHUNK ((size_t)64 * 1024)
/* Of UTF-8 that is damaged one character in so many may be: more is no text. */
#define BAD_ONE_IN 8
#define REPLACED "\xef\xbf\xbd" /* U+FFFD, what GLib writes for bad bytes */

extern const struct plc_cmd plc_cmd_detect;

struct detecting {
        const plc_detector *detector;
        const char *prior;
        int threshold_milli;
        bool json;
        GString *line;
        GString *answer;
};

static void write_sentences(GString *out, const GArray *sentences)
{
        plc_jw_array(out, "sentences");
        for (guint i = 0; sentences && i < sentences->len; i++) {
                const struct plc_language_sentence *sentence =
                        &g_array_index(sentences, struct plc_language_sentence, i);
                plc_jw_object(out, NULL);
                plc_jw_int(out, "start", sentence->start);
                plc_jw_int(out, "end", sentence->end);
                plc_jw_string(out, "lang", sentence->tag);
                plc_jw_real(out, "confidence", sentence->confidence_milli / 1000.0);
                plc_jw_end_object(out);
        }
        plc_jw_end_array(out);
}

/* What a line says, once it could be read. */
struct reading {
        struct plc_language language;
        GArray *sentences;
        const char *charset; /* NULL: none */
};

static void write_json(GString *out, const struct reading *reading, const GError *error)
{
        const struct plc_language *language = &reading->language;
        plc_jw_object(out, NULL);
        plc_jw_string(out, "lang", language->tag);
        plc_jw_real(out, "confidence", language->confidence_milli / 1000.0);
        plc_jw_string(out, "script", language->script);
        plc_jw_array(out, "top");
        for (size_t i = 0; i < language->top_len; i++) {
                plc_jw_array(out, NULL);
                plc_jw_string(out, NULL, language->top[i].tag);
                plc_jw_real(out, NULL, language->top[i].confidence_milli / 1000.0);
                plc_jw_end_array(out);
        }
        plc_jw_end_array(out);
        plc_jw_array(out, "others");
        for (size_t i = 0; i < language->other_len; i++) {
                plc_jw_array(out, NULL);
                plc_jw_string(out, NULL, language->others[i].tag);
                plc_jw_real(out, NULL, language->others[i].share_milli / 1000.0);
                plc_jw_end_array(out);
        }
        plc_jw_end_array(out);
        write_sentences(out, reading->sentences);
        if (reading->charset)
                plc_jw_string(out, "charset", reading->charset);
        if (error)
                plc_jw_string(out, "error", plc_code_name(plc_error_code(error)));
        plc_jw_end_object(out);
}

static bool read_utf8(const struct detecting *state, const char *utf8, size_t size, const char *charset,
                      struct reading *out, GError **error)
{
        struct reading reading = {.charset = charset};
        if (!state->json) {
                if (!plc_text_detect_one(state->detector, utf8, size, state->prior, &reading.language, error))
                        return false;
        } else if (!plc_text_detect(state->detector, utf8, size, state->prior, &reading.language, error) ||
                   !plc_text_detect_sentences(state->detector, utf8, size, state->prior, &reading.sentences, error)) {
                return false;
        }
        *out = reading;
        return true;
}

/* Of a line that was cut, whole characters: no charset has a byte below 0x30 inside one. */
static size_t whole_characters(const GString *line)
{
        size_t size = line->len;
        while (line->len == LINE_LIMIT && size > 0 && (uint8_t)line->str[size - 1] >= 0x30)
                size--;
        return size > 0 ? size : line->len;
}

/* A line in another charset is read as what it is; UTF-8 where few bytes are bad (an emoji cut in two) without those.
 */
static bool read_other(const struct detecting *state, struct reading *out, GError **error)
{
        size_t size = whole_characters(state->line);
        struct plc_decoded decoded;
        if (plc_text_decode(state->line->str, size, LINE_LIMIT, NULL, state->detector, &decoded, error)) {
                bool read = read_utf8(state, decoded.text, decoded.size, decoded.name, out, error);
                plc_decoded_clear(&decoded);
                return read;
        }
        g_autofree char *mended = g_utf8_make_valid(state->line->str, (gssize)size);
        size_t bad = 0;
        for (const char *at = mended; (at = strstr(at, REPLACED)); at += strlen(REPLACED))
                bad++;
        if (bad * BAD_ONE_IN > (size_t)g_utf8_strlen(mended, -1))
                return false;
        return read_utf8(state, mended, strlen(mended), "UTF-8", out, NULL);
}

/* A line that is no text has no language: und, and the next line. */
static bool answer(struct detecting *state, GError **error)
{
        g_autoptr(GError) fault = NULL;
        struct reading reading = {.language = {.tag = "und", .script = "Zyyy"}};
        const GString *line = state->line;
        bool read = read_utf8(state, line->str, line->len, "UTF-8", &reading, &fault);
        if (!read && plc_error_code(fault) == PLC_E_BAD_TEXT) {
                g_clear_error(&fault);
                read = read_other(state, &reading, &fault);
        }
        g_string_truncate(state->line, 0);
        g_autoptr(GArray) sentences = reading.sentences;
        if (!read && plc_error_code(fault) != PLC_E_BAD_TEXT) {
                g_propagate_error(error, g_steal_pointer(&fault));
                return false;
        }
        if (reading.language.confidence_milli < state->threshold_milli) {
                g_strlcpy(reading.language.tag, "und", sizeof reading.language.tag);
                reading.language.confidence_milli = 0;
        }
        g_string_truncate(state->answer, 0);
        if (state->json)
                write_json(state->answer, &reading, fault);
        else
                g_string_append(state->answer, reading.language.tag);
        g_string_append_c(state->answer, '\n');
        if (fwrite(state->answer->str, 1, state->answer->len, stdout) != state->answer->len)
                return plc_fail_errno(error, errno, "writing the answers");
        return true;
}

static void keep(GString *line, const char *bytes, size_t size)
{
        g_string_append_len(line, bytes, (gssize)MIN(size, LINE_LIMIT - line->len));
}

/* Answers are flushed before every wait for input: who types, or writes a line and waits, gets the answer at once. */
static bool detect_stream(struct detecting *state, int fd, const char *name, GError **error)
{
        g_autofree char *chunk = g_malloc(CHUNK);
        bool open_line = false;
        for (;;) {
                if (fflush(stdout) != 0)
                        return plc_fail_errno(error, errno, "writing the answers");
                ssize_t got = read(fd, chunk, CHUNK);
                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return plc_fail_errno(error, errno, "reading the lines of %s", name);
                if (got == 0)
                        break;
                for (const char *at = chunk, *end = chunk + got; at < end;) {
                        const char *stop = memchr(at, '\n', (size_t)(end - at));
                        keep(state->line, at, (size_t)((stop ? stop : end) - at));
                        open_line = stop == NULL;
                        if (stop && !answer(state, error))
                                return false;
                        at = stop ? stop + 1 : end;
                }
        }
        if (open_line && !answer(state, error))
                return false;
        return fflush(stdout) == 0 || plc_fail_errno(error, errno, "writing the answers");
}

#define STANDARD_INPUT "standard input"

static bool detect_all(struct detecting *state, char **paths, int count, GError **error)
{
        if (count == 0)
                return detect_stream(state, STDIN_FILENO, STANDARD_INPUT, error);
        for (int i = 0; i < count; i++) {
                if (strcmp(paths[i], "-") == 0) {
                        if (!detect_stream(state, STDIN_FILENO, STANDARD_INPUT, error))
                                return false;
                        continue;
                }
                plc_autofd int fd = open(paths[i], O_RDONLY | O_CLOEXEC);
                if (fd < 0)
                        return plc_fail_errno(error, errno, "opening %s", paths[i]);
                if (!detect_stream(state, fd, paths[i], error))
                        return false;
        }
        return true;
}

static int run(int argc, char **argv)
{
        gboolean json = FALSE;
        double threshold = 0;
        g_autofree char *prior = NULL, *languages = NULL;
        const GOptionEntry entries[] = {
                {"json", 0, 0, G_OPTION_ARG_NONE, &json,
                 "One JSON object per line: language, confidence, script, best three, other sentences' languages, each "
                 "sentence (from byte to byte of the line in UTF-8), charset; error where bytes are no text",
                 NULL},
                {"prior", 0, 0, G_OPTION_ARG_STRING, &prior,
                 "The language of the shop or page, e.g. pt-BR: four times as likely as without; decides \"Adidas\", "
                 "not a sentence",
                 "TAG"},
                {"languages", 0, 0, G_OPTION_ARG_STRING, &languages,
                 "Answer only these, e.g. de,fr,zh-Hant; sr means sr-Cyrl and sr-Latn, zh-TW zh-Hant. A text in "
                 "another script is und",
                 "TAGS"},
                {"threshold", 0, 0, G_OPTION_ARG_DOUBLE, &threshold,
                 "und where the confidence is less (0 to 1). Of answers with 0.9 and more 97 in 100 are right",
                 "SHARE"},
                G_OPTION_ENTRY_NULL};
        if (!plc_cmd_parse(&plc_cmd_detect, entries, &argc, &argv))
                return 2;
        if (!(threshold >= 0 && threshold <= 1))
                return plc_cmd_usage(&plc_cmd_detect, "--threshold takes a number from 0 to 1");
        GError *error = NULL;
        g_autoptr(plc_detector) detector = NULL;
        if (!plc_detector_open_default(&detector, &error))
                return plc_cmd_fail(error);
        if (languages && !plc_detector_restrict(detector, languages, &error)) {
                g_autoptr(GError) wrong = error;
                g_autofree char *told = g_strconcat("--languages: ", wrong->message, NULL);
                return plc_cmd_usage(&plc_cmd_detect, told);
        }
        if (prior && !plc_detector_knows(detector, prior))
                return plc_cmd_usage(&plc_cmd_detect,
                                     "--prior takes a language that the model knows, like de or pt-BR");
        g_autoptr(GString) line = g_string_sized_new(LINE_LIMIT + 1);
        g_autoptr(GString) out = g_string_new(NULL);
        struct detecting state = {detector, prior, (int)(threshold * 1000), json, line, out};
        return detect_all(&state, argv + 1, argc - 1, &error) ? 0 : plc_cmd_fail(error);
}

const struct plc_cmd plc_cmd_detect = {
        .name = "detect",
        .args = "[--json] [--prior TAG] [--languages TAGS] [--threshold SHARE] [FILE…]",
        .help = "Write the language of each line of the files or of standard input (BCP 47, und if unknown). In order "
                "and at once; of a line longer than 32 KiB the beginning counts. A line that is not UTF-8 is read in "
                "the charset that it seems to be in (UTF-16 has other ends of lines: convert it first).",
        .example = "echo 'Die Lampe ist schön' | placet detect\n"
                   "  placet detect --json --prior de --languages de,fr,it reviews.txt\n"
                   "  placet detect --threshold 0.9 < reviews.txt    # und rather than a guess",
        .run = run,
};
