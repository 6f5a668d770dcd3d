/* Which items have these words and facets, and may be shown to this reader? Newest first within each class of an order;
 * what is asked for is found in the postings, and what may be shown is looked up segment by segment, as in every list.
 */
#pragma once
#include "index/reader.h"

enum plc_index_order {
        PLC_INDEX_NEWEST,
        PLC_INDEX_TOP,    /* five stars first */
        PLC_INDEX_PHOTOS, /* reviews with photos first */
        PLC_INDEX_LOCAL,  /* first from the reader's country, then in their language */
};

/* Everything given must hold; NULL and 0 where nothing is asked. */
struct plc_index_search {
        const char *words;   /* of titles and texts (of photos: alt texts); a text is found that has all of them */
        const char *product; /* NULL: any */
        enum plc_index_kind kind;
        const char *language; /* BCP 47; de finds de-AT, too */
        const char *country;  /* of the contributor: only those whose name may be shown */
        const char *role;     /* of photos */
        const char *tag;      /* of the submission */
        int stars;            /* 1 … 5 */
        bool matches;         /* tell where the words stand: about 0.2 ms an item */
        enum plc_index_order order;
        const char *from_country; /* of the order LOCAL; NULL: not known */
        const char *in_language;
};

/* A place between two items: after the last one that was looked at. The beginning is all zeros. */
struct plc_index_place {
        int64_t doc; /* 0: from the beginning of the class */
        int rank;    /* which class of the order */
};

struct plc_index_found {
        size_t count;
        int64_t until;
        bool more;
        struct plc_index_place next;
};

/*
 * Appends `{"item": …, "products": […]}` where search->words are given (with "matches": {…} if they are wanted), else
 * the items alone, joined by commas. A page may be shorter than `limit` though there is more: no question may cost more
 * than about 3 ms. BAD_VALUE where the words have no term in them.
 */
bool plc_index_find(plc_index_reader *reader, const struct plc_index_question *question,
                    const struct plc_index_search *search, const struct plc_index_place *after, size_t limit,
                    GString *out_json, struct plc_index_found *out_found, GError **error);

/*
 * Appends `{"counted": …, "complete": …, "language": {…}, "country": {…}, "rating": {…}, "role": {…}, "tag": {…}}`: of
 * what this reader would find without any filter of those (words, product and kind alone), how many have which value.
 * Each item is looked at as in a list, so that the counts tell of nothing that may not be shown; at most the newest
 * that can be looked at within about 3 ms (then not complete). *out_until: the first instant at which they may change.
 */
bool plc_index_count_facets(plc_index_reader *reader, const struct plc_index_question *question,
                            const struct plc_index_search *search, GString *out_json, int64_t *out_until,
                            GError **error);
