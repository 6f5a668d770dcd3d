/* Does every message come back as it was sent, and is everything else refused? */
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "wire/codec.h"
#include "wire/message.h"

static const struct plc_photo_limits limits = {
        .max_bytes = 40000000, .max_pixels = 50000000, .max_side = 16000, .max_frames = 500};

static void fill(char *text, size_t size, char with)
{
        memset(text, with, size - 1);
        text[size - 1] = '\0';
}

/* The largest plan that may be asked for. */
static struct plc_message *largest_render(void)
{
        struct plc_message *message = plc_message_new(PLC_MSG_RENDER, UINT64_MAX);
        struct plc_plan *plan = &message->plan;
        struct plc_rights_note *note = &plan->note;

        message->cpu_seconds = PLC_WIRE_MAX_CPU_SECONDS;
        message->input = open("/dev/null", O_RDONLY | O_CLOEXEC);
        plan->limits = limits;
        plan->avif = plan->has_focal = true;
        plan->focal_x = 0.25;
        fill(note->credit, sizeof(note->credit), 'c');
        fill(note->copyright, sizeof(note->copyright), 'r');
        fill(note->usage_terms, sizeof(note->usage_terms), '\n');
        fill(note->web_statement, sizeof(note->web_statement), 'w');
        fill(note->licensor_url, sizeof(note->licensor_url), 'l');
        fill(note->data_mining, sizeof(note->data_mining), 'd');
        fill(note->digital_source_type, sizeof(note->digital_source_type), 's');
        g_strlcpy(note->disclosure, "Geschenk von Müller – 贈り物", sizeof(note->disclosure));
        plan->n_placements = PLC_MAX_PLACEMENTS;
        for (unsigned i = 0; i < PLC_MAX_PLACEMENTS; i++) {
                struct plc_placement *place = &plan->placements[i];

                fill(place->id, sizeof(place->id), (char)('a' + i % 26));
                place->width = 1080;
                place->min_keep = 0.6;
                place->safe.bottom = 0.35;
                place->n_widths = PLC_MAX_WIDTHS;
                for (unsigned w = 0; w < PLC_MAX_WIDTHS; w++)
                        place->widths[w] = 100 * (w + 1);
                place->n_dpr = 4;
                for (unsigned d = 0; d < 4; d++)
                        place->dpr[d] = d + 1;
                place->n_encodings = PLC_MAX_ENCODINGS;
                for (unsigned e = 0; e < PLC_MAX_ENCODINGS; e++)
                        place->encodings[e] = (struct plc_encoding){.format = PLC_FORMAT_WEBP, .quality = 80};
                place->max_bytes = 150000;
        }
        return message;
}

static struct plc_facts some_facts(void)
{
        return (struct plc_facts){.format = PLC_FORMAT_HEIC,
                                  .width = 3000,
                                  .height = 4000,
                                  .stored_width = 4000,
                                  .stored_height = 3000,
                                  .orientation = 6,
                                  .frames = 1,
                                  .colour = "Display P3",
                                  .removed = PLC_REMOVED_EXIF | PLC_REMOVED_GPS,
                                  .taken_at = -86400000,
                                  .taken_zoned = true,
                                  .camera = "Käm-era 3",
                                  .sharpness = 123.5,
                                  .exposure = 0.5,
                                  .has_attention = true,
                                  .attention_x = 1};
}

/* n_made placements with so many files each. */
static struct plc_message *rendered(unsigned n_made, unsigned n_files)
{
        struct plc_message *message = plc_message_new(PLC_MSG_RENDERED, 7);
        struct plc_result *result = &message->result;

        result->facts = some_facts();
        result->n_made = n_made;
        result->made = g_new0(struct plc_made, n_made);
        for (unsigned i = 0; i < n_made; i++) {
                struct plc_made *made = &result->made[i];

                fill(made->preset, sizeof(made->preset), 'p');
                fill(made->why, sizeof(made->why), 'y');
                made->crop = (struct plc_rect){1, 2, 3, 4};
                made->n_files = n_files;
                for (unsigned f = 0; f < n_files; f++)
                        made->files[f] = (struct plc_made_file){.width = 1,
                                                                .height = 2,
                                                                .css_width = 3,
                                                                .format = PLC_FORMAT_AVIF,
                                                                .quality = 50,
                                                                .encodes = 2,
                                                                .holds = PLC_HOLDS_PICTURE | PLC_HOLDS_XMP,
                                                                .bytes = 4,
                                                                .fd = open("/dev/null", O_RDONLY | O_CLOEXEC)};
        }
        return message;
}

