/* Where does the path of a URL end, and where does the sentence go on that stands behind it without a blank? In scripts
 * that are written without blanks both are letters: https://a.jp/商品/レビュー/12を見て. */
#include "text/pii_rules.h"
#include <string.h>
#include <unicode/uscript.h>

#define SEGMENT_LIMIT 40 /* signs: what is longer is a sentence */

static bool is_letter(char sign)
{
        return sign == PLC_SHAPE_UNSPACED || sign == PLC_SHAPE_LETTER || g_ascii_isalnum(sign);
}

static gunichar char_at(const struct plc_shape *shape, size_t at)
{
        return g_utf8_get_char(shape->text + shape->starts[at]);
}

static UScriptCode script_at(const struct plc_shape *shape, size_t at)
{
        UErrorCode status = U_ZERO_ERROR;
        return uscript_getScript((UChar32)char_at(shape, at), &status);
}

/* Does what begins here begin with what joins words to the one before them? を見て, 에서 샀어요 */
static bool begins_with_particle(const struct plc_shape *shape, size_t at)
{
        static const char japanese[] = "をにでのがはともへやか";
        static const char *const korean[] = {"에",   "을",   "를",   "은",   "는", "이",  "가", "로",
                                             "으로", "와",   "과",   "도",   "의", "만",  "랑", "입니다",
                                             "예요", "처럼", "부터", "까지", "라", "인데"};
        if (g_utf8_strchr(japanese, -1, char_at(shape, at)))
                return true;
        for (size_t i = 0; script_at(shape, at) == USCRIPT_HANGUL && i < G_N_ELEMENTS(korean); i++) {
                if (plc_shape_says(shape, at, korean[i]) > 0)
                        return true;
        }
        return false;
}

/* Does the address go on behind these letters, as no sentence would? */
static bool goes_on(const struct plc_shape *shape, size_t at)
{
        char next = at + 1 < shape->size ? shape->signs[at + 1] : ' ';
        switch (shape->signs[at]) {
        case '/':
        case '?':
        case '#':
        case '&':
        case '=':
        case '_':
        case '-':
                return is_letter(next) || next == '%';
        case '.':
        case '%':
                return g_ascii_isalnum(next);
        default:
                return false;
        }
}

/* As far as a sentence of Japanese would begin, whose first word joins it to the address: を, です. *out_name: it is of
 * Katakana or Hangul; sentences of Chinese and Thai begin with any word. */
static size_t until_hiragana(const struct plc_shape *shape, size_t at, size_t end, bool *out_name)
{
        UScriptCode script = USCRIPT_COMMON;
        *out_name = false;
        for (; at < end && (script = script_at(shape, at)) != USCRIPT_HIRAGANA; at++)
                *out_name = *out_name || script == USCRIPT_KATAKANA || script == USCRIPT_HANGUL;
        return at;
}

/*
 * Letters without blanks begin at `at`: how many of them are the path's? Behind a letter (a.jp/bです) they are the
 * sentence's, unless the path goes on behind them; behind / the first word that joins no sentence, where there is a
 * path already or the word is a name; behind = and the like, where no address ends, that word in any case.
 */
static size_t letters_of_path(const struct plc_shape *shape, size_t at, bool has_path)
{
        size_t end = at;
        bool name;
        while (end < shape->size && is_letter(shape->signs[end]))
                end++;
        size_t word = until_hiragana(shape, at, end, &name);
        char before = shape->signs[at - 1];
        bool long_one = end - at > SEGMENT_LIMIT, on = goes_on(shape, end) && !long_one;
        if (is_letter(before))
                return on && word == end && shape->signs[end] == '/' ? end - at : 0;
        if (!strchr("/?#&=_-+%", before))
                return 0;
        if (on)
                return end - at;
        if (before == '/' && begins_with_particle(shape, at))
                return 0;
        return word - at <= SEGMENT_LIMIT && (before != '/' || name || has_path) ? word - at : 0;
}

size_t plc_pii_path_end(const struct plc_shape *shape, size_t at)
{
        size_t end = at, first = at + strspn(shape->signs + at, "/");
        while (end < shape->size) {
                size_t letters = shape->signs[end] == PLC_SHAPE_UNSPACED ? letters_of_path(shape, end, end > first) : 0;
                if (letters == 0 && !(shape->signs[end] > ' ' || shape->signs[end] == PLC_SHAPE_LETTER))
                        break;
                if (letters == 0 && strchr("<>\"{}|\\^`", shape->signs[end]))
                        break;
                end += MAX(letters, 1);
        }
        /* A bracket that the address itself opened belongs to it. */
        size_t open = 0, closed = 0;
        for (size_t i = at; i < end; i++) {
                open += shape->signs[i] == '(';
                closed += shape->signs[i] == ')';
        }
        while (end > at && strchr(".,;:!?)]'*_~", shape->signs[end - 1])) {
                if (shape->signs[end - 1] == ')' && closed-- <= open)
                        break;
                end--;
        }
        return end;
}
