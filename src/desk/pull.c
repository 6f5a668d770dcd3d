/* Which creatives may an ad team take away, for what, and until when? Each item is decided at this instant; what is
 * taken is recorded. */
#include <string.h>

#include "base/clock.h"
#include "desk/private.h"
#include "preset/notation.h"
#include "publish/bundle.h"
#include "publish/said.h"
#include "text/labels.h"

#define PULL_FILES 10000

struct pulling {
        struct plc_desk *desk;
        const char *bundle, *territory, *sublicensee, *campaign, *by;
        const char *words; /* as they were asked for: ids, channels, groups */
        char **presets;
        plc_bundle_definition *definition;
        plc_pull *pull;
        int64_t at;
        GString *files;    /* JSON of those handed out */
        GString *left_out; /* and of those that were not, with the reasons */
        GPtrArray *asked;  /* ids of photos that something is rendered of, of char * */
};
typedef bool each(struct pulling *pulling, const plc_item *item, const plc_ledger *ledger,
                  const struct plc_preset *preset, GError **error);

static bool has_duty(const struct plc_verdict *verdict, const char *duty)
{
        return g_ptr_array_find_with_equal_func(verdict->duties, duty, g_str_equal, NULL);
}

static bool decide(struct pulling *pulling, const plc_ledger *ledger, struct plc_question *question,
                   struct plc_verdict *verdict, bool *out_identity)
{
        for (int identity = 1; identity >= 0; identity--) {
                question->identity = identity ? PLC_IDENTITY_SHOWN : PLC_IDENTITY_HIDDEN;
                plc_decide(ledger, pulling->desk->site->policy, question, verdict);
                *out_identity = identity;
                if (verdict->allow && (identity || !has_duty(verdict, "CREDIT")))
                        return true;
        }
        return false;
}

static void leave_out(struct pulling *pulling, const char *item, const char *preset, const char *why,
                      const GPtrArray *reasons)
{
        plc_jw_object(pulling->left_out, NULL);
        plc_jw_string(pulling->left_out, "item", item);
        plc_jw_string(pulling->left_out, "preset", preset);
        plc_jw_string(pulling->left_out, "why", why);
        plc_jw_array(pulling->left_out, "reasons");
        for (guint i = 0; reasons != NULL && i < reasons->len; i++)
                plc_jw_string(pulling->left_out, NULL, reasons->pdata[i]);
        plc_jw_end_array(pulling->left_out);
        plc_jw_end_object(pulling->left_out);
}

/* Permitted, but there is no file. */
static void leave_out_unmade(struct pulling *pulling, const char *item, const char *preset, const plc_placed *placed)
{
        g_autofree char *why = NULL;

        if (placed == NULL || placed->why == NULL)
                why = g_strdup("not rendered yet");
        else if (strcmp(placed->verdict, "undersized") == 0)
                why = g_strdup_printf("undersized: %s; placet override lets it in", placed->why);
        else if (placed->refusal != NULL)
                why = g_strdup_printf("%s: %s", placed->refusal, placed->why);
        leave_out(pulling, item, preset, why != NULL ? why : placed->why, NULL);
}

/* "incentive" of DISCLOSE(incentive), in the site's first language. */
static char *disclosure(const struct pulling *pulling, const struct plc_verdict *verdict)
{
        const char *language = pulling->desk->site->conf->languages[0];

        for (guint i = 0; i < verdict->duties->len; i++) {
                const char *duty = verdict->duties->pdata[i];
                g_autofree char *code = NULL;
                const char *label;

                if (!g_str_has_prefix(duty, "DISCLOSE("))
                        continue;
                code = g_strndup(duty + strlen("DISCLOSE("), strlen(duty) - strlen("DISCLOSE(") - 1);
                label = plc_text_label("disclosure", code, language);
                return g_strdup(label != NULL ? label : code);
        }
        return NULL;
}

static bool may_edit_by_ai(struct pulling *pulling, const plc_ledger *ledger, struct plc_question question)
{
        struct plc_verdict verdict = {0};
        bool allow;

        question.edits |= 1u << PLC_EDIT_AI;
        plc_decide(ledger, pulling->desk->site->policy, &question, &verdict);
        allow = verdict.allow;
        plc_verdict_clear(&verdict);
        return allow;
}

