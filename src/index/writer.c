/* How does the office change what the world sees? Whole items in one transaction; what must not be public is refused
 * here as well. */
#include "base/clock.h"
#include "base/hash.h"
#include "base/id.h"
#include "db/db.h"
#include "index/documents.h"
#include "index/front.h"
#include "index/index.h"
#include "index/internal.h"
#include "index/pieces.h"
#include "index/postings.h"
#include "index/schema.h"
#include "index/view.h"
#include <string.h>

#define LOG_MAX ((int64_t)64 * 1024 * 1024) /* of index.db-wal, before it is cut */

/*
 * Of a publication of everything. Rows of an item go to a dozen places of the file, and with 32 MB of pages each place
 * is written to the log, and read from it again, for nearly each item once there are 200,000 (measured: 25 GB written
 * for an index of 1.5). Words are written once instead of once for each 2 million of them.
 */
#define WHOLE_CACHE ((int64_t)512 * 1024 * 1024)
#define WHOLE_WORDS 8000000

struct plc_index_writer {
        plc_db *db;
        plc_db_tx *tx;
        plc_index_documents *documents;
        plc_index_fronts *fronts;
        bool whole;   /* the publication that is open is one of everything */
        bool removed; /* bytes of something removed may still stand in the log */
};

plc_db *plc_index_writer_db(plc_index_writer *w)
{
        return w->db;
}

static const char *const public_channels[] = {"pdp", "home", "landing", "email", "feed"};

bool plc_index_channel_public(const char *channel)
{
        for (size_t i = 0; i < G_N_ELEMENTS(public_channels); i++)
                if (strcmp(public_channels[i], channel) == 0)
                        return true;
        return false;
}

/* --- the file
 * -------------------------------------------------------------------------------------------------------------------
 */

bool plc_index_writer_open(const char *dir, const char *const *languages, plc_index_writer **out, GError **error)
{
        char **packed = NULL;
        g_autofree char *path = g_build_filename(dir, "index.db", NULL);
        g_autoptr(plc_index_writer) w = g_new0(plc_index_writer, 1);

        w->db = plc_db_open(path, PLC_DB_CREATE | PLC_DB_PUBLIC | PLC_DB_SECURE_DELETE, plc_index_sql(), error);
        if (w->db == NULL || !plc_index_bring_up_to_date(w->db, languages, &packed, error))
                return false;
        w->documents = plc_index_documents_new(w->db);
        w->fronts = plc_index_fronts_new(w->db, packed);
        w->removed = true; /* an office that died may have left something */
        *out = g_steal_pointer(&w);
        return true;
}

static bool tidy(plc_index_writer *w, GError **error)
{
        bool done;

        if (!plc_db_try_checkpoint(w->db, w->removed ? 0 : LOG_MAX, &done, error))
                return false;
        w->removed = w->removed && !done; /* the next commit or renewal tries again */
        return true;
}

void plc_index_writer_close(plc_index_writer *w)
{
        if (w == NULL)
                return;
        plc_db_rollback(g_steal_pointer(&w->tx));
        if (w->removed) /* somebody read when it was; there is no next commit. If it still cannot: the next opening's */
                tidy(w, NULL);
        plc_index_documents_free(w->documents);
        plc_index_fronts_free(w->fronts);
        plc_db_close(w->db);
        g_free(w);
}

bool plc_index_begin(plc_index_writer *w, GError **error)
{
        w->tx = plc_db_begin(w->db, error);
        return w->tx != NULL;
}

bool plc_index_begin_whole(plc_index_writer *w, GError **error)
{
        if (!plc_index_begin(w, error))
                return false;
        w->whole = plc_db_cache(w->db, WHOLE_CACHE, error);
        if (!w->whole) {
                plc_index_rollback(w);
                return false;
        }
        plc_index_documents_keep(w->documents, WHOLE_WORDS);
        return true;
}

