/* How are language tags (BCP 47) completed, written and compared? By CLDR's likely subtags, as ICU carries them. */
#pragma once
#include "base/error.h"

/*
 * zh-TW → zh-Hant-TW, de → de-Latn-DE, de-1996 → de-Latn-DE-1996; in whatever case it comes. A tag that ICU does not
 * know, or of a form other than language[-script][-region][-rest], comes back as it is. NULL for no tag, for one that
 * is no tag at all (other than subtags of 1 to 8 letters or digits), and where the first subtag is `und` or `x`. Free
 * with g_free.
 */
char *plc_text_maximise(const char *tag);

/* Usual case (zh-Hant-TW), hyphens, replaced codes renewed (iw → he). NULL if it is no tag. Free with g_free. */
char *plc_text_canonical_tag(const char *tag);

/* "rtl" or "ltr" for the HTML attribute `dir`; "ltr" where nothing is known. */
const char *plc_text_direction(const char *tag);

/*
 * How well a text in `tag` suits a reader who asked for `wanted`: tags by preference with commas, as in Accept-Language
 * (;q=… is honoured as an order only where it is 0: not wanted). At most 16 are looked at. 0: not asked for; the
 * greater, the earlier it was asked for, then the nearer (same script, same region).
 */
int plc_text_language_score(const char *wanted, const char *tag);

/*
 * The tag in which a reader who asked for `wanted` (as above) is told something that is written in `tag`: with the
 * region of the one that fits it, where that is another than the likely one, so that dates and countries are the
 * reader's: en for en-GB → en-GB, zh-Hant for zh-HK → zh-Hant-HK, zh-Hant for zh-TW → zh-Hant. Free with g_free.
 */
char *plc_text_language_of_reader(const char *wanted, const char *tag);