/* What is the same for all files of one (item, preset). */
struct facts {
        const plc_item *item;
        const struct plc_preset *preset;
        const plc_placed *placed;
        const struct plc_override *override; /* NULL: none */
        const struct plc_verdict *verdict;
        char *credit, *disclosure, *alt;
        bool ai_edits;
};

static void write_geometry(GString *out, const struct facts *facts)
{
        const struct plc_insets *safe = &facts->preset->placement.safe;

        plc_jw_int(out, "crop_x", facts->placed->crop_x);
        plc_jw_int(out, "crop_y", facts->placed->crop_y);
        plc_jw_int(out, "crop_w", facts->placed->crop_w);
        plc_jw_int(out, "crop_h", facts->placed->crop_h);
        plc_jw_real(out, "safe_top", safe->top);
        plc_jw_real(out, "safe_right", safe->right);
        plc_jw_real(out, "safe_bottom", safe->bottom);
        plc_jw_real(out, "safe_left", safe->left);
        plc_jw_bool(out, "ai_edits_allowed", facts->ai_edits);
}

/* For crops.json: what an ad team needs to cut a master itself, and to find the photo in a file. */
static void write_crop(GString *out, const struct facts *facts, const plc_rendition *file)
{
        const plc_placed *placed = facts->placed;
        const struct plc_rect crop = {(uint32_t)placed->crop_x, (uint32_t)placed->crop_y, (uint32_t)placed->crop_w,
                                      (uint32_t)placed->crop_h};
        uint32_t photo_w = (uint32_t)facts->item->photo.width, photo_h = (uint32_t)facts->item->photo.height;
        struct plc_rect on = {0, 0, (uint32_t)file->width, (uint32_t)file->height};

        plc_on_ground(&facts->preset->placement, placed->cropped, photo_w, photo_h, on.w, on.h, &on);
        plc_jw_object(out, "crop");
        plc_jw_string(out, "verdict", placed->verdict);
        if (facts->override != NULL) {
                plc_jw_string(out, "override_by", facts->override->by);
                plc_jw_time(out, "override_at", facts->override->at);
        }
        plc_jw_bool(out, "focal_outside_safe", placed->focal_outside_safe);
        plc_jw_int(out, "photo_width", photo_w);
        plc_jw_int(out, "photo_height", photo_h);
        plc_jw_string(out, "crop_key", facts->preset->crop_key);
        plc_notation_write(out, &crop, photo_h);
        plc_jw_array(out, "shown_at");
        plc_jw_int(out, NULL, on.x);
        plc_jw_int(out, NULL, on.y);
        plc_jw_int(out, NULL, on.w);
        plc_jw_int(out, NULL, on.h);
        plc_jw_end_array(out);
        plc_jw_end_object(out);
}

static void hand_out(struct pulling *pulling, const struct facts *facts, const plc_rendition *rendition,
                     const char *name)
{
        const plc_item *item = facts->item;
        plc_pull_file *file = plc_pull_add_file(pulling->pull);
        GString *out = pulling->files;

        g_strlcpy(file->item, item->id, sizeof file->item);
        file->preset = g_strdup(facts->placed->preset);
        file->file = g_strdup(name);
        g_strlcpy(file->sha256, rendition->sha256, sizeof file->sha256);
        file->bytes = rendition->bytes;
        file->valid_until = facts->verdict->valid_until != PLC_TIME_NEVER ? facts->verdict->valid_until : 0;
        plc_jw_object(out, NULL);
        plc_jw_string(out, "path", name);
        plc_jw_string(out, "store", facts->preset->is_public ? "public/assets" : "creatives");
        plc_jw_string(out, "asset", rendition->asset);
        plc_jw_string(out, "preset", facts->placed->preset);
        plc_jw_int(out, "width", rendition->width);
        plc_jw_int(out, "height", rendition->height);
        plc_jw_int(out, "bytes", rendition->bytes);
        plc_jw_string(out, "sha256", rendition->sha256);
        plc_jw_string(out, "item", item->id);
        plc_jw_string(out, "product",
                      item->products->len > 0 ? ((plc_item_product *)item->products->pdata[0])->product : NULL);
        plc_jw_string(out, "channel", facts->preset->channel);
        plc_jw_time(out, "valid_until", facts->verdict->valid_until);
        plc_jw_string(out, "credit", facts->credit);
        plc_jw_string(out, "disclosure", facts->disclosure);
        plc_jw_string(out, "alt_text", facts->alt);
        plc_jw_string(out, "language", item->language);
        write_geometry(out, facts);
        write_crop(out, facts, rendition);
        plc_jw_array(out, "duties");
        for (guint i = 0; i < facts->verdict->duties->len; i++)
                plc_jw_string(out, NULL, facts->verdict->duties->pdata[i]);
        plc_jw_end_array(out);
        plc_jw_end_object(out);
}

