/* Which language is a text in? First its script (ICU), then, where several languages share it, the n-grams of its
 * words. */
#include "text/detect.h"
#include "base/file.h"
#include "text/letters.h"
#include "text/model.h"
#include "text/sentences.h"
#include <string.h>
#include <unicode/uscript.h>

struct plc_detector {
        struct plc_model model;
};

/* A sentence says something of its own from here on; a shorter one is a name or an exclamation. */
#define SENTENCE_LETTERS 20
#define SENTENCE_CONFIDENCE 900
/* Below this the best guess is one of many: und. */
#define LEAST_CONFIDENCE 120
/* What a hint adds, in millionths of a nat: it makes the language four times as likely. */
#define HINT_NATS INT64_C(1400000)

bool plc_detector_open(const char *model_path, plc_detector **out, GError **error)
{
        g_autofree plc_detector *detector = g_new0(plc_detector, 1);
        if (!plc_model_open(model_path, &detector->model, error))
                return false;
        *out = g_steal_pointer(&detector);
        return true;
}

bool plc_detector_open_default(plc_detector **out, GError **error)
{
        g_autofree char *dir = plc_data_dir("presets");
        g_autofree char *path = g_build_filename(dir, "language", "model.bin", NULL);
        return plc_detector_open(path, out, error);
}

void plc_detector_free(plc_detector *detector)
{
        if (!detector)
                return;
        plc_model_close(&detector->model);
        g_free(detector);
}

/*
 * How much of a language one letter carries, so that a brand in Latin letters does not outweigh a short Chinese
 * sentence: a Han letter is about a word's half, a syllable of Hangul or Kana about two letters.
 */
static int letter_weight(int script)
{
        switch (script) {
        case USCRIPT_HAN:
                return 3;
        case USCRIPT_HANGUL:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
                return 2;
        default:
                return 1;
        }
}

struct script_count {
        size_t letters, kana, han, bopomofo;
        int dominant; /* USCRIPT_COMMON: none */
};

static bool is_kana(int script)
{
        return script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA || script == USCRIPT_KATAKANA_OR_HIRAGANA;
}

static struct script_count count_scripts(const struct plc_letters *letters)
{
        struct script_count count = {.dominant = USCRIPT_COMMON};
        size_t weight[USCRIPT_CODE_LIMIT] = {0};
        for (guint i = 0; i < letters->all->len; i++) {
                const struct plc_letter *letter = &g_array_index(letters->all, struct plc_letter, i);
                if (letter->c == 0 || letter->script <= USCRIPT_INHERITED)
                        continue;
                count.letters++;
                count.kana += is_kana(letter->script);
                count.han += letter->script == USCRIPT_HAN;
                count.bopomofo += letter->script == USCRIPT_BOPOMOFO;
                weight[is_kana(letter->script) ? USCRIPT_HIRAGANA : letter->script] +=
                        (size_t)letter_weight(letter->script);
        }
        /* Kana and Han are one script of Japanese, Bopomofo one of Chinese. */
        weight[USCRIPT_HAN] += weight[USCRIPT_HIRAGANA] + weight[USCRIPT_BOPOMOFO];
        weight[USCRIPT_HIRAGANA] = weight[USCRIPT_BOPOMOFO] = 0;
        for (int s = USCRIPT_INHERITED + 1; s < USCRIPT_CODE_LIMIT; s++) {
                if (s != USCRIPT_LATIN && weight[s] > 0 &&
                    (count.dominant == USCRIPT_COMMON || weight[s] > weight[count.dominant]))
                        count.dominant = s;
        }
        /* Brands and loan words are written in Latin letters in every script, hardly ever the other way round. */
        size_t other = count.dominant == USCRIPT_COMMON ? 0 : weight[count.dominant];
        if (weight[USCRIPT_LATIN] > 2 * other)
                count.dominant = USCRIPT_LATIN;
        return count;
}

