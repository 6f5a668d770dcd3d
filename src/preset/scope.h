/* In what words do terms, consents and presets say where something may be shown? Channels, territories, languages,
 * edits, checked. */
#pragma once
#include "base/json.h"

/* Where a thing may be shown. Publicly: placet-serve hands its presets to anyone who has the address. */
struct plc_terms_channel {
        const char *name;
        bool is_public;
};
/* Ends with a row whose name is NULL. */
extern const struct plc_terms_channel plc_terms_channels[];
const struct plc_terms_channel *plc_terms_channel_find(const char *name); /* NULL: there is none of that name */

/*
 * The dimensions that a grant, or a consent narrower than its terms, may name: NULL where not given ("any", but for
 * edits, see the rights model), else a NULL-terminated list. Territories and excluded ones are two capitals or WW.
 */
struct plc_terms_scope {
        char **channels, **territories, **exclude, **languages, **products, **edits, **sublicense;
};
/* Reads those members of the object; the other members are the caller's. `channels` must be there if `channels_needed`.
 */
bool plc_terms_scope_read(plc_json *object, plc_need channels_needed, struct plc_terms_scope *out, GError **error);
void plc_terms_scope_clear(struct plc_terms_scope *scope);

bool plc_territory_valid(const char *text); /* two capitals, or WW; ISO's list is not consulted (it changes) */
bool plc_country_valid(const char *text);   /* two capitals, not WW */
bool plc_language_tag_valid(
        const char *text); /* well-formed by RFC 5646 §2.1 in outline: subtags of 1-8, primary of 2-8 letters, or x-… */
bool plc_language_range_valid(const char *text); /* RFC 4647 §2.2: subtags of 1-8 letters or digits, or * */
