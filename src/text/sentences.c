/* Where do sentences and words end? The root locale's rules: the same text is cut alike on every machine, whatever its
 * locale. */
#include "text/sentences.h"
#include "base/file.h"
#include <unicode/ubrk.h>
#include <unicode/utext.h>

/* Offsets are 32 bits wide and reviews are short: longer text is a mistake of the caller. */
#define LIMIT PLC_MIB

struct breaker {
        UBreakIteratorType type;
        UBreakIterator *iterator;
        UText *text;
};

/* Opened once for each kind and used again: to open one costs as much as to part a review. One is enough: two are
 * hardly ever open together. */
static _Thread_local UBreakIterator *idle[UBRK_SENTENCE + 1];

static void breaker_close(struct breaker *breaker)
{
        if (breaker->iterator && !idle[breaker->type])
                idle[breaker->type] = breaker->iterator;
        else if (breaker->iterator)
                ubrk_close(breaker->iterator);
        if (breaker->text)
                utext_close(breaker->text);
}

static bool breaker_open(struct breaker *breaker, UBreakIteratorType type, const char *utf8, size_t size,
                         GError **error)
{
        if (size > LIMIT)
                return plc_fail(error, PLC_E_TOO_BIG, "a text of %zu bytes, the limit is %zu", size, LIMIT);
        UErrorCode status = U_ZERO_ERROR;
        breaker->type = type;
        breaker->text = utext_openUTF8(NULL, utf8, (int64_t)size, &status);
        breaker->iterator = idle[type] ? idle[type] : ubrk_open(type, "", NULL, 0, &status);
        idle[type] = NULL;
        if (U_SUCCESS(status))
                ubrk_setUText(breaker->iterator, breaker->text, &status);
        if (U_FAILURE(status))
                return plc_fail(error, PLC_E_INTERNAL, "ICU: %s", u_errorName(status));
        return true;
}

static bool ends_of(UBreakIteratorType type, const char *utf8, size_t size, GArray **out, GError **error)
{
        struct breaker breaker = {0};
        if (!breaker_open(&breaker, type, utf8, size, error)) {
                breaker_close(&breaker);
                return false;
        }
        GArray *ends = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        ubrk_first(breaker.iterator);
        for (int32_t at = ubrk_next(breaker.iterator); at != UBRK_DONE; at = ubrk_next(breaker.iterator)) {
                uint32_t end = (uint32_t)at;
                g_array_append_val(ends, end);
        }
        breaker_close(&breaker);
        *out = ends;
        return true;
}

bool plc_sentences(const char *utf8, size_t size, GArray **out_ends, GError **error)
{
        return ends_of(UBRK_SENTENCE, utf8, size, out_ends, error);
}

/*
 * Below U+0300 nothing joins what stands before it but a line feed after a carriage return (UAX 29,
 * GraphemeBreakProperty): there each character is a cluster. False, and nothing done, for any other text.
 */
static bool plain_clusters(const char *utf8, size_t size, GArray **out)
{
        g_autoptr(GArray) ends = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), (guint)size);
        uint32_t *end = (uint32_t *)(void *)ends->data;
        guint n = 0;
        for (size_t at = 0; at < size; end[n++] = (uint32_t)at) {
                uint8_t lead = (uint8_t)utf8[at];
                bool two = lead >= 0xc2 && lead < 0xcc;
                if (two ? at + 1 == size || ((uint8_t)utf8[at + 1] & 0xc0) != 0x80 : lead >= 0x80 || lead == '\r')
                        return false;
                at += two ? 2 : 1;
        }
        g_array_set_size(ends, n);
        *out = g_steal_pointer(&ends);
        return true;
}

bool plc_clusters(const char *utf8, size_t size, GArray **out_ends, GError **error)
{
        return (size <= LIMIT && plain_clusters(utf8, size, out_ends)) ||
               ends_of(UBRK_CHARACTER, utf8, size, out_ends, error);
}

bool plc_words(const char *utf8, size_t size, GArray **out_words, GError **error)
{
        struct breaker breaker = {0};
        if (!breaker_open(&breaker, UBRK_WORD, utf8, size, error)) {
                breaker_close(&breaker);
                return false;
        }
        GArray *words = g_array_new(FALSE, FALSE, sizeof(struct plc_word));
        uint32_t start = 0;
        ubrk_first(breaker.iterator);
        for (int32_t at = ubrk_next(breaker.iterator); at != UBRK_DONE; at = ubrk_next(breaker.iterator)) {
                struct plc_word word = {start, (uint32_t)at,
                                        ubrk_getRuleStatus(breaker.iterator) >= UBRK_WORD_NONE_LIMIT};
                g_array_append_val(words, word);
                start = word.end;
        }
        breaker_close(&breaker);
        *out_words = words;
        return true;
}
