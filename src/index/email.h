/*
 * What do mails show? Two things outlive the moment of sending: the photo, fetched by every reader anew (slots), and
 * the feed and snippet that a mail is built from. Both are made when a bundle or an item is published, for all
 * territories of the bundle together: a mail does not know where it is read.
 */
#pragma once
#include "index/reader.h"

/* Stands in a body before a path of ours: the server puts its own address there. No escaped text holds this byte. */
#define PLC_INDEX_EMAIL_BASE '\x1a'
#define PLC_INDEX_EMAIL_FEED "feed" /* in the place of a placement: the piece of the JSON feed */

/* One item in one bundle's mails, over the time in which it may be shown so. Strings borrowed for the call. */
struct plc_index_email {
        const char *bundle, *item;
        const char *language; /* of labels: one of the site's, as the publisher asks */
        const char *preset;   /* of the photo; or PLC_INDEX_EMAIL_FEED */
        const char *mark;     /* as of the bundle (index.h) */
        int64_t from_ms, until_ms;
        int64_t width; /* CSS pixels that it takes */
        const char *body;
};

struct plc_index_slot {
        const char *slot; /* the last part of /e/{slot} */
        const char *item;
        const char *name; /* of the item's rendition, in the channel email */
        struct plc_index_territories territories;
};

/* Within begin … commit, after plc_index_put_item, which takes away what the item had of both. */
bool plc_index_put_email(plc_index_writer *writer, const struct plc_index_email *email, GError **error);
bool plc_index_put_slot(plc_index_writer *writer, const struct plc_index_slot *slot, GError **error);

/* NOT_FOUND unless the photo may be shown by e-mail in every one of the slot's territories now. Clear with
 * plc_index_media_clear. */
bool plc_index_get_slot(plc_index_reader *reader, const char *slot, int64_t now, struct plc_index_media *out,
                        GError **error);

struct plc_index_email_head {
        int64_t version, until;
        char *title;
        char **placements; /* never NULL */
};
void plc_index_email_head_clear(struct plc_index_email_head *head);
/* NOT_FOUND alike for unknown, not begun, over, and not for e-mails. */
bool plc_index_email_head(plc_index_reader *reader, const char *bundle, int64_t now, struct plc_index_email_head *out,
                          GError **error);

/* In the bundle's order what may be shown now, until visit returns false; *out_until as in plc_index_page. */
bool plc_index_list_emails(plc_index_reader *reader, const char *bundle, const char *language, const char *preset,
                           int64_t now, bool (*visit)(int64_t width, const char *body, void *data), void *data,
                           int64_t *out_until, GError **error);