static struct plc_message *hello(void)
{
        struct plc_message *message = plc_message_new(PLC_MSG_HELLO, 0);

        message->hello = (struct plc_hello){.version = PLC_WIRE_VERSION,
                                            .landlock_abi = 7,
                                            .seccomp = true,
                                            .uid = 65534,
                                            .libraries = "libvips 8.14.1"};
        return message;
}

static struct plc_message *examine(void)
{
        struct plc_message *message = plc_message_new(PLC_MSG_EXAMINE, 5);

        message->cpu_seconds = 20;
        message->limits = limits;
        message->input = open("/dev/null", O_RDONLY | O_CLOEXEC);
        return message;
}

static struct plc_message *examined(void)
{
        struct plc_message *message = plc_message_new(PLC_MSG_EXAMINED, 5);

        message->result.facts = some_facts();
        return message;
}

static struct plc_message *failed(void)
{
        g_autoptr(GError) error = NULL;

        plc_fail(&error, PLC_E_UNREADABLE, "broken\nat \xff byte 7");
        return plc_message_failure(9, error);
}

static struct plc_message *small_rendered(void)
{
        return rendered(2, 2);
}

static struct plc_message *largest_rendered(void)
{
        return rendered(PLC_MAX_PLACEMENTS, PLC_MAX_PLAN_FILES / PLC_MAX_PLACEMENTS);
}

static struct {
        const char *name;
        struct plc_message *(*make)(void);
} messages[] = {
        {"hello", hello},       {"examine", examine},         {"the largest plan", largest_render},
        {"examined", examined}, {"rendered", small_rendered}, {"the largest answer", largest_rendered},
        {"failed", failed},
};

static GByteArray *encode(struct plc_message *message, size_t *out_fds)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GArray) fds = NULL;
        GByteArray *bytes = NULL;

        plc_message_encode(message, &bytes, &fds, &error);
        g_assert_no_error(error);
        *out_fds = fds->len;
        return bytes;
}

static void assert_same(const GByteArray *a, const GByteArray *b)
{
        g_assert_cmpuint(a->len, ==, b->len);
        g_assert_true(memcmp(a->data, b->data, a->len) == 0);
}

/* Descriptors are numbers here; -1 stands for one that came. */
static bool decode(const uint8_t *data, size_t size, size_t n_fds, struct plc_message **out, GError **error)
{
        g_autofree int *fds = g_new(int, n_fds + 1);

        for (size_t i = 0; i < n_fds; i++)
                fds[i] = -1;
        return plc_message_decode(data, size, fds, n_fds, out, error);
}

static GByteArray *encode_decoded(struct plc_message *message)
{
        size_t n_fds;

        if (message->kind == PLC_MSG_EXAMINE || message->kind == PLC_MSG_RENDER)
                message->input = open("/dev/null", O_RDONLY | O_CLOEXEC);
        for (unsigned i = 0; message->kind == PLC_MSG_RENDERED && i < message->result.n_made; i++)
                for (unsigned f = 0; f < message->result.made[i].n_files; f++)
                        message->result.made[i].files[f].fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
        return encode(message, &n_fds);
}

static void test_round_trip(gconstpointer data)
{
        struct plc_message *(*const *make)(void) = data;
        g_autoptr(plc_message) sent = (*make)();
        g_autoptr(plc_message) got = NULL;
        g_autoptr(GByteArray) bytes = NULL;
        g_autoptr(GByteArray) again = NULL;
        g_autoptr(GError) error = NULL;
        size_t n_fds;

        bytes = encode(sent, &n_fds);
        g_test_message("%u bytes, %zu descriptors", bytes->len, n_fds);
        decode(bytes->data, bytes->len, n_fds, &got, &error);
        g_assert_no_error(error);
        g_assert_cmpint(got->kind, ==, sent->kind);
        g_assert_cmpuint(got->job, ==, sent->job);
        if (sent->kind == PLC_MSG_EXAMINED)
                g_assert_true(memcmp(&got->result.facts, &sent->result.facts, sizeof(struct plc_facts)) == 0);
        again = encode_decoded(got);
        assert_same(bytes, again);
}

