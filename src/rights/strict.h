/*
 * How are the members of events, policies and questions read? More strictly than other JSON: null is a fault where it
 * was not said to be allowed, there are no fractions, and instants have exactly one form.
 */
#pragma once
#include "base/json.h"
#include "rights/names.h"
#include "rights/vocabulary.h"

enum {
        PLC_MAY = 0,      /* may be absent */
        PLC_MUST = 1,     /* must be there */
        PLC_NULLABLE = 2, /* null is as good as absent */
};

/*
 * All: `how` is one or more of the above; where the member is absent (or null and allowed so), true, and *out is left
 * as it was. Texts are borrowed from the document.
 */
bool plc_take(plc_json *object, const char *name, unsigned how, plc_json_type type, plc_json **out, GError **error);
bool plc_take_text(plc_json *object, const char *name, unsigned how, const char **out, GError **error);
bool plc_take_bool(plc_json *object, const char *name, unsigned how, bool *out, GError **error);
bool plc_take_int(plc_json *object, const char *name, unsigned how, int64_t min, int64_t *out, GError **error);
bool plc_take_word(plc_json *object, const char *name, unsigned how, const char *const *words, int *out,
                   GError **error);
/* Exactly YYYY-MM-DDThh:mm:ss.mmmZ. */
bool plc_take_time(plc_json *object, const char *name, unsigned how, int64_t *out_ms, GError **error);
/* A list of words as a set of bits. */
bool plc_take_words(plc_json *object, const char *name, unsigned how, const char *const *words, unsigned *out,
                    GError **error);
bool plc_take_territories(plc_json *object, const char *name, unsigned how, struct plc_territories *out,
                          GError **error);
/* A list of texts, kept in names; `ranges`: each must have the form of a language range. */
bool plc_take_texts(plc_json *object, const char *name, unsigned how, bool ranges, struct plc_names *names,
                    struct plc_list *out, GError **error);
/* The faults above for an element: "must be KIND (found: …)". */
bool plc_take_refuse(const plc_json *node, const char *expected, GError **error);
/* Parses one document: an object, without a fraction anywhere. */
plc_json *plc_take_document(const char *data, size_t size, const char *file, GError **error);
