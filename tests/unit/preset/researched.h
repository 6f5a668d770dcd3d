/* What was read about each placement, one sentence each, in the order of channels: sizes in pixels, minima, limits,
 * areas to keep clear (top, right, bottom, left), formats. The shipped data must say the same. */
#pragma once

/* clang-format off */
static const char *const researched[] = {
        "pdp-thumb-84: pdp, generic, max 84x84, cover, asks 84x84 of the crop, 15360 bytes, times 1 2 3, "
         "avif 50 effort 2 optional, webp 79 effort 4, jpeg 80 4:2:0 progressive",
        "pdp-thumb-100: pdp, woocommerce, max 100x100, cover, asks 100x100 of the crop, 15360 bytes, times 1 2, "
         "avif 50 effort 2 optional, webp 79 effort 4, jpeg 80 4:2:0 progressive",
        "pdp-strip-160: pdp, generic, max 160x160, cover, asks 160x160 of the crop, 25600 bytes, times 1 2 3, "
         "avif 50 effort 2 optional, webp 79 effort 4, jpeg 80 4:2:0 progressive",
        "pdp-grid-1x1: pdp, generic, max 320x320, cover else pad-blur, keeps 50 %, asks 320x320 of the crop, "
         "61440 bytes, times 1 2 3, avif 50 effort 2 optional, webp 79 effort 4, jpeg 80 4:2:0 progressive",
        "pdp-grid-4x5: pdp, generic, max 320x400, cover else pad-blur, keeps 50 %, asks 320x400 of the crop, "
         "71680 bytes, times 1 2 3, avif 50 effort 2 optional, webp 79 effort 4, jpeg 80 4:2:0 progressive",
        "pdp-woo-300: pdp, woocommerce, max 300x300, cover else contain, keeps 50 %, asks 300x300 of the crop, "
         "times 1 2, avif 50 effort 2 optional, webp 79 effort 4, jpeg 80 4:2:0 progressive",
        "pdp-woo-600: pdp, woocommerce, max 600 wide, inside, asks 600x1 of the photo, times 1 2, "
         "avif 50 effort 2 optional, webp 79 effort 4, jpeg 80 4:2:0 progressive",
        "pdp-card: pdp, shopify, max 1066 wide, inside, asks 165x1 of the photo, "
         "widths 165 360 533 720 940 1066, avif 50 effort 2 optional, webp 79 effort 4, jpeg 80 4:2:0 progressive",
        "pdp-gallery: pdp, generic, max 1920 wide, inside, asks 320x1 of the photo, "
         "widths 320 480 640 960 1280 1600 1920, avif 50 effort 2 optional, webp 79 effort 4, "
         "jpeg 80 4:2:0 progressive",
        "pdp-lightbox: pdp, generic, max 2048x2048, inside, asks 800x1 of the photo, 716800 bytes, "
         "widths 1100 1445 2048, avif 50 effort 2 optional, webp 79 effort 4, jpeg 80 4:2:0 progressive",
        "pdp-lqip: pdp, generic, max 32x32, thumbhash",
        "pdp-schema-1x1: pdp, google-search, max 1200x1200, cover, keeps 50 %, asks 900x900 of the crop, "
         "least 224x224, jpeg 82 4:2:0 progressive",
        "pdp-schema-4x3: pdp, google-search, max 1200x900, cover, keeps 50 %, asks 900x675 of the crop, "
         "least 259x194, jpeg 82 4:2:0 progressive",
        "pdp-schema-16x9: pdp, google-search, max 1200x675, cover, keeps 50 %, asks 900x506 of the crop, "
         "least 299x168, jpeg 82 4:2:0 progressive",
        "pdp-og: pdp, open-graph, exact 1200x630, cover else pad-blur, keeps 50 %, asks 1200x630 of the crop, "
         "8000000 bytes, jpeg 82 4:2:0 progressive",
        "gmc-lifestyle: pdp, google-merchant, max 1500x1500, inside, asks 800x800 of the photo, least 500x500, "
         "16000000 bytes at most, overlay forbidden, jpeg 85 auto progressive",
        "gmc-additional: pdp, google-merchant, max 1500x1500, inside, asks 800x800 of the photo, least 500x500, "
         "16000000 bytes at most, overlay forbidden, jpeg 85 auto progressive",
        "review-feed: pdp, google-reviews, max 1200x1200, inside, asks 400x1 of the photo, "
         "jpeg 82 4:2:0 progressive",
        "shopline-media: pdp, shopline, max 2048x2048, inside, asks 800x1 of the photo, 8388608 bytes at most, "
         "jpeg 85 auto progressive",
        "email-full: email, generic, max 600 wide, inside, asks 600x1 of the photo, least 600x1, 204800 bytes, "
         "times 2, jpeg 80 4:2:0 baseline",
        "email-hero-2x1: email, generic, max 600x300, cover else contain, keeps 50 %, asks 600x300 of the crop, "
         "least 600x300, 204800 bytes, times 2, jpeg 80 4:2:0 baseline",
        "email-hero-191: email, generic, max 600x314, cover else contain, keeps 50 %, asks 600x314 of the crop, "
         "least 600x314, 204800 bytes, times 2, jpeg 80 4:2:0 baseline",
        "email-square: email, generic, max 600x600, cover else contain, keeps 50 %, asks 600x600 of the crop, "
         "least 600x600, 204800 bytes, times 2, jpeg 80 4:2:0 baseline",
        "email-body-480: email, generic, max 480 wide, inside, asks 480x1 of the photo, least 480x1, "
         "102400 bytes, times 2, jpeg 80 4:2:0 baseline",
        "email-half-1x1: email, generic, max 290x290, cover else contain, keeps 50 %, asks 290x290 of the crop, "
         "least 290x290, 102400 bytes, times 2, jpeg 80 4:2:0 baseline",
        "email-half-4x5: email, generic, max 290x362, cover else contain, keeps 50 %, asks 290x362 of the crop, "
         "least 290x362, 102400 bytes, times 2, jpeg 80 4:2:0 baseline",
        "email-third-1x1: email, generic, max 186x186, cover else contain, keeps 50 %, asks 186x186 of the crop, "
         "least 186x186, 61440 bytes, times 2, jpeg 80 4:2:0 baseline",
        "email-thumb: email, generic, max 100x100, cover else contain, keeps 50 %, asks 100x100 of the crop, "
         "least 100x100, 40960 bytes, times 2, jpeg 80 4:2:0 baseline",
        "email-mobile-320: email, generic, max 320 wide, inside, asks 320x1 of the photo, least 320x1, "
         "102400 bytes, times 2, jpeg 80 4:2:0 baseline",
        "email-amp-carousel: email, generic, max 600x400, cover else contain, keeps 50 %, "
         "asks 600x400 of the crop, least 600x400, 204800 bytes, times 2, jpeg 80 4:2:0 baseline",
        "email-revoked: email, generic, exact 600x400, tile, 4096 bytes, jpeg 80 4:2:0 baseline",
        "meta-feed-1x1: ad, meta, max 1440x1440, cover else pad-blur, keeps 60 %, asks 1080x1080 of the crop, "
         "least 600x600, ratio off 3 %, 30000000 bytes at most, crop key 100x100, jpeg 90 auto progressive",
        "meta-feed-4x5: ad, meta, max 1440x1800, cover else pad-blur, keeps 60 %, asks 1080x1350 of the crop, "
         "least 600x750, ratio off 3 %, 30000000 bytes at most, clear 3.56 5.93 3.56 5.93 %, crop key 400x500, "
         "jpeg 90 auto progressive",
        "meta-feed-191: ad, meta, max 1200x628, cover, keeps 60 %, asks 900x471 of the crop, least 600x315, "
         "ratio off 3 %, 30000000 bytes at most, crop key 191x100, jpeg 90 auto progressive",
        "meta-story-9x16: ad, meta, max 1440x2560, cover else pad-blur, keeps 60 %, asks 1080x1920 of the crop, "
         "least 500x889, ratio off 1 %, 30000000 bytes at most, clear 14 0 20 0 %, crop key 90x160, "
         "jpeg 90 auto progressive",
        "meta-reels-9x16: ad, meta, max 1440x2560, cover else pad-blur, keeps 60 %, asks 1080x1920 of the crop, "
         "least 500x889, ratio off 1 %, 30000000 bytes at most, clear 14 6 35 6 %, crop key 90x160, "
         "jpeg 90 auto progressive",
        "meta-carousel-1x1: ad, meta, max 1080x1080, cover else pad-blur, keeps 60 %, asks 810x810 of the crop, "
         "least 600x600, ratio off 3 %, 30000000 bytes at most, crop key 100x100, jpeg 90 auto progressive",
        "meta-right-column: ad, meta, max 1080x1080, cover, keeps 60 %, asks 810x810 of the crop, least 600x600, "
         "30000000 bytes at most, crop key 100x100, jpeg 90 auto progressive",
        "meta-catalog-1x1: ad, meta, max 1200x1200, cover else contain, keeps 60 %, asks 900x900 of the crop, "
         "least 600x600, 8000000 bytes at most, overlay forbidden, jpeg 90 auto progressive",
        "tiktok-9x16: ad, tiktok, exact 720x1280, cover else pad-blur, keeps 60 %, asks 720x1280 of the crop, "
         "least 720x1280, 512000 bytes, clear 15 17.8 35 11.1 %, jpeg 85 auto progressive",
        "tiktok-9x16-hd: ad, tiktok, max 1080x1920, cover else pad-blur, keeps 60 %, asks 720x1280 of the crop, "
         "least 540x960, 1000000 bytes, clear 15 17.8 35 11.1 %, jpeg 85 auto progressive",
        "tiktok-1x1: ad, tiktok, exact 640x640, cover else pad-blur, keeps 60 %, asks 640x640 of the crop, "
         "least 640x640, 512000 bytes, jpeg 85 auto progressive",
        "tiktok-191: ad, tiktok, exact 1200x628, cover, keeps 60 %, asks 1200x628 of the crop, least 1200x628, "
         "512000 bytes, jpeg 85 auto progressive",
        "tiktok-lite-9x16: ad, tiktok, exact 720x1280, cover else pad-blur, keeps 60 %, "
         "asks 720x1280 of the crop, least 720x1280, 102400 bytes at most, jpeg 85 auto progressive",
        "tiktok-banner-600x500: ad, tiktok, exact 600x500, cover, keeps 60 %, asks 600x500 of the crop, "
         "least 600x500, jpeg 85 auto progressive",
        "google-191: ad, google, max 1200x628, cover, keeps 60 %, asks 900x471 of the crop, least 600x314, "
         "ratio off 1 %, 5242880 bytes at most, clear 10 10 10 10 %, overlay max-20pct-text, "
         "jpeg 90 auto progressive",
        "google-1x1: ad, google, max 1200x1200, cover, keeps 60 %, asks 600x600 of the crop, least 300x300, "
         "ratio off 1 %, 5242880 bytes at most, clear 10 10 10 10 %, overlay max-20pct-text, "
         "jpeg 90 auto progressive",
        "google-4x5: ad, google, max 960x1200, cover, keeps 60 %, asks 720x900 of the crop, least 480x600, "
         "ratio off 1 %, 5242880 bytes at most, clear 10 10 10 10 %, overlay max-20pct-text, "
         "jpeg 90 auto progressive",
        "google-9x16: ad, google, max 1080x1920, cover, keeps 60 %, asks 1080x1920 of the crop, least 600x1067, "
         "ratio off 1 %, 5242880 bytes at most, clear 15 17.8 35 4.45 %, jpeg 90 auto progressive",
        "gdn-300x250: ad, google-display, exact 300x250, cover, keeps 50 %, asks 300x250 of the crop, "
         "least 300x250, 153600 bytes at most, jpeg 90 auto progressive",
        "gdn-336x280: ad, google-display, exact 336x280, cover, keeps 50 %, asks 336x280 of the crop, "
         "least 336x280, 153600 bytes at most, jpeg 90 auto progressive",
        "gdn-728x90: ad, google-display, exact 728x90, cover, keeps 12 %, asks 728x90 of the crop, least 728x90, "
         "153600 bytes at most, jpeg 90 auto progressive",
        "gdn-300x600: ad, google-display, exact 300x600, cover, keeps 50 %, asks 300x600 of the crop, "
         "least 300x600, 153600 bytes at most, jpeg 90 auto progressive",
        "gdn-160x600: ad, google-display, exact 160x600, cover, keeps 12 %, asks 160x600 of the crop, "
         "least 160x600, 153600 bytes at most, jpeg 90 auto progressive",
        "gdn-320x50: ad, google-display, exact 320x50, cover, keeps 12 %, asks 320x50 of the crop, least 320x50, "
         "153600 bytes at most, jpeg 90 auto progressive",
        "gdn-320x100: ad, google-display, exact 320x100, cover, keeps 12 %, asks 320x100 of the crop, "
         "least 320x100, 153600 bytes at most, jpeg 90 auto progressive",
        "gdn-970x250: ad, google-display, exact 970x250, cover, keeps 12 %, asks 970x250 of the crop, "
         "least 970x250, 153600 bytes at most, jpeg 90 auto progressive",
        "gdn-970x90: ad, google-display, exact 970x90, cover, keeps 12 %, asks 970x90 of the crop, least 970x90, "
         "153600 bytes at most, jpeg 90 auto progressive",
        "gdn-250x250: ad, google-display, exact 250x250, cover, keeps 50 %, asks 250x250 of the crop, "
         "least 250x250, 153600 bytes at most, jpeg 90 auto progressive",
        "gdn-200x200: ad, google-display, exact 200x200, cover, keeps 50 %, asks 200x200 of the crop, "
         "least 200x200, 153600 bytes at most, jpeg 90 auto progressive",
        "dv360-native: ad, dv360, max 1200x627, cover, keeps 60 %, asks 900x470 of the crop, least 600x314, "
         "overlay minimal-text, jpeg 90 auto progressive",
        "dv360-native-1x1: ad, dv360, max 627x627, cover, keeps 60 %, asks 627x627 of the crop, "
         "overlay minimal-text, jpeg 90 auto progressive",
        "pinterest-2x3: ad, pinterest, max 1000x1500, cover else pad-blur, keeps 60 %, "
         "asks 750x1125 of the crop, least 600x900, 20000000 bytes at most, jpeg 90 auto progressive",
        "pinterest-1x1: ad, pinterest, max 1000x1000, cover else pad-blur, keeps 60 %, asks 750x750 of the crop, "
         "least 600x600, 20000000 bytes at most, jpeg 90 auto progressive",
        "snap-9x16: ad, snapchat, exact 1080x1920, cover else pad-blur, keeps 60 %, asks 1080x1920 of the crop, "
         "least 1080x1920, 5000000 bytes at most, clear 7.8 0 7.8 0 %, jpeg 90 auto progressive",
        "snap-collection-160: ad, snapchat, exact 160x160, cover, keeps 60 %, asks 160x160 of the crop, "
         "least 160x160, 2000000 bytes at most, jpeg 90 auto progressive",
        "x-1x1: ad, x, max 1200x1200, cover else pad-blur, keeps 60 %, asks 900x900 of the crop, least 800x800, "
         "5000000 bytes at most, jpeg 85 auto progressive",
        "x-191: ad, x, max 1200x628, cover, keeps 60 %, asks 900x471 of the crop, least 800x418, "
         "5000000 bytes at most, jpeg 85 auto progressive",
        "linkedin-191: ad, linkedin, max 1200x628, cover, keeps 60 %, asks 900x471 of the crop, least 688x360, "
         "5000000 bytes at most, jpeg 90 auto progressive",
        "linkedin-1x1: ad, linkedin, max 1200x1200, cover, keeps 60 %, asks 900x900 of the crop, least 401x401, "
         "5000000 bytes at most, jpeg 90 auto progressive",
        "linkedin-4x5: ad, linkedin, max 720x900, cover, keeps 60 %, asks 540x675 of the crop, least 401x501, "
         "5000000 bytes at most, jpeg 90 auto progressive",
        "linkedin-carousel-1x1: ad, linkedin, max 1080x1080, cover, keeps 60 %, asks 1080x1080 of the crop, "
         "10000000 bytes at most, jpeg 90 auto progressive",
        "microsoft-191: ad, microsoft, max 1200x628, cover, keeps 60 %, asks 900x471 of the crop, least 703x368, "
         "jpeg 90 auto progressive",
        "microsoft-api-191: ad, microsoft, max 703x368, cover, keeps 60 %, asks 703x368 of the crop, "
         "least 703x368, 76800 bytes at most, jpeg 85 auto progressive",
        "microsoft-1x1: ad, microsoft, max 1200x1200, cover, keeps 60 %, asks 900x900 of the crop, "
         "least 470x470, jpeg 90 auto progressive",
        "microsoft-1x2: ad, microsoft, max 470x940, cover, keeps 60 %, asks 470x940 of the crop, least 470x940, "
         "jpeg 90 auto progressive",
        "amazon-sb-191: ad, amazon, max 1200x628, cover, keeps 60 %, asks 1200x628 of the crop, least 1200x628, "
         "5000000 bytes at most, overlay forbidden, jpeg 90 auto progressive",
        "walmart-sb-16x9: ad, walmart, max 1200x675, cover, keeps 60 %, asks 1200x675 of the crop, "
         "least 1200x675, 1000000 bytes at most, overlay forbidden, jpeg 90 auto progressive",
        "uber-sb-16x9: ad, uber, exact 1280x720, cover, keeps 60 %, asks 1280x720 of the crop, least 1280x720, "
         "293000 bytes at most, jpeg 90 auto progressive",
        "openai-1x1: ad, openai, max 1200x1200, cover, keeps 60 %, asks 1200x1200 of the crop, "
         "jpeg 90 auto progressive",
        "yandex-16x9: ad, yandex, max 1600x900, cover, keeps 60 %, asks 1200x675 of the crop, least 1080x607, "
         "10000000 bytes at most, jpeg 90 auto progressive",
        "vertical-all-9x16: ad, cross-platform, exact 1080x1920, cover else pad-blur, keeps 60 %, "
         "asks 1080x1920 of the crop, least 1080x1920, 5000000 bytes at most, clear 15 17.8 35 11.1 %, "
         "jpeg 90 auto progressive",
        "ig-feed-4x5: social, instagram, max 1080x1350, cover else pad-blur, keeps 60 %, "
         "asks 810x1012 of the crop, least 320x400, 8000000 bytes at most, clear 0 3.1 0 3.1 %, "
         "jpeg 85 auto progressive",
        "ig-feed-1x1: social, instagram, max 1080x1080, cover else pad-blur, keeps 60 %, "
         "asks 810x810 of the crop, least 320x320, 8000000 bytes at most, jpeg 85 auto progressive",
        "ig-feed-3x4: social, instagram, max 1080x1440, cover else pad-blur, keeps 60 %, "
         "asks 1080x1440 of the crop, 8000000 bytes at most, jpeg 85 auto progressive",
        "ig-feed-191: social, instagram, max 1080x566, cover, keeps 60 %, asks 810x424 of the crop, "
         "least 320x168, 8000000 bytes at most, jpeg 85 auto progressive",
        "ig-story: social, instagram, max 1080x1920, cover else pad-blur, keeps 60 %, "
         "asks 1080x1920 of the crop, 8000000 bytes at most, clear 14 0 20 0 %, jpeg 85 auto progressive",
        "fb-post: social, facebook, max 1200x630, cover, keeps 60 %, asks 900x472 of the crop, least 381x200, "
         "10000000 bytes at most, jpeg 85 auto progressive",
        "tiktok-photo: social, tiktok, max 1080x1920, cover else pad-blur, keeps 60 %, "
         "asks 1080x1920 of the crop, 20000000 bytes at most, clear 15 17.8 35 11.1 %, jpeg 85 auto progressive",
        "gbp-1x1: social, google-business, max 720x720, cover, keeps 60 %, asks 540x540 of the crop, "
         "least 250x250, 5000000 bytes at most, jpeg 85 auto progressive",
        "linkedin-post: social, linkedin, max 1200x627, cover, keeps 60 %, asks 1200x627 of the crop, "
         "5000000 bytes at most, jpeg 85 auto progressive",
};
/* clang-format on */
