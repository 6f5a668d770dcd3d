"""What stands around a play: a temporary folder, the real programs, and what they answer by exit status, files and HTTP."""
import collections
import glob
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

from drops import TOP, Drop

BIN = os.environ.get("PLACET_BIN", os.path.join(TOP, "build/release/bin"))
DEADLINE = 30.0
COMMAND_TIMEOUT = 120


class Wrong(Exception):
    """Something was found that was not expected; wait tries again after it."""


class Said:
    """What a program said: exit status, output, errors; or an HTTP answer."""

    def __init__(self, what, status, out, err="", headers=None):
        self.what, self.status, self.out, self.err, self.headers = what, status, out, err, headers or {}

    def __str__(self):
        return "%s\n  → %s\n%s" % (self.what, self.status, "\n".join("  | " + line[:600] for line in (self.out + self.err).splitlines()[-25:]))


class Service:
    """An office or a server: started, listened to, ended."""

    def __init__(self, world, command):
        self.log = os.path.join(world.folder, "%s-%d.log" % (os.path.basename(command[0]), len(world.services)))
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=world.environment,
                                            start_new_session=True)

    def read(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def address(self):
        found = re.findall(r"http://([0-9.]+):([0-9]+)", self.read())
        if not found:
            raise Wrong("no address in its output:\n" + self.read())
        return found[-1][0], int(found[-1][1])

    def end(self, by):
        if self.process.poll() is None:
            self.process.send_signal(by)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            raise Wrong("process %d is still there 20 s after %s" % (self.process.pid, by.name)) from None

    def clear(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


class World:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="placet-play.")
        os.chmod(self.folder, 0o755)  # placet-serve becomes nobody where root starts it
        self.site = os.path.join(self.folder, "site")
        self.made = os.path.join(self.folder, "made")
        os.mkdir(self.made)
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("PLACET_")}
        self.environment.update(LC_ALL="C.UTF-8", TMPDIR=self.folder)
        self.services, self.office, self.server = [], None, None
        self.mounted = False
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.drops, self.known, self.connection = {}, {}, None
        self.said = collections.deque(maxlen=4)

    def close(self):
        for service in self.services:
            service.clear()
        if self.connection:
            self.connection.close()
        left = self.processes()
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if self.mounted:
            subprocess.run(["umount", "--lazy", self.site], check=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def processes(self):
        """Processes of ours: those that have our folder in their command line or environment."""
        found, mark = [], self.folder.encode()
        for entry in glob.glob("/proc/[0-9]*"):
            try:
                with open(entry + "/environ", "rb") as file:
                    if mark in file.read():
                        found.append(int(os.path.basename(entry)))
            except OSError:
                continue
        return found

    # Programs

    def run(self, command, stdin=b"", timeout=COMMAND_TIMEOUT, cwd=None):
        try:
            done = subprocess.run(command, input=stdin, capture_output=True, timeout=timeout, env=self.environment, cwd=cwd or self.folder,
                                  check=False, start_new_session=True)
        except subprocess.TimeoutExpired as late:
            raise Wrong("no end after %d s: %s\n%s" % (timeout, " ".join(command), late.stderr)) from None
        said = Said(" ".join(command), done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
        self.said.append(said)
        return said

    def placet(self, *words, **how):
        return self.run([os.path.join(BIN, "placet"), *words], **how)

    def json(self, *words):
        said = self.placet(*words)
        if said.status != 0:
            raise Wrong("exit status %d" % said.status)
        return json.loads(said.out)

    def start(self, *command):
        service = Service(self, list(command))
        self.services.append(service)
        return service

    # Drops

    def make(self, name, options):
        self.drops[name] = Drop(name, options)
        return self.drops[name].make(self.made)

    def items(self, name):
        """{kind: [our ids]} of a drop's newest revision and those before."""
        answer = self.json("show", self.site, self.drops[name].id, "--json")
        found = {"photo": [], "review": [], "submission": []}
        for item in answer["items"]:
            found[item["kind"]].append(item["item"])
            if item["submission"] not in found["submission"]:
                found["submission"].append(item["submission"])
        return found

    def of_drop(self, folder, name, ending):
        """The newest file about a drop in rejected/DATE or done/DATE; a second one of a name has a number."""
        found = glob.glob(os.path.join(self.site, folder, "*", glob.escape(name) + "*" + ending))
        if not found:
            raise Wrong("nothing called %s*%s in %s/ (there: %s)" % (name, ending, folder, self.tree(folder)))
        return max(found, key=os.path.getmtime)

    def tree(self, folder="."):
        top = os.path.join(self.site, folder)
        found = [os.path.relpath(os.path.join(at, name), top) for at, _, names in os.walk(top) for name in names]
        return " ".join(sorted(found)[:60]) or "nothing"

    # HTTP

    def address(self):
        for service in (self.server, self.office):
            if service:
                return service.address()
        raise Wrong("neither an office nor a server has been started")

    def get(self, url, method="GET", headers=None, keep=False, body=None):
        """The answer as Said; keep: on one connection that stays open."""
        host, port = self.address()
        if keep and self.connection:
            connection = self.connection
        else:
            connection = http.client.HTTPConnection(host, port, timeout=20)
        try:
            connection.request(method, urllib.parse.quote(url, safe="/:?&=%.,-_~"), body, headers or {})
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as fault:
            connection.close()
            if keep:
                self.connection = None
            raise Wrong("%s: %s" % (url, fault)) from None
        if keep:
            self.connection = connection
        else:
            connection.close()
        said = Said("%s %s %s" % (method, url, headers or ""), answer.status, body.decode("utf-8", "replace"),
                    headers={key.lower(): value for key, value in answer.getheaders()})
        said.body = body
        self.said.append(said)
        return said

    def media_urls(self, name):
        """Every /m address that answers about a drop's product name now, in any country's and channel's list."""
        product, found = urllib.parse.quote(self.drops[name].product), set()
        for territory in ("", "?territory=DE", "?territory=US"):
            for kind in ("media", "reviews"):
                found |= set(re.findall(r'"(/m/[^"]+)"', self.get("/v1/products/%s/%s%s" % (product, kind, territory)).out))
        return sorted(found)

    def asset_hashes(self):
        """{SHA-256: path} of every file that the public or a puller could be handed."""
        found = {}
        for folder in ("public", "creatives"):
            for path in glob.glob(os.path.join(self.site, folder, "**"), recursive=True):
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        found[hashlib.sha256(file.read()).hexdigest()] = path
        return found


def until(try_it, seconds=DEADLINE):
    """Tries until nothing is Wrong any more; the last fault when time is over."""
    end, pause = time.monotonic() + seconds, 0.02
    while True:
        try:
            return try_it()
        except Wrong:
            if time.monotonic() > end:
                raise
        time.sleep(pause)
        pause = min(pause * 1.5, 0.3)
