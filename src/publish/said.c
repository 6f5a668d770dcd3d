/* What did people say about a photo that changes what is made of it? The events of the ledger that name it, in order.
 */
#include "publish/said.h"

#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "catalog/ledger.h"
#include "publish/note.h"

#define PLC_FRAMING_SIZE 10 /* a sign, 8 hex digits and the closing zero */

struct plc_said {
        bool overlay;
        char *connection;
        GHashTable *overrides; /* preset → struct plc_override */
};

static void free_override(gpointer data)
{
        struct plc_override *override = data;

        g_free(override->by);
        g_free(override);
}

void plc_said_free(plc_said *said)
{
        if (said == NULL)
                return;
        g_hash_table_unref(said->overrides);
        g_free(said->connection);
        g_free(said);
}

static bool read_flags(plc_said *said, plc_json *event, GError **error)
{
        g_auto(GStrv) flags = NULL;

        if (!plc_json_get_strings(event, "flags", PLC_REQUIRED, 10000, 4096, &flags, error))
                return false;
        said->overlay = g_strv_contains((const char *const *)flags, PLC_FLAG_OVERLAY);
        return true;
}

static bool read_override(plc_said *said, plc_json *event, int64_t at, bool ended, GError **error)
{
        const char *preset = NULL, *by = "";
        struct plc_override *override;

        if (!plc_json_get_name(event, "preset", PLC_REQUIRED, PLC_PRESET_ID_SIZE - 1, &preset, error) ||
            !plc_json_get_string(event, "by", PLC_OPTIONAL, 400, &by, error))
                return false;
        if (ended) {
                g_hash_table_remove(said->overrides, preset);
                return true;
        }
        override = g_new0(struct plc_override, 1);
        override->by = g_strdup(by);
        override->at = at;
        g_hash_table_replace(said->overrides, g_strdup(preset), override);
        return true;
}

static bool read_connection(plc_said *said, plc_json *event, GError **error)
{
        const char *connection = NULL;

        if (!plc_json_get_name(event, "connection", PLC_REQUIRED, 64, &connection, error))
                return false;
        g_free(said->connection);
        said->connection = g_strdup(connection);
        return true;
}

static bool read_event(plc_said *said, const plc_ledger_row *row, GError **error)
{
        bool flags = strcmp(row->type, "flags.set") == 0, given = strcmp(row->type, "placement.overridden") == 0,
             ended = strcmp(row->type, "placement.override_ended") == 0,
             disclosed = strcmp(row->type, "disclosure.set") == 0;
        g_autoptr(plc_json) event = NULL;

        if (!flags && !given && !ended && !disclosed)
                return true;
        event = plc_json_parse(row->json, strlen(row->json), "ledger", &plc_json_default_limits, error);
        if (event == NULL)
                return false;
        if (disclosed)
                return read_connection(said, event, error);
        return flags ? read_flags(said, event, error) : read_override(said, event, row->recorded_at, ended, error);
}

plc_said *plc_publish_said(const struct plc_publisher *publisher, const char *item, GError **error)
{
        g_autoptr(plc_said) said = g_new0(plc_said, 1);
        g_autoptr(GPtrArray) events = NULL;

        said->overrides = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_override);
        if (!plc_catalog_ledger_about(publisher->catalog, "item", item, &events, error))
                return NULL;
        for (guint i = 0; i < events->len; i++)
                if (!read_event(said, events->pdata[i], error))
                        return NULL;
        return g_steal_pointer(&said);
}

bool plc_said_overlay(const plc_said *said)
{
        return said->overlay;
}

const struct plc_override *plc_said_override(const plc_said *said, const char *preset)
{
        return g_hash_table_lookup(said->overrides, preset);
}

const char *plc_said_connection(const plc_said *said)
{
        return said->connection;
}

/* What was declared of where to look, as the plan has it: "" if nothing was. */
static void framing_mark(const plc_item *item, char out[PLC_FRAMING_SIZE])
{
        const struct plc_item_photo *photo = &item->photo;
        g_autoptr(GString) said = g_string_new(NULL);
        uint8_t sum[PLC_SHA256_LEN];
        plc_hash *hash;

        if (photo->has_focal)
                g_string_append_printf(said, "focal %.9g %.9g\n", photo->focal_x, photo->focal_y);
        if (photo->has_box)
                g_string_append_printf(said, "box %.9g %.9g %.9g %.9g\n", photo->box_x, photo->box_y, photo->box_w,
                                       photo->box_h);
        for (guint i = 0; !photo->has_focal && !photo->has_box && i < item->products->len; i++) {
                const plc_item_product *product = g_ptr_array_index(item->products, i);

                if (product->has_point)
                        g_string_append_printf(said, "tag %d %.9g %.9g\n", product->primary, product->x, product->y);
        }
        out[0] = '\0';
        if (said->len == 0)
                return;
        hash = plc_hash_new();
        plc_hash_add(hash, said->str, said->len);
        plc_hash_final(hash, sum);
        out[0] = '+';
        plc_hex(sum, (PLC_FRAMING_SIZE - 2) / 2, out + 1);
}

static bool has_optional(const struct plc_preset *preset)
{
        for (unsigned i = 0; i < preset->placement.n_encodings; i++)
                if (preset->placement.encodings[i].optional)
                        return true;
        return false;
}

void plc_said_plan(const struct plc_publisher *publisher, const plc_item *item, const plc_said *said,
                   const struct plc_preset *preset, char out[PLC_PLAN_SIZE])
{
        g_autofree struct plc_rights_note *note = g_new(struct plc_rights_note, 1);
        char mark[PLC_NOTE_MARK_SIZE], framing[PLC_FRAMING_SIZE];

        plc_publish_note(publisher, item, said, note);
        plc_note_mark(note, mark);
        framing_mark(item, framing);
        g_snprintf(out, PLC_PLAN_SIZE, "%s%s%s%s+%s%s", preset->version,
                   plc_said_override(said, preset->placement.id) != NULL ? "+override" : "",
                   said->overlay && preset->placement.overlay_forbidden ? "+text" : "",
                   publisher->avif && has_optional(preset) ? "+avif" : "", mark, framing);
}
