#!/usr/bin/env python3
"""Does any answer that was asked for after a withdrawal's acknowledgement still show the item, while many read and many withdraw?

The real programs: an office and its server on a site of reviews, readers over kept connections, withdrawals over
office.sock one after the other. A request counts as later when it is sent after the acknowledgement was read. Prints TAP;
$PLACET_BIN names the programs' folder; 300 withdrawals, with PLACET_TEST_ALL=1 10,000.
"""
import hashlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin"))
COUNT = 10000 if os.environ.get("PLACET_TEST_ALL") == "1" else 300
LEFT = COUNT // 6       # reviews that stay
TOO_SOON = 40           # withdrawals at most that are called done when they are sent
READERS = 4
ON_A_LIST = 50          # reviews of one product: one page of a list shows them all
BATCH = 250             # drops of one command
MEMORY = "/dev/shm" if COUNT > 300 and os.access("/dev/shm", os.W_OK) else None
MARK = re.compile(rb"mark([a-j]{6})x")


def note(text, *values):
    print("# " + text % values, flush=True)


def mark(number):
    """Letters: digits might be taken for somebody's telephone."""
    return "mark%sx" % "".join("abcdefghij"[int(digit)] for digit in "%06d" % number)


def number_of(letters):
    return int("".join(str(letter - 97) for letter in letters))


