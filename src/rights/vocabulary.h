/* Which words may stand in events, policies and questions? The closed lists, territories, and language ranges. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
        PLC_CHANNEL_PDP,
        PLC_CHANNEL_HOME,
        PLC_CHANNEL_LANDING,
        PLC_CHANNEL_EMAIL,
        PLC_CHANNEL_SOCIAL,
        PLC_CHANNEL_AD,
        PLC_CHANNEL_FEED,
        PLC_CHANNEL_MARKETPLACE,
        PLC_CHANNEL_PRINT,
        PLC_CHANNELS
} plc_channel;

/* Also the order of presentation: licence, data, likeness. */
typedef enum { PLC_LAYER_LICENCE, PLC_LAYER_DATA, PLC_LAYER_LIKENESS } plc_layer;
typedef enum { PLC_KIND_PHOTO, PLC_KIND_REVIEW } plc_subject_kind;
typedef enum { PLC_PROVENANCE_CAMERA, PLC_PROVENANCE_AI, PLC_PROVENANCE_UNKNOWN } plc_provenance;
/* In the order in which one of two clashing kinds is taken: the more careful first. */
typedef enum {
        PLC_PERSON_MINOR,
        PLC_PERSON_UNKNOWN,
        PLC_PERSON_ADULT,
        PLC_PERSON_SELF,
        PLC_PERSON_KINDS
} plc_person_kind;
typedef enum {
        PLC_EDIT_CROP,
        PLC_EDIT_COLOUR,
        PLC_EDIT_OVERLAY,
        PLC_EDIT_EXCERPT,
        PLC_EDIT_TRANSLATE,
        PLC_EDIT_COMPOSITE,
        PLC_EDIT_AI,
        PLC_EDITS
} plc_edit;
typedef enum { PLC_SUBLICENSEE_AD_PLATFORM, PLC_SUBLICENSEE_RETAILER, PLC_SUBLICENSEE_AFFILIATE } plc_sublicensee;
typedef enum { PLC_CREDIT_REQUIRED, PLC_CREDIT_OPTIONAL, PLC_CREDIT_FORBIDDEN } plc_credit;
typedef enum { PLC_VERDICT_APPROVED, PLC_VERDICT_REJECTED, PLC_VERDICT_PENDING } plc_moderation_verdict;
typedef enum {
        PLC_CONNECTION_NONE,
        PLC_CONNECTION_INCENTIVE,
        PLC_CONNECTION_FREE_PRODUCT,
        PLC_CONNECTION_AFFILIATE,
        PLC_CONNECTION_EMPLOYEE,
        PLC_CONNECTION_FAMILY,
        PLC_CONNECTION_CONTEST,
        PLC_CONNECTION_UNKNOWN
} plc_connection;

/* Each NULL-terminated, in the order of its enumeration. */
extern const char *const plc_channel_words[],
        *const plc_layer_words[],
                *const plc_subject_kind_words[],
                        *const plc_provenance_words[],
                                *const plc_person_kind_words[],
                                        *const plc_edit_words[],
                                                *const plc_sublicensee_words[],
                                                        *const plc_credit_words[],
                                                                *const plc_moderation_words[],
                                                                        *const plc_connection_words[],
                                                                                *const plc_verification_words[];

/* The index of word, or -1. */
int plc_word_index(const char *const *words, const char *word);

/* A territory is two capitals; which of them ISO 3166-1 assigns is not looked at. */
#define PLC_TERRITORIES (26 * 26)
#define PLC_TERRITORY_WORLD (('W' - 'A') * 26 + ('W' - 'A'))

typedef uint16_t plc_territory;

struct plc_territories {
        uint64_t bits[(PLC_TERRITORIES + 63) / 64];
};

/* False: not two capitals. WW gives PLC_TERRITORY_WORLD. */
bool plc_territory_parse(const char *text, plc_territory *out);
void plc_territory_format(plc_territory territory, char out[3]);
void plc_territories_add(struct plc_territories *set, plc_territory territory);
void plc_territories_union(struct plc_territories *set, const struct plc_territories *more);
/* Is exactly this one in the set? */
bool plc_territories_has(const struct plc_territories *set, plc_territory territory);
/* Is this one in the set, or WW? */
bool plc_territories_match(const struct plc_territories *set, plc_territory territory);

/* Subtags of 1 to 8 letters or digits, or `*`, joined by hyphens (RFC 4647, 2.2). */
bool plc_language_valid(const char *tag_or_range);
/* Extended filtering, RFC 4647 3.3.2, without regard to case. */
bool plc_language_match(const char *range, const char *tag);
/* NULL, or a tag whose first subtag is `und` or `x`: it tells no language. */
bool plc_language_is_none(const char *tag);
