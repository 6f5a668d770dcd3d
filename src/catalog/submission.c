/* Who sent what, and when? Contributors, submissions, revisions: written together, found by HMAC or id. */
#include "catalog/submission.h"

#include <string.h>

#include "catalog/inner.h"
#include "catalog/item_write.h"

plc_contributor *plc_contributor_new(void)
{
        plc_contributor *contributor = g_new0(plc_contributor, 1);

        plc_id_new(contributor->id);
        return contributor;
}

void plc_contributor_free(plc_contributor *contributor)
{
        if (contributor == NULL)
                return;
        g_free(contributor->source);
        g_free(contributor->external_hmac);
        g_clear_pointer(&contributor->sealed_external, g_bytes_unref);
        g_clear_pointer(&contributor->sealed_email, g_bytes_unref);
        g_free(contributor->age_band);
        g_free(contributor);
}

plc_submission *plc_submission_new(void)
{
        plc_submission *submission = g_new0(plc_submission, 1);

        plc_id_new(submission->id);
        return submission;
}

void plc_submission_free(plc_submission *submission)
{
        if (submission == NULL)
                return;
        g_free(submission->source);
        g_free(submission->external_hmac);
        g_clear_pointer(&submission->sealed_external, g_bytes_unref);
        g_free(submission);
}

plc_revision *plc_revision_new(void)
{
        return g_new0(plc_revision, 1);
}

void plc_revision_free(plc_revision *revision)
{
        if (revision == NULL)
                return;
        g_free(revision->content_hash);
        g_clear_pointer(&revision->sealed_drop, g_bytes_unref);
        g_clear_pointer(&revision->sealed_name, g_bytes_unref);
        g_free(revision->country);
        g_free(revision->locale);
        g_free(revision->credit);
        g_free(revision->origin);
        g_free(revision->campaign);
        g_free(revision->prompt);
        g_free(revision->connection);
        g_free(revision->verification);
        g_strfreev(revision->tags);
        g_clear_pointer(&revision->sealed_answer, g_bytes_unref);
        g_free(revision);
}

static bool insert_contributor(plc_catalog *catalog, const plc_contributor *c, GError **error)
{
        return plc_db_run(catalog->db, "contributor_insert", error, "tttbbti", c->id, c->source, c->external_hmac,
                          PLC_BYTES(c->sealed_external), PLC_BYTES(c->sealed_email), c->age_band, c->created_at);
}

static bool insert_revision(plc_catalog *catalog, const plc_revision *r, GError **error)
{
        if (!plc_db_run(catalog->db, "revision_insert", error, "titbbttttttittiib", r->submission, r->number,
                        r->content_hash, PLC_BYTES(r->sealed_drop), PLC_BYTES(r->sealed_name), r->country, r->locale,
                        r->credit, r->origin, r->campaign, r->prompt, r->prompt_version, r->connection, r->verification,
                        r->collected_at, r->received_at, PLC_BYTES(r->sealed_answer)))
                return false;
        for (int64_t i = 0; r->tags != NULL && r->tags[i] != NULL; i++)
                if (!plc_db_run(catalog->db, "revision_tag_insert", error, "tiit", r->submission, r->number, i,
                                r->tags[i]))
                        return false;
        return true;
}

/* The revision and all that hangs on it; the submission's row is there. */
static bool insert_content(plc_catalog *catalog, const struct plc_intake *intake, int64_t number, GError **error)
{
        plc_revision *revision = intake->revision;

        memcpy(revision->submission, intake->submission->id, PLC_ID_SIZE);
        revision->number = number;
        if (!insert_revision(catalog, revision, error))
                return false;
        for (guint i = 0; i < intake->items->len; i++) {
                plc_item *item = g_ptr_array_index(intake->items, i);

                memcpy(item->submission, intake->submission->id, PLC_ID_SIZE);
                memcpy(item->contributor, intake->submission->contributor, PLC_ID_SIZE);
                item->revision = number;
                item->created_at = item->changed_at = revision->received_at;
                if (!plc_catalog_insert_item(catalog, item, error))
                        return false;
        }
        for (guint i = 0; intake->persons != NULL && i < intake->persons->len; i++)
                if (!plc_catalog_insert_person(catalog, intake->submission->id, g_ptr_array_index(intake->persons, i),
                                               error))
                        return false;
        return true;
}

