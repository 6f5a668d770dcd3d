/* What do the words beside a number call it? Words of pii_words.def, looked for a little way before and behind. */
#include "text/pii_words.h"
#include <string.h>

#define NEAR 16 /* signs: two words or so */

/* One list for each kind: of the others' rows nothing is taken. */
static const char *const phone_words[] = {
#define PLC_PHONE_WORDS(...) __VA_ARGS__,
#include "text/pii_words.def"
};

static const char *const code_words[] = {
#define PLC_CODE_WORDS(...) __VA_ARGS__,
#include "text/pii_words.def"
};

static const char *const card_words[] = {
#define PLC_CARD_WORDS(...) __VA_ARGS__,
#include "text/pii_words.def"
};

static const char *const account_words[] = {
#define PLC_ACCOUNT_WORDS(...) __VA_ARGS__,
#include "text/pii_words.def"
};

static const char *const account_id_words[] = {
#define PLC_ACCOUNT_ID_WORDS(...) __VA_ARGS__,
#include "text/pii_words.def"
};

static bool is_letter_before(const char *text, const char *at)
{
        return at > text && g_unichar_isalpha(g_utf8_get_char(g_utf8_prev_char(at)));
}

static bool has_letters(const char *text, const char *end)
{
        for (; text < end; text = g_utf8_next_char(text)) {
                if (g_unichar_isalpha(g_utf8_get_char(text)))
                        return true;
        }
        return false;
}

/* `behind`: the text stands behind the number, else before it. */
static bool has_word(const char *text, bool behind, const char *const *words, size_t count)
{
        const char *end = text + strlen(text);
        for (size_t i = 0; i < count; i++) {
                size_t size = strlen(words[i]);
                gunichar first = g_utf8_get_char(words[i]);
                /* From Devanagari on, words follow each other without spaces, or with signs on them. */
                bool spaced = first < 0x900, whole = spaced && g_utf8_strlen(words[i], -1) <= 3;
                bool next = spaced && g_utf8_strlen(words[i], -1) <= 2; /* "wa" is a word of Swahili: WA 0812… */
                for (const char *hit = strstr(text, words[i]); hit; hit = strstr(hit + 1, words[i])) {
                        if (!spaced || (!is_letter_before(text, hit) &&
                                        !(whole && g_unichar_isalpha(g_utf8_get_char(hit + size))) &&
                                        !(next && (behind ? has_letters(text, hit) : has_letters(hit + size, end)))))
                                return true;
                }
        }
        return false;
}

/* Lower case; from a little further back than it is looked for, so that the first word is seen to begin. */
static char *text_between(const struct plc_shape *shape, size_t from, size_t end)
{
        return g_utf8_strdown(shape->text + shape->starts[from], (gssize)(shape->starts[end] - shape->starts[from]));
}

bool plc_pii_called_a_phone(const struct plc_shape *shape, size_t at, size_t end)
{
        g_autofree char *before = text_between(shape, at > NEAR ? at - NEAR : 0, at);
        if (has_word(before, false, phone_words, G_N_ELEMENTS(phone_words)))
                return true;
        if (end == 0)
                return false;
        g_autofree char *behind = text_between(shape, end, MIN(shape->size, end + NEAR));
        behind[strcspn(behind, ".!?\n")] = '\0'; /* of the same sentence */
        return has_word(behind, true, phone_words, G_N_ELEMENTS(phone_words));
}

bool plc_pii_called_a_code(const struct plc_shape *shape, size_t at)
{
        g_autofree char *before = text_between(shape, at > NEAR ? at - NEAR : 0, at);
        return (at > 0 && shape->signs[at - 1] == '#') || has_word(before, false, code_words, G_N_ELEMENTS(code_words));
}

bool plc_pii_called_a_card(const struct plc_shape *shape, size_t at)
{
        g_autofree char *before = text_between(shape, at > NEAR ? at - NEAR : 0, at);
        return has_word(before, false, card_words, G_N_ELEMENTS(card_words));
}

/* The text ends with one of these, and it is a word of its own. */
static bool ends_with_word(const char *text, const char *const *words, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                const char *at = text + strlen(text) - MIN(strlen(words[i]), strlen(text));
                bool spaced = g_utf8_get_char(words[i]) < 0x900;
                if (strcmp(at, words[i]) == 0 && !(spaced && is_letter_before(text, at) && at[-1] > 0))
                        return true;
        }
        return false;
}

bool plc_pii_called_an_account(const struct plc_shape *shape, size_t at)
{
        g_autofree char *before = text_between(shape, at > NEAR ? at - NEAR : 0, at);
        static const char *const colons[] = {":", "\xef\xbc\x9a"};
        g_strchomp(before);
        bool said = ends_with_word(before, account_id_words, G_N_ELEMENTS(account_id_words));
        for (size_t i = 0; !said && i < G_N_ELEMENTS(colons); i++) {
                if (!g_str_has_suffix(before, colons[i]))
                        continue;
                before[strlen(before) - strlen(colons[i])] = '\0';
                g_strchomp(before);
                said = ends_with_word(before, account_words, G_N_ELEMENTS(account_words)) ||
                       ends_with_word(before, account_id_words, G_N_ELEMENTS(account_id_words));
        }
        return said;
}
