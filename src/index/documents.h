/*
 * By what is an item found? By the terms of its title and text (a photo's: of its alt text), and by facets: terms of
 * one more kind, which filters and orders ask for. An item is a document; its number tells its place, newest first.
 */
#pragma once
#include "db/db.h"
#include "index/index.h"

/* The first character of a facet's term: no term of a text holds it. */
#define PLC_FACET_KIND "=k"     /* 0 review, 1 photo */
#define PLC_FACET_PRODUCT "=p"  /* of its segments */
#define PLC_FACET_LANGUAGE "=l" /* the whole tag in small letters, and its first part */
#define PLC_FACET_STARS "=r"    /* 1 … 5 */
#define PLC_FACET_ROLE "=o"
#define PLC_FACET_TAG "=t"
#define PLC_FACET_COUNTRY "=c"     /* only where some segment has the identity */
#define PLC_FACET_ILLUSTRATED "=i" /* a review with a photo that is in the index */

typedef struct plc_index_documents plc_index_documents;
plc_index_documents *plc_index_documents_new(plc_db *db);
void plc_index_documents_free(plc_index_documents *documents);

/* Of an item that goes or is written anew: its terms go. *out_doc: its number, PLC_POSTINGS_NONE if it was not there.
 */
bool plc_index_documents_take(plc_index_documents *documents, const char *item, int64_t *out_doc, GError **error);

struct plc_index_document {
        int64_t doc;
        char *facets; /* terms, one a line */
        char *terms;  /* as they follow each other in the text, between spaces, with one before and one behind */
};
void plc_index_document_clear(struct plc_index_document *document);
/* `was`: as plc_index_documents_take gave it. */
bool plc_index_documents_put(plc_index_documents *documents, const struct plc_index_item *item,
                             const struct plc_index_segment *segments, size_t n_segments, int64_t was,
                             struct plc_index_document *out, GError **error);
/* All items are put: before the commit. */
bool plc_index_documents_settle(plc_index_documents *documents, GError **error);
/* How many changes of words are kept in memory before they are written; 0: as usual. */
void plc_index_documents_keep(plc_index_documents *documents, size_t changes);
/* No word stands in the index: that needs not be looked up. */
void plc_index_documents_emptied(plc_index_documents *documents);
/* The transaction was rolled back, or everything was emptied. */
void plc_index_documents_forget(plc_index_documents *documents);

/* Under how many terms does a document with these stand? For placet verify. */
size_t plc_index_documents_count(const char *facets, const char *terms, bool illustrated);

/* A facet's term; free with g_free. Language tags are put into small letters. */
char *plc_index_facet(const char *facet, const char *value);
/* 1 … 5, or 0 for a scale without extent: as catalog/summary.c counts them. */
int plc_index_stars(double rating, double min, double max);
