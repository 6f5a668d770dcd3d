"""What do the tests of erasure stand on? A site of its own, drops with planted marks, and a search for them in every form."""
import base64
import glob
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import time
import urllib.error
import urllib.request
import zlib

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin"))
PLACET = os.path.join(BIN, "placet")
PHOTOS = {"ada": "01-de-tent-pdp-only", "ben": "02-en-tent-ads-de-at", "second": "06-withdrawn-later"}
NAMES = "file display email person review title body alt caption evidence evidence_file drop external photo exif camera".split()
MARKS = {name: "CANARY%s%s" % (name.replace("_", "").upper(), hashlib.sha256(name.encode()).hexdigest()[:12]) for name in NAMES}


def instant(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(int(seconds))) + ".%03dZ" % int(seconds % 1 * 1000)


def environment(**more):
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PLACET_")}
    return {**clean, **more}


class Said:
    def __init__(self, done):
        self.status, self.out, self.err = done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")

    def json(self):
        if self.status != 0:
            raise AssertionError("exit status %d: %s%s" % (self.status, self.out, self.err))
        return json.loads(self.out)

    def __str__(self):
        return "%d: %s%s" % (self.status, self.out[-800:], self.err[-800:])


def placet(*words, before=(), **more):
    return Said(subprocess.run([*before, PLACET, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=120, env=environment(**more),
                               check=False))


# Drops


def jpeg(name, marks):
    """A demo photo with the marks where cameras and editors write; they end neither the picture nor its parsing."""
    folder = os.path.join(TOP, "tests/data/demo", PHOTOS[name])
    path = sorted(p for p in glob.glob(folder + "/*") if p.lower().endswith((".jpg", ".jpeg")))[0]
    with open(path, "rb") as file:
        data = file.read()
    if not marks:
        return data
    text = marks["exif"].encode() + b"\0"
    camera = marks["camera"].encode() + b"\0"
    start = 8 + 2 + 2 * 12 + 4
    entries = struct.pack(">HHII", 0x010E, 2, len(text), start) + struct.pack(">HHII", 0x0110, 2, len(camera), start + len(text))
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02" + entries + b"\0\0\0\0" + text + camera
    comment = marks["photo"].encode()
    plain, at = bytearray(data[:2]), 2
    while data[at + 1] in range(0xE0, 0xF0) or data[at + 1] == 0xFE:  # its own metadata goes
        at += 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
    plain += b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return bytes(plain + data[at:])


def terms_hash():
    with open(os.path.join(TOP, "presets/terms/ugc-everything.v1.en.txt"), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def consent(captured_at, **evidence):
    return {"terms": "ugc-everything", "version": 1, "text_sha256": terms_hash(), "captured_at": instant(captured_at), "evidence": evidence}


def drop(under, name, photo, contributor, marks=None, captured_at=None, operator_id=None, photo_name=None, more=None):
    """One submission with review and photo; marks: where each piece of personal text is planted."""
    folder = os.path.join(under, name)
    os.makedirs(folder)
    m = marks or {key: "plain" for key in NAMES}
    for extra, data in (more or {}).items():
        with open(os.path.join(folder, extra), "wb") as file:
            file.write(data)
    captured_at = captured_at or time.time() - 3600
    photo_name = photo_name or ("%s.jpg" % m["file"])
    with open(os.path.join(folder, photo_name), "wb") as file:
        file.write(photo)
    consents = [consent(captured_at, text="ticked by " + m["evidence"])]
    if marks:
        with open(os.path.join(folder, "mail.txt"), "w", encoding="utf-8") as file:
            file.write("Yes, use it. " + m["evidence_file"])
        consents.append(consent(captured_at, file="mail.txt"))
    told = {"schema": "placet.submission/1", "id": operator_id or m["external"] + name, "source": "shop-form", "origin": "review",
            "contributor": {"id": contributor, "display_name": "Ada " + m["display"], "email": m["email"].lower() + "@example.org",
                            "country": "DE", "age_band": "adult"},
            "products": [{"id": "TENT-2P", "primary": True}],
            "review": {"kind": "review", "rating": {"value": 4 if marks else 2, "min": 1, "max": 5}, "external_id": m["review"],
                       "title": "Fine " + m["title"], "body": "I have used it for two weeks and it stays dry " + m["body"] + ".",
                       "experience_date": "2026-09-12", "written_at": "2026-10-09T09:40:00.000Z"},
            "photos": [{"file": photo_name, "role": "scene", "people": "none", "alt": {"lang": "en", "text": "A tent " + m["alt"]},
                        "caption": "Our tent " + m["caption"]}] +
                      [{"file": extra, "role": "other", "people": "none"} for extra in more or {}],
            "disclosure": {"connection": "none", "verification": "order"}, "consents": consents}
    with open(os.path.join(folder, "submission.json"), "w", encoding="utf-8") as file:
        json.dump(told, file)
    return folder, told["id"]


# Marks


def forms(mark):
    """The bytes that a mark would be found as: as it is, in UTF-16, in base64 at each of its three places."""
    found = {mark, mark.lower(), mark.decode("latin-1").encode("utf-16-le"), mark.decode("latin-1").encode("utf-16-be")}
    for shift in range(3):
        packed = base64.b64encode(b"\0" * shift + mark)
        found.add(packed[shift and 4:len(packed) - 4])
        found.add(base64.urlsafe_b64encode(b"\0" * shift + mark)[shift and 4:len(packed) - 4])
    return found


def inflated(data):
    """What can be inflated of these bytes, wherever it begins: lists stand in the index compressed too, used or left over."""
    found = []
    for at in range(len(data) - 1):
        # RFC 1951 3.2.7: a block that is not the last, with codes of its own; there are at most 30 of each kind beyond the first.
        if data[at] & 7 != 4 or data[at] >> 3 > 29 or data[at + 1] & 31 > 29:
            continue
        reader, out = zlib.decompressobj(-15), b""
        try:
            for more in range(at, at + 65536, 64):
                out += reader.decompress(data[more:more + 64])
        except zlib.error:
            pass  # what came before it counts
        if len(out) > 256:
            found.append(out)
    return b"\0".join(found)


def search(folder, marks):
    """["mark in path"] of every mark (name -> bytes) in the bytes and names of everything under folder."""
    wanted = [(name, form) for name, mark in marks.items() for form in forms(mark)]
    found = set()
    for at, folders, names in os.walk(folder):
        for name in folders + names:
            path = os.path.join(at, name)
            where = os.path.relpath(path, folder)
            data = name.encode("utf-8", "surrogateescape")
            if name in names and os.path.isfile(path):
                with open(path, "rb") as file:
                    read = file.read()
                data += b"\0" + read + (inflated(read) if name.startswith("index.db") else b"")
            found |= {"%s in %s" % (mark, where) for mark, form in wanted if form in data}
    return sorted(found)


def files(folder):
    """{path: SHA-256} of everything under folder."""
    found = {}
    for at, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(at, name), "rb") as file:
                found[os.path.relpath(os.path.join(at, name), folder)] = hashlib.sha256(file.read()).hexdigest()
    return found


# A site


def make_site(folder):
    done = placet("init", folder)
    if done.status != 0:
        raise AssertionError("init: %s" % done)
    with open(os.path.join(folder, "placet.conf"), "a", encoding="utf-8") as conf:
        conf.write("[source shop-form]\nconsents = trusted\n")
    return folder


def copy_site(site, to):
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(site, to, symlinks=True, ignore=shutil.ignore_patterns("*.sock"))
    return to


class Office:
    """placet run on a site, with its server."""

    def __init__(self, site, log):
        self.log = log
        with open(log, "wb") as out:
            self.process = subprocess.Popen([PLACET, "run", site, "--listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                            env=environment())
        self.address = self.until(lambda: (re.findall(r"http://[0-9.]+:[0-9]+", self.read()) or [None])[-1])

    def read(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def until(self, ask, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise AssertionError("the office ended: " + self.read())
            found = ask()
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError("not within %d s:\n%s" % (seconds, self.read()))

    def get(self, path):
        """(status, bytes)"""
        try:
            with urllib.request.urlopen(self.address + path, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Tap:
    """Tests as lines of TAP, each a sentence."""

    def __init__(self):
        self.count, self.failed = 0, 0

    def check(self, sentence, fine, why=""):
        self.count += 1
        self.failed += not fine
        print("%s %d - %s" % ("ok" if fine else "not ok", self.count, sentence), flush=True)
        if not fine:
            print("\n".join("# " + line for line in str(why).splitlines()[:40]), flush=True)
        return fine

    def skip(self, sentence, why):
        self.count += 1
        print("ok %d - %s # SKIP %s" % (self.count, sentence, why), flush=True)

    def end(self):
        print("1..%d" % self.count)
        return 1 if self.failed else 0
