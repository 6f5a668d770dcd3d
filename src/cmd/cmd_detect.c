/* placet detect: which language is each line in? A line in, a code out, in order, however long the line or the stream.
 */
#include "base/file.h"
#include "base/json.h"
#include "cmd/cmd.h"
#include "text/detect.h"
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

static void write_json(GString *out, const struct plc_language *language, const GArray *sentences, const GError *error)
{
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
        write_sentences(out, sentences);
        if (error)
                plc_jw_string(out, "error", plc_code_name(plc_error_code(error)));
        plc_jw_end_object(out);
}

/* A line that is no text has no language: und, and the next line. */
static bool answer(struct detecting *state, GError **error)
{
        struct plc_language language = {.tag = "und", .script = "Zyyy"};
        g_autoptr(GError) fault = NULL;
        g_autoptr(GArray) sentences = NULL;
        const GString *line = state->line;
        if (state->json) {
                if (plc_text_detect(state->detector, line->str, line->len, state->prior, &language, &fault))
                        plc_text_detect_sentences(state->detector, line->str, line->len, state->prior, &sentences,
                                                  &fault);
        } else {
                plc_text_detect_one(state->detector, line->str, line->len, state->prior, &language, &fault);
        }
        g_string_truncate(state->line, 0);
        if (fault && plc_error_code(fault) != PLC_E_BAD_TEXT) {
                g_propagate_error(error, g_steal_pointer(&fault));
                return false;
        }
        if (language.confidence_milli < state->threshold_milli) {
                g_strlcpy(language.tag, "und", sizeof language.tag);
                language.confidence_milli = 0;
        }
        g_string_truncate(state->answer, 0);
        if (state->json)
                write_json(state->answer, &language, sentences, fault);
        else
                g_string_append(state->answer, language.tag);
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
static bool detect_stream(struct detecting *state, int fd, GError **error)
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
                        return plc_fail_errno(error, errno, "reading the lines");
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

static bool detect_all(struct detecting *state, char **paths, int count, GError **error)
{
        if (count == 0)
                return detect_stream(state, STDIN_FILENO, error);
        for (int i = 0; i < count; i++) {
                if (strcmp(paths[i], "-") == 0) {
                        if (!detect_stream(state, STDIN_FILENO, error))
                                return false;
                        continue;
                }
                plc_autofd int fd = open(paths[i], O_RDONLY | O_CLOEXEC);
                if (fd < 0)
                        return plc_fail_errno(error, errno, "opening %s", paths[i]);
                if (!detect_stream(state, fd, error))
                        return false;
        }
        return true;
}

static bool open_detector(const char *languages, plc_detector **out, GError **error)
{
        g_autoptr(plc_detector) detector = NULL;
        if (!plc_detector_open_default(&detector, error) ||
            (languages && !plc_detector_restrict(detector, languages, error)))
                return false;
        *out = g_steal_pointer(&detector);
        return true;
}

static int run(int argc, char **argv)
{
        gboolean json = FALSE;
        double threshold = 0;
        g_autofree char *prior = NULL, *languages = NULL;
        const GOptionEntry entries[] = {
                {"json", 0, 0, G_OPTION_ARG_NONE, &json,
                 "One JSON object per line: language, confidence, script, best three, others, each sentence", NULL},
                {"prior", 0, 0, G_OPTION_ARG_STRING, &prior,
                 "What the shop says the language is; tips, does not overrule", "TAG"},
                {"languages", 0, 0, G_OPTION_ARG_STRING, &languages, "Answer only these, e.g. de,fr,zh-Hant", "TAGS"},
                {"threshold", 0, 0, G_OPTION_ARG_DOUBLE, &threshold, "und where the confidence is less (0 to 1)",
                 "SHARE"},
                G_OPTION_ENTRY_NULL};
        if (!plc_cmd_parse(&plc_cmd_detect, entries, &argc, &argv))
                return 2;
        if (!(threshold >= 0 && threshold <= 1))
                return plc_cmd_usage(&plc_cmd_detect, "--threshold takes a number from 0 to 1");
        GError *error = NULL;
        g_autoptr(plc_detector) detector = NULL;
        if (!open_detector(languages, &detector, &error))
                return plc_cmd_fail(error);
        g_autoptr(GString) line = g_string_sized_new(LINE_LIMIT + 1);
        g_autoptr(GString) out = g_string_new(NULL);
        struct detecting state = {detector, prior, (int)(threshold * 1000), json, line, out};
        return detect_all(&state, argv + 1, argc - 1, &error) ? 0 : plc_cmd_fail(error);
}

const struct plc_cmd plc_cmd_detect = {
        .name = "detect",
        .args = "[--json] [--prior TAG] [--languages TAGS] [--threshold SHARE] [FILE…]",
        .help = "Writes the language of each line of the files or of standard input (BCP 47, und if unknown); of a "
                "line "
                "longer than 32 KiB the beginning counts.",
        .example = "echo 'Die Lampe ist schön' | placet detect",
        .run = run,
};
