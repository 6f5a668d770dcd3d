/* The statements of the published index (schemas/sql/index.sql), for its writer and its reader. */
#pragma once

#define PLC_INDEX_FORMAT 4 /* of the tables; a reader refuses another, a writer empties it: all of it is made anew */

const char *plc_index_sql(void);
