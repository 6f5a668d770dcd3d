/* What is held about one person? Every row of theirs opened, written as one JSON, with their files beside it. */
#include "desk/export.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "desk/private.h"
#include "wire/plan.h"

#define NAME_BYTES 150

struct exporting {
        struct plc_site *site;
        plc_zip *zip;
        const plc_contributor *contributor;
        GString *out;
        GHashTable *events; /* int64_t seq → plc_ledger_row: each is told once */
};

/* NULL writes nothing. */
static bool add_text(struct exporting *e, const char *name, const char *what, GBytes *sealed, GError **error)
{
        g_autofree char *text = NULL;

        if (!plc_vault_unseal_text(e->site->vault, e->contributor->id, what, sealed, &text, error))
                return false;
        if (text != NULL)
                plc_jw_string(e->out, name, text);
        return true;
}

static void add_word(struct exporting *e, const char *name, const char *word)
{
        if (word != NULL)
                plc_jw_string(e->out, name, word);
}

static void add_time(struct exporting *e, const char *name, int64_t ms)
{
        if (ms != 0)
                plc_jw_time(e->out, name, ms);
}

/* "originals/ITEM NAME": the operator's name for it, without what would make folders of it. */
static char *path_of(const char *folder, const char *id, const char *name)
{
        g_autofree char *plain = g_strdup(name);

        for (char *c = plain; *c != '\0'; c++)
                if (*c == '/' || *c == '\\' || *c == ':' || g_ascii_iscntrl(*c))
                        *c = '_';
        if (strlen(plain) > NAME_BYTES) {
                char *cut = plain + NAME_BYTES;

                while (cut > plain && ((unsigned char)*cut & 0xc0) == 0x80)
                        cut--;
                *cut = '\0';
        }
        return g_strdup_printf("%s/%s %s", folder, id, plain);
}

/* A blob of the vault becomes a file of the zip, and "member" tells its name. */
static bool add_blob(struct exporting *e, const char *member, const char *blob, const char *path, GError **error)
{
        plc_autofd int fd = -1;

        if (!plc_vault_unseal_memfd(e->site->vault, e->contributor->id, blob, &fd, error) ||
            !plc_zip_add_fd(e->zip, path, fd, error))
                return false;
        plc_jw_string(e->out, member, path);
        return true;
}

static bool write_texts(struct exporting *e, const plc_item *item, GError **error)
{
        plc_jw_array(e->out, "texts");
        for (guint i = 0; i < item->texts->len; i++) {
                const plc_item_text *text = item->texts->pdata[i];
                g_autofree char *what = g_strdup_printf("item/%s/%s/%" G_GINT64_FORMAT, item->id, text->field, text->n);

                plc_jw_object(e->out, NULL);
                plc_jw_string(e->out, "field", text->field);
                plc_jw_int(e->out, "n", text->n);
                add_word(e, "language", text->language);
                add_word(e, "by", text->by);
                if (!add_text(e, "text", what, text->sealed, error))
                        return false;
                plc_jw_end_object(e->out);
        }
        plc_jw_end_array(e->out);
        return true;
}

static bool write_files(struct exporting *e, const plc_item *item, GError **error)
{
        const plc_item_text *name = plc_item_find_text(item, "file", 0);
        g_autofree char *text = NULL, *original = NULL, *preview = NULL;
        g_autofree char *what = g_strdup_printf("item/%s/file/0", item->id);
        g_autoptr(GError) none = NULL;
        struct plc_preview made = {0};
        bool ok;

        if (name != NULL &&
            !plc_vault_unseal_text(e->site->vault, e->contributor->id, what, name->sealed, &text, error))
                return false;
        original = path_of("originals", item->id, text != NULL ? text : "photo");
        if (item->photo.original != NULL && !add_blob(e, "original", item->photo.original, original, error))
                return false;
        if (!item->preview_ready)
                return true;
        if (!plc_catalog_get_preview(e->site->catalog, item->id, &made, error))
                return false;
        preview = path_of("previews", item->id, "preview.jpg");
        ok = add_blob(e, "preview", made.blob, preview, error);
        plc_preview_clear(&made);
        return ok;
}

