/* placet policy check: can an edited policy be used? Told before the office takes it, with the place that is wrong. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "cmd/cmd.h"
#include "rights/policy.h"

static int policy(int argc, char **argv);

const struct plc_cmd plc_cmd_policy = {
        .name = "policy",
        .args = "check FILE…",
        .help = "Tell whether a policy can be used, before the office takes it at its next start.",
        .example = "placet policy check shop/policy.json",
        .run = policy,
};

static bool check(const char *path, GError **error)
{
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(plc_policy) read = NULL;
        gsize size;

        if (!plc_cmd_read(path, plc_json_default_limits.max_bytes, &bytes, error))
                return false;
        read = plc_policy_parse(g_bytes_get_data(bytes, &size), g_bytes_get_size(bytes), path, error);
        if (read == NULL)
                return false;
        printf("%s: policy version %" G_GINT64_FORMAT ", as it should be.\n", path, (int64_t)read->version);
        return true;
}

static int policy(int argc, char **argv)
{
        int status = 0;

        if (!plc_cmd_parse(&plc_cmd_policy, NULL, &argc, &argv))
                return 2;
        if (argc < 3 || strcmp(argv[1], "check") != 0)
                return plc_cmd_usage(&plc_cmd_policy, "check and at least one FILE are needed");
        for (int i = 2; i < argc; i++) {
                GError *error = NULL;

                if (!check(argv[i], &error))
                        status = plc_cmd_fail(error);
        }
        return status;
}
