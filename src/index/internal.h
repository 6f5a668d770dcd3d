/* What do the files of the read side share? */
#pragma once
#include "db/db.h"
#include "index/reader.h"

struct plc_index_reader {
        char *path;
        plc_db *db; /* NULL until the file exists */
        plc_db_tx *tx;
        bool lingers; /* the transaction stays open between questions until plc_index_read_rest */
        bool has_meta, has_fronts, has_packed;
        int64_t data_version;
        uint64_t device, inode;                   /* of the file that is open */
        int64_t looked_at;                        /* when it was last made sure that it is still the one, s */
        GHashTable *hidden_items, *hidden_owners; /* sets */
        bool hides;                               /* one of them is not empty */
        struct plc_index_lookup *lookup;          /* front_list.c: the front of a list; NULL before the first */
        struct plc_index_state meta;              /* of data_version; now, stale and dark are per question */
};

/* front_list.c: before a reading ends. */
void plc_index_front_forget(plc_index_reader *reader);
void plc_index_lookup_free(struct plc_index_lookup *lookup);

/* form.c: of a file that was just opened. *out_packed: the languages that it is packed in now; free with g_strfreev. */
bool plc_index_bring_up_to_date(plc_db *db, const char *const *languages, char ***out_packed, GError **error);

/* What the writer writes to; borrowed. */
plc_db *plc_index_writer_db(plc_index_writer *writer);
