/* Which items have these words and facets, and how many have which facet? A tree of postings for each class of the
 * order, read from the newest down; then the item's terms (phrases), its segments, and its place in the answer. */
#include "index/find.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "index/answer.h"
#include "index/documents.h"
#include "index/tree.h"
#include "text/terms.h"

/* For one answer, in blocks of postings read (5 µs); an item that is looked at costs as much as four. */
#define BUDGET 500
#define ITEM_COST 4
#define FACETS_BUDGET 800 /* an item that is only counted costs as much as three blocks */
#define FACETS_ITEM_COST 3
#define FACET_VALUES 50 /* of one facet that are told, those that most have */

struct finding {
        plc_index_reader *reader;
        const struct plc_index_question *q;
        const struct plc_index_search *search;
        GArray *words; /* of struct plc_query_word; NULL: none are asked for */
        struct plc_postings_budget budget;
        struct plc_index_page page;
        GString *out;
};

/* --- what is asked, as a tree */

/* The last part of a form may be one character with an asterisk: every one stands as a term of its own. */
static plc_tree *tree_of_form(plc_db *db, const char *form)
{
        g_auto(GStrv) parts = g_strsplit(form, " ", -1);
        plc_tree *tree = plc_tree_all();

        for (char **part = parts; *part != NULL; part++) {
                if (g_str_has_suffix(*part, "*"))
                        *g_utf8_next_char(*part) = '\0';
                plc_tree_add(tree, plc_tree_term(db, *part));
        }
        return tree;
}

static void add_words(const struct finding *f, plc_tree *all)
{
        for (guint i = 0; f->words != NULL && i < f->words->len; i++) {
                char **forms = g_array_index(f->words, struct plc_query_word, i).forms;
                plc_tree *any = plc_tree_any();

                for (; *forms != NULL; forms++)
                        plc_tree_add(any, tree_of_form(f->reader->db, *forms));
                plc_tree_add(all, any);
        }
}

static plc_tree *tree_of_facet(const struct finding *f, const char *facet, const char *value)
{
        g_autofree char *term = plc_index_facet(facet, value);

        return plc_tree_term(f->reader->db, term);
}

static void add_facet(const struct finding *f, plc_tree *all, const char *facet, const char *value)
{
        if (value != NULL)
                plc_tree_add(all, tree_of_facet(f, facet, value));
}

static const char *star(int stars)
{
        static const char *const names[] = {NULL, "1", "2", "3", "4", "5"};

        return names[stars];
}

/* The first of these that an item is of is its class; one more for the rest. */
static GPtrArray *classes(const struct finding *f)
{
        const struct plc_index_search *s = f->search;
        GPtrArray *out = g_ptr_array_new_with_free_func((GDestroyNotify)plc_tree_free);

        switch (s->order) {
        case PLC_INDEX_TOP:
                for (int stars = 5; stars >= 1; stars--)
                        g_ptr_array_add(out, tree_of_facet(f, PLC_FACET_STARS, star(stars)));
                break;
        case PLC_INDEX_PHOTOS:
                g_ptr_array_add(out, tree_of_facet(f, PLC_FACET_ILLUSTRATED, ""));
                break;
        case PLC_INDEX_LOCAL:
                if (s->from_country != NULL)
                        g_ptr_array_add(out, tree_of_facet(f, PLC_FACET_COUNTRY, s->from_country));
                if (s->in_language != NULL)
                        g_ptr_array_add(out, tree_of_facet(f, PLC_FACET_LANGUAGE, s->in_language));
                break;
        case PLC_INDEX_NEWEST:
                break;
        }
        return out;
}

static bool is_by_country(const struct plc_index_search *search)
{
        return search->order == PLC_INDEX_LOCAL && search->from_country != NULL;
}

