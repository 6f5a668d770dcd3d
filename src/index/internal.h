/* What do the files of the read side share? */
#pragma once
#include "db/db.h"
#include "index/reader.h"

struct plc_index_reader {
        char *path;
        plc_db *db; /* NULL until the file exists */
        plc_db_tx *tx;
        bool lingers; /* the transaction stays open between questions until plc_index_read_rest */
        bool has_meta, has_fronts;
        int64_t data_version;
        uint64_t device, inode;                   /* of the file that is open */
        int64_t looked_at;                        /* when it was last made sure that it is still the one, µs */
        GHashTable *hidden_items, *hidden_owners; /* sets */
        struct plc_index_state meta;              /* of data_version; now, stale and dark are per question */
};

/* What the writer writes to; borrowed. */
plc_db *plc_index_writer_db(plc_index_writer *writer);
