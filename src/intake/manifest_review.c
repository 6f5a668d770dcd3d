/* What did the contributor say, and who is it? The review and the contributor of a submission. */
#include <string.h>

#include "base/clock.h"
#include "intake/manifest_read.h"

static const char *const kinds[] = {"review", "tutorial", "unboxing", "qa", "comparison", "fit", "story", NULL};
static const char *const writers[] = {"author", "human", "machine", NULL};
static const char *const age_bands[] = {"adult", "16-17", "13-15", "under13", "unknown", NULL};
static const char *const credits[] = {"required", "optional", "forbidden", NULL};

static bool read_rating(reading *r, plc_json *review, struct plc_manifest_review *out)
{
        plc_json *node = NULL;

        if (!plc_json_get_object(review, "rating", PLC_OPTIONAL, &node, r->error))
                return false;
        if (node == NULL)
                return true;
        out->has_rating = true;
        if (!plc_json_get_number(node, "min", PLC_REQUIRED, 0, 100, &out->rating_min, r->error) ||
            !plc_json_get_number(node, "max", PLC_REQUIRED, 0, 100, &out->rating_max, r->error) ||
            !plc_json_get_number(node, "value", PLC_REQUIRED, 0, 100, &out->rating, r->error) || !plc_sub_done(r, node))
                return false;
        if (out->rating_min >= out->rating_max)
                return plc_json_fail(node, r->error, PLC_E_BAD_VALUE, "Correct the scale.",
                                     "has a scale from %g to %g; min must be below max", out->rating_min,
                                     out->rating_max);
        if (out->rating < out->rating_min || out->rating > out->rating_max)
                return plc_json_fail(plc_json_member(node, "value"), r->error, PLC_E_BAD_VALUE,
                                     "Correct the rating or its scale.", "must be from %g to %g (found: %g)",
                                     out->rating_min, out->rating_max, out->rating);
        return true;
}

static bool read_translation(reading *r, plc_json *node, void *data)
{
        struct plc_manifest_translation *out = data;

        return plc_sub_language(r, node, "lang", PLC_REQUIRED, &out->lang) &&
               plc_sub_text(r, node, "title", PLC_OPTIONAL, 255, &out->title) &&
               plc_sub_text(r, node, "body", PLC_REQUIRED, 10000, &out->body) &&
               plc_sub_word(r, node, "by", PLC_REQUIRED, writers, &out->by);
}

static bool read_engagement(reading *r, plc_json *review, struct plc_manifest_review *out)
{
        const int64_t most = INT64_C(1000000000000);
        plc_json *node = NULL;

        out->engagement_at = PLC_TIME_NEVER;
        if (!plc_json_get_object(review, "engagement", PLC_OPTIONAL, &node, r->error))
                return false;
        if (node == NULL)
                return true;
        out->has_engagement = true;
        return plc_json_get_int(node, "likes", PLC_OPTIONAL, 0, most, &out->likes, r->error) &&
               plc_json_get_int(node, "comments", PLC_OPTIONAL, 0, most, &out->comments, r->error) &&
               plc_json_get_int(node, "shares", PLC_OPTIONAL, 0, most, &out->shares, r->error) &&
               plc_json_get_time(node, "at", PLC_REQUIRED, &out->engagement_at, r->error) && plc_sub_done(r, node);
}

static bool read_experience_date(reading *r, plc_json *node, struct plc_manifest_review *out)
{
        const char *value = NULL;
        int64_t day;

        if (!plc_json_get_name(node, "experience_date", PLC_OPTIONAL, 255, &value, r->error))
                return false;
        if (value == NULL)
                return true;
        if (strlen(value) != 10 || !plc_time_parse_rfc3339(value, &day))
                return plc_json_fail(plc_json_member(node, "experience_date"), r->error, PLC_E_BAD_VALUE,
                                     "Write it like 2026-11-03.", "must be a date (found: \"%.40s\")", value);
        g_strlcpy(out->experience_date, value, sizeof out->experience_date);
        return true;
}

static bool read_recommended(reading *r, plc_json *node, struct plc_manifest_review *out)
{
        bool recommended = false;

        out->recommended = -1;
        if (!plc_json_get_bool(node, "recommended", PLC_OPTIONAL, &recommended, r->error))
                return false;
        if (plc_json_has(node, "recommended"))
                out->recommended = recommended;
        return true;
}

