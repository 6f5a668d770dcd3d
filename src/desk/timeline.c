/* What happened to rights, in order, in sentences? Who did what, for which layer, how far, and until when. */
#include "desk/timeline.h"

#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "desk/words.h"

typedef void told(GString *out, const struct plc_event *event, plc_json *said);

static const char *text(plc_json *said, const char *name)
{
        plc_json *value = plc_json_member(said, name);

        return value != NULL && plc_json_typeof(value) == PLC_JSON_STRING ? plc_json_string(value) : "";
}

/* "a, b" of a list of strings; objects are told by the member `of`. */
static void names(GString *out, plc_json *said, const char *name, const char *of, const char *none)
{
        plc_json *list = plc_json_member(said, name);
        size_t n = list != NULL && plc_json_typeof(list) == PLC_JSON_ARRAY ? plc_json_size(list) : 0;

        for (size_t i = 0; i < n; i++) {
                plc_json *element = plc_json_element(list, i);

                g_string_append(out, i > 0 ? ", " : "");
                if (of != NULL)
                        g_string_append_printf(out, "%s (%s)", text(element, "kind"), text(element, of));
                else if (plc_json_typeof(element) == PLC_JSON_STRING)
                        g_string_append(out, plc_json_string(element));
        }
        if (n == 0)
                g_string_append(out, none);
}

static void whose(GString *out, const struct plc_event *event)
{
        static const char *const kinds[] = {[PLC_ID_ITEM] = "item",
                                            [PLC_ID_SUBMISSION] = "submission",
                                            [PLC_ID_CONTRIBUTOR] = "all of contributor",
                                            [PLC_ID_PERSON] = "person"};

        if (event->subject != NULL && event->subject_kind > PLC_ID_NONE && event->subject_kind <= PLC_ID_PERSON)
                g_string_append_printf(out, "%s %s", kinds[event->subject_kind], event->subject);
}

static void layer(GString *out, const struct plc_event *event)
{
        g_string_append(out, plc_words_layer(event->layer));
        if (event->person != NULL)
                g_string_append_printf(out, " %s", event->person);
}

static void until(GString *out, const char *before, int64_t ms)
{
        char time[PLC_WORDS_TIME_SIZE];

        plc_words_time(ms, time);
        g_string_append_printf(out, "; %s %s", before, time);
}

static void given(GString *out, const struct plc_event *event, plc_json *said)
{
        g_autofree char *scope = plc_words_scope(&event->given.scope);

        g_string_append_printf(out, "permission %s%s: ", event->type == PLC_EVENT_GRANT_RENEWED ? "renewed" : "given",
                               event->given.attested                         ? " by an operator's attestation"
                               : strcmp(text(said, "x_by"), "operator") == 0 ? ", recorded by an operator from the "
                                                                               "contributor's own evidence"
                                                                             : " by the contributor's own act");
        layer(out, event);
        g_string_append_printf(out, " %s", scope);
        if (event->given.not_before > event->effective_at)
                until(out, "from", event->given.not_before);
        if (event->given.not_after != PLC_TIME_NEVER)
                until(out, "until", event->given.not_after);
        if (event->given.credit != PLC_CREDIT_OPTIONAL)
                g_string_append_printf(out, "; credit %s", plc_credit_words[event->given.credit]);
        if (text(said, "terms")[0] != '\0')
                g_string_append_printf(out, "; terms %s", text(said, "terms"));
        g_string_append(out, "; for ");
        whose(out, event);
        g_string_append_printf(out, " [grant %s]", event->grant);
}

static void asked(GString *out, const struct plc_event *event, plc_json *said)
{
        (void)said;
        g_string_append_printf(out, "permission %s: ",
                               event->type == PLC_EVENT_GRANT_REFUSED
                                       ? "refused by an operator"
                                       : "asked for, without evidence; it opens nothing");
        layer(out, event);
        g_string_append(out, "; for ");
        whose(out, event);
        g_string_append_printf(out, " [grant %s]", event->grant);
}

static void narrowed(GString *out, const struct plc_event *event, plc_json *said)
{
        g_autofree char *scope = plc_words_scope(&event->narrowed);

        (void)said;
        g_string_append_printf(out, "narrowed by an operator, from now on only %s [grant %s]", scope, event->grant);
}

static void ended(GString *out, const struct plc_event *event, plc_json *said)
{
        const char *reason = text(said, "x_reason");

        g_string_append_printf(out, "%s [grant %s]",
                               event->type == PLC_EVENT_GRANT_WITHDRAWN     ? "withdrawn, for good"
                               : event->type == PLC_EVENT_GRANT_INVALIDATED ? "invalidated by an operator, for good"
                                                                            : "terminated, for good",
                               event->grant);
        if (reason[0] != '\0')
                g_string_append_printf(out, " (%s)", reason);
}

static void blanket(GString *out, const struct plc_event *event, plc_json *said)
{
        (void)said;
        g_string_append(out, "consent withdrawn for ");
        whose(out, event);
        g_string_append(out, ": all that was given for it before");
}

