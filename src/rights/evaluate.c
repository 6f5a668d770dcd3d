/* What do the rules say at one instant? Who decides if a photo may be in an ad in Germany: the table at the end of this
 * file. */
#include "rights/evaluate.h"

#include <string.h>

static void deny(struct plc_outcome *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void deny(struct plc_outcome *out, const char *format, ...)
{
        char *reason;
        va_list args;

        out->denied = true;
        if (out->reasons == NULL)
                return;
        va_start(args, format);
        reason = g_strdup_vprintf(format, args);
        va_end(args);
        if (g_ptr_array_find_with_equal_func(out->reasons, reason, g_str_equal, NULL))
                g_free(reason);
        else
                g_ptr_array_add(out->reasons, reason);
}

static bool counts(const struct plc_asking *a, const struct plc_mark *mark, int64_t t)
{
        return plc_mark_counts(mark, t, a->head);
}

/* Erasure is final and binds from the moment it is known, whatever its effective_at: GDPR art. 17. */
static void rule_erased(const struct plc_asking *a, int64_t t, struct plc_outcome *out)
{
        (void)t;
        if (a->view->erased_seq != 0 && a->view->erased_seq <= a->head)
                deny(out, "ERASED");
}

static bool lifted(const struct plc_asking *a, const struct plc_holding *holding, int64_t t)
{
        for (size_t i = 0; i < holding->lifts.count; i++) {
                const struct plc_mark *lift = &holding->lifts.at[i];

                if (counts(a, lift, t) && lift->at > holding->placed.at)
                        return true;
        }
        return false;
}

static void rule_held(const struct plc_asking *a, int64_t t, struct plc_outcome *out)
{
        for (guint i = 0; i < a->view->holdings->len; i++) {
                const struct plc_holding *holding = &g_array_index(a->view->holdings, struct plc_holding, i);
                const struct plc_event *placed = holding->placed.event;

                if (counts(a, &holding->placed, t) && (placed->placed.channels & a->context.channel) != 0 &&
                    plc_territories_match(&placed->placed.territories, a->context.territory) &&
                    !lifted(a, holding, t)) {
                        deny(out, "HELD");
                        return;
                }
        }
}

/* Of several at the latest instant each must approve. */
static void rule_moderated(const struct plc_asking *a, int64_t t, struct plc_outcome *out)
{
        const struct plc_marks *marks = &a->view->moderations;
        const struct plc_mark *latest = plc_marks_latest(marks, t, a->head);
        bool approved = latest != NULL;

        for (size_t i = 0; approved && i < marks->count; i++) {
                const struct plc_event *e = marks->at[i].event;

                if (counts(a, &marks->at[i], t) && marks->at[i].at == latest->at)
                        approved = e->moderation.verdict == PLC_VERDICT_APPROVED &&
                                   e->moderation.policy_version >= a->policy->min_moderation_version;
        }
        if (!approved)
                deny(out, "NOT_APPROVED");
}

static int by_person(gconstpointer a, gconstpointer b)
{
        const struct plc_depicted *left = a, *right = b;
        int order = strcmp(left->id, right->id);

        return order != 0 ? order : (int)left->kind - (int)right->kind;
}

/* The declared people into the view's room, by id; several declarations of one instant are united. False: undeclared.
 */
static bool gather_people(const struct plc_asking *a, int64_t t)
{
        const struct plc_marks *marks = &a->view->persons;
        const struct plc_mark *latest = plc_marks_latest(marks, t, a->head);
        GArray *people = a->view->people;
        guint kept = 0, declarations = 0;

        g_array_set_size(people, 0);
        for (size_t i = 0; latest != NULL && i < marks->count; i++) {
                const struct plc_event *e = marks->at[i].event;

                if (!counts(a, &marks->at[i], t) || marks->at[i].at != latest->at)
                        continue;
                g_array_append_vals(people, e->persons.at, (guint)e->persons.count);
                declarations++;
        }
        if (declarations < 2)
                return latest != NULL;
        g_array_sort(people, by_person);
        for (guint i = 0; i < people->len; i++) {
                struct plc_depicted person = g_array_index(people, struct plc_depicted, i);

                if (kept == 0 || g_array_index(people, struct plc_depicted, kept - 1).id != person.id)
                        g_array_index(people, struct plc_depicted, kept++) = person;
        }
        g_array_set_size(people, kept);
        return true;
}

static void rule_people_known(const struct plc_asking *a, int64_t t, struct plc_outcome *out)
{
        bool known = gather_people(a, t);

        if (a->view->ingested->ingested.kind != PLC_KIND_PHOTO ||
            (a->policy->people_must_be_declared & a->context.channel) == 0)
                return;
        for (guint i = 0; i < a->view->people->len; i++)
                known = known && g_array_index(a->view->people, struct plc_depicted, i).kind != PLC_PERSON_UNKNOWN;
        if (!known)
                deny(out, "PEOPLE_UNKNOWN");
}

static bool same_right(const struct plc_claim *a, const struct plc_claim *b)
{
        return a->layer == b->layer && a->person == b->person;
}

/* Was the contributor's own withdrawal of a grant of the same right ever effective? Then no attestation opens it. */
static bool withdrawn_before(const struct plc_asking *a, const struct plc_claim *claim, int64_t t)
{
        for (guint i = 0; i < a->view->claims->len; i++) {
                const struct plc_claim *other = &g_array_index(a->view->claims, struct plc_claim, i);

                if (!same_right(claim, other) || !plc_marks_any(&other->givens, t, a->head))
                        continue;
                for (size_t j = 0; j < other->ends.count; j++)
                        if (other->ends.at[j].event->type == PLC_EVENT_GRANT_WITHDRAWN &&
                            counts(a, &other->ends.at[j], t))
                                return true;
        }
        return false;
}

static bool hit_by(const struct plc_asking *a, const struct plc_marks *withdrawals, const struct plc_event *given,
                   int64_t t)
{
        for (size_t i = 0; i < withdrawals->count; i++)
                if (counts(a, &withdrawals->at[i], t) &&
                    (given->given.attested || withdrawals->at[i].at >= given->given.captured_at))
                        return true;
        return false;
}

/* `whole`: all of them are wanted for the reasons; else any one is enough. */
static unsigned claim_failures(const struct plc_asking *a, const struct plc_claim *claim, const struct plc_mark *given,
                               int64_t t, bool whole)
{
        const struct plc_event *e = given->event;
        unsigned failures = given->failures;

        if (t < e->given.not_before)
                failures |= 1u << PLC_FAIL_NOT_YET;
        if (t >= plc_given_end(e, a->policy->max_grant_days))
                failures |= 1u << PLC_FAIL_EXPIRED;
        if (failures != 0 && !whole)
                return failures;
        if (plc_marks_any(&claim->ends, t, a->head) || hit_by(a, &a->view->withdrawals, e, t) ||
            hit_by(a, &claim->person_withdrawals, e, t) || (e->given.attested && withdrawn_before(a, claim, t)))
                failures |= 1u << PLC_FAIL_WITHDRAWN;
        for (size_t i = 0; i < claim->narrowings.count; i++)
                if (counts(a, &claim->narrowings.at[i], t))
                        failures |= claim->narrowings.at[i].failures;
        return failures;
}

/* The grant that fails least, for the reasons; and what the satisfying ones say. */
struct cover {
        bool satisfied, guardian;
        unsigned failures;
        int64_t given_at;
};

/* Claims are in the order of their ids: of equals the last stays. */
static void consider(struct cover *cover, unsigned failures, int64_t given_at, bool first)
{
        int more = __builtin_popcount(failures) - __builtin_popcount(cover->failures);

        if (first || more < 0 || (more == 0 && given_at >= cover->given_at)) {
                cover->failures = failures;
                cover->given_at = given_at;
        }
}

static bool check_layer(const struct plc_asking *a, int64_t t, plc_layer layer, const char *person,
                        struct plc_outcome *out)
{
        static const char *const prefixes[] = {"LICENCE", "DATA", "LIKENESS("};
        struct cover cover = {0};
        bool first = true;

        for (guint i = 0; i < a->view->claims->len; i++) {
                const struct plc_claim *claim = &g_array_index(a->view->claims, struct plc_claim, i);
                const struct plc_mark *given;
                unsigned failures;

                if (claim->layer != layer || claim->person != person || (claim->hopeless && out->reasons == NULL))
                        continue;
                given = plc_marks_latest(&claim->givens, t, a->head);
                if (given == NULL)
                        continue;
                failures = claim_failures(a, claim, given, t, out->reasons != NULL);
                if (failures != 0) {
                        if (!cover.satisfied && out->reasons != NULL)
                                consider(&cover, failures, given->at, first);
                        first = false;
                        continue;
                }
                cover.satisfied = true;
                cover.guardian = cover.guardian || plc_marks_any(&claim->guardians, t, a->head);
                if (given->event->given.credit == PLC_CREDIT_REQUIRED)
                        out->duties |= PLC_DUTY_CREDIT;
                else if (given->event->given.credit == PLC_CREDIT_FORBIDDEN)
                        out->duties |= PLC_DUTY_NO_CREDIT;
        }
        if (cover.satisfied)
                return cover.guardian;
        out->denied = true;
        for (int failure = 0; failure < PLC_FAILURES; failure++)
                if ((cover.failures & 1u << failure) != 0)
                        deny(out, "%s%s%s:%s", prefixes[layer], person != NULL ? person : "", person != NULL ? ")" : "",
                             plc_failure_words[failure]);
        if (first)
                deny(out, "%s%s%s:NO_GRANT", prefixes[layer], person != NULL ? person : "", person != NULL ? ")" : "");
        return false;
}

static bool identity_shown(const struct plc_asking *a)
{
        if (a->question->identity == PLC_IDENTITY_OF_ITEM)
                return a->view->ingested->ingested.shows_identity;
        return a->question->identity == PLC_IDENTITY_SHOWN;
}

/* Rules 6 and 7: every layer that applies, and what minors need besides (Cal. Civ. Code 3344, GDPR art. 8). */
static void rule_layers(const struct plc_asking *a, int64_t t, struct plc_outcome *out)
{
        bool minor_barred = false;

        check_layer(a, t, PLC_LAYER_LICENCE, NULL, out);
        if (identity_shown(a))
                check_layer(a, t, PLC_LAYER_DATA, NULL, out);
        for (guint i = 0; i < a->view->people->len; i++) {
                const struct plc_depicted *p = &g_array_index(a->view->people, struct plc_depicted, i);
                bool applies = (a->likeness_kinds & 1u << p->kind) != 0, guardian = false;

                if (applies)
                        guardian = check_layer(a, t, PLC_LAYER_LIKENESS, p->id, out);
                if (p->kind == PLC_PERSON_MINOR &&
                    ((a->question->channel == PLC_CHANNEL_AD && !a->policy->minors_in_ads) || (applies && !guardian)))
                        minor_barred = true;
        }
        if (minor_barred)
                deny(out, "MINOR");
}

static void rule_required(const struct plc_asking *a, int64_t t, struct plc_outcome *out)
{
        const struct plc_event *item = a->view->ingested;

        (void)t;
        for (size_t i = 0; i < a->policy->required_count; i++) {
                const struct plc_required_rule *row = &a->policy->required[i];
                bool present = false;

                if (row->kind != item->ingested.kind || (row->channels & a->context.channel) == 0 ||
                    !plc_territories_match(&row->territories, a->context.territory))
                        continue;
                for (size_t j = 0; j < item->ingested.attributes.count; j++)
                        present = present || strcmp(item->ingested.attributes.at[j], row->attribute) == 0;
                if (!present)
                        deny(out, "MISSING(%s)", row->attribute);
        }
}

/* How careful one connection is against another of the same instant: unknown, then any, then none. */
static int carefulness(plc_connection connection)
{
        return connection == PLC_CONNECTION_UNKNOWN ? 2 : connection != PLC_CONNECTION_NONE;
}

/* 16 CFR 255.5: a connection must be told, so it must be known. */
static void rule_disclosed(const struct plc_asking *a, int64_t t, struct plc_outcome *out)
{
        const struct plc_marks *marks = &a->view->disclosures;
        const struct plc_mark *latest = plc_marks_latest(marks, t, a->head);
        plc_connection connection = PLC_CONNECTION_NONE;

        for (size_t i = 0; latest != NULL && i < marks->count; i++)
                if (counts(a, &marks->at[i], t) && marks->at[i].at == latest->at &&
                    carefulness(marks->at[i].event->connection) >= carefulness(connection))
                        connection = marks->at[i].event->connection;
        if (latest == NULL || connection == PLC_CONNECTION_UNKNOWN)
                deny(out, "MISSING(connection)");
        else if (connection != PLC_CONNECTION_NONE && (a->policy->can_disclose & a->context.channel) == 0)
                deny(out, "DISCLOSURE_IMPOSSIBLE");
        else
                out->disclose = connection;
}

static void rule_provenance(const struct plc_asking *a, int64_t t, struct plc_outcome *out)
{
        (void)t;
        if (a->view->ingested->ingested.provenance != PLC_PROVENANCE_AI)
                return;
        if ((a->policy->ai_ok & a->context.channel) == 0)
                deny(out, "AI");
        else
                out->duties |= PLC_DUTY_KEEP_SOURCE_TYPE;
}

static int by_text(gconstpointer a, gconstpointer b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The flags that count, by bytes, each once. */
static void gather_flags(const struct plc_asking *a, int64_t t)
{
        const struct plc_marks *marks = &a->view->flags;
        const struct plc_mark *latest = plc_marks_latest(marks, t, a->head);
        GPtrArray *flags = a->view->flags_now;

        g_ptr_array_set_size(flags, 0);
        for (size_t i = 0; latest != NULL && i < marks->count; i++)
                if (counts(a, &marks->at[i], t) && marks->at[i].at == latest->at)
                        for (size_t j = 0; j < marks->at[i].event->flags.count; j++)
                                if (!g_ptr_array_find(flags, marks->at[i].event->flags.at[j], NULL))
                                        g_ptr_array_add(flags, (gpointer)marks->at[i].event->flags.at[j]);
        g_ptr_array_sort(flags, by_text);
}

static void rule_suitable(const struct plc_asking *a, int64_t t, struct plc_outcome *out)
{
        const GArray *rows = a->view->suitability;

        if (rows->len == 0)
                return;
        gather_flags(a, t);
        for (guint i = 0; i < a->view->flags_now->len; i++) {
                const char *flag = a->view->flags_now->pdata[i];
                bool named = false, barred = false;

                for (guint j = 0; j < rows->len; j++)
                        if (g_array_index(rows, struct plc_suit, j).flag == flag) {
                                named = true;
                                barred = barred || g_array_index(rows, struct plc_suit, j).deny;
                        }
                if (barred)
                        deny(out, "MARKET(%s)", flag);
                else if (named)
                        g_ptr_array_add(out->review, (gpointer)flag);
        }
}

static bool in_years(const struct plc_asking *a, int64_t t)
{
        return a->view->ingested->effective_at <= t && a->view->ingested->seq <= a->head;
}

void plc_evaluate(const struct plc_asking *asking, int64_t t, struct plc_outcome *out)
{
        /* rule_layers looks at the people that rule_people_known gathers */
        static void (*const rules[])(const struct plc_asking *a, int64_t t, struct plc_outcome *out) = {
                rule_erased,   rule_held,      rule_moderated,  rule_people_known, rule_layers,
                rule_required, rule_disclosed, rule_provenance, rule_suitable,
        };

        out->denied = false;
        out->duties = 0;
        out->disclose = PLC_CONNECTION_NONE;
        g_ptr_array_set_size(out->review, 0);
        if (!in_years(asking, t)) {
                deny(out, "UNKNOWN_ITEM");
                return;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(rules) && !(out->denied && out->reasons == NULL); i++)
                rules[i](asking, t, out);
        if ((out->duties & PLC_DUTY_NO_CREDIT) != 0)
                out->duties &= ~(unsigned)PLC_DUTY_CREDIT;
}
