/* What was reported from outside, and what did an operator say to it? */
#pragma once
#include "catalog/catalog.h"

typedef struct plc_report_row {
        char id[PLC_ID_SIZE]; /* the reference that the reporter was told */
        char item[PLC_ID_SIZE];
        char *reason;           /* a word of spool.h */
        char *from;             /* keyed hash of the network it came from */
        int64_t at;             /* when the office took it */
        char hold[PLC_ID_SIZE]; /* that it placed by itself; "": none */
        char *state;            /* open, dismissed (nothing is wrong), upheld (the item went) */
        GBytes *sealed_text,
                *sealed_contact; /* "report/ID/text", "report/ID/contact", by the item's contributor; NULL */
} plc_report_row;
plc_report_row *plc_report_row_new(void);
void plc_report_row_free(plc_report_row *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_report_row, plc_report_row_free)

/* *out_new false: it was there already and nothing was changed. */
bool plc_catalog_insert_report(plc_catalog *catalog, const plc_report_row *row, bool *out_new, GError **error);
bool plc_catalog_get_report(plc_catalog *catalog, const char *id, plc_report_row **out, GError **error);
/* Every state, oldest first; of plc_report_row. */
bool plc_catalog_reports_of_item(plc_catalog *catalog, const char *item, GPtrArray **out, GError **error);
/* Ids of items with an open report, the oldest report first, at most PLC_CATALOG_PAGE_MAX; of char *. */
bool plc_catalog_list_reported(plc_catalog *catalog, GPtrArray **out, GError **error);
/* Holds that reports placed since then: from one network, and all. */
bool plc_catalog_count_report_holds(plc_catalog *catalog, const char *from, int64_t since, int64_t *out_from,
                                    int64_t *out_all, GError **error);
/* Whatever is open: of one report, of all that placed a hold, of an item. */
bool plc_catalog_settle_report(plc_catalog *catalog, const char *id, const char *state, GError **error);
bool plc_catalog_settle_reports_of_hold(plc_catalog *catalog, const char *hold, const char *state, GError **error);
bool plc_catalog_settle_reports_of_item(plc_catalog *catalog, const char *item, const char *state, GError **error);
