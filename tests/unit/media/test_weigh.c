/* Do all the ways of weighing pixels make the same bits? The machine that runs this uses only one of them. */
#include "media/weigh.c"

#ifdef __SSE2__

#define LINES 10
#define WIDTH 131

static uint32_t noise(uint32_t *state)
{
        *state = *state * 1664525 + 1013904223;
        return *state >> 8;
}

/* Weights as large as Lanczos has them, of both signs. */
static int32_t pair(uint32_t *state)
{
        int16_t a = (int16_t)((int32_t)(noise(state) % 12000) - 4000),
                b = (int16_t)((int32_t)(noise(state) % 12000) - 4000);
        return (int32_t)((uint32_t)(uint16_t)a | (uint32_t)(uint16_t)b << 16);
}

static void down_is_the_same(void)
{
        uint8_t bytes[LINES][WIDTH];
        const uint8_t *lines[LINES];
        int16_t plain[WIDTH], sse2[WIDTH], avx2[WIDTH];
        int32_t pairs[LINES / 2];
        uint32_t state = 3;

        for (unsigned turn = 0; turn < 200; turn++) {
                uint32_t n_pairs = turn % (LINES / 2) + 1;
                for (unsigned l = 0; l < LINES; l++) {
                        lines[l] = bytes[l];
                        for (unsigned x = 0; x < WIDTH; x++)
                                bytes[l][x] = turn % 7 == 0 ? 255 : (uint8_t)noise(&state);
                }
                for (unsigned k = 0; k < n_pairs; k++)
                        pairs[k] = pair(&state);
                down_plain(lines, pairs, n_pairs, 0, WIDTH, plain);
                size_t n = down_sse2(lines, pairs, n_pairs, WIDTH, sse2);
                g_assert_cmpuint(n, >, WIDTH - 16);
                g_assert_true(memcmp(plain, sse2, n * 2) == 0);
                if (!has_avx2())
                        continue;
                n = down_avx2(lines, pairs, n_pairs, WIDTH, avx2);
                g_assert_cmpuint(n, >, WIDTH - 32);
                g_assert_true(memcmp(plain, avx2, n * 2) == 0);
        }
}

static uint8_t slowly(const int16_t *values, const struct plc_weights *w, uint32_t i, unsigned bands, unsigned b)
{
        int32_t sum = 1 << (ACROSS_SHIFT - 1);
        for (uint32_t k = 0; k < w->n_pairs; k++) {
                const int16_t *p = values + (size_t)(w->first[i] + 2 * k) * bands + b;
                sum += p[0] * first_of(w->pairs[i * w->n_pairs + k]) +
                       p[bands] * second_of(w->pairs[i * w->n_pairs + k]);
        }
        return (uint8_t)CLAMP(sum >> ACROSS_SHIFT, 0, 255);
}

static void across_is_the_same(void)
{
        enum { MADE = 29, PAIRS = 4, SOURCE = 60 };
        int16_t values[SOURCE * 4 + PLC_WEIGH_PADDING + 8 * PAIRS];
        uint32_t first[MADE], state = 5;
        int32_t pairs[MADE * PAIRS];
        struct plc_weights w = {first, pairs, PAIRS};

        for (unsigned bands = 1; bands <= 4; bands++) {
                uint8_t sse2[MADE * 4], avx2[MADE * 4];
                for (unsigned i = 0; i < G_N_ELEMENTS(values); i++)
                        values[i] = (int16_t)((int32_t)(noise(&state) % 21000) - 3000);
                for (unsigned i = 0; i < MADE; i++)
                        first[i] = noise(&state) % (SOURCE - 2 * PAIRS);
                for (unsigned i = 0; i < MADE * PAIRS; i++)
                        pairs[i] = pair(&state);
                across_sse2(values, &w, MADE, bands, sse2);
                if (has_avx2())
                        across_avx2(values, &w, MADE, bands, avx2);
                for (unsigned i = 0; i < MADE; i++)
                        for (unsigned b = 0; b < bands; b++) {
                                uint8_t wanted = slowly(values, &w, i, bands, b);
                                g_assert_cmpuint(sse2[i * bands + b], ==, wanted);
                                if (has_avx2())
                                        g_assert_cmpuint(avx2[i * bands + b], ==, wanted);
                        }
        }
}

#endif

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
#ifdef __SSE2__
        g_test_add_func("/weigh/down is the same in all ways", down_is_the_same);
        g_test_add_func("/weigh/across is the same in all ways", across_is_the_same);
#endif
        return g_test_run();
}