/* NULL: there is no such class any more. */
static plc_tree *tree_of_class(const struct finding *f, int rank)
{
        const struct plc_index_search *s = f->search;
        g_autoptr(GPtrArray) before = classes(f);
        plc_tree *all;

        if (rank > (int)before->len)
                return NULL;
        all = plc_tree_all();
        add_facet(f, all, PLC_FACET_PRODUCT, s->product);
        add_words(f, all);
        add_facet(f, all, PLC_FACET_COUNTRY, s->country);
        add_facet(f, all, PLC_FACET_TAG, s->tag);
        add_facet(f, all, PLC_FACET_ROLE, s->role);
        add_facet(f, all, PLC_FACET_STARS, star(s->stars));
        add_facet(f, all, PLC_FACET_LANGUAGE, s->language);
        add_facet(f, all, PLC_FACET_KIND, s->kind == PLC_INDEX_PHOTO ? "1" : "0");
        if (rank < (int)before->len)
                plc_tree_add(all, g_ptr_array_steal_index(before, (guint)rank));
        if (rank > 0 && is_by_country(s)) /* see is_of_class */
                g_ptr_array_remove_index(before, 0);
        for (int i = is_by_country(s); i < rank; i++)
                plc_tree_but(all, g_ptr_array_steal_index(before, 0));
        return all;
}

/* --- one item */

static bool has_form(const char *terms, const char *form)
{
        g_autofree char *between = g_strconcat(" ", form, " ", NULL);
        size_t size = strlen(between);

        if (g_str_has_suffix(form, "*"))
                between[size - 2] = '\0';
        return strstr(terms, between) != NULL;
}

/* The postings know which terms there are, not that they stand next to each other. */
static bool has_words(const struct finding *f, const char *terms)
{
        for (guint i = 0; f->words != NULL && i < f->words->len; i++) {
                char **forms = g_array_index(f->words, struct plc_query_word, i).forms;

                while (*forms != NULL && !has_form(terms, *forms))
                        forms++;
                if (*forms == NULL)
                        return false;
        }
        return true;
}

/* May it be shown: for the product that was asked for, else without one, else for any that it has? */
struct sight {
        struct plc_index_view view;
        char *product;       /* of the view; NULL: it may not be shown */
        GPtrArray *products; /* all for which it may be shown, of char * */
};

static void sight_clear(struct sight *sight)
{
        g_clear_pointer(&sight->product, g_free);
        g_clear_pointer(&sight->products, g_ptr_array_unref);
}

static void see(const struct finding *f, const char *product, const struct plc_index_view *view, struct sight *out)
{
        const char *wanted = f->search->product;
        bool named;

        if (plc_index_view_chosen(view, &named) == NULL || (f->search->country != NULL && !named))
                return;
        if (product[0] != '\0')
                g_ptr_array_add(out->products, g_strdup(product));
        if (out->product == NULL && (wanted == NULL || strcmp(wanted, product) == 0)) {
                out->product = g_strdup(product);
                out->view = *view;
        }
}

static bool look(const struct finding *f, const char *item, struct sight *out, GError **error)
{
        enum { PRODUCT = SEGMENT_DUTIES + 1 };
        g_autoptr(plc_rows) rows = plc_db_query(f->reader->db, "segments_everywhere", error, "tt", item, f->q->channel);
        struct plc_index_view view = {0};
        g_autofree char *product = NULL; /* of the rows that are being folded */
        plc_row row = PLC_ROW_ERROR;

        out->products = g_ptr_array_new_with_free_func(g_free);
        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                if (g_strcmp0(product, plc_rows_text(rows, PRODUCT)) != 0) {
                        if (product != NULL)
                                see(f, product, &view, out);
                        g_free(product);
                        product = plc_rows_dup(rows, PRODUCT);
                        view = (struct plc_index_view){0};
                }
                plc_index_view_add_row(&view, f->reader, rows, f->q);
        }
        if (product != NULL)
                see(f, product, &view, out);
        return row == PLC_ROW_END;
}

/* --- where the words stand */