static bool write_photo(struct exporting *e, const plc_item *item, GError **error)
{
        const struct plc_item_photo *photo = &item->photo;

        plc_jw_object(e->out, "photo");
        if (!write_files(e, item, error))
                return false;
        plc_jw_int(e->out, "bytes", photo->bytes);
        add_word(e, "format", photo->format);
        plc_jw_int(e->out, "width", photo->width);
        plc_jw_int(e->out, "height", photo->height);
        add_word(e, "role", photo->role);
        add_word(e, "people", photo->people);
        add_word(e, "digital_source_type", photo->digital_source_type);
        add_word(e, "thumbhash", photo->thumbhash);
        add_word(e, "fingerprint", photo->pdq);
        plc_jw_array(e->out, "removed_from_what_is_shown");
        for (unsigned bit = 0; bit < PLC_REMOVED_COUNT_; bit++)
                if (photo->removed & (INT64_C(1) << bit))
                        plc_jw_string(e->out, NULL, plc_removed_sentence(bit));
        plc_jw_end_array(e->out);
        plc_jw_end_object(e->out);
        return true;
}

static bool write_review(struct exporting *e, const plc_item *item, GError **error)
{
        const struct plc_item_review *review = &item->review;
        g_autofree char *what = g_strdup_printf("item/%s/external", item->id);

        plc_jw_object(e->out, "review");
        if (!add_text(e, "external_id", what, review->sealed_external, error))
                return false;
        add_word(e, "kind", review->kind);
        if (review->has_rating) {
                plc_jw_real(e->out, "rating", review->rating);
                plc_jw_real(e->out, "rating_min", review->rating_min);
                plc_jw_real(e->out, "rating_max", review->rating_max);
        }
        if (review->recommended >= 0)
                plc_jw_bool(e->out, "recommended", review->recommended == 1);
        add_time(e, "experience_date", review->experience_date);
        add_time(e, "written_at", review->written_at);
        plc_jw_int(e->out, "likes", review->likes);
        plc_jw_int(e->out, "comments", review->comments);
        plc_jw_int(e->out, "shares", review->shares);
        plc_jw_end_object(e->out);
        return true;
}

/* Where it was made to be shown, which bundles have it, and who took it away. */
static bool write_uses(struct exporting *e, const plc_item *item, GError **error)
{
        g_autoptr(GPtrArray) placed = NULL, bundles = NULL, pulls = NULL;
        plc_catalog *catalog = e->site->catalog;

        if (!plc_catalog_placed_of_item(catalog, item->id, &placed, error) ||
            !plc_catalog_bundles_of_item(catalog, item->id, &bundles, error) ||
            !plc_catalog_pulls_of_item(catalog, item->id, 0, &pulls, error))
                return false;
        plc_jw_array(e->out, "placements");
        for (guint i = 0; i < placed->len; i++) {
                const plc_placed *row = placed->pdata[i];
                const struct plc_preset *preset = plc_presets_find(e->site->presets, row->preset);

                plc_jw_object(e->out, NULL);
                plc_jw_string(e->out, "preset", row->preset);
                add_word(e, "channel", preset != NULL ? preset->channel : NULL);
                plc_jw_time(e->out, "made_at", row->made_at);
                plc_jw_int(e->out, "files", row->files->len);
                plc_jw_end_object(e->out);
        }
        plc_jw_end_array(e->out);
        plc_jw_array(e->out, "bundles");
        for (guint i = 0; i < bundles->len; i++)
                plc_jw_string(e->out, NULL, bundles->pdata[i]);
        plc_jw_end_array(e->out);
        plc_jw_array(e->out, "pulls");
        for (guint i = 0; i < pulls->len; i++) {
                const plc_pull *pull = pulls->pdata[i];

                plc_jw_object(e->out, NULL);
                plc_jw_string(e->out, "pull", pull->id);
                add_word(e, "campaign", pull->campaign);
                add_word(e, "channel", pull->channel);
                add_word(e, "territory", pull->territory);
                plc_jw_time(e->out, "pulled_at", pull->pulled_at);
                plc_jw_end_object(e->out);
        }
        plc_jw_end_array(e->out);
        return true;
}

static void keep_events(struct exporting *e, GPtrArray *events)
{
        for (guint i = 0; i < events->len; i++) {
                plc_ledger_row *event = events->pdata[i];

                g_hash_table_insert(e->events, g_memdup2(&event->seq, sizeof event->seq), event);
                events->pdata[i] = NULL;
        }
        g_ptr_array_unref(events);
}

