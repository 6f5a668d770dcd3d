/* What is there, and how is it? Lists, one submission in full, and the site as a whole. */
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "catalog/report.h"
#include "desk/private.h"
#include "desk/reported.h"
#include "intake/inbox.h"
#include "publish/said.h"
#include "wire/plan.h"

static void write_products(const plc_item *item, GString *out)
{
        plc_jw_array(out, "products");
        for (guint i = 0; i < item->products->len; i++)
                plc_jw_string(out, NULL, ((plc_item_product *)item->products->pdata[i])->product);
        plc_jw_end_array(out);
}

static void write_line(const plc_item *item, GString *out)
{
        plc_jw_string(out, "item", item->id);
        plc_jw_string(out, "kind", plc_item_kind_name(item->kind));
        plc_jw_string(out, "state", plc_item_state_name(item->state));
        plc_jw_string(out, "code", item->code);
        plc_jw_string(out, "submission", item->submission);
        plc_jw_string(out, "source", item->source);
        plc_jw_time(out, "received_at", item->created_at);
        plc_jw_string(out, "language", item->language);
        plc_jw_array(out, "flags");
        for (char **flag = item->flags; flag != NULL && *flag != NULL; flag++)
                plc_jw_string(out, NULL, *flag);
        plc_jw_end_array(out);
        write_products(item, out);
}

static bool write_listed(struct plc_desk *desk, const plc_item *item, GString *out, GError **error)
{
        plc_jw_object(out, NULL);
        write_line(item, out);
        if (!plc_desk_write_reports(desk, item->id, item->contributor, false, out, error))
                return false;
        plc_jw_end_object(out);
        return true;
}

/* What is shown and was reported comes before what nobody sees yet: on top of the queue, whatever its state. */
static bool write_reported(struct plc_desk *desk, GPtrArray **out_ids, GString *out, GError **error)
{
        if (!plc_catalog_list_reported(desk->site->catalog, out_ids, error))
                return false;
        for (guint i = 0; i < (*out_ids)->len; i++) {
                g_autoptr(plc_item) item = NULL;

                if (!plc_catalog_get_item(desk->site->catalog, (*out_ids)->pdata[i], &item, error) ||
                    !write_listed(desk, item, out, error))
                        return false;
        }
        return true;
}