static bool write_matches_in(struct finding *f, plc_json *head, const char *member, const char *language,
                             GError **error)
{
        g_autoptr(GArray) matches = NULL;
        const char *text = NULL;

        if (!plc_json_get_string(head, member, PLC_OPTIONAL, PLC_MIB, &text, error))
                return false;
        plc_jw_array(f->out, member);
        if (text != NULL && !plc_text_matches(text, language, f->words, &matches, error))
                return false;
        for (guint i = 0; matches != NULL && i < matches->len; i++) {
                const struct plc_match *match = &g_array_index(matches, struct plc_match, i);

                plc_jw_array(f->out, NULL);
                plc_jw_int(f->out, NULL, match->utf16_start);
                plc_jw_int(f->out, NULL, match->utf16_end);
                plc_jw_end_array(f->out);
        }
        plc_jw_end_array(f->out);
        return true;
}

/* Places in title and text (of photos: alt), in UTF-16 units as browsers count. */
static bool write_matches(struct finding *f, const char *item, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(f->reader->db, "item", error, "t", item);
        g_autofree char *object = NULL;
        g_autoptr(plc_json) head = NULL;

        if (rows == NULL || plc_rows_next(rows, error) != PLC_ROW)
                return false;
        object = g_strdup_printf("{%s}", plc_rows_text(rows, 3));
        head = plc_json_parse(object, strlen(object), "index.db", &plc_json_default_limits, error);
        if (head == NULL)
                return false;
        const char *language = plc_rows_text(rows, 10);
        bool ok = true;

        plc_jw_object(f->out, "matches");
        if (f->search->kind == PLC_INDEX_PHOTO)
                ok = write_matches_in(f, head, "alt", language, error);
        else
                ok = write_matches_in(f, head, "title", language, error) &&
                     write_matches_in(f, head, "text", language, error);
        plc_jw_end_object(f->out);
        return ok;
}

static bool write_hit(struct finding *f, const char *item, const struct sight *sight, GError **error)
{
        struct plc_index_builder b = {.reader = f->reader, .q = f->q, .out = f->out, .page = &f->page};
        size_t before = f->out->len, count = f->page.count;

        if (f->words == NULL)
                return plc_index_write_item(&b, f->search->kind, item, sight->product, &sight->view, error);
        plc_jw_object(f->out, NULL);
        g_string_append(f->out, "\"item\":");
        if (!plc_index_write_item(&b, f->search->kind, item, sight->product, &sight->view, error))
                return false;
        if (f->page.count == count) { /* a photo without a file for this channel */
                g_string_truncate(f->out, before);
                return true;
        }
        plc_jw_array(f->out, "products");
        for (guint i = 0; i < sight->products->len; i++)
                plc_jw_string(f->out, NULL, sight->products->pdata[i]);
        plc_jw_end_array(f->out);
        if (f->search->matches && !write_matches(f, item, error))
                return false;
        plc_jw_end_object(f->out);
        return true;
}

/*
 * The country may be told beside the name alone, so the order must not tell it where the name may not be shown: such an
 * item stands among those from elsewhere. That hangs on its segments, so the lists of the later classes have the whole
 * country in them, once more.
 */
static bool is_of_class(const struct finding *f, int rank, const char *facets, const struct plc_index_view *view)
{
        g_autofree char *line = NULL;
        bool named;

        if (!is_by_country(f->search))
                return true;
        line = g_strdup_printf("\n" PLC_FACET_COUNTRY "%s\n", f->search->from_country);
        return (rank == 0) == (plc_index_view_chosen(view, &named) != NULL && named && strstr(facets, line) != NULL);
}

static bool write_document(struct finding *f, int rank, int64_t doc, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(f->reader->db, "found_item", error, "i", doc);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;
        __attribute__((cleanup(sight_clear))) struct sight sight = {0};

        f->budget.left -= ITEM_COST;
        if (row == PLC_ROW_END)
                return plc_fail(error, PLC_E_INTERNAL, "the search index has a document that is no item");
        if (row == PLC_ROW_ERROR)
                return false;
        if (!has_words(f, plc_rows_text(rows, 3)))
                return true;
        if (!look(f, plc_rows_text(rows, 0), &sight, error))
                return false;
        return sight.product == NULL || !is_of_class(f, rank, plc_rows_text(rows, 4), &sight.view) ||
               write_hit(f, plc_rows_text(rows, 0), &sight, error);
}

