/* How are language tags (BCP 47) completed, written and compared? */
#include "text/language_tag.h"
#include <string.h>
#include <unicode/uloc.h>

#define TAG_LIMIT 128 /* longer than any tag registered; RFC 5646 asks for at least 35 */
#define WANTED_LIMIT 16

struct parts {
        char language[9], script[5], region[4];
        const char *rest; /* variants, extensions, private use; "" if none; borrowed */
};

static bool is_well_formed(const char *tag)
{
        size_t run = 0, size = strlen(tag);
        if (size == 0 || size > TAG_LIMIT)
                return false;
        for (size_t i = 0; i <= size; i++) {
                bool end = i == size || tag[i] == '-' || tag[i] == '_';
                if (end ? run == 0 || run > 8 : !g_ascii_isalnum(tag[i]))
                        return false;
                run = end ? 0 : run + 1;
        }
        return true;
}

static bool all(const char *s, size_t size, bool (*is)(char))
{
        for (size_t i = 0; i < size; i++) {
                if (!is(s[i]))
                        return false;
        }
        return true;
}

static bool is_alpha(char c)
{
        return g_ascii_isalpha(c);
}

static bool is_digit(char c)
{
        return g_ascii_isdigit(c);
}

static const char *skip(const char *at, size_t size)
{
        return at[size] == '\0' ? at + size : at + size + 1;
}

static void copy_lower(char *out, const char *s, size_t size)
{
        for (size_t i = 0; i < size; i++)
                out[i] = g_ascii_tolower(s[i]);
        out[size] = '\0';
}

/* Only of a well-formed tag. False: not of the form language[-script][-region][-rest], such as i-klingon or zh-cmn. */
static bool split(const char *tag, struct parts *out)
{
        size_t size = strcspn(tag, "-_");
        if (size < 2 || !all(tag, size, is_alpha))
                return false;
        copy_lower(out->language, tag, size);
        const char *at = skip(tag, size);
        size = strcspn(at, "-_");
        if (size == 3 && all(at, size, is_alpha))
                return false; /* an extended language subtag */
        out->script[0] = out->region[0] = '\0';
        if (size == 4 && all(at, size, is_alpha)) {
                copy_lower(out->script, at, size);
                out->script[0] = g_ascii_toupper(out->script[0]);
                at = skip(at, size);
                size = strcspn(at, "-_");
        }
        if ((size == 2 && all(at, size, is_alpha)) || (size == 3 && all(at, size, is_digit))) {
                for (size_t i = 0; i <= size; i++)
                        out->region[i] = i < size ? g_ascii_toupper(at[i]) : '\0';
                at = skip(at, size);
        }
        out->rest = at;
        return true;
}

static char *join(const char *language, const char *script, const char *region, const char *rest)
{
        GString *tag = g_string_new(language);
        const char *more[] = {script, region, rest};
        for (size_t i = 0; i < G_N_ELEMENTS(more); i++) {
                if (more[i][0])
                        g_string_append_printf(tag, "-%s", more[i]);
        }
        for (char *c = tag->str; *c; c++)
                *c = *c == '_' ? '-' : *c;
        return g_string_free(tag, FALSE);
}

static bool complete(const struct parts *parts, struct parts *out)
{
        g_autofree char *locale = join(parts->language, parts->script, parts->region, "");
        g_strdelimit(locale, "-", '_');
        char likely[ULOC_FULLNAME_CAPACITY];
        UErrorCode status = U_ZERO_ERROR;
        uloc_addLikelySubtags(locale, likely, sizeof likely, &status);
        if (U_FAILURE(status) || status == U_STRING_NOT_TERMINATED_WARNING || !split(likely, out))
                return false;
        out->rest = parts->rest;
        return out->script[0] != '\0' && out->region[0] != '\0';
}

char *plc_text_maximise(const char *tag)
{
        if (!tag || !is_well_formed(tag))
                return NULL;
        size_t first = strcspn(tag, "-_");
        if ((first == 3 && g_ascii_strncasecmp(tag, "und", 3) == 0) || (first == 1 && g_ascii_tolower(tag[0]) == 'x'))
                return NULL;
        struct parts parts, full;
        if (!split(tag, &parts) || !complete(&parts, &full))
                return g_strdup(tag);
        return join(full.language, full.script, full.region, full.rest);
}

