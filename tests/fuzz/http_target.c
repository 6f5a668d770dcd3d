/* Can any request target, list of tags or range harm the server? What is taken must be well-formed and within its
 * limits. */
#include <string.h>

#include "http/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        g_autofree char *text = g_strndup((const char *)data, size);
        struct plc_http_target target = {0};
        uint64_t first = 0, count = 0;

        plc_http_etag_listed(text, "\"a\"");
        if (plc_http_range_parse(text, 1000, &first, &count) == PLC_HTTP_RANGE_PART)
                g_assert_true(count > 0 && first < 1000 && count <= 1000 - first);
        if (!plc_http_target_parse(text, &target, NULL))
                return 0;
        plc_http_target_whole(&target, "/v1/products/{id}/reviews", NULL);
        plc_http_target_query(&target, NULL);
        g_assert_cmpuint(target.n_parts, <=, PLC_HTTP_MAX_PARTS);
        g_assert_cmpuint(target.n_pairs, <=, PLC_HTTP_MAX_PARAMS);
        for (size_t i = 0; target.parts[i] != NULL; i++)
                g_assert_true(strlen(target.parts[i]) <= PLC_HTTP_MAX_VALUE &&
                              g_utf8_validate(target.parts[i], -1, NULL));
        for (size_t i = 0; i < target.n_pairs; i++) {
                const struct plc_http_pair *pair = &target.pairs[i];

                g_assert_true(g_utf8_validate(pair->value, -1, NULL) && strlen(pair->value) <= PLC_HTTP_MAX_VALUE);
                g_assert_true(plc_http_target_param(&target, pair->name) == pair->value);
        }
        if (plc_http_target_matches(&target, "/v1/products/{id}/reviews"))
                g_assert_nonnull(plc_http_target_part(&target, "/v1/products/{id}/reviews", "id"));
        plc_http_target_clear(&target);
        return 0;
}