/* --- the page */

/* Until `limit` are found, and then whether there is one more to look at. */
static bool collect(struct finding *f, const struct plc_index_place *after, size_t limit, struct plc_index_found *found,
                    GError **error)
{
        found->next = *after;
        for (;; found->next = (struct plc_index_place){.rank = found->next.rank + 1}) {
                g_autoptr(plc_tree) tree = tree_of_class(f, found->next.rank);

                if (tree == NULL)
                        return true;
                for (;;) {
                        int64_t top = found->next.doc != 0 ? found->next.doc - 1 : INT64_MAX, doc;

                        if (!plc_tree_seek(tree, top, &f->budget, &doc, error))
                                return false;
                        found->more = f->budget.left < 0 || (doc >= 0 && f->page.count >= limit);
                        if (found->more)
                                return true;
                        if (doc < 0)
                                break;
                        if (!write_document(f, found->next.rank, doc, error))
                                return false;
                        found->next.doc = doc;
                }
        }
}

bool plc_index_find(plc_index_reader *r, const struct plc_index_question *q, const struct plc_index_search *search,
                    const struct plc_index_place *after, size_t limit, GString *out_json,
                    struct plc_index_found *out_found, GError **error)
{
        struct finding f = {.reader = r,
                            .q = q,
                            .search = search,
                            .budget = {BUDGET},
                            .page = {.until = PLC_TIME_NEVER},
                            .out = out_json};
        struct plc_index_found found = {0};
        bool ok = search->words == NULL || plc_text_query(search->words, &f.words, error);

        if (ok && f.words != NULL && f.words->len == 0)
                ok = plc_fail(error, PLC_E_BAD_VALUE, "there is no word to search for");
        ok = ok && collect(&f, after, limit, &found, error);
        g_clear_pointer(&f.words, g_array_unref);
        if (!ok)
                return false;
        found.count = f.page.count;
        found.until = f.page.until;
        *out_found = found;
        return true;
}

/* --- how many of each */

static const struct {
        const char *name, *prefix; /* of the terms among an item's facets; NULL: the whole language tag */
        bool needs_name;
} counted[] = {
        {"language", NULL, false},       {"country", PLC_FACET_COUNTRY, true}, {"rating", PLC_FACET_STARS, false},
        {"role", PLC_FACET_ROLE, false}, {"tag", PLC_FACET_TAG, false},
};

struct counting {
        GHashTable *of[G_N_ELEMENTS(counted)]; /* value → how many */
        int64_t items, until;
};

static void count_value(GHashTable *counts, const char *value, size_t size)
{
        char *key = g_strndup(value, size);
        gsize before = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, key));

        g_hash_table_insert(counts, key, GSIZE_TO_POINTER(before + 1));
}

static void count_item(struct counting *c, const char *language, const char *facets, bool named)
{
        size_t size;

        count_value(c->of[0], language, strlen(language));
        for (const char *at = facets; *at != '\0'; at += size + (at[size] != '\0')) {
                size = strcspn(at, "\n");
                for (size_t i = 1; i < G_N_ELEMENTS(counted); i++) {
                        size_t prefix = strlen(counted[i].prefix);

                        if (strncmp(at, counted[i].prefix, prefix) == 0 && (named || !counted[i].needs_name))
                                count_value(c->of[i], at + prefix, size - prefix);
                }
        }
        c->items++;
}

/* A photo without a file for this channel is in no list. */
static bool has_picture(const struct finding *f, const char *item, unsigned edits, bool *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(f->reader->db, "pictures", error, "tt", item, f->q->channel);
        plc_row row = PLC_ROW_ERROR;

        *out = false;
        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW)
                *out |= (edits & (1u << (plc_rows_int(rows, 0) != 0 ? PLC_INDEX_EDIT_CROP : PLC_INDEX_EDIT_NONE))) != 0;
        return row == PLC_ROW_END;
}

