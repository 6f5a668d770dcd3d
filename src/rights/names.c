/* How are ids and words compared in one step? */
#include "rights/names.h"

#include <glib.h>

struct plc_names {
        GHashTable *texts; /* kept text => itself */
        GStringChunk *chunk;
        GPtrArray *blocks;
};

struct plc_names *plc_names_new(void)
{
        struct plc_names *names = g_new0(struct plc_names, 1);

        names->texts = g_hash_table_new(g_str_hash, g_str_equal);
        names->chunk = g_string_chunk_new(4096);
        names->blocks = g_ptr_array_new_with_free_func(g_free);
        return names;
}

void plc_names_free(struct plc_names *names)
{
        if (names == NULL)
                return;
        g_hash_table_unref(names->texts);
        g_string_chunk_free(names->chunk);
        g_ptr_array_unref(names->blocks);
        g_free(names);
}

const char *plc_names_find(const struct plc_names *names, const char *text)
{
        return g_hash_table_lookup(names->texts, text);
}

const char *plc_names_intern(struct plc_names *names, const char *text)
{
        char *kept = g_hash_table_lookup(names->texts, text);

        if (kept == NULL) {
                kept = g_string_chunk_insert(names->chunk, text);
                g_hash_table_insert(names->texts, kept, kept);
        }
        return kept;
}

void *plc_names_alloc(struct plc_names *names, size_t count, size_t size)
{
        void *block = g_malloc0_n(MAX(count, 1), size);

        g_ptr_array_add(names->blocks, block);
        return block;
}
