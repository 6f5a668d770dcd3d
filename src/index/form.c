/* In which form is an index, and how does one of an older form become one of the newest while it is read? */
#include "base/embed.h"
#include "index/front.h"
#include "index/internal.h"
#include "index/schema.h"
#include <string.h>

PLC_EMBED(plc_sql_index, "schemas/sql/index.sql");

const char *plc_index_sql(void)
{
        return plc_sql_index;
}

/* Those of `languages` that count; without any, those of before. */
static char **choose(const char *const *languages, char *const *before)
{
        const char *const *from = languages != NULL ? languages : (const char *const *)before;
        GStrvBuilder *builder = g_strv_builder_new();

        for (size_t i = 0; i < PLC_INDEX_PACKED_LANGUAGES && from[i] != NULL; i++)
                g_strv_builder_add(builder, from[i]);
        char **out = g_strv_builder_end(builder);
        g_strv_builder_unref(builder);
        return out;
}

static bool make_all(plc_db *db, int64_t format, char *const *packed, GError **error)
{
        g_autofree char *words = g_strjoinv(" ", (char **)packed);

        /* Until all are made, no reader uses one that is of an older form, not even one that knows those. Of those that
         * are of this form, readers use what is there: a front that is made again is the same. */
        if (format < PLC_INDEX_FORMAT_FRONTS &&
            !plc_db_run(db, "set_format", error, "i", (int64_t)PLC_INDEX_FORMAT_FROM))
                return false;
        /* Half done, they are of no languages: whoever opens it next begins again, with those of before as well. */
        return plc_db_run(db, "set_packing", error, "t", "") && plc_index_fronts_make_all(db, packed, error) &&
               plc_db_run(db, "set_packing", error, "t", words) &&
               plc_db_run(db, "set_format", error, "i", (int64_t)PLC_INDEX_FORMAT);
}

/*
 * All that stands in it is made from catalog and vault: the office publishes everything again (pipeline/republish.c).
 * One that a reader can still read is not emptied: it is answered from until it is up to date.
 */
bool plc_index_bring_up_to_date(plc_db *db, const char *const *languages, char ***out_packed, GError **error)
{
        g_autoptr(GError) none = NULL; /* an empty file has no table yet */
        g_auto(GStrv) before = NULL, packed = NULL;
        int64_t format = PLC_INDEX_FORMAT;
        bool there = plc_db_int(db, "format", &format, &none, "");

        if (there && (format < PLC_INDEX_FORMAT_FROM || format > PLC_INDEX_FORMAT)) {
                if (!plc_db_schema(db, "drop", error))
                        return false;
                format = PLC_INDEX_FORMAT;
        }
        if (!plc_db_schema(db, "schema", error) || !plc_index_packing(db, &before, error))
                return false;
        packed = choose(languages, before);
        if ((format != PLC_INDEX_FORMAT || !g_strv_equal((const char *const *)packed, (const char *const *)before)) &&
            !make_all(db, format, packed, error))
                return false;
        *out_packed = g_steal_pointer(&packed);
        return true;
}
