/* What do the words say, in which language, and what in them is personal? Each text is normalised, masked, named and
 * sealed. */
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "pipeline/findings.h"
#include "pipeline/office_private.h"
#include "text/charset.h"
#include "text/language_tag.h"
#include "text/normalise.h"
#include "text/pii.h"

#define TEXT_BYTES (64 * PLC_KIB)

/* A text as it is published, until its language is known and flags can be looked for. */
struct published {
        const char *field; /* static */
        int64_t n;
        char *text, *language; /* NULL: that of the item */
};

/* Where the words of one item go. */
struct words {
        struct plc_drop *drop;
        plc_item *item;
        GString *all;      /* for detecting the language */
        GArray *published; /* of struct published */
        struct plc_findings findings;
};

static void clear_published(void *data)
{
        struct published *one = data;

        g_free(one->text);
        g_free(one->language);
}

static bool seal(struct words *words, const char *field, int64_t n, const char *language, const char *by,
                 const char *text, GError **error)
{
        g_autofree char *what = g_strdup_printf("item/%s/%s/%" G_GINT64_FORMAT, words->item->id, field, n);
        g_autoptr(GBytes) sealed = NULL;

        if (!plc_vault_seal_text(words->drop->office->site->vault, words->drop->contributor->id, what, text, &sealed,
                                 error))
                return false;
        plc_item_add_text(words->item, field, n, language, by, sealed);
        return true;
}

/* The charset set right, then NFC without what deceives (text/normalise.h). *out_times: how often it was misread. */
static bool make_normal(const char *text, char **out, unsigned *out_times, GError **error)
{
        g_autofree char *repaired = NULL;

        if (strlen(text) > TEXT_BYTES)
                return plc_fail(error, PLC_E_TOO_BIG, "a text of %zu bytes, the limit is %zu", strlen(text),
                                TEXT_BYTES);
        return plc_text_repair(text, &repaired, out_times, error) &&
               plc_text_normalise(repaired, strlen(repaired), TEXT_BYTES, out, error);
}

/* What is published is masked; where that changed something, the words as written are kept beside it, sealed, as
 * FIELD_raw. */
static bool add(struct words *words, const char *pointer, const char *field, int64_t n, const char *language,
                const char *by, const char *text, GError **error)
{
        const char *const *order_numbers = (const char *const *)words->drop->office->site->conf->order_numbers;
        g_autofree char *normal = NULL, *raw = NULL;
        g_autoptr(GError) fault = NULL;
        struct plc_pii personal;
        unsigned times = 0;
        bool ok = true;

        if (text == NULL)
                return true;
        if (!make_normal(text, &normal, &times, &fault))
                return plc_fail_at(error, plc_error_code(fault), words->drop->told_as, pointer,
                                   "Correct the text, then move this folder back into inbox/.", "%s", fault->message);
        if (!plc_text_pii(normal, order_numbers, &personal, error))
                return false;
        if (times > 0)
                plc_findings_repaired(&words->findings, field, n, times);
        plc_findings_personal(&words->findings, field, n, &personal);
        if (personal.spans->len > 0) {
                raw = g_strconcat(field, "_raw", NULL);
                ok = seal(words, raw, n, language, by, normal, error);
        }
        if (n == 0 || language == NULL)
                g_string_append_printf(words->all, "%s\n", personal.masked);
        ok = ok && seal(words, field, n, language, by, personal.masked, error);
        struct published published = {field, n, g_steal_pointer(&personal.masked), g_strdup(language)};
        g_array_append_val(words->published, published);
        plc_pii_clear(&personal);
        return ok;
}

static bool add_list(struct words *words, const char *field, char *const *texts, GError **error)
{
        for (int64_t n = 0; texts != NULL && texts[n] != NULL; n++) {
                g_autofree char *pointer = g_strdup_printf("/review/%s/%" G_GINT64_FORMAT, field, n);

                if (!add(words, pointer, field, n, NULL, NULL, texts[n], error))
                        return false;
        }
        return true;
}

