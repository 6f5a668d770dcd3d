/* When and where may an item be shown? For every context that the site publishes for, decide() is asked; the answers
 * become rows. */
#include "publish/segments.h"

#include <string.h>

#include "base/clock.h"
#include "text/language_tag.h"

static const struct {
        enum plc_index_edit index;
        unsigned rights;
        enum plc_item_kind kind;
} edits[] = {
        {PLC_INDEX_EDIT_NONE, 0, PLC_ITEM_PHOTO},
        {PLC_INDEX_EDIT_CROP, 1u << PLC_EDIT_CROP, PLC_ITEM_PHOTO},
        {PLC_INDEX_EDIT_NONE, 0, PLC_ITEM_REVIEW},
        {PLC_INDEX_EDIT_EXCERPT, 1u << PLC_EDIT_EXCERPT, PLC_ITEM_REVIEW},
        {PLC_INDEX_EDIT_TRANSLATE, 1u << PLC_EDIT_TRANSLATE, PLC_ITEM_REVIEW},
};

/* One context, while the territories are gone through. */
struct walk {
        const struct plc_publisher *publisher;
        const plc_ledger *ledger;
        const plc_item *item;
        struct plc_territories named;      /* of the rights model */
        char other[3];                     /* answers for all that are not named */
        GPtrArray *codes;                  /* the named ones that the index knows; borrowed */
        struct plc_index_territories rest; /* all others that it knows */
        GPtrArray *languages;              /* the site's, as a question wants them; NULL in it: no language */
        int64_t now_ms;
        GArray *found; /* of the question that is being asked */
        struct plc_publish_rows *rows;
};

void plc_publish_rows_free(struct plc_publish_rows *rows)
{
        if (rows == NULL)
                return;
        g_array_unref(rows->segments);
        g_ptr_array_unref(rows->texts);
        g_free(rows);
}

/* The same as joined by spaces, of which a duty has none. */
static bool same_duties(const char *a, char *const *duties)
{
        for (; *duties != NULL; duties++) {
                size_t size = strlen(*duties);

                if (strncmp(a, *duties, size) != 0 || a[size] != (duties[1] != NULL ? ' ' : '\0'))
                        return false;
                a += size + (duties[1] != NULL);
        }
        return *a == '\0';
}

/* The row of this context with the same bounds and duties, of those added since `first`; made if there is none. */
static struct plc_index_segment *row_for(struct walk *walk, guint first, const struct plc_index_segment *like,
                                         const struct plc_segment *segment)
{
        GArray *rows = walk->rows->segments;
        struct plc_index_segment row = *like;
        char *duties;

        for (guint i = first; i < rows->len; i++) {
                struct plc_index_segment *at = &g_array_index(rows, struct plc_index_segment, i);

                if (at->from_ms == segment->from && at->until_ms == segment->until &&
                    same_duties(at->duties, segment->duties))
                        return at;
        }
        duties = g_strjoinv(" ", segment->duties);
        g_ptr_array_add(walk->rows->texts, duties);
        row.from_ms = segment->from;
        row.until_ms = segment->until;
        row.duties = duties;
        g_array_append_val(rows, row);
        return &g_array_index(rows, struct plc_index_segment, rows->len - 1);
}

static void mark(struct plc_index_segment *row, const struct walk *walk, const char *territory)
{
        if (territory != NULL)
                plc_index_territories_add(&row->territories, territory);
        else
                plc_index_territories_join(&row->territories, &walk->rest);
}

/* A name that must be given (duty CREDIT) and may not be shown: then the item is not shown. */
static bool lacks_credit(plc_identity identity, char *const *duties)
{
        return identity == PLC_IDENTITY_HIDDEN && g_strv_contains((const char *const *)duties, "CREDIT");
}

/* territory NULL: all that are not named. */
static void ask(struct walk *walk, guint first, const struct plc_index_segment *like, struct plc_question *question,
                const char *territory)
{
        GArray *found = walk->found;

        g_array_set_size(found, 0);
        question->territory = territory != NULL ? territory : walk->other;
        if (!plc_segments(walk->ledger, walk->publisher->policy, question, walk->now_ms, found))
                return;
        for (guint i = 0; i < found->len; i++) {
                const struct plc_segment *segment = &g_array_index(found, struct plc_segment, i);

                if (segment->from < segment->until && !lacks_credit(question->identity, segment->duties))
                        mark(row_for(walk, first, like, segment), walk, territory);
        }
}

