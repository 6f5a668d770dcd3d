/*
 * How is a file sealed, piece by piece? As libsodium's secretstream (XChaCha20-Poly1305): 8 bytes that name the form,
 * 24 of header, then pieces of 64 KiB, each 17 bytes longer than its content; the last is tagged final, so that a cut
 * or a swap is found.
 */
#include "vault/stream.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define PIECE ((size_t)64 * 1024)
#define SEALED_PIECE (PIECE + crypto_secretstream_xchacha20poly1305_ABYTES)
#define HEADER crypto_secretstream_xchacha20poly1305_HEADERBYTES

static const uint8_t form[8] = {'p', 'l', 'a', 'c', 'e', 't', 0, 1};

typedef struct work {
        crypto_secretstream_xchacha20poly1305_state state;
        uint8_t plain[PIECE];
        uint8_t sealed[SEALED_PIECE];
} work;

static void wipe(work *w)
{
        sodium_memzero(w, sizeof *w);
        g_free(w);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(work, wipe)

/* All of size bytes at offset `at`, or a failure: files here do not change while they are read. */
static bool read_at(int fd, uint8_t *out, size_t size, off_t at, GError **error)
{
        while (size > 0) {
                ssize_t got = pread(fd, out, size, at);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0)
                        return plc_fail_errno(error, errno, "cannot read");
                if (got == 0)
                        return plc_fail(error, PLC_E_IO, "a file became shorter while it was read");
                out += got;
                size -= (size_t)got;
                at += got;
        }
        return true;
}

static bool size_of(int fd, size_t limit, size_t *out, GError **error)
{
        struct stat st;

        if (fstat(fd, &st) != 0)
                return plc_fail_errno(error, errno, "cannot look at a file");
        if (!S_ISREG(st.st_mode))
                return plc_fail(error, PLC_E_UNSAFE_FILE, "not an ordinary file");
        if ((uint64_t)st.st_size > limit)
                return plc_fail(error, PLC_E_TOO_BIG, "more than %zu bytes", limit);
        *out = (size_t)st.st_size;
        return true;
}

bool plc_stream_seal(int from_fd, int to_fd, const char *name, const uint8_t key[PLC_KEY_BYTES], size_t limit,
                     GError **error)
{
        g_autoptr(work) w = NULL;
        uint8_t header[HEADER];
        size_t size, at = 0, piece;

        if (!size_of(from_fd, limit, &size, error))
                return false;
        w = g_new(work, 1);
        crypto_secretstream_xchacha20poly1305_init_push(&w->state, header, key);
        if (!plc_write_all(to_fd, form, sizeof form, error) || !plc_write_all(to_fd, header, sizeof header, error))
                return false;
        do {
                unsigned long long sealed;
                bool last;

                piece = MIN(PIECE, size - at);
                last = at + piece == size;
                if (!read_at(from_fd, w->plain, piece, (off_t)at, error))
                        return false;
                crypto_secretstream_xchacha20poly1305_push(&w->state, w->sealed, &sealed, w->plain, piece,
                                                           (const uint8_t *)name, strlen(name),
                                                           last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
                if (!plc_write_all(to_fd, w->sealed, (size_t)sealed, error))
                        return false;
                at += piece;
        } while (at < size);
        return true;
}

static bool damaged(GError **error)
{
        return plc_fail(error, PLC_E_UNREADABLE, "a sealed file does not open: damaged, cut, or sealed by another key");
}

/* to_fd -1: nothing is written. */
static bool open_pieces(int from_fd, int to_fd, const char *name, const uint8_t key[PLC_KEY_BYTES], size_t limit,
                        bool whole, GError **error)
{
        g_autoptr(work) w = NULL;
        uint8_t start[sizeof form + HEADER];
        size_t size, at = sizeof start, pieces = limit / PIECE + 1;
        uint8_t tag = 0;

        if (!size_of(from_fd, sizeof start + pieces * SEALED_PIECE, &size, error))
                return false;
        if (size < sizeof start)
                return damaged(error);
        if (!read_at(from_fd, start, sizeof start, 0, error))
                return false;
        w = g_new(work, 1);
        if (memcmp(start, form, sizeof form) != 0 ||
            crypto_secretstream_xchacha20poly1305_init_pull(&w->state, start + sizeof form, key) != 0)
                return damaged(error);
        while (at < size) {
                size_t piece = MIN(SEALED_PIECE, size - at);
                unsigned long long plain;

                /* Nothing may follow the final piece. */
                if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL)
                        return damaged(error);
                if (!read_at(from_fd, w->sealed, piece, (off_t)at, error))
                        return false;
                if (crypto_secretstream_xchacha20poly1305_pull(&w->state, w->plain, &plain, &tag, w->sealed, piece,
                                                               (const uint8_t *)name, strlen(name)) != 0)
                        return damaged(error);
                if (to_fd >= 0 && !plc_write_all(to_fd, w->plain, (size_t)plain, error))
                        return false;
                at += piece;
                if (!whole && at < size && tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL)
                        return (size - at) % SEALED_PIECE > SEALED_PIECE - PIECE || (size - at) % SEALED_PIECE == 0 ||
                               damaged(error);
        }
        return tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL || damaged(error);
}

bool plc_stream_unseal(int from_fd, int to_fd, const char *name, const uint8_t key[PLC_KEY_BYTES], size_t limit,
                       GError **error)
{
        return open_pieces(from_fd, to_fd, name, key, limit, true, error);
}

bool plc_stream_probe(int from_fd, const char *name, const uint8_t key[PLC_KEY_BYTES], size_t limit, bool whole,
                      GError **error)
{
        return open_pieces(from_fd, -1, name, key, limit, whole, error);
}
