/*
 * What does our own packet say that stands in every file of a photo? What the site set, and how this photo came about.
 * A file outlives the answer that led to it, so it says what is true: when one word changes, the file is made again.
 */
#pragma once
#include "publish/said.h"

#define PLC_NOTE_MARK_SIZE 13 /* 12 hex digits and the closing zero */

void plc_publish_note(const struct plc_publisher *publisher, const plc_item *item, const plc_said *said,
                      struct plc_rights_note *out);
/* Another word anywhere in the note: another mark. */
void plc_note_mark(const struct plc_rights_note *note, char out[PLC_NOTE_MARK_SIZE]);