def product(number):
    return "P%d" % (number // ON_A_LIST)


def placet(*words):
    done = subprocess.run([os.path.join(BIN, "placet"), *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, "placet %s …: exit status %d\n%s" % (" ".join(words[:3]), done.returncode, done.stderr[-2000:])


def drop(folder, number, text_hash):
    os.mkdir(os.path.join(folder, "load-%d" % number))
    told = {"schema": "placet.submission/1", "id": "load-%d" % number, "source": "shop-form",
            "contributor": {"id": "c%d" % number, "display_name": "Ada L.", "country": "DE", "age_band": "adult"},
            "products": [{"id": product(number), "primary": True}],
            "review": {"kind": "review", "rating": {"value": 4, "min": 1, "max": 5}, "title": "Good for the price",
                       "body": "It does what it should. " + mark(number), "experience_date": "2026-01-12",
                       "written_at": "2026-01-20T09:40:00.000Z"},
            "disclosure": {"connection": "none", "verification": "order"},
            "consents": [{"terms": "ugc-basic", "version": 3, "text_sha256": text_hash,
                          "captured_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600)),
                          "evidence": {"text": "ticked"}}]}
    with open(os.path.join(folder, "load-%d" % number, "submission.json"), "w", encoding="utf-8") as file:
        json.dump(told, file)


def make_site(site, count):
    with open(os.path.join(TOP, "presets/terms/ugc-basic.v3.en.txt"), "rb") as file:
        text_hash = hashlib.sha256(file.read()).hexdigest()
    placet("init", site)
    with open(os.path.join(site, "placet.conf"), "a", encoding="utf-8") as conf:
        conf.write("\n[source shop-form]\nconsents = trusted\n")
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        with tempfile.TemporaryDirectory() as folder:
            for number in numbers:
                drop(folder, number, text_hash)
            placet("ingest", site, *[os.path.join(folder, "load-%d" % number) for number in numbers])
        placet("approve", site, *["load-%d" % number for number in numbers])


class Office:
    def __init__(self, site, log):
        self.log = log
        with open(log, "wb") as out:
            self.process = subprocess.Popen([os.path.join(BIN, "placet"), "run", site, "--listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL,
                                            stdout=out, stderr=out, start_new_session=True)
        self.socket = os.path.join(site, "office.sock")
        self.address = self.until(self.listens)

    def read(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def listens(self):
        found = re.findall(r"http://([0-9.]+):([0-9]+)", self.read())
        if found and Desk(self.socket).ask("status"):
            connection = http.client.HTTPConnection(found[-1][0], int(found[-1][1]), timeout=30)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return found[-1][0], int(found[-1][1])
        return None

    def until(self, what, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                found = what()
                if found:
                    return found
            except OSError:
                pass
            time.sleep(0.05)
        self.close()
        raise AssertionError("the office is not what was waited for:\n" + self.read()[-3000:])

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


class Desk(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)

    def ask(self, op, **request):
        self.request("POST", "/v1/desk/" + op, json.dumps(request), {"Content-Type": "application/json"})
        answer = self.getresponse()
        body = json.loads(answer.read())
        assert answer.status == 200, "%s: %s" % (op, body)
        return body


class Readers:
    """Threads that fetch lists and pages, most of them of the product that is being changed, and judge each answer."""

    def __init__(self, address, products):
        self.address, self.products, self.hot, self.ended = address, products, 0, False
        self.acknowledged = {}  # number → when
        self.seen, self.late, self.faults, self.took = set(), [], [], []
        self.threads = [threading.Thread(target=self.read, args=(seed,), daemon=True) for seed in range(READERS)]
        for thread in self.threads:
            thread.start()

    def read(self, seed):
        chance, connection = random.Random(seed), http.client.HTTPConnection(*self.address, timeout=30)
        try:
            while not self.ended:
                which = self.hot if chance.random() < 0.8 else chance.randrange(self.products)
                path = "/v1/products/P%d/%s&limit=50" % (which, chance.choice(("reviews?territory=DE", "reviews.html?territory=DE")))
                began = time.monotonic()
                connection.request("GET", path)
                answer = connection.getresponse()
                shown = {number_of(letters) for letters in MARK.findall(answer.read())}
                self.took.append(time.monotonic() - began)
                if answer.status != 200:
                    self.faults.append("%s: %d" % (path, answer.status))
                self.seen |= shown
                self.late += [(number, path) for number in shown if self.acknowledged.get(number, began) < began]
        except Exception:  # a reader that ends early would judge nothing
            self.faults.append(traceback.format_exc())

    def close(self):
        self.ended = True
        for thread in self.threads:
            thread.join(60)


def sweep(address, products, kind):
    connection, shown = http.client.HTTPConnection(*address, timeout=30), set()
    for which in range(products):
        connection.request("GET", "/v1/products/P%d/%s?territory=DE&limit=50" % (which, kind))
        shown |= {number_of(letters) for letters in MARK.findall(connection.getresponse().read())}
    return shown


def quantiles(name, times):
    times = sorted(times)
    note("%s: median %.1f ms, p99 %.1f ms, max %.1f ms", name, times[len(times) // 2] * 1000, times[min(len(times) - 1, len(times) * 99 // 100)] * 1000,
         times[-1] * 1000)


def withdraw(office, readers, numbers):
    """Each acknowledged before the next is asked for."""
    desk, took, started = Desk(office.socket), [], time.monotonic()
    for number in numbers:
        readers.hot = number // ON_A_LIST
        asked = time.monotonic()
        desk.ask("rights_withdraw", id="load-%d" % number)
        readers.acknowledged[number] = time.monotonic()
        took.append(readers.acknowledged[number] - asked)
    return took, time.monotonic() - started


def called_done_too_soon(office, readers, numbers):
    """The same with a lie: is it noticed? How many withdrawals that took; 0: it was not."""
    desk = Desk(office.socket)
    for at, number in enumerate(numbers):
        readers.hot = number // ON_A_LIST
        readers.acknowledged[number] = time.monotonic()
        desk.ask("rights_withdraw", id="load-%d" % number)
        if readers.late:
            return at + 1
    return 0


class Tap:
    def __init__(self):
        self.count, self.failed = 0, 0

    def check(self, what, holds, *told):
        self.count, self.failed = self.count + 1, self.failed + (not holds)
        print("%s %d - %s" % ("ok" if holds else "not ok", self.count, what), flush=True)
        for line in told if not holds else ():
            note("%s", str(line)[:2000].replace("\n", "\n# "))


def play(tap, office, total):
    products = (total - 1) // ON_A_LIST + 1
    everything = set(range(total))
    chance = random.Random(7)
    numbers = chance.sample(range(total), COUNT + TOO_SOON)
    withdrawn, lied = sorted(numbers[:COUNT]), sorted(numbers[COUNT:])
    for kind in ("reviews", "reviews.html"):
        tap.check("before, %s shows all of them" % kind, sweep(office.address, products, kind) == everything)
    readers = Readers(office.address, products)
    try:
        took, seconds = withdraw(office, readers, withdrawn)
        answers, late = len(readers.took), list(readers.late)
        note("%d withdrawals in %.1f s: %.0f/s, while %d readers got %d answers: %.0f/s", len(took), seconds, len(took) / seconds, READERS,
             answers, answers / seconds)
        quantiles("a withdrawal", took)
        quantiles("an answer", readers.took)
        tap.check("no answer asked for after the acknowledgement of a withdrawal shows the item", not late, "%d do" % len(late), late[:20])
        met = len(readers.seen & set(withdrawn))
        note("%d of the %d were shown to a reader before", met, COUNT)
        tap.check("readers had seen what was withdrawn, and read more often than was withdrawn", met > COUNT // 2 and answers > COUNT, met, answers)
        del readers.late[:]
        noticed = called_done_too_soon(office, readers, lied)
        note("noticed by withdrawal %d of those called done too soon", noticed)
        tap.check("a withdrawal that is called done when it is sent is noticed", noticed > 0)
    finally:
        readers.close()
    tap.check("every answer was 200", not readers.faults, *readers.faults[:5])
    gone = set(withdrawn) | set(lied[:noticed or len(lied)])
    for kind in ("reviews", "reviews.html"):
        tap.check("after, %s shows the others, all of them, and nothing else" % kind, sweep(office.address, products, kind) == everything - gone)
    started = time.monotonic()
    office.until(lambda: not any(Desk(office.socket).ask("pending", ids=[])[kind] for kind in ("jobs_waiting", "jobs_running")), 600)
    note("what they queued was done %.1f s later", time.monotonic() - started)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    tap, folder, office, total = Tap(), tempfile.mkdtemp(prefix="placet-load."), None, COUNT + TOO_SOON + LEFT
    os.chmod(folder, 0o755)  # placet-serve becomes nobody where root starts it
    try:
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="placet-load.", dir=MEMORY) as memory:  # taking them in is not what is measured
            make_site(os.path.join(memory, "site"), total)
            shutil.copytree(os.path.join(memory, "site"), os.path.join(folder, "site"))
        note("%d reviews were taken in and approved in %.1f s", total, time.monotonic() - started)
        office = Office(os.path.join(folder, "site"), os.path.join(folder, "office.log"))
        play(tap, office, total)
        office.close()
        tap.check("the office ends well", office.process.returncode == 0, office.read()[-2000:])
    except Exception:
        tap.check("the scenario comes to its end", False, traceback.format_exc())
    finally:
        if office:
            office.close()
        shutil.rmtree(folder, ignore_errors=True)
    print("1..%d" % tap.count)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
