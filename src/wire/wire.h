/* How do messages travel? As packets over a SOCK_SEQPACKET pair, descriptors beside them (SCM_RIGHTS). */
#pragma once
#include "wire/message.h"

typedef struct plc_wire plc_wire;

/* Two ends, close-on-exec. */
bool plc_wire_pair(int out_fds[2], GError **error);
plc_wire *plc_wire_new(int fd); /* takes the descriptor */
void plc_wire_free(plc_wire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_wire, plc_wire_free)
int plc_wire_fd(const plc_wire *wire); /* borrowed */

/* Without `wait` a full socket is BUSY: the office never waits for a worker. UNREACHABLE: the other end is gone. */
bool plc_wire_send(plc_wire *wire, struct plc_message *message, bool wait, GError **error);

typedef enum {
        PLC_GOT_MESSAGE,
        PLC_GOT_NOTHING, /* yet: no packet, or more packets of this message are to come */
        PLC_GOT_END,     /* the other end is gone */
        PLC_GOT_BAD      /* error is set: BAD_ANSWER, or IO if it was our own fault; do not go on with this peer */
} plc_got;
/* expected: PLC_MSG_BIT of the kinds that may come now; any other is BAD_ANSWER. *out is set for a message only. */
plc_got plc_wire_recv(plc_wire *wire, bool wait, unsigned expected, struct plc_message **out, GError **error);
