#!/usr/bin/env python3
"""Do the plays beside this file hold? Each is a sentence (its name) and a few verbs over the real programs, in a folder and on ports of its own.

A line is a verb and its words; `expect` on the same line says what must come of it, `wait` before it tries until it does. # begins a comment.

  site [section.key=value…]               a new site that trusts shop-form         office|server start|stop|kill, office reload
  disk small|full [KB]|free               the site's file system (small: before `site`)
  settings section.key=value…             other lines of its placet.conf, for the next start
  make|drop NAME [option=value…]          a drop (drops.py): in made/, or moved into the inbox; change NAME … makes it anew
  copy NAME half|rest|slowly [into=NAME]  as a slow upload would                    ready NAME   writes NAME.ready
  ingest NAME…    approve|reject|withdraw NAME…      placet WORD…                  in-inbox WORD PATH   makes a link, fifo, device, file
  get|head URL    report ITEM reason=R [text=T contact=C as=form by=ADDRESS]   range URL   keep-get URL (one kept connection)   get-first jpg URL (that the list names)       [expect STATUS has W… lacks W… header H W]
  answer|reason|items [STATE]             what stands in done/, in rejected/, in placet list        [expect has W… lacks W… count N]
  hold ITEM [--channels C] ($H is the hold)   slot BUNDLE   $E is the first photo of its feed for mails     photo|tile URL   what an address in a mail answers
  falsify SQL   in the index, expect the number of rows
  depicted NAME   $D is the first person in its photo
  fetching NAME WORD…   a command, while all that is remembered of NAME is fetched: no fetch fails
  file|no-file PATH…    remember NAME     gone NAME     remember-status, status-unchanged     if-none-match URL     first-item NAME
  and the longer checks of checks.py: nothing-served, no-marks, no-processes, made-anew, killed-everywhere, two-at-once, on-a-terminal, help, manifest

$S is the site, $T the folder above it, $P a port that was free, {NAME.photo} {NAME.review} {NAME.submission} our ids. $R the last report's
  reference, $L the last link; press URL BODY is a form's button. Run: python3 tests/scenario/play.py [WORD…]
"""
import concurrent.futures
import glob
import http.client
import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import traceback
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import checks  # noqa: E402
from drops import Drop  # noqa: E402
from world import BIN, TOP, Said, Service, World, Wrong, until  # noqa: E402, F401

HERE = os.path.dirname(os.path.abspath(__file__))
AT_ONCE = 2


