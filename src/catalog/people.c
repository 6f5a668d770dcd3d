/* Who is depicted, and where does the evidence of a grant lie? Rows of person, person_item and grant_record. */
#include "catalog/inner.h"
#include "catalog/item.h"
#include "catalog/item_write.h"

plc_person *plc_person_new(void)
{
        plc_person *person = g_new0(plc_person, 1);

        plc_id_new(person->id);
        return person;
}

void plc_person_free(plc_person *person)
{
        if (person == NULL)
                return;
        g_free(person->external_hmac);
        g_free(person->kind);
        g_strfreev(person->items);
        g_free(person);
}

bool plc_catalog_insert_person(plc_catalog *catalog, const char *submission, const plc_person *person, GError **error)
{
        if (!plc_db_run(catalog->db, "person_insert", error, "tttt", person->id, submission, person->external_hmac,
                        person->kind))
                return false;
        for (char **item = person->items; item != NULL && *item != NULL; item++)
                if (!plc_db_run(catalog->db, "person_item_insert", error, "tt", person->id, *item))
                        return false;
        return true;
}

static gpointer read_person(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        g_autoptr(plc_person) person = g_new0(plc_person, 1);
        GPtrArray *items;

        plc_catalog_copy_id(rows, 0, person->id);
        plc_catalog_copy_id(rows, 1, person->submission);
        person->external_hmac = plc_rows_dup(rows, 2);
        person->kind = plc_rows_dup(rows, 3);
        if (!plc_catalog_take_strings(plc_db_query(catalog->db, "person_items", error, "t", person->id), &items, error))
                return NULL;
        g_ptr_array_add(items, NULL);
        person->items = (char **)g_ptr_array_free(items, FALSE);
        return g_steal_pointer(&person);
}

bool plc_catalog_find_person(plc_catalog *catalog, const char *submission, const char *external_hmac, plc_person **out,
                             GError **error)
{
        gpointer found;

        if (!plc_catalog_take_one(catalog,
                                  plc_db_query(catalog->db, "person_find", error, "tt", submission, external_hmac),
                                  read_person, &found, error))
                return false;
        *out = found;
        return true;
}

bool plc_catalog_persons_of_submission(plc_catalog *catalog, const char *submission, GPtrArray **out, GError **error)
{
        return plc_catalog_take_all(catalog, plc_db_query(catalog->db, "persons_of_submission", error, "t", submission),
                                    read_person, (GDestroyNotify)plc_person_free, out, error);
}

plc_grant_record *plc_grant_record_new(void)
{
        plc_grant_record *grant = g_new0(plc_grant_record, 1);

        plc_id_new(grant->id);
        return grant;
}

void plc_grant_record_free(plc_grant_record *grant)
{
        if (grant == NULL)
                return;
        g_free(grant->layer);
        g_free(grant->terms);
        g_free(grant->evidence_blob);
        g_clear_pointer(&grant->sealed_evidence, g_bytes_unref);
        g_free(grant);
}

bool plc_catalog_insert_grant(plc_catalog *catalog, const plc_grant_record *grant, GError **error)
{
        return plc_db_run(catalog->db, "grant_insert", error, "ttttttitbi", grant->id, grant->submission,
                          grant->contributor, grant->person[0] != '\0' ? grant->person : NULL, grant->layer,
                          grant->terms, grant->terms_version, grant->evidence_blob, PLC_BYTES(grant->sealed_evidence),
                          grant->captured_at);
}

static gpointer read_grant(plc_catalog *catalog, plc_rows *rows, GError **error)
{
        plc_grant_record *grant = g_new0(plc_grant_record, 1);

        (void)catalog, (void)error;
        plc_catalog_copy_id(rows, 0, grant->id);
        plc_catalog_copy_id(rows, 1, grant->submission);
        plc_catalog_copy_id(rows, 2, grant->contributor);
        plc_catalog_copy_id(rows, 3, grant->person);
        grant->layer = plc_rows_dup(rows, 4);
        grant->terms = plc_rows_dup(rows, 5);
        grant->terms_version = plc_rows_int(rows, 6);
        grant->evidence_blob = plc_rows_dup(rows, 7);
        grant->sealed_evidence = plc_rows_bytes(rows, 8);
        grant->captured_at = plc_rows_int(rows, 9);
        return grant;
}

bool plc_catalog_get_grant(plc_catalog *catalog, const char *id, plc_grant_record **out, GError **error)
{
        gpointer found = NULL;

        if (!plc_catalog_must(plc_catalog_take_one(catalog, plc_db_query(catalog->db, "grant_get", error, "t", id),
                                                   read_grant, &found, error),
                              &found, "grant", id, error))
                return false;
        *out = found;
        return true;
}

bool plc_catalog_grants_of_submission(plc_catalog *catalog, const char *submission, GPtrArray **out, GError **error)
{
        return plc_catalog_take_all(catalog, plc_db_query(catalog->db, "grants_of_submission", error, "t", submission),
                                    read_grant, (GDestroyNotify)plc_grant_record_free, out, error);
}

bool plc_catalog_grants_of_contributor(plc_catalog *catalog, const char *contributor, GPtrArray **out, GError **error)
{
        return plc_catalog_take_all(catalog,
                                    plc_db_query(catalog->db, "grants_of_contributor", error, "t", contributor),
                                    read_grant, (GDestroyNotify)plc_grant_record_free, out, error);
}
