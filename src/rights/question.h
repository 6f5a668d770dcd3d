/* What is asked? May this item be used in this context, at this instant, by what was known up to this head? */
#pragma once
#include "base/error.h"
#include "base/json.h"
#include "rights/vocabulary.h"

#define PLC_HEAD_END INT64_MAX

typedef enum { PLC_IDENTITY_OF_ITEM, PLC_IDENTITY_SHOWN, PLC_IDENTITY_HIDDEN } plc_identity;

/* Texts are borrowed. A zeroed one is not yet a question: at least item, territory, at, head and sublicensee must be
 * set. */
struct plc_question {
        const char *item;
        plc_channel channel;
        const char *territory; /* two capitals; anything else, WW too, is denied as BAD_QUESTION */
        const char *language;  /* maximised with CLDR likely subtags by the caller; NULL: none */
        const char *product, *controller;
        unsigned edits;  /* bits of plc_edit */
        int sublicensee; /* plc_sublicensee, or -1: none */
        plc_identity identity;
        int64_t at;
        int64_t head; /* PLC_HEAD_END: the end */
};

/* A question with what it borrows from. */
struct plc_asked {
        struct plc_question question;
        plc_json *document;
        char *language;
};

/*
 * One line, strictly; `where` names it in faults. maximise makes the full form of a language tag, freed with g_free, or
 * NULL where the tag tells no language (src/text has it); without it tags stay as written. Done with plc_asked_clear.
 */
bool plc_asked_parse(const char *json, size_t size, const char *where, char *(*maximise)(const char *tag),
                     struct plc_asked *out, GError **error);
void plc_asked_clear(struct plc_asked *asked);

/* A valid tag in its full form; freed with g_free, NULL: no language. A tag with a star in it stays as written. */
char *plc_language_full(const char *tag, char *(*maximise)(const char *tag));