/* An error here is none: what was published is published. */
static void end_whole(plc_index_writer *w)
{
        if (!w->whole)
                return;
        w->whole = false;
        plc_db_cache(w->db, 0, NULL);
        plc_index_documents_keep(w->documents, 0);
}

bool plc_index_empty_log(plc_index_writer *w, GError **error)
{
        if (!plc_db_empty_log(w->db, error))
                return false;
        w->removed = false;
        return true;
}

static bool commit(plc_index_writer *w, bool pack, int64_t now_ms, GError **error)
{
        if (!plc_index_documents_settle(w->documents, error) || !plc_index_fronts_settle(w->fronts, pack, error) ||
            !plc_db_run(w->db, "published", error, "i", now_ms) || !plc_db_commit(&w->tx, error)) {
                plc_index_rollback(w);
                return false;
        }
        end_whole(w);
        return true;
}

bool plc_index_commit(plc_index_writer *w, int64_t now_ms, GError **error)
{
        return commit(w, true, now_ms, error) && tidy(w, error);
}

bool plc_index_commit_first(plc_index_writer *w, int64_t now_ms, GError **error)
{
        return commit(w, false, now_ms, error);
}

void plc_index_rollback(plc_index_writer *w)
{
        plc_index_documents_forget(w->documents);
        plc_index_fronts_forget(w->fronts);
        plc_db_rollback(g_steal_pointer(&w->tx));
        end_whole(w);
}

bool plc_index_renew_lease(plc_index_writer *w, int64_t now_ms, int64_t lease_ms, GError **error)
{
        return plc_db_run(w->db, "renew_lease", error, "ii", now_ms, lease_ms) && tidy(w, error);
}

/* --- what may get in
 * ------------------------------------------------------------------------------------------------------------ */

static bool check_item(const struct plc_index_item *item, GError **error)
{
        if (item->id == NULL || item->group == NULL)
                return plc_fail(error, PLC_E_BAD_VALUE, "an item for the index without id or group");
        if (item->kind == PLC_INDEX_REVIEW && item->text == NULL && item->title == NULL && !item->has_rating)
                return plc_fail(error, PLC_E_BAD_VALUE, "review %s has neither text, title nor rating", item->id);
        if (item->kind != PLC_INDEX_PHOTO)
                return true;
        if (item->key == NULL || strlen(item->key) != PLC_ID_LEN ||
            strspn(item->key, "0123456789abcdefghjkmnpqrstvwxyz") != PLC_ID_LEN)
                return plc_fail(error, PLC_E_BAD_VALUE, "photo %s has no media key", item->id);
        if (item->width == 0 || item->height == 0)
                return plc_fail(error, PLC_E_BAD_VALUE, "photo %s has no size", item->id);
        return true;
}

static bool check_segment(const char *item, const struct plc_index_segment *s, GError **error)
{
        if (s->product == NULL || s->channel == NULL || !plc_index_channel_public(s->channel))
                return plc_fail(error, PLC_E_BAD_VALUE, "a segment of %s for channel %s, which is not public", item,
                                s->channel != NULL ? s->channel : "(none)");
        if (s->from_ms >= s->until_ms)
                return plc_fail(error, PLC_E_BAD_VALUE, "a segment of %s that ends before it begins", item);
        if (plc_index_territories_is_empty(&s->territories))
                return plc_fail(error, PLC_E_BAD_VALUE, "a segment of %s for no territory", item);
        return true;
}

static bool check_rendition(const char *item, const struct plc_index_rendition *r, GError **error)
{
        size_t name = strlen(r->name), extension = strlen(r->extension);

        if (!plc_index_channel_public(r->channel))
                return plc_fail(error, PLC_E_BAD_VALUE, "rendition %s of %s is for channel %s, which is not public",
                                r->name, item, r->channel);
        if (name == 0 || name > 96 || strspn(r->name, "abcdefghijklmnopqrstuvwxyz0123456789.-") != name ||
            r->name[0] == '.')
                return plc_fail(error, PLC_E_BAD_VALUE, "rendition of %s has a bad name: %s", item, r->name);
        if (!plc_sha256_hex_valid(r->sha256) || extension == 0 || extension > 5 ||
            strspn(r->extension, "abcdefghijklmnopqrstuvwxyz0123456789") != extension)
                return plc_fail(error, PLC_E_BAD_VALUE, "rendition %s of %s names no file of public/assets", r->name,
                                item);
        if (r->width == 0 || r->height == 0 || r->bytes <= 0)
                return plc_fail(error, PLC_E_BAD_VALUE, "rendition %s of %s has no size", r->name, item);
        return true;
}