static void ask_everywhere(struct walk *walk, const struct plc_index_segment *like, struct plc_question *question)
{
        guint first = walk->rows->segments->len;

        for (guint i = 0; i < walk->codes->len; i++)
                ask(walk, first, like, question, walk->codes->pdata[i]);
        ask(walk, first, like, question, NULL);
}

/* Gone through once for all contexts: there are hundreds of them. */
static void part_territories(struct walk *walk)
{
        const char *code;

        walk->codes = g_ptr_array_new();
        plc_index_territories_add_world(&walk->rest);
        for (size_t i = 0; (code = plc_index_territory_at(i)) != NULL; i++) {
                plc_territory number;

                if (!plc_territory_parse(code, &number) || !plc_territories_has(&walk->named, number))
                        continue;
                g_ptr_array_add(walk->codes, (gpointer)code);
                plc_index_territories_remove(&walk->rest, code);
        }
}

/* As the question wants it; NULL: no language. */
static char *full_form(const char *language)
{
        return plc_language_is_none(language) ? NULL : plc_language_full(language, plc_text_maximise);
}

/* Both identities, for one product, channel, language (full: as the question wants it) and edit. */
static void ask_context(struct walk *walk, plc_channel channel, const char *product, const char *language,
                        const char *full, enum plc_index_edit edit, unsigned rights_edits)
{
        struct plc_question question =
                plc_publish_question(walk->publisher, walk->item->id, channel, NULL, walk->now_ms);
        struct plc_index_segment like = {
                .product = product,
                .channel = plc_channel_words[channel],
                .language = language,
                .edit = edit,
        };

        question.product = product[0] != '\0' ? product : NULL;
        question.language = full;
        question.edits = rights_edits;
        for (int identity = 1; identity >= 0; identity--) {
                question.identity = identity ? PLC_IDENTITY_SHOWN : PLC_IDENTITY_HIDDEN;
                like.identity = identity;
                ask_everywhere(walk, &like, &question);
        }
}

static bool has_translation(const plc_item *item)
{
        return plc_item_find_text(item, "body", 1) != NULL;
}

static void ask_product(struct walk *walk, plc_channel channel, const char *product)
{
        for (size_t e = 0; e < G_N_ELEMENTS(edits); e++) {
                if (edits[e].kind != walk->item->kind ||
                    (edits[e].index == PLC_INDEX_EDIT_TRANSLATE && !has_translation(walk->item)))
                        continue;
                ask_context(walk, channel, product, "", NULL, edits[e].index, edits[e].rights);
                for (guint i = 0; i < walk->languages->len; i++)
                        ask_context(walk, channel, product, walk->publisher->languages[i], walk->languages->pdata[i],
                                    edits[e].index, edits[e].rights);
        }
}

struct plc_publish_rows *plc_publish_segments(const struct plc_publisher *publisher, const plc_ledger *ledger,
                                              const plc_item *item, int64_t now_ms)
{
        struct walk walk = {.publisher = publisher, .ledger = ledger, .item = item, .now_ms = now_ms};

        walk.rows = g_new0(struct plc_publish_rows, 1);
        walk.rows->segments = g_array_new(FALSE, FALSE, sizeof(struct plc_index_segment));
        walk.rows->texts = g_ptr_array_new_with_free_func(g_free);
        plc_decide_territories(ledger, publisher->policy, item->id, &walk.named, walk.other);
        walk.found = plc_segments_new();
        part_territories(&walk);
        walk.languages = g_ptr_array_new_with_free_func(g_free);
        for (const char *const *language = publisher->languages; *language != NULL; language++)
                g_ptr_array_add(walk.languages, full_form(*language));
        for (const char *const *channel = publisher->channels; *channel != NULL; channel++) {
                int number = plc_word_index(plc_channel_words, *channel);

                if (number < 0 || !plc_index_channel_public(*channel))
                        continue;
                ask_product(&walk, (plc_channel)number, "");
                for (guint p = 0; p < item->products->len; p++) {
                        const plc_item_product *product = item->products->pdata[p];

                        ask_product(&walk, (plc_channel)number, product->product);
                }
        }
        g_ptr_array_unref(walk.codes);
        g_ptr_array_unref(walk.languages);
        g_array_unref(walk.found);
        return walk.rows;
}

struct code {
        char text[3];
};

