/* How do messages travel? One packet, and up to 250 descriptors with it; more descriptors follow in MORE packets. */
#include "wire/wire.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/file.h"
#include "wire/codec.h"

#define FDS_PER_PACKET 250 /* the kernel takes 253 (SCM_MAX_FD) */

struct plc_wire {
        int fd;
        struct plc_packet packet; /* of the message whose descriptors are still coming */
        GByteArray *message;      /* empty: none is */
        GArray *fds;
        uint8_t buffer[PLC_WIRE_MAX_BYTES];
};

bool plc_wire_pair(int out_fds[2], GError **error)
{
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, out_fds) != 0)
                return plc_fail_errno(error, errno, "cannot make a socket pair");
        return true;
}

plc_wire *plc_wire_new(int fd)
{
        plc_wire *wire = g_new0(plc_wire, 1);

        wire->fd = fd;
        wire->message = g_byte_array_new();
        wire->fds = g_array_new(FALSE, FALSE, sizeof(int));
        return wire;
}

static void forget(plc_wire *wire)
{
        for (guint i = 0; i < wire->fds->len; i++)
                plc_close_fd(&g_array_index(wire->fds, int, i));
        g_array_set_size(wire->fds, 0);
        g_byte_array_set_size(wire->message, 0);
}

void plc_wire_free(plc_wire *wire)
{
        if (wire == NULL)
                return;
        forget(wire);
        plc_close_fd(&wire->fd);
        g_byte_array_unref(wire->message);
        g_array_unref(wire->fds);
        g_free(wire);
}

int plc_wire_fd(const plc_wire *wire)
{
        return wire->fd;
}

union control {
        struct cmsghdr align;
        char space[CMSG_SPACE(FDS_PER_PACKET * sizeof(int))];
};

static bool send_packet(int socket, const void *data, size_t size, const int *fds, size_t n_fds, bool wait,
                        GError **error)
{
        union control control = {0};
        struct iovec part = {.iov_base = (void *)data, .iov_len = size};
        struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
        int tries = 0;

        if (n_fds > 0) {
                struct cmsghdr *rights;

                header.msg_control = control.space;
                header.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
                rights = CMSG_FIRSTHDR(&header);
                rights->cmsg_level = SOL_SOCKET;
                rights->cmsg_type = SCM_RIGHTS;
                rights->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
                memcpy(CMSG_DATA(rights), fds, n_fds * sizeof(int));
        }
        while (sendmsg(socket, &header, MSG_NOSIGNAL | (wait ? 0 : MSG_DONTWAIT)) < 0) {
                /* The kernel counts descriptors under way for all processes of a user (ETOOMANYREFS): the office takes
                 * them out within milliseconds, 10 s are plenty. */
                if (errno == ETOOMANYREFS && wait && tries++ < 1000)
                        poll(NULL, 0, 10);
                else if (errno == EPIPE || errno == ECONNRESET)
                        return plc_fail(error, PLC_E_UNREACHABLE, "the other end is gone");
                else if (errno == EAGAIN)
                        return plc_fail(error, PLC_E_BUSY, "the other end does not read");
                else if (errno != EINTR)
                        return plc_fail_errno(error, errno, "cannot send a message");
        }
        return true;
}

bool plc_wire_send(plc_wire *wire, struct plc_message *message, bool wait, GError **error)
{
        g_autoptr(GByteArray) bytes = NULL;
        g_autoptr(GArray) fds = NULL;
        size_t sent;

        if (!plc_message_encode(message, &bytes, &fds, error))
                return false;
        sent = MIN(fds->len, FDS_PER_PACKET);
        if (!send_packet(wire->fd, bytes->data, bytes->len, (const int *)(void *)fds->data, sent, wait, error))
                return false;
        while (sent < fds->len) {
                struct plc_packet more = {.kind = PLC_MSG_MORE, .job = message->job, .fds = fds->len};
                size_t n = MIN(fds->len - sent, FDS_PER_PACKET);
                uint8_t header[PLC_WIRE_HEADER_BYTES];

                plc_packet_write(&more, header);
                if (!send_packet(wire->fd, header, sizeof(header), &g_array_index(fds, int, sent), n, wait, error))
                        return false;
                sent += n;
        }
        return true;
}