static bool has_edit(const struct plc_index_segment *segments, size_t n, const char *channel, enum plc_index_edit edit)
{
        for (size_t i = 0; i < n; i++)
                if (segments[i].edit == edit && (channel == NULL || strcmp(segments[i].channel, channel) == 0))
                        return true;
        return false;
}

static bool has_identity(const struct plc_index_segment *segments, size_t n)
{
        for (size_t i = 0; i < n; i++)
                if (segments[i].identity)
                        return true;
        return false;
}

/* --- items
 * ----------------------------------------------------------------------------------------------------------------------
 */

/* A piece that no segment lets out is not written at all: what nobody may see is in no byte of the index. */
static bool put_item_row(plc_index_writer *w, const struct plc_index_item *item,
                         const struct plc_index_segment *segments, size_t n, const struct plc_index_document *document,
                         GError **error)
{
        g_autofree char *head = plc_index_head(item);
        g_autofree char *named = has_identity(segments, n) ? plc_index_named(item) : NULL;
        g_autofree char *tail = plc_index_tail(item);
        g_autofree char *tags = item->kind == PLC_INDEX_PHOTO ? plc_index_tags(item) : g_strdup("");
        bool same = item->excerpt != NULL && g_strcmp0(item->excerpt, item->text) == 0;
        const char *excerpt = same || has_edit(segments, n, NULL, PLC_INDEX_EDIT_EXCERPT) ? item->excerpt : NULL;

        return plc_db_run(w->db, "put_item", error, "titiittttitttitt", item->id, (int64_t)item->kind, item->group,
                          (int64_t)item->position, item->written_at, item->language != NULL ? item->language : "und",
                          head, named, excerpt, (int64_t)same, tail, tags, item->verification, document->doc,
                          document->facets, document->terms);
}

static bool is_alike(const struct plc_index_segment *a, const struct plc_index_segment *b)
{
        return a->identity == b->identity && a->from_ms == b->from_ms && a->until_ms == b->until_ms &&
               strcmp(a->channel, b->channel) == 0 && strcmp(a->product, b->product) == 0 &&
               memcmp(&a->territories, &b->territories, sizeof a->territories) == 0 &&
               strcmp(a->duties != NULL ? a->duties : "", b->duties != NULL ? b->duties : "") == 0;
}

static const char *language_word(const struct plc_index_segment *s)
{
        return s->language == NULL ? "*" : s->language[0] != '\0' ? s->language : PLC_INDEX_NO_LANGUAGE;
}

static bool put_segment(plc_index_writer *w, const struct plc_index_item *item, const struct plc_index_segment *s,
                        const char *languages, int64_t edits, size_t nr, GError **error)
{
        uint8_t territories[PLC_INDEX_TERRITORIES_BYTES];
        size_t size = plc_index_territories_store(&s->territories, territories);

        return plc_db_run(w->db, "put_segment", error, "ttiititiiiibt", s->product, s->channel, (int64_t)item->kind,
                          item->written_at, item->id, (int64_t)nr, languages, edits, (int64_t)s->identity, s->from_ms,
                          s->until_ms, territories, size, s->duties != NULL ? s->duties : "");
}

/* like[i]: the first row that row i is alike. */
static size_t *find_alike(const struct plc_index_segment *segments, size_t n)
{
        size_t *like = g_new(size_t, n);

        for (size_t i = 0; i < n; i++) {
                size_t first = 0;

                while (first < i && (like[first] != first || !is_alike(&segments[first], &segments[i])))
                        first++;
                like[i] = first;
        }
        return like;
}

