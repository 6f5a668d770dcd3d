/* What is placet-worker? The only program that decodes strangers' images; it holds a socket to the office and nothing
 * else. */
#include "worker/loop.h"

#ifdef PLC_SANITIZE
/* The leak checker would trace the process, which the sandbox forbids; a symbolizer would be another program. */
const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
        return "detect_leaks=0:symbolize=0";
}
#endif

int main(int argc, char **argv)
{
        return plc_worker_main(argc, argv, &plc_worker_media);
}
