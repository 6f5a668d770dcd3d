/* How does an act of the desk become true before it is answered, and whom does it touch? Recorded with the publication
 * queued, published, and only then told. */
#include <string.h>

#include "base/clock.h"
#include "desk/private.h"

void plc_desk_act_touch(struct plc_desk_act *act, const GPtrArray *items)
{
        for (guint i = 0; i < items->len; i++)
                g_ptr_array_add(act->items, g_strdup(items->pdata[i]));
}

/* The queued publications follow: they make the files' going durable, and finish what a crash leaves. */
bool plc_desk_publish_now(struct plc_desk *desk, plc_db_tx **tx, struct plc_desk_act *act, GError **error)
{
        bool fine = plc_publish_act(&desk->site->publisher, tx, act->items, plc_now_ms(), &act->files_left, error);

        plc_office_kick_after_act(desk->office);
        return fine;
}

bool plc_desk_darken(struct plc_desk *desk, struct plc_desk_act *act, int64_t now_ms, GError **error)
{
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(desk->site->catalog, error);

        return tx != NULL && plc_desk_write(desk, act, now_ms, error) && plc_desk_publish_now(desk, &tx, act, error);
}

bool plc_desk_queue_renders(struct plc_desk *desk, const struct plc_desk_act *act, int64_t now_ms, GError **error)
{
        for (guint i = 0; i < act->items->len; i++)
                if (!plc_catalog_enqueue(desk->site->catalog, "render", act->items->pdata[i], 4, now_ms, error))
                        return false;
        return true;
}

bool plc_desk_brighten_in(struct plc_desk *desk, plc_db_tx **tx, const struct plc_desk_act *act, int64_t now_ms,
                          GError **error)
{
        if (!plc_desk_write(desk, act, now_ms, error) || !plc_desk_queue_renders(desk, act, now_ms, error) ||
            !plc_db_commit(tx, error))
                return false;
        plc_office_kick(desk->office);
        return true;
}

bool plc_desk_brighten(struct plc_desk *desk, const struct plc_desk_act *act, int64_t now_ms, GError **error)
{
        g_autoptr(plc_db_tx) tx = plc_catalog_begin(desk->site->catalog, error);

        return tx != NULL && plc_desk_brighten_in(desk, &tx, act, now_ms, error);
}

void plc_desk_answer_items(GString *answer, const struct plc_desk_act *act)
{
        plc_jw_array(answer, "items");
        for (guint i = 0; i < act->items->len; i++)
                plc_jw_string(answer, NULL, act->items->pdata[i]);
        plc_jw_end_array(answer);
}

void plc_desk_answer_files(GString *answer, const struct plc_desk_act *act)
{
        if (act->files_left > 0)
                plc_jw_int(answer, "files_left", act->files_left);
}

bool plc_desk_find_contributor(struct plc_desk *desk, const char *name, plc_contributor **out, GError **error)
{
        const char *colon = strchr(name, ':');
        g_autofree char *source = colon != NULL ? g_strndup(name, (gsize)(colon - name)) : NULL;
        char hmac[PLC_SHA256_HEX_SIZE];

        if (source == NULL)
                return plc_catalog_get_contributor(desk->site->catalog, name, out, error);
        plc_vault_hmac(desk->site->vault, "contributor", source, colon + 1, hmac);
        if (!plc_catalog_find_contributor(desk->site->catalog, hmac, out, error))
                return false;
        return *out != NULL ||
               plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL, "Write it as source:id, as the source has it.",
                           "no contributor is known as \"%s\"", name);
}

/* An id of an item means that item; any other name of it means its whole submission. */
static bool find_named(struct plc_desk *desk, const char *id, struct plc_desk_target *out, GError **error)
{
        g_autoptr(plc_item) first = NULL;

        if (!plc_desk_resolve(desk, id, &out->items, error) ||
            !plc_catalog_get_item(desk->site->catalog, out->items->pdata[0], &first, error))
                return false;
        out->kind = strcmp(first->id, id) == 0 ? "item" : "submission";
        g_strlcpy(out->id, strcmp(first->id, id) == 0 ? id : first->submission, sizeof out->id);
        return true;
}

static bool find_person(struct plc_desk *desk, const char *person, struct plc_desk_target *out, GError **error)
{
        out->kind = "person";
        g_strlcpy(out->id, person, sizeof out->id);
        if (!plc_catalog_ledger_items_of(desk->site->catalog, "person", person, &out->items, error))
                return false;
        return out->items->len > 0 || plc_fail_at(error, PLC_E_NOT_FOUND, NULL, NULL,
                                                  "placet rights show tells the ids of the people who are depicted.",
                                                  "nobody is depicted under the id %s", person);
}

void plc_desk_target_clear(struct plc_desk_target *target)
{
        g_clear_pointer(&target->items, g_ptr_array_unref);
}

bool plc_desk_read_target(struct plc_desk *desk, plc_json *request, struct plc_desk_target *out, GError **error)
{
        const char *id = NULL, *contributor = NULL, *person = NULL;
        g_autoptr(plc_contributor) found = NULL;

        *out = (struct plc_desk_target){.kind = NULL};
        if (!plc_json_get_name(request, "id", PLC_OPTIONAL, 200, &id, error) ||
            !plc_json_get_name(request, "contributor", PLC_OPTIONAL, 400, &contributor, error) ||
            !plc_json_get_name(request, "person", PLC_OPTIONAL, 64, &person, error))
                return false;
        if ((id != NULL) + (contributor != NULL) + (person != NULL) != 1)
                return plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Name exactly one of them.",
                                   "an item or submission, a contributor, or a person must be named");
        if (id != NULL)
                return find_named(desk, id, out, error);
        if (person != NULL)
                return find_person(desk, person, out, error);
        if (!plc_desk_find_contributor(desk, contributor, &found, error))
                return false;
        out->kind = "contributor";
        g_strlcpy(out->id, found->id, sizeof out->id);
        return plc_catalog_items_of_contributor(desk->site->catalog, found->id, &out->items, error);
}
