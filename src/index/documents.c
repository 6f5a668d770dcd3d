/* By what is an item found? Its terms and facets, and the number under which they stand in the postings. */
#include "index/documents.h"

#include <string.h>

#include "index/postings.h"
#include "text/terms.h"

struct plc_index_documents {
        plc_db *db;
        plc_postings *postings;
        GHashTable *groups; /* of which something changed: do their reviews have photos? */
};

plc_index_documents *plc_index_documents_new(plc_db *db)
{
        plc_index_documents *d = g_new0(plc_index_documents, 1);

        d->db = db;
        d->postings = plc_postings_new(db);
        d->groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        return d;
}

void plc_index_documents_free(plc_index_documents *d)
{
        if (d == NULL)
                return;
        plc_postings_free(d->postings);
        g_hash_table_unref(d->groups);
        g_free(d);
}

void plc_index_documents_keep(plc_index_documents *d, size_t changes)
{
        plc_postings_keep(d->postings, changes);
}

void plc_index_documents_emptied(plc_index_documents *d)
{
        plc_postings_emptied(d->postings);
}

void plc_index_documents_forget(plc_index_documents *d)
{
        plc_postings_forget(d->postings);
        g_hash_table_remove_all(d->groups);
}

void plc_index_document_clear(struct plc_index_document *document)
{
        g_clear_pointer(&document->facets, g_free);
        g_clear_pointer(&document->terms, g_free);
}

char *plc_index_facet(const char *facet, const char *value)
{
        char *term = g_strconcat(facet, value, NULL);

        if (strcmp(facet, PLC_FACET_LANGUAGE) == 0)
                for (char *c = term; *c != '\0'; c++)
                        *c = g_ascii_tolower(*c);
        return term;
}

int plc_index_stars(double rating, double min, double max)
{
        return max > min ? MIN((int)(1.5 + 4 * (CLAMP(rating, min, max) - min) / (max - min)), 5) : 0;
}

/* --- which terms */

/* Characters that are written without spaces are also found alone: a question of one character is one lookup. */
static bool stands_alone(gunichar c)
{
        switch (c < 0x1100 ? G_UNICODE_SCRIPT_LATIN : g_unichar_get_script(c)) {
        case G_UNICODE_SCRIPT_HAN:
        case G_UNICODE_SCRIPT_HIRAGANA:
        case G_UNICODE_SCRIPT_KATAKANA:
        case G_UNICODE_SCRIPT_HANGUL:
        case G_UNICODE_SCRIPT_BOPOMOFO:
                return true;
        default:
                return false;
        }
}

typedef void (*term_fn)(void *data, const char *term);

/* Both texts are parted where they are: each term as often as it stands there. */
static void each_term(char *facets, char *terms, term_fn visit, void *data)
{
        char *rest = NULL;

        for (char *at = strtok_r(facets, "\n", &rest); at != NULL; at = strtok_r(NULL, "\n", &rest))
                visit(data, at);
        for (char *at = strtok_r(terms, " ", &rest); at != NULL; at = strtok_r(NULL, " ", &rest)) {
                if (*at == '=')
                        continue; /* the mark between title and text */
                visit(data, at);
                if (!stands_alone(g_utf8_get_char(at)))
                        continue;
                *g_utf8_next_char(at) = '\0';
                visit(data, at);
        }
}

static void add_term(void *set, const char *term)
{
        g_hash_table_add(set, g_strdup(term));
}

size_t plc_index_documents_count(const char *facets, const char *terms, bool illustrated)
{
        g_autoptr(GHashTable) all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autofree char *of_facets = g_strdup(facets), *of_terms = g_strdup(terms);

        each_term(of_facets, of_terms, add_term, all);
        return g_hash_table_size(all) + illustrated;
}

struct changing {
        plc_postings *postings;
        int64_t doc;
        bool stands;
};

static void change_term(void *data, const char *term)
{
        const struct changing *c = data;

        plc_postings_change(c->postings, term, c->doc, c->stands);
}

static bool change_all(plc_index_documents *d, const char *facets, const char *terms, int64_t doc, bool stands,
                       GError **error)
{
        g_autofree char *of_facets = g_strdup(facets), *of_terms = g_strdup(terms);
        struct changing changing = {d->postings, doc, stands};

        each_term(of_facets, of_terms, change_term, &changing);
        return plc_postings_flush_many(d->postings, error);
}

static void add_facet(GString *out, const char *facet, const char *value)
{
        g_autofree char *term = plc_index_facet(facet, value);

        g_string_append(out, g_strdelimit(term, "\n", ' '));
        g_string_append_c(out, '\n');
}

static void add_products(GString *out, const struct plc_index_segment *segments, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                bool told = segments[i].product[0] == '\0';

                for (size_t before = 0; !told && before < i; before++)
                        told = strcmp(segments[before].product, segments[i].product) == 0;
                if (!told)
                        add_facet(out, PLC_FACET_PRODUCT, segments[i].product);
        }
}

