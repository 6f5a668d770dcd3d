/* Which documents stand in all of these lists? Each is asked for the next number below, until they agree. */
#include "index/tree.h"

struct plc_tree {
        plc_posting_list *list; /* of a term; else NULL */
        bool any;
        GPtrArray *children, *but;
};

static plc_tree *tree_new(bool any)
{
        plc_tree *tree = g_new0(plc_tree, 1);

        tree->any = any;
        tree->children = g_ptr_array_new_with_free_func((GDestroyNotify)plc_tree_free);
        tree->but = g_ptr_array_new_with_free_func((GDestroyNotify)plc_tree_free);
        return tree;
}

plc_tree *plc_tree_term(plc_db *db, const char *term)
{
        plc_tree *tree = tree_new(false);

        tree->list = plc_posting_list_new(db, term);
        return tree;
}

plc_tree *plc_tree_any(void)
{
        return tree_new(true);
}

plc_tree *plc_tree_all(void)
{
        return tree_new(false);
}

void plc_tree_add(plc_tree *tree, plc_tree *child)
{
        g_ptr_array_add(tree->children, child);
}

void plc_tree_but(plc_tree *tree, plc_tree *child)
{
        g_ptr_array_add(tree->but, child);
}

void plc_tree_free(plc_tree *tree)
{
        if (tree == NULL)
                return;
        plc_posting_list_free(tree->list);
        g_ptr_array_unref(tree->children);
        g_ptr_array_unref(tree->but);
        g_free(tree);
}

static bool seek_any(plc_tree *tree, int64_t limit, struct plc_postings_budget *budget, int64_t *out, GError **error)
{
        *out = PLC_POSTINGS_NONE;
        for (guint i = 0; i < tree->children->len; i++) {
                int64_t doc;

                if (!plc_tree_seek(tree->children->pdata[i], limit, budget, &doc, error))
                        return false;
                *out = MAX(*out, doc);
        }
        return true;
}

/* The highest number ≤ limit on which all children agree. */
static bool seek_all(plc_tree *tree, int64_t limit, struct plc_postings_budget *budget, int64_t *out, GError **error)
{
        guint agreed = 0;

        *out = tree->children->len > 0 ? limit : PLC_POSTINGS_NONE;
        for (guint i = 0; agreed < tree->children->len && *out >= 0; i = (i + 1) % tree->children->len) {
                int64_t doc;

                if (!plc_tree_seek(tree->children->pdata[i], *out, budget, &doc, error))
                        return false;
                agreed = doc == *out ? agreed + 1 : 1;
                *out = doc;
        }
        return true;
}

static bool is_excluded(plc_tree *tree, int64_t doc, struct plc_postings_budget *budget, bool *out, GError **error)
{
        *out = false;
        for (guint i = 0; !*out && i < tree->but->len; i++) {
                int64_t other;

                if (!plc_tree_seek(tree->but->pdata[i], doc, budget, &other, error))
                        return false;
                *out = other == doc;
        }
        return true;
}

bool plc_tree_seek(plc_tree *tree, int64_t limit, struct plc_postings_budget *budget, int64_t *out, GError **error)
{
        bool excluded = true;

        if (tree->list != NULL)
                return plc_posting_list_seek(tree->list, limit, budget, out, error);
        if (tree->any)
                return seek_any(tree, limit, budget, out, error);
        for (; excluded; limit = *out - 1) {
                if (!seek_all(tree, limit, budget, out, error))
                        return false;
                if (*out < 0 || budget->left < 0)
                        return true;
                if (!is_excluded(tree, *out, budget, &excluded, error))
                        return false;
        }
        return true;
}