/* Names are given out only where the person's data may be shown, and never against their wish. */
static bool fill_facts(struct pulling *pulling, struct facts *facts, bool identity, GError **error)
{
        const struct plc_publisher *publisher = &pulling->desk->site->publisher;

        if (identity && !has_duty(facts->verdict, "NO_CREDIT") &&
            !plc_publish_name(publisher, facts->item, &facts->credit, error))
                return false;
        facts->disclosure = disclosure(pulling, facts->verdict);
        return plc_publish_text(publisher, facts->item, "alt", 0, &facts->alt, error);
}

static bool hand_out_placed(struct pulling *pulling, struct facts *facts)
{
        for (guint i = 0; i < facts->placed->files->len; i++) {
                const plc_rendition *file = facts->placed->files->pdata[i];
                g_autofree char *lower = g_ascii_strdown(facts->item->id, -1);
                const char *extension = strrchr(file->asset, '.');
                g_autofree char *name = facts->placed->files->len == 1
                                                ? g_strdup_printf("%s.%s%s", lower, facts->placed->preset, extension)
                                                : g_strdup_printf("%s.%s.%" G_GINT64_FORMAT "%s", lower,
                                                                  facts->placed->preset, file->css_width, extension);

                hand_out(pulling, facts, file, name);
        }
        return true;
}

/* placed NULL: it has not been rendered, and may yet be cropped. */
static struct plc_question question_of(const struct pulling *pulling, const plc_item *item,
                                       const struct plc_preset *preset, const plc_placed *placed)
{
        struct plc_question question = plc_publish_question(
                &pulling->desk->site->publisher, item->id,
                (plc_channel)plc_word_index(plc_channel_words, preset->channel), pulling->territory, pulling->at);

        question.sublicensee =
                pulling->sublicensee != NULL ? plc_word_index(plc_sublicensee_words, pulling->sublicensee) : -1;
        question.edits = (placed != NULL ? placed->cropped : plc_publish_crops(preset)) ? 1u << PLC_EDIT_CROP : 0;
        return question;
}

static bool pull_one(struct pulling *pulling, const plc_item *item, const plc_ledger *ledger,
                     const struct plc_preset *preset, GError **error)
{
        struct plc_site *site = pulling->desk->site;
        struct plc_question question;
        g_autoptr(plc_said) said = NULL;
        g_autoptr(plc_placed) placed = NULL;
        struct plc_verdict verdict = {0};
        struct facts facts = {.item = item, .preset = preset, .verdict = &verdict};
        bool identity, ok = true;

        if (!plc_catalog_get_placed(site->catalog, item->id, preset->placement.id, &placed, error))
                return false;
        question = question_of(pulling, item, preset, placed);
        if (!decide(pulling, ledger, &question, &verdict, &identity)) {
                leave_out(pulling, item->id, preset->placement.id,
                          verdict.allow ? "the name must be given and may not be shown there" : "not permitted",
                          verdict.reasons);
        } else if (placed == NULL || placed->files->len == 0) {
                leave_out_unmade(pulling, item->id, preset->placement.id, placed);
        } else {
                said = plc_publish_said(&site->publisher, item->id, error);
                facts.placed = placed;
                facts.override = said != NULL ? plc_said_override(said, placed->preset) : NULL;
                facts.ai_edits = may_edit_by_ai(pulling, ledger, question);
                ok = said != NULL && fill_facts(pulling, &facts, identity, error) && hand_out_placed(pulling, &facts);
        }
        g_free(facts.credit);
        g_free(facts.disclosure);
        g_free(facts.alt);
        plc_verdict_clear(&verdict);
        return ok;
}