/* edits[i]: of all rows like row i in its language; 0 where an earlier row tells it. */
static int64_t *join_edits(const struct plc_index_segment *segments, const size_t *like, size_t n)
{
        int64_t *edits = g_new0(int64_t, n);

        for (size_t i = 0; i < n; i++) {
                size_t first = 0;

                while (first < i && (like[first] != like[i] || edits[first] == 0 ||
                                     strcmp(language_word(&segments[first]), language_word(&segments[i])) != 0))
                        first++;
                edits[first] |= INT64_C(1) << segments[i].edit;
        }
        return edits;
}

/* Rows that differ in nothing but edit and language are one: a list reads a tenth of the rows. */
static bool put_segments(plc_index_writer *w, const struct plc_index_item *item,
                         const struct plc_index_segment *segments, size_t n, GError **error)
{
        g_autofree size_t *like = find_alike(segments, n);
        g_autofree int64_t *edits = join_edits(segments, like, n);

        for (size_t i = 0; i < n; i++) {
                g_autoptr(GString) languages = NULL;

                if (edits[i] == 0)
                        continue;
                languages = g_string_new(language_word(&segments[i]));
                for (size_t k = i + 1; k < n; k++) {
                        if (edits[k] != edits[i] || like[k] != like[i])
                                continue;
                        if (segments[k].language == NULL)
                                g_string_assign(languages, "*");
                        else if (strcmp(languages->str, "*") != 0)
                                g_string_append_printf(languages, " %s", language_word(&segments[k]));
                        edits[k] = 0;
                }
                if (!put_segment(w, item, &segments[i], languages->str, edits[i], i, error))
                        return false;
        }
        return true;
}

static bool put_translations(plc_index_writer *w, const struct plc_index_item *item, GError **error)
{
        for (size_t i = 0; i < item->n_translations; i++) {
                g_autofree char *body = plc_index_translation_body(&item->translations[i]);
                if (!plc_db_run(w->db, "put_translation", error, "ttt", item->id, item->translations[i].language, body))
                        return false;
        }
        return true;
}

static bool put_pictures(plc_index_writer *w, const struct plc_index_item *item,
                         const struct plc_index_segment *segments, size_t n,
                         const struct plc_index_rendition *renditions, size_t n_renditions, GError **error)
{
        for (size_t c = 0; c < G_N_ELEMENTS(public_channels); c++) {
                for (int cropped = 0; cropped <= 1; cropped++) {
                        struct plc_index_picture p;
                        if (!has_edit(segments, n, public_channels[c],
                                      cropped ? PLC_INDEX_EDIT_CROP : PLC_INDEX_EDIT_NONE) ||
                            !plc_index_picture_make(item, renditions, n_renditions, public_channels[c], cropped != 0,
                                                    &p))
                                continue;
                        bool ok = plc_db_run(w->db, "put_picture", error, "ttittt", item->id, public_channels[c],
                                             (int64_t)cropped, p.size, p.sources, p.placements);
                        plc_index_picture_clear(&p);
                        if (!ok)
                                return false;
                }
        }
        for (size_t i = 0; i < n_renditions; i++) {
                const struct plc_index_rendition *r = &renditions[i];
                g_autofree char *asset = g_strdup_printf("%s.%s", r->sha256, r->extension);
                if (!has_edit(segments, n, r->channel, r->cropped ? PLC_INDEX_EDIT_CROP : PLC_INDEX_EDIT_NONE))
                        continue;
                if (!plc_db_run(w->db, "put_rendition", error, "ttttitti", item->key, r->name, item->id, r->channel,
                                (int64_t)r->cropped, asset, r->type, r->bytes))
                        return false;
        }
        return true;
}

