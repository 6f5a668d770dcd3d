/*
 * How do words of strangers get from placet-serve, which holds no key, to the office? As small files in site/spool,
 * each written whole and durable by placet-serve, read by the office as hostile, and removed only when what it says is
 * recorded. A file's id makes taking it twice the same as taking it once.
 *
 *   r-ID.json  {"format":"placet.spool/1","id":ID,"at":…,"item":…,"reason":…,"from":…,"text":…,"contact":…}
 *   w-ID.json  {"format":…,"id":ID,"at":…,"token":…,"item":…,"all":…}: its contributor takes an item, or all, back
 *   .key       the key under which addresses are hashed; names that begin with a dot are placet-serve's own
 */
#pragma once
#include "base/error.h"
#include "base/id.h"

#define PLC_SPOOL_FILE_MAX ((size_t)4096) /* bytes of a file */
#define PLC_SPOOL_REPORTS_MAX 9000u       /* files, when reports are no longer taken: 1,000 of 10,000 stay for others */
#define PLC_SPOOL_FILES_MAX 10000u
#define PLC_SPOOL_RESERVE ((size_t)256 << 10) /* bytes kept for withdrawals on a full disk: some 60 of them */
#define PLC_SPOOL_TEXT_MAX 1000               /* characters */
#define PLC_SPOOL_CONTACT_MAX 200             /* characters */
#define PLC_SPOOL_FROM_SIZE 33                /* 128 bits in hex */
#define PLC_SPOOL_KEY_SIZE ((size_t)32)

/* Why something shown should not be. `holds`: it goes dark by itself until a person has looked. */
struct plc_spool_reason {
        const char *word;
        bool holds;
};
extern const struct plc_spool_reason plc_spool_reasons[]; /* ends with word NULL */
/* NULL: no reason is called so. */
const struct plc_spool_reason *plc_spool_reason(const char *word);

struct plc_report {
        char id[PLC_ID_SIZE];
        int64_t at;                     /* ms, by placet-serve's clock */
        char *item;                     /* of the form of our ids; nobody has looked whether there is one */
        const char *reason;             /* a word of the table */
        char from[PLC_SPOOL_FROM_SIZE]; /* keyed hash of the address's network, for counting alone */
        char *text, *contact;           /* NULL: none */
};
void plc_report_clear(struct plc_report *report);

/* A contributor's own act on their page: the token shows that it is theirs, to whoever has the site's key. */
struct plc_spool_withdrawal {
        char id[PLC_ID_SIZE], token[PLC_ID_SIZE], item[PLC_ID_SIZE];
        int64_t at;
        bool all; /* not the item alone: everything of its contributor's */
};

/* Characters of UTF-8 without controls but line ends and tabs, at most `max` of them. */
bool plc_spool_words_fit(const char *text, int max);

/* --- placet-serve's side */

/* The key of addresses; made where there is none that can be read. */
bool plc_spool_key(int dirfd, uint8_t out[PLC_SPOOL_KEY_SIZE], GError **error);
/* `network` as http tells it; the same one under the same key is the same hash. */
void plc_spool_from(const uint8_t key[PLC_SPOOL_KEY_SIZE], const char *network, char out[PLC_SPOOL_FROM_SIZE]);
/* Of the form of a token, whoever's. */
bool plc_spool_token_valid(const char *text);
/* How many files wait; for whoever keeps count. */
bool plc_spool_count(int dirfd, unsigned *out, GError **error);
/* Durable when it returns. TOO_BIG: over PLC_SPOOL_FILE_MAX as it would be written. */
bool plc_spool_put_report(int dirfd, const struct plc_report *report, GError **error);

/* Room for withdrawals on a full disk, as far as it can be had: at the start, and after each that was written. */
void plc_spool_keep_room(int dirfd);
/* The same as a report, on a full disk from the room that was kept. */
bool plc_spool_put_withdrawal(int dirfd, const struct plc_spool_withdrawal *withdrawal, GError **error);

/* --- the office's side; withdrawals are read by both */

/* Names of reports (kind r) or withdrawals (w), sorted; everything else is passed over. Free with g_strfreev. */
bool plc_spool_list(int dirfd, char kind, char ***out, GError **error);
/* Refuses what is not an ordinary file of our form, with limits. */
bool plc_spool_read_withdrawal(int dirfd, const char *name, struct plc_spool_withdrawal *out, GError **error);
bool plc_spool_read_report(int dirfd, const char *name, struct plc_report *out, GError **error);
/* One that is not there is fine. Durable when it returns. */
bool plc_spool_remove(int dirfd, const char *name, GError **error);
