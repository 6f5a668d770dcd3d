/* In which order is all made? Look, frame every placement, decode once at the largest size needed, then pixels by
 * falling size, then files. */
#include "base/file.h"
#include "media/encode.h"
#include "media/measure.h"
#include "media/media.h"
#include "media/picture.h"
#include "media/removed.h"
#include "media/xmp.h"
#include <math.h>
#include <unistd.h>

#define FACTS_SIDE 1024 /* the level that facts are measured on */

/* One file to be made: pixels × encoding, for one placement. */
struct order {
        struct plc_picture picture;
        const struct plc_placement *placement;
        const struct plc_encoding *encoding;
        struct plc_made *made;
        bool done;
};

static void base_facts(const struct plc_photo *photo, struct plc_facts *facts)
{
        *facts = (struct plc_facts){
                .format = photo->format,
                .width = photo->width,
                .height = photo->height,
                .stored_width = photo->stored_width,
                .stored_height = photo->stored_height,
                .orientation = (uint8_t)photo->orientation,
                .frames = photo->frames,
        };
        g_strlcpy(facts->colour, photo->colour, sizeof facts->colour);
        plc_removed_read(&photo->container, facts);
}

static double scale_to(const struct plc_photo *photo, uint32_t side)
{
        uint32_t longest = MAX(photo->width, photo->height);
        return longest > side ? (double)side / longest : 1;
}

static bool measure(const plc_levels *levels, struct plc_facts *facts, struct plc_cut_out *out_cut_out, GError **error)
{
        plc_autoimage level = plc_picture_small(levels, FACTS_SIDE);
        if (level == NULL)
                return plc_vips_fail(error, PLC_E_MEMORY, "the photo cannot be measured");
        return plc_measure(level, facts, out_cut_out, error);
}

bool plc_media_examine(int fd, const struct plc_photo_limits *limits, struct plc_facts *out, GError **error)
{
        struct plc_photo photo;
        struct plc_facts facts;
        struct plc_cut_out cut_out;
        VipsImage *master = NULL;

        bool done = plc_photo_open(fd, limits, &photo, error) &&
                    plc_photo_decode(&photo, scale_to(&photo, FACTS_SIDE), &master, error);
        if (done) {
                g_autoptr(plc_levels) levels = plc_levels_new(master, photo.width, photo.height);
                base_facts(&photo, &facts);
                done = measure(levels, &facts, &cut_out, error);
        }
        plc_photo_clear(&photo);
        if (done)
                *out = facts;
        return done;
}

static struct plc_frame_photo frame_photo(const struct plc_photo *photo, const struct plc_plan *plan,
                                          const struct plc_facts *facts)
{
        return (struct plc_frame_photo){
                .width = photo->width,
                .height = photo->height,
                .has_focal = plan->has_focal,
                .focal_x = CLAMP(plan->focal_x, 0, 1),
                .focal_y = CLAMP(plan->focal_y, 0, 1),
                .has_box = plan->has_box,
                .box_x = CLAMP(plan->box_x, 0, 1),
                .box_y = CLAMP(plan->box_y, 0, 1),
                .box_w = CLAMP(plan->box_w, 0, 1 - CLAMP(plan->box_x, 0, 1)),
                .box_h = CLAMP(plan->box_h, 0, 1 - CLAMP(plan->box_y, 0, 1)),
                .has_attention = facts != NULL && facts->has_attention,
                .attention_x = facts != NULL ? facts->attention_x : 0,
                .attention_y = facts != NULL ? facts->attention_y : 0,
                .has_overlay = plan->has_overlay,
        };
}

/* Where nobody said what counts, it is what was cut out. */
static void look_at_cut_out(struct plc_frame_photo *view, const struct plc_cut_out *cut_out)
{
        if (view->has_focal || view->has_box || cut_out->w <= 0)
                return;
        view->has_box = true;
        view->box_x = cut_out->x;
        view->box_y = cut_out->y;
        view->box_w = cut_out->w;
        view->box_h = cut_out->h;
}

/*
 * Scale of the largest thing that the plan needs; windows move with the attention point, their sizes do not. What turns
 * out to be cut out has a box: a point stands for it here, since a crop that keeps it needs no less than the photo
 * whole.
 */
static double scale_needed(const struct plc_photo *photo, const struct plc_plan *plan)
{
        struct plc_frame_photo view = frame_photo(photo, plan, NULL);
        if (photo->alpha)
                look_at_cut_out(&view, &(struct plc_cut_out){0.5, 0.5, 1e-9, 1e-9});
        double scale = scale_to(photo, FACTS_SIDE);
        for (unsigned i = 0; i < plan->n_placements; i++) {
                struct plc_frame frame;
                plc_frame(&view, &plan->placements[i], &frame);
                for (unsigned s = 0; s < frame.n_sizes; s++)
                        scale = fmax(scale,
                                     plc_picture_scale(&(struct plc_picture){frame.fit, frame.crop, frame.sizes[s]}));
        }
        return fmin(plc_master_scale(scale), 1);
}