/* What is permitted there and was never made, or by another plan: to be rendered before it is pulled. */
static bool ask_one(struct pulling *pulling, const plc_item *item, const plc_ledger *ledger,
                    const struct plc_preset *preset, GError **error)
{
        struct plc_site *site = pulling->desk->site;
        struct plc_question question = question_of(pulling, item, preset, NULL);
        struct plc_verdict verdict = {0};
        bool identity, asked = false, ok = true;

        if (decide(pulling, ledger, &question, &verdict, &identity))
                ok = plc_publish_ask(&site->publisher, item, preset, pulling->at, &asked, error);
        plc_verdict_clear(&verdict);
        if (!ok || !asked)
                return ok;
        if (!g_ptr_array_find_with_equal_func(pulling->asked, item->id, g_str_equal, NULL))
                g_ptr_array_add(pulling->asked, g_strdup(item->id));
        return plc_catalog_enqueue(site->catalog, "render", item->id, 3, pulling->at, error);
}

static bool each_photo(struct pulling *pulling, const GPtrArray *items, each *visit, GError **error)
{
        struct plc_site *site = pulling->desk->site;

        for (guint i = 0; i < items->len; i++) {
                g_autoptr(plc_item) item = NULL;
                g_autoptr(plc_ledger) ledger = NULL;

                if (!plc_catalog_get_item(site->catalog, items->pdata[i], &item, error))
                        return false;
                if (item->kind != PLC_ITEM_PHOTO)
                        continue;
                ledger = plc_publish_ledger(&site->publisher, item->id, error);
                if (ledger == NULL)
                        return false;
                for (char **preset = pulling->presets; *preset != NULL; preset++)
                        if (!visit(pulling, item, ledger, plc_presets_find(site->presets, *preset), error))
                                return false;
                if (pulling->pull->files->len > PULL_FILES)
                        return plc_fail_at(error, PLC_E_TOO_BIG, NULL, NULL, "Name fewer presets at a time.",
                                           "the pull has more than %d files", PULL_FILES);
        }
        return true;
}

/* Recorded before a byte is handed out: what was given away can be called back. */
static bool record(struct pulling *pulling, GError **error)
{
        plc_catalog *catalog = pulling->desk->site->catalog;
        GString *event = plc_desk_event("pull.issued");
        g_autoptr(plc_desk_act) act = plc_desk_act_new();
        g_autoptr(plc_db_tx) tx = NULL;

        plc_jw_string(event, "pull", pulling->pull->id);
        plc_jw_string(event, "bundle", pulling->bundle);
        plc_jw_string(event, "territory", pulling->territory);
        plc_jw_int(event, "files", pulling->pull->files->len);
        plc_desk_event_end(act, event);
        tx = plc_catalog_begin(catalog, error);
        return tx != NULL && plc_catalog_put_pull(catalog, pulling->pull, error) &&
               plc_desk_write(pulling->desk, act, pulling->at, error) && plc_db_commit(&tx, error);
}

