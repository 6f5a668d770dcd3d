/* The statements of the published index (schemas/sql/index.sql), for its writer and its reader. */
#pragma once

/*
 * Of the tables. One from PLC_INDEX_FORMAT_FROM on is read as it is, and brought up to date by the writer while it is
 * read; a reader refuses any other, and a writer empties it: all of it is published anew.
 */
#define PLC_INDEX_FORMAT 8
#define PLC_INDEX_FORMAT_FRONTS 8 /* with fronts as they are now */
#define PLC_INDEX_FORMAT_FROM 4   /* without fronts; 5 to 7: with others */

const char *plc_index_sql(void);
