/* What does a reason of decide() mean? A sentence for each code, with its argument in words: what was given instead,
 * until when, by which hold. */
#include "desk/reasons.h"

#include <string.h>

#include "base/clock.h"
#include "desk/standing.h"
#include "desk/words.h"

static const struct {
        const char *code, *sentence;
} meanings[] = {
        {"UNKNOWN_ITEM", "no such item is known"},
        {"ERASED", "it was erased"},
        {"HELD", "it is held back there"},
        {"NOT_APPROVED", "no moderator has approved it (or by an older policy)"},
        {"PEOPLE_UNKNOWN", "it was not said who is in the photo"},
        {"NO_GRANT", "no permission was given"},
        {"WITHDRAWN", "the permission was withdrawn"},
        {"NOT_YET", "the permission does not hold yet"},
        {"EXPIRED", "the permission has run out"},
        {"CHANNEL", "the permission does not cover this channel"},
        {"TERRITORY", "the permission does not cover this territory"},
        {"LANGUAGE", "the permission does not cover this language"},
        {"PRODUCT", "the permission does not cover this product"},
        {"CONTROLLER", "the permission does not cover this legal entity"},
        {"EDIT", "the permission does not cover this edit"},
        {"SUBLICENCE", "the permission does not cover handing it on"},
        {"ATTESTED", "only an operator's attestation stands for it, which the policy does not let reach so far"},
        {"MINOR", "a minor is in it, which ads do not take, and other places only with a guardian's verified consent"},
        {"MISSING(connection)", "it is not known whether the contributor has a connection to the seller"},
        {"MISSING", "this must be told there and is not known"},
        {"DISCLOSURE_IMPOSSIBLE",
         "the contributor's connection to the seller must be told, which this channel cannot do"},
        {"AI", "it was made by AI, which this channel does not take"},
        {"MARKET", "this market does not take what it shows"},
        {"BAD_QUESTION", "it was not asked for a territory"},
};

static const struct {
        const char *code, *sentence;
} duties[] = {
        {"CREDIT", "the contributor's name must stand beside it"},
        {"NO_CREDIT", "the contributor's name must not stand beside it"},
        {"KEEP_SOURCE_TYPE", "it must be told that it was made by AI"},
        {"DISCLOSE", "the contributor's connection to the seller must be told beside it"},
        {"REVIEW", "somebody must look whether this market takes it"},
};

/* A reason without its prefix, and which right the prefix names. */
struct parts {
        const char *code, *argument; /* argument: "(alcohol)", or "" */
        size_t length;               /* of the code */
        int layer;                   /* plc_layer, or -1 */
        char *person;                /* of LIKENESS(p); NULL */
};

static struct parts split(const char *reason)
{
        struct parts parts = {.code = reason, .layer = -1};

        if (g_str_has_prefix(reason, "LICENCE:")) {
                parts.layer = PLC_LAYER_LICENCE;
                parts.code = reason + strlen("LICENCE:");
        } else if (g_str_has_prefix(reason, "DATA:")) {
                parts.layer = PLC_LAYER_DATA;
                parts.code = reason + strlen("DATA:");
        } else if (g_str_has_prefix(reason, "LIKENESS(")) {
                const char *end = strrchr(reason, ':');

                parts.layer = PLC_LAYER_LIKENESS;
                parts.code = end + 1;
                parts.person = g_strndup(reason + strlen("LIKENESS("), (gsize)(end - 1 - reason) - strlen("LIKENESS("));
        }
        parts.length = strcspn(parts.code, "(");
        parts.argument = parts.code + parts.length;
        return parts;
}

static bool is(const struct parts *parts, const char *code)
{
        return strlen(code) == parts->length && strncmp(parts->code, code, parts->length) == 0;
}

static const char *meaning(const struct parts *parts)
{
        for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++)
                if (strcmp(meanings[i].code, parts->code) == 0 || is(parts, meanings[i].code))
                        return meanings[i].sentence;
        return NULL;
}

static char *time_words(const char *before, int64_t ms)
{
        char time[PLC_WORDS_TIME_SIZE];

        plc_words_time(ms, time);
        return g_strconcat(before, time, NULL);
}

