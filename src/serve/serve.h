/* What does the world ask, and who answers? The public routes (routes.def) over the published index and public/assets,
 * both read-only. */
#pragma once
#include "base/error.h"

typedef struct plc_serve plc_serve;

struct plc_serve_config {
        const char *public_dir;       /* site/public; its index and assets may come later */
        const char *listen;           /* ADDR:PORT */
        const char *name;             /* of the site, on pages */
        const char *public_url;       /* before addresses in mails; "" or NULL: http:// and where it listens */
        const char *const *languages; /* of the site, as the publisher asks; the first is the fallback for labels */
        const char *territory_header; /* set by a trusted proxy; "" or NULL: none is trusted */
        const char *address_header;   /* the same, with the visitor's address; "" or NULL: none is trusted */
        int spool_fd;                 /* of site/spool, borrowed; 0: no reports are taken */
        int64_t json_max_age, media_max_age;       /* seconds */
        unsigned max_connections, max_per_address; /* 0: as plc_http_config says */
        bool log_requests;                         /* a line for each, on stderr */
        int listen_fd;                             /* as plc_http_config */
        int64_t (*now)(void *context);             /* ms; NULL: the clock */
        void *now_context;
};

/* Serves whenever the context (NULL: the default one) runs; the config is borrowed. */
bool plc_serve_start(const struct plc_serve_config *config, GMainContext *main_context, plc_serve **out,
                     GError **error);
/* Takes the new settings, but for where and how it listens; what was kept under the old ones is forgotten. */
void plc_serve_reload(plc_serve *serve, const struct plc_serve_config *config);
const char *plc_serve_address(const plc_serve *serve);
void plc_serve_stop(plc_serve *serve, unsigned grace_ms);