static void frame_placement(const struct plc_frame_photo *view, const struct plc_plan *plan,
                            const struct plc_placement *placement, struct plc_made *made, GArray *orders)
{
        struct plc_frame frame;

        plc_frame(view, placement, &frame);
        g_strlcpy(made->preset, placement->id, sizeof made->preset);
        made->verdict = frame.verdict;
        made->refusal = frame.refusal;
        g_strlcpy(made->why, frame.why, sizeof made->why);
        made->cropped = frame.cropped;
        made->focal_outside_safe = frame.focal_outside_safe;
        made->crop = frame.crop;
        unsigned room = PLC_MAX_PLACEMENT_FILES;
        for (unsigned s = 0; s < frame.n_sizes; s++)
                for (unsigned e = 0; e < MIN(placement->n_encodings, PLC_MAX_ENCODINGS) && room > 0; e++) {
                        const struct plc_encoding *encoding = &placement->encodings[e];
                        if (encoding->optional && !plan->avif)
                                continue;
                        struct order order = {.picture = {frame.fit, frame.crop, frame.sizes[s]},
                                              .placement = placement,
                                              .encoding = encoding,
                                              .made = made};
                        g_array_append_val(orders, order);
                        room--;
                }
}

static int by_falling_scale(const void *a, const void *b)
{
        double left = plc_picture_scale(&((const struct order *)a)->picture),
               right = plc_picture_scale(&((const struct order *)b)->picture);
        return left < right ? 1 : left > right ? -1 : 0;
}

static bool same_encoding(const struct order *a, const struct order *b)
{
        const struct plc_encoding *x = a->encoding, *y = b->encoding;
        return x->format == y->format && x->quality == y->quality && x->effort == y->effort &&
               x->subsample == y->subsample && x->progressive == y->progressive &&
               a->placement->max_bytes == b->placement->max_bytes;
}

static void refuse_too_heavy(struct order *order, const struct plc_encoded *encoded)
{
        struct plc_made *made = order->made;
        made->verdict = PLC_VERDICT_REFUSED;
        made->refusal = PLC_REFUSAL_TOO_HEAVY;
        g_snprintf(made->why, sizeof made->why,
                   "at the lowest quality allowed (%d) the file has %u bytes; the limit is %lld", encoded->quality,
                   encoded->bytes->len, (long long)order->placement->max_bytes);
}

static bool add_file(struct order *order, const struct plc_encoded *encoded, const char *name, GError **error)
{
        struct plc_made *made = order->made;
        struct plc_made_file *file = &made->files[made->n_files];

        order->done = true;
        if (encoded->too_heavy && order->placement->max_bytes_hard) {
                refuse_too_heavy(order, encoded);
                return true;
        }
        *file = (struct plc_made_file){
                .width = order->picture.size.width,
                .height = order->picture.size.height,
                .css_width = order->picture.size.css_width,
                .format = order->encoding->format,
                .quality = encoded->quality,
                .encodes = encoded->encodes,
                .holds = encoded->holds,
                .bytes = encoded->bytes->len,
                .fd = -1,
        };
        if (!plc_memfd(name, encoded->bytes->data, encoded->bytes->len, true, &file->fd, error))
                return false;
        made->n_files++;
        return true;
}

/*
 * A hard limit that the lowest quality does not reach: where the place takes less than its best size, fewer pixels,
 * down to its least; three tries, each aimed a little below.
 */
static bool encode_smaller(plc_levels *levels, struct order *order, const char *xmp, struct plc_encoded *encoded,
                           GError **error)
{
        const struct plc_placement *p = order->placement;
        struct plc_frame_size *size = &order->picture.size;

        for (int i = 0; i < 3 && encoded->too_heavy && p->max_bytes_hard && p->size_mode == PLC_SIZE_MAX; i++) {
                double by = fmin(0.9, sqrt(0.95 * (double)p->max_bytes / encoded->bytes->len));
                struct order next = *order;
                plc_autoimage pixels = NULL;
                next.picture.size.width = (uint32_t)fmax(1, floor(size->width * by));
                next.picture.size.height =
                        (uint32_t)fmax(1, rint((double)next.picture.size.width * size->height / size->width));
                if (next.picture.fit == PLC_FIT_CONTAIN || next.picture.fit == PLC_FIT_PAD_BLUR ||
                    next.picture.size.width < MAX(p->hard_min_w, 1) || next.picture.size.height < MAX(p->hard_min_h, 1))
                        return true;
                int encodes = encoded->encodes;
                g_byte_array_unref(g_steal_pointer(&encoded->bytes));
                if (!plc_picture_make(levels, &next.picture, &pixels, error) ||
                    !plc_encode(pixels, order->encoding, p->max_bytes, xmp, encoded, error))
                        return false;
                encoded->encodes += encodes;
                order->picture = next.picture;
                order->made->verdict = MAX(order->made->verdict, PLC_VERDICT_NATIVE);
                g_snprintf(order->made->why, sizeof order->made->why,
                           "made at %ux%u, so that the file keeps to %lld bytes", size->width, size->height,
                           (long long)p->max_bytes);
        }
        return true;
}

