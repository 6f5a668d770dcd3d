"""The longer checks of the plays: crawl for what must not be served, look for planted marks, kill the office everywhere, two at once."""
import csv
import glob
import hashlib
import json
import os
import pty
import re
import select
import shutil
import subprocess
import time

from drops import DEMO, TOP
from world import BIN, Said, Wrong, until

ALL = os.environ.get("PLACET_TEST_ALL") == "1"
LOG_FOLLOWS = 5.0
KILL_CALLS = ("renameat", "renameat2", "fsync", "fdatasync", "pwrite64", "unlinkat", "mkdirat")


class Skip(Exception):
    pass


def extended(_):
    if not ALL:
        raise Skip("only with --all (PLACET_TEST_ALL=1)")


def valid(name, text):
    """Every JSON object of the text (one, or one a line) is valid against schemas/json/NAME.schema.json."""
    try:
        import jsonschema
    except ImportError:
        raise Skip("python3-jsonschema is not installed") from None
    with open(os.path.join(TOP, "schemas/json", name + ".schema.json"), encoding="utf-8") as file:
        validator = jsonschema.Draft202012Validator(json.load(file))
    try:
        objects = [json.loads(text)]
    except ValueError:
        objects = [json.loads(line) for line in text.splitlines() if line]
    for one in objects:
        for fault in validator.iter_errors(one):
            raise Wrong("not a valid %s: %s at /%s\n%s" % (name, fault.message, "/".join(map(str, fault.absolute_path)), json.dumps(one)[:600]))


# What is served


def remember(world, name):
    """All that is served of a drop now: addresses, ids, and the files' hashes."""
    urls = world.media_urls(name)
    if not urls:
        raise Wrong("nothing of %s is served" % name)
    known = {"urls": [], "ids": world.items(name)}
    for url in urls:
        answer = world.get(url)
        if answer.status != 200:
            raise Wrong("%s is listed, but answers %d" % (url, answer.status))
        known["urls"].append((url, answer.headers.get("etag", ""), hashlib.sha256(answer.body).hexdigest()))
    world.get(urls[0], keep=True)  # the connection that stays open
    world.known[name] = known


def no_files(world, known):
    there = world.asset_hashes()
    for url, _, digest in known["urls"]:
        if digest in there:
            raise Wrong("the bytes of %s are still in %s" % (url, there[digest]))


def made_anew(world, name):
    """The bytes of what was remembered lie nowhere any more: other files took their place."""
    no_files(world, world.known[name])


def gone(world, name):
    """None of what was remembered is served any more, however it is asked for, and none of its bytes is in a public file."""
    known = world.known[name]
    dark_for_all(world, name)
    no_files(world, known)
    # The log of the index is emptied when no other act follows (an office), or before the command ends (no office).
    words = known["ids"]["photo"] + [url.split("/")[2] for url, _, _ in known["urls"]]
    until(lambda: public_bytes_lack(world, words), LOG_FOLLOWS if world.office else 0)


def dark_for_all(world, name):
    """None of what was remembered is served any more, however it is asked for: all that a server alone can do."""
    known = world.known[name]
    host = world.address()
    for url, etag, _ in known["urls"]:
        for method, headers, keep in (("GET", {}, True), ("GET", {}, False), ("HEAD", {}, False), ("GET", {"If-None-Match": etag}, False),
                                      ("GET", {"Range": "bytes=0-9"}, False), ("HEAD", {"If-None-Match": etag}, True)):
            answer = world.get(url, method, headers, keep)
            if answer.status != 404:
                raise Wrong("%s %s %s%s at %s:%d: expected 404, found %d" % (method, url, headers, " on the kept connection" if keep else "", *host,
                                                                         answer.status))
    listed = world.get("/v1/products/%s/media?territory=DE" % world.drops[name].product, keep=True)
    for one in known["ids"]["photo"] + known["ids"]["review"]:
        if one in listed.out:
            raise Wrong("%s is still listed: %s" % (one, listed.out[:500]))


