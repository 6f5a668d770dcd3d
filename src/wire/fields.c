/* Which fields does each message have, in which order and range? Read this beside wire/plan.h. */
#include "wire/fields.h"

#include <string.h>

#define SIDE_MAX 1000000u /* pixels; JPEG and WebP end at 65,535 and 16,383, PNG and HEIC could go further */
#define CANVAS_MAX 65535u /* pixels of what we write */
#define BYTES_MAX ((uint64_t)1 << 40)
#define TIME_MAX 253402300799999 /* 9999-12-31, ms UTC */

/* An answer's code crosses by name: a number would change with every new row of errors.def. */
static void code_of_failure(struct plc_codec *codec, plc_code *code)
{
        char name[32] = "";

        if (codec->out != NULL)
                g_strlcpy(name, plc_code_name(*code), sizeof(name));
        plc_code_text(codec, "failure.code", PLC_TEXT_ASCII, name, sizeof(name));
        *code = plc_code_from_name(name);
        if (*code == PLC_E_NONE || strcmp(plc_code_name(*code), name) != 0) /* upper case is read elsewhere */
                plc_code_fault(codec, "failure.code", "is not known");
}

static void limits(struct plc_codec *c, struct plc_photo_limits *limits)
{
        PLC_CODE(c, 8, limits->max_bytes, 1, BYTES_MAX);
        PLC_CODE(c, 8, limits->max_pixels, 1, BYTES_MAX);
        PLC_CODE(c, 4, limits->max_side, 1, SIDE_MAX);
        PLC_CODE(c, 4, limits->max_frames, 1, 100000);
}

static void fraction(struct plc_codec *codec, const char *name, double *value)
{
        *value = plc_code_double(codec, name, *value, 0, 1);
}

static void encoding(struct plc_codec *c, struct plc_encoding *encoding)
{
        PLC_CODE(c, 1, encoding->format, PLC_FORMAT_JPEG, PLC_FORMAT_AVIF);
        if (encoding->format == PLC_FORMAT_HEIC)
                plc_code_fault(c, "encoding->format", "is never written");
        PLC_CODE(c, 1, encoding->quality, 0, 100);
        PLC_CODE(c, 1, encoding->effort, 0, 10);
        PLC_CODE(c, 1, encoding->subsample, PLC_SUBSAMPLE_420, PLC_SUBSAMPLE_AUTO);
        PLC_CODE_BOOL(c, encoding->progressive);
        PLC_CODE_BOOL(c, encoding->optional);
}

static void placement(struct plc_codec *c, struct plc_placement *place)
{
        PLC_CODE_TEXT(c, PLC_TEXT_NAME, place->id);
        PLC_CODE(c, 4, place->width, 1, CANVAS_MAX);
        PLC_CODE(c, 4, place->height, 0, CANVAS_MAX);
        PLC_CODE(c, 1, place->size_mode, PLC_SIZE_MAX, PLC_SIZE_EXACT);
        PLC_CODE(c, 1, place->fit, PLC_FIT_REFUSE, PLC_FIT_THUMBHASH);
        PLC_CODE(c, 1, place->fallback_fit, PLC_FIT_REFUSE, PLC_FIT_PAD_BLUR);
        fraction(c, "min_keep", &place->min_keep);
        PLC_CODE(c, 4, place->min_source_w, 0, CANVAS_MAX);
        PLC_CODE(c, 4, place->min_source_h, 0, CANVAS_MAX);
        PLC_CODE_BOOL(c, place->min_source_of_crop);
        PLC_CODE(c, 4, place->hard_min_w, 0, CANVAS_MAX);
        PLC_CODE(c, 4, place->hard_min_h, 0, CANVAS_MAX);
        fraction(c, "safe.top", &place->safe.top);
        fraction(c, "safe.right", &place->safe.right);
        fraction(c, "safe.bottom", &place->safe.bottom);
        fraction(c, "safe.left", &place->safe.left);
        PLC_CODE_BOOL(c, place->safe_required);
        PLC_CODE_BOOL(c, place->focal_needed);
        PLC_CODE_BOOL(c, place->overlay_forbidden);
        PLC_CODE_BOOL(c, place->allow_undersized);
        PLC_CODE_BOOL(c, place->allow_enlarge);
        PLC_CODE_BOOL(c, place->centre);
        PLC_CODE(c, 1, place->n_widths, 0, PLC_MAX_WIDTHS);
        for (unsigned i = 0; i < place->n_widths; i++)
                PLC_CODE(c, 4, place->widths[i], i == 0 ? 1 : (uint64_t)place->widths[i - 1] + 1, CANVAS_MAX);
        PLC_CODE(c, 1, place->n_dpr, 0, G_N_ELEMENTS(place->dpr));
        for (unsigned i = 0; i < place->n_dpr; i++)
                PLC_CODE(c, 1, place->dpr[i], 1, 4);
        PLC_CODE(c, 1, place->n_encodings, 0, PLC_MAX_ENCODINGS);
        for (unsigned i = 0; i < place->n_encodings; i++)
                encoding(c, &place->encodings[i]);
        place->max_bytes = plc_code_int(c, "max_bytes", place->max_bytes, 0, (int64_t)BYTES_MAX);
        PLC_CODE_BOOL(c, place->max_bytes_hard);
}

