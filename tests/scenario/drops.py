"""What do the plays' drops look like? Small photos with planted marks, and submissions with any consent, made on the spot."""
import hashlib
import json
import os
import shutil
import struct
import time
import zlib

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEMO = os.path.join(TOP, "tests/data/demo")
TERMS = {"ugc-basic": 3, "ugc-ads": 1, "ugc-everything": 1}
# What an option of a drop may be; anything else in a play is a mistake of the play.
OPTIONS = ("id", "product", "source", "terms", "channels", "territories", "not_before", "not_after", "body", "title", "rating", "photos",
           "photo", "size", "people", "connection", "origin", "contributor", "demo", "tag", "charset", "person", "sha256", "captured_at", "evidence", "named")

# As generators of pictures write it (IPTC Photo Metadata, DigitalSourceType).
AI_XMP = (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
          b'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
          b'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></rdf:RDF></x:xmpmeta>')


def instant(seconds):
    whole = int(seconds)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + ".%03dZ" % int((seconds - whole) * 1000)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, seed, mark):
    """Two slanted waves and a plain block, in colours of the seed; with the mark where cameras and editors write."""
    noise = hashlib.sha256(seed.encode()).digest()
    line = bytearray()
    for x in range(width + height):
        line += bytes(((x * (1 + noise[0] % 5)) // 3 & 255, (noise[1] + x // 4) & 255, (noise[2] + 3 * x // 5) & 255))
    block = bytes((noise[3], noise[4], noise[5])) * (width // 4)
    left = (noise[6] % 50 + 10) * width // 100 * 3
    rows = []
    for y in range(height):
        row = bytearray(line[3 * y:3 * (y + width)])
        if height // 3 < y < height * 2 // 3:
            row[left:left + len(block)] = block
        rows.append(b"\0" + bytes(row[:3 * width]))
    text = chunk(b"tEXt", b"Author\0CANARY-" + mark.encode()) + chunk(b"tEXt", b"Comment\0CANARY-" + mark.encode())
    exif = b"MM\0*\0\0\0\x08\0\x01\x01\x0e\0\x02\0\0\0\x20\0\0\0\x1a\0\0\0\0" + (b"CANARY-" + mark.encode()).ljust(32, b"\0")
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + text + chunk(b"eXIf", exif) +
            chunk(b"IDAT", zlib.compress(b"".join(rows), 1)) + chunk(b"IEND", b""))


def terms_hash(terms):
    with open(os.path.join(TOP, "presets/terms", "%s.v%d.en.txt" % (terms, TERMS[terms])), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class Drop:
    """One drop by name: its options, and the folder it was made in."""

    def __init__(self, name, options):
        wrong = [key for key in options if key not in OPTIONS]
        if wrong:
            raise ValueError("a drop has no option %s" % wrong[0])
        self.name, self.options, self.folder = name, dict(options), None

    def get(self, key, default=None):
        return self.options.get(key, default)

    @property
    def id(self):
        return self.get("id", self.name)

    @property
    def product(self):
        return self.get("product", self.name.upper())

    def photo_names(self):
        if self.get("demo"):
            return [name for name in sorted(os.listdir(self.folder)) if name != "submission.json"]
        return ["%s-%d.png" % (self.name, i) for i in range(int(self.get("photos", "1")))]

    def consents(self):
        terms = self.get("terms", "ugc-basic")
        if terms == "none":
            return []
        consent = {"terms": terms, "version": TERMS[terms], "text_sha256": self.get("sha256", terms_hash(terms)),
                   "captured_at": self.get("captured_at", instant(time.time() - 3600)),
                   "evidence": {"text": self.get("evidence", "box ticked by EVIDENCE-%s" % self.name)}}
        for key in ("channels", "territories"):
            if self.get(key):
                consent[key] = self.get(key).split(",")
        for key in ("not_before", "not_after"):
            value = self.get(key)
            if value:
                consent[key] = instant(time.time() + float(value[1:].rstrip("s"))) if value.startswith("+") else value
        return [consent]

    def submission(self):
        number = {"schema": "placet.submission/1", "id": self.id, "source": self.get("source", "shop-form"), "origin": self.get("origin", "review"),
                  "contributor": {"id": "cust-PRIVATE-" + self.get("contributor", self.name), "display_name": self.get("named", "Ada " + self.name.title()),
                                  "email": "private-%s@example.org" % self.name, "country": "DE", "age_band": "adult"},
                  "products": [{"id": self.product, "primary": True}],
                  "review": {"kind": "review", "rating": {"value": int(self.get("rating", "4")), "min": 1, "max": 5},
                             "external_id": "r-PRIVATE-" + self.name, "title": self.get("title", "Good for the price"),
                             "body": self.get("body", "I have used the %s for two weeks now and it does what it should." % self.name),
                             "experience_date": "2026-09-12", "written_at": "2026-10-09T09:40:00.000Z"},
                  "disclosure": {"connection": self.get("connection", "none"), "verification": "order"},
                  "consents": self.consents()}
        if self.get("tag"):
            number["tags"] = [self.get("tag")]
        photos = [{"file": name, "role": "scene", "people": self.get("people", "none")} for name in self.photo_names()]
        if self.get("person"):
            for photo in photos:
                photo.update(people="others", persons=[{"id": "friend", "kind": self.get("person")}])
        if photos:
            number["photos"] = photos
        return number

    def make(self, under):
        """Writes the drop's folder, in place of what stood there before."""
        self.folder = os.path.join(under, self.name)
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.get("demo"):
            match = [name for name in sorted(os.listdir(DEMO)) if name.startswith(self.get("demo"))]
            shutil.copytree(os.path.join(DEMO, match[0]), self.folder)
            with open(os.path.join(self.folder, "submission.json"), encoding="utf-8") as file:
                told = json.load(file)
            self.options.update(id=told["id"], product=told["products"][0]["id"])
            return self.folder
        os.makedirs(self.folder)
        with open(os.path.join(self.folder, "submission.json"), "w", encoding=self.get("charset", "utf-8")) as file:
            json.dump(self.submission(), file, indent=1, ensure_ascii=not self.get("charset"))
        width, height = (int(side) for side in self.get("size", "640x480").split("x"))
        for name in self.photo_names():
            self.write_photo(os.path.join(self.folder, name), png(width, height, name, self.name))
        return self.folder

    def write_photo(self, path, data):
        """photo=…: what is wrong with it."""
        how = self.get("photo", "good")
        if how == "missing":
            return
        if how == "link":
            os.symlink("/etc/passwd", path)
            return
        if how == "fifo":
            os.mkfifo(path)
            return
        if how == "broken":
            data = data[:len(data) // 2]
        elif how == "drawing":
            data = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
        elif how == "ai":
            data = data[:33] + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + AI_XMP) + data[33:]  # behind IHDR
        elif how != "good":
            raise ValueError("a photo cannot be " + how)
        with open(path, "wb") as file:
            file.write(data)
        if how == "good" and self.get("hardlink"):
            os.link(path, path + ".other")
