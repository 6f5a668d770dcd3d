/* In which words are instants and scopes told to people? */
#include "desk/words.h"

#include <glib.h>
#include <string.h>

#include "base/clock.h"

void plc_words_time(int64_t ms, char out[PLC_WORDS_TIME_SIZE])
{
        char full[PLC_TIME_SIZE];

        plc_time_format(ms, full);
        g_snprintf(out, PLC_WORDS_TIME_SIZE, "%.10s %.5s UTC", full, full + 11);
}

const char *plc_words_layer(plc_layer layer)
{
        static const char *const words[] = {"use of the photo or text", "name, handle and country shown with it",
                                            "the likeness of a person"};

        return words[layer];
}

static void add(GString *out, const char *word)
{
        g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "", word);
}

static char *end(GString *out)
{
        if (out->len == 0)
                g_string_append(out, "nothing");
        return g_string_free(out, FALSE);
}

static char *bits(unsigned set, const char *const *words)
{
        GString *out = g_string_new(NULL);

        for (unsigned i = 0; words[i] != NULL; i++)
                if ((set & 1u << i) != 0)
                        add(out, words[i]);
        return end(out);
}

char *plc_words_channels(unsigned channels)
{
        return bits(channels, plc_channel_words);
}

char *plc_words_edits(unsigned edits)
{
        return bits(edits, plc_edit_words);
}

char *plc_words_sublicense(unsigned sublicense)
{
        return bits(sublicense, plc_sublicensee_words);
}

char *plc_words_list(const struct plc_list *list)
{
        GString *out = g_string_new(NULL);

        for (size_t i = 0; i < list->count; i++)
                add(out, list->at[i]);
        return end(out);
}

static char *codes(const struct plc_territories *set)
{
        GString *out = g_string_new(NULL);

        if (plc_territories_has(set, PLC_TERRITORY_WORLD)) {
                g_string_append(out, "everywhere");
                return g_string_free(out, FALSE);
        }
        for (int number = 0; number < PLC_TERRITORIES; number++)
                if (plc_territories_has(set, (plc_territory)number)) {
                        char code[3];

                        plc_territory_format((plc_territory)number, code);
                        add(out, code);
                }
        return g_string_free(out, FALSE);
}

char *plc_words_territories(const struct plc_scope *scope)
{
        bool binds = (scope->given & PLC_SCOPE_TERRITORIES) != 0;
        g_autofree char *in = binds ? codes(&scope->territories) : g_strdup("everywhere");
        g_autofree char *out = codes(&scope->exclude);

        if (in[0] == '\0')
                return g_strdup("nowhere");
        return out[0] == '\0' ? g_steal_pointer(&in) : g_strconcat(in, " but ", out, NULL);
}

char *plc_words_where(const struct plc_scope *scope)
{
        char *territories = plc_words_territories(scope), *where;

        if (g_str_has_prefix(territories, "everywhere") || strcmp(territories, "nowhere") == 0)
                return territories;
        where = g_strconcat("in ", territories, NULL);
        g_free(territories);
        return where;
}

static void part(GString *out, const char *before, char *words)
{
        g_string_append_printf(out, "%s%s%s", out->len > 0 ? "; " : "", before, words);
        g_free(words);
}

char *plc_words_scope(const struct plc_scope *scope)
{
        static const struct plc_territories none;
        GString *out = g_string_new(NULL);

        if ((scope->given & PLC_SCOPE_CHANNELS) != 0)
                part(out, "on ", plc_words_channels(scope->channels));
        if ((scope->given & PLC_SCOPE_TERRITORIES) != 0 || memcmp(&scope->exclude, &none, sizeof none) != 0)
                part(out, "", plc_words_where(scope));
        if ((scope->given & PLC_SCOPE_LANGUAGES) != 0)
                part(out, "in the languages ", plc_words_list(&scope->languages));
        if ((scope->given & PLC_SCOPE_PRODUCTS) != 0)
                part(out, "for the products ", plc_words_list(&scope->products));
        if ((scope->given & PLC_SCOPE_CONTROLLERS) != 0)
                part(out, "by ", plc_words_list(&scope->controllers));
        if ((scope->given & PLC_SCOPE_EDITS) != 0)
                part(out, "changed by ", plc_words_edits(scope->edits));
        if ((scope->given & PLC_SCOPE_SUBLICENSE) != 0 && scope->sublicense != 0)
                part(out, "handed on to ", plc_words_sublicense(scope->sublicense));
        return g_string_free(out, FALSE);
}