/* Takes all descriptors into wire->fds, whatever comes of the packet, so that none can leak. */
static void take_fds(plc_wire *wire, struct msghdr *header)
{
        for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part != NULL; part = CMSG_NXTHDR(header, part))
                if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS)
                        g_array_append_vals(wire->fds, CMSG_DATA(part),
                                            (guint)((part->cmsg_len - CMSG_LEN(0)) / sizeof(int)));
}

static bool bad(GError **error, const char *what)
{
        return plc_fail(error, PLC_E_BAD_ANSWER, "a message is not understood: %s", what);
}

/* Takes in one packet; true with wire->message complete or not. */
static bool take_packet(plc_wire *wire, size_t size, guint fds_before, unsigned expected, GError **error)
{
        struct plc_packet packet;
        guint n_fds = wire->fds->len - fds_before;

        if (!plc_packet_read(wire->buffer, size, &packet, error))
                return false;
        if (wire->message->len == 0) {
                if ((expected & PLC_MSG_BIT(packet.kind)) == 0)
                        return plc_fail(error, PLC_E_BAD_ANSWER, "a %s message was not expected",
                                        plc_msg_name(packet.kind));
                if (packet.fds > plc_msg_max_fds(packet.kind))
                        return bad(error, "it has too many files");
                wire->packet = packet;
                g_byte_array_append(wire->message, wire->buffer, (guint)size);
        } else if (packet.kind != PLC_MSG_MORE || packet.job != wire->packet.job || packet.fds != wire->packet.fds ||
                   packet.body != 0) {
                return bad(error, "other words came where files were to come");
        }
        if (n_fds != MIN(wire->packet.fds - MIN(fds_before, wire->packet.fds), FDS_PER_PACKET))
                return bad(error, "it has another number of files than it says");
        return true;
}

static plc_got finish(plc_wire *wire, struct plc_message **out, GError **error)
{
        bool ok = plc_message_decode(wire->message->data, wire->message->len, (int *)(void *)wire->fds->data,
                                     wire->fds->len, out, error);

        g_array_set_size(wire->fds, 0);
        g_byte_array_set_size(wire->message, 0);
        return ok ? PLC_GOT_MESSAGE : PLC_GOT_BAD;
}

static plc_got recv_packet(plc_wire *wire, bool wait, unsigned expected, GError **error)
{
        union control control;
        struct iovec part = {.iov_base = wire->buffer, .iov_len = sizeof(wire->buffer)};
        struct msghdr header = {
                .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof(control)};
        guint fds_before = wire->fds->len;
        ssize_t got;

        do
                got = recvmsg(wire->fd, &header, MSG_CMSG_CLOEXEC | (wait ? 0 : MSG_DONTWAIT));
        while (got < 0 && errno == EINTR);
        if (got < 0 && errno == EAGAIN)
                return PLC_GOT_NOTHING;
        if (got < 0 && errno != ECONNRESET) {
                plc_fail_errno(error, errno, "cannot receive a message");
                return PLC_GOT_BAD;
        }
        if (got <= 0)
                return PLC_GOT_END; /* a packet of no bytes is no message of ours either */
        take_fds(wire, &header);
        if (header.msg_flags & MSG_TRUNC)
                bad(error, "it is too long");
        else if (header.msg_flags & MSG_CTRUNC) /* more than fit the packet, or our own table of open files is full */
                plc_fail(error, PLC_E_IO,
                         "not all files of a message could be received: too many, or too many open here");
        else if (take_packet(wire, (size_t)got, fds_before, expected, error))
                return PLC_GOT_MESSAGE;
        return PLC_GOT_BAD;
}

plc_got plc_wire_recv(plc_wire *wire, bool wait, unsigned expected, struct plc_message **out, GError **error)
{
        plc_got got;

        do
                got = recv_packet(wire, wait, expected, error);
        while (got == PLC_GOT_MESSAGE && wire->fds->len < wire->packet.fds && wait);
        if (got == PLC_GOT_MESSAGE)
                return wire->fds->len < wire->packet.fds ? PLC_GOT_NOTHING : finish(wire, out, error);
        if (got == PLC_GOT_BAD || got == PLC_GOT_END)
                forget(wire);
        return got;
}