static bool find_flags(struct words *words, const struct plc_language *language, GError **error)
{
        const char *languages[PLC_LANGUAGE_OTHERS + 2] = {language->tag};

        for (size_t i = 0; i < language->other_len; i++)
                languages[i + 1] = language->others[i].tag;
        for (guint i = 0; i < words->published->len; i++) {
                const struct published *one = &g_array_index(words->published, struct published, i);
                const char *own[] = {one->language, NULL};
                g_autoptr(GArray) flags = NULL;

                if (!plc_text_flags(words->drop->office->flag_lists, one->text, one->language != NULL ? own : languages,
                                    &flags, error))
                        return false;
                plc_findings_flags(&words->findings, one->field, one->n, one->text, flags);
        }
        return true;
}

/* Last: the language of all texts together, what a moderator should look at, and both into the item. */
static bool name_language(struct words *words, const char *hint, GError **error)
{
        struct plc_office *office = words->drop->office;
        struct plc_language language;
        g_autofree char *findings = NULL;

        const plc_detector *detector = plc_site_detector(office->site, error);
        if (detector == NULL || !plc_text_detect(detector, words->all->str, words->all->len, hint, &language, error) ||
            !find_flags(words, &language, error))
                return false;
        words->item->language = g_strdup(language.tag);
        words->item->confidence = language.confidence_milli / 1000.0;
        if (words->findings.flags->len > 0) {
                g_ptr_array_add(words->findings.flags, NULL);
                words->item->flags = g_strdupv((char **)words->findings.flags->pdata);
        }
        findings = plc_findings_end(&words->findings);
        return findings == NULL || seal(words, "findings", 0, NULL, NULL, findings, error);
}

static bool review_words(struct words *words, const struct plc_manifest_review *review, const char *locale,
                         GError **error)
{
        if (!add(words, "/review/title", "title", 0, NULL, NULL, review->title, error) ||
            !add(words, "/review/summary", "summary", 0, NULL, NULL, review->summary, error) ||
            !add(words, "/review/body", "body", 0, NULL, NULL, review->body, error) ||
            !add_list(words, "pros", review->pros, error) || !add_list(words, "cons", review->cons, error))
                return false;
        for (size_t i = 0; i < review->n_translations; i++) {
                const struct plc_manifest_translation *row = &review->translations[i];
                g_autofree char *pointer = g_strdup_printf("/review/translations/%zu/body", i);

                if (!add(words, pointer, "body", (int64_t)i + 1, row->lang, row->by, row->body, error) ||
                    !add(words, pointer, "title", (int64_t)i + 1, row->lang, row->by, row->title, error))
                        return false;
        }
        return name_language(words, review->language_hint != NULL ? review->language_hint : locale, error);
}

/* What was declared goes first; a camera that wrote no offset tells its own clock, which is no time of the world. */
static void write_taken(GString *out, const struct plc_facts *facts, int64_t declared)
{
        char clock[PLC_TIME_SIZE];

        if (declared == PLC_TIME_NEVER && facts->taken_at != 0 && !facts->taken_zoned) {
                plc_time_format(facts->taken_at, clock);
                clock[strlen("2026-11-03T09:12:44")] = '\0';
                plc_jw_string(out, "camera_clock", clock);
                return;
        }
        plc_jw_time(out, "taken_at",
                    declared != PLC_TIME_NEVER ? declared
                    : facts->taken_at != 0     ? facts->taken_at
                                               : PLC_TIME_NEVER);
}

/* The camera and the hour are for the sealed record and placet show alone. */
static bool photo_facts(struct words *words, const struct plc_drop_photo *photo, const struct plc_manifest_photo *said,
                        GError **error)
{
        g_autoptr(GString) facts = g_string_new(NULL);

        plc_jw_object(facts, NULL);
        plc_jw_string(facts, "colour", photo->facts.colour);
        plc_jw_string(facts, "camera", photo->facts.camera);
        plc_jw_int(facts, "orientation", photo->facts.orientation);
        write_taken(facts, &photo->facts, said->taken_at);
        plc_jw_end_object(facts);
        return seal(words, "facts", 0, NULL, NULL, facts->str, error) &&
               seal(words, "file", 0, NULL, NULL, said->file.name, error);
}

/* A hint tips the scales of words that tell something. Of a few that do not, only who wrote them knows. */
static void keep_declared(plc_item *item, const char *declared)
{
        char *tag = strcmp(item->language, "und") == 0 ? plc_text_canonical_tag(declared) : NULL;

        if (tag != NULL) {
                g_free(item->language);
                item->language = tag;
        }
}