bool plc_catalog_insert_submission(plc_catalog *catalog, const struct plc_intake *intake, GError **error)
{
        plc_submission *s = intake->submission;

        if (!plc_catalog_need_tx(catalog, error) || !insert_contributor(catalog, intake->contributor, error))
                return false;
        memcpy(s->contributor, intake->contributor->id, PLC_ID_SIZE);
        s->revision = 1;
        return plc_db_run(catalog->db, "submission_insert", error, "ttttbi", s->id, s->contributor, s->source,
                          s->external_hmac, PLC_BYTES(s->sealed_external), s->created_at) &&
               insert_content(catalog, intake, 1, error);
}

bool plc_catalog_insert_revision(plc_catalog *catalog, const struct plc_intake *intake, GError **error)
{
        plc_submission *s = intake->submission;

        if (!plc_catalog_need_tx(catalog, error) ||
            !plc_db_run(catalog->db, "submission_next_revision", error, "ti", s->id, s->revision))
                return false;
        if (plc_db_changes(catalog->db) != 1)
                return plc_fail(error, PLC_E_CONFLICT, "submission %s has another revision than %" G_GINT64_FORMAT,
                                s->id, s->revision);
        if (!insert_content(catalog, intake, s->revision + 1, error))
                return false;
        s->revision++;
        return true;
}

static gpointer read_contributor(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        plc_contributor *contributor = g_new0(plc_contributor, 1);

        (void)catalog, (void)error;
        plc_catalog_copy_id(rows, 0, contributor->id);
        contributor->source = plc_rows_dup(rows, 1);
        contributor->external_hmac = plc_rows_dup(rows, 2);
        contributor->sealed_external = plc_rows_bytes(rows, 3);
        contributor->sealed_email = plc_rows_bytes(rows, 4);
        contributor->age_band = plc_rows_dup(rows, 5);
        contributor->created_at = plc_rows_int(rows, 6);
        contributor->erased = plc_rows_int(rows, 7) != 0;
        return contributor;
}

static gpointer read_submission(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        plc_submission *submission = g_new0(plc_submission, 1);

        (void)catalog, (void)error;
        plc_catalog_copy_id(rows, 0, submission->id);
        plc_catalog_copy_id(rows, 1, submission->contributor);
        submission->source = plc_rows_dup(rows, 2);
        submission->external_hmac = plc_rows_dup(rows, 3);
        submission->sealed_external = plc_rows_bytes(rows, 4);
        submission->created_at = plc_rows_int(rows, 5);
        submission->revision = plc_rows_int(rows, 6);
        return submission;
}

static gpointer read_revision(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        g_autoptr(plc_revision) r = plc_revision_new();
        GPtrArray *tags;

        plc_catalog_copy_id(rows, 0, r->submission);
        r->number = plc_rows_int(rows, 1);
        r->content_hash = plc_rows_dup(rows, 2);
        r->sealed_drop = plc_rows_bytes(rows, 3);
        r->sealed_name = plc_rows_bytes(rows, 4);
        r->country = plc_rows_dup(rows, 5);
        r->locale = plc_rows_dup(rows, 6);
        r->credit = plc_rows_dup(rows, 7);
        r->origin = plc_rows_dup(rows, 8);
        r->campaign = plc_rows_dup(rows, 9);
        r->prompt = plc_rows_dup(rows, 10);
        r->prompt_version = plc_rows_int(rows, 11);
        r->connection = plc_rows_dup(rows, 12);
        r->verification = plc_rows_dup(rows, 13);
        r->collected_at = plc_rows_int(rows, 14);
        r->received_at = plc_rows_int(rows, 15);
        r->sealed_answer = plc_rows_bytes(rows, 16);
        if (!plc_catalog_take_strings(plc_db_query(catalog->db, "revision_tags", error, "ti", r->submission, r->number),
                                      &tags, error))
                return NULL;
        g_ptr_array_add(tags, NULL);
        r->tags = (char **)g_ptr_array_free(tags, FALSE);
        if (r->tags[0] == NULL)
                g_clear_pointer(&r->tags, g_strfreev);
        return g_steal_pointer(&r);
}

