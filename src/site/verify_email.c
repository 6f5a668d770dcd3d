/* Do mails show no more, nowhere else and no longer than what the index shows otherwise, which was compared with the
 * rights? */
#include <string.h>

#include "base/clock.h"
#include "catalog/bundle.h"
#include "catalog/slot.h"
#include "index/audit.h"
#include "publish/bundle.h"
#include "site/verify_private.h"

static const char rebuild[] = "Run placet index rebuild SITE.";

/* Some segment of the question without a product lets it be shown as it is, all that time and everywhere there. */
static bool is_covered(const GPtrArray *segments, const struct plc_index_audited_email *email,
                       const struct plc_index_territories *territories, int64_t now_ms)
{
        for (guint i = 0; i < segments->len; i++) {
                const struct plc_index_segment *s = &((struct plc_index_audited *)segments->pdata[i])->segment;

                if (strcmp(s->channel, "email") == 0 && s->product[0] == '\0' && s->edit == PLC_INDEX_EDIT_NONE &&
                    (s->language == NULL || strcmp(s->language, email->language) == 0) &&
                    s->from_ms <= MAX(email->from_ms, now_ms) && s->until_ms >= email->until_ms &&
                    plc_index_territories_covers(&s->territories, territories))
                        return true;
        }
        return false;
}

static bool check_pieces(struct plc_verifying *verifying, plc_index_audit *audit, const char *item,
                         const GPtrArray *emails, GError **error)
{
        g_autoptr(GPtrArray) segments = NULL;
        int64_t now_ms = plc_now_ms();

        if (!plc_index_audit_segments(audit, item, &segments, error))
                return false;
        for (guint i = 0; i < emails->len; i++) {
                const struct plc_index_audited_email *email = emails->pdata[i];
                g_autofree char *json = NULL;
                g_autoptr(plc_bundle_definition) definition = NULL;
                struct plc_index_territories territories = {0};

                if (email->until_ms <= now_ms)
                        continue;
                if (plc_catalog_bundle_definition(verifying->site->catalog, email->bundle, &json, NULL))
                        definition = plc_bundle_parse_frozen(json, email->bundle, NULL);
                if (definition != NULL)
                        plc_bundle_territories(definition->territories, &territories);
                if (definition == NULL || !is_covered(segments, email, &territories, now_ms))
                        plc_verify_damage(
                                verifying, rebuild,
                                "public/index.db lets mails of the bundle %s show the item %s otherwise than it "
                                "may be shown",
                                email->bundle, item);
        }
        return true;
}

static bool is_known(const GPtrArray *known, const struct plc_index_audited_slot *slot)
{
        for (guint i = 0; i < known->len; i++) {
                const plc_slot *one = known->pdata[i];
                g_auto(GStrv) codes = g_strsplit(one->territories, " ", -1);
                struct plc_index_territories territories = {0};

                if (strcmp(one->name, slot->slot) != 0)
                        continue;
                plc_bundle_territories(codes, &territories);
                return memcmp(&territories, &slot->territories, sizeof territories) == 0;
        }
        return false;
}

bool plc_verify_emails_of(struct plc_verifying *verifying, plc_index_audit *audit, const char *item, GError **error)
{
        g_autoptr(GPtrArray) emails = NULL, slots = NULL, known = NULL;

        if (!plc_index_audit_emails(audit, item, &emails, error) ||
            !plc_index_audit_slots(audit, item, &slots, error) ||
            !plc_catalog_slots_of_item(verifying->site->catalog, item, &known, error) ||
            (emails->len > 0 && !check_pieces(verifying, audit, item, emails, error)))
                return false;
        for (guint i = 0; i < slots->len; i++) {
                const struct plc_index_audited_slot *slot = slots->pdata[i];

                if (!is_known(known, slot))
                        plc_verify_damage(
                                verifying, rebuild,
                                "public/index.db has an address in mails for the item %s that the catalog does "
                                "not know so",
                                item);
        }
        return true;
}