def jpeg(data):
    """(marker of the frame, components, width, height) of a JPEG."""
    at = 2
    while at + 9 < len(data) and data[:2] == b"\xff\xd8":
        marker, length = data[at + 1], int.from_bytes(data[at + 2:at + 4], "big")
        if 0xc0 <= marker <= 0xcf and marker not in (0xc4, 0xc8, 0xcc):
            return marker, data[at + 9], int.from_bytes(data[at + 7:at + 9], "big"), int.from_bytes(data[at + 5:at + 7], "big")
        at += 2 + length
    raise Wrong("no JPEG: %r" % data[:20])


def mailed(world, url, tile):
    """What an address in a mail answers to every way of asking: a baseline JPEG of the size that it tells, never kept without asking."""
    width, height = (int(side) for side in re.search(r"-(\d+)x(\d+)\.jpg$", url).groups())
    answers = [world.get(url, method, headers, keep) for method, headers, keep in (
        ("GET", {}, True), ("GET", {}, False), ("HEAD", {}, False), ("GET", {"If-None-Match": '"of-another-time"'}, False))]
    for said in answers:
        if (said.status, said.headers.get("content-type"), said.headers.get("cache-control")) != (200, "image/jpeg", "no-cache, max-age=0"):
            raise Wrong("%s: %d %s" % (said.what, said.status, said.headers))
    body = answers[0].body
    if jpeg(body)[0] != 0xc0 or jpeg(body)[2:] != (width, height):
        raise Wrong("%s is %s" % (url, jpeg(body)))
    invented = world.get("/e/%s-%dx%d.jpg" % ("0" * 26, width, height)).body
    if (body == invented) != tile:
        raise Wrong("%s is %s" % (url, "the photo" if tile else "a tile"))
    return answers[0]


def public_bytes_lack(world, words):
    for path in glob.glob(os.path.join(world.site, "public/**"), recursive=True):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                data = file.read()
            for word in words:
                if word.encode() in data:
                    raise Wrong("%r is still in %s" % (word, os.path.relpath(path, world.site)))