bool plc_desk_list(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        static const char *const states[] = {"waiting", "approved", "rejected", "failed",
                                             "erased",  "replaced", "any",      NULL};
        int state = PLC_ITEM_ANY;
        const char *after = NULL;
        int64_t limit = 100;
        g_autoptr(GPtrArray) ids = NULL, reported = NULL;

        if (!plc_json_get_enum(request, "state", PLC_OPTIONAL, states, &state, error) ||
            !plc_json_get_string(request, "after", PLC_OPTIONAL, 64, &after, error) ||
            !plc_json_get_int(request, "limit", PLC_OPTIONAL, 1, PLC_CATALOG_PAGE_MAX, &limit, error) ||
            !plc_catalog_list_items(desk->site->catalog, (enum plc_item_state)state, after, (size_t)limit, &ids, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_jw_array(answer, "items");
        if (after == NULL && (state == PLC_ITEM_WAITING || state == PLC_ITEM_ANY) &&
            !write_reported(desk, &reported, answer, error))
                return false;
        for (guint i = 0; i < ids->len; i++) {
                g_autoptr(plc_item) item = NULL;

                if (!plc_catalog_get_item(desk->site->catalog, ids->pdata[i], &item, error))
                        return false;
                if (reported != NULL && g_ptr_array_find_with_equal_func(reported, item->id, g_str_equal, NULL))
                        continue; /* stands above */
                if (!write_listed(desk, item, answer, error))
                        return false;
        }
        plc_jw_end_array(answer);
        plc_jw_string(answer, "next", ids->len == (guint)limit ? ids->pdata[ids->len - 1] : NULL);
        plc_jw_end_object(answer);
        return true;
}

static bool write_text(struct plc_desk *desk, const plc_item *item, const char *field, GString *out, GError **error)
{
        g_autofree char *text = NULL;

        if (!plc_publish_text(&desk->site->publisher, item, field, 0, &text, error))
                return false;
        if (text != NULL)
                plc_jw_string(out, field, text);
        return true;
}

/* Why each flag, and where in the texts (pipeline/findings.h). */
static bool write_findings(struct plc_desk *desk, const plc_item *item, GString *out, GError **error)
{
        g_autofree char *findings = NULL;

        if (!plc_publish_text(&desk->site->publisher, item, "findings", 0, &findings, error))
                return false;
        if (findings != NULL)
                plc_jw_raw(out, "findings", findings);
        return true;
}

static void write_placed(const plc_placed *placed, const struct plc_override *override, GString *out)
{
        plc_jw_object(out, NULL);
        plc_jw_string(out, "preset", placed->preset);
        plc_jw_string(out, "verdict", placed->verdict);
        plc_jw_string(out, "code", placed->refusal);
        plc_jw_string(out, "why", placed->why);
        if (placed->focal_outside_safe)
                plc_jw_bool(out, "focal_outside_safe", true);
        if (override != NULL) {
                plc_jw_object(out, "override");
                plc_jw_string(out, "by", override->by);
                plc_jw_time(out, "at", override->at);
                plc_jw_end_object(out);
        }
        if (placed->crop_w > 0) {
                plc_jw_object(out, "crop");
                plc_jw_int(out, "x", placed->crop_x);
                plc_jw_int(out, "y", placed->crop_y);
                plc_jw_int(out, "w", placed->crop_w);
                plc_jw_int(out, "h", placed->crop_h);
                plc_jw_end_object(out);
        }
        plc_jw_array(out, "files");
        for (guint i = 0; i < placed->files->len; i++) {
                const plc_rendition *file = placed->files->pdata[i];

                plc_jw_object(out, NULL);
                plc_jw_string(out, "format", file->format);
                plc_jw_int(out, "width", file->width);
                plc_jw_int(out, "height", file->height);
                plc_jw_int(out, "bytes", file->bytes);
                plc_jw_int(out, "quality", file->quality);
                plc_jw_int(out, "encodes", file->encodes);
                plc_jw_string(out, "sha256", file->sha256);
                plc_jw_array(out, "holds");
                for (unsigned bit = 0; bit < PLC_HOLDS_COUNT_; bit++)
                        if ((file->holds & (INT64_C(1) << bit)) != 0)
                                plc_jw_string(out, NULL, plc_holds_name(bit));
                plc_jw_end_array(out);
                plc_jw_end_object(out);
        }
        plc_jw_end_array(out);
        plc_jw_end_object(out);
}

/* As it was declared; neither: what catches the eye counts. */
static void write_framing(const struct plc_item_photo *photo, GString *out)
{
        if (photo->has_focal) {
                plc_jw_object(out, "focal");
                plc_jw_real(out, "x", photo->focal_x);
                plc_jw_real(out, "y", photo->focal_y);
                plc_jw_end_object(out);
        }
        if (photo->has_box) {
                plc_jw_object(out, "box");
                plc_jw_real(out, "x", photo->box_x);
                plc_jw_real(out, "y", photo->box_y);
                plc_jw_real(out, "w", photo->box_w);
                plc_jw_real(out, "h", photo->box_h);
                plc_jw_end_object(out);
        }
}

static bool write_photo(struct plc_desk *desk, const plc_item *item, GString *out, GError **error)
{
        g_autoptr(plc_said) said = plc_publish_said(&desk->site->publisher, item->id, error);
        g_autoptr(GPtrArray) placed = NULL;
        g_autofree char *facts = NULL;

        if (said == NULL)
                return false;

        plc_jw_string(out, "format", item->photo.format);
        plc_jw_array(out, "pixels");
        plc_jw_int(out, NULL, item->photo.width);
        plc_jw_int(out, NULL, item->photo.height);
        plc_jw_end_array(out);
        plc_jw_int(out, "bytes", item->photo.bytes);
        plc_jw_string(out, "role", item->photo.role);
        plc_jw_string(out, "people", item->photo.people);
        write_framing(&item->photo, out);
        plc_jw_string(out, "pdq", item->photo.pdq);
        plc_jw_int(out, "pdq_quality", item->photo.pdq_quality);
        plc_jw_string(out, "thumbhash", item->photo.thumbhash);
        plc_jw_real(out, "sharpness", item->photo.sharpness);
        plc_jw_real(out, "exposure", item->photo.exposure);
        plc_jw_bool(out, "preview_ready", item->preview_ready);
        plc_jw_array(out, "removed");
        for (unsigned bit = 0; bit < PLC_REMOVED_COUNT_; bit++)
                if (item->photo.removed & (INT64_C(1) << bit))
                        plc_jw_string(out, NULL, plc_removed_sentence(bit));
        plc_jw_end_array(out);
        if (!plc_publish_text(&desk->site->publisher, item, "facts", 0, &facts, error))
                return false;
        if (facts != NULL)
                plc_jw_raw(out, "original", facts);
        if (!plc_catalog_placed_of_item(desk->site->catalog, item->id, &placed, error))
                return false;
        plc_jw_array(out, "placements");
        for (guint i = 0; i < placed->len; i++)
                write_placed(placed->pdata[i], plc_said_override(said, ((plc_placed *)placed->pdata[i])->preset), out);
        plc_jw_end_array(out);
        return true;
}

static bool write_item(struct plc_desk *desk, const plc_item *item, GString *out, GError **error)
{
        static const char *const fields[] = {"title", "summary", "body", "alt", "caption", "file", "note"};

        plc_jw_object(out, NULL);
        write_line(item, out);
        plc_jw_int(out, "revision", item->revision);
        plc_jw_string(out, "connection", item->connection);
        plc_jw_string(out, "verification", item->verification);
        plc_jw_real(out, "confidence", item->confidence);
        if (item->review.has_rating)
                plc_jw_real(out, "rating", item->review.rating);
        for (size_t i = 0; item->state != PLC_ITEM_ERASED && i < G_N_ELEMENTS(fields); i++)
                if (!write_text(desk, item, fields[i], out, error))
                        return false;
        if (item->state != PLC_ITEM_ERASED && !write_findings(desk, item, out, error))
                return false;
        if (item->kind == PLC_ITEM_PHOTO && item->state != PLC_ITEM_ERASED && !write_photo(desk, item, out, error))
                return false;
        if (!plc_desk_write_reports(desk, item->id, item->contributor, item->state != PLC_ITEM_ERASED, out, error))
                return false;
        plc_jw_end_object(out);
        return true;
}

bool plc_desk_show(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        g_autoptr(GPtrArray) ids = NULL;

        if (!plc_desk_resolve_all(desk, request, &ids, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_jw_array(answer, "items");
        for (guint i = 0; i < ids->len; i++) {
                g_autoptr(plc_item) item = NULL;

                if (!plc_catalog_get_item(desk->site->catalog, ids->pdata[i], &item, error) ||
                    !write_item(desk, item, answer, error))
                        return false;
        }
        plc_jw_end_array(answer);
        plc_jw_end_object(answer);
        return true;
}

static bool count_files(int dirfd, int64_t *out, GError **error)
{
        g_auto(GStrv) names = NULL;

        *out = 0;
        if (!plc_list_dir(dirfd, ".", 1000000, &names, error))
                return false;
        for (char **name = names; *name != NULL; name++)
                if (!plc_inbox_ignores(*name))
                        (*out)++;
        return true;
}

bool plc_desk_status(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        plc_catalog *catalog = desk->site->catalog;
        int64_t counts[PLC_ITEM_ANY], inbox, work;
        g_autofree char *recorded = NULL;
        struct plc_ledger_head head;
        struct plc_job_counts jobs;

        (void)request;
        if (!plc_catalog_meta_get(catalog, PLC_META_POLICY, &recorded, error) ||
            !plc_catalog_count_items(catalog, counts, error) || !plc_catalog_count_jobs(catalog, &jobs, error) ||
            !plc_catalog_ledger_head(catalog, &head, error) || !count_files(desk->site->dirs.inbox, &inbox, error) ||
            !count_files(desk->site->dirs.work, &work, error))
                return false;
        plc_jw_object(answer, NULL);
        plc_jw_string(answer, "site", desk->site->path);
        plc_jw_object(answer, "items");
        for (int state = 0; state < PLC_ITEM_ANY; state++)
                plc_jw_int(answer, plc_item_state_name((enum plc_item_state)state), counts[state]);
        plc_jw_end_object(answer);
        plc_jw_object(answer, "jobs");
        plc_jw_int(answer, "waiting", jobs.waiting);
        plc_jw_int(answer, "running", jobs.running);
        plc_jw_int(answer, "given_up", jobs.given_up);
        plc_jw_end_object(answer);
        plc_jw_int(answer, "inbox", inbox);
        plc_jw_int(answer, "being_taken", work);
        plc_jw_object(answer, "ledger");
        plc_jw_int(answer, "head", head.seq);
        plc_jw_string(answer, "hash", head.hash);
        plc_jw_end_object(answer);
        plc_jw_int(answer, "policy", desk->site->policy->version);
        if (recorded != NULL && strcmp(recorded, desk->site->policy_hash) != 0)
                plc_jw_string(answer, "policy_notice",
                              "policy.json was changed; the office decides by it from its next start on");
        plc_jw_string(answer, "presets", plc_presets_version(desk->site->presets));
        plc_jw_end_object(answer);
        return true;
}