char *plc_text_canonical_tag(const char *tag)
{
        static const char *const renewed[][2] = {{"iw", "he"}, {"in", "id"}, {"ji", "yi"}, {"mo", "ro"}, {"jw", "jv"}};
        if (!tag || !is_well_formed(tag))
                return NULL;
        struct parts parts;
        if (!split(tag, &parts)) {
                char *lower = g_ascii_strdown(tag, -1);
                return g_strdelimit(lower, "_", '-');
        }
        const char *language = parts.language;
        for (size_t i = 0; i < G_N_ELEMENTS(renewed); i++) {
                if (strcmp(language, renewed[i][0]) == 0)
                        language = renewed[i][1];
        }
        g_autofree char *rest = g_ascii_strdown(parts.rest, -1);
        return join(language, parts.script, parts.region, rest);
}

const char *plc_text_direction(const char *tag)
{
        struct parts parts;
        if (!tag || !is_well_formed(tag) || !split(tag, &parts))
                return "ltr";
        g_autofree char *locale = join(parts.language, parts.script, parts.region, "");
        g_strdelimit(locale, "-", '_');
        return uloc_isRightToLeft(locale) ? "rtl" : "ltr";
}

/* 0: another language; 1: other script, or Bokmål for who reads Nynorsk (no is the parent of nn in CLDR); 2: same
 * language and script; 3: same region too, where none is said the likely one. */
static int nearness(const char *wanted, const char *tag)
{
        g_autofree char *a = plc_text_canonical_tag(wanted), *b = plc_text_canonical_tag(tag);
        struct parts asked, full_asked, has, full;
        if (!a || !b || !split(a, &asked) || !split(b, &has))
                return a && b && g_ascii_strcasecmp(a, b) == 0 ? 3 : 0;
        const char *language = strcmp(asked.language, "no") == 0 ? "nb" : asked.language;
        const char *offered = strcmp(has.language, "no") == 0 ? "nb" : has.language;
        if (strcmp(language, offered) != 0)
                return strcmp(language, "nn") == 0 && strcmp(offered, "nb") == 0 ? 1 : 0;
        if (!complete(&asked, &full_asked) || !complete(&has, &full))
                return 2;
        if (strcmp(full_asked.script, full.script) != 0)
                return 1;
        return strcmp(full_asked.region, full.region) == 0 ? 3 : 2;
}

static bool is_refused(const char *parameters)
{
        const char *q = strstr(parameters, "q=");
        return q && g_ascii_strtod(q + 2, NULL) <= 0;
}

int plc_text_language_score(const char *wanted, const char *tag)
{
        if (!wanted || !tag)
                return 0;
        g_auto(GStrv) list = g_strsplit(wanted, ",", WANTED_LIMIT + 1);
        for (int i = 0; i < WANTED_LIMIT && list[i]; i++) {
                char *parameters = strchr(list[i], ';');
                if (parameters)
                        *parameters++ = '\0';
                int near = nearness(g_strstrip(list[i]), tag);
                if (near > 0)
                        return parameters && is_refused(parameters) ? 0 : (WANTED_LIMIT - i) * 4 + near;
        }
        return 0;
}

char *plc_text_language_of_reader(const char *wanted, const char *tag)
{
        g_auto(GStrv) list = g_strsplit(wanted ? wanted : "", ",", WANTED_LIMIT + 1);
        for (int i = 0; i < WANTED_LIMIT && list[i]; i++) {
                list[i][strcspn(list[i], ";")] = '\0';
                g_autofree char *one = plc_text_canonical_tag(g_strstrip(list[i]));
                int near = one ? nearness(one, tag) : 0;
                struct parts asked, has;
                if (near == 2 && split(one, &asked) && asked.region[0] && split(tag, &has))
                        return join(has.language, has.script, asked.region, "");
                if (near > 0)
                        break;
        }
        return g_strdup(tag);
}
