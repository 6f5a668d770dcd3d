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
        struct plc_http_room *room; /* all of them lie in it */
};

/* BAD_REQUEST (a parameter's name through plc_http_bad_param where one is to blame), TOO_BIG over PLC_HTTP_MAX_URL. */
bool plc_http_target_parse(const char *raw, struct plc_http_target *out, GError **error);
void plc_http_target_clear(struct plc_http_target *target);
const char *plc_http_target_param(const struct plc_http_target *target, const char *name);
/* Every parameter is in the space-separated list, else BAD_REQUEST naming it. */
bool plc_http_target_only(const struct plc_http_target *target, const char *known, GError **error);
/* Does the path have the form of the pattern? */
bool plc_http_target_matches(const struct plc_http_target *target, const char *pattern);
/* The part of a path that matches, by its name in the pattern's braces; NULL if the pattern has no such name. */
const char *plc_http_target_part(const struct plc_http_target *target, const char *pattern, const char *name);