static bool remove_rows(plc_index_writer *w, const char *item, GError **error)
{
        static const char *const statements[] = {"remove_segments",     "remove_renditions", "remove_pictures",
                                                 "remove_translations", "remove_owner",      "remove_slots",
                                                 "remove_emails"};

        if (!plc_index_fronts_touch_item(w->fronts, item, error))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(statements); i++)
                if (!plc_db_run(w->db, statements[i], error, "t", item))
                        return false;
        if (!plc_db_run(w->db, "remove_item", error, "t", item))
                return false;
        w->removed |= plc_db_changes(w->db) > 0;
        return true;
}

bool plc_index_put_item(plc_index_writer *w, const struct plc_index_item *item,
                        const struct plc_index_segment *segments, size_t n_segments,
                        const struct plc_index_rendition *renditions, size_t n_renditions, GError **error)
{
        struct plc_index_document document;
        int64_t was;
        bool ok;

        if (n_segments == 0)
                return plc_index_remove_item(w, item->id, error);
        if (!check_item(item, error))
                return false;
        for (size_t i = 0; i < n_segments; i++)
                if (!check_segment(item->id, &segments[i], error))
                        return false;
                else
                        plc_index_fronts_touch(w->fronts, &segments[i]);
        for (size_t i = 0; i < n_renditions; i++)
                if (!check_rendition(item->id, &renditions[i], error))
                        return false;
        if (!has_edit(segments, n_segments, NULL, PLC_INDEX_EDIT_NONE))
                return plc_fail(error, PLC_E_BAD_VALUE, "%s may be shown changed but never as it is", item->id);

        if (!plc_index_documents_take(w->documents, item->id, &was, error) ||
            (was != PLC_POSTINGS_NONE && !remove_rows(w, item->id, error)) ||
            !plc_index_documents_put(w->documents, item, segments, n_segments, was, &document, error))
                return false;
        ok = put_item_row(w, item, segments, n_segments, &document, error) &&
             put_segments(w, item, segments, n_segments, error);
        plc_index_document_clear(&document);
        if (!ok)
                return false;
        if (item->owner != NULL && !plc_db_run(w->db, "put_owner", error, "tt", item->id, item->owner))
                return false;
        if (has_edit(segments, n_segments, NULL, PLC_INDEX_EDIT_TRANSLATE) && !put_translations(w, item, error))
                return false;
        return item->kind != PLC_INDEX_PHOTO ||
               put_pictures(w, item, segments, n_segments, renditions, n_renditions, error);
}

bool plc_index_remove_item(plc_index_writer *w, const char *item, GError **error)
{
        int64_t was;

        return plc_index_documents_take(w->documents, item, &was, error) && remove_rows(w, item, error) &&
               plc_db_run(w->db, "remove_from_bundles", error, "t", item);
}

bool plc_index_has_item(plc_index_writer *w, const char *item, bool *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(w->db, "has_item", error, "t", item);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_ERROR)
                return false;
        *out = row == PLC_ROW;
        return true;
}

/* Takes the rows. */
static bool take_ids(plc_rows *taken, GPtrArray **out, GError **error)
{
        g_autoptr(plc_rows) rows = taken;
        g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
        plc_row row = PLC_ROW_ERROR;

        if (rows == NULL)
                return false;
        while ((row = plc_rows_next(rows, error)) == PLC_ROW)
                g_ptr_array_add(ids, plc_rows_dup(rows, 0));
        if (row != PLC_ROW_END)
                return false;
        *out = g_steal_pointer(&ids);
        return true;
}

bool plc_index_list_items(plc_index_writer *w, GPtrArray **out, GError **error)
{
        return take_ids(plc_db_query(w->db, "list_items", error, ""), out, error);
}

bool plc_index_list_expired(plc_index_writer *w, int64_t now_ms, GPtrArray **out, GError **error)
{
        return take_ids(plc_db_query(w->db, "expired_items", error, "i", now_ms), out, error);
}