static void test_truncations(gconstpointer data)
{
        struct plc_message *(*const *make)(void) = data;
        g_autoptr(plc_message) sent = (*make)();
        g_autoptr(GByteArray) bytes = NULL;
        size_t n_fds;

        bytes = encode(sent, &n_fds);
        for (size_t size = 0; size < bytes->len; size += 1 + bytes->len / 300) {
                g_autofree uint8_t *cut = g_memdup2(bytes->data, size); /* so that ASan sees a byte too far */
                g_autoptr(GError) error = NULL;
                struct plc_message *got = NULL;

                /* The length is told in the header: corrected too, the cut must be seen by the fields. */
                if (size >= PLC_WIRE_HEADER_BYTES) {
                        uint32_t body = GUINT32_TO_LE((uint32_t)(size - PLC_WIRE_HEADER_BYTES));

                        memcpy(cut + 16, &body, sizeof(body));
                }
                g_assert_false(decode(cut, size, n_fds, &got, &error));
                g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_BAD_ANSWER);
        }
        g_byte_array_append(bytes, (const guint8 *)"", 1);
        g_assert_false(decode(bytes->data, bytes->len, n_fds, &(struct plc_message *){NULL}, NULL));
}

/* Any byte of a small message (one in some of a large) changed in any way is refused, or is another message that is
 * written the same way: nothing is read in two ways. */
static void test_corruptions(gconstpointer data)
{
        struct plc_message *(*const *make)(void) = data;
        g_autoptr(plc_message) sent = (*make)();
        g_autoptr(GByteArray) bytes = NULL;
        size_t n_fds, refused = 0;

        bytes = encode(sent, &n_fds);
        for (size_t at = 0; at < bytes->len; at += 1 + bytes->len / (n_fds > 100 ? 20 : 200)) {
                for (unsigned bit = 0; bit < 9; bit++) {
                        g_autoptr(plc_message) got = NULL;
                        g_autoptr(GByteArray) again = NULL;
                        uint8_t before = bytes->data[at];

                        bytes->data[at] = (uint8_t)(before ^ (bit == 8 ? 0xff : 1u << bit));
                        if (decode(bytes->data, bytes->len, n_fds, &got, NULL)) {
                                again = encode_decoded(got);
                                assert_same(bytes, again);
                        } else {
                                refused++;
                        }
                        bytes->data[at] = before;
                }
        }
        g_assert_cmpuint(refused, >, bytes->len > 200 ? 20 : 100);
}

/* One field outside its range. It cannot be sent; written behind the codec's back, it is not taken either (fuzz,
 * corruptions). */
struct fault {
        const char *sentence;
        struct plc_message *(*make)(void);
        void (*spoil)(struct plc_message *message);
};
#define SPOIL(name, change)                                                                                            \
        static void name(struct plc_message *m)                                                                        \
        {                                                                                                              \
                change;                                                                                                \
        }
