/* On which grants does an item stand? Every grant that covers it, with what is left of its scope, and how it ended. */
#include "desk/standing.h"

#include <string.h>

#include "base/clock.h"
#include "rights/view.h"

const char *const plc_standing_words[] = {"active",     "not yet",     "expired",   "withdrawn",
                                          "terminated", "invalidated", "requested", "refused"};

/* What counts at the instant and head asked about. */
struct when {
        const plc_ledger *ledger;
        int64_t at, head;
};

static bool counts(const struct when *when, const struct plc_event *event)
{
        return event->effective_at <= when->at && event->seq <= when->head;
}

GHashTable *plc_standing_subjects(const plc_ledger *ledger, const GPtrArray *items)
{
        GHashTable *subjects = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < items->len; i++) {
                const struct plc_event *item = plc_ledger_item(ledger, items->pdata[i]);

                g_hash_table_add(subjects, items->pdata[i]);
                if (item != NULL && item->submission != NULL)
                        g_hash_table_add(subjects, (gpointer)item->submission);
                if (item != NULL && item->contributor != NULL)
                        g_hash_table_add(subjects, (gpointer)item->contributor);
        }
        return subjects;
}

static bool is_given(const struct plc_event *event)
{
        return event->type == PLC_EVENT_GRANT_GIVEN || event->type == PLC_EVENT_GRANT_RENEWED;
}

/* A dimension that did not bind is bound by the narrowing; one that did is cut. WW in a list stands for any. */
static void cut_territories(struct plc_scope *scope, const struct plc_scope *by)
{
        bool any = (scope->given & PLC_SCOPE_TERRITORIES) == 0 ||
                   plc_territories_has(&scope->territories, PLC_TERRITORY_WORLD);

        plc_territories_union(&scope->exclude, &by->exclude);
        if ((by->given & PLC_SCOPE_TERRITORIES) == 0 || plc_territories_has(&by->territories, PLC_TERRITORY_WORLD))
                return;
        scope->given |= PLC_SCOPE_TERRITORIES;
        if (any)
                scope->territories = by->territories;
        else
                for (size_t i = 0; i < G_N_ELEMENTS(scope->territories.bits); i++)
                        scope->territories.bits[i] &= by->territories.bits[i];
}

static void narrow(struct plc_scope *scope, const struct plc_scope *by)
{
        cut_territories(scope, by);
        if ((by->given & PLC_SCOPE_CHANNELS) != 0)
                scope->channels &= by->channels;
        if ((by->given & PLC_SCOPE_EDITS) != 0)
                scope->edits &= by->edits;
        if ((by->given & PLC_SCOPE_SUBLICENSE) != 0)
                scope->sublicense &= by->sublicense;
        if ((by->given & PLC_SCOPE_LANGUAGES) != 0)
                scope->languages = by->languages;
        if ((by->given & PLC_SCOPE_PRODUCTS) != 0)
                scope->products = by->products;
        if ((by->given & PLC_SCOPE_CONTROLLERS) != 0)
                scope->controllers = by->controllers;
        scope->given |= by->given;
}

static void end(struct plc_standing *standing, enum plc_standing_state state, const struct plc_event *event)
{
        if (standing->state == PLC_STANDING_WITHDRAWN && standing->ended_at <= event->effective_at)
                return;
        standing->state = state;
        standing->ended_at = event->effective_at;
}

/* A blanket withdrawal that hits this grant: of what it is of, or of its person. An attestation is ended by any. */
static bool hits(const struct plc_standing *standing, GHashTable *subjects, const struct plc_event *withdrawal)
{
        bool names = withdrawal->subject_kind == PLC_ID_PERSON
                             ? standing->person != NULL && strcmp(standing->person, withdrawal->subject) == 0
                             : g_hash_table_contains(subjects, withdrawal->subject);

        return names &&
               (standing->said->given.attested || withdrawal->effective_at >= standing->said->given.captured_at);
}

/* The contributor's own withdrawal of a grant of the same right ends every attestation of it. */
static bool ends_attestation(const struct when *when, const struct plc_standing *standing, GHashTable *subjects,
                             const struct plc_event *withdrawn)
{
        const struct plc_event *other = plc_ledger_grant(when->ledger, withdrawn->grant);

        return standing->said->given.attested && other != NULL && other->layer == standing->layer &&
               g_strcmp0(other->person, standing->person) == 0 && g_hash_table_contains(subjects, other->subject);
}

