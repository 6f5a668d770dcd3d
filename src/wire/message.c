/* How is a whole message written and read? Header, fields, descriptors; nothing left over, nothing missing. */
#include "wire/message.h"

#include <string.h>

#include "base/file.h"
#include "wire/codec.h"
#include "wire/fields.h"

#define MAGIC 0x31434c50u /* "PLC1" */

static const struct {
        const char *name;
        void (*fields)(struct plc_codec *codec, struct plc_message *message);
        size_t max_fds;
} rows[PLC_MSG_COUNT_] = {
#define PLC_MSG(kind, what, descriptors) [PLC_MSG_##kind] = {#kind, plc_fields_##what, descriptors},
#include "wire/messages.def"
#undef PLC_MSG
};

const char *plc_msg_name(enum plc_msg kind)
{
        return rows[kind].name;
}

size_t plc_msg_max_fds(enum plc_msg kind)
{
        return rows[kind].max_fds;
}

struct plc_message *plc_message_new(enum plc_msg kind, uint64_t job)
{
        struct plc_message *message = g_new0(struct plc_message, 1);

        message->kind = kind;
        message->job = job;
        message->input = -1;
        return message;
}

void plc_message_free(struct plc_message *message)
{
        if (message == NULL)
                return;
        plc_close_fd(&message->input);
        if (message->kind == PLC_MSG_RENDERED || message->kind == PLC_MSG_EXAMINED)
                plc_result_clear(&message->result);
        g_free(message);
}

struct plc_message *plc_message_failure(uint64_t job, const GError *error)
{
        struct plc_message *message = plc_message_new(PLC_MSG_FAILED, job);

        message->failure.code = plc_error_code(error);
        plc_line_copy(message->failure.text, sizeof(message->failure.text), error->message);
        return message;
}

static void header(struct plc_codec *codec, struct plc_packet *packet)
{
        plc_code_uint(codec, "magic", 4, MAGIC, MAGIC, MAGIC);
        PLC_CODE(codec, 4, packet->kind, PLC_MSG_NONE_ + 1, PLC_MSG_COUNT_ - 1);
        PLC_CODE(codec, 8, packet->job, 0, UINT64_MAX);
        PLC_CODE(codec, 4, packet->body, 0, PLC_WIRE_MAX_BYTES - PLC_WIRE_HEADER_BYTES);
        PLC_CODE(codec, 4, packet->fds, 0, PLC_MAX_PLAN_FILES);
}

bool plc_packet_read(const uint8_t *data, size_t size, struct plc_packet *out, GError **error)
{
        struct plc_codec codec = {.in = data, .size = size};
        struct plc_packet packet = {0};

        header(&codec, &packet);
        if (!codec.failed && packet.body != size - PLC_WIRE_HEADER_BYTES)
                plc_code_fault(&codec, "body", "is not as long as announced");
        if (codec.failed)
                return plc_fail(error, PLC_E_BAD_ANSWER, "a message is not understood: %s", codec.fault);
        *out = packet;
        return true;
}

void plc_packet_write(const struct plc_packet *packet, uint8_t out[PLC_WIRE_HEADER_BYTES])
{
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        struct plc_codec codec = {.out = bytes};
        struct plc_packet copy = *packet;

        header(&codec, &copy);
        g_assert(!codec.failed && bytes->len == PLC_WIRE_HEADER_BYTES);
        memcpy(out, bytes->data, PLC_WIRE_HEADER_BYTES);
}

static GArray *descriptors(const struct plc_message *message)
{
        GArray *fds = g_array_new(FALSE, FALSE, sizeof(int));

        if (message->kind == PLC_MSG_EXAMINE || message->kind == PLC_MSG_RENDER)
                g_array_append_val(fds, message->input);
        for (unsigned i = 0; message->kind == PLC_MSG_RENDERED && i < message->result.n_made; i++)
                for (unsigned f = 0; f < message->result.made[i].n_files; f++)
                        g_array_append_val(fds, message->result.made[i].files[f].fd);
        return fds;
}

bool plc_message_encode(struct plc_message *message, GByteArray **out, GArray **out_fds, GError **error)
{
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        g_autoptr(GArray) fds = NULL;
        struct plc_codec codec = {.out = bytes};
        struct plc_packet packet = {.kind = message->kind, .job = message->job};

        g_byte_array_set_size(bytes, PLC_WIRE_HEADER_BYTES);
        rows[message->kind].fields(&codec, message);
        if (codec.failed)
                return plc_fail(error, PLC_E_BAD_VALUE, "a %s message cannot be sent: %s", rows[message->kind].name,
                                codec.fault);
        fds = descriptors(message);
        for (guint i = 0; i < fds->len; i++)
                if (g_array_index(fds, int, i) < 0)
                        return plc_fail(error, PLC_E_BAD_VALUE, "a %s message lacks a file", rows[message->kind].name);
        packet.body = bytes->len - PLC_WIRE_HEADER_BYTES;
        packet.fds = fds->len;
        plc_packet_write(&packet, bytes->data);
        *out = g_steal_pointer(&bytes);
        *out_fds = g_steal_pointer(&fds);
        return true;
}

/* Gives each place that waits for a descriptor the next one; false if there are too few or too many. */
static bool hand_out(struct plc_message *message, int *fds, size_t n_fds)
{
        size_t next = 0;

        if (message->kind == PLC_MSG_EXAMINE || message->kind == PLC_MSG_RENDER) {
                if (n_fds != 1)
                        return false;
                message->input = plc_steal_fd(&fds[next++]);
        }
        for (unsigned i = 0; message->kind == PLC_MSG_RENDERED && i < message->result.n_made; i++)
                for (unsigned f = 0; f < message->result.made[i].n_files; f++) {
                        if (next == n_fds)
                                return false;
                        message->result.made[i].files[f].fd = plc_steal_fd(&fds[next++]);
                }
        return next == n_fds;
}

static bool decode(const uint8_t *data, size_t size, int *fds, size_t n_fds, struct plc_message **out, GError **error)
{
        g_autoptr(plc_message) message = NULL;
        struct plc_codec codec = {.in = data, .size = size, .at = PLC_WIRE_HEADER_BYTES};
        struct plc_packet packet;

        if (!plc_packet_read(data, size, &packet, error))
                return false;
        message = plc_message_new(packet.kind, packet.job);
        rows[packet.kind].fields(&codec, message);
        if (!codec.failed && codec.at != size)
                plc_code_fault(&codec, rows[packet.kind].name, "has bytes after its end");
        if (!codec.failed && (packet.fds != n_fds || !hand_out(message, fds, n_fds)))
                plc_code_fault(&codec, rows[packet.kind].name, "has another number of files than it says");
        if (codec.failed)
                return plc_fail(error, PLC_E_BAD_ANSWER, "a message is not understood: %s", codec.fault);
        *out = g_steal_pointer(&message);
        return true;
}

bool plc_message_decode(const uint8_t *data, size_t size, int *fds, size_t n_fds, struct plc_message **out,
                        GError **error)
{
        bool ok = decode(data, size, fds, n_fds, out, error);

        for (size_t i = 0; i < n_fds; i++)
                plc_close_fd(&fds[i]);
        return ok;
}