static bool read_request(struct pulling *pulling, plc_json *request, GError **error)
{
        const char *presets = NULL;
        plc_territory territory;

        if (!plc_json_get_name(request, "bundle", PLC_REQUIRED, 63, &pulling->bundle, error) ||
            !plc_json_get_name(request, "presets", PLC_REQUIRED, 4096, &presets, error) ||
            !plc_json_get_name(request, "territory", PLC_REQUIRED, 64, &pulling->territory, error) ||
            !plc_json_get_name(request, "sublicensee", PLC_OPTIONAL, 32, &pulling->sublicensee, error) ||
            !plc_json_get_name(request, "campaign", PLC_OPTIONAL, 200, &pulling->campaign, error) ||
            !plc_json_get_name(request, "by", PLC_OPTIONAL, 64, &pulling->by, error))
                return false;
        if (!plc_territory_parse(pulling->territory, &territory) || territory == PLC_TERRITORY_WORLD)
                return plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Write it like DE.",
                                   "the territory must be two capitals of ISO 3166-1 (found: %s)", pulling->territory);
        if (pulling->sublicensee != NULL && plc_word_index(plc_sublicensee_words, pulling->sublicensee) < 0)
                return plc_fail_at(error, PLC_E_USAGE, NULL, NULL, "Use ad_platform, retailer or affiliate.",
                                   "\"%s\" is no class of sublicensees", pulling->sublicensee);
        pulling->words = presets;
        pulling->presets = plc_presets_expand(pulling->desk->site->presets, presets, error);
        return pulling->presets != NULL;
}

static bool is_placement(const struct pulling *pulling, const char *id)
{
        return g_strv_contains((const char *const *)pulling->definition->placements, id);
}

/* A bundle that names its placements is for those alone: of a group, they are what is pulled. */
static bool bound_presets(struct pulling *pulling, GError **error)
{
        g_auto(GStrv) words = g_strsplit(pulling->words, ",", -1);
        char **to = pulling->presets;

        if (pulling->definition->placements == NULL)
                return true;
        for (char **word = words; *word != NULL; word++) {
                g_auto(GStrv) ids = plc_presets_expand(pulling->desk->site->presets, *word, error);
                g_autofree char *known = g_strjoinv(", ", pulling->definition->placements);
                bool any = false;

                for (char **id = ids; id != NULL && *id != NULL; id++)
                        any |= is_placement(pulling, *id);
                if (ids == NULL)
                        return false;
                if (!any)
                        return plc_fail_at(error, PLC_E_DENIED, NULL, NULL,
                                           "Ask for one of those, or publish the bundle with it among its placements.",
                                           "bundle %s is not for %s; its placements are %s", pulling->bundle,
                                           g_strstrip(*word), known);
        }
        for (char **id = pulling->presets; *id != NULL; id++) {
                if (is_placement(pulling, *id))
                        *to++ = *id;
                else
                        g_free(*id);
        }
        *to = NULL;
        return true;
}

/* The bundle's own window, channels and territories bound what may be pulled through it. */
static bool check_bundle(struct pulling *pulling, GError **error)
{
        for (char **id = pulling->presets; *id != NULL; id++) {
                const struct plc_preset *preset = plc_presets_find(pulling->desk->site->presets, *id);

                if (plc_word_index(plc_channel_words, preset->channel) < 0)
                        return plc_fail(error, PLC_E_USAGE, "preset %s is of no channel that can be pulled for", *id);
                if (!plc_bundle_covers(pulling->definition, preset->channel, pulling->territory, pulling->at))
                        return plc_fail_at(error, PLC_E_DENIED, NULL, NULL,
                                           "placet bundle show tells its channels, territories and dates.",
                                           "bundle %s is not for channel %s in %s now", pulling->bundle,
                                           preset->channel, pulling->territory);
        }
        return true;
}

static void write_answer(const struct pulling *pulling, GString *answer)
{
        const plc_pull *pull = pulling->pull;

        plc_jw_object(answer, NULL);
        plc_jw_string(answer, "pull", pull->files->len > 0 ? pull->id : NULL);
        plc_jw_string(answer, "bundle", pulling->bundle);
        plc_jw_int(answer, "version", pull->bundle_version);
        plc_jw_string(answer, "territory", pulling->territory);
        plc_jw_string(answer, "campaign", pulling->campaign);
        plc_jw_time(answer, "at", pulling->at);
        plc_jw_int(answer, "head", pull->head);
        plc_jw_array(answer, "presets");
        for (char **preset = pulling->presets; *preset != NULL; preset++)
                plc_jw_string(answer, NULL, *preset);
        plc_jw_end_array(answer);
        plc_jw_array(answer, "files");
        g_string_append(answer, pulling->files->str);
        plc_jw_end_array(answer);
        plc_jw_array(answer, "left_out");
        g_string_append(answer, pulling->left_out->str);
        plc_jw_end_array(answer);
        plc_jw_end_object(answer);
}

