#!/usr/bin/env python3
"""What do the demo's photos look like in many places? Renders them and lays the files out on one sheet, the one in README.

  PLACET_BIN=build/release/bin python3 tests/golden/contact_sheet.py [OUT.webp]

Needs python3-pil and fonts-dejavu-core. Each row begins with the photo as it was taken; the rest are the files as they were written, made
smaller to fit. The frame in the photo is the tightest of its crops.
"""
import json
import os
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw, ImageFont, ImageOps

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin"))
OUT = os.path.join(TOP, "tests/data/readme/contact-sheet.webp")
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans%s.ttf"
WIDTH, MARGIN, GAP, LABEL = 1600, 36, 16, 50
GROUND, INK, FAINT, LINE = "#f6f5f2", "#23211e", "#8a857c", "#ffffff"
MOST_BYTES = 300000

# photo, what it is, its places
ROWS = [
    ("01-de-tent-pdp-only/IMG_20260926_191204.jpg", "12 MP JPEG", ["pdp-grid-4x5", "meta-feed-1x1", "pinterest-2x3", "ig-story", "google-191"]),
    ("10-community-scarf-photo-only/IMG_2207.jpg", "upright", ["pdp-grid-1x1", "meta-feed-4x5", "snap-9x16", "pdp-schema-4x3", "email-hero-2x1"]),
    ("08-ar-mug-sideways/DSC_0093.JPG", "stored sideways", ["pdp-thumb-100", "linkedin-4x5", "ig-feed-3x4", "gdn-300x600", "pdp-schema-1x1"]),
    ("02-en-tent-ads-de-at/IMG_0417.JPG", "Display P3", ["email-square", "google-4x5", "tiktok-9x16", "email-hero-191"]),
    ("12-ru-mug-ads-de-pl/mug-cutout.png", "transparent", ["pdp-woo-300", "gmc-additional", "email-half-4x5", "ig-story", "pdp-schema-4x3"]),
]


def font(size, bold=False):
    return ImageFont.truetype(FONT % ("-Bold" if bold else ""), size)


def render(folder):
    """{photo: {preset: (placement, path of its largest JPEG)}}"""
    photos = [os.path.join(TOP, "tests/data/demo", row[0]) for row in ROWS]
    presets = sorted({preset for row in ROWS for preset in row[2]})
    done = subprocess.run([os.path.join(BIN, "placet"), "render", *photos, "--out", folder, "--preset", ",".join(presets), "--json"],
                          check=True, capture_output=True, text=True)
    found = {}
    for row, line in zip(ROWS, done.stdout.splitlines()):
        told = json.loads(line)
        found[row[0]] = {}
        for placement in told["placements"]:
            files = [f for f in placement["files"] if f["format"] == "jpeg"]
            if files:
                largest = max(files, key=lambda f: f["width"])
                found[row[0]][placement["preset"]] = (placement, os.path.join(folder, largest["path"]), largest)
            else:
                print("%s: %s: %s" % (row[0], placement["preset"], placement.get("why", "no file")), file=sys.stderr)
    return found


def original(path):
    with Image.open(path) as photo:
        upright = ImageOps.exif_transpose(photo)
        upright.load()
    if upright.mode == "RGBA":  # the usual sign for "nothing there"
        check = Image.new("RGB", upright.size, "#ffffff")
        draw, step = ImageDraw.Draw(check), max(8, upright.width // 24)
        for y in range(0, upright.height, step):
            for x in range(y // step % 2 * step, upright.width, 2 * step):
                draw.rectangle([x, y, x + step - 1, y + step - 1], fill="#e3e1dc")
        check.paste(upright, mask=upright.getchannel("A"))
        return check
    if upright.info.get("icc_profile"):
        from PIL import ImageCms
        import io
        profile = ImageCms.ImageCmsProfile(io.BytesIO(upright.info["icc_profile"]))
        upright = ImageCms.profileToProfile(upright.convert("RGB"), profile, ImageCms.createProfile("sRGB"))
    return upright.convert("RGB")


def cells_of(row, found):
    """(picture, name, what it is, crop to draw)"""
    path, what, presets = row
    photo = original(os.path.join(TOP, "tests/data/demo", path))
    known = [found[path][p] for p in presets if p in found[path]]
    tightest = min((placement["crop"] for placement, _, _ in known), key=lambda crop: crop["w"] * crop["h"])
    cells = [(photo, "as it was taken", "%d×%d, %s" % (*photo.size, what), tightest)]
    for placement, file, told in known:
        crop = placement["crop"]
        kept = 100 * crop["w"] * crop["h"] / (photo.width * photo.height)
        cells.append((Image.open(file).convert("RGB"), placement["preset"],
                      "%d×%d%s" % (told["width"], told["height"], "" if kept > 99.5 else ", %d %%" % round(kept)), None))
    return cells


def draw_row(sheet, y, cells):
    """All in one height, so that they fill the width."""
    ratios = [p.width / p.height for p, _, _, _ in cells]
    height = (WIDTH - 2 * MARGIN - GAP * (len(cells) - 1)) / sum(ratios)
    draw, x = ImageDraw.Draw(sheet), float(MARGIN)
    for (picture, name, what, crop), ratio in zip(cells, ratios):
        w, h = round(height * ratio), round(height)
        small = picture.resize((w, h), Image.LANCZOS)
        if crop is not None and (crop["w"] < picture.width or crop["h"] < picture.height):
            k = w / picture.width
            box = [round(v * k) for v in (crop["x"], crop["y"], crop["x"] + crop["w"], crop["y"] + crop["h"])]
            outside = Image.blend(small, Image.new("RGB", small.size, GROUND), 0.45)
            outside.paste(small.crop(box), box[:2])
            small = outside
            ImageDraw.Draw(small).rectangle([box[0], box[1], box[2] - 1, box[3] - 1], outline=LINE, width=2)
        sheet.paste(small, (round(x), round(y)))
        draw.rectangle([round(x), round(y), round(x) + w - 1, round(y) + h - 1], outline="#d9d6cf")
        for text, down, size, bold, colour in ((name, 7, 17, True, INK), (what, 28, 15, False, FAINT)):
            while draw.textlength(text, font=font(size, bold)) > w + GAP - 8:
                size -= 1
            draw.text((round(x), round(y + h + down)), text, font=font(size, bold), fill=colour)
        x += w + GAP
    return height


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else OUT
    with tempfile.TemporaryDirectory() as folder:
        found = render(folder)
        rows = [cells_of(row, found) for row in ROWS]
        sheet = Image.new("RGB", (WIDTH, 6000), GROUND)
        y = MARGIN
        for cells in rows:
            y += draw_row(sheet, y, cells) + LABEL + GAP
        sheet = sheet.crop((0, 0, WIDTH, round(y)))
    for quality in range(90, 40, -3):
        sheet.save(out, quality=quality, method=6)
        if os.path.getsize(out) <= MOST_BYTES:
            break
    print("%s: %d×%d, %d bytes, quality %d" % (out, *sheet.size, os.path.getsize(out), quality))


if __name__ == "__main__":
    main()