static bool write_item(struct exporting *e, const char *id, GError **error)
{
        g_autoptr(plc_item) item = NULL;
        GPtrArray *events = NULL;

        if (!plc_catalog_get_item(e->site->catalog, id, &item, error) ||
            !plc_catalog_ledger_for_item(e->site->catalog, id, &events, error))
                return false;
        keep_events(e, events);
        plc_jw_object(e->out, NULL);
        plc_jw_string(e->out, "item", item->id);
        plc_jw_string(e->out, "kind", plc_item_kind_name(item->kind));
        plc_jw_int(e->out, "revision", item->revision);
        plc_jw_string(e->out, "state", plc_item_state_name(item->state));
        add_word(e, "code", item->code);
        add_word(e, "language", item->language);
        plc_jw_time(e->out, "received_at", item->created_at);
        plc_jw_array(e->out, "products");
        for (guint i = 0; i < item->products->len; i++)
                plc_jw_string(e->out, NULL, ((plc_item_product *)item->products->pdata[i])->product);
        plc_jw_end_array(e->out);
        if (!write_texts(e, item, error) ||
            !(item->kind == PLC_ITEM_PHOTO ? write_photo(e, item, error) : write_review(e, item, error)) ||
            !write_uses(e, item, error))
                return false;
        plc_jw_end_object(e->out);
        return true;
}

/* One piece of what was sealed with a drop: "revision/SUBMISSION/NUMBER/PART". */
static bool add_part(struct exporting *e, const plc_revision *revision, const char *member, const char *part,
                     GBytes *sealed, GError **error)
{
        g_autofree char *what =
                g_strdup_printf("revision/%s/%" G_GINT64_FORMAT "/%s", revision->submission, revision->number, part);

        return add_text(e, member, what, sealed, error);
}

static bool write_revision(struct exporting *e, const char *submission, int64_t number, GError **error)
{
        g_autoptr(plc_revision) revision = NULL;

        if (!plc_catalog_get_revision(e->site->catalog, submission, number, &revision, error))
                return false;
        plc_jw_object(e->out, NULL);
        plc_jw_int(e->out, "revision", number);
        if (!add_part(e, revision, "dropped_as", "drop", revision->sealed_drop, error) ||
            !add_part(e, revision, "display_name", "name", revision->sealed_name, error) ||
            !add_part(e, revision, "answer", "answer", revision->sealed_answer, error))
                return false;
        add_word(e, "country", revision->country);
        add_word(e, "locale", revision->locale);
        add_word(e, "credit", revision->credit);
        add_word(e, "origin", revision->origin);
        add_word(e, "campaign", revision->campaign);
        add_word(e, "prompt", revision->prompt);
        add_word(e, "connection", revision->connection);
        add_word(e, "verification", revision->verification);
        plc_jw_array(e->out, "tags");
        for (char **tag = revision->tags; tag != NULL && *tag != NULL; tag++)
                plc_jw_string(e->out, NULL, *tag);
        plc_jw_end_array(e->out);
        add_time(e, "collected_at", revision->collected_at);
        plc_jw_time(e->out, "received_at", revision->received_at);
        plc_jw_end_object(e->out);
        return true;
}

static bool write_submission(struct exporting *e, const plc_submission *submission, GError **error)
{
        g_autofree char *what = g_strdup_printf("submission/%s/external", submission->id);
        g_autoptr(GPtrArray) items = NULL;

        if (!plc_catalog_items_of_submission(e->site->catalog, submission->id, &items, error))
                return false;
        plc_jw_object(e->out, NULL);
        plc_jw_string(e->out, "submission", submission->id);
        add_word(e, "source", submission->source);
        if (!add_text(e, "external_id", what, submission->sealed_external, error))
                return false;
        plc_jw_array(e->out, "revisions");
        for (int64_t number = 1; number <= submission->revision; number++)
                if (!write_revision(e, submission->id, number, error))
                        return false;
        plc_jw_end_array(e->out);
        plc_jw_array(e->out, "items");
        for (guint i = 0; i < items->len; i++)
                if (!write_item(e, items->pdata[i], error))
                        return false;
        plc_jw_end_array(e->out);
        plc_jw_end_object(e->out);
        return true;
}