struct ever {
        const struct plc_publisher *publisher;
        const plc_ledger *ledger;
        struct plc_territories named;
        GArray *codes; /* of struct code: the named ones, without the world */
        char other[3];
        GPtrArray *languages; /* NULL, and the site's as a question wants them */
        char *const *only;    /* NULL: all */
        int64_t now_ms;
};

static bool ever_there(const struct ever *ever, struct plc_question *question, const char *territory)
{
        g_autoptr(GArray) found = plc_segments_new();

        question->territory = territory;
        return plc_segments(ever->ledger, ever->publisher->policy, question, ever->now_ms, found);
}

static bool ever_in_one_of(const struct ever *ever, struct plc_question *question)
{
        bool other = false;

        for (char *const *code = ever->only; *code != NULL; code++) {
                plc_territory number;

                if (!plc_territory_parse(*code, &number))
                        continue;
                if (plc_territories_has(&ever->named, number) ? ever_there(ever, question, *code)
                                                              : !other && ever_there(ever, question, ever->other))
                        return true;
                other |= !plc_territories_has(&ever->named, number);
        }
        return false;
}

static bool ever_somewhere(const struct ever *ever, struct plc_question *question)
{
        if (ever->only != NULL)
                return ever_in_one_of(ever, question);
        if (ever_there(ever, question, ever->other))
                return true;
        for (guint i = 0; i < ever->codes->len; i++)
                if (ever_there(ever, question, g_array_index(ever->codes, struct code, i).text))
                        return true;
        return false;
}

static bool ever_in_a_language(const struct ever *ever, struct plc_question *question)
{
        bool found = false;

        for (guint i = 0; i < ever->languages->len && !found; i++) {
                question->language = ever->languages->pdata[i];
                found = ever_somewhere(ever, question);
        }
        question->language = NULL;
        return found;
}

static struct ever ever_of(const struct plc_publisher *publisher, const plc_ledger *ledger, const plc_item *item,
                           char *const *only, int64_t now_ms)
{
        struct ever ever = {.publisher = publisher, .ledger = ledger, .only = only, .now_ms = now_ms};

        plc_decide_territories(ledger, publisher->policy, item->id, &ever.named, ever.other);
        ever.codes = g_array_new(FALSE, FALSE, sizeof(struct code));
        for (int number = 0; number < PLC_TERRITORIES; number++) {
                struct code code;

                if (number == PLC_TERRITORY_WORLD || !plc_territories_has(&ever.named, (plc_territory)number))
                        continue;
                plc_territory_format((plc_territory)number, code.text);
                g_array_append_val(ever.codes, code);
        }
        ever.languages = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(ever.languages, NULL);
        for (const char *const *language = publisher->languages; *language != NULL; language++) {
                char *full = full_form(*language);

                if (full != NULL)
                        g_ptr_array_add(ever.languages, full);
        }
        return ever;
}

static void ever_clear(struct ever *ever)
{
        g_array_unref(ever->codes);
        g_ptr_array_unref(ever->languages);
}

static struct plc_question least_question(const struct plc_publisher *publisher, const plc_item *item,
                                          plc_channel channel, unsigned rights_edits, int64_t now_ms)
{
        struct plc_question question = plc_publish_question(publisher, item->id, channel, NULL, now_ms);

        question.edits = rights_edits;
        question.identity = PLC_IDENTITY_HIDDEN;
        return question;
}

bool plc_publish_ever(const struct plc_publisher *publisher, const plc_ledger *ledger, const plc_item *item,
                      plc_channel channel, unsigned rights_edits, int64_t now_ms)
{
        struct plc_question question = least_question(publisher, item, channel, rights_edits, now_ms);
        struct ever ever = ever_of(publisher, ledger, item, NULL, now_ms);
        bool found = ever_in_a_language(&ever, &question);

        for (guint p = 0; p < item->products->len && !found; p++) {
                question.product = ((const plc_item_product *)item->products->pdata[p])->product;
                found = ever_in_a_language(&ever, &question);
        }
        ever_clear(&ever);
        return found;
}

bool plc_publish_ever_in(const struct plc_publisher *publisher, const plc_ledger *ledger, const plc_item *item,
                         plc_channel channel, unsigned rights_edits, char *const *territories, int64_t now_ms)
{
        struct plc_question question = least_question(publisher, item, channel, rights_edits, now_ms);
        bool all = g_strv_contains((const char *const *)territories, "WW");
        struct ever ever = ever_of(publisher, ledger, item, all ? NULL : territories, now_ms);

        bool found = ever_in_a_language(&ever, &question);

        ever_clear(&ever);
        return found;
}
