/*
 * Which words stand in our XMP packet? IPTC Photo Metadata 2023.2 (rights fields), XMP rights namespace, PLUS LDF;
 * UTF-8, at most 8 fields of 511 bytes, the credit twice, so that it always fits one APP1 segment (65,502 bytes) even
 * with every character escaped.
 */
#include "media/xmp.h"

#include <glib.h>
#include <string.h>

/* XML 1.0 forbids most control characters even escaped: they become spaces. */
static char *escape(const char *text)
{
        g_autofree char *valid = g_utf8_make_valid(text, -1);
        for (char *c = valid; *c != '\0'; c++)
                if ((unsigned char)*c < ' ' || *c == 0x7F)
                        *c = ' ';
        return g_markup_escape_text(valid, -1);
}

static void add_simple(GString *packet, const char *name, const char *text)
{
        if (text[0] == '\0')
                return;
        g_autofree char *escaped = escape(text);
        g_string_append_printf(packet, "<%s>%s</%s>\n", name, escaped, name);
}

static void add_alternatives(GString *packet, const char *name, const char *text)
{
        if (text[0] == '\0')
                return;
        g_autofree char *escaped = escape(text);
        g_string_append_printf(packet, "<%s><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></%s>\n", name,
                               escaped, name);
}

/* IPTC Core "Creator": a list, of one. */
static void add_creator(GString *packet, const char *name)
{
        if (name[0] == '\0')
                return;
        g_autofree char *escaped = escape(name);
        g_string_append_printf(packet, "<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>\n", escaped);
}

static void add_licensor(GString *packet, const char *url)
{
        if (url[0] == '\0')
                return;
        g_autofree char *escaped = escape(url);
        g_string_append_printf(packet,
                               "<plus:Licensor><rdf:Seq><rdf:li rdf:parseType=\"Resource\">"
                               "<plus:LicensorURL>%s</plus:LicensorURL></rdf:li></rdf:Seq></plus:Licensor>\n",
                               escaped);
}

static bool is_empty(const struct plc_rights_note *note)
{
        return note->credit[0] == '\0' && note->copyright[0] == '\0' && note->usage_terms[0] == '\0' &&
               note->web_statement[0] == '\0' && note->licensor_url[0] == '\0' && note->data_mining[0] == '\0' &&
               note->digital_source_type[0] == '\0' && note->disclosure[0] == '\0';
}

char *plc_xmp_packet(const struct plc_rights_note *note, const char *source_type_found)
{
        if (is_empty(note) && source_type_found[0] == '\0')
                return NULL;
        g_autofree char *terms = g_strjoin(note->usage_terms[0] != '\0' && note->disclosure[0] != '\0' ? " " : "",
                                           note->usage_terms, note->disclosure, NULL);
        g_autofree char *source_type = NULL;
        if (note->digital_source_type[0] != '\0')
                source_type = g_strdup(note->digital_source_type);
        else if (source_type_found[0] != '\0')
                source_type = g_strconcat("http://cv.iptc.org/newscodes/digitalsourcetype/", source_type_found, NULL);

        GString *packet = g_string_new("<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                                       "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
                                       "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                                       "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                                       "xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" "
                                       "xmlns:xmpRights=\"http://ns.adobe.com/xap/1.0/rights/\" "
                                       "xmlns:plus=\"http://ns.useplus.org/ldf/xmp/1.0/\" "
                                       "xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\">\n");
        add_creator(packet, note->credit);
        add_simple(packet, "photoshop:Credit", note->credit);
        add_alternatives(packet, "dc:rights", note->copyright);
        if (note->copyright[0] != '\0')
                add_simple(packet, "xmpRights:Marked", "True");
        add_alternatives(packet, "xmpRights:UsageTerms", terms);
        add_simple(packet, "xmpRights:WebStatement", note->web_statement);
        add_licensor(packet, note->licensor_url);
        add_simple(packet, "plus:DataMining", note->data_mining);
        add_simple(packet, "Iptc4xmpExt:DigitalSourceType", source_type != NULL ? source_type : "");
        g_string_append(packet, "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
        return g_string_free(packet, FALSE);
}
