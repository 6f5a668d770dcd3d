/* What is an event? Each type's members are read here, one function for each form. */
#include "rights/event.h"

#include <string.h>

#include "base/clock.h"
#include "rights/strict.h"

struct reading {
        plc_json *object;
        struct plc_names *names;
        struct plc_event *event;
};

typedef bool (*read_fn)(struct reading *r, GError **error);

static bool read_id(struct reading *r, plc_json *object, const char *name, unsigned how, const char **out,
                    GError **error)
{
        const char *text = NULL;

        if (!plc_take_text(object, name, how, &text, error))
                return false;
        if (text != NULL)
                *out = plc_names_intern(r->names, text);
        return true;
}

static bool read_item(struct reading *r, GError **error)
{
        return read_id(r, r->object, "item", PLC_MUST, &r->event->item, error);
}

static bool read_ingested(struct reading *r, GError **error)
{
        struct plc_event *e = r->event;
        int kind = 0, provenance = 0;

        if (!read_item(r, error) || !plc_take_word(r->object, "kind", PLC_MUST, plc_subject_kind_words, &kind, error) ||
            !read_id(r, r->object, "contributor", PLC_NULLABLE, &e->contributor, error) ||
            !read_id(r, r->object, "submission", PLC_NULLABLE, &e->submission, error) ||
            !plc_take_bool(r->object, "shows_identity", PLC_MUST, &e->ingested.shows_identity, error) ||
            !plc_take_word(r->object, "provenance", PLC_MUST, plc_provenance_words, &provenance, error) ||
            !plc_take_texts(r->object, "attributes", PLC_MUST, false, r->names, &e->ingested.attributes, error))
                return false;
        e->ingested.kind = (plc_subject_kind)kind;
        e->ingested.provenance = (plc_provenance)provenance;
        return true;
}

static bool read_subject_erased(struct reading *r, GError **error)
{
        return read_id(r, r->object, "contributor", PLC_MUST, &r->event->contributor, error);
}

static int by_id(const void *a, const void *b)
{
        return strcmp(((const struct plc_depicted *)a)->id, ((const struct plc_depicted *)b)->id);
}

static bool read_persons(struct reading *r, GError **error)
{
        plc_json *list = NULL;
        struct plc_depicted *at;
        size_t count;

        if (!read_item(r, error) || !plc_take(r->object, "persons", PLC_MUST, PLC_JSON_ARRAY, &list, error))
                return false;
        count = plc_json_size(list);
        at = plc_names_alloc(r->names, count, sizeof *at);
        for (size_t i = 0; i < count; i++) {
                plc_json *person = plc_json_element(list, i);
                int kind = 0;

                if (plc_json_typeof(person) != PLC_JSON_OBJECT)
                        return plc_take_refuse(person, "an object", error);
                if (!read_id(r, person, "id", PLC_MUST, &at[i].id, error) ||
                    !plc_take_word(person, "kind", PLC_MUST, plc_person_kind_words, &kind, error) ||
                    !plc_json_only(person, error))
                        return false;
                at[i].kind = (plc_person_kind)kind;
        }
        qsort(at, count, sizeof *at, by_id);
        for (size_t i = 1; i < count; i++)
                if (at[i].id == at[i - 1].id)
                        return plc_json_fail(list, error, PLC_E_BAD_VALUE, "Name each person once.",
                                             "person \"%s\" stands there twice", at[i].id);
        r->event->persons.at = at;
        r->event->persons.count = count;
        return true;
}

static bool read_grant_id(struct reading *r, GError **error)
{
        return read_id(r, r->object, "grant", PLC_MUST, &r->event->grant, error);
}

/* Takes part in no decision, but a ledger with a malformed line in it answers nothing. */
static bool read_terms(struct reading *r, GError **error)
{
        const char *text = NULL, *language = NULL;
        int64_t version;

        if (!plc_take_text(r->object, "terms", PLC_MUST, &text, error) ||
            !plc_take_int(r->object, "version", PLC_MUST, INT64_MIN, &version, error) ||
            !plc_take_text(r->object, "language", PLC_MUST, &language, error) ||
            !plc_take_text(r->object, "sha256", PLC_MUST, &text, error))
                return false;
        return plc_language_valid(language) ||
               plc_take_refuse(plc_json_member(r->object, "language"), "a language tag such as de or zh-Hant", error);
}