static void note(struct plc_codec *c, struct plc_rights_note *note)
{
        PLC_CODE_TEXT(c, PLC_TEXT_LINES, note->credit);
        PLC_CODE_TEXT(c, PLC_TEXT_LINES, note->copyright);
        PLC_CODE_TEXT(c, PLC_TEXT_LINES, note->usage_terms);
        PLC_CODE_TEXT(c, PLC_TEXT_LINE, note->web_statement);
        PLC_CODE_TEXT(c, PLC_TEXT_LINE, note->licensor_url);
        PLC_CODE_TEXT(c, PLC_TEXT_LINE, note->data_mining);
        PLC_CODE_TEXT(c, PLC_TEXT_LINE, note->digital_source_type);
        PLC_CODE_TEXT(c, PLC_TEXT_LINES, note->disclosure);
}

static void facts(struct plc_codec *c, struct plc_facts *facts)
{
        PLC_CODE(c, 1, facts->format, PLC_FORMAT_JPEG, PLC_FORMAT_COUNT_ - 1);
        PLC_CODE(c, 4, facts->width, 1, SIDE_MAX);
        PLC_CODE(c, 4, facts->height, 1, SIDE_MAX);
        PLC_CODE(c, 4, facts->stored_width, 1, SIDE_MAX);
        PLC_CODE(c, 4, facts->stored_height, 1, SIDE_MAX);
        PLC_CODE(c, 1, facts->orientation, 1, 8);
        PLC_CODE(c, 4, facts->frames, 1, 100000);
        PLC_CODE_BOOL(c, facts->alpha);
        PLC_CODE_TEXT(c, PLC_TEXT_ASCII, facts->colour);
        PLC_CODE(c, 4, facts->removed, 0, (1u << PLC_REMOVED_COUNT_) - 1);
        facts->taken_at = plc_code_int(c, "taken_at", facts->taken_at, -TIME_MAX, TIME_MAX);
        PLC_CODE_BOOL(c, facts->taken_zoned);
        PLC_CODE_TEXT(c, PLC_TEXT_LINE, facts->camera);
        PLC_CODE_TEXT(c, PLC_TEXT_ASCII, facts->digital_source_type);
        PLC_CODE_TEXT(c, PLC_TEXT_ASCII, facts->thumbhash);
        PLC_CODE_TEXT(c, PLC_TEXT_ASCII, facts->pdq);
        PLC_CODE(c, 1, facts->pdq_quality, 0, 100);
        PLC_CODE_DOUBLE(c, facts->sharpness, 0, 1e12);
        PLC_CODE_DOUBLE(c, facts->exposure, 0, 1);
        PLC_CODE_BOOL(c, facts->has_attention);
        fraction(c, "attention_x", &facts->attention_x);
        fraction(c, "attention_y", &facts->attention_y);
}

/* The descriptor itself travels beside the bytes, in this order (message.c). */
static void made_file(struct plc_codec *c, struct plc_made_file *file)
{
        PLC_CODE(c, 4, file->width, 1, CANVAS_MAX);
        PLC_CODE(c, 4, file->height, 1, CANVAS_MAX);
        PLC_CODE(c, 2, file->css_width, 0, UINT16_MAX);
        PLC_CODE(c, 1, file->format, PLC_FORMAT_JPEG, PLC_FORMAT_AVIF);
        PLC_CODE(c, 1, file->quality, 0, 100);
        PLC_CODE(c, 2, file->encodes, 0, 1000);
        PLC_CODE(c, 1, file->holds, 0, (1u << PLC_HOLDS_COUNT_) - 1);
        PLC_CODE(c, 8, file->bytes, 1, BYTES_MAX);
}

