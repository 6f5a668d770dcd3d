/* What does our own XMP packet say? Credit, copyright, terms and whom to ask; nothing that came with the photo but its
 * AI tag. */
#pragma once
#include "wire/plan.h"

/* NULL where the note is empty: then no packet is written. `source_type_found`: IPTC term of the original, "" for none.
 * Free with g_free. */
char *plc_xmp_packet(const struct plc_rights_note *note, const char *source_type_found);
