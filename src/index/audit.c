/* What stands in the published index, row by row? */
#include "index/audit.h"

#include <string.h>

#include "db/db.h"
#include "index/documents.h"
#include "index/front.h"
#include "index/postings.h"
#include "index/schema.h"
#include "index/view.h"

struct plc_index_audit {
        plc_db *db;
        int64_t format;
};

bool plc_index_audit_open(const char *dir, plc_index_audit **out, GError **error)
{
        g_autofree char *path = g_build_filename(dir, "index.db", NULL);
        plc_db *db = plc_db_open(path, PLC_DB_READONLY, plc_index_sql(), error);
        int64_t format = 0;

        if (db == NULL)
                return false;
        if (!plc_db_int(db, "meta", &format, error, "")) {
                plc_db_close(db);
                return false;
        }
        if (format < PLC_INDEX_FORMAT_FROM || format > PLC_INDEX_FORMAT) {
                plc_db_close(db);
                return plc_fail_at(error, PLC_E_BAD_CONFIG, "public/index.db", NULL,
                                   "Start the office, or run placet index rebuild SITE: it is written anew.",
                                   "has the form of another version of Placet (%" G_GINT64_FORMAT ")", format);
        }
        *out = g_new(plc_index_audit, 1);
        (*out)->db = db;
        (*out)->format = format;
        return true;
}

void plc_index_audit_close(plc_index_audit *audit)
{
        if (audit == NULL)
                return;
        plc_db_close(audit->db);
        g_free(audit);
}

/* The first column of all rows; frees rows. */
static bool take_strings(plc_rows *given, GPtrArray **out, GError **error)
{
        g_autoptr(plc_rows) rows = given;
        g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
        plc_row row = PLC_ROW_ERROR;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW)
                g_ptr_array_add(found, plc_rows_dup(rows, 0));
        if (row != PLC_ROW_END)
                return false;
        *out = g_steal_pointer(&found);
        return true;
}

bool plc_index_audit_items(plc_index_audit *audit, GPtrArray **out, GError **error)
{
        return take_strings(plc_db_query(audit->db, "list_items", error, ""), out, error);
}

bool plc_index_audit_strays(plc_index_audit *audit, GPtrArray **out, GError **error)
{
        return take_strings(plc_db_query(audit->db, "audit_strays", error, ""), out, error);
}

bool plc_index_audit_assets(plc_index_audit *audit, const char *item, GPtrArray **out, GError **error)
{
        return take_strings(plc_db_query(audit->db, "audit_renditions", error, "t", item), out, error);
}

static void audited_free(gpointer data)
{
        struct plc_index_audited *row = data;

        g_free(row->product);
        g_free(row->channel);
        g_free(row->language);
        g_free(row->duties);
        g_free(row);
}

static struct plc_index_audited *read_row(const plc_rows *rows, int edit, const char *language)
{
        struct plc_index_audited *row = g_new0(struct plc_index_audited, 1);

        row->product = plc_rows_dup(rows, 0);
        row->channel = plc_rows_dup(rows, 1);
        if (strcmp(language, "*") != 0)
                row->language = g_strdup(strcmp(language, PLC_INDEX_NO_LANGUAGE) != 0 ? language : "");
        row->duties = plc_rows_dup(rows, 8);
        row->segment = (struct plc_index_segment){
                .product = row->product,
                .channel = row->channel,
                .language = row->language,
                .edit = (enum plc_index_edit)edit,
                .identity = plc_rows_int(rows, 4) != 0,
                .from_ms = plc_rows_int(rows, 5),
                .until_ms = plc_rows_int(rows, 6),
                .duties = row->duties,
        };
        return row;
}

/* One row that is stored is one for each of its languages and edits. */
static bool read_rows(const plc_rows *rows, const char *item, GPtrArray *out, GError **error)
{
        g_auto(GStrv) languages = g_strsplit(plc_rows_text(rows, 2), " ", -1);
        size_t size;
        const void *territories = plc_rows_blob(rows, 7, &size);

        for (char **language = languages; *language != NULL; language++)
                for (int edit = PLC_INDEX_EDIT_NONE; edit <= PLC_INDEX_EDIT_TRANSLATE; edit++) {
                        struct plc_index_audited *row;

                        if ((plc_rows_int(rows, 3) & (1 << edit)) == 0)
                                continue;
                        row = read_row(rows, edit, *language);
                        g_ptr_array_add(out, row);
                        if (!plc_index_territories_load(territories, size, &row->segment.territories))
                                return plc_fail(error, PLC_E_BAD_VALUE, "a segment of %s is for no set of territories",
                                                item);
                }
        return true;
}

bool plc_index_audit_segments(plc_index_audit *audit, const char *item, GPtrArray **out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(audit->db, "audit_segments", error, "t", item);
        g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(audited_free);
        plc_row next = PLC_ROW_ERROR;

        if (rows == NULL)
                return false;
        while ((next = plc_rows_next(rows, error)) == PLC_ROW)
                if (!read_rows(rows, item, found, error))
                        return false;
        if (next != PLC_ROW_END)
                return false;
        *out = g_steal_pointer(&found);
        return true;
}