/* Encodes for this order and hands the same bytes to all others that would be equal. */
static bool fill_order(plc_levels *levels, VipsImage *pixels, GArray *orders, unsigned at, const char *xmp,
                       GError **error)
{
        struct order *order = &g_array_index(orders, struct order, at);
        struct plc_picture picture = order->picture;
        struct plc_encoded encoded;
        if (!plc_encode(pixels, order->encoding, order->placement->max_bytes, xmp, &encoded, error))
                return false;
        bool ok = true;
        if (!encoded.too_heavy)
                for (unsigned i = at + 1; i < orders->len && ok; i++) {
                        struct order *twin = &g_array_index(orders, struct order, i);
                        if (!twin->done && plc_picture_same(&twin->picture, &picture) && same_encoding(twin, order))
                                ok = add_file(twin, &encoded, twin->placement->id, error);
                }
        ok = ok && encode_smaller(levels, order, xmp, &encoded, error) &&
             add_file(order, &encoded, order->placement->id, error);
        g_clear_pointer(&encoded.bytes, g_byte_array_unref);
        return ok;
}

static bool fill_orders(plc_levels *levels, GArray *orders, const char *xmp, GError **error)
{
        g_array_sort(orders, by_falling_scale);
        for (unsigned i = 0; i < orders->len; i++) {
                if (g_array_index(orders, struct order, i).done)
                        continue;
                struct plc_picture picture = g_array_index(orders, struct order, i).picture;
                plc_autoimage pixels = NULL;
                if (!plc_picture_make(levels, &picture, &pixels, error))
                        return false;
                for (unsigned k = i; k < orders->len; k++) {
                        struct order *order = &g_array_index(orders, struct order, k);
                        if (!order->done && plc_picture_same(&order->picture, &picture) &&
                            !fill_order(levels, pixels, orders, k, xmp, error))
                                return false;
                }
        }
        return true;
}

static int by_width_and_format(const void *a, const void *b)
{
        const struct plc_made_file *x = a, *y = b;
        return x->width != y->width ? (x->width < y->width ? -1 : 1) : (int)x->format - (int)y->format;
}

/* A placement that turned out too heavy keeps none of its files; the others tell theirs in order of width. */
static void tidy(struct plc_made *made)
{
        if (made->verdict == PLC_VERDICT_REFUSED) {
                for (unsigned f = 0; f < made->n_files; f++)
                        plc_close_fd(&made->files[f].fd);
                made->n_files = 0;
        }
        qsort(made->files, made->n_files, sizeof made->files[0], by_width_and_format);
}

static bool render(const struct plc_photo *photo, const struct plc_plan *plan, struct plc_result *result,
                   GError **error)
{
        VipsImage *master = NULL;
        if (!plc_photo_decode(photo, scale_needed(photo, plan), &master, error))
                return false;
        g_autoptr(plc_levels) levels = plc_levels_new(master, photo->width, photo->height);
        struct plc_cut_out cut_out;
        if (!measure(levels, &result->facts, &cut_out, error))
                return false;
        struct plc_frame_photo view = frame_photo(photo, plan, &result->facts);
        look_at_cut_out(&view, &cut_out);
        g_autofree char *xmp = plc_xmp_packet(&plan->note, result->facts.digital_source_type);
        g_autoptr(GArray) orders = g_array_new(FALSE, FALSE, sizeof(struct order));

        for (unsigned i = 0; i < plan->n_placements; i++)
                frame_placement(&view, plan, &plan->placements[i], &result->made[i], orders);
        if (orders->len > PLC_MAX_PLAN_FILES)
                return plc_fail(error, PLC_E_TOO_BIG, "the plan asks for %u files, the limit is %d", orders->len,
                                PLC_MAX_PLAN_FILES);
        if (!fill_orders(levels, orders, xmp, error))
                return false;
        for (unsigned i = 0; i < plan->n_placements; i++)
                tidy(&result->made[i]);
        return true;
}

bool plc_media_render(int fd, const struct plc_plan *plan, struct plc_result *out, GError **error)
{
        struct plc_photo photo;
        struct plc_result result = {0};

        if (plan->n_placements > PLC_MAX_PLACEMENTS)
                return plc_fail(error, PLC_E_BAD_REQUEST, "the plan has %u placements, the limit is %d",
                                plan->n_placements, PLC_MAX_PLACEMENTS);
        bool done = plc_photo_open(fd, &plan->limits, &photo, error);
        if (done) {
                base_facts(&photo, &result.facts);
                result.n_made = plan->n_placements;
                result.made = g_new0(struct plc_made, MAX(plan->n_placements, 1));
                done = render(&photo, plan, &result, error);
        }
        plc_photo_clear(&photo);
        if (!done) {
                plc_result_clear(&result);
                return false;
        }
        *out = result;
        return true;
}
