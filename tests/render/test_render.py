#!/usr/bin/env python3
"""Does `placet render` leave whole files only, whatever comes: a broken photo, no room, Ctrl-C, a kill?"""
import json
import os
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import zlib

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PLACET = os.path.join(os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin")), "placet")
GROUP, FILES = "bench14-webp-640,bench14-webp-320,bench14-jpeg-640,bench14-jpeg-600", 4
LATEST = 30  # seconds until what must end has ended


def png(path, width=700, height=500):
    """Rings, so that its files have some weight."""
    rows = b"".join(b"\0" + bytes((x * x + y * y) // (40 + 3 * c) & 255 for x in range(width) for c in range(3)) for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
                  chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def render(*words, **how):
    return subprocess.run([PLACET, "render", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120, **how)


def whole_photos(folder):
    """Photos of which all files are there; any that has some but not all, and any other file, is a fault."""
    found = {}
    for name in os.listdir(folder):
        assert not name.startswith(".") and os.path.getsize(os.path.join(folder, name)) > 0, name
        found.setdefault(name.split(".")[0], []).append(name)
    assert all(len(names) == FILES for names in found.values()), found
    return len(found)


def many(folder, photo, n):
    paths = [os.path.join(folder, f"n{i}.png") for i in range(n)]
    for path in paths:
        os.link(photo, path)
    return paths


class Running:
    """A render of forty photos that has told of its first one and is in the middle of others."""

    def __init__(self, folder, photo):
        self.out = os.path.join(folder, "out")
        self.process = subprocess.Popen([PLACET, "render", *many(folder, photo, 40), "--out", self.out, "--preset", GROUP, "--jobs", "2"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert "4 files" in self.process.stdout.readline()
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as children:
            self.workers = [os.pidfd_open(int(pid)) for pid in children.read().split()]
        assert self.workers

    def end(self, number):
        self.process.send_signal(number)
        said = self.process.communicate(timeout=LATEST)[1]
        for worker in self.workers:
            assert select.select([worker], [], [], LATEST)[0], "a worker lives on"
            os.close(worker)
        return self.process.returncode, said


def stops_at_ctrl_c(folder, photo):
    running = Running(folder, photo)
    status, said = running.end(signal.SIGINT)
    assert status == 130 and "of 40 photos are there" in said, (status, said)
    assert 1 <= whole_photos(running.out) < 40


def its_workers_die_with_it(folder, photo):
    status, _ = Running(folder, photo).end(signal.SIGKILL)
    assert status == -signal.SIGKILL


def a_full_disk_leaves_whole_photos(folder, photo):
    out, one = os.path.join(folder, "small"), os.path.join(folder, "one")
    os.mkdir(out)
    render(photo, "--out", one, "--preset", GROUP)
    room = sum(os.path.getsize(os.path.join(one, name)) for name in os.listdir(one)) * 5 // 2
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", out], capture_output=True, check=False).returncode != 0:
        return "only root can make a small disk"
    try:
        made = render(*many(folder, photo, 6), "--out", out, "--preset", GROUP, "--json")
        answers = [json.loads(line) for line in made.stdout.splitlines()]
        codes = [answer.get("error", {}).get("code") for answer in answers]
        assert made.returncode == 1 and [a["file"] for a in answers] == [f"n{i}.png" for i in range(6)], answers
        assert None in codes and set(codes) == {None, "no_space"}, codes
        assert whole_photos(out) == codes.count(None)
    finally:
        subprocess.run(["umount", out], check=True)
    return None


def every_input_has_an_answer_in_order(folder, photo):
    def path(name):
        return os.path.join(folder, name)
    with open(photo, "rb") as whole, open(path("cut.png"), "wb") as cut:
        cut.write(whole.read(20000))
    open(path("empty.jpg"), "wb").close()
    os.mkdir(path("folder.jpg"))
    os.mkfifo(path("pipe.jpg"))
    os.symlink("nowhere", path("dangling.jpg"))
    with open(path("text.jpg"), "w", encoding="ascii") as text:
        text.write("not a photo\n" * 100)
    rows = [("cut.png", "unreadable"), ("empty.jpg", "unsupported"), ("folder.jpg", "unsupported"), (os.path.basename(photo), None),
            ("pipe.jpg", "unsupported"), ("dangling.jpg", "not_found"), ("text.jpg", "unsupported"), ("missing.jpg", "not_found")]
    made = render(*[photo if code is None else path(name) for name, code in rows], "--out", path("out"), "--preset", GROUP, "--json", "--jobs", "2")
    answers = [json.loads(line) for line in made.stdout.splitlines()]
    assert made.returncode == 1 and [(a["file"], a.get("error", {}).get("code")) for a in answers] == rows, answers
    assert whole_photos(path("out")) == 1


def effort_is_asked_for(folder, photo):
    sizes = []
    for n in ("0", "6"):
        made = render(photo, "--out", os.path.join(folder, n), "--preset", "bench14-webp-640", "--effort", n, "--json")
        sizes.append(json.loads(made.stdout)["placements"][0]["files"][0]["bytes"])
    assert sizes[1] < sizes[0], sizes
    assert render(photo, "--out", folder, "--effort", "10").returncode == 2


def nothing_begins_where_it_cannot_end(folder, photo):
    same = os.path.join(folder, "same")
    os.mkdir(same)
    twin = os.path.join(same, os.path.basename(photo))
    os.link(photo, twin)
    for words, told in (((photo, twin, "--out", os.path.join(folder, "a")), "two photos are called"), ((photo, "--out", photo), "cannot make"),
                        ((photo, "--out", os.path.join(folder, "b"), "--preset", "nothing-like-it"), "no preset or group"),
                        ((photo, "--out", "/proc/nothing"), "cannot make")):
        made = render(*words)
        assert made.returncode in (1, 2) and told in made.stderr and made.stdout == "", made
    assert not os.path.exists(os.path.join(folder, "a")) and not os.path.exists(os.path.join(folder, "b"))


def an_answer_that_cannot_be_told_is_a_failure(folder, photo):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PLACET, "render", photo, "--out", os.path.join(folder, "out"), "--preset", "bench14-jpeg-600", "--json"], stdout=full,
                              stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1 and "could not be told" in done.stderr, done


TESTS = (every_input_has_an_answer_in_order, stops_at_ctrl_c, its_workers_die_with_it, a_full_disk_leaves_whole_photos, effort_is_asked_for,
         nothing_begins_where_it_cannot_end, an_answer_that_cannot_be_told_is_a_failure)


def main():
    print(f"1..{len(TESTS)}")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="placet-render-") as top:
        photo = os.path.join(top, "rings.png")
        png(photo)
        for number, test in enumerate(TESTS, 1):
            folder = os.path.join(top, test.__name__)
            os.mkdir(folder)
            sentence = test.__name__.replace("_", " ")
            try:
                skipped = test(folder, photo)
                print(f"ok {number} {sentence}" + (f" # SKIP {skipped}" if skipped else ""), flush=True)
            except (AssertionError, subprocess.SubprocessError, OSError, ValueError) as fault:
                failed += 1
                print(f"not ok {number} {sentence}\n# {type(fault).__name__}: {fault}", flush=True)
            shutil.rmtree(folder, ignore_errors=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
