/* What do mails show? See email.h. */
#include "index/email.h"

#include <string.h>

#include "base/clock.h"
#include "index/internal.h"

bool plc_index_put_email(plc_index_writer *w, const struct plc_index_email *e, GError **error)
{
        return plc_db_run(plc_index_writer_db(w), "put_email", error, "ttttiitit", e->bundle, e->item, e->language,
                          e->preset, e->from_ms, e->until_ms, e->mark, e->width, e->body);
}

bool plc_index_put_slot(plc_index_writer *w, const struct plc_index_slot *s, GError **error)
{
        uint8_t territories[PLC_INDEX_TERRITORIES_BYTES];
        size_t size = plc_index_territories_store(&s->territories, territories);

        if (plc_index_territories_is_empty(&s->territories))
                return plc_fail(error, PLC_E_BAD_VALUE, "the slot %s is for no territory", s->slot);
        return plc_db_run(plc_index_writer_db(w), "put_slot", error, "tttb", s->slot, s->item, s->name, territories,
                          size);
}

/* Of any language, product and identity, as with every rendition. */
static bool is_open(plc_index_reader *r, const char *item, bool cropped, const struct plc_index_territories *in,
                    int64_t now, int64_t *out_until, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(r->db, "slot_segments", error, "ti", item, now);
        int64_t edit = INT64_C(1) << (cropped ? PLC_INDEX_EDIT_CROP : PLC_INDEX_EDIT_NONE);
        struct plc_index_territories open;
        plc_row row = PLC_ROW_ERROR;

        *out_until = 0;
        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                size_t size = 0;
                const void *territories = plc_rows_blob(rows, 2, &size);

                if ((plc_rows_int(rows, 0) & edit) != 0 && plc_index_territories_load(territories, size, &open) &&
                    plc_index_territories_covers(&open, in))
                        *out_until = MAX(*out_until, plc_rows_int(rows, 1));
        }
        return row == PLC_ROW_END;
}

bool plc_index_get_slot(plc_index_reader *r, const char *slot, int64_t now, struct plc_index_media *out, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(r->db, "slot", error, "t", slot);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;
        struct plc_index_territories in;
        int64_t until = 0;
        size_t size = 0;

        if (row == PLC_ROW_ERROR)
                return false;
        if (row == PLC_ROW && !plc_index_hides(r, plc_rows_text(rows, 0))) {
                const void *territories = plc_rows_blob(rows, 1, &size);

                if (plc_index_territories_load(territories, size, &in) && !plc_index_territories_is_empty(&in) &&
                    !is_open(r, plc_rows_text(rows, 0), plc_rows_int(rows, 5) != 0, &in, now, &until, error))
                        return false;
        }
        if (until <= now)
                return plc_fail(error, PLC_E_NOT_FOUND, "no photo may be shown there now");
        *out = (struct plc_index_media){.asset = plc_rows_dup(rows, 2),
                                        .type = plc_rows_dup(rows, 3),
                                        .bytes = plc_rows_int(rows, 4),
                                        .until = until};
        return true;
}

void plc_index_email_head_clear(struct plc_index_email_head *head)
{
        g_clear_pointer(&head->title, g_free);
        g_clear_pointer(&head->placements, g_strfreev);
}

bool plc_index_email_head(plc_index_reader *r, const char *bundle, int64_t now, struct plc_index_email_head *out,
                          GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(r->db, "email_head", error, "t", bundle);
        plc_row row = rows != NULL ? plc_rows_next(rows, error) : PLC_ROW_ERROR;

        if (row == PLC_ROW_ERROR)
                return false;
        if (row == PLC_ROW && plc_rows_int(rows, 3) <= now && plc_rows_int(rows, 4) > now) {
                g_auto(GStrv) channels = g_strsplit(plc_rows_text(rows, 2), " ", -1);

                if (g_strv_contains((const char *const *)channels, "email")) {
                        *out = (struct plc_index_email_head){.version = plc_rows_int(rows, 0),
                                                             .title = plc_rows_dup(rows, 1),
                                                             .until = plc_rows_int(rows, 4),
                                                             .placements = g_strsplit(plc_rows_text(rows, 5), " ", -1)};
                        return true;
                }
        }
        return plc_fail(error, PLC_E_NOT_FOUND, "no such bundle for e-mails now");
}

bool plc_index_list_emails(plc_index_reader *r, const char *bundle, const char *language, const char *preset,
                           int64_t now, bool (*visit)(int64_t width, const char *body, void *data), void *data,
                           int64_t *out_until, GError **error)
{
        g_autoptr(plc_rows) rows = plc_db_query(r->db, "emails", error, "ttti", bundle, language, preset, now);
        plc_row row = PLC_ROW_ERROR;

        *out_until = PLC_TIME_NEVER;
        while (rows != NULL && (row = plc_rows_next(rows, error)) == PLC_ROW) {
                if (plc_index_hides(r, plc_rows_text(rows, 0)))
                        continue;
                if (!visit(plc_rows_int(rows, 2), plc_rows_text(rows, 3), data))
                        return true;
                *out_until = MIN(*out_until, plc_rows_int(rows, 1));
        }
        return row == PLC_ROW_END;
}
