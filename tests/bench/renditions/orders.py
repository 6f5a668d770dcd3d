"""Which fourteen files are compared? The same list for every program; it is the group bench14 of presets/placements/bench.json."""

WEBP_WIDTHS, JPEG_WIDTHS = (1920, 1280, 960, 640, 320, 160), (1280, 640, 1200, 600)
CROPS = ((1080, 1080), (1080, 1350), (1080, 1920), (1200, 628))
# (format, quality, width, height or 0 for any)
ORDERS = ([("webp", 80, w, 0) for w in WEBP_WIDTHS] + [("jpeg", 80, w, 0) for w in JPEG_WIDTHS] +
          [("jpeg", 85, w, h) for w, h in CROPS])
EXTENSION = {"webp": "webp", "jpeg": "jpg"}


def name(order):
    kind, _, width, height = order
    return f"{kind}-{width}{f'x{height}' if height else ''}.{EXTENSION[kind]}"
