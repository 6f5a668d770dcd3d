/* Can this site publish what a definition says? Asked before a person's file is frozen, so that what would silently
 * show nothing is told with its place in the file. */
#include "base/clock.h"
#include "publish/bundle.h"

/* At element i of a list of the definition's file. */
static bool fail_at_element(const plc_bundle_definition *definition, const char *list, size_t i, const char *remedy,
                            const char *what, GError **error)
{
        g_autofree char *pointer = g_strdup_printf("/%s/%zu", list, i);

        return plc_fail_at(error, PLC_E_BAD_VALUE, definition->file, pointer, remedy, "%s", what);
}

/* Pulls need no publication: placements of ad, social, marketplace and print are rendered when they are asked for. */
static bool channels_fit(const struct plc_publisher *publisher, const plc_bundle_definition *definition, GError **error)
{
        for (size_t i = 0; definition->channels[i] != NULL; i++) {
                const char *channel = definition->channels[i];
                g_autofree char *what = g_strdup_printf("this site does not publish the channel \"%s\"", channel);

                if (plc_index_channel_public(channel) && !g_strv_contains(publisher->channels, channel))
                        return fail_at_element(definition, "channels", i,
                                               "Add it to [site] channels in placet.conf and start the office anew, or "
                                               "take it out here.",
                                               what, error);
        }
        return true;
}

static bool placements_fit(const struct plc_publisher *publisher, const plc_bundle_definition *definition,
                           GError **error)
{
        for (size_t i = 0; definition->placements != NULL && definition->placements[i] != NULL; i++) {
                g_autofree char *what = g_strdup_printf("\"%s\" is not a placement", definition->placements[i]);

                if (plc_presets_find(publisher->presets, definition->placements[i]) == NULL)
                        return fail_at_element(definition, "placements", i,
                                               "placet presets list tells those there are.", what, error);
        }
        return true;
}

static bool pinned_fit(const struct plc_publisher *publisher, const plc_bundle_definition *definition, GError **error)
{
        for (size_t i = 0; definition->pinned != NULL && definition->pinned[i] != NULL; i++) {
                g_autofree char *what = g_strdup_printf("there is no item %s", definition->pinned[i]);
                g_autoptr(GError) fault = NULL;
                g_autoptr(plc_item) item = NULL;

                if (plc_catalog_get_item(publisher->catalog, definition->pinned[i], &item, &fault))
                        continue;
                if (plc_error_code(fault) == PLC_E_NOT_FOUND)
                        return fail_at_element(definition, "pinned", i, "placet list tells those there are.", what,
                                               error);
                g_propagate_error(error, g_steal_pointer(&fault));
                return false;
        }
        return true;
}

bool plc_bundle_fits(const struct plc_publisher *publisher, const plc_bundle_definition *definition, int64_t now_ms,
                     GError **error)
{
        if (definition->until_ms <= now_ms)
                return plc_fail_at(error, PLC_E_BAD_VALUE, definition->file, "/until",
                                   "Write a later time, or none for a bundle without an end.", "is over already");
        return channels_fit(publisher, definition, error) && placements_fit(publisher, definition, error) &&
               pinned_fit(publisher, definition, error);
}