/* Feeds the n-grams of each word, with a space as its edges, to the model; returns how many letters there were. */
static size_t score_words(const struct plc_model *model, const struct plc_letters *letters, int script,
                          int32_t scores[PLC_MODEL_MAX_LABELS])
{
        uint32_t running[PLC_MODEL_MAX_ORDER + 1];
        unsigned open = 0; /* n-grams under way; running[k] began k characters ago */
        size_t count = 0;
        bool han = script == USCRIPT_HAN;
        unsigned order = han ? 2 : PLC_MODEL_MAX_ORDER;
        bool inside = false;
        for (guint i = 0; i <= letters->all->len; i++) {
                static const struct plc_letter stop = {0, USCRIPT_COMMON};
                const struct plc_letter *letter =
                        i < letters->all->len ? &g_array_index(letters->all, struct plc_letter, i) : &stop;
                bool letter_of_word = letter->c != 0 && letter->script == script;
                if (!letter_of_word && !inside)
                        continue;
                uint32_t edge_then[2] = {' ', letter->c};
                unsigned feed = letter_of_word ? (inside || han ? 1 : 2) : 1;
                const uint32_t *c = letter_of_word && feed == 1 ? &edge_then[1] : edge_then;
                if (!inside)
                        open = 0;
                if (!letter_of_word && han) {
                        inside = false;
                        continue;
                }
                for (unsigned f = 0; f < feed; f++) {
                        for (unsigned k = MIN(open, order - 1); k > 0; k--)
                                running[k] = plc_model_hash_step(running[k - 1], c[f]);
                        running[0] = plc_model_hash_step(PLC_MODEL_HASH_START, c[f]);
                        open = MIN(open + 1, order);
                        for (unsigned k = c[f] == ' ' ? 1 : 0; k < open; k++)
                                plc_model_add(model, running[k], scores);
                }
                inside = letter_of_word;
                count += letter_of_word;
        }
        return count;
}

/* e^-(x / 16) in 1/65536, x = 0 … 15, and e^-n, n = 0 … 11: integers, so that every machine gives the same confidence.
 */
static int64_t exp_minus(int64_t millionths)
{
        static const int32_t part[16] = {65536, 61565, 57835, 54331, 51039, 47947, 45042, 42313,
                                         39750, 37341, 35079, 32954, 30957, 29081, 27319, 25664};
        static const int32_t whole[12] = {65536, 24109, 8869, 3263, 1200, 442, 162, 60, 22, 8, 3, 1};
        int64_t sixteenths = millionths * 16 / 1000000;
        if (sixteenths >= 12 * 16)
                return 0;
        return (int64_t)part[sixteenths % 16] * whole[sixteenths / 16] / 65536;
}

static bool hint_names(const char *hint, const char *tag)
{
        size_t hint_len = strcspn(hint, "-_"), tag_len = strcspn(tag, "-");
        if (hint_len != tag_len || g_ascii_strncasecmp(hint, tag, tag_len) != 0)
                return false;
        if (tag[tag_len] == '\0')
                return true;
        /* A hint without a script means either. */
        return hint[hint_len] == '\0' || g_ascii_strcasecmp(hint + hint_len + 1, tag + tag_len + 1) == 0 ||
               strlen(hint + hint_len + 1) != 4;
}

static uint32_t temperature_of(const struct plc_model *model, int script, size_t letters)
{
        static const size_t up_to[PLC_MODEL_LENGTHS - 1] = {5, 10, 20, 50};
        size_t i = 0;
        while (i < G_N_ELEMENTS(up_to) && letters > up_to[i])
                i++;
        return model->temperature[script == USCRIPT_HAN][i];
}

/* The labels of this script, most likely first, with what the scores and the hint make of them. */
static void rank(const struct plc_model *model, int script, size_t letters, const char *hint,
                 const int32_t scores[PLC_MODEL_MAX_LABELS], struct plc_language *out)
{
        int64_t nats[PLC_MODEL_MAX_LABELS], best = INT64_MIN, total = 0;
        int64_t temperature = temperature_of(model, script, letters);
        for (size_t i = 0; i < model->label_count; i++) {
                if (model->labels[i].script_value != script)
                        continue;
                nats[i] = scores[i] * temperature + (hint && hint_names(hint, model->labels[i].tag) ? HINT_NATS : 0);
                best = MAX(best, nats[i]);
        }
        int64_t share[PLC_MODEL_MAX_LABELS] = {0};
        for (size_t i = 0; i < model->label_count; i++) {
                if (model->labels[i].script_value == script)
                        total += share[i] = exp_minus(best - nats[i]);
        }
        for (out->top_len = 0; out->top_len < PLC_LANGUAGE_TOP; out->top_len++) {
                size_t most = 0;
                for (size_t i = 1; i < model->label_count; i++) {
                        if (share[i] > share[most])
                                most = i;
                }
                if (share[most] == 0)
                        return;
                struct plc_language_guess *guess = &out->top[out->top_len];
                g_strlcpy(guess->tag, model->labels[most].tag, sizeof guess->tag);
                guess->confidence_milli = (int)MIN(share[most] * 1000 / total, 999);
                share[most] = 0;
        }
}

static void only(struct plc_language *out, const char *tag, int confidence_milli)
{
        g_strlcpy(out->top[0].tag, tag, sizeof out->top[0].tag);
        out->top[0].confidence_milli = confidence_milli;
        out->top_len = 1;
}

/* One language alone is written so: the script says it. */
static const char *alone_in(const struct plc_model *model, int script)
{
        const char *tag = NULL;
        for (size_t i = 0; i < model->label_count; i++) {
                if (model->labels[i].script_value != script)
                        continue;
                if (tag)
                        return NULL;
                tag = model->labels[i].tag;
        }
        return tag;
}