def candidates(world):
    """Every id, key and file name that the site folder tells to somebody who can read it all."""
    ids, files = set(), set()
    for path in glob.glob(os.path.join(world.site, "**"), recursive=True) + glob.glob(os.path.join(world.site, ".work/**"), recursive=True):
        files.add(os.path.relpath(path, world.site))
        if os.path.isfile(path) and os.path.getsize(path) < 1 << 24 and "/vault/" not in path:
            with open(path, "rb") as file:
                data = file.read()
            ids |= {one.decode() for one in re.findall(rb"(?<![0-9A-Za-z])[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}(?![0-9A-Za-z])", data)}
            ids |= {one.decode() for one in re.findall(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", data)}
    for path in files:
        ids |= set(re.findall(r"[0-9A-Za-z]{26}", os.path.basename(path)))
    return sorted(ids), sorted(files)


def nothing_served(world, *names):
    """No address that can be made of what is in the site serves a byte of an image, and no list names the drops."""
    ids, files = candidates(world)
    if not ids:
        raise Wrong("the site folder has no ids: the search is broken")
    urls = ["/" + path for path in files] + ["/public/assets/" + path.split("assets/")[-1] for path in files if "assets/" in path]
    for one in ids:
        for form in {one, one.lower()}:
            urls += ["/m/%s/%s" % (form, file) for file in ("pdp-card.jpg", "pdp-card.360.jpg", "pdp-card.360.webp", "pdp-gallery.480.jpg", "preview.webp",
                                                            "email-square.jpg", "meta-feed-4x5.jpg")]
            urls += ["/assets/%s/%s.jpg" % (form[:2], form[2:]), "/v1/bundles/" + form, "/e/" + form]
            if len(form) == 26 and form == form.lower():
                mailed(world, "/e/%s-1200x900.jpg" % form, True)
            own = world.get("/c/" + form, keep=True)  # a token of nobody's gets the page of somebody of whom nothing is shown
            if own.status not in (200, 404) or "<li" in own.out or "<img" in own.out or "/m/" in own.out:
                raise Wrong("/c/%s shows something: %d %s" % (form, own.status, own.out))
    for url in urls:
        answer = world.get(url, keep=True)
        if answer.status not in (400, 404) or "image/" in answer.headers.get("content-type", ""):
            raise Wrong("%s: expected 404, found %d %s" % (url, answer.status, answer.headers.get("content-type")))
    ours = [item["item"] for item in world.json("list", world.site, "--state", "any", "--json")["items"]]
    for name in names:
        for kind in ("media", "reviews", "reviews.html"):
            for query in ("", "?territory=DE", "?territory=US&channel=ad", "?territory=DE&channel=email"):
                answer = world.get("/v1/products/%s/%s%s" % (world.drops[name].product, kind, query), keep=True)
                for one in ours:
                    if one in answer.out:
                        raise Wrong("%s is listed by %s %s" % (one, kind, query))
        public_bytes_lack(world, ours + ["CANARY-" + name])


# Marks


def planted(world):
    marks = set()
    for name in ("MARKERS.txt", "GPS.txt", "PRIVATE.txt"):
        with open(os.path.join(DEMO, name), encoding="utf-8") as file:
            marks |= {line.strip() for line in file if line.strip()}
    marks |= {"cust-PRIVATE", "r-PRIVATE", "private-", "EVIDENCE-", "CANARY-"}
    return sorted(marks)


def seek(path, data, marks):
    for mark in marks:
        for form in (mark.encode(), mark.encode("utf-16-le"), mark.encode("utf-16-be")):
            if form in data:
                raise Wrong("%r stands in %s" % (mark, path))


def no_marks(world, *folders):
    """No planted mark in any public file, creative, pulled folder or HTTP answer, nor readable anywhere in the site but inbox and rejected."""
    marks, looked = planted(world), 0
    skipped = tuple(os.path.join(world.site, name) for name in ("inbox", "rejected", "keys"))
    for top in [world.site, *folders]:
        for at, _, names in os.walk(top):
            for name in names:
                path = os.path.join(at, name)
                if path.startswith(skipped) or not os.path.isfile(path):
                    continue
                with open(path, "rb") as file:
                    seek(os.path.relpath(path, world.folder), file.read(), marks)
                looked += 1
    if looked < 10:
        raise Wrong("only %d files were looked at" % looked)
    for name, drop in world.drops.items():
        for kind in ("media", "reviews", "summary", "reviews.html"):
            for territory in ("", "?territory=DE", "?territory=FR&lang=fr", "?territory=DE&channel=ad"):
                if kind == "summary" and territory:
                    continue
                answer = world.get("/v1/products/%s/%s%s" % (drop.product, kind, territory))
                seek(answer.what, answer.body, marks)
        for url in world.media_urls(name):
            answer = world.get(url)
            seek(url, answer.body, marks)
    exif = shutil.which("exiftool")
    if exif:
        said = world.run([exif, "-r", "-a", "-u", "-G1", os.path.join(world.site, "public"), os.path.join(world.site, "creatives"), *folders])
        for word in ("GPS", "Serial", "Thumbnail", "CANARY", "MakerNote", "[IPTC]", "[ExifIFD]"):
            if word in said.out:
                raise Wrong("exiftool finds %s:\n%s" % (word, "\n".join(line for line in said.out.splitlines() if word in line)[:800]))


def no_processes_after_end(world):
    """What an office or a command started ends with it."""
    for service in world.services:
        if service.process.poll() is None:
            service.end(2)
    until(lambda: none_left(world), 10)


def none_left(world):
    left = world.processes()
    if left:
        raise Wrong("processes are left behind: %s" % " ".join(
            open("/proc/%d/cmdline" % pid, "rb").read().replace(b"\0", b" ").decode() for pid in left if os.path.exists("/proc/%d" % pid)))


def no_processes(world):
    until(lambda: none_left(world), 10)


# Killed everywhere


def steps_of(world, command, calls=KILL_CALLS):
    """How often each of the calls is made by a command, by running it once to the end under strace."""
    log = os.path.join(world.folder, "strace.log")
    said = world.run(["strace", "-f", "-qq", "-e", "trace=" + ",".join(calls), "-o", log, *command])
    if said.status != 0:
        raise Wrong("the command fails without being killed: exit status %d" % said.status)
    with open(log, encoding="utf-8", errors="replace") as file:
        lines = [line.split(None, 1) for line in file if "(" in line and "resumed>" not in line]
    first = lines[0][0]  # the office itself; its threads and workers are counted by strace for themselves
    return [(call, n) for call in calls for n in range(1, 1 + sum(1 for pid, text in lines if pid == first and text.startswith(call + "(")))]


def killed_everywhere(world, what, sample):
    """The command `what` is killed before each of its writing calls in turn; then an office is started, and all must be whole."""
    if not shutil.which("strace"):
        raise Skip("strace is not installed")
    template, made = world.site + ".template", os.path.join(world.made, "tent")
    placet = os.path.join(BIN, "placet")
    if what == "ingest":
        shutil.copytree(made, os.path.join(world.site, "inbox/tent"))
    shutil.copytree(world.site, template)
    command = {"ingest": [placet, "ingest", world.site, os.path.join(world.site, "inbox/tent")],
               "approve": [placet, "approve", world.site, "tent"],
               "withdraw": [placet, "rights", "withdraw", world.site, "tent"]}[what]
    points, killed = steps_of(world, command), 0
    if not ALL:
        points = spread(points, int(sample))
    for call, n in points:
        shutil.rmtree(world.site)
        shutil.copytree(template, world.site)
        said = world.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call, "-e", "inject=%s:signal=KILL:when=%d" % (call, n), *command])
        if said.status == 0:
            continue  # the call was made less often this time: nobody was killed
        killed += 1
        try:
            {"ingest": after_ingest, "approve": after_approve, "withdraw": after_withdraw}[what](world, command)
        except (Wrong, ValueError, KeyError, OSError) as fault:
            raise Wrong("killed at %s number %d: %s" % (call, n, fault)) from None
    shutil.rmtree(template)
    if killed * 4 < len(points) * 3:
        raise Wrong("only %d of %d runs were killed: the points are not those of the command" % (killed, len(points)))