bool plc_index_clear(plc_index_writer *w, GError **error)
{
        static const char *const statements[] = {
                "clear_item",    "clear_translation", "clear_segment",     "clear_picture", "clear_rendition",
                "clear_summary", "clear_bundle",      "clear_bundle_item", "clear_posting", "clear_owner",
                "clear_email",   "clear_slot",        "clear_front",       "clear_packed",  "clear_unpacked"};

        plc_index_documents_forget(w->documents);
        plc_index_fronts_forget(w->fronts);

        for (size_t i = 0; i < G_N_ELEMENTS(statements); i++)
                if (!plc_db_run(w->db, statements[i], error, ""))
                        return false;
        plc_index_documents_emptied(w->documents);
        w->removed = true;
        return true;
}

/* --- summaries and bundles
 * ------------------------------------------------------------------------------------------------------ */

bool plc_index_put_summary(plc_index_writer *w, const char *product, const struct plc_index_summary *s, GError **error)
{
        plc_index_fronts_touch_product(w->fronts, product);
        return plc_db_run(w->db, "remove_summary", error, "t", product) &&
               plc_db_run(w->db, "put_summary", error, "tidiiiii", product, s->count, s->average, s->stars[0],
                          s->stars[1], s->stars[2], s->stars[3], s->stars[4]);
}

static bool check_bundle(const struct plc_index_bundle *b, GError **error)
{
        g_auto(GStrv) channels = g_strsplit(b->channels != NULL ? b->channels : "", " ", -1);
        size_t length = b->name != NULL ? strlen(b->name) : 0;

        if (length == 0 || length > 64 || strspn(b->name, "abcdefghijklmnopqrstuvwxyz0123456789-") != length)
                return plc_fail(error, PLC_E_BAD_VALUE,
                                "a bundle's name is 1 to 64 of a-z, 0-9 and -, this one is \"%s\"",
                                b->name != NULL ? b->name : "");
        if (channels[0] == NULL)
                return plc_fail(error, PLC_E_BAD_VALUE, "bundle %s is for no public channel", b->name);
        for (size_t i = 0; channels[i] != NULL; i++)
                if (!plc_index_channel_public(channels[i]))
                        return plc_fail(error, PLC_E_BAD_VALUE, "bundle %s is for channel %s, which is not public",
                                        b->name, channels[i]);
        if (b->from_ms >= b->until_ms || plc_index_territories_is_empty(&b->territories))
                return plc_fail(error, PLC_E_BAD_VALUE, "bundle %s is for no time or no territory", b->name);
        return true;
}

static bool drop_bundle(plc_index_writer *w, const char *name, GError **error)
{
        if (!plc_db_run(w->db, "remove_bundle_items", error, "t", name) ||
            !plc_db_run(w->db, "remove_bundle", error, "t", name))
                return false;
        w->removed |= plc_db_changes(w->db) > 0;
        return true;
}

bool plc_index_put_bundle(plc_index_writer *w, const struct plc_index_bundle *b,
                          const struct plc_index_bundle_item *items, size_t n_items, GError **error)
{
        uint8_t territories[PLC_INDEX_TERRITORIES_BYTES];
        size_t size = plc_index_territories_store(&b->territories, territories);

        if (!check_bundle(b, error) || !drop_bundle(w, b->name, error) ||
            !plc_db_run(w->db, "put_bundle", error, "tittbiitt", b->name, b->version,
                        b->title != NULL ? b->title : b->name, b->channels, territories, size, b->from_ms, b->until_ms,
                        b->placements != NULL ? b->placements : "", b->mark != NULL ? b->mark : ""))
                return false;
        for (size_t i = 0; i < n_items; i++)
                if (items[i].item != NULL &&
                    !plc_db_run(w->db, "put_bundle_item", error, "titt", b->name, (int64_t)i + 1, items[i].item,
                                items[i].product != NULL ? items[i].product : ""))
                        return false;
        return plc_db_run(w->db, "remove_bundle_emails", error, "tt", b->name, b->mark != NULL ? b->mark : "");
}

bool plc_index_remove_bundle(plc_index_writer *w, const char *name, GError **error)
{
        return drop_bundle(w, name, error) && plc_db_run(w->db, "remove_bundle_emails", error, "tt", name, "");
}
