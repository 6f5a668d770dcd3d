#!/usr/bin/env python3
"""How long does a withdrawal take, from the request on office.sock to the answer that says it is dark?

withdraw.py --make SITE   builds a site of 2,000 published items: one contributor with 1,000, and 500 with a photo and a review each
withdraw.py SITE          copies that site, starts its office, withdraws 200 single items, then the contributor with 1,000
"""
import argparse
import hashlib
import http.client
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PLACET = os.path.join(os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin")), "placet")
SINGLE_LIMIT_MS, BIG_LIMIT_MS = 50, 2000
BIG = "big"


def png(seed, width=640, height=480):
    noise = hashlib.sha256(seed.encode()).digest()
    line = bytes((x * (1 + noise[x % 3] % 4) // 3 + noise[3 + x % 7]) & 255 for x in range(3 * (width + height)))
    rows = b"".join(b"\0" + line[3 * y:3 * (y + width)] for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def drop(folder, name, contributor, photos, product, text_hash):
    os.mkdir(os.path.join(folder, name))
    for i in range(photos):
        with open(os.path.join(folder, name, "p%d.png" % i), "wb") as file:
            file.write(png("%s/%d" % (name, i)))
    said = {"schema": "placet.submission/1", "id": name, "source": "shop-form",
            "contributor": {"id": contributor, "display_name": "Ada L.", "country": "DE", "age_band": "adult"},
            "products": [{"id": product, "primary": True}],
            "review": {"kind": "review", "rating": {"value": 4, "min": 1, "max": 5}, "title": "Good for the price",
                       "body": "I have used it for two weeks now and it does what it should. " + name, "experience_date": "2026-01-12",
                       "written_at": "2026-01-20T09:40:00.000Z"},
            "photos": [{"file": "p%d.png" % i, "role": "scene", "people": "none"} for i in range(photos)],
            "disclosure": {"connection": "none", "verification": "order"},
            "consents": [{"terms": "ugc-basic", "version": 3, "text_sha256": text_hash,
                          "captured_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600)),
                          "evidence": {"text": "ticked"}}]}
    with open(os.path.join(folder, name, "submission.json"), "w", encoding="utf-8") as file:
        json.dump(said, file)


def placet(*words):
    done = subprocess.run([PLACET, *words], stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def in_batches(words, batch, size):
    for at in range(0, len(batch), size):
        placet(*words, *batch[at:at + size])


def make(site, scale):
    with open(os.path.join(TOP, "presets/terms/ugc-basic.v3.en.txt"), "rb") as file:
        text_hash = hashlib.sha256(file.read()).hexdigest()
    placet("init", site)
    with open(os.path.join(site, "placet.conf"), "a", encoding="utf-8") as conf:
        conf.write("\n[source shop-form]\nconsents = trusted\n")
    with tempfile.TemporaryDirectory() as folder:
        for i in range(50 * scale // 100):
            drop(folder, "big-%d" % i, BIG, 19, "P%d" % (i % 5), text_hash)
        for i in range(500 * scale // 100):
            drop(folder, "one-%d" % i, "c%d" % i, 1, "P%d" % (i % 20), text_hash)
        names = sorted(os.listdir(folder))
        in_batches(["ingest", site], [os.path.join(folder, name) for name in names], 100)
        in_batches(["approve", site], names, 100)
    print("%s: %s" % (site, placet("status", site)))


class Desk(http.client.HTTPConnection):
    def __init__(self, site):
        super().__init__("localhost", timeout=120)
        self.socket_path = os.path.join(site, "office.sock")

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.socket_path)

    def ask(self, op, **request):
        self.request("POST", "/v1/desk/" + op, json.dumps(request), {"Content-Type": "application/json"})
        answer = self.getresponse()
        body = json.loads(answer.read())
        if answer.status != 200:
            sys.exit("%s: %s" % (op, body))
        return body

    def timed(self, op, **request):
        before = time.monotonic()
        answer = self.ask(op, **request)
        return (time.monotonic() - before) * 1000, answer


def office_of(site):
    office = subprocess.Popen([PLACET, "run", site, "--listen", "127.0.0.1:0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              start_new_session=True)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            desk = Desk(site)
            desk.ask("status")
            return office, desk
        except OSError:
            time.sleep(0.02)
    office.kill()
    sys.exit("the office did not start")


def items_of(desk, big):
    """Ids of published items whose contributor is the big one, or is not."""
    found, after = [], None
    while True:
        page = desk.ask("list", state="approved", limit=1000, **({"after": after} if after else {}))
        found += [i["item"] for i in page["items"] if i["submission"] in big]
        after = page["next"]
        if not after:
            return found


def told(name, times, limit):
    times = sorted(times)
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    print("%-34s n %4d   median %7.1f ms   p99 %7.1f ms   max %7.1f ms   (limit %d ms)" %
          (name, len(times), times[len(times) // 2], p99, times[-1], limit), flush=True)
    return p99 <= limit


def quiet(desk):
    """Waits until what the start queued (a changed policy decides everything anew) is done: it is not what is measured."""
    while desk.ask("pending", ids=[])["jobs_waiting"] or desk.ask("pending", ids=[])["jobs_running"]:
        time.sleep(0.2)


def measure(site, count):
    office, desk = office_of(site)
    try:
        quiet(desk)
        ours = {desk.ask("show", ids=["one-%d" % i])["items"][0]["submission"] for i in range(count)}
        items = items_of(desk, ours)[:count]
        single = [desk.timed("rights_withdraw", id=item)[0] for item in items]
        took, answer = desk.timed("rights_withdraw", contributor="shop-form:" + BIG)
        good = told("one item", single, SINGLE_LIMIT_MS)
        good &= told("a contributor with %d items" % answer["items"], [took], BIG_LIMIT_MS)
    finally:
        os.killpg(office.pid, signal.SIGTERM)
        office.wait(30)
    return 0 if good else 1


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the office ends with it
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("site")
    words.add_argument("--make", action="store_true")
    words.add_argument("--scale", type=int, default=100, help="percent of 2,000 items")
    words.add_argument("--count", type=int, default=200)
    asked = words.parse_args()
    if asked.make:
        make(asked.site, asked.scale)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "site")
        shutil.copytree(asked.site, copy)
        return measure(copy, asked.count)


if __name__ == "__main__":
    sys.exit(main())
