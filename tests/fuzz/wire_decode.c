/* Can any bytes from a worker harm the office? What is understood must also be written the same way again. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "wire/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first two bytes: how many descriptors came with it. All are the same one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        g_autoptr(plc_message) message = NULL;
        g_autoptr(GByteArray) again = NULL;
        g_autoptr(GArray) sent = NULL;
        int fds[PLC_MAX_PLAN_FILES];
        size_t n_fds;

        if (size < 2)
                return 0;
        n_fds = MIN((size_t)data[0] | ((size_t)data[1] << 8), G_N_ELEMENTS(fds));
        for (size_t i = 0; i < n_fds; i++)
                fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (!plc_message_decode(data + 2, size - 2, fds, n_fds, &message, NULL))
                return 0;
        g_assert_true(plc_message_encode(message, &again, &sent, NULL));
        g_assert_true(again->len == size - 2 && memcmp(again->data, data + 2, size - 2) == 0);
        g_assert_cmpuint(sent->len, ==, n_fds);
        return 0;
}
