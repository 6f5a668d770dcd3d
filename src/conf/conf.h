/* What can an operator set, and what holds where nothing is set? placet.conf, key by key: conf.def is the list. */
#pragma once
#include "base/error.h"

struct plc_conf {
#define TEXT char *
#define URL char *
#define HEADER char *
#define LIST char **
#define SWITCH bool
#define NUMBER int64_t
#define PLC_KEY(section, key, member, kind, standard, min, max, help) kind member;
#include "conf/conf.def"
#undef PLC_KEY
#undef TEXT
#undef URL
#undef HEADER
#undef LIST
#undef SWITCH
#undef NUMBER
        char **trusted_sources; /* NAMEs of [source NAME] with consents = trusted */
};

/* Reads SITE/placet.conf (≤ 64 KiB). Unknown sections and keys, and values out of range, are faults with line and key.
 */
struct plc_conf *plc_conf_load(int site_fd, GError **error);
/* The same of a file that is open already: its bytes as they are now. */
struct plc_conf *plc_conf_load_fd(int fd, GError **error);
/* Every key at its default, for what runs without a site. */
struct plc_conf *plc_conf_standard(void);
void plc_conf_free(struct plc_conf *conf);
typedef struct plc_conf plc_conf;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_conf, plc_conf_free)

bool plc_conf_trusts(const struct plc_conf *conf, const char *source);
bool plc_conf_has_channel(const struct plc_conf *conf, const char *channel);
/* The file that `placet init` writes: every key with its explanation and default. Free with g_free. */
char *plc_conf_text(void);
