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
        bool silent[PLC_MODEL_MAX_LABELS]; /* never answered */
};

/* A sentence says something of its own from here on; a shorter one is a name or an exclamation. */
#define SENTENCE_LETTERS 20
#define SENTENCE_CONFIDENCE 900
/* Below this the best guess is one of many: und. */
#define LEAST_CONFIDENCE 140
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

/* Old and wider codes that shops' locales have, and what the model calls them. */
static const char *const also[][2] = {{"no", "nb"}, {"no", "nn"}, {"fil", "tl"}, {"iw", "he"},
                                      {"in", "id"}, {"mo", "ro"}, {"sh", "sr"}};

static bool is_language(const char *asked, size_t size, const char *tag, size_t tag_size)
{
        for (size_t i = 0; i < G_N_ELEMENTS(also); i++) {
                if (strlen(also[i][0]) == size && g_ascii_strncasecmp(asked, also[i][0], size) == 0 &&
                    strlen(also[i][1]) == tag_size && strncmp(tag, also[i][1], tag_size) == 0)
                        return true;
        }
        return size == tag_size && g_ascii_strncasecmp(asked, tag, size) == 0;
}

/* Does `asked` (de, sr, zh-Hant, zh-TW) mean the label `tag`? One without a script means any script; of Chinese the
 * region tells it. */
static bool names(const char *asked, size_t asked_len, const char *tag)
{
        static const char *const regions[][2] = {{"TW", "Hant"}, {"HK", "Hant"}, {"MO", "Hant"},
                                                 {"CN", "Hans"}, {"SG", "Hans"}, {"MY", "Hans"}};
        size_t language = 0, tag_len = strcspn(tag, "-");
        while (language < asked_len && asked[language] != '-' && asked[language] != '_')
                language++;
        if (!is_language(asked, language, tag, tag_len))
                return false;
        if (tag[tag_len] == '\0' || language == asked_len)
                return true;
        const char *next = asked + language + 1, *script = tag + tag_len + 1;
        size_t size = 0;
        while (language + 1 + size < asked_len && next[size] != '-' && next[size] != '_')
                size++;
        for (size_t i = 0; size == 2 && strncmp(tag, "zh", 2) == 0 && i < G_N_ELEMENTS(regions); i++) {
                if (g_ascii_strncasecmp(next, regions[i][0], 2) == 0)
                        return strcmp(script, regions[i][1]) == 0;
        }
        return size != 4 || g_ascii_strncasecmp(next, script, 4) == 0;
}

bool plc_detector_knows(const plc_detector *detector, const char *tag)
{
        for (size_t i = 0; i < detector->model.label_count; i++) {
                if (names(tag, strlen(tag), detector->model.labels[i].tag))
                        return true;
        }
        return false;
}

