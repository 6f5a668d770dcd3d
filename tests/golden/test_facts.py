#!/usr/bin/env python3
"""Are the facts told of a photo what other programs make of it? Fingerprints beside PDQ's reference, placeholders in the npm package.

Prints TAP. For the placeholder: `npm install thumbhash` in a folder that $PLACET_NODE_MODULES names (…/node_modules). For photos other than
the demo's: $PLACET_CORPORA, and a Python with pdqhash, numpy and Pillow that runs this file.
"""
import glob
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BIN = os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin"))
TOLERANCE, TRUSTED = 10, 80  # pdq/README.md of facebook/ThreatExchange: at most 10 bits of 256 where the quality is 80 or more
DECODE = """
import { readFileSync } from 'fs'
const { thumbHashToAverageRGBA, thumbHashToApproximateAspectRatio, thumbHashToRGBA } = await import(process.argv[1])
for (const line of readFileSync(0, 'utf8').trim().split('\\n')) {
  const hash = Buffer.from(line, 'base64'), image = thumbHashToRGBA(hash)
  console.log(JSON.stringify({ average: thumbHashToAverageRGBA(hash), aspect: thumbHashToApproximateAspectRatio(hash), w: image.w, h: image.h, n: image.rgba.length }))
}
"""
count = 0


def tap(ok, what, why=""):
    global count
    count += 1
    print("%s %d - %s" % ("ok" if ok else "not ok", count, what))
    for line in () if ok else str(why).splitlines():
        print("# " + line)


def skip(what, why):
    global count
    count += 1
    print("ok %d - %s # SKIP %s" % (count, what, why))


def render(photos, preset, folder):
    """{path: what is told of it}"""
    done = subprocess.run([os.path.join(BIN, "placet"), "render", *photos, "--out", folder, "--preset", preset, "--json"], check=False,
                          capture_output=True, text=True)
    lines = done.stdout.splitlines()
    if len(lines) != len(photos):
        raise RuntimeError(done.stderr)
    return dict(zip(photos, map(json.loads, lines)))


def distance(a, b):
    return bin(int(a, 16) ^ int(b, 16)).count("1")


def fingerprints(told):
    expected = [line.rstrip("\n").split("\t") for line in open(os.path.join(HERE, "pdq.tsv"), encoding="utf-8") if line[0] != "#"]
    wrong = []
    for name, hash_, quality in expected:
        ours = told[os.path.join(TOP, "tests/data/demo", name)]["pdq"]
        far = distance(ours["hash"], hash_)
        if far > TOLERANCE or abs(ours["quality"] - int(quality)) > 2:
            wrong.append("%s: %d bits, quality %d for %s" % (name, far, ours["quality"], quality))
    tap(not wrong and len(expected) >= 12, "the demo's photos have the reference's fingerprints, within %d bits" % TOLERANCE, "\n".join(wrong))
    ours = [(p, t["pdq"]["hash"]) for p, t in told.items()]
    near = ["%s and %s" % (p, q) for i, (p, a) in enumerate(ours) for q, b in ours[i + 1:] if distance(a, b) <= 31]
    tap(not near, "no two of them are taken for one", "\n".join(near))


def same_photo_again(told, photo, folder):
    small = render([photo], "pdp-card", folder)[photo]
    files = [f for f in small["placements"][0]["files"] if f["format"] == "webp"] + told[photo]["placements"][0]["files"]
    again = render([os.path.join(folder, f["path"]) for f in files], "email-thumb", os.path.join(folder, "again"))
    far = {os.path.basename(p): distance(t["pdq"]["hash"], told[photo]["pdq"]["hash"]) for p, t in again.items()}
    tap(len(far) >= 4 and max(far.values()) <= 31, "a photo's own renditions are taken for it", json.dumps(far))


def pixel(path):
    """Mean colour of a picture, by vips: one pixel."""
    stats = subprocess.run(["vips", "stats", path, path + ".stats.csv"], check=True, capture_output=True)
    assert stats.returncode == 0
    rows = [re.split(r"[\t,]", line) for line in open(path + ".stats.csv", encoding="ascii")]
    return [float(row[4]) / 255 for row in rows[1:4]]  # min, max, sum, sum of squares, mean


