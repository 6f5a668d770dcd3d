/* What does our own packet say that stands in every file of a photo? */
#include "publish/note.h"

#include <string.h>

#include "base/hash.h"
#include "text/labels.h"

#define NEWSCODES "http://cv.iptc.org/newscodes/digitalsourcetype/"

/*
 * What our packet says holds wherever the file goes, so a name, which is personal data, stands in no file: credit is
 * left empty, and the answers of the API and a pull's manifest give it where it may be given. A disclosure and the
 * source type tell of no person. What an operator declared later goes before what the drop said.
 */
void plc_publish_note(const struct plc_publisher *publisher, const plc_item *item, const plc_said *said,
                      struct plc_rights_note *out)
{
        const char *source_type = item->photo.digital_source_type;
        const char *declared = said != NULL ? plc_said_connection(said) : NULL;
        const char *label = plc_text_label("disclosure", declared != NULL ? declared : item->connection,
                                           publisher->languages != NULL ? publisher->languages[0] : NULL);

        *out = publisher->note;
        if (source_type != NULL && source_type[0] != '\0')
                g_snprintf(out->digital_source_type, sizeof out->digital_source_type, NEWSCODES "%s", source_type);
        if (label != NULL)
                g_strlcpy(out->disclosure, label, sizeof out->disclosure);
}

void plc_note_mark(const struct plc_rights_note *note, char out[PLC_NOTE_MARK_SIZE])
{
        const char *fields[] = {note->credit,       note->copyright,   note->usage_terms,         note->web_statement,
                                note->licensor_url, note->data_mining, note->digital_source_type, note->disclosure};
        plc_hash *hash = plc_hash_new();
        uint8_t sum[PLC_SHA256_LEN];

        for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
                plc_hash_add(hash, fields[i], strlen(fields[i]) + 1);
        plc_hash_final(hash, sum);
        plc_hex(sum, (PLC_NOTE_MARK_SIZE - 1) / 2, out);
}