class Play:
    def __init__(self, path):
        self.path, self.world, self.line = path, None, 0
        self.stories = {}

    # Words

    def fill(self, word):
        world = self.world

        def known(match):
            name, what = match.groups()
            if name not in world.drops:
                raise ValueError("no drop %s was made" % name)
            if what in ("id", "product"):
                return getattr(world.drops[name], what)
            return world.items(name)[what][0]

        return re.sub(r"\{([\w-]+)\.(\w+)\}", known, word.replace("$S", world.site).replace("$T", world.folder).replace("$P", str(world.port)).replace("$R", world.known.get("report", "")).replace("$L", world.known.get("link", "")).replace("$D", world.known.get("depicted", "")).replace("$E", world.known.get("slot", "")).replace("$H", world.known.get("hold", "")))

    @staticmethod
    def options(words):
        return dict(word.split("=", 1) for word in words)

    def play(self):
        with open(self.path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        self.world = World()
        started = time.monotonic()
        try:
            for self.line, text in enumerate(lines, 1):
                words = shlex.split(text, comments=True)
                if words:
                    self.do(words)
            checks.no_processes_after_end(self.world)
            return None, time.monotonic() - started
        except checks.Skip as skip:
            return skip, time.monotonic() - started
        except Exception as fault:  # noqa: BLE001 (whatever it was, the play failed)
            return self.story(lines[self.line - 1], fault), time.monotonic() - started
        finally:
            self.world.close()

    def story(self, text, fault):
        told = ["%s:%d: %s" % (os.path.relpath(self.path, TOP), self.line, text), str(fault) or repr(fault)]
        if not isinstance(fault, Wrong):
            told.append(traceback.format_exc())
        told += ["last said:"] + [str(said) for said in list(self.world.said)[-3:]]
        for service in self.world.services:
            told += ["log " + os.path.basename(service.log)] + ["  | " + line for line in service.read().splitlines()[-12:]]
        return "\n".join(told)

    def do(self, words):
        if words[0] == "wait":
            until(lambda: self.do(words[1:]))
            return
        expected = []
        if "expect" in words:
            at = words.index("expect")
            words, expected = words[:at], words[at + 1:]
        verb = getattr(self, "do_" + words[0].replace("-", "_"), None) or getattr(checks, words[0].replace("-", "_"), None)
        if verb is None:
            raise ValueError("no such verb: " + words[0])
        filled = [self.fill(word) for word in words[1:]]
        said = verb(*filled) if hasattr(verb, "__self__") else verb(self.world, *filled)
        if said is not None:
            self.judge(said, [self.fill(word) for word in expected], words[0])
        elif expected:
            raise ValueError("%s has nothing to expect of" % words[0])

    @staticmethod
    def judge(said, expected, verb):
        """has W, lacks W, header NAME W, count N, schema NAME, or the status; no status expected: it must have worked."""
        status, queue = None, list(expected)
        text = said.out + said.err
        while queue:
            word = queue.pop(0)
            if word.isdigit():
                status = int(word)
            elif word == "has":
                wanted = queue.pop(0)
                if wanted not in text:
                    raise Wrong("expected %r in it, found:\n%s" % (wanted, text[:3000]))
            elif word == "lacks":
                unwanted = queue.pop(0)
                if unwanted in text:
                    raise Wrong("expected no %r in it, found:\n%s" % (unwanted, text[:3000]))
            elif word == "count":
                wanted, found = int(queue.pop(0)), said.status
                if wanted != found:
                    raise Wrong("expected %d, found %d:\n%s" % (wanted, found, text[:3000]))
                status = found
            elif word == "header":
                name, wanted = queue.pop(0), queue.pop(0)
                if wanted not in said.headers.get(name.lower(), ""):
                    raise Wrong("expected %r in header %s, found %r" % (wanted, name, said.headers.get(name.lower())))
            elif word == "schema":
                checks.valid(queue.pop(0), text)
            else:
                raise ValueError("nobody knows what to expect by " + word)
        if status is None:
            status = 0 if not said.headers and verb != "get" else 200
        if said.status != status:
            raise Wrong("expected status %d, found %s:\n%s" % (status, said.status, text[:3000]))

    # Site, office, server

    def do_disk(self, what, kilobytes=16):
        """The site's own file system, of 56 MB; filled but for some kilobytes."""
        ballast = os.path.join(self.world.folder, "site", "ballast")
        if what == "small":
            os.mkdir(self.world.site)
            if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=56m,mode=755", "tmpfs", self.world.site], capture_output=True, check=False).returncode:
                raise checks.Skip("only root can make a small disk")
            self.world.mounted = True
        elif what == "full":
            room = os.statvfs(self.world.site)
            with open(ballast, "wb") as file:
                file.write(b"\0" * (room.f_bavail * room.f_bsize - int(kilobytes) * 1024))
        elif what == "free":
            os.unlink(ballast)
        else:
            raise ValueError("no disk is " + what)

    def do_site(self, *settings):
        said = self.world.placet("init", self.world.site)
        if said.status != 0:
            return said
        lines = {"serve.listen": "127.0.0.1:0", "limits.workers": "1", "intake.scan_seconds": "1", "intake.settle_seconds": "1"}
        lines.update(self.options(settings))
        self.set_lines(lines, "\n[source shop-form]\nconsents = trusted\n")
        return said

    def do_settings(self, *settings):
        self.set_lines(self.options(settings), "")

    def set_lines(self, lines, more):
        path = os.path.join(self.world.site, "placet.conf")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for key, value in lines.items():
            name = key.split(".")[1]
            text, count = re.subn(r"(?m)^%s = .*$" % re.escape(name), "%s = %s" % (name, value), text, count=1)
            if count != 1:
                raise Wrong("placet.conf has no line for " + key)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + more)

    def do_office(self, what):
        world = self.world
        if what == "start":
            world.office = world.start(os.path.join(BIN, "placet"), "run", world.site)
            until(lambda: self.open_office(world.office))
        elif what == "reload":
            world.office.process.send_signal(signal.SIGHUP)
        else:
            world.office.end(signal.SIGKILL if what == "kill" else signal.SIGTERM)
            if what == "stop" and world.office.process.returncode != 0:
                raise Wrong("the office ended with %s" % world.office.process.returncode)

    @staticmethod
    def open_office(office):
        if office.process.poll() is not None:
            raise ValueError("the office ended at once (%d):\n%s" % (office.process.returncode, office.read()))
        office.address()

    def do_server(self, what):
        world = self.world
        if what == "start":
            world.server = world.start(os.path.join(BIN, "placet-serve"), world.site, "--listen", "127.0.0.1:0")
            until(world.server.address)
        else:
            world.server.end(signal.SIGKILL if what == "kill" else signal.SIGTERM)
            world.server = None

    # Drops

    def do_make(self, name, *options):
        self.world.make(name, self.options(options))

    def do_change(self, name, *options):
        self.world.make(name, {**self.world.drops[name].options, **self.options(options)})

    def do_drop(self, name, *options):
        if options or name not in self.world.drops:
            self.do_make(name, *options)
        os.rename(os.path.join(self.world.made, name), os.path.join(self.world.site, "inbox", name))

    def do_again(self, name):
        """Makes a drop's folder once more, byte for byte, after the first has gone into the inbox."""
        self.world.drops[name].make(self.world.made)

    def do_copy(self, name, how, *options):
        source, target = os.path.join(self.world.made, name), os.path.join(self.world.site, "inbox", self.options(options).get("into", name))
        os.makedirs(target, exist_ok=True)
        shutil.copy(os.path.join(source, "submission.json"), target)
        for file in sorted(os.listdir(source)):
            if file == "submission.json":
                continue
            with open(os.path.join(source, file), "rb") as from_, open(os.path.join(target, file), "ab") as to:
                data = from_.read()[to.tell():]
                if how == "half":
                    to.write(data[:len(data) // 2])
                elif how == "rest":
                    to.write(data)
                else:
                    for start in range(0, len(data), len(data) // 12 + 1):  # a slow network is time itself: nothing to wait for
                        to.write(data[start:start + len(data) // 12 + 1])
                        to.flush()
                        time.sleep(0.25)

    def do_ready(self, name):
        open(os.path.join(self.world.site, "inbox", name + ".ready"), "wb").close()

    def do_in_inbox(self, what, name, *target):
        path = os.path.join(self.world.site, "inbox", name)
        if what == "link":
            os.symlink(target[0], path)
        elif what == "fifo":
            os.mkfifo(path)
        elif what == "hardlink":
            os.link(os.path.join(self.world.site, "inbox", target[0]), path)
        elif what == "device":
            try:
                os.mknod(path, 0o20666, os.makedev(1, 3))
            except PermissionError:
                raise checks.Skip("only root can make a device") from None
        elif what == "bare":
            shutil.copy(os.path.join(self.world.made, target[0], self.world.drops[target[0]].photo_names()[0]), path)
        elif what == "remove":
            os.unlink(path)
        else:
            raise ValueError("nobody can put a %s into the inbox" % what)

    # Commands

    def do_placet(self, *words):
        return self.world.placet(*words)

    def do_feed(self, text, *words):
        """Text (with \\n) to a command's standard input."""
        return self.world.placet(*words, stdin=text.encode().decode("unicode_escape").encode("latin-1"))

    def do_ingest(self, *names):
        paths = [os.path.join(self.world.made, name) for name in names]
        return self.world.placet("ingest", self.world.site, *[path if os.path.lexists(path) else name for path, name in zip(paths, names)])

    def ids(self, names):
        return [self.world.drops[name].id if name in self.world.drops else name for name in names]

    def do_approve(self, *names):
        return self.world.placet("approve", self.world.site, *self.ids(names))

    def do_reject(self, *names):
        return self.world.placet("reject", self.world.site, *self.ids(names))

    def do_withdraw(self, *names):
        return self.world.placet("rights", "withdraw", self.world.site, *self.ids(names))

    def do_fetching(self, name, *words):
        """A command of placet, while every address remembered of the drop is fetched again and again: each fetch is answered with a file."""
        fetched, faults, stop = [0], [], threading.Event()
        host, port = self.world.address()

        def fetch():
            connection = http.client.HTTPConnection(host, port, timeout=10)
            while not stop.is_set() and not faults:
                for url, _, _ in self.world.known[name]["urls"]:
                    connection.request("GET", url)
                    answer = connection.getresponse()
                    answer.read()
                    fetched[0] += 1
                    if answer.status != 200:
                        faults.append("%s: %d after %d fetches" % (url, answer.status, fetched[0]))

        thread = threading.Thread(target=fetch)
        thread.start()
        try:
            said = self.world.placet(*words)
            until(lambda: self.count_files(name))
        finally:
            stop.set()
            thread.join()
        if faults or fetched[0] == 0:
            raise Wrong(faults[0] if faults else "nothing was fetched meanwhile")
        return said

    def count_files(self, name):
        """Nothing lies in public/assets that no row leads to."""
        shown = self.world.json("show", self.world.site, self.world.drops[name].id, "--json")["items"]
        rows = {file["sha256"] for item in shown for placement in item.get("placements", []) for file in placement["files"]}
        left = [digest for digest, path in self.world.asset_hashes().items() if "/assets/" in path and digest not in rows]
        if left:
            raise Wrong("%d files lie in public/assets that no row leads to" % len(left))

    def do_why(self, *words):
        return self.world.placet("why", self.world.site, *words)

    def do_write(self, path, *words):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(" ".join(words) + "\n")

    # What became of it

    def do_answer(self, name):
        return self.read(self.world.of_drop("done", name, ".result.json"))

    def do_reason(self, name):
        text, data = self.read(self.world.of_drop("rejected", name, ".reason.txt")), self.read(self.world.of_drop("rejected", name, ".reason.json"))
        checks.valid("reason", data.out)
        return Said("reason of " + name, 0, text.out + data.out)

    @staticmethod
    def read(path):
        with open(path, encoding="utf-8", errors="replace") as file:
            return Said(path, 0, file.read())

    def do_file(self, *paths):
        text = ""
        for path in paths:
            found = sorted(glob.glob(path if path.startswith("/") else os.path.join(self.world.site, path)))
            if not found:
                raise Wrong("%s is not there; there are: %s" % (path, self.world.tree()))
            text += "".join(self.read(one).out for one in found if os.path.isfile(one))
        return Said("files", 0, text)

    def do_no_file(self, *paths):
        for path in paths:
            found = glob.glob(path if path.startswith("/") else os.path.join(self.world.site, path))
            if found:
                raise Wrong("%s is there" % found[0])

    def do_items(self, *words):
        """placet list as JSON; its status is the number of items."""
        answer = self.world.json("list", self.world.site, "--state", words[0] if words else "any", "--json")
        return Said("items", len(answer["items"]), json.dumps(answer, ensure_ascii=False))

    def do_first_item(self, name):
        """Gives the one item that there is a name, as {NAME.id}: what came without a submission.json has no id of an operator's."""
        self.world.drops[name] = Drop(name, {"id": self.world.json("list", self.world.site, "--state", "any", "--json")["items"][0]["item"]})

    def do_remember_status(self):
        self.world.known["status"] = self.world.json("status", self.world.site, "--json")

    def do_status_unchanged(self):
        now = self.world.json("status", self.world.site, "--json")
        if now != self.world.known["status"]:
            raise Wrong("status was %s, is %s" % (self.world.known["status"], now))

    # HTTP

    def do_get(self, url):
        return self.world.get(url)

    def do_get_first(self, kind, url):
        """The first file of that kind (jpg, webp) that the answer names."""
        named = re.search(r'"(/m/[^"]+\.%s)"' % re.escape(kind), self.world.get(url).out)
        if named is None:
            raise Wrong("no %s is named in %s" % (kind, url))
        return self.world.get(named[1])

    def do_keep_get(self, url):
        return self.world.get(url, keep=True)

    def do_report(self, item, *options):
        """POST /v1/report; reason=, text=, contact=; as=form; by=ADDRESS as a proxy would tell it. $R is then the reference."""
        told = {"item": item, **self.options(options)}
        form, by = told.pop("as", "json") == "form", told.pop("by", None)
        headers = {"Content-Type": "application/x-www-form-urlencoded" if form else "application/json"}
        headers.update({"X-Forwarded-For": "198.51.100.1, " + by} if by else {})
        said = self.world.get("/v1/report", "POST", headers, body=(urllib.parse.urlencode(told) if form else json.dumps(told)).encode())
        if said.status == 202:
            self.world.known["report"] = json.loads(said.out)["reference"]
        return said

    def do_hold(self, item, *words):
        """placet rights hold; $H is then the hold."""
        said = self.world.placet("rights", "hold", self.world.site, item, "--reason", "rights_dispute", "--json", *words)
        self.world.known["hold"] = json.loads(said.out)["hold"] if said.status == 0 else ""
        return said

    def do_link(self, contributor):
        """placet rights link; $L is then the address of their own page."""
        said = self.world.placet("rights", "link", self.world.site, contributor)
        self.world.known["link"] = said.out.strip()
        return said

    def do_depicted(self, name):
        """Our id of the first person who is seen in a drop's photo; $D is then that."""
        told = self.world.placet("rights", "show", self.world.site, self.world.drops[name].id)
        found = re.search(r"depicted in [0-9A-Z]{26}: \w+ \(([0-9A-Z]{26})\)", told.out)
        if found is None:
            raise Wrong("nobody is depicted:\n" + told.out)
        self.world.known["depicted"] = found[1]

    def do_press(self, url, body):
        """A button of a form on a page."""
        return self.world.get(url, "POST", {"Content-Type": "application/x-www-form-urlencoded"}, body=body.encode())

    def do_slot(self, bundle):
        """$E is then the address of the first photo of the bundle's feed, without the server's; it is the photo itself."""
        feed = self.world.get("/v1/bundles/%s/email.json" % bundle)
        slots = re.findall(r'"image_url":"https?://[^/"]+(/e/[^"]+)"', feed.out)
        if feed.status != 200 or not slots:
            raise Wrong("no photo is in the feed: %d %s" % (feed.status, feed.out[:800]))
        self.world.known["slot"] = slots[0]
        return self.world.get(slots[0])

    def do_falsify(self, statement):
        """Somebody else writes into the index."""
        database = sqlite3.connect(os.path.join(self.world.site, "public/index.db"))
        changed = database.execute(statement).rowcount
        database.commit()
        database.close()
        return Said(statement, changed, "")

    def do_photo(self, url):
        return checks.mailed(self.world, url, False)

    def do_tile(self, url):
        return checks.mailed(self.world, url, True)

    def do_head(self, url):
        return self.world.get(url, "HEAD")

    def do_range(self, url):
        return self.world.get(url, headers={"Range": "bytes=0-99"})

    def do_if_none_match(self, url):
        return self.world.get(url, headers={"If-None-Match": self.world.get(url).headers.get("etag", "*")})


def sentence(path):
    return os.path.basename(path).removesuffix(".play").replace("-", " ")


def main():
    words = sys.argv[1:]
    paths = sorted(path for path in glob.glob(os.path.join(HERE, "*")) if os.path.isfile(path) and not path.endswith((".py", ".md")))
    paths = [path for path in paths if not words or any(word in path for word in words)]
    paths.sort(key=lambda path: "killed" not in path and "mark" not in path)  # the longest first
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    lock, done, failed = threading.Lock(), [0], [0]
    print("1..%d" % len(paths), flush=True)

    def one(path):
        fault, seconds = Play(path).play()
        with lock:
            done[0] += 1
            if isinstance(fault, checks.Skip):
                print("ok %d - %s # SKIP %s" % (done[0], sentence(path), fault), flush=True)
            elif fault is None:
                print("ok %d - %s" % (done[0], sentence(path)), flush=True)
            else:
                failed[0] += 1
                print("not ok %d - %s" % (done[0], sentence(path)))
                print("\n".join("# " + line for line in fault.splitlines()), flush=True)
            print("# %.1f s" % seconds, flush=True)

    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for future in [pool.submit(one, path) for path in paths]:
            future.result()
    return 1 if failed[0] else 0


if __name__ == "__main__":
    sys.exit(main())