bool plc_catalog_find_submission(plc_catalog *catalog, const char *external_hmac, plc_submission **out, GError **error)
{
        gpointer found;

        if (!plc_catalog_take_one(catalog, plc_db_query(catalog->db, "submission_find", error, "t", external_hmac),
                                  read_submission, &found, error))
                return false;
        *out = found;
        return true;
}

bool plc_catalog_find_contributor(plc_catalog *catalog, const char *external_hmac, plc_contributor **out,
                                  GError **error)
{
        gpointer found;

        if (!plc_catalog_take_one(catalog, plc_db_query(catalog->db, "contributor_find", error, "t", external_hmac),
                                  read_contributor, &found, error))
                return false;
        *out = found;
        return true;
}

bool plc_catalog_find_revision(plc_catalog *catalog, const char *submission, const char *content_hash,
                               plc_revision **out, GError **error)
{
        gpointer found;

        if (!plc_catalog_take_one(catalog,
                                  plc_db_query(catalog->db, "revision_find", error, "tt", submission, content_hash),
                                  read_revision, &found, error))
                return false;
        *out = found;
        return true;
}

bool plc_catalog_get_submission(plc_catalog *catalog, const char *id, plc_submission **out, GError **error)
{
        gpointer found = NULL;

        if (!plc_catalog_must(plc_catalog_take_one(catalog, plc_db_query(catalog->db, "submission_get", error, "t", id),
                                                   read_submission, &found, error),
                              &found, "submission", id, error))
                return false;
        *out = found;
        return true;
}

bool plc_catalog_get_contributor(plc_catalog *catalog, const char *id, plc_contributor **out, GError **error)
{
        gpointer found = NULL;

        if (!plc_catalog_must(plc_catalog_take_one(catalog,
                                                   plc_db_query(catalog->db, "contributor_get", error, "t", id),
                                                   read_contributor, &found, error),
                              &found, "contributor", id, error))
                return false;
        *out = found;
        return true;
}

bool plc_catalog_get_revision(plc_catalog *catalog, const char *submission, int64_t number, plc_revision **out,
                              GError **error)
{
        gpointer found = NULL;

        if (!plc_catalog_must(
                    plc_catalog_take_one(catalog,
                                         plc_db_query(catalog->db, "revision_get", error, "ti", submission, number),
                                         read_revision, &found, error),
                    &found, "revision of submission", submission, error))
                return false;
        *out = found;
        return true;
}

bool plc_catalog_set_answer(plc_catalog *catalog, const char *submission, int64_t number, GBytes *sealed_answer,
                            GError **error)
{
        return plc_db_run(catalog->db, "revision_set_answer", error, "tib", submission, number,
                          PLC_BYTES(sealed_answer)) &&
               plc_catalog_changed_one(catalog, "revision of submission", submission, error);
}

bool plc_catalog_list_submissions(plc_catalog *catalog, enum plc_item_state state, const char *after, size_t limit,
                                  GPtrArray **out, GError **error)
{
        int64_t most = (int64_t)MIN(limit, PLC_CATALOG_PAGE_MAX);

        return plc_catalog_take_all(catalog,
                                    plc_db_query(catalog->db, "submission_list", error, "tti",
                                                 plc_item_state_name(state), after != NULL ? after : "", most),
                                    read_submission, (GDestroyNotify)plc_submission_free, out, error);
}

bool plc_catalog_list_submissions_of(plc_catalog *catalog, const char *contributor, GPtrArray **out, GError **error)
{
        return plc_catalog_take_all(catalog,
                                    plc_db_query(catalog->db, "submission_of_contributor", error, "t", contributor),
                                    read_submission, (GDestroyNotify)plc_submission_free, out, error);
}

bool plc_catalog_list_sources(plc_catalog *catalog, GPtrArray **out, GError **error)
{
        return plc_catalog_take_strings(plc_db_query(catalog->db, "list_sources", error, ""), out, error);
}
