/* Is a worker's answer one that an honest worker could give to this request? The worker may belong to the photo by now.
 */
#include "pool/check.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALS (F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW)

static bool lie(GError **error, const char *preset, const char *what)
{
        return plc_fail(error, PLC_E_BAD_ANSWER, "the answer cannot be true: %s%s%s", preset, *preset ? ": " : "",
                        what);
}

static bool is_hex(const char *text)
{
        return text[strspn(text, "0123456789abcdef")] == '\0';
}

static bool check_facts(const struct plc_facts *facts, const struct plc_photo_limits *limits, GError **error)
{
        size_t pdq = strlen(facts->pdq);
        bool turned = facts->orientation >= 5;

        if (facts->width > limits->max_side || facts->height > limits->max_side ||
            (uint64_t)facts->width * facts->height > limits->max_pixels || facts->frames > limits->max_frames)
                return lie(error, "", "the photo is larger than was allowed");
        if (facts->width != (turned ? facts->stored_height : facts->stored_width) ||
            facts->height != (turned ? facts->stored_width : facts->stored_height))
                return lie(error, "", "upright and stored size differ");
        if (pdq != 0 && (pdq != 64 || !is_hex(facts->pdq)))
                return lie(error, "", "the fingerprint is none");
        return true;
}

static bool magic_is(enum plc_format format, const uint8_t *head)
{
        switch (format) {
        case PLC_FORMAT_JPEG:
                return memcmp(head, "\xff\xd8\xff", 3) == 0;
        case PLC_FORMAT_PNG:
                return memcmp(head, "\x89PNG\r\n\x1a\n", 8) == 0;
        case PLC_FORMAT_WEBP:
                return memcmp(head, "RIFF", 4) == 0 && memcmp(head + 8, "WEBP", 4) == 0;
        case PLC_FORMAT_AVIF:
                return memcmp(head + 4, "ftypavif", 8) == 0 || memcmp(head + 4, "ftypmif1", 8) == 0;
        default:
                return false;
        }
}

/* After this the bytes cannot change any more, and the descriptor is no pipe, no device and no file on a disk. */
static bool check_bytes(const struct plc_made_file *file, const char *preset, uint64_t max_bytes, GError **error)
{
        struct stat found;
        int seals;
        uint8_t head[16] = {0};

        if (fstat(file->fd, &found) != 0 || !S_ISREG(found.st_mode))
                return lie(error, preset, "a file is no file");
        seals = fcntl(file->fd, F_GET_SEALS);
        if (seals < 0 || (seals & SEALS) != SEALS)
                return lie(error, preset, "a file is not sealed");
        if ((uint64_t)found.st_size != file->bytes)
                return lie(error, preset, "a file has another size than told");
        if (file->bytes > max_bytes)
                return lie(error, preset, "a file is larger than was allowed");
        if (pread(file->fd, head, sizeof(head), 0) < (ssize_t)12 || !magic_is(file->format, head))
                return lie(error, preset, "a file is not of the format told");
        return true;
}

static uint32_t largest(const uint32_t *values, unsigned n, uint32_t least)
{
        for (unsigned i = 0; i < n; i++)
                least = MAX(least, values[i]);
        return least;
}

/* A whole photo on a ground may be larger than the photo; anything else is never enlarged. */
static bool may_exceed_photo(const struct plc_placement *place)
{
        return place->allow_enlarge || place->fit >= PLC_FIT_CONTAIN || place->fallback_fit >= PLC_FIT_CONTAIN;
}

static bool check_size(const struct plc_made_file *file, const struct plc_placement *place,
                       const struct plc_facts *facts, GError **error)
{
        uint64_t dpr = largest(place->dpr, place->n_dpr, 1);
        uint64_t width = largest(place->widths, place->n_widths, place->width) * dpr;
        /* one pixel more: the ratio is rounded */
        uint64_t height = place->height == 0 ? UINT32_MAX : width * place->height / place->width + 1;

        if (file->width > width || file->height > height)
                return lie(error, place->id, "a file is larger than the plan");
        if (!may_exceed_photo(place) && (file->width > facts->width || file->height > facts->height))
                return lie(error, place->id, "a file is larger than the photo");
        return true;
}

static bool format_planned(const struct plc_plan *plan, const struct plc_placement *place, enum plc_format format)
{
        for (unsigned i = 0; i < place->n_encodings; i++)
                if (place->encodings[i].format == format && (plan->avif || !place->encodings[i].optional))
                        return true;
        return false;
}

unsigned plc_check_max_files(const struct plc_plan *plan, const struct plc_placement *place)
{
        unsigned encodings = 0;

        for (unsigned i = 0; i < place->n_encodings; i++)
                encodings += plan->avif || !place->encodings[i].optional;
        return MIN(encodings * MAX(place->n_widths, 1) * MAX(place->n_dpr, 1), PLC_MAX_PLACEMENT_FILES);
}

static bool check_made(const struct plc_plan *plan, const struct plc_placement *place, const struct plc_made *made,
                       const struct plc_facts *facts, uint64_t file_bytes, GError **error)
{
        if (strcmp(made->preset, place->id) != 0)
                return lie(error, place->id, "another placement was answered");
        if ((made->verdict == PLC_VERDICT_REFUSED && made->n_files > 0) ||
            made->n_files > plc_check_max_files(plan, place))
                return lie(error, place->id, "more files than the plan asks for");
        if ((uint64_t)made->crop.x + made->crop.w > facts->width ||
            (uint64_t)made->crop.y + made->crop.h > facts->height)
                return lie(error, place->id, "the crop lies outside the photo");
        if (place->max_bytes_hard && place->max_bytes > 0)
                file_bytes = MIN(file_bytes, (uint64_t)place->max_bytes);
        for (unsigned i = 0; i < made->n_files; i++) {
                const struct plc_made_file *file = &made->files[i];

                if (!format_planned(plan, place, file->format))
                        return lie(error, place->id, "a file of a format that was not asked for");
                if (!check_size(file, place, facts, error) || !check_bytes(file, place->id, file_bytes, error))
                        return false;
        }
        return true;
}

bool plc_check_answer(const struct plc_job_request *request, uint64_t file_bytes, const struct plc_result *result,
                      GError **error)
{
        const struct plc_plan *plan = request->plan;

        if (request->kind == PLC_JOB_EXAMINE)
                return check_facts(&result->facts, request->limits, error);
        if (!check_facts(&result->facts, &plan->limits, error))
                return false;
        if (result->n_made != plan->n_placements)
                return lie(error, "", "another number of placements was answered");
        for (unsigned i = 0; i < result->n_made; i++)
                if (!check_made(plan, &plan->placements[i], &result->made[i], &result->facts, file_bytes, error))
                        return false;
        return true;
}

void plc_check_failure(const struct plc_failure *failure, GError **error)
{
        static const plc_code allowed[] = {PLC_E_UNSUPPORTED, PLC_E_UNREADABLE, PLC_E_TOO_LARGE, PLC_E_TOO_MANY_PIXELS,
                                           PLC_E_TOO_BIG,     PLC_E_UNCLEAN,    PLC_E_MEMORY,    PLC_E_INTERNAL,
                                           PLC_E_BAD_VALUE,   PLC_E_IO,         PLC_E_NO_SPACE};

        for (size_t i = 0; i < G_N_ELEMENTS(allowed); i++)
                if (failure->code == allowed[i]) {
                        plc_fail(error, failure->code, "%s", failure->text);
                        return;
                }
        plc_fail(error, PLC_E_BAD_ANSWER, "the answer cannot be true: a photo is never \"%s\"",
                 plc_code_name(failure->code));
}
