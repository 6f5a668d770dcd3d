/* What does the publisher ask about an item? The events that matter, and one question per context of the site. */
#include "publish/publisher.h"

#include <string.h>

#include "catalog/ledger.h"
#include "text/normalise.h"

plc_ledger *plc_publish_ledger(const struct plc_publisher *publisher, const char *item, GError **error)
{
        g_autoptr(plc_ledger) ledger = plc_ledger_new(true);
        g_autoptr(GPtrArray) events = NULL;

        if (!plc_catalog_ledger_for_item(publisher->catalog, item, &events, error))
                return NULL;
        for (guint i = 0; i < events->len; i++) {
                const plc_ledger_row *event = events->pdata[i];
                g_autofree char *where = g_strdup_printf("ledger, event %" G_GINT64_FORMAT, event->seq);

                if (!plc_ledger_add_line(ledger, event->json, strlen(event->json), where, error))
                        return NULL;
        }
        return g_steal_pointer(&ledger);
}

struct plc_question plc_publish_question(const struct plc_publisher *publisher, const char *item, plc_channel channel,
                                         const char *territory, int64_t at)
{
        return (struct plc_question){
                .item = item,
                .channel = channel,
                .territory = territory,
                .controller = publisher->controller != NULL && publisher->controller[0] != '\0' ? publisher->controller
                                                                                                : NULL,
                .sublicensee = -1,
                .at = at,
                .head = PLC_HEAD_END,
        };
}

bool plc_publish_crops(const struct plc_preset *preset)
{
        return preset->placement.fit == PLC_FIT_COVER;
}

bool plc_publish_text(const struct plc_publisher *publisher, const plc_item *item, const char *field, int64_t n,
                      char **out, GError **error)
{
        const plc_item_text *text = plc_item_find_text(item, field, n);
        g_autofree char *what = g_strdup_printf("item/%s/%s/%" G_GINT64_FORMAT, item->id, field, n);

        *out = NULL;
        return text == NULL ||
               plc_vault_unseal_text(publisher->vault, item->contributor, what, text->sealed, out, error);
}

bool plc_publish_name(const struct plc_publisher *publisher, const plc_item *item, char **out, GError **error)
{
        g_autofree char *what =
                g_strdup_printf("revision/%s/%" G_GINT64_FORMAT "/name", item->submission, item->revision);

        *out = NULL;
        if (item->sealed_name == NULL)
                return true;
        if (!plc_vault_unseal_text(publisher->vault, item->contributor, what, item->sealed_name, out, error))
                return false;
        if (!plc_text_shows(*out)) /* taken in before such names were refused */
                g_clear_pointer(out, g_free);
        return true;
}
