/* How is the catalog opened, and what do its other files do alike? */
#include "catalog/catalog.h"

#include <string.h>

#include "base/embed.h"
#include "catalog/inner.h"
#include "catalog/summary.h"

PLC_EMBED(plc_sql_catalog, "schemas/sql/catalog.sql");

#define FORM "1" /* of the schema */
#define ADDED 2  /* of schema_added: one more with each table that it gets */
#define RATED 2  /* from which on it has the table of ratings */

static plc_catalog *open_with(const char *url, unsigned flags, GError **error)
{
        plc_db *db = plc_db_open(url, flags | PLC_DB_SECURE_DELETE, plc_sql_catalog, error);
        plc_catalog *catalog;

        if (db == NULL)
                return NULL;
        catalog = g_new(plc_catalog, 1);
        catalog->db = db;
        return catalog;
}

static plc_catalog *open_existing(const char *url, unsigned flags, GError **error)
{
        g_autoptr(plc_catalog) catalog = open_with(url, flags, error);
        g_autofree char *form = NULL;

        if (catalog == NULL)
                return NULL;
        if (!plc_catalog_meta_get(catalog, "form", &form, error)) {
                g_prefix_error(error, "%s is not a catalog: ", url);
                return NULL;
        }
        if (g_strcmp0(form, FORM) != 0) {
                plc_fail(error, PLC_E_BAD_CONFIG, "%s is a catalog of form %s, this program reads form %s", url,
                         form != NULL ? form : "unknown", FORM);
                return NULL;
        }
        return g_steal_pointer(&catalog);
}

static bool read_added(plc_catalog *catalog, int64_t *out, GError **error)
{
        g_autofree char *added = NULL;

        if (!plc_catalog_meta_get(catalog, "added", &added, error))
                return false;
        *out = added != NULL ? g_ascii_strtoll(added, NULL, 10) : 0;
        return true;
}

static bool add_tables(plc_catalog *catalog, GError **error)
{
        int64_t added;

        return plc_db_schema(catalog->db, "schema_added", error) && read_added(catalog, &added, error) &&
               (added >= RATED || plc_catalog_count_anew(catalog, error)) &&
               (added >= ADDED || plc_catalog_meta_set(catalog, "added", G_STRINGIFY(ADDED), error));
}

plc_catalog *plc_catalog_create(const char *url, GError **error)
{
        g_autoptr(plc_catalog) catalog = open_with(url, PLC_DB_CREATE, error);
        g_autoptr(plc_db_tx) tx = NULL;
        g_autofree char *form = NULL;

        if (catalog == NULL)
                return NULL;
        /* A file without tables is one whose making was cut off before. */
        if (plc_catalog_meta_get(catalog, "form", &form, NULL)) {
                plc_fail(error, PLC_E_CONFLICT, "%s is there already", url);
                return NULL;
        }
        tx = plc_db_begin(catalog->db, error);
        if (tx == NULL || !plc_db_schema(catalog->db, "schema", error) || !add_tables(catalog, error) ||
            !plc_catalog_meta_set(catalog, "form", FORM, error) || !plc_db_commit(&tx, error))
                return NULL;
        return g_steal_pointer(&catalog);
}

plc_catalog *plc_catalog_open(const char *url, GError **error)
{
        g_autoptr(plc_catalog) catalog = open_existing(url, 0, error);

        return catalog != NULL && add_tables(catalog, error) ? g_steal_pointer(&catalog) : NULL;
}

plc_catalog *plc_catalog_open_readonly(const char *url, GError **error)
{
        g_autoptr(plc_catalog) catalog = open_existing(url, PLC_DB_READONLY, error);
        int64_t added;

        if (catalog == NULL || !read_added(catalog, &added, error))
                return NULL;
        if (added < ADDED) {
                plc_fail_at(error, PLC_E_BAD_CONFIG, url, NULL,
                            "Start placet run SITE once: it adds what is missing and changes nothing else.",
                            "was written by an older Placet, without tables that this one reads");
                return NULL;
        }
        return g_steal_pointer(&catalog);
}

void plc_catalog_close(plc_catalog *catalog)
{
        if (catalog == NULL)
                return;
        plc_db_close(catalog->db);
        g_free(catalog);
}