def spread(points, count):
    """So many of the points, of each call in turn, from all along it."""
    chosen, calls = [], sorted({call for call, _ in points})
    for i in range(count):
        of_call = [point for point in points if point[0] == calls[i % len(calls)]]
        chosen.append(of_call[(i // len(calls) * 7 + i * 3 + len(of_call) // 3) % len(of_call)])
    return sorted(set(chosen), key=points.index)


def office_until(world, check):
    world.office = world.start(os.path.join(BIN, "placet"), "run", world.site)
    until(world.office.address)
    until(lambda: check(world))
    world.office.end(15)
    if world.office.process.returncode != 0:
        raise Wrong("the office ended with %d" % world.office.process.returncode)
    world.office = None


def taken_in(world):
    items = world.json("list", world.site, "--state", "any", "--json")["items"]
    if len(items) != 2 or len({item["submission"] for item in items}) != 1 or any(item["state"] != "waiting" for item in items):
        raise Wrong("expected one review and one photo that wait, found %s" % items)
    if [name for name in os.listdir(os.path.join(world.site, "inbox")) if name != ".placet-inbox"] or os.listdir(os.path.join(world.site, ".work")):
        raise Wrong("left in inbox/ or .work/: %s %s" % (world.tree("inbox"), world.tree(".work")))
    done = glob.glob(os.path.join(world.site, "done/*/*"))
    if len(done) != 1 or not done[0].endswith("tent.result.json"):
        raise Wrong("expected one answer, found %s" % done)
    shown = world.json("show", world.site, "tent", "--json")["items"]
    if not any(item.get("preview_ready") for item in shown):
        raise Wrong("the photo has no preview")


def served(world):
    url = "/v1/products/%s/media?territory=DE" % world.drops["tent"].product
    answer = world.get(url)
    if answer.status != 200 or '"kind":"photo"' not in answer.out:
        raise Wrong("%s: the photo is not there: %d %s" % (url, answer.status, answer.out[:300]))
    for one in re.findall(r'"(/m/[^"]+)"', answer.out):
        if world.get(one).status != 200:
            raise Wrong("%s is listed and not served" % one)


def dark(world):
    answer = world.get("/v1/products/%s/reviews?territory=DE" % world.drops["tent"].product)
    if '"kind":"review"' in answer.out or '"/m/' in answer.out or answer.status not in (200, 404):
        raise Wrong("still served: %s" % answer.out[:300])
    left = glob.glob(os.path.join(world.site, "public/assets/*/*"))
    if left:
        raise Wrong("renditions are left in public/: %s" % left[:3])


def after_ingest(world, _):
    office_until(world, taken_in)
    head = world.json("status", world.site, "--json")["ledger"]
    said = world.placet("ingest", world.site, os.path.join(world.made, "tent"))
    if said.status != 0 or "unchanged" not in said.out:
        raise Wrong("the same drop again: expected unchanged, found %d %s%s" % (said.status, said.out, said.err))
    if world.json("status", world.site, "--json")["ledger"] != head:
        raise Wrong("the same drop again wrote into the ledger")


def after_approve(world, command):
    said = world.run(command)
    if said.status != 0:
        raise Wrong("approve again: exit status %d: %s" % (said.status, said.err))
    office_until(world, served)


def after_withdraw(world, command):
    known = world.placet("why", world.site, "tent", "--channel", "pdp", "--territory", "DE").out
    if "WITHDRAWN" not in known:
        said = world.run(command)
        if said.status != 0:
            raise Wrong("withdraw again: exit status %d: %s" % (said.status, said.err))
    office_until(world, dark)


# Others


def two_at_once(world, *names):
    """Commands that write, started together: each either works or says busy (3), and afterwards all works."""
    placet = os.path.join(BIN, "placet")
    running = [subprocess.Popen([placet, "ingest", world.site, os.path.join(world.made, name)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env=world.environment) for name in names]
    for name, process in zip(names, running):
        out, err = process.communicate(timeout=60)
        if process.returncode not in (0, 3) or (process.returncode == 3 and b"\n" in err.strip()):
            raise Wrong("ingest %s: exit status %d\n%s%s" % (name, process.returncode, out.decode(), err.decode()))
        if process.returncode == 3 and world.placet("ingest", world.site, os.path.join(world.made, name)).status != 0:
            raise Wrong("%s: busy, and not taken afterwards either" % name)


def on_a_terminal(world, *names):
    """ingest on a terminal shows that it goes on, and clears the line at the end."""
    leader, follower = pty.openpty()
    command = [os.path.join(BIN, "placet"), "ingest", world.site, *[os.path.join(world.made, name) for name in names]]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=follower, stderr=follower, env=world.environment, start_new_session=True)
    os.close(follower)
    said, end = b"", time.monotonic() + 60
    while time.monotonic() < end:
        ready, _, _ = select.select([leader], [], [], 0.2)
        try:
            data = os.read(leader, 65536) if ready else None
        except OSError:
            break  # EIO: the last one that held the terminal has gone
        if data == b"":
            break
        said += data or b""
    os.close(leader)
    return Said("on a terminal", process.wait(20), said.decode("utf-8", "replace"))


def help(world):  # noqa: A001 (the verb's name)
    """Every command that placet --help lists, in a line of a terminal, has a help of its own, with an example that names the command."""
    listed = world.placet("--help")
    for line in listed.out.splitlines():
        if len(line) > 120:
            raise Wrong("too long for a line of placet --help: %s" % line)
    commands = re.findall(r"(?m)^  ([a-z-]+) +[A-Z]", listed.out)
    if listed.status != 0 or len(commands) < 15:
        raise Wrong("placet --help lists only %s" % commands)
    for command in commands:
        said = world.placet(command, "--help")
        if said.status != 0 or not re.search(r"Example:\n  (?:.*\| )?placet %s" % command, said.out) or said.err:
            raise Wrong("placet %s --help: exit status %d, no example or something on stderr:\n%s%s" % (command, said.status, said.out, said.err))


def usage(world, *words):
    """Wrong usage: exit status 2, one sentence on stderr that ends as one, nothing on stdout."""
    said = world.placet(*words)
    lines = said.err.strip().splitlines()
    if said.status != 2 or said.out or len(lines) != 1 or not lines[0].startswith("placet"):
        raise Wrong("expected exit status 2 and one sentence, found %d:\n%s%s" % (said.status, said.out, said.err))


def refused(world, status, *words):
    """What could not be done: that exit status and one sentence with what to do."""
    said = world.placet(*words)
    lines = said.err.strip().splitlines()
    if said.status != int(status) or len(lines) != 1 or not re.match(r"placet( \w+)?: .*[.)]$", lines[0]) or (lines[0].count(". ") < 1 and "No such file" not in lines[0]):
        raise Wrong("expected exit status %s and a sentence with what to do, found %d:\n%s%s" % (status, said.status, said.out, said.err))


def manifest(world, folder, *names):
    """A pulled folder: the columns, one row a file, hashes right, only the drops named, the receipt valid and of the same files."""
    with open(os.path.join(folder, "manifest.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = ("file,preset,width,height,bytes,sha256,item,product,campaign,channel,territories,valid_until,credit,disclosure,alt_text,language,crop_x,crop_y,"
               "crop_w,crop_h,safe_top,safe_right,safe_bottom,safe_left,ai_edits_allowed,receipt").split(",")
    with open(os.path.join(folder, "receipt.json"), encoding="utf-8") as file:
        text = file.read()
    valid("receipt", text)
    receipt = json.loads(text)
    if not rows or list(rows[0]) != columns:
        raise Wrong("columns: %s" % (list(rows[0]) if rows else "no rows"))
    allowed = {one for name in names for one in world.items(name)["photo"]}
    if {row["item"] for row in rows} != allowed:
        raise Wrong("expected items %s, found %s" % (allowed, [row["item"] for row in rows]))
    for row in rows:
        path = os.path.join(folder, row["file"])
        with open(path, "rb") as file:
            data = file.read()
        if row["sha256"] != hashlib.sha256(data).hexdigest() or int(row["bytes"]) != len(data) or row["receipt"] != receipt["pull"]:
            raise Wrong("the row is not true of its file: %s" % row)
        said = world.run(["file", "-b", path])
        if "%sx%s" % (row["width"], row["height"]) not in said.out:
            raise Wrong("%sx%s is not its size: %s" % (row["width"], row["height"], said.out))
    if {(one["path"], one["sha256"], one["item"]) for one in receipt["files"]} != {(row["file"], row["sha256"], row["item"]) for row in rows}:
        raise Wrong("receipt and manifest name other files: %s" % receipt)
    with open(os.path.join(folder, "crops.json"), encoding="utf-8") as file:
        text = file.read()
    valid("crops", text)
    for crop, row in zip(json.loads(text)["files"], rows, strict=True):
        (left, top), (right, bottom) = crop["meta"]
        said = [int(row[name]) for name in ("crop_x", "crop_y", "crop_w", "crop_h")]
        if crop["path"] != row["file"] or [left, top, right - left, bottom - top] != said or crop["microsoft"]["CropY"] != crop["photo_height"] - bottom:
            raise Wrong("crops.json and manifest.csv tell other crops: %s %s" % (crop, row))
    if sorted(os.listdir(folder)) != sorted(["manifest.csv", "receipt.json", "crops.json"] + [row["file"] for row in rows]):
        raise Wrong("other files in the folder: %s" % os.listdir(folder))