static bool photo_words(struct words *words, const struct plc_drop_photo *photo, const struct plc_manifest_photo *said,
                        size_t index, GError **error)
{
        g_autofree char *alt = g_strdup_printf("/photos/%zu/alt/text", index);
        g_autofree char *caption = g_strdup_printf("/photos/%zu/caption", index);

        if (!add(words, alt, "alt", 0, said->alt_lang, NULL, said->alt_text, error) ||
            !add(words, caption, "caption", 0, NULL, NULL, said->caption, error) ||
            !photo_facts(words, photo, said, error) || !name_language(words, said->alt_lang, error))
                return false;
        keep_declared(words->item, said->alt_lang);
        return true;
}

/* For the answer, which is written when the previews are made. */
static bool keep_notes(struct plc_drop *drop, GError **error)
{
        struct words words = {.drop = drop, .item = drop->items->len > 0 ? drop->items->pdata[0] : NULL};
        g_autofree char *notes = g_strjoinv("\n", drop->notes);

        return notes[0] == '\0' || words.item == NULL || seal(&words, "notes", 0, NULL, NULL, notes, error);
}

/* Shown as it is, handles too; but a name that is an address or a number to call is not shown at all. */
static bool name_to_show(struct plc_drop *drop, GError **error)
{
        static const char of_blanks[] =
                "contributor.display_name shows nothing (all of it is blank or invisible): it is "
                "taken as no name.";
        const char *said = drop->manifest->contributor.display_name;
        g_autofree char *normal = NULL;
        g_autoptr(GError) fault = NULL;
        struct plc_pii personal;
        unsigned times = 0;
        bool tells = false;

        if (said == NULL) {
                if (drop->manifest->contributor.blank_name)
                        plc_drop_note(drop, of_blanks);
                return true;
        }
        if (!make_normal(said, &normal, &times, &fault))
                return plc_fail_at(error, plc_error_code(fault), drop->told_as, "/contributor/display_name",
                                   "Correct the name, then move this folder back into inbox/.", "%s", fault->message);
        if (!plc_text_pii(normal, NULL, &personal, error))
                return false;
        for (guint i = 0; i < personal.spans->len; i++) {
                plc_pii_kind kind = g_array_index(personal.spans, struct plc_pii_span, i).kind;

                tells = tells || (kind != PLC_PII_HANDLE && kind != PLC_PII_ORDER);
        }
        plc_pii_clear(&personal);
        if (!plc_text_shows(normal))
                plc_drop_note(drop, of_blanks);
        else if (!tells)
                drop->display_name = g_steal_pointer(&normal);
        return true;
}

enum plc_progress plc_step_words(struct plc_office *office, struct plc_drop *drop, GError **error)
{
        const char *locale = drop->manifest->contributor.locale;

        (void)office;
        if (!name_to_show(drop, error))
                return PLC_FAILED;
        for (guint i = 0; i < drop->items->len; i++) {
                struct words words = {.drop = drop, .item = drop->items->pdata[i]};
                bool ok;

                words.all = g_string_new(NULL);
                words.published = g_array_new(FALSE, FALSE, sizeof(struct published));
                g_array_set_clear_func(words.published, clear_published);
                plc_findings_begin(&words.findings);
                if (drop->manifest->charset != NULL)
                        plc_findings_charset(&words.findings, drop->told_as, drop->manifest->charset,
                                             drop->manifest->charset_by);
                if (words.item->kind == PLC_ITEM_REVIEW) {
                        ok = review_words(&words, &drop->manifest->review, locale, error);
                } else {
                        size_t photo = plc_drop_photo_of(drop, words.item);

                        ok = photo_words(&words, &drop->photos[photo], &drop->manifest->photos[photo], photo, error);
                }
                g_string_free(words.all, TRUE);
                g_array_unref(words.published);
                if (words.findings.json != NULL)
                        g_free(plc_findings_end(&words.findings));
                if (!ok)
                        return PLC_FAILED;
        }
        return keep_notes(drop, error) ? PLC_DONE : PLC_FAILED;
}