SPOIL(no_cpu, m->cpu_seconds = 0)
SPOIL(long_cpu, m->cpu_seconds = PLC_WIRE_MAX_CPU_SECONDS + 1)
SPOIL(no_pixels, m->limits.max_pixels = 0)
SPOIL(no_placement, m->plan.n_placements = 0)
SPOIL(many_placements, m->plan.n_placements = PLC_MAX_PLACEMENTS + 1)
SPOIL(many_widths, m->plan.placements[3].n_widths = PLC_MAX_WIDTHS + 1)
SPOIL(widths_fall, m->plan.placements[3].widths[5] = 1)
SPOIL(many_encodings, m->plan.placements[0].n_encodings = PLC_MAX_ENCODINGS + 1)
SPOIL(heic_out, m->plan.placements[0].encodings[0].format = PLC_FORMAT_HEIC)
SPOIL(gif_out, m->plan.placements[0].encodings[0].format = PLC_FORMAT_GIF)
SPOIL(quality_101, m->plan.placements[0].encodings[0].quality = 101)
SPOIL(quality_below, m->plan.placements[0].encodings[0].quality = -1)
SPOIL(no_width, m->plan.placements[9].width = 0)
SPOIL(unknown_fit, m->plan.placements[9].fit = PLC_FIT_THUMBHASH + 1)
SPOIL(id_upper, m->plan.placements[0].id[0] = 'A')
SPOIL(id_path, m->plan.placements[0].id[0] = '/')
SPOIL(id_none, m->plan.placements[0].id[0] = '\0')
SPOIL(focal_nan, m->plan.focal_x = NAN)
SPOIL(focal_infinite, m->plan.focal_x = INFINITY)
SPOIL(focal_outside, m->plan.focal_x = 1.001)
SPOIL(box_below, m->plan.box_w = -0.001)
SPOIL(bytes_below, m->plan.placements[0].max_bytes = -1)
SPOIL(credit_utf8, m->plan.note.credit[0] = '\xff')
SPOIL(credit_control, m->plan.note.credit[0] = '\x1b')
SPOIL(url_newline, m->plan.note.web_statement[0] = '\n')
SPOIL(format_unknown, m->result.facts.format = PLC_FORMAT_UNKNOWN)
SPOIL(format_beyond, m->result.facts.format = PLC_FORMAT_COUNT_)
SPOIL(width_none, m->result.facts.width = 0)
SPOIL(width_huge, m->result.facts.width = 1000001)
SPOIL(orientation_0, m->result.facts.orientation = 0)
SPOIL(orientation_9, m->result.facts.orientation = 9)
SPOIL(removed_beyond, m->result.facts.removed = 1u << PLC_REMOVED_COUNT_)
SPOIL(colour_utf8, memcpy(m->result.facts.colour, "\xc3\xa4", 3))
SPOIL(camera_control, m->result.facts.camera[0] = '\x07')
SPOIL(taken_never, m->result.facts.taken_at = INT64_MAX)
SPOIL(sharpness_nan, m->result.facts.sharpness = NAN)
SPOIL(many_files, m->result.made[0].n_files = PLC_MAX_PLACEMENT_FILES + 1)
SPOIL(no_file, plc_close_fd(&m->result.made[0].files[0].fd))
SPOIL(empty_file, m->result.made[0].files[0].bytes = 0)
SPOIL(verdict_beyond, m->result.made[0].verdict = PLC_VERDICT_REFUSED + 1)
SPOIL(refusal_beyond, m->result.made[0].refusal = PLC_REFUSAL_COUNT_)
SPOIL(crop_huge, m->result.made[0].crop.x = 1000001)
SPOIL(landlock_1001, m->hello.landlock_abi = 1001)
SPOIL(no_code, m->failure.code = PLC_E_NONE)

static const struct fault faults[] = {
        {"a job without processor time", examine, no_cpu},
        {"a job of more than an hour", examine, long_cpu},
        {"a photo without pixels allowed", examine, no_pixels},
        {"a plan without a placement", largest_render, no_placement},
        {"a plan of 129 placements", largest_render, many_placements},
        {"17 widths", largest_render, many_widths},
        {"widths that do not rise", largest_render, widths_fall},
        {"5 encodings", largest_render, many_encodings},
        {"HEIC as output", largest_render, heic_out},
        {"GIF as output", largest_render, gif_out},
        {"quality 101", largest_render, quality_101},
        {"quality -1", largest_render, quality_below},
        {"width 0", largest_render, no_width},
        {"an unknown fit", largest_render, unknown_fit},
        {"an id in upper case", largest_render, id_upper},
        {"an id with a slash", largest_render, id_path},
        {"an empty id", largest_render, id_none},
        {"a focal point that is not a number", largest_render, focal_nan},
        {"a focal point at infinity", largest_render, focal_infinite},
        {"a focal point outside", largest_render, focal_outside},
        {"a negative box", largest_render, box_below},
        {"a negative number of bytes", largest_render, bytes_below},
        {"a credit that is not UTF-8", largest_render, credit_utf8},
        {"a credit with an escape", largest_render, credit_control},
        {"a URL over two lines", largest_render, url_newline},
        {"a photo of no format", examined, format_unknown},
        {"a photo of a format beyond the last", examined, format_beyond},
        {"a photo of width 0", examined, width_none},
        {"a photo of a million and one pixels", examined, width_huge},
        {"orientation 0", examined, orientation_0},
        {"orientation 9", examined, orientation_9},
        {"an unknown thing removed", examined, removed_beyond},
        {"a colour space not in ASCII", examined, colour_utf8},
        {"a camera that rings the bell", examined, camera_control},
        {"a photo taken after the year 9999", examined, taken_never},
        {"a sharpness that is not a number", examined, sharpness_nan},
        {"49 files of one placement", small_rendered, many_files},
        {"a file without a descriptor", small_rendered, no_file},
        {"a file of no bytes", small_rendered, empty_file},
        {"an unknown verdict", small_rendered, verdict_beyond},
        {"an unknown refusal", small_rendered, refusal_beyond},
        {"a crop a million pixels away", small_rendered, crop_huge},
        {"Landlock 1001", hello, landlock_1001},
        {"a failure without a code", failed, no_code},
};