bool plc_index_audit_content(plc_index_audit *audit, const char *item, char **out, GError **error)
{
        static const struct {
                const char *statement;
                int columns;
        } parts[] = {{"audit_item", 15},
                     {"audit_translations", 2},
                     {"audit_pictures", 5},
                     {"audit_files", 7},
                     {"audit_owner", 1}};
        g_autoptr(GString) text = g_string_new(NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
                g_autoptr(plc_rows) rows = plc_db_query(audit->db, parts[i].statement, error, "t", item);
                plc_row row = PLC_ROW_ERROR;

                while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW)
                        for (int column = 0; column < parts[i].columns; column++)
                                g_string_append_printf(text, "%s\n",
                                                       plc_rows_text(rows, column) != NULL ? plc_rows_text(rows, column)
                                                                                           : "\x01");
                if (row != PLC_ROW_END)
                        return false;
                g_string_append_c(text, '\x02');
        }
        *out = g_string_free(g_steal_pointer(&text), FALSE);
        return true;
}

static void email_free(gpointer data)
{
        struct plc_index_audited_email *email = data;

        g_free(email->bundle);
        g_free(email->language);
        g_free(email);
}

bool plc_index_audit_emails(plc_index_audit *audit, const char *item, GPtrArray **out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(audit->db, "audit_emails", error, "t", item);
        g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(email_free);
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                struct plc_index_audited_email *email = g_new0(struct plc_index_audited_email, 1);

                email->bundle = plc_rows_dup(rows, 0);
                email->language = plc_rows_dup(rows, 1);
                email->from_ms = plc_rows_int(rows, 2);
                email->until_ms = plc_rows_int(rows, 3);
                g_ptr_array_add(found, email);
        }
        if (row != PLC_ROW_END)
                return false;
        *out = g_steal_pointer(&found);
        return true;
}

static void slot_free(gpointer data)
{
        struct plc_index_audited_slot *slot = data;

        g_free(slot->slot);
        g_free(slot);
}

bool plc_index_audit_slots(plc_index_audit *audit, const char *item, GPtrArray **out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(audit->db, "audit_slots", error, "t", item);
        g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(slot_free);
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                struct plc_index_audited_slot *slot = g_new0(struct plc_index_audited_slot, 1);
                size_t size;
                const void *territories = plc_rows_blob(rows, 1, &size);

                slot->slot = plc_rows_dup(rows, 0);
                if (!plc_index_territories_load(territories, size, &slot->territories))
                        slot->territories = (struct plc_index_territories){0};
                g_ptr_array_add(found, slot);
        }
        if (row != PLC_ROW_END)
                return false;
        *out = g_steal_pointer(&found);
        return true;
}

/* --- words */

/* Document number → how many words it stands under, less than it should: 0 is right. */
static bool count_expected(plc_index_audit *audit, GHashTable *counts, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(audit->db, "audit_documents", error, "");
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                int64_t doc = plc_rows_int(rows, 0);
                size_t n = plc_index_documents_count(plc_rows_text(rows, 1), plc_rows_text(rows, 2),
                                                     plc_rows_int(rows, 3) != 0);

                g_hash_table_insert(counts, g_memdup2(&doc, sizeof doc), GSIZE_TO_POINTER(n));
        }
        return row == PLC_ROW_END;
}

static bool count_found(plc_index_audit *audit, GHashTable *counts, int64_t *out_strays, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(audit->db, "audit_postings", error, "");
        plc_row row = PLC_ROW_ERROR;

        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                int64_t docs[PLC_POSTINGS_BLOCK];
                size_t size, n;
                const void *data = plc_rows_blob(rows, 1, &size);

                if (!plc_postings_unpack(plc_rows_int(rows, 0), data, size, docs, &n))
                        return plc_fail(error, PLC_E_BAD_VALUE, "a block of the words is damaged");
                for (size_t i = 0; i < n; i++) {
                        gpointer key, left;

                        if (g_hash_table_lookup_extended(counts, &docs[i], &key, &left))
                                g_hash_table_insert(counts, g_memdup2(&docs[i], sizeof docs[i]),
                                                    GSIZE_TO_POINTER(GPOINTER_TO_SIZE(left) - 1));
                        else
                                ++*out_strays;
                }
        }
        return row == PLC_ROW_END;
}

bool plc_index_audit_words(plc_index_audit *audit, GPtrArray **out_items, int64_t *out_strays, GError **error)
{
        g_autoptr(GHashTable) counts = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
        g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_free);
        int64_t strays = 0;
        GHashTableIter iter;
        gpointer doc, left;

        if (!count_expected(audit, counts, error) || !count_found(audit, counts, &strays, error))
                return false;
        g_hash_table_iter_init(&iter, counts);
        while (g_hash_table_iter_next(&iter, &doc, &left)) {
                g_autoptr(plc_rows) rows = NULL;

                if (left == NULL)
                        continue;
                rows = plc_db_query(audit->db, "found_item", error, "i", *(const int64_t *)doc);
                if (rows == NULL || plc_rows_next(rows, error) == PLC_ROW_ERROR)
                        return false;
                g_ptr_array_add(items, plc_rows_dup(rows, 0));
        }
        *out_items = g_steal_pointer(&items);
        *out_strays = strays;
        return true;
}

bool plc_index_audit_fronts(plc_index_audit *audit, GPtrArray **out, GError **error)
{
        if (audit->format == PLC_INDEX_FORMAT)
                return plc_index_fronts_wrong(audit->db, out, error);
        *out = g_ptr_array_new_with_free_func(g_free);
        return true;
}
