/* Which documents stand in all of these lists, in one of those, and in none of these? Read from the highest number
 * down. */
#pragma once
#include "index/postings.h"

typedef struct plc_tree plc_tree;

plc_tree *plc_tree_term(plc_db *db, const char *term);
/* Both take what is added to them; one without anything finds nothing. */
plc_tree *plc_tree_any(void);
plc_tree *plc_tree_all(void);
void plc_tree_add(plc_tree *tree, plc_tree *child);
/* Only of one made by plc_tree_all: documents of this one are left out. */
void plc_tree_but(plc_tree *tree, plc_tree *child);
void plc_tree_free(plc_tree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_tree, plc_tree_free)

/* As plc_posting_list_seek. */
bool plc_tree_seek(plc_tree *tree, int64_t limit, struct plc_postings_budget *budget, int64_t *out, GError **error);