static void test_fault(gconstpointer data)
{
        const struct fault *fault = data;
        g_autoptr(plc_message) message = fault->make();
        g_autoptr(GByteArray) bytes = NULL;
        g_autoptr(GArray) fds = NULL;
        g_autoptr(GError) error = NULL;
        unsigned n_made = message->kind == PLC_MSG_RENDERED ? message->result.n_made : 0;

        fault->spoil(message);
        g_assert_false(plc_message_encode(message, &bytes, &fds, &error));
        g_assert_error(error, PLC_ERROR_DOMAIN, PLC_E_BAD_VALUE);
        g_test_message("%s", error->message);
        if (n_made > 0)
                message->result.n_made = n_made;
}

static void test_descriptors(void)
{
        g_autoptr(plc_message) message = small_rendered();
        g_autoptr(GByteArray) bytes = NULL;
        size_t n_fds;

        bytes = encode(message, &n_fds);
        g_assert_cmpuint(n_fds, ==, 4);
        for (size_t n = 0; n < 8; n++) {
                struct plc_message *got = NULL;

                g_assert_cmpint(decode(bytes->data, bytes->len, n, &got, NULL), ==, n == 4);
                plc_message_free(got);
        }
}

static void test_line_copy(void)
{
        char out[8];

        plc_line_copy(out, sizeof(out), "a\nb\x1b");
        g_assert_cmpstr(out, ==, "a b ");
        plc_line_copy(out, sizeof(out), "äöüß");
        g_assert_cmpstr(out, ==, "äöü");
        plc_line_copy(out, sizeof(out), "\xff");
        g_assert_cmpstr(out, ==, "\xef\xbf\xbd");
        plc_line_copy(out, sizeof(out), "");
        g_assert_cmpstr(out, ==, "");
}

/* With an argument: the messages as files, the seed of tests/fuzz/wire_decode. */
static int write_corpus(const char *folder)
{
        for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
                g_autoptr(plc_message) message = messages[i].make();
                g_autofree char *path = g_build_filename(folder, messages[i].name, NULL);
                g_autoptr(GByteArray) bytes = NULL;
                size_t n_fds;

                bytes = encode(message, &n_fds);
                g_byte_array_prepend(bytes, (const guint8[2]){(guint8)n_fds, (guint8)(n_fds >> 8)}, 2);
                g_assert_true(
                        g_file_set_contents(g_strdelimit(path, " ", '-'), (const char *)bytes->data, bytes->len, NULL));
        }
        return 0;
}

/* A login's 1024 are fewer than the files of the largest answer; pool.c asks for more as well. */
static void allow_open_files(void)
{
        struct rlimit files;

        g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &files), ==, 0);
        files.rlim_cur = files.rlim_max;
        g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &files), ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        allow_open_files();
        if (argc > 1)
                return write_corpus(argv[1]);
        for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
                g_autofree char *same = g_strdup_printf("/codec/comes-back/%s", messages[i].name);
                g_autofree char *cut = g_strdup_printf("/codec/cut/%s", messages[i].name);
                g_autofree char *changed = g_strdup_printf("/codec/changed/%s", messages[i].name);

                g_test_add_data_func(same, &messages[i].make, test_round_trip);
                g_test_add_data_func(cut, &messages[i].make, test_truncations);
                g_test_add_data_func(changed, &messages[i].make, test_corruptions);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
                g_autofree char *path = g_strdup_printf("/codec/refused/%s", faults[i].sentence);

                g_test_add_data_func(path, &faults[i], test_fault);
        }
        g_test_add_func("/codec/another number of descriptors is refused", test_descriptors);
        g_test_add_func("/codec/any bytes become a line", test_line_copy);
        return g_test_run();
}