static bool count_document(struct finding *f, int64_t doc, struct counting *c, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(f->reader->db, "counted_item", error, "i", doc);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;
        __attribute__((cleanup(sight_clear))) struct sight sight = {0};
        const struct plc_index_level *level;
        bool named, there = true;

        f->budget.left -= FACETS_ITEM_COST;
        if (row != PLC_ROW)
                return row == PLC_ROW_END;
        if (!has_words(f, plc_rows_text(rows, 1)))
                return true;
        if (!look(f, plc_rows_text(rows, 0), &sight, error))
                return false;
        level = sight.product != NULL ? plc_index_view_chosen(&sight.view, &named) : NULL;
        if (level != NULL && f->search->kind == PLC_INDEX_PHOTO &&
            !has_picture(f, plc_rows_text(rows, 0), level->edits, &there, error))
                return false;
        if (level == NULL || !there)
                return true;
        c->until = MIN(c->until, level->until);
        count_item(c, plc_rows_text(rows, 2), plc_rows_text(rows, 3), named);
        return true;
}

static gint by_count(gconstpointer a, gconstpointer b, gpointer counts)
{
        const char *x = *(const char *const *)a, *y = *(const char *const *)b;
        gsize n = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, x)),
              m = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, y));

        return n != m ? (n > m ? -1 : 1) : strcmp(x, y);
}

static void write_counts(GString *out, const char *name, GHashTable *counts)
{
        guint size = 0;
        g_autofree gpointer *values = g_hash_table_get_keys_as_array(counts, &size);

        if (size > 1)
                g_qsort_with_data(values, (gint)size, sizeof *values, by_count, counts);
        plc_jw_object(out, name);
        for (guint i = 0; i < size && i < FACET_VALUES; i++)
                plc_jw_int(out, values[i], (int64_t)GPOINTER_TO_SIZE(g_hash_table_lookup(counts, values[i])));
        plc_jw_end_object(out);
}

static bool count_all(struct finding *f, struct counting *c, GError **error)
{
        g_autoptr(plc_tree) tree = tree_of_class(f, 0);
        int64_t doc = INT64_MAX;

        while (plc_tree_seek(tree, doc - 1, &f->budget, &doc, error)) {
                if (doc < 0 || f->budget.left < 0)
                        return true;
                if (!count_document(f, doc, c, error))
                        return false;
        }
        return false;
}

bool plc_index_count_facets(plc_index_reader *r, const struct plc_index_question *q,
                            const struct plc_index_search *search, GString *out_json, int64_t *out_until,
                            GError **error)
{
        const struct plc_index_search all = {.words = search->words, .product = search->product, .kind = search->kind};
        struct finding f = {.reader = r, .q = q, .search = &all, .budget = {FACETS_BUDGET}, .out = out_json};
        struct counting c = {.until = PLC_TIME_NEVER};
        bool ok = all.words == NULL || plc_text_query(all.words, &f.words, error);

        for (size_t i = 0; i < G_N_ELEMENTS(counted); i++)
                c.of[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        if (ok && f.words != NULL && f.words->len == 0)
                ok = plc_fail(error, PLC_E_BAD_VALUE, "there is no word to search for");
        ok = ok && count_all(&f, &c, error);
        if (ok) {
                plc_jw_object(out_json, "facets");
                plc_jw_int(out_json, "counted", c.items);
                plc_jw_bool(out_json, "complete", f.budget.left >= 0);
                for (size_t i = 0; i < G_N_ELEMENTS(counted); i++)
                        write_counts(out_json, counted[i].name, c.of[i]);
                plc_jw_end_object(out_json);
                *out_until = c.until;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(counted); i++)
                g_hash_table_unref(c.of[i]);
        g_clear_pointer(&f.words, g_array_unref);
        return ok;
}