/* `name` is an object with exactly one of the ids in kinds (beginning with item). */
static bool read_subject(struct reading *r, const char *name, size_t kinds, GError **error)
{
        static const char *const words[] = {"item", "submission", "contributor", "person"};
        plc_json *object = NULL;
        size_t found = 0;

        if (!plc_take(r->object, name, PLC_MUST, PLC_JSON_OBJECT, &object, error))
                return false;
        for (size_t i = 0; i < kinds; i++) {
                const char *id = NULL;

                if (!read_id(r, object, words[i], PLC_MAY, &id, error))
                        return false;
                if (id == NULL)
                        continue;
                found++;
                r->event->subject = id;
                r->event->subject_kind = (plc_id_kind)(PLC_ID_ITEM + i);
        }
        if (!plc_json_only(object, error))
                return false;
        if (found != 1)
                return plc_json_fail(object, error, PLC_E_BAD_VALUE, "Name exactly one.",
                                     "must name exactly one of item, submission, contributor%s (found: %zu)",
                                     kinds > 3 ? ", person" : "", found);
        return true;
}

static bool read_layer(struct reading *r, GError **error)
{
        int layer = 0;

        if (!plc_take_word(r->object, "layer", PLC_MUST, plc_layer_words, &layer, error))
                return false;
        r->event->layer = (plc_layer)layer;
        if (layer == PLC_LAYER_LIKENESS)
                return read_id(r, r->object, "person", PLC_MUST, &r->event->person, error);
        if (plc_json_has(r->object, "person"))
                return plc_json_fail(r->object, error, PLC_E_BAD_VALUE, "Remove it.",
                                     "\"person\" stands only on the layer likeness");
        return true;
}

static bool read_requested(struct reading *r, GError **error)
{
        return read_grant_id(r, error) && read_layer(r, error) && read_subject(r, "subject", 3, error);
}

static bool read_scope(struct reading *r, unsigned channels_how, struct plc_scope *out, GError **error)
{
        static const struct {
                const char *name;
                unsigned bit;
        } dimensions[] = {
                {"channels", PLC_SCOPE_CHANNELS},       {"territories", PLC_SCOPE_TERRITORIES},
                {"languages", PLC_SCOPE_LANGUAGES},     {"products", PLC_SCOPE_PRODUCTS},
                {"controllers", PLC_SCOPE_CONTROLLERS}, {"edits", PLC_SCOPE_EDITS},
                {"sublicense", PLC_SCOPE_SUBLICENSE},
        };
        plc_json *scope = NULL;

        if (!plc_take(r->object, "scope", PLC_MUST, PLC_JSON_OBJECT, &scope, error))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(dimensions); i++)
                if (plc_json_has(scope, dimensions[i].name))
                        out->given |= dimensions[i].bit;
        return plc_take_words(scope, "channels", channels_how, plc_channel_words, &out->channels, error) &&
               plc_take_territories(scope, "territories", PLC_MAY, &out->territories, error) &&
               plc_take_territories(scope, "exclude", PLC_MAY, &out->exclude, error) &&
               plc_take_texts(scope, "languages", PLC_MAY, true, r->names, &out->languages, error) &&
               plc_take_texts(scope, "products", PLC_MAY, false, r->names, &out->products, error) &&
               plc_take_texts(scope, "controllers", PLC_MAY, false, r->names, &out->controllers, error) &&
               plc_take_words(scope, "edits", PLC_MAY, plc_edit_words, &out->edits, error) &&
               plc_take_words(scope, "sublicense", PLC_MAY, plc_sublicensee_words, &out->sublicense, error) &&
               plc_json_only(scope, error);
}

