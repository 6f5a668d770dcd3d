/* Which path and parameters does a request target name? Read strictly: what is not well-formed is refused, never
 * repaired. */
#pragma once
#include "http/http.h"

struct plc_http_pair {
        const char *name, *value;
};

struct plc_http_target {
        const char *path;   /* as sent */
        const char **parts; /* decoded, NULL-terminated; "/" has none; a trailing slash makes a last empty part */
        struct plc_http_pair *pairs; /* in the order sent, no name twice */
        size_t n_parts, n_pairs;
        bool odd;                   /* a part could not be read: plc_http_target_whole tells */
        const char *query;          /* as sent; of `raw` */
        struct plc_http_room *room; /* all but it lie in it */
        char *free;                 /* there: where the next decoded text goes */
};

/* The path; `raw` must outlive the target. BAD_REQUEST, TOO_BIG over PLC_HTTP_MAX_URL. */
bool plc_http_target_parse(const char *raw, struct plc_http_target *out, GError **error);
void plc_http_target_clear(struct plc_http_target *target);
/* Every part of the path could be read, else BAD_REQUEST with its name in the pattern that it matches (NULL: none). */
bool plc_http_target_whole(const struct plc_http_target *target, const char *pattern, GError **error);
/* The parameters, too: once, after the path. BAD_REQUEST naming the parameter where one is to blame. */
bool plc_http_target_query(struct plc_http_target *target, GError **error);
const char *plc_http_target_param(const struct plc_http_target *target, const char *name);
/* Every parameter is in the space-separated list, else BAD_REQUEST naming it. */
bool plc_http_target_only(const struct plc_http_target *target, const char *known, GError **error);
/* Does the path have the form of the pattern? */
bool plc_http_target_matches(const struct plc_http_target *target, const char *pattern);
/* The part of a path that matches, by its name in the pattern's braces; NULL if the pattern has no such name. */
const char *plc_http_target_part(const struct plc_http_target *target, const char *pattern, const char *name);