static const char *script_of_language(const char *tag, int script)
{
        static const struct {
                const char *tag, *script;
        } named[] = {{"zh-Hans", "Hans"}, {"zh-Hant", "Hant"}, {"ja", "Jpan"}, {"ko", "Kore"}};
        for (size_t i = 0; i < G_N_ELEMENTS(named); i++) {
                if (strcmp(tag, named[i].tag) == 0)
                        return named[i].script;
        }
        return uscript_getShortName(script);
}

static void decide(const struct plc_model *model, const struct plc_letters *letters, const char *hint,
                   struct plc_language *out, size_t *out_letters)
{
        *out = (struct plc_language){.tag = "und", .script = "Zyyy"};
        struct script_count count = count_scripts(letters);
        *out_letters = count.letters;
        if (count.dominant == USCRIPT_COMMON)
                return;
        int sure = count.letters > 1 ? 990 : 900;
        const char *alone = alone_in(model, count.dominant);
        if (count.dominant == USCRIPT_HAN && count.kana > 0 && count.kana * 10 >= count.han) {
                only(out, "ja", sure);
        } else if (count.dominant == USCRIPT_HAN && count.bopomofo > 0) {
                only(out, "zh-Hant", sure);
        } else if (alone) {
                only(out, alone, sure);
        } else {
                int32_t scores[PLC_MODEL_MAX_LABELS] = {0};
                size_t scored = score_words(model, letters, count.dominant, scores);
                rank(model, count.dominant, scored, hint, scores, out);
        }
        /* "22 x 51 cm": a few letters among figures are units. */
        bool units = letters->digits > 0 && count.dominant == USCRIPT_LATIN && count.letters <= 3;
        bool told = out->top_len > 0 && out->top[0].confidence_milli >= LEAST_CONFIDENCE && !units;
        if (told) {
                memcpy(out->tag, out->top[0].tag, sizeof out->tag);
                out->confidence_milli = out->top[0].confidence_milli;
        }
        g_strlcpy(out->script, script_of_language(out->tag, count.dominant), sizeof out->script);
}

static bool detect(const plc_detector *detector, const char *utf8, size_t size, const char *hint,
                   struct plc_language *out, size_t *out_letters, GError **error)
{
        struct plc_letters letters;
        if (!plc_letters_read(utf8, size, &letters, error))
                return false;
        decide(&detector->model, &letters, hint, out, out_letters);
        plc_letters_done(&letters);
        return true;
}

bool plc_text_detect_one(const plc_detector *detector, const char *utf8, size_t size, const char *hint,
                         struct plc_language *out, GError **error)
{
        size_t letters;
        return detect(detector, utf8, size, hint, out, &letters, error);
}

static void add_other(struct plc_language *out, const char *tag, int share_milli)
{
        size_t i = 0;
        while (i < out->other_len && strcmp(out->others[i].tag, tag) != 0)
                i++;
        if (i == PLC_LANGUAGE_OTHERS)
                return;
        if (i == out->other_len) {
                out->other_len++;
                g_strlcpy(out->others[i].tag, tag, sizeof out->others[i].tag);
                out->others[i].share_milli = 0;
        }
        out->others[i].share_milli += share_milli;
        for (; i > 0 && out->others[i].share_milli > out->others[i - 1].share_milli; i--) {
                struct plc_language_share swap = out->others[i];
                out->others[i] = out->others[i - 1];
                out->others[i - 1] = swap;
        }
}

bool plc_text_detect(const plc_detector *detector, const char *utf8, size_t size, const char *hint,
                     struct plc_language *out, GError **error)
{
        struct plc_language language;
        size_t letters;
        if (!detect(detector, utf8, size, hint, &language, &letters, error))
                return false;
        if (letters >= 2 * SENTENCE_LETTERS) {
                g_autoptr(GArray) ends = NULL;
                if (!plc_sentences(utf8, MIN(size, PLC_LETTERS_LIMIT), &ends, error))
                        return false;
                for (guint i = 0, start = 0; ends->len > 1 && i < ends->len;
                     start = g_array_index(ends, uint32_t, i), i++) {
                        struct plc_language sentence;
                        size_t own;
                        uint32_t end = g_array_index(ends, uint32_t, i);
                        if (!detect(detector, utf8 + start, end - start, hint, &sentence, &own, error))
                                return false;
                        if (own >= SENTENCE_LETTERS && sentence.confidence_milli >= SENTENCE_CONFIDENCE &&
                            strcmp(sentence.tag, language.tag) != 0)
                                add_other(&language, sentence.tag, (int)(own * 1000 / letters));
                }
        }
        *out = language;
        return true;
}
