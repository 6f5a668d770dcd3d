/* How are drops given to the office by hand, and how does one hear what became of them? */
#include <string.h>

#include "base/clock.h"
#include "desk/private.h"
#include "pipeline/office.h"

#define DROPS_KEPT 20000 /* twice what one request may name */

/* How a drop ended; kept while the desk lives, for whoever asked. */
struct plc_desk_drop {
        bool ended, again, rejected, not_taken;
        char submission[PLC_ID_SIZE];
        char code[40];
        char *sentence;
        char name[256]; /* NAME_MAX and its end */
};

void plc_desk_drop_free(struct plc_desk_drop *drop)
{
        g_free(drop->sentence);
        g_free(drop);
}

static gboolean has_ended(gpointer id, gpointer value, gpointer data)
{
        (void)id, (void)data;
        return ((struct plc_desk_drop *)value)->ended;
}

void plc_desk_drop_ended(struct plc_desk *desk, const struct plc_drop_end *end)
{
        struct plc_desk_drop *drop = g_hash_table_lookup(desk->drops, end->claim);

        if (drop == NULL)
                return; /* nobody asked for this one */
        drop->ended = true;
        drop->again = end->again;
        drop->rejected = end->error != NULL;
        if (end->submission != NULL)
                g_strlcpy(drop->submission, end->submission, sizeof drop->submission);
        if (end->error != NULL) {
                drop->sentence = plc_error_sentence(end->error);
                g_strlcpy(drop->code, plc_code_name(plc_error_code(end->error)), sizeof drop->code);
        }
}

/* A path that cannot be taken (a link, nothing there) is told like a refused drop: the others of the call are unharmed.
 */
static void take(struct plc_desk *desk, const char *path, GString *answer)
{
        g_autoptr(GError) fault = NULL;
        struct plc_desk_drop *drop = g_new0(struct plc_desk_drop, 1);
        g_autofree char *name = g_path_get_basename(path);
        char id[PLC_ID_SIZE];

        /* Whoever asked for thousands of drops ago has gone. */
        if (g_hash_table_size(desk->drops) >= DROPS_KEPT)
                g_hash_table_foreach_remove(desk->drops, has_ended, NULL);
        plc_id_new(id);
        g_strlcpy(drop->name, name, sizeof drop->name);
        g_hash_table_insert(desk->drops, g_strdup(id), drop); /* first: a drop may end before take returns */
        if (!plc_office_take(desk->office, path, id, &fault)) {
                const struct plc_drop_end end = {.claim = id, .error = fault};

                drop->not_taken = true;
                plc_desk_drop_ended(desk, &end);
        }
        plc_jw_object(answer, NULL);
        plc_jw_string(answer, "drop", name);
        plc_jw_string(answer, "claim", id);
        plc_jw_end_object(answer);
}

/* photo.jpg.json beside photo.jpg, as in a whole folder's names: taken along with its photo, no drop of its own. */
static bool goes_with_another(const char *path, const char *const *paths)
{
        g_autofree char *photo =
                g_str_has_suffix(path, ".json") ? g_strndup(path, strlen(path) - strlen(".json")) : NULL;

        return photo != NULL && g_strv_contains(paths, photo);
}

bool plc_desk_ingest(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_auto(GStrv) paths = NULL;

        if (!plc_json_get_strings(request, "paths", PLC_REQUIRED, 10000, 4096, &paths, error) ||
            !plc_json_only(request, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_jw_array(answer, "drops");
        for (char **path = paths; *path != NULL; path++)
                if (!goes_with_another(*path, (const char *const *)paths))
                        take(desk, *path, answer);
        plc_jw_end_array(answer);
        plc_jw_end_object(answer);
        return true;
}

static void write_drop(struct plc_desk *desk, const char *id, const struct plc_desk_drop *drop, GString *answer)
{
        const char *ids[] = {id, drop->submission[0] != '\0' ? drop->submission : NULL, NULL};
        bool busy = !drop->ended || plc_office_busy_with(desk->office, ids);

        plc_jw_object(answer, NULL);
        plc_jw_string(answer, "claim", id);
        plc_jw_string(answer, "drop", drop->name);
        plc_jw_string(answer, "state",
                      busy              ? "under way"
                      : drop->not_taken ? "not taken"
                      : drop->rejected  ? "rejected"
                      : drop->again     ? "unchanged"
                                        : "accepted");
        plc_jw_string(answer, "submission", drop->submission[0] != '\0' ? drop->submission : NULL);
        if (drop->rejected) {
                plc_jw_string(answer, "code", drop->code);
                plc_jw_string(answer, "message", drop->sentence);
        }
        plc_jw_end_object(answer);
}

/* {"ids":[…]}: claims (of ingest), submissions or items. */
bool plc_desk_pending(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_auto(GStrv) ids = NULL;
        struct plc_office_load load = {0};
        const GError *delayed = NULL;

        if (!plc_json_get_strings(request, "ids", PLC_REQUIRED, 10000, 64, &ids, error))
                return false;
        if (desk->office != NULL) {
                plc_office_load(desk->office, &load);
                delayed = plc_office_delayed(desk->office, (const char *const *)ids);
        }
        plc_jw_object(answer, NULL);
        plc_jw_bool(answer, "busy",
                    desk->office != NULL && plc_office_busy_with(desk->office, (const char *const *)ids));
        plc_jw_array(answer, "drops");
        for (char **id = ids; *id != NULL; id++) {
                const struct plc_desk_drop *drop = g_hash_table_lookup(desk->drops, *id);

                if (drop != NULL)
                        write_drop(desk, *id, drop, answer);
        }
        plc_jw_end_array(answer);
        plc_jw_array(answer, "given_up");
        for (char **id = ids; *id != NULL; id++) {
                bool gave_up;

                if (!plc_catalog_gave_up(desk->site->catalog, *id, plc_now_ms(), &gave_up, error))
                        return false;
                if (gave_up)
                        plc_jw_string(answer, NULL, *id);
        }
        plc_jw_end_array(answer);
        if (delayed != NULL)
                plc_desk_write_fault(answer, "delayed", delayed);
        plc_jw_int(answer, "drops_under_way", load.drops);
        plc_jw_int(answer, "jobs_running", load.jobs);
        plc_jw_int(answer, "jobs_waiting", load.waiting);
        plc_jw_end_object(answer);
        return true;
}