static bool read_given(struct reading *r, GError **error)
{
        struct plc_event *e = r->event;
        int credit = PLC_CREDIT_OPTIONAL;
        const char *text = NULL;
        int64_t version;

        e->given.not_before = INT64_MIN;
        e->given.not_after = PLC_TIME_NEVER;
        if (!read_requested(r, error) || !read_scope(r, PLC_MUST, &e->given.scope, error) ||
            !plc_take_time(r->object, "not_before", PLC_NULLABLE, &e->given.not_before, error) ||
            !plc_take_time(r->object, "not_after", PLC_NULLABLE, &e->given.not_after, error) ||
            !plc_take_time(r->object, "captured_at", PLC_MUST, &e->given.captured_at, error) ||
            !plc_take_bool(r->object, "attested", PLC_MUST, &e->given.attested, error) ||
            !plc_take_word(r->object, "credit", PLC_MAY, plc_credit_words, &credit, error) ||
            !plc_take_text(r->object, "terms", PLC_NULLABLE, &text, error) ||
            !plc_take_int(r->object, "terms_version", PLC_NULLABLE, INT64_MIN, &version, error) ||
            !plc_take_text(r->object, "evidence", PLC_NULLABLE, &text, error))
                return false;
        e->given.credit = (plc_credit)credit;
        if ((e->given.scope.given & PLC_SCOPE_EDITS) == 0)
                e->given.scope.edits = 1u << PLC_EDIT_CROP | 1u << PLC_EDIT_COLOUR | 1u << PLC_EDIT_EXCERPT;
        e->given.scope.given |= PLC_SCOPE_EDITS | PLC_SCOPE_SUBLICENSE; /* absent, these mean "only that" and "none" */
        if (e->given.captured_at > e->recorded_at)
                return plc_json_fail(plc_json_member(r->object, "captured_at"), error, PLC_E_BAD_VALUE,
                                     "Correct one of the two.", "must not be later than recorded_at");
        return true;
}

static bool read_narrowed(struct reading *r, GError **error)
{
        return read_grant_id(r, error) && read_scope(r, PLC_MAY, &r->event->narrowed, error);
}

static bool read_consent_withdrawn(struct reading *r, GError **error)
{
        return read_subject(r, "subject", 4, error);
}

static bool read_hold_lifted(struct reading *r, GError **error)
{
        return read_id(r, r->object, "hold", PLC_MUST, &r->event->hold, error);
}

static bool read_hold(struct reading *r, GError **error)
{
        static const struct plc_territories none;
        struct plc_event *e = r->event;
        const char *reason;

        if (!read_hold_lifted(r, error) || !read_subject(r, "target", 3, error) ||
            !plc_take_text(r->object, "reason", PLC_MUST, &reason, error) ||
            !plc_take_words(r->object, "channels", PLC_MAY, plc_channel_words, &e->placed.channels, error) ||
            !plc_take_territories(r->object, "territories", PLC_MAY, &e->placed.territories, error))
                return false;
        if (e->placed.channels == 0)
                e->placed.channels = ~0u;
        if (memcmp(&e->placed.territories, &none, sizeof none) == 0)
                plc_territories_add(&e->placed.territories, PLC_TERRITORY_WORLD);
        return true;
}

static bool read_moderation(struct reading *r, GError **error)
{
        struct plc_list codes;
        int verdict = 0;

        if (!read_item(r, error) ||
            !plc_take_word(r->object, "verdict", PLC_MUST, plc_moderation_words, &verdict, error) ||
            !plc_take_int(r->object, "policy_version", PLC_MUST, INT64_MIN, &r->event->moderation.policy_version,
                          error) ||
            !plc_take_texts(r->object, "codes", PLC_MUST, false, r->names, &codes, error))
                return false;
        r->event->moderation.verdict = (plc_moderation_verdict)verdict;
        return true;
}

