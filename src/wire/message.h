/* Which messages are there between office and worker, and what do they say? messages.def, and these structs. */
#pragma once
#include "base/error.h"
#include "wire/plan.h"

/* Raised whenever a message changes: office and worker of different versions do not talk. */
#define PLC_WIRE_VERSION 3
#define PLC_WIRE_MAX_CPU_SECONDS 3600

enum plc_msg {
        PLC_MSG_NONE_,
#define PLC_MSG(kind, fields, descriptors) PLC_MSG_##kind,
#include "wire/messages.def"
#undef PLC_MSG
        PLC_MSG_COUNT_
};
#define PLC_MSG_BIT(kind) (1u << (kind))

/* What holds a worker; the office tells it in `placet doctor`. */
struct plc_hello {
        uint32_t version;      /* PLC_WIRE_VERSION */
        uint32_t landlock_abi; /* 0: this kernel has none */
        bool seccomp;
        bool address_limit; /* RLIMIT_AS; not in sanitized builds */
        bool own_root;      /* sees an empty folder as the root of all files */
        uint32_t uid;
        char libraries[64]; /* that decode and write pictures, with their versions: "libvips 8.14.1" */
};

struct plc_failure {
        plc_code code;
        char text[400];
};

typedef struct plc_message plc_message;
struct plc_message {
        enum plc_msg kind;
        uint64_t job;         /* the office counts; an answer repeats it; 0 in HELLO and in a failure to start */
        uint32_t cpu_seconds; /* of a request: what the job may use */
        int input;            /* of a request: the photo, owned; -1 elsewhere */
        union {
                struct plc_hello hello;
                struct plc_photo_limits limits; /* EXAMINE */
                struct plc_plan plan;           /* RENDER */
                struct plc_result result;       /* EXAMINED, RENDERED; owned */
                struct plc_failure failure;
        };
};
struct plc_message *plc_message_new(enum plc_msg kind, uint64_t job);
void plc_message_free(struct plc_message *message); /* closes its descriptors */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(plc_message, plc_message_free)
struct plc_message *plc_message_failure(uint64_t job, const GError *error);

const char *plc_msg_name(enum plc_msg kind);
size_t plc_msg_max_fds(enum plc_msg kind);

#define PLC_WIRE_HEADER_BYTES 24

/* BAD_VALUE where a field is not what may be sent. out_fds: borrowed from the message, in the order they travel. */
bool plc_message_encode(struct plc_message *message, GByteArray **out, GArray **out_fds, GError **error);
/* The n_fds descriptors become the message's, or are closed if it fails (BAD_ANSWER): all entries are -1 afterwards. */
bool plc_message_decode(const uint8_t *data, size_t size, int *fds, size_t n_fds, struct plc_message **out,
                        GError **error);

/* The first bytes of each packet, for wire.c. */
struct plc_packet {
        enum plc_msg kind;
        uint64_t job;
        size_t body, fds; /* bytes after the header, descriptors of the whole message */
};
bool plc_packet_read(const uint8_t *data, size_t size, struct plc_packet *out, GError **error);
void plc_packet_write(const struct plc_packet *packet, uint8_t out[PLC_WIRE_HEADER_BYTES]);
