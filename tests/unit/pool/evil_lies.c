/* What does a worker that was taken over try to make the office believe? One lie a row. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "evil.h"
#include "wire/codec.h"

#define LIE(name)                                                                                                      \
        static bool name(G_GNUC_UNUSED plc_wire *wire, G_GNUC_UNUSED const struct plc_message *request,                \
                         struct plc_message *answer)

static struct plc_made_file *first_file(struct plc_message *answer)
{
        return &answer->result.made[0].files[0];
}

LIE(other_job)
{
        answer->job++;
        return true;
}

LIE(other_kind)
{
        answer->kind = PLC_MSG_HELLO;
        answer->hello = (struct plc_hello){.version = PLC_WIRE_VERSION, .seccomp = true};
        return true;
}

LIE(examined_for_render)
{
        answer->kind = PLC_MSG_EXAMINED;
        return true;
}

LIE(photo_of_a_million_pixels_a_side)
{
        answer->result.facts.width = answer->result.facts.stored_width = 1000000;
        return true;
}

LIE(sides_that_do_not_match)
{
        answer->result.facts.orientation = 6;
        return true;
}

LIE(fingerprint_of_words)
{
        memset(answer->result.facts.pdq, 'z', 64);
        return true;
}

LIE(other_preset)
{
        g_strlcpy(answer->result.made[0].preset, "another", PLC_PRESET_ID_SIZE);
        return true;
}

LIE(one_placement_less)
{
        answer->result.n_made = 1;
        return true;
}

LIE(more_files_than_asked)
{
        struct plc_made *made = &answer->result.made[0];

        made->files[made->n_files] = made->files[0];
        made->files[made->n_files++].fd = dup(made->files[0].fd);
        return true;
}

LIE(files_of_a_refused_placement)
{
        answer->result.made[0].verdict = PLC_VERDICT_REFUSED;
        return true;
}

LIE(wider_than_the_plan)
{
        first_file(answer)->width = 60000;
        return true;
}

LIE(higher_than_the_photo)
{
        first_file(answer)->height = 301;
        return true;
}

LIE(crop_outside)
{
        answer->result.made[0].crop.x = 1;
        return true;
}

LIE(format_not_asked_for)
{
        first_file(answer)->format = PLC_FORMAT_WEBP;
        return true;
}

LIE(bytes_of_another_format)
{
        static const char html[] = "<html><script>alert(1)</script></html>";

        close(first_file(answer)->fd);
        first_file(answer)->fd = evil_memfd(html, sizeof(html), true);
        first_file(answer)->bytes = sizeof(html);
        return true;
}

LIE(fewer_bytes_than_told)
{
        first_file(answer)->bytes++;
        return true;
}

LIE(more_bytes_than_told)
{
        first_file(answer)->bytes--;
        return true;
}

LIE(not_sealed)
{
        static const char png[] = "\x89PNG\r\n\x1a\n here";

        close(first_file(answer)->fd);
        first_file(answer)->fd = evil_memfd(png, sizeof(png), false);
        first_file(answer)->bytes = sizeof(png);
        return true;
}

/* The only pipe-like thing it can still get at. */
LIE(socket_instead_of_a_file)
{
        close(first_file(answer)->fd);
        first_file(answer)->fd = dup(plc_wire_fd(wire));
        return true;
}

LIE(device_instead_of_a_file)
{
        close(first_file(answer)->fd);
        first_file(answer)->fd = dup(STDIN_FILENO);
        return true;
}

LIE(the_photo_instead_of_a_file)
{
        close(first_file(answer)->fd);
        first_file(answer)->fd = dup(request->input);
        return true;
}

LIE(code_of_ours)
{
        answer->kind = PLC_MSG_FAILED;
        answer->failure = (struct plc_failure){.code = PLC_E_ERASED};
        return true;
}

/* Bytes and descriptors on the wire, as no honest sender would write them. */
static bool send_raw(plc_wire *wire, const void *data, size_t size, int fd, size_t times)
{
        union {
                struct cmsghdr align;
                char space[CMSG_SPACE(250 * sizeof(int))];
        } control = {0};
        struct iovec part = {(void *)data, size};
        struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};

        if (times > 0) {
                struct cmsghdr *rights;

                header.msg_control = control.space;
                header.msg_controllen = CMSG_SPACE(times * sizeof(int));
                rights = CMSG_FIRSTHDR(&header);
                *rights = (struct cmsghdr){
                        .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(times * sizeof(int))};
                for (size_t i = 0; i < times; i++)
                        memcpy(CMSG_DATA(rights) + i * sizeof(int), &fd, sizeof(int));
        }
        while (sendmsg(plc_wire_fd(wire), &header, MSG_NOSIGNAL) < 0 && errno == ETOOMANYREFS)
                g_usleep(1000); /* until the office has taken those before */
        return false;
}