/* The bundle as it stands, and whether it may be pulled from for this. */
static bool find_bundle(struct pulling *pulling, plc_bundle **out, GError **error)
{
        g_autoptr(plc_bundle) bundle = NULL;

        if (!plc_catalog_get_bundle(pulling->desk->site->catalog, pulling->bundle, 0, &bundle, error))
                return false;
        if (bundle->withdrawn_at != 0)
                return plc_fail(error, PLC_E_NOT_FOUND, "bundle %s was withdrawn", pulling->bundle);
        pulling->definition = plc_bundle_parse_frozen(bundle->definition, bundle->name, error);
        if (pulling->definition == NULL || !bound_presets(pulling, error) || !check_bundle(pulling, error))
                return false;
        *out = g_steal_pointer(&bundle);
        return true;
}

static bool pull(struct pulling *pulling, GString *answer, GError **error)
{
        g_autoptr(plc_bundle) bundle = NULL;
        struct plc_ledger_head head;

        if (!find_bundle(pulling, &bundle, error) ||
            !plc_catalog_ledger_head(pulling->desk->site->catalog, &head, error))
                return false;
        pulling->pull->bundle = g_strdup(pulling->bundle);
        pulling->pull->bundle_version = bundle->version;
        pulling->pull->preset = g_strjoinv(",", pulling->presets);
        pulling->pull->channel = g_strdup(plc_presets_find(pulling->desk->site->presets, pulling->presets[0])->channel);
        pulling->pull->territory = g_strdup(pulling->territory);
        pulling->pull->puller = g_strdup(pulling->by != NULL ? pulling->by : "operator");
        pulling->pull->campaign = g_strdup(pulling->campaign);
        pulling->pull->pulled_at = pulling->at;
        pulling->pull->head = head.seq;
        if (!each_photo(pulling, bundle->items, pull_one, error) ||
            (pulling->pull->files->len > 0 && !record(pulling, error)))
                return false;
        write_answer(pulling, answer);
        return true;
}

static bool ask(struct pulling *pulling, GString *answer, GError **error)
{
        g_autoptr(plc_bundle) bundle = NULL;
        g_autoptr(plc_db_tx) tx = NULL;

        if (!find_bundle(pulling, &bundle, error))
                return false;
        tx = plc_catalog_begin(pulling->desk->site->catalog, error);
        if (tx == NULL || !each_photo(pulling, bundle->items, ask_one, error) || !plc_db_commit(&tx, error))
                return false;
        if (pulling->asked->len > 0)
                plc_office_kick(pulling->desk->office);
        plc_jw_object(answer, NULL);
        plc_jw_array(answer, "items");
        for (guint i = 0; i < pulling->asked->len; i++)
                plc_jw_string(answer, NULL, pulling->asked->pdata[i]);
        plc_jw_end_array(answer);
        plc_jw_end_object(answer);
        return true;
}

static bool with_request(struct plc_desk *desk, plc_json *request, bool (*act)(struct pulling *, GString *, GError **),
                         GString *answer, GError **error)
{
        struct pulling pulling = {.desk = desk,
                                  .pull = plc_pull_new(),
                                  .at = plc_now_ms(),
                                  .files = g_string_new(NULL),
                                  .left_out = g_string_new(NULL),
                                  .asked = g_ptr_array_new_with_free_func(g_free)};
        bool ok = read_request(&pulling, request, error) && act(&pulling, answer, error);

        plc_pull_free(pulling.pull);
        plc_bundle_definition_free(pulling.definition);
        g_strfreev(pulling.presets);
        g_string_free(pulling.files, TRUE);
        g_string_free(pulling.left_out, TRUE);
        g_ptr_array_unref(pulling.asked);
        return ok;
}

bool plc_desk_pull_ask(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        return with_request(desk, request, ask, answer, error);
}

bool plc_desk_pull(struct plc_desk *desk, plc_json *request, GString *answer, GError **error)
{
        return with_request(desk, request, pull, answer, error);
}