static void held(GString *out, const struct plc_event *event, plc_json *said)
{
        const struct plc_scope everywhere = {.given = PLC_SCOPE_TERRITORIES, .territories = event->placed.territories};
        bool all = (event->placed.channels & ((1u << PLC_CHANNELS) - 1)) == (1u << PLC_CHANNELS) - 1;
        g_autofree char *channels = all ? g_strdup("all channels") : plc_words_channels(event->placed.channels);
        g_autofree char *territories = plc_words_where(&everywhere);

        g_string_append(out, "held back: ");
        whose(out, event);
        g_string_append_printf(out, " on %s; %s (%s) [hold %s]", channels, territories, text(said, "reason"),
                               event->hold);
}

static void lifted(GString *out, const struct plc_event *event, plc_json *said)
{
        (void)said;
        g_string_append_printf(out, "hold lifted [hold %s]", event->hold);
}

static void ingested(GString *out, const struct plc_event *event, plc_json *said)
{
        g_string_append_printf(out, "%s %s taken in, provenance %s%s", text(said, "kind"), event->item,
                               text(said, "provenance"), event->ingested.shows_identity ? ", with a name" : "");
}

static void persons(GString *out, const struct plc_event *event, plc_json *said)
{
        g_string_append_printf(out, "depicted in %s: ", event->item);
        names(out, said, "persons", "id", "nobody");
}

static void moderated(GString *out, const struct plc_event *event, plc_json *said)
{
        g_string_append_printf(out, "moderation of %s: %s", event->item, text(said, "verdict"));
        if (plc_json_size(plc_json_member(said, "codes")) > 0) {
                g_string_append(out, " (");
                names(out, said, "codes", NULL, "");
                g_string_append_c(out, ')');
        }
}

static void disclosed(GString *out, const struct plc_event *event, plc_json *said)
{
        g_string_append_printf(out, "connection of %s to the seller: %s; purchase verified by %s", event->item,
                               text(said, "connection"), text(said, "verification"));
}

static void flagged(GString *out, const struct plc_event *event, plc_json *said)
{
        g_string_append_printf(out, "%s shows: ", event->item);
        names(out, said, "flags", NULL, "nothing that a market minds");
}

static void guardian(GString *out, const struct plc_event *event, plc_json *said)
{
        (void)said;
        g_string_append_printf(out, "a guardian's consent was verified [grant %s]", event->grant);
}

static void erased(GString *out, const struct plc_event *event, plc_json *said)
{
        (void)said;
        g_string_append_printf(out, "%s %s was erased", event->type == PLC_EVENT_ITEM_ERASED ? "item" : "contributor",
                               event->type == PLC_EVENT_ITEM_ERASED ? event->item : event->contributor);
}

static void overridden(GString *out, const struct plc_event *event, plc_json *said)
{
        bool ended = event->type == PLC_EVENT_PLACEMENT_OVERRIDE_ENDED;

        g_string_append_printf(out, "%s in %s, too small for what the place asks for: %s by %s", text(said, "item"),
                               text(said, "preset"), ended ? "no longer allowed," : "allowed", text(said, "by"));
}

static void policy(GString *out, const struct plc_event *event, plc_json *said)
{
        plc_json *version = plc_json_member(said, "version");

        (void)event;
        g_string_append(out, "the policy is another");
        if (version != NULL && plc_json_typeof(version) == PLC_JSON_INT)
                g_string_append_printf(out, ", version %" G_GINT64_FORMAT, plc_json_int(version));
}

static const struct {
        plc_event_type type;
        told *tell;
} tellers[] = {
        {PLC_EVENT_ITEM_INGESTED, ingested},
        {PLC_EVENT_ITEM_ERASED, erased},
        {PLC_EVENT_SUBJECT_ERASED, erased},
        {PLC_EVENT_PERSONS_DECLARED, persons},
        {PLC_EVENT_GUARDIAN_VERIFIED, guardian},
        {PLC_EVENT_GRANT_GIVEN, given},
        {PLC_EVENT_GRANT_RENEWED, given},
        {PLC_EVENT_GRANT_REQUESTED, asked},
        {PLC_EVENT_GRANT_REFUSED, asked},
        {PLC_EVENT_GRANT_NARROWED, narrowed},
        {PLC_EVENT_GRANT_WITHDRAWN, ended},
        {PLC_EVENT_GRANT_TERMINATED, ended},
        {PLC_EVENT_GRANT_INVALIDATED, ended},
        {PLC_EVENT_CONSENT_WITHDRAWN, blanket},
        {PLC_EVENT_HOLD_PLACED, held},
        {PLC_EVENT_HOLD_LIFTED, lifted},
        {PLC_EVENT_MODERATION_DECIDED, moderated},
        {PLC_EVENT_DISCLOSURE_SET, disclosed},
        {PLC_EVENT_FLAGS_SET, flagged},
        {PLC_EVENT_PLACEMENT_OVERRIDDEN, overridden},
        {PLC_EVENT_PLACEMENT_OVERRIDE_ENDED, overridden},
        {PLC_EVENT_POLICY_CHANGED, policy},
};

char *plc_timeline_sentence(const plc_ledger_row *row, const struct plc_event *event)
{
        g_autoptr(plc_json) said =
                plc_json_parse(row->json, strlen(row->json), "ledger", &plc_json_default_limits, NULL);
        GString *out = g_string_new(NULL);

        for (size_t i = 0; said != NULL && i < G_N_ELEMENTS(tellers); i++)
                if (tellers[i].type == event->type)
                        tellers[i].tell(out, event, said);
        if (out->len == 0)
                g_string_append(out, row->type);
        return g_string_free(out, FALSE);
}