static bool write_grants(struct exporting *e, GError **error)
{
        g_autoptr(GPtrArray) grants = NULL;

        if (!plc_catalog_grants_of_contributor(e->site->catalog, e->contributor->id, &grants, error))
                return false;
        plc_jw_array(e->out, "grants");
        for (guint i = 0; i < grants->len; i++) {
                const plc_grant_record *grant = grants->pdata[i];
                g_autofree char *what = g_strdup_printf("grant/%s/evidence", grant->id);
                g_autofree char *path = path_of("evidence", grant->id, "evidence");

                plc_jw_object(e->out, NULL);
                plc_jw_string(e->out, "grant", grant->id);
                plc_jw_string(e->out, "submission", grant->submission);
                plc_jw_string(e->out, "layer", grant->layer);
                add_word(e, "terms", grant->terms);
                plc_jw_int(e->out, "terms_version", grant->terms_version);
                plc_jw_time(e->out, "captured_at", grant->captured_at);
                if (!add_text(e, "evidence_text", what, grant->sealed_evidence, error) ||
                    (grant->evidence_blob != NULL && !add_blob(e, "evidence_file", grant->evidence_blob, path, error)))
                        return false;
                plc_jw_end_object(e->out);
        }
        plc_jw_end_array(e->out);
        return true;
}

static int by_seq(gconstpointer a, gconstpointer b)
{
        int64_t left = (*(plc_ledger_row *const *)a)->seq, right = (*(plc_ledger_row *const *)b)->seq;

        return left < right ? -1 : left > right;
}

/* The time line of what they allowed and what was decided, as the ledger has it. */
static bool write_ledger(struct exporting *e, GError **error)
{
        g_autoptr(GPtrArray) all = g_ptr_array_new();
        GPtrArray *events = NULL;
        GHashTableIter iter;
        gpointer event;

        if (!plc_catalog_ledger_about(e->site->catalog, "contributor", e->contributor->id, &events, error))
                return false;
        keep_events(e, events);
        g_hash_table_iter_init(&iter, e->events);
        while (g_hash_table_iter_next(&iter, NULL, &event))
                g_ptr_array_add(all, event);
        g_ptr_array_sort(all, by_seq);
        plc_jw_array(e->out, "ledger");
        for (guint i = 0; i < all->len; i++)
                plc_jw_raw(e->out, NULL, ((plc_ledger_row *)all->pdata[i])->json);
        plc_jw_end_array(e->out);
        return true;
}

static bool write_all(struct exporting *e, GError **error)
{
        const plc_contributor *contributor = e->contributor;
        g_autofree char *external = g_strdup_printf("contributor/%s/external", contributor->id);
        g_autofree char *email = g_strdup_printf("contributor/%s/email", contributor->id);
        g_autoptr(GPtrArray) submissions = NULL;

        if (!plc_catalog_list_submissions_of(e->site->catalog, contributor->id, &submissions, error))
                return false;
        plc_jw_object(e->out, NULL);
        plc_jw_string(e->out, "schema", "placet.export/1");
        plc_jw_time(e->out, "exported_at", plc_now_ms());
        add_word(e, "controller", e->site->conf->controller[0] != '\0' ? e->site->conf->controller : NULL);
        plc_jw_object(e->out, "contributor");
        plc_jw_string(e->out, "id", contributor->id);
        add_word(e, "source", contributor->source);
        if (!add_text(e, "external_id", external, contributor->sealed_external, error) ||
            !add_text(e, "email", email, contributor->sealed_email, error))
                return false;
        add_word(e, "age_band", contributor->age_band);
        plc_jw_time(e->out, "known_since", contributor->created_at);
        plc_jw_end_object(e->out);
        plc_jw_array(e->out, "submissions");
        for (guint i = 0; i < submissions->len; i++)
                if (!write_submission(e, submissions->pdata[i], error))
                        return false;
        plc_jw_end_array(e->out);
        if (!write_grants(e, error) || !write_ledger(e, error))
                return false;
        plc_jw_end_object(e->out);
        return plc_zip_add(e->zip, "export.json", e->out->str, e->out->len, error);
}

bool plc_export_contributor(struct plc_desk *desk, const char *name, plc_zip *zip, GError **error)
{
        g_autoptr(plc_contributor) contributor = NULL;
        /* One view of the catalog, whatever is written meanwhile. */
        g_autoptr(plc_db_tx) view = plc_catalog_begin(desk->site->catalog, error);
        struct exporting e = {.site = desk->site, .zip = zip};
        bool ok;

        if (view == NULL || !plc_desk_find_contributor(desk, name, &contributor, error))
                return false;
        if (contributor->erased)
                return plc_fail(error, PLC_E_ERASED, "%s was erased: nothing is held about them any more",
                                contributor->id);
        e.contributor = contributor;
        e.out = g_string_new(NULL);
        e.events = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)plc_ledger_row_free);
        ok = write_all(&e, error);
        g_hash_table_unref(e.events);
        g_string_free(e.out, TRUE);
        return ok;
}