plc_db_tx *plc_catalog_begin(plc_catalog *catalog, GError **error)
{
        return plc_db_begin(catalog->db, error);
}

bool plc_catalog_copy(plc_catalog *catalog, const char *path, GError **error)
{
        return plc_db_copy(catalog->db, path, error);
}

bool plc_catalog_relieve(plc_catalog *catalog, GError **error)
{
        return plc_db_relieve(catalog->db, error);
}

bool plc_catalog_data_version(plc_catalog *catalog, int64_t *out, GError **error)
{
        return plc_db_data_version(catalog->db, out, error);
}

static gpointer read_string(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        (void)catalog, (void)error;
        return g_strdup(plc_rows_text(rows, 0));
}

bool plc_catalog_meta_get(plc_catalog *catalog, const char *key, char **out, GError **error)
{
        gpointer value;

        if (!plc_catalog_take_one(catalog, plc_db_query(catalog->db, "meta_get", error, "t", key), read_string, &value,
                                  error))
                return false;
        *out = value;
        return true;
}

bool plc_catalog_meta_set(plc_catalog *catalog, const char *key, const char *value, GError **error)
{
        return plc_db_run(catalog->db, "meta_set", error, "tt", key, value);
}

bool plc_catalog_keep_policy(plc_catalog *catalog, int64_t since, const char *text, GError **error)
{
        return plc_catalog_need_tx(catalog, error) &&
               plc_db_run(catalog->db, "policy_text_add", error, "it", since, text);
}

bool plc_catalog_policy_at(plc_catalog *catalog, int64_t seq, char **out, GError **error)
{
        gpointer value;

        if (!plc_catalog_take_one(catalog, plc_db_query(catalog->db, "policy_text_at", error, "i", seq), read_string,
                                  &value, error))
                return false;
        *out = value;
        return true;
}

bool plc_catalog_need_tx(plc_catalog *catalog, GError **error)
{
        return plc_db_in_tx(catalog->db) || plc_fail(error, PLC_E_INTERNAL, "this needs a transaction of its caller");
}

bool plc_catalog_take_all(plc_catalog *catalog, plc_rows *rows, plc_catalog_reader read, GDestroyNotify destroy,
                          GPtrArray **out, GError **error)
{
        g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(destroy);
        g_autoptr(plc_rows) mine = rows;
        plc_row row;

        if (mine == NULL)
                return false;
        while ((row = plc_rows_next(mine, error)) == PLC_ROW) {
                gpointer one = read(catalog, mine, error);

                if (one == NULL)
                        return false;
                g_ptr_array_add(all, one);
        }
        if (row == PLC_ROW_ERROR)
                return false;
        *out = g_steal_pointer(&all);
        return true;
}

bool plc_catalog_take_strings(plc_rows *rows, GPtrArray **out, GError **error)
{
        return plc_catalog_take_all(NULL, rows, read_string, g_free, out, error);
}

bool plc_catalog_take_one(plc_catalog *catalog, plc_rows *rows, plc_catalog_reader read, gpointer *out, GError **error)
{
        g_autoptr(plc_rows) mine = rows;
        gpointer one;
        plc_row row;

        if (mine == NULL)
                return false;
        row = plc_rows_next(mine, error);
        if (row == PLC_ROW_ERROR)
                return false;
        one = row == PLC_ROW ? read(catalog, mine, error) : NULL;
        if (row == PLC_ROW && one == NULL)
                return false;
        *out = one;
        return true;
}

bool plc_catalog_must(bool fine, const gpointer *found, const char *what, const char *id, GError **error)
{
        if (!fine)
                return false;
        return *found != NULL || plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL,
                                             "Compare it with those that are listed.", "there is no %s %s", what, id);
}

bool plc_catalog_changed_one(plc_catalog *catalog, const char *what, const char *id, GError **error)
{
        return plc_db_changes(catalog->db) == 1 || plc_fail(error, PLC_E_NOT_FOUND, "there is no %s %s", what, id);
}

void plc_catalog_copy_id(const plc_rows *rows, int column, char out[PLC_ID_SIZE])
{
        const char *id = plc_rows_text(rows, column);

        g_strlcpy(out, id != NULL ? id : "", PLC_ID_SIZE);
}

const char *plc_catalog_library(void)
{
        return plc_db_library();
}