static char *make_facets(const struct plc_index_item *item, const struct plc_index_segment *segments, size_t n)
{
        const char *language = item->language != NULL && item->language[0] != '\0' ? item->language : "und";
        g_autofree char *first = g_strndup(language, strcspn(language, "-"));
        int stars = item->has_rating ? plc_index_stars(item->rating, item->rating_min, item->rating_max) : 0;
        GString *out = g_string_new(NULL);

        add_facet(out, PLC_FACET_KIND, item->kind == PLC_INDEX_PHOTO ? "1" : "0");
        add_products(out, segments, n);
        add_facet(out, PLC_FACET_LANGUAGE, language);
        add_facet(out, PLC_FACET_LANGUAGE, first);
        if (stars > 0)
                add_facet(out, PLC_FACET_STARS, (const char[]){(char)('0' + stars), '\0'});
        if (item->kind == PLC_INDEX_PHOTO)
                add_facet(out, PLC_FACET_ROLE, item->role != NULL ? item->role : "other");
        for (const char *const *tag = item->labels; tag != NULL && *tag != NULL; tag++)
                add_facet(out, PLC_FACET_TAG, *tag);
        for (size_t i = 0; item->country != NULL && i < n; i++) {
                if (!segments[i].identity)
                        continue;
                add_facet(out, PLC_FACET_COUNTRY, item->country);
                break;
        }
        return g_string_free(out, FALSE);
}

static char *make_terms(const struct plc_index_item *item, GError **error)
{
        const char *texts[] = {item->kind == PLC_INDEX_PHOTO ? item->alt : item->title,
                               item->kind == PLC_INDEX_PHOTO ? NULL : item->text};
        g_autoptr(GString) out = g_string_new(" ");

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                g_autofree char *terms = NULL;

                if (texts[i] == NULL)
                        continue;
                if (!plc_text_index_terms(texts[i], item->language, &terms, error))
                        return NULL;
                /* A mark between title and text, so that no phrase goes over from one into the other. */
                g_string_append_printf(out, "%s%s ", i > 0 ? "= " : "", terms);
        }
        return g_strndup(out->str, out->len);
}

/* --- items */

bool plc_index_documents_take(plc_index_documents *d, const char *item, int64_t *out_doc, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(d->db, "document", error, "t", item);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        *out_doc = PLC_POSTINGS_NONE;
        if (row != PLC_ROW)
                return row == PLC_ROW_END;
        *out_doc = plc_rows_int(rows, 0);
        g_hash_table_add(d->groups, plc_rows_dup(rows, 4));
        if (plc_rows_int(rows, 1) != 0)
                plc_postings_change(d->postings, PLC_FACET_ILLUSTRATED, *out_doc, false);
        return change_all(d, plc_rows_text(rows, 2), plc_rows_text(rows, 3), *out_doc, false, error);
}

/* The one it had, if it is still of that second: a cursor stays right when an item is written anew. */
static bool choose_number(plc_index_documents *d, const struct plc_index_item *item, int64_t was, int64_t *out,
                          GError **error)
{
        int64_t second = MAX(item->written_at, 0) / 1000, begin = second << PLC_POSTINGS_BITS, last;

        if (was != PLC_POSTINGS_NONE && was >> PLC_POSTINGS_BITS == second) {
                *out = was;
                return true;
        }
        if (!plc_db_int(d->db, "last_document", &last, error, "ii", begin, begin + (INT64_C(1) << PLC_POSTINGS_BITS)))
                return false;
        *out = last < 0 ? begin : last + 1;
        return *out >> PLC_POSTINGS_BITS == second ||
               plc_fail(error, PLC_E_TOO_BIG, "more than a million items were written in one second");
}

bool plc_index_documents_put(plc_index_documents *d, const struct plc_index_item *item,
                             const struct plc_index_segment *segments, size_t n_segments, int64_t was,
                             struct plc_index_document *out, GError **error)
{
        struct plc_index_document made = {0};

        if (!choose_number(d, item, was, &made.doc, error))
                return false;
        made.facets = make_facets(item, segments, n_segments);
        made.terms = make_terms(item, error);
        g_hash_table_add(d->groups, g_strdup(item->group));
        if (made.terms == NULL || !change_all(d, made.facets, made.terms, made.doc, true, error)) {
                plc_index_document_clear(&made);
                return false;
        }
        *out = made;
        return true;
}

static bool settle_group(plc_index_documents *d, const char *group, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(d->db, "group_documents", error, "t", group);
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                int64_t has = plc_rows_int(rows, 3);

                if (has == plc_rows_int(rows, 2))
                        continue;
                if (!plc_db_run(d->db, "set_illustrated", error, "ti", plc_rows_text(rows, 0), has))
                        return false;
                plc_postings_change(d->postings, PLC_FACET_ILLUSTRATED, plc_rows_int(rows, 1), has != 0);
        }
        return row == PLC_ROW_END;
}

bool plc_index_documents_settle(plc_index_documents *d, GError **error)
{
        GHashTableIter iter;
        gpointer group;

        g_hash_table_iter_init(&iter, d->groups);
        while (g_hash_table_iter_next(&iter, &group, NULL))
                if (!settle_group(d, group, error))
                        return false;
        g_hash_table_remove_all(d->groups);
        return plc_postings_flush(d->postings, error);
}
