/* Can any bytes harm the detector, or make it say something that is no answer? The same bytes twice give the same
 * answer. */
#include "text/detect.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_answer(const struct plc_language *language)
{
        g_assert_cmpint(language->confidence_milli, >=, 0);
        g_assert_cmpint(language->confidence_milli, <, 1000);
        g_assert_cmpuint(language->top_len, <=, PLC_LANGUAGE_TOP);
        g_assert_cmpuint(language->other_len, <=, PLC_LANGUAGE_OTHERS);
        g_assert_true(strcmp(language->tag, "und") == 0 || strcmp(language->tag, language->top[0].tag) == 0);
        for (size_t i = 1; i < language->top_len; i++)
                g_assert_cmpint(language->top[i].confidence_milli, <=, language->top[i - 1].confidence_milli);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        static plc_detector *detector;
        if (!detector)
                g_assert_true(plc_detector_open_default(&detector, NULL));
        const char *text = (const char *)data;
        struct plc_language one, two;
        g_autoptr(GArray) sentences = NULL;
        memset(&one, 0, sizeof one);
        memset(&two, 0, sizeof two);
        bool is_text = plc_text_detect(detector, text, size, NULL, &one, NULL);
        g_assert_true(is_text == plc_text_detect(detector, text, size, NULL, &two, NULL));
        g_assert_true(is_text == plc_text_detect_sentences(detector, text, size, "de", &sentences, NULL));
        if (!is_text)
                return 0;
        check_answer(&one);
        g_assert_cmpstr(one.tag, ==, two.tag);
        g_assert_cmpint(one.confidence_milli, ==, two.confidence_milli);
        uint32_t at = 0;
        for (guint i = 0; i < sentences->len; i++) {
                const struct plc_language_sentence *sentence =
                        &g_array_index(sentences, struct plc_language_sentence, i);
                g_assert_true(sentence->start == at && sentence->end > at && sentence->end <= size);
                at = sentence->end;
        }
        return 0;
}