static bool read_disclosure(struct reading *r, GError **error)
{
        int connection = 0, verification;

        if (!read_item(r, error) ||
            !plc_take_word(r->object, "connection", PLC_MUST, plc_connection_words, &connection, error) ||
            !plc_take_word(r->object, "verification", PLC_MUST, plc_verification_words, &verification, error))
                return false;
        r->event->connection = (plc_connection)connection;
        return true;
}

static bool read_flags(struct reading *r, GError **error)
{
        return read_item(r, error) &&
               plc_take_texts(r->object, "flags", PLC_MUST, false, r->names, &r->event->flags, error);
}

static const struct {
        const char *name;
        read_fn read;
} types[] = {
#define PLC_EVENT(name, text, read) [PLC_EVENT_##name] = {text, read},
#include "rights/events.def"
#undef PLC_EVENT
};

bool plc_event_type_parse(const char *text, plc_event_type *out)
{
        for (int type = 0; type < PLC_EVENT_REQUEST; type++)
                if (strcmp(types[type].name, text) == 0) {
                        *out = (plc_event_type)type;
                        return true;
                }
        if (!g_str_has_prefix(text, types[PLC_EVENT_REQUEST].name))
                return false;
        *out = PLC_EVENT_REQUEST;
        return true;
}

const char *plc_event_type_name(plc_event_type type)
{
        return types[type].name;
}

bool plc_event_parse(const char *json, size_t size, const char *where, struct plc_names *names, struct plc_event *out,
                     GError **error)
{
        g_autoptr(plc_json) root = plc_take_document(json, size, where, error);
        struct plc_event event = {0};
        struct reading r = {.object = root, .names = names, .event = &event};
        const char *type = NULL, *hash;

        if (root == NULL || !plc_take_int(root, "seq", PLC_MUST, 1, &event.seq, error) ||
            !plc_take_time(root, "recorded_at", PLC_MUST, &event.recorded_at, error) ||
            !plc_take_time(root, "effective_at", PLC_MUST, &event.effective_at, error) ||
            !plc_take_text(root, "type", PLC_MUST, &type, error) ||
            !plc_take_text(root, "prev_hash", PLC_MAY, &hash, error) ||
            !plc_take_text(root, "hash", PLC_MAY, &hash, error))
                return false;
        if (!plc_event_type_parse(type, &event.type))
                return plc_take_refuse(plc_json_member(root, "type"), "a known type of event", error);
        if (types[event.type].read != NULL && (!types[event.type].read(&r, error) || !plc_json_only(root, error)))
                return false;
        *out = event;
        return true;
}

static void mention(GArray *out, plc_id_kind kind, const char *id)
{
        struct plc_mention m = {.kind = kind, .id = id};

        if (id != NULL)
                g_array_append_val(out, m);
}

void plc_event_mentions(const struct plc_event *event, GArray *out)
{
        mention(out, PLC_ID_ITEM, event->item);
        if (event->type == PLC_EVENT_SUBJECT_ERASED)
                mention(out, PLC_ID_CONTRIBUTOR, event->contributor);
        mention(out, PLC_ID_GRANT, event->grant);
        mention(out, PLC_ID_HOLD, event->hold);
        mention(out, event->subject_kind, event->subject);
}

char *plc_event_canonical(const char *json, size_t size, GError **error)
{
        static const char *const chain[] = {"prev_hash", "hash", NULL};
        g_autoptr(plc_json) root = plc_take_document(json, size, "event", error);

        return root != NULL ? plc_json_canonical_without(root, chain, error) : NULL;
}

bool plc_event_hash(const char *prev_hash_hex, const char *canonical, char out_hex[PLC_SHA256_HEX_SIZE])
{
        uint8_t bytes[PLC_SHA256_LEN] = {0};
        plc_hash *hash;

        if (prev_hash_hex != NULL && !plc_unhex(prev_hash_hex, bytes, sizeof bytes))
                return false;
        hash = plc_hash_new();
        plc_hash_add(hash, bytes, sizeof bytes);
        plc_hash_add(hash, canonical, strlen(canonical));
        plc_hash_final(hash, bytes);
        plc_hex(bytes, sizeof bytes, out_hex);
        return true;
}