static void made(struct plc_codec *c, struct plc_made *made)
{
        PLC_CODE_TEXT(c, PLC_TEXT_NAME, made->preset);
        PLC_CODE(c, 1, made->verdict, PLC_VERDICT_OK, PLC_VERDICT_REFUSED);
        PLC_CODE(c, 1, made->refusal, PLC_REFUSAL_NONE, PLC_REFUSAL_COUNT_ - 1);
        PLC_CODE_TEXT(c, PLC_TEXT_LINE, made->why);
        PLC_CODE_BOOL(c, made->cropped);
        PLC_CODE_BOOL(c, made->focal_outside_safe);
        PLC_CODE(c, 4, made->crop.x, 0, SIDE_MAX);
        PLC_CODE(c, 4, made->crop.y, 0, SIDE_MAX);
        PLC_CODE(c, 4, made->crop.w, 0, SIDE_MAX);
        PLC_CODE(c, 4, made->crop.h, 0, SIDE_MAX);
        PLC_CODE(c, 1, made->n_files, 0, PLC_MAX_PLACEMENT_FILES);
        for (unsigned i = 0; i < made->n_files; i++)
                made_file(c, &made->files[i]);
}

void plc_fields_hello(struct plc_codec *codec, struct plc_message *message)
{
        struct plc_hello *hello = &message->hello;

        PLC_CODE(codec, 4, hello->version, 0, UINT32_MAX);
        PLC_CODE(codec, 4, hello->landlock_abi, 0, 1000);
        PLC_CODE_BOOL(codec, hello->seccomp);
        PLC_CODE_BOOL(codec, hello->address_limit);
        PLC_CODE_BOOL(codec, hello->own_root);
        PLC_CODE(codec, 4, hello->uid, 0, UINT32_MAX);
        PLC_CODE_TEXT(codec, PLC_TEXT_ASCII, hello->libraries);
}

void plc_fields_examine(struct plc_codec *codec, struct plc_message *message)
{
        PLC_CODE(codec, 4, message->cpu_seconds, 1, PLC_WIRE_MAX_CPU_SECONDS);
        limits(codec, &message->limits);
}

void plc_fields_render(struct plc_codec *codec, struct plc_message *message)
{
        struct plc_plan *plan = &message->plan;

        PLC_CODE(codec, 4, message->cpu_seconds, 1, PLC_WIRE_MAX_CPU_SECONDS);
        limits(codec, &plan->limits);
        PLC_CODE_BOOL(codec, plan->avif);
        PLC_CODE_BOOL(codec, plan->has_focal);
        fraction(codec, "focal_x", &plan->focal_x);
        fraction(codec, "focal_y", &plan->focal_y);
        PLC_CODE_BOOL(codec, plan->has_box);
        fraction(codec, "box_x", &plan->box_x);
        fraction(codec, "box_y", &plan->box_y);
        fraction(codec, "box_w", &plan->box_w);
        fraction(codec, "box_h", &plan->box_h);
        PLC_CODE_BOOL(codec, plan->has_overlay);
        note(codec, &plan->note);
        PLC_CODE(codec, 2, plan->n_placements, 1, PLC_MAX_PLACEMENTS);
        for (unsigned i = 0; i < plan->n_placements; i++)
                placement(codec, &plan->placements[i]);
}

void plc_fields_examined(struct plc_codec *codec, struct plc_message *message)
{
        facts(codec, &message->result.facts);
}

void plc_fields_rendered(struct plc_codec *codec, struct plc_message *message)
{
        struct plc_result *result = &message->result;
        unsigned files = 0;

        facts(codec, &result->facts);
        PLC_CODE(codec, 2, result->n_made, 1, PLC_MAX_PLACEMENTS);
        if (codec->out == NULL && !codec->failed) {
                result->made = g_new0(struct plc_made, result->n_made);
                for (unsigned i = 0; i < result->n_made; i++)
                        for (unsigned f = 0; f < PLC_MAX_PLACEMENT_FILES; f++)
                                result->made[i].files[f].fd = -1;
        }
        for (unsigned i = 0; result->made != NULL && i < result->n_made; i++) {
                made(codec, &result->made[i]);
                files += result->made[i].n_files;
        }
        if (files > PLC_MAX_PLAN_FILES)
                plc_code_fault(codec, "result", "has more files than a plan may ask for");
}

void plc_fields_failed(struct plc_codec *codec, struct plc_message *message)
{
        code_of_failure(codec, &message->failure.code);
        PLC_CODE_TEXT(codec, PLC_TEXT_LINE, message->failure.text);
}

void plc_fields_more(struct plc_codec *codec, struct plc_message *message)
{
        (void)message;
        plc_code_fault(codec, "MORE", "is no message of its own");
}