LIE(garbage)
{
        (void)answer;
        return send_raw(wire, "pleased to meet you, hope you guess my name", 43, -1, 0);
}

LIE(empty_packet)
{
        (void)answer;
        return send_raw(wire, "", 0, -1, 0);
}

LIE(too_long)
{
        char *much = g_malloc0(2 * PLC_WIRE_MAX_BYTES);

        (void)answer;
        send_raw(wire, much, 2 * PLC_WIRE_MAX_BYTES, -1, 0);
        g_free(much);
        return false;
}

static bool send_changed(plc_wire *wire, struct plc_message *answer, size_t cut, int fd, size_t times)
{
        g_autoptr(GByteArray) bytes = NULL;
        g_autoptr(GArray) fds = NULL;

        if (!plc_message_encode(answer, &bytes, &fds, NULL))
                _exit(4);
        return send_raw(wire, bytes->data, bytes->len - cut, fd, times);
}

LIE(short_message)
{
        return send_changed(wire, answer, 7, first_file(answer)->fd, 1);
}

LIE(a_thousand_descriptors)
{
        struct plc_packet packet = {.kind = PLC_MSG_RENDERED, .job = answer->job, .fds = 1000};
        uint8_t header[PLC_WIRE_HEADER_BYTES];

        plc_packet_write(&packet, header);
        send_raw(wire, header, sizeof(header), first_file(answer)->fd, 250);
        packet.kind = PLC_MSG_MORE;
        plc_packet_write(&packet, header);
        for (int i = 0; i < 3; i++)
                send_raw(wire, header, sizeof(header), first_file(answer)->fd, 250);
        return false;
}

LIE(descriptors_not_announced)
{
        return send_changed(wire, answer, 0, first_file(answer)->fd, 250);
}

LIE(descriptors_that_never_come)
{
        return send_changed(wire, answer, 0, -1, 0);
}

LIE(descriptors_with_a_failure)
{
        answer->kind = PLC_MSG_FAILED;
        answer->failure = (struct plc_failure){.code = PLC_E_UNREADABLE};
        return send_changed(wire, answer, 0, STDIN_FILENO, 250);
}

LIE(more_of_nothing)
{
        struct plc_packet packet = {.kind = PLC_MSG_MORE, .job = answer->job, .fds = 1};
        uint8_t header[PLC_WIRE_HEADER_BYTES];

        plc_packet_write(&packet, header);
        return send_raw(wire, header, sizeof(header), first_file(answer)->fd, 1);
}

/* The first is true and is taken; the second must reach nobody. */
LIE(two_answers)
{
        return plc_wire_send(wire, answer, true, NULL);
}

#define ROW(lie)                                                                                                       \
        {                                                                                                              \
#lie, lie                                                                                              \
        }
const struct evil_lie evil_lies[] = {
        ROW(other_job),
        ROW(other_kind),
        ROW(examined_for_render),
        ROW(photo_of_a_million_pixels_a_side),
        ROW(sides_that_do_not_match),
        ROW(fingerprint_of_words),
        ROW(other_preset),
        ROW(one_placement_less),
        ROW(more_files_than_asked),
        ROW(files_of_a_refused_placement),
        ROW(wider_than_the_plan),
        ROW(higher_than_the_photo),
        ROW(crop_outside),
        ROW(format_not_asked_for),
        ROW(bytes_of_another_format),
        ROW(fewer_bytes_than_told),
        ROW(more_bytes_than_told),
        ROW(not_sealed),
        ROW(socket_instead_of_a_file),
        ROW(device_instead_of_a_file),
        ROW(the_photo_instead_of_a_file),
        ROW(code_of_ours),
        ROW(garbage),
        ROW(empty_packet),
        ROW(too_long),
        ROW(short_message),
        ROW(a_thousand_descriptors),
        ROW(descriptors_not_announced),
        ROW(descriptors_that_never_come),
        ROW(descriptors_with_a_failure),
        ROW(more_of_nothing),
        ROW(two_answers),
};
const size_t evil_n_lies = G_N_ELEMENTS(evil_lies);