bool plc_sub_read_review(reading *r, plc_json *root)
{
        struct plc_manifest_review *out = &r->manifest->review;
        plc_json *node = NULL;

        out->written_at = out->engagement_at = PLC_TIME_NEVER;
        out->recommended = -1;
        out->kind = kinds[0];
        if (!plc_json_get_object(root, "review", PLC_OPTIONAL, &node, r->error))
                return false;
        if (node == NULL)
                return true;
        r->manifest->has_review = true;
        if (!plc_sub_id(r, node, "external_id", PLC_OPTIONAL, &out->external_id) ||
            !plc_sub_word(r, node, "kind", PLC_OPTIONAL, kinds, &out->kind) || !read_rating(r, node, out) ||
            !plc_sub_text(r, node, "title", PLC_OPTIONAL, 255, &out->title) ||
            !plc_sub_line(r, node, "summary", PLC_OPTIONAL, 140, &out->summary) ||
            !plc_sub_text(r, node, "body", PLC_OPTIONAL, 10000, &out->body) ||
            !plc_sub_texts(r, node, "pros", 20, 255, &out->pros) ||
            !plc_sub_texts(r, node, "cons", 20, 255, &out->cons) || !read_recommended(r, node, out) ||
            !read_experience_date(r, node, out) ||
            !plc_sub_past(r, node, "written_at", PLC_OPTIONAL, &out->written_at) ||
            !plc_sub_language(r, node, "language_hint", PLC_OPTIONAL, &out->language_hint) ||
            !plc_sub_objects(r, node, "translations", 40, sizeof *out->translations, &out->translations,
                             &out->n_translations, read_translation) ||
            !read_engagement(r, node, out) || !plc_sub_done(r, node))
                return false;
        if (!out->has_rating && out->title == NULL && out->summary == NULL && out->body == NULL)
                return plc_json_fail(node, r->error, PLC_E_MISSING_MEMBER, "Add what was said, or take the review out.",
                                     "has no rating, title, summary or body");
        return true;
}

static bool read_guardian(reading *r, plc_json *node, struct plc_manifest_contributor *out)
{
        plc_json *guardian = NULL;
        bool there;

        if (!plc_json_get_object(node, "guardian", PLC_OPTIONAL, &guardian, r->error))
                return false;
        if (guardian == NULL)
                return true;
        out->has_guardian = true;
        return plc_sub_line(r, guardian, "name", PLC_REQUIRED, 200, &out->guardian_name) &&
               plc_sub_email(r, guardian, "email", &out->guardian_email) &&
               plc_sub_evidence(r, guardian, "evidence", PLC_OPTIONAL, &out->guardian_evidence, &there) &&
               (!there || plc_sub_done(r, plc_json_member(guardian, "evidence"))) && plc_sub_done(r, guardian);
}

static bool read_country(reading *r, plc_json *node, char **out)
{
        const char *value = NULL;

        if (!plc_json_get_name(node, "country", PLC_OPTIONAL, 255, &value, r->error))
                return false;
        if (value != NULL && !plc_country_valid(value))
                return plc_json_fail(plc_json_member(node, "country"), r->error, PLC_E_BAD_VALUE,
                                     "Write it like DE or TW.",
                                     "must be two capital letters (ISO 3166-1) (found: \"%.40s\")", value);
        *out = g_strdup(value);
        return true;
}

/* Without a name a review is as good, so it is not refused for one of blanks. */
static bool read_name(reading *r, plc_json *node, struct plc_manifest_contributor *out)
{
        const plc_json *given = plc_json_member(node, "display_name");

        if (!plc_sub_line(r, node, "display_name", PLC_OPTIONAL, 80, &out->display_name))
                return false;
        out->blank_name = given != NULL && out->display_name == NULL && plc_json_string(given)[0] != '\0';
        return true;
}

bool plc_sub_read_contributor(reading *r, plc_json *root)
{
        struct plc_manifest_contributor *out = &r->manifest->contributor;
        plc_json *node = NULL;

        if (!plc_json_get_object(root, "contributor", PLC_OPTIONAL, &node, r->error))
                return false;
        if (node == NULL)
                return true;
        r->manifest->has_contributor = true;
        return plc_sub_id(r, node, "id", PLC_REQUIRED, &out->id) && read_name(r, node, out) &&
               plc_sub_email(r, node, "email", &out->email) && read_country(r, node, &out->country) &&
               plc_sub_language(r, node, "locale", PLC_OPTIONAL, &out->locale) &&
               plc_sub_word(r, node, "age_band", PLC_OPTIONAL, age_bands, &out->age_band) &&
               read_guardian(r, node, out) && plc_sub_word(r, node, "credit", PLC_OPTIONAL, credits, &out->credit) &&
               plc_sub_done(r, node);
}
