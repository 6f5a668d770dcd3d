/* Which language is a text in? BCP 47, with the script where it matters (zh-Hant, sr-Latn); und rather than a guess. */
#pragma once
#include "base/error.h"

#define PLC_LANGUAGE_TAG_SIZE 16
#define PLC_LANGUAGE_TOP 3
#define PLC_LANGUAGE_OTHERS 4

struct plc_language_guess {
        char tag[PLC_LANGUAGE_TAG_SIZE];
        int confidence_milli;
};

struct plc_language_share {
        char tag[PLC_LANGUAGE_TAG_SIZE];
        int share_milli; /* of the letters of the text */
};

struct plc_language {
        char tag[PLC_LANGUAGE_TAG_SIZE];
        char script[5]; /* ISO 15924; of the language (Hant, Jpan, Kore) where one is named, Zyyy where there are no
                           letters */
        int confidence_milli;                            /* 0 with und */
        struct plc_language_guess top[PLC_LANGUAGE_TOP]; /* best first; also with und, where any letters were */
        size_t top_len;
        struct plc_language_share others[PLC_LANGUAGE_OTHERS]; /* of other sentences of the text; largest first */
        size_t other_len;
};

/* One sentence of a text, by ICU's boundaries. */
struct plc_language_sentence {
        uint32_t start, end; /* bytes */
        char tag[PLC_LANGUAGE_TAG_SIZE];
        int confidence_milli;
};

typedef struct plc_detector plc_detector;

/* The model is mapped, not read. BAD_CONFIG if the file is none of ours. Safe to use from many threads. */
bool plc_detector_open(const char *model_path, plc_detector **out, GError **error);
/* The one under plc_data_dir("presets"). */
bool plc_detector_open_default(plc_detector **out, GError **error);
void plc_detector_free(plc_detector *detector);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_detector, plc_detector_free)

/*
 * From now on only these are answered: tags with commas (de,sr,zh-Hant; without a script: in each of its scripts).
 * BAD_REQUEST, naming it, for one that the model does not know. Before the detector is used, not while.
 */
bool plc_detector_restrict(plc_detector *detector, const char *tags, GError **error);

/* Is `tag` (de, pt-BR, zh-Hant) a language of the model? */
bool plc_detector_knows(const plc_detector *detector, const char *tag);

/*
 * `hint`: what the shop or the contributor says it is (BCP 47, or NULL); it tips the scales between near equals, it
 * does not overrule the text. BAD_TEXT if it is not UTF-8. Only the first 32 KiB are looked at. The same text always
 * gives the same answer.
 */
bool plc_text_detect(const plc_detector *detector, const char *utf8, size_t size, const char *hint,
                     struct plc_language *out, GError **error);
/* The same without `others`: half the work. */
bool plc_text_detect_one(const plc_detector *detector, const char *utf8, size_t size, const char *hint,
                         struct plc_language *out, GError **error);
/* Each sentence by itself (struct plc_language_sentence), of the first 32 KiB. */
bool plc_text_detect_sentences(const plc_detector *detector, const char *utf8, size_t size, const char *hint,
                               GArray **out, GError **error);