bool plc_detector_restrict(plc_detector *detector, const char *tags, GError **error)
{
        bool silent[PLC_MODEL_MAX_LABELS];
        memset(silent, true, sizeof silent);
        g_auto(GStrv) each = g_strsplit(tags, ",", -1);
        if (!*each)
                return plc_fail(error, PLC_E_BAD_REQUEST, "no language is named; expected tags like de,fr,zh-Hant");
        for (char **tag = each; *tag; tag++) {
                bool known = false;
                g_strstrip(*tag);
                for (size_t i = 0; i < detector->model.label_count; i++) {
                        if (names(*tag, strlen(*tag), detector->model.labels[i].tag)) {
                                silent[i] = false;
                                known = true;
                        }
                }
                if (!known)
                        return plc_fail(error, PLC_E_BAD_REQUEST,
                                        "\"%s\" is no language that the model knows; expected "
                                        "tags like de,fr,zh-Hant",
                                        *tag);
        }
        memcpy(detector->silent, silent, sizeof silent);
        return true;
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
        int last = USCRIPT_HAN; /* the highest script that weighs anything */
        for (size_t i = 0; i < letters->count; i++) {
                const struct plc_letter *letter = &letters->all[i];
                if (letter->c == 0 || letter->script <= USCRIPT_INHERITED)
                        continue;
                count.letters++;
                count.kana += is_kana(letter->script);
                count.han += letter->script == USCRIPT_HAN;
                count.bopomofo += letter->script == USCRIPT_BOPOMOFO;
                last = MAX(last, letter->script);
                weight[is_kana(letter->script) ? USCRIPT_HIRAGANA : letter->script] +=
                        (size_t)letter_weight(letter->script);
        }
        /* Kana and Han are one script of Japanese, Bopomofo one of Chinese. */
        weight[USCRIPT_HAN] += weight[USCRIPT_HIRAGANA] + weight[USCRIPT_BOPOMOFO];
        weight[USCRIPT_HIRAGANA] = weight[USCRIPT_BOPOMOFO] = 0;
        for (int s = USCRIPT_INHERITED + 1; s <= last; s++) {
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

/* Half of the text has been read and one language leads by so many units: the other half cannot turn that. */
#define LEAD_UNITS 256
#define LEAD_LETTERS 24

static bool is_decided(const struct plc_model *model, int script, const int32_t scores[PLC_MODEL_MAX_LABELS])
{
        int32_t best = INT32_MIN, second = INT32_MIN;
        for (size_t i = 0; i < model->label_count; i++) {
                if (model->labels[i].script_value != script)
                        continue;
                second = MAX(second, MIN(best, scores[i]));
                best = MAX(best, scores[i]);
        }
        return second > INT32_MIN && best - second >= LEAD_UNITS;
}

/* Feeds the words of this script (`total` letters) to the model; returns how many letters there were. */
static size_t score_words(const struct plc_model *model, const struct plc_letters *letters, int script, size_t total,
                          int32_t scores[PLC_MODEL_MAX_LABELS])
{
        uint32_t word[PLC_MODEL_WORD];
        size_t length = 0, count = 0, ask_at = MAX(LEAD_LETTERS, total / 2);
        bool han = script == USCRIPT_HAN;
        for (size_t i = 0; i <= letters->count; i++) {
                const struct plc_letter *letter = i < letters->count ? &letters->all[i] : NULL;
                bool of_word = letter && letter->c != 0 && letter->script == script;
                if (length > 0 && (!of_word || length == PLC_MODEL_WORD)) {
                        plc_model_add(model, word, length, han, scores);
                        count += length;
                        length = 0;
                        if (count >= ask_at) {
                                if (is_decided(model, script, scores))
                                        break;
                                ask_at = count + LEAD_LETTERS;
                        }
                }
                if (of_word)
                        word[length++] = letter->c;
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
        if (millionths >= INT64_C(12000000))
                return 0;
        int64_t sixteenths = millionths * 16 / 1000000;
        return (int64_t)part[sixteenths % 16] * whole[sixteenths / 16] / 65536;
}

static uint32_t temperature_of(const struct plc_model *model, int script, size_t letters)
{
        static const size_t up_to[PLC_MODEL_LENGTHS - 1] = {5, 10, 20, 50};
        size_t i = 0;
        while (i < G_N_ELEMENTS(up_to) && letters > up_to[i])
                i++;
        return model->temperature[script == USCRIPT_HAN][i];
}

/* Each further letter without Kana makes Japanese less likely: units. */
#define KANJI_ALONE 3
#define KANJI_MOST ((size_t)100)

static bool is_ja(const struct plc_model_label *label)
{
        return strcmp(label->tag, "ja") == 0;
}

struct asked {
        const plc_detector *detector;
        const char *hint;
};

/* What the scores, the label's rarity and the hint make of it, in millionths of a nat. */
static int64_t nats_of(const struct asked *asked, size_t label, int32_t score, size_t letters)
{
        const struct plc_model *model = &asked->detector->model;
        const struct plc_model_label *own = &model->labels[label];
        int64_t units = (int64_t)score + own->bias;
        if (is_ja(own))
                units -= (int64_t)MIN(letters, KANJI_MOST) * KANJI_ALONE;
        bool hinted = asked->hint && names(asked->hint, strlen(asked->hint), own->tag);
        return units * temperature_of(model, own->script_value, letters) + (hinted ? HINT_NATS : 0);
}

/* The labels of this script, most likely first. */
static void rank(const struct asked *asked, int script, size_t letters, const int32_t scores[PLC_MODEL_MAX_LABELS],
                 struct plc_language *out)
{
        const struct plc_model *model = &asked->detector->model;
        int64_t nats[PLC_MODEL_MAX_LABELS], best = INT64_MIN, total = 0;
        size_t labels[PLC_MODEL_MAX_LABELS], count = 0;
        for (size_t i = 0; i < model->label_count; i++) {
                if (model->labels[i].script_value != script || asked->detector->silent[i])
                        continue;
                nats[count] = nats_of(asked, i, scores[i], letters);
                best = MAX(best, nats[count]);
                labels[count++] = i;
        }
        for (size_t i = 0; i < count; i++)
                total += exp_minus(best - nats[i]);
        for (out->top_len = 0; out->top_len < MIN(count, PLC_LANGUAGE_TOP); out->top_len++) {
                size_t most = 0;
                for (size_t i = 1; i < count; i++)
                        most = nats[i] > nats[most] ? i : most;
                int64_t share = exp_minus(best - nats[most]);
                if (share == 0)
                        return;
                struct plc_language_guess *guess = &out->top[out->top_len];
                memcpy(guess->tag, model->labels[labels[most]].tag, sizeof guess->tag);
                guess->confidence_milli = (int)MIN(share * 1000 / total, 999);
                nats[most] = INT64_MIN / 2;
        }
}

static void only(struct plc_language *out, const char *tag, int confidence_milli)
{
        g_strlcpy(out->top[0].tag, tag, sizeof out->top[0].tag);
        out->top[0].confidence_milli = confidence_milli;
        out->top_len = 1;
}

static bool has_label(const plc_detector *detector, const char *tag)
{
        for (size_t i = 0; i < detector->model.label_count; i++) {
                if (strcmp(detector->model.labels[i].tag, tag) == 0)
                        return !detector->silent[i];
        }
        return false;
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

static void decide(const struct asked *asked, const struct plc_letters *letters, struct plc_language *out,
                   size_t *out_letters)
{
        const struct plc_model *model = &asked->detector->model;
        *out = (struct plc_language){.tag = "und", .script = "Zyyy"};
        struct script_count count = count_scripts(letters);
        *out_letters = count.letters;
        if (count.dominant == USCRIPT_COMMON)
                return;
        int sure = count.letters > 1 ? 990 : 900;
        const char *alone = alone_in(model, count.dominant);
        if (count.dominant == USCRIPT_HAN && count.kana > 0 && count.kana * 10 >= count.han)
                alone = "ja";
        else if (count.dominant == USCRIPT_HAN && count.bopomofo > 0)
                alone = "zh-Hant";
        if (alone && has_label(asked->detector, alone)) {
                only(out, alone, sure);
        } else if (!alone) {
                int32_t scores[PLC_MODEL_MAX_LABELS] = {0};
                size_t scored = score_words(model, letters, count.dominant, count.letters, scores);
                rank(asked, count.dominant, scored, scores, out);
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

static bool detect(const struct asked *asked, const char *utf8, size_t size, struct plc_language *out,
                   size_t *out_letters, GError **error)
{
        struct plc_letters letters;
        if (!plc_letters_read(utf8, size, &letters, error))
                return false;
        decide(asked, &letters, out, out_letters);
        plc_letters_done(&letters);
        return true;
}

bool plc_text_detect_one(const plc_detector *detector, const char *utf8, size_t size, const char *hint,
                         struct plc_language *out, GError **error)
{
        size_t letters;
        return detect(&(struct asked){detector, hint}, utf8, size, out, &letters, error);
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

/* `each` is told of every sentence, with the number of its letters. */
static bool walk(const struct asked *asked, const char *utf8, size_t size,
                 void (*each)(const struct plc_language_sentence *sentence, size_t letters, void *to), void *to,
                 GError **error)
{
        g_autoptr(GArray) ends = NULL;
        if (!plc_sentences(utf8, size, &ends, error))
                return false;
        for (guint i = 0, start = 0; i < ends->len; start = g_array_index(ends, uint32_t, i), i++) {
                struct plc_language language;
                size_t letters;
                uint32_t end = g_array_index(ends, uint32_t, i);
                if (!detect(asked, utf8 + start, end - start, &language, &letters, error))
                        return false;
                struct plc_language_sentence sentence = {start, end, "", language.confidence_milli};
                memcpy(sentence.tag, language.tag, sizeof sentence.tag);
                each(&sentence, letters, to);
        }
        return true;
}

/* What is looked at: whole characters up to the limit. */
static size_t seen(const char *utf8, size_t size)
{
        if (size <= PLC_LETTERS_LIMIT)
                return size;
        size = PLC_LETTERS_LIMIT;
        while (size > 0 && ((unsigned char)utf8[size] & 0xc0) == 0x80)
                size--;
        return size;
}

static void keep_sentence(const struct plc_language_sentence *sentence, size_t letters, void *to)
{
        (void)letters;
        g_array_append_vals(to, sentence, 1);
}

bool plc_text_detect_sentences(const plc_detector *detector, const char *utf8, size_t size, const char *hint,
                               GArray **out, GError **error)
{
        g_autoptr(GArray) sentences = g_array_new(FALSE, FALSE, sizeof(struct plc_language_sentence));
        size = seen(utf8, size);
        if (!g_utf8_validate_len(utf8, size, NULL))
                return plc_fail(error, PLC_E_BAD_TEXT, "the text is not UTF-8");
        if (!walk(&(struct asked){detector, hint}, utf8, size, keep_sentence, sentences, error))
                return false;
        *out = g_steal_pointer(&sentences);
        return true;
}

struct others {
        struct plc_language *language;
        size_t letters; /* of the whole text */
};

static void note_other(const struct plc_language_sentence *sentence, size_t letters, void *to)
{
        struct others *others = to;
        if (letters >= SENTENCE_LETTERS && sentence->confidence_milli >= SENTENCE_CONFIDENCE &&
            strcmp(sentence->tag, others->language->tag) != 0)
                add_other(others->language, sentence->tag, (int)(letters * 1000 / others->letters));
}

bool plc_text_detect(const plc_detector *detector, const char *utf8, size_t size, const char *hint,
                     struct plc_language *out, GError **error)
{
        struct asked asked = {detector, hint};
        struct plc_language language;
        struct others others = {&language, 0};
        if (!detect(&asked, utf8, size, &language, &others.letters, error))
                return false;
        if (others.letters >= 2 * SENTENCE_LETTERS && !walk(&asked, utf8, seen(utf8, size), note_other, &others, error))
                return false;
        *out = language;
        return true;
}
