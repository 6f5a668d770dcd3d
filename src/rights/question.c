/* What is asked? */
#include "rights/question.h"

#include <string.h>

#include "rights/strict.h"

void plc_asked_clear(struct plc_asked *asked)
{
        g_clear_pointer(&asked->document, plc_json_free);
        g_clear_pointer(&asked->language, g_free);
        asked->question = (struct plc_question){0};
}

static bool read_territory(plc_json *root, struct plc_question *q, GError **error)
{
        plc_territory territory;

        if (!plc_take_text(root, "territory", PLC_MUST, &q->territory, error))
                return false;
        if (!plc_territory_parse(q->territory, &territory) || territory == PLC_TERRITORY_WORLD)
                return plc_take_refuse(plc_json_member(root, "territory"), "a territory: two capitals, not WW", error);
        return true;
}

/* A tag with a star in it is of the form, but no library's: it is matched as it stands. */
char *plc_language_full(const char *tag, char *(*maximise)(const char *tag))
{
        return strchr(tag, '*') != NULL || maximise == NULL ? g_strdup(tag) : maximise(tag);
}

static bool read_language(plc_json *root, char *(*maximise)(const char *tag), struct plc_asked *asked, GError **error)
{
        const char *tag = NULL;

        if (!plc_take_text(root, "language", PLC_NULLABLE, &tag, error))
                return false;
        if (tag != NULL && !plc_language_valid(tag))
                return plc_take_refuse(plc_json_member(root, "language"), "a language tag such as de or zh-Hant",
                                       error);
        if (!plc_language_is_none(tag))
                asked->language = plc_language_full(tag, maximise);
        asked->question.language = asked->language;
        return true;
}

static bool read_question(plc_json *root, char *(*maximise)(const char *tag), struct plc_asked *asked, GError **error)
{
        struct plc_question *q = &asked->question;
        bool identity = false;
        int channel = 0;

        q->sublicensee = -1;
        q->head = PLC_HEAD_END;
        if (!plc_take_text(root, "item", PLC_MUST, &q->item, error) ||
            !plc_take_word(root, "channel", PLC_MUST, plc_channel_words, &channel, error) ||
            !read_territory(root, q, error) || !read_language(root, maximise, asked, error) ||
            !plc_take_text(root, "product", PLC_NULLABLE, &q->product, error) ||
            !plc_take_text(root, "controller", PLC_NULLABLE, &q->controller, error) ||
            !plc_take_words(root, "edits", PLC_NULLABLE, plc_edit_words, &q->edits, error) ||
            !plc_take_word(root, "sublicensee", PLC_NULLABLE, plc_sublicensee_words, &q->sublicensee, error) ||
            !plc_take_bool(root, "identity", PLC_NULLABLE, &identity, error) ||
            !plc_take_time(root, "at", PLC_MUST, &q->at, error) ||
            !plc_take_int(root, "head", PLC_NULLABLE, 0, &q->head, error) || !plc_json_only(root, error))
                return false;
        q->channel = (plc_channel)channel;
        if (plc_json_member(root, "identity") != NULL)
                q->identity = identity ? PLC_IDENTITY_SHOWN : PLC_IDENTITY_HIDDEN;
        return true;
}

bool plc_asked_parse(const char *json, size_t size, const char *where, char *(*maximise)(const char *tag),
                     struct plc_asked *out, GError **error)
{
        struct plc_asked asked = {.document = plc_take_document(json, size, where, error)};

        if (asked.document == NULL)
                return false;
        if (!read_question(asked.document, maximise, &asked, error)) {
                plc_asked_clear(&asked);
                return false;
        }
        *out = asked;
        return true;
}
