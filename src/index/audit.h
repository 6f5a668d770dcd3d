/* What stands in the published index, row by row? For placet verify alone: read-only, beside a writer or without one.
 */
#pragma once
#include "index/index.h"

typedef struct plc_index_audit plc_index_audit;

/* `dir` is site/public. NOT_FOUND where there is no index. */
bool plc_index_audit_open(const char *dir, plc_index_audit **out, GError **error);
void plc_index_audit_close(plc_index_audit *audit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_index_audit, plc_index_audit_close)

/* Ids of all items, of char *. */
bool plc_index_audit_items(plc_index_audit *audit, GPtrArray **out, GError **error);
/* Ids that other tables name though no item has them, of char *. */
bool plc_index_audit_strays(plc_index_audit *audit, GPtrArray **out, GError **error);

/* As stored, with strings of its own. */
struct plc_index_audited {
        char *product, *channel, *language, *duties;
        struct plc_index_segment segment; /* borrows from them */
};
/* Of struct plc_index_audited; BAD_VALUE for territories that are not a set. Frees what is in it. */
bool plc_index_audit_segments(plc_index_audit *audit, const char *item, GPtrArray **out, GError **error);
/* All that stands there of an item but its segments, to be compared with the same of another index; free with g_free.
 */
bool plc_index_audit_content(plc_index_audit *audit, const char *item, char **out, GError **error);
/* What mails show of the item, and when. */
struct plc_index_audited_email {
        char *bundle, *language;
        int64_t from_ms, until_ms;
};
/* Of struct plc_index_audited_email. Frees what is in it. */
bool plc_index_audit_emails(plc_index_audit *audit, const char *item, GPtrArray **out, GError **error);
struct plc_index_audited_slot {
        char *slot;
        struct plc_index_territories territories; /* empty where what is stored is no set */
};
/* Of struct plc_index_audited_slot. Frees what is in it. */
bool plc_index_audit_slots(plc_index_audit *audit, const char *item, GPtrArray **out, GError **error);
/* Keys in public/assets that the item's renditions name, of char *. */
bool plc_index_audit_assets(plc_index_audit *audit, const char *item, GPtrArray **out, GError **error);
/*
 * Are the words by which items are found those of the items? out_items: ids of items that are found by more or fewer
 * words than they have, of char *; out_strays: how often a word stands for an item that is not there. BAD_VALUE for a
 * block that is damaged. Reads all words.
 */
bool plc_index_audit_words(plc_index_audit *audit, GPtrArray **out_items, int64_t *out_strays, GError **error);
/* Products of whose list the beginning that is ready-made (front.h) is not what the rows say, of char *. */
bool plc_index_audit_fronts(plc_index_audit *audit, GPtrArray **out, GError **error);