static void apply(const struct when *when, struct plc_standing *standing, GHashTable *subjects,
                  const struct plc_event *event)
{
        bool own = event->grant != NULL && strcmp(event->grant, standing->grant) == 0;

        if (own && event->type == PLC_EVENT_GRANT_NARROWED)
                narrow(&standing->scope, &event->narrowed);
        else if (own && event->type == PLC_EVENT_GRANT_TERMINATED)
                end(standing, PLC_STANDING_TERMINATED, event);
        else if (own && event->type == PLC_EVENT_GRANT_INVALIDATED)
                end(standing, PLC_STANDING_INVALIDATED, event);
        else if (event->type == PLC_EVENT_GRANT_WITHDRAWN && (own || ends_attestation(when, standing, subjects, event)))
                end(standing, PLC_STANDING_WITHDRAWN, event);
        else if (event->type == PLC_EVENT_CONSENT_WITHDRAWN && hits(standing, subjects, event))
                end(standing, PLC_STANDING_WITHDRAWN, event);
}

static void finish_given(const struct when *when, struct plc_standing *standing, GHashTable *subjects,
                         const plc_policy *policy)
{
        const struct plc_event *given = standing->said;

        standing->scope = given->given.scope;
        standing->from = MAX(given->given.not_before, given->effective_at);
        standing->until = plc_given_end(given, policy->max_grant_days);
        standing->state = when->at < given->given.not_before ? PLC_STANDING_NOT_YET
                          : when->at >= standing->until      ? PLC_STANDING_EXPIRED
                                                             : PLC_STANDING_ACTIVE;
        for (size_t i = 0; i < plc_ledger_size(when->ledger); i++) {
                const struct plc_event *event = plc_ledger_at(when->ledger, i);

                if (counts(when, event))
                        apply(when, standing, subjects, event);
        }
}

/* The later effective_at is in force, at equal ones the later in the ledger; a giving before any request. */
static bool replaces(const struct plc_event *event, const struct plc_event *said)
{
        if (is_given(event) != is_given(said))
                return is_given(event);
        return event->effective_at >= said->effective_at;
}

static void finish_asked(struct plc_standing *standing)
{
        bool refused = standing->said->type == PLC_EVENT_GRANT_REFUSED;

        standing->from = standing->said->effective_at;
        standing->until = PLC_TIME_NEVER;
        standing->state = refused ? PLC_STANDING_REFUSED : PLC_STANDING_REQUESTED;
        standing->ended_at = refused ? standing->said->effective_at : 0;
}

static struct plc_standing *find(GArray *standings, const char *grant)
{
        for (guint i = 0; i < standings->len; i++) {
                struct plc_standing *at = &g_array_index(standings, struct plc_standing, i);

                if (strcmp(at->grant, grant) == 0)
                        return at;
        }
        return NULL;
}

GArray *plc_standings(const plc_ledger *ledger, const plc_policy *policy, GHashTable *subjects, int64_t at,
                      int64_t head)
{
        GArray *standings = g_array_new(FALSE, FALSE, sizeof(struct plc_standing));
        const struct when when = {ledger, at, head};

        for (size_t i = 0; i < plc_ledger_size(ledger); i++) {
                const struct plc_event *event = plc_ledger_at(ledger, i);
                bool says = is_given(event) || event->type == PLC_EVENT_GRANT_REQUESTED ||
                            event->type == PLC_EVENT_GRANT_REFUSED;
                struct plc_standing *known,
                        standing = {
                                .grant = event->grant, .layer = event->layer, .person = event->person, .said = event};

                if (!says || !counts(&when, event) || !g_hash_table_contains(subjects, event->subject))
                        continue;
                known = find(standings, event->grant);
                if (known == NULL)
                        g_array_append_val(standings, standing);
                else if (replaces(event, known->said))
                        known->said = event;
        }
        for (guint i = 0; i < standings->len; i++) {
                struct plc_standing *standing = &g_array_index(standings, struct plc_standing, i);

                if (is_given(standing->said))
                        finish_given(&when, standing, subjects, policy);
                else
                        finish_asked(standing);
        }
        return standings;
}