/* What one grant says about the dimension that failed; NULL where there is nothing to tell of it. */
static char *covered(const struct parts *parts, const struct plc_standing *standing)
{
        const struct plc_scope *scope = &standing->scope;
        bool given = standing->state <= PLC_STANDING_INVALIDATED;

        if (is(parts, "WITHDRAWN"))
                return standing->ended_at != 0 && standing->state != PLC_STANDING_REFUSED
                               ? time_words("", standing->ended_at)
                               : NULL;
        if (is(parts, "EXPIRED"))
                return given && standing->until != PLC_TIME_NEVER ? time_words("", standing->until) : NULL;
        if (is(parts, "NOT_YET"))
                return given ? time_words("it begins ", standing->said->given.not_before) : NULL;
        if (!given)
                return NULL;
        if (is(parts, "CHANNEL"))
                return plc_words_channels(scope->channels);
        if (is(parts, "TERRITORY"))
                return plc_words_territories(scope);
        if (is(parts, "LANGUAGE"))
                return plc_words_list(&scope->languages);
        if (is(parts, "PRODUCT"))
                return plc_words_list(&scope->products);
        if (is(parts, "CONTROLLER"))
                return plc_words_list(&scope->controllers);
        if (is(parts, "EDIT"))
                return plc_words_edits(scope->edits);
        return is(parts, "SUBLICENCE") ? plc_words_sublicense(scope->sublicense) : NULL;
}

/* " (it covers DE, AT; another FR)" of all grants of that right, or "". */
static char *instead(const struct parts *parts, const GArray *standings)
{
        bool times = is(parts, "WITHDRAWN") || is(parts, "EXPIRED") || is(parts, "NOT_YET");
        GString *out = g_string_new(NULL);

        for (guint i = 0; parts->layer >= 0 && i < standings->len; i++) {
                const struct plc_standing *standing = &g_array_index(standings, struct plc_standing, i);
                g_autofree char *words = NULL;

                if ((int)standing->layer != parts->layer || g_strcmp0(standing->person, parts->person) != 0)
                        continue;
                words = covered(parts, standing);
                if (words == NULL)
                        continue;
                if (out->len == 0)
                        g_string_append_printf(out, " (%s%s", times ? "" : "it covers ", words);
                else
                        g_string_append_printf(out, "; another: %s", words);
        }
        if (out->len > 0)
                g_string_append_c(out, ')');
        return g_string_free(out, FALSE);
}

/* The holds that are in force there, by their ids: what rights lift asks for. */
static char *holds(const struct plc_question *question, const plc_ledger *ledger)
{
        GString *out = g_string_new(NULL);
        plc_territory territory;

        if (!plc_territory_parse(question->territory, &territory))
                return g_string_free(out, FALSE);
        for (size_t i = 0; i < plc_ledger_size(ledger); i++) {
                const struct plc_event *placed = plc_ledger_at(ledger, i);
                bool lifted = false;

                if (placed->type != PLC_EVENT_HOLD_PLACED || placed->effective_at > question->at ||
                    placed->seq > question->head || (placed->placed.channels & 1u << question->channel) == 0 ||
                    !plc_territories_match(&placed->placed.territories, territory))
                        continue;
                for (size_t k = 0; k < plc_ledger_size(ledger); k++) {
                        const struct plc_event *lift = plc_ledger_at(ledger, k);

                        lifted |= lift->type == PLC_EVENT_HOLD_LIFTED && strcmp(lift->hold, placed->hold) == 0 &&
                                  lift->effective_at > placed->effective_at && lift->effective_at <= question->at &&
                                  lift->seq <= question->head;
                }
                if (!lifted)
                        g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : " (hold ", placed->hold);
        }
        if (out->len > 0)
                g_string_append_c(out, ')');
        return g_string_free(out, FALSE);
}

static char *before(const struct parts *parts)
{
        static const char *const rights[] = {"Use of the photo or text itself: ",
                                             "Name, handle and country shown with it: ", "A person in the photo"};

        if (parts->layer < 0)
                return g_strdup("");
        return parts->person != NULL ? g_strdup_printf("%s (%s): ", rights[parts->layer], parts->person)
                                     : g_strdup(rights[parts->layer]);
}

char *plc_desk_reason(const char *reason, const struct plc_question *question, const plc_ledger *ledger,
                      const GArray *standings)
{
        struct parts parts = split(reason);
        const char *words = meaning(&parts);
        g_autofree char *right = before(&parts);
        g_autofree char *more = is(&parts, "HELD") ? holds(question, ledger) : instead(&parts, standings);
        bool whole = strcmp(parts.code, "MISSING(connection)") == 0;
        char *sentence = words == NULL ? g_strdup_printf("%s.", reason)
                                       : g_strdup_printf("%s%s%s%s%s.", right, words,
                                                         parts.argument[0] != '\0' && !whole ? " " : "",
                                                         whole ? "" : parts.argument, more);

        g_free(parts.person);
        return sentence;
}

char *plc_desk_duty(const char *duty)
{
        size_t length = strcspn(duty, "(");

        for (size_t i = 0; i < G_N_ELEMENTS(duties); i++)
                if (strlen(duties[i].code) == length && strncmp(duties[i].code, duty, length) == 0)
                        return g_strdup_printf("%s%s%s.", duties[i].sentence, duty[length] != '\0' ? " " : "",
                                               duty + length);
        return g_strdup_printf("%s.", duty);
}