def modules():
    return [p for p in (os.environ.get("PLACET_NODE_MODULES"), "/usr/lib/node_modules", "/usr/local/lib/node_modules") if p]


def placeholders(told, folder):
    what = "placeholders decode in the npm package thumbhash to the photo's shape and mean colour"
    package = next((p for m in modules() for p in glob.glob(os.path.join(m, "thumbhash/thumbhash.js"))), None)
    if not shutil.which("node") or not package or not shutil.which("vips"):
        skip(what, "node, its package thumbhash ($PLACET_NODE_MODULES) or vips is not there")
        return
    done = subprocess.run(["node", "--input-type=module", "-e", DECODE, package], check=True, capture_output=True, text=True,
                          input="\n".join(t["thumbhash"] for t in told.values()))
    wrong = []
    for (path, t), line in zip(told.items(), done.stdout.splitlines()):
        decoded = json.loads(line)
        largest = next(f for f in t["placements"][0]["files"] if f["format"] == "jpeg")
        average, alpha = decoded["average"], decoded["average"]["a"]
        colour = [average[c] * alpha + 1 - alpha for c in "rgb"]  # on white, as the JPEG is
        off = max(abs(a - b) for a, b in zip(colour, pixel(os.path.join(folder, largest["path"]))))
        aspect = decoded["aspect"] / (t["width"] / t["height"])
        if off > 0.06 or not 0.85 < aspect < 1.18 or decoded["n"] != decoded["w"] * decoded["h"] * 4:
            wrong.append("%s: colour %.3f off, aspect %.2f" % (os.path.basename(path), off, aspect))
    tap(not wrong, what, "\n".join(wrong))


def corpora():
    what = "photos of the corpora have the fingerprints that the reference gives, within %d bits where it trusts them" % TOLERANCE
    folder = os.environ.get("PLACET_CORPORA")
    try:
        import numpy
        import pdqhash
        from PIL import Image, ImageOps
    except ImportError as missing:
        skip(what, "pip install pdqhash numpy pillow (%s)" % missing)
        return
    if not folder:
        skip(what, "PLACET_CORPORA is not set")
        return
    photos = [p for p in sorted(glob.glob(os.path.join(folder, "photos/*/*"))) if not p.endswith(".md")]
    stems, wrong, worst, flat = set(), [], 0, 0
    photos = [p for p in photos if not (os.path.splitext(os.path.basename(p))[0] in stems or stems.add(os.path.splitext(os.path.basename(p))[0]))]
    with tempfile.TemporaryDirectory() as out:
        told = render(photos, "email-thumb", out)
    for path, t in told.items():
        with Image.open(io.BytesIO(open(path, "rb").read())) as photo:
            upright = ImageOps.exif_transpose(photo)
            if upright.mode in ("RGBA", "LA", "P"):
                upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
            bits, quality = pdqhash.compute(numpy.asarray(upright.convert("RGB")))
        far = distance(t["pdq"]["hash"], "%064x" % int("".join(str(int(bit)) for bit in bits), 2))
        worst, flat = max(worst, far if quality >= TRUSTED else 0), flat + (quality < TRUSTED)
        if (quality >= TRUSTED and far > TOLERANCE) or abs(quality - t["pdq"]["quality"]) > 3:
            wrong.append("%s: %d bits, quality %d for %d" % (path, far, t["pdq"]["quality"], quality))
    tap(not wrong and len(told) >= 40, what, "\n".join(wrong))
    print("# %d photos, %d of them below %d; at most %d bits" % (len(told), flat, TRUSTED, worst))


def main():
    photos = [p for p in sorted(glob.glob(os.path.join(TOP, "tests/data/demo/*/*"))) if re.search(r"\.(jpe?g|png|heic)$", p, re.I)]
    with tempfile.TemporaryDirectory() as folder:
        told = render(photos, "email-full", folder)
        fingerprints(told)
        same_photo_again(told, photos[0], folder)
        placeholders(told, folder)
    corpora()
    print("1..%d" % count)


if __name__ == "__main__":
    sys.exit(main())
