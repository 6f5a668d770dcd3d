/* What do the files of catalog/ share? The open catalog, and the two or three moves that every query makes. */
#pragma once
#include "catalog/catalog.h"

struct plc_catalog {
        plc_db *db;
};

/* Two arguments of letter b. */
#define PLC_BYTES(bytes)                                                                                               \
        ((bytes) != NULL ? g_bytes_get_data((bytes), NULL) : NULL),                                                    \
                ((bytes) != NULL ? g_bytes_get_size(bytes) : (size_t)0)

/* Several statements belong together: INTERNAL outside a transaction. */
bool plc_catalog_need_tx(plc_catalog *catalog, GError **error);

/* The first column of every row; frees rows. rows NULL: false. GPtrArray of char *. */
bool plc_catalog_take_strings(plc_rows *rows, GPtrArray **out, GError **error);

/* Rows to structs: `read` makes one of the row that rows stands at (NULL: failed). frees rows. rows NULL: false. */
typedef gpointer (*plc_catalog_reader)(plc_catalog *catalog, plc_rows *rows, GError **error);
bool plc_catalog_take_all(plc_catalog *catalog, plc_rows *rows, plc_catalog_reader read, GDestroyNotify destroy,
                          GPtrArray **out, GError **error);
/* The first row; *out is NULL if there is none. */
bool plc_catalog_take_one(plc_catalog *catalog, plc_rows *rows, plc_catalog_reader read, gpointer *out, GError **error);
/* Of plc_catalog_take_one, whose *out is looked at after it: NULL becomes NOT_FOUND, "there is no WHAT ID". */
bool plc_catalog_must(bool fine, const gpointer *found, const char *what, const char *id, GError **error);

/* A row that had to be there was changed: else NOT_FOUND. */
bool plc_catalog_changed_one(plc_catalog *catalog, const char *what, const char *id, GError **error);

/* Copies an id column into its fixed field; "" for NULL. */
void plc_catalog_copy_id(const plc_rows *rows, int column, char out[PLC_ID_SIZE]);
