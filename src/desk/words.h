/* In which words are instants and scopes told to people? */
#pragma once
#include "rights/event.h"

#define PLC_WORDS_TIME_SIZE 24
/* "2026-11-03 09:40 UTC" */
void plc_words_time(int64_t ms, char out[PLC_WORDS_TIME_SIZE]);
/* "use of the photo or text", "name, handle and country shown with it", "the likeness of a person": borrowed. */
const char *plc_words_layer(plc_layer layer);

/* Each free with g_free: "pdp, home"; "DE, AT", "everywhere but CN"; … "nothing" for an empty list. */
char *plc_words_channels(unsigned channels);
char *plc_words_territories(const struct plc_scope *scope);
char *plc_words_where(const struct plc_scope *scope); /* "in DE, AT", "everywhere" */
char *plc_words_edits(unsigned edits);
char *plc_words_sublicense(unsigned sublicense);
char *plc_words_list(const struct plc_list *list);
/* All dimensions that bind: "on pdp, home; in DE, AT; changed by crop, colour". */
char *plc_words_scope(const struct plc_scope *scope);
